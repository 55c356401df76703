"""Who does what across the departments of a place: the matrix, gaps, overlaps, the fallback basis (A7)."""

from __future__ import annotations

import pytest

from cast import Cast
from huanze.base import clock
from huanze.duties.gaps import Listed, Other, findings
from huanze.duties.selectors.duty_map import duty_map
from huanze.duties.services import lists
from huanze.duties.services.lists import Other as Unit
from huanze.duties.subjects import OTHER, classify
from listed import DAY, adopt, drafted, in_force

pytestmark = pytest.mark.row("A7")
HOUSING, WATER, FARMING = 1, 2, 3


def listed(pk: int, organisation: int, text: str, relation: str = "lead", *others: Other) -> Listed:
    return Listed(pk, organisation, text, relation, others)


def said(*items: Listed) -> list[tuple[str, str, list[int]]]:
    return [(f.kind, f.matter, [i.pk for i in f.items]) for f in findings(items)]


def test_a_matter_that_is_only_assisted_is_a_gap_and_names_who_should_lead() -> None:
    item = listed(1, HOUSING, "配合建设信用体系", "assist", Other(None, "生态环境部门", "lead"))
    (found,) = findings([item, listed(2, WATER, "河道清淤保洁")])
    assert (found.kind, found.matter, [o.name for o in found.named]) == ("no_lead", "配合建设信用体系", ["生态环境部门"])


@pytest.mark.parametrize("relation", ["lead", "joint_lead"])
def test_it_is_none_where_another_department_lists_it_with_a_lead(relation: str) -> None:
    assert said(listed(1, HOUSING, "配合回收农药包装废弃物", "assist"), listed(2, FARMING, "牵头回收农药包装废弃物", relation)) == []
    assert said(listed(1, HOUSING, "配合回收农药包装废弃物", "join"), listed(2, FARMING, "参与回收农药包装废弃物", "join")) == [
        ("no_lead", "配合回收农药包装废弃物", [1]), ("no_lead", "参与回收农药包装废弃物", [2]),
    ]  # fmt: skip


def test_the_lead_named_in_the_assisting_item_is_no_part_of_the_matter() -> None:
    helped = listed(1, WATER, "配合区住房和城乡建设局推进黑臭水体整治", "assist", Other(HOUSING, "区住房和城乡建设局", "lead"))
    assert said(helped, listed(2, HOUSING, "牵头城镇黑臭水体整治")) == []
    assert said(helped) == [("no_lead", "配合区住房和城乡建设局推进黑臭水体整治", [1])]


def test_a_part_that_is_only_joined_counts_by_itself() -> None:
    part = listed(1, HOUSING, "监管工地扬尘", "lead", Other(HOUSING, "", "join", "拟订工业治污政策"))
    assert said(part) == [("no_lead", "拟订工业治污政策", [1])]
    assert said(part, listed(2, WATER, "拟订工业治污政策和规划")) == []
    led = listed(2, WATER, "油品监管", "lead", Other(WATER, "", "lead", "拟订工业治污政策"))
    assert said(part, led) == []


def test_near_identical_items_of_two_departments_are_two_leads() -> None:
    assert said(listed(1, HOUSING, "负责城市黑臭水体整治"), listed(2, WATER, "牵头城市黑臭水体整治")) == [("two_leads", "负责城市黑臭水体整治", [1, 2])]


def test_a_shared_lead_and_an_assisting_department_are_no_overlap() -> None:
    shared = listed(1, HOUSING, "城市黑臭水体整治", "joint_lead", Other(WATER, "水务部门", "joint_lead"))
    assert said(shared, listed(2, WATER, "城市黑臭水体整治", "joint_lead")) == []
    assert said(shared, listed(2, WATER, "城市黑臭水体整治")) == []
    assert said(listed(1, HOUSING, "城市黑臭水体整治"), listed(2, WATER, "城市黑臭水体整治", "assist")) == []


def test_an_item_listed_twice_by_one_department_is_told() -> None:

    assert said(listed(1, HOUSING, "监管餐饮油烟"), listed(2, HOUSING, "监管餐饮油烟")) == [("repeated", "监管餐饮油烟", [1, 2])]


def test_topics_are_read_from_the_text() -> None:
    assert classify("监管危险废物转移") == ["固废"]
    assert classify("职责内交通扬尘和噪声污染防治") == ["大气", "噪声", "交通"]
    assert classify("其他有关事项") == [OTHER]


@pytest.mark.django_db
def test_the_map_lays_out_the_lists_in_force(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with clock.at(DAY):
        in_force(cast, "housing", "监管餐饮油烟", "城市黑臭水体整治")
        in_force(cast, "water", "城市黑臭水体整治", units=[Unit("assist", cast.farming)])
        drafted(cast, "farming", "畜禽养殖污染防治")
        with django_assert_num_queries(6):
            made = duty_map(cast.district)
    assert [u.short_name for u in made.departments] == ["住建局", "水务局"]
    assert [u.short_name for u in made.unlisted] == ["农业农村局"]
    assert [(line.topic, line.total, line.led, [[(label, n) for _, label, n in cell.labels] for cell in line.cells]) for line in made.lines] == [
        ("大气", 1, True, [[("牵头", 1)], []]), ("水", 2, True, [[("牵头", 1)], [("牵头", 1)]]), ("住建城管", 3, True, [[("牵头", 2)], [("牵头", 1)]]),
    ]  # fmt: skip
    (overlap,) = made.of_kind("two_leads")
    assert {i.version.item_list.organisation for i in overlap.items} == {cast.housing, cast.water}
    assert [i.text for i in made.cell_items("水", cast.water.pk)] == ["城市黑臭水体整治"]
    assert len(made.cell_items("水", None)) == 2
    assert made.fallback is None


@pytest.mark.django_db
def test_a_lead_who_is_named_but_has_no_list_is_told_apart(cast: Cast) -> None:
    with clock.at(DAY):
        in_force(cast, "housing", "配合治理农业面源污染", relation="assist", units=[Unit("lead", cast.farming, "农业农村部门")])
        (gap,) = duty_map(cast.district).of_kind("no_lead")
        assert [(n.name, n.listed) for n in gap.named] == [("农业农村部门", False)]
        in_force(cast, "farming", "监管种子质量")
        (gap,) = duty_map(cast.district).of_kind("no_lead")
        assert [(n.name, n.listed) for n in gap.named] == [("农业农村部门", True)]


@pytest.mark.django_db
def test_the_fallback_basis_is_that_of_the_rules_in_force(cast: Cast) -> None:
    adopt(cast, "jx")
    with clock.at(DAY):
        fallback = duty_map(cast.district).fallback
    assert fallback is not None
    assert (fallback.clause, fallback.documents) == ("JX-A/0", ("赣办发〔2019〕17号",))


@pytest.mark.django_db
def test_a_version_that_is_not_in_force_yet_is_not_on_the_map(cast: Cast) -> None:
    with clock.at(DAY):
        in_force(cast, "housing", "监管餐饮油烟")
        lists.start(organisation=cast.housing, acting_user=cast.lead_liaison)
        assert len(duty_map(cast.district).items) == 1
