"""Making a department's list: drafts, items, and that what was published never changes (A1)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from acts import ok, refused
from cast import Cast
from huanze.audit.models import Entry
from huanze.base import clock
from huanze.duties.models import Item, ItemUnit, ListVersion
from huanze.duties.selectors import lists as read
from huanze.duties.selectors.scope import sight, visible_version
from huanze.duties.services import chain, lists
from huanze.duties.services.lists import Other
from huanze.policies import selectors as policies
from huanze.policies.models import Adoption
from listed import DAY, adopt, drafted, in_force, means, signed, through, wording

pytestmark = [pytest.mark.django_db, pytest.mark.row("A1")]


@pytest.fixture(autouse=True)
def _on_a_day():
    with clock.at(DAY):
        yield


def texts(version: ListVersion) -> list[tuple[int, str]]:
    return list(version.items.order_by("no").values_list("no", "text"))


def test_a_draft_is_written_item_by_item_and_each_names_its_basis(cast: Cast) -> None:
    version = drafted(cast, "housing", "监管城镇污水处理设施运行")
    units = [Other("joint_lead", cast.water, "水务部门"), Other("join", cast.housing, what="制定补偿政策")]
    item = ok(lists.add_item(version=version, wording=wording("会同整治黑臭水体", relation="joint_lead", units=units), acting_user=cast.lead_liaison))
    assert (item.no, item.relation, item.basis, item.clause) == (2, "joint_lead", "青禾区部门责任清单", "第三条")
    assert list(item.units.values_list("organisation__short_name", "name", "relation", "what")) == [
        ("水务局", "水务部门", "joint_lead", ""), ("住建局", "", "join", "制定补偿政策"),
    ]  # fmt: skip
    assert item.fields == ["水"]
    assert Entry.objects.filter(action="lists.add_item", actor="lead_liaison").count() == 1


@pytest.mark.parametrize(("over", "field"), [({"basis": " "}, "basis"), ({"clause": ""}, "clause"), ({"text": ""}, "text"), ({"relation": "主办"}, "relation")])
def test_an_item_without_basis_clause_text_or_relation_is_refused(cast: Cast, over: dict[str, str], field: str) -> None:
    version = drafted(cast)
    answer = lists.add_item(version=version, wording=wording(**{"text": "排水许可", **over}), acting_user=cast.lead_liaison)
    assert field in refused(answer, "inputs").fields
    assert len(texts(version)) == 1


def test_a_text_of_500_characters_fits_and_one_more_does_not(cast: Cast) -> None:
    version = drafted(cast)
    ok(lists.add_item(version=version, wording=wording("污" * 500), acting_user=cast.lead_liaison))
    refused(lists.add_item(version=version, wording=wording("污" * 501), acting_user=cast.lead_liaison), "inputs", "最多500个字")


def test_items_are_changed_removed_and_moved_with_numbers_that_close_up(cast: Cast) -> None:
    version = drafted(cast, "housing", "甲", "乙", "丙", "丁")
    first, second, *_ = version.items.order_by("no")
    lineage = first.lineage
    ok(lists.change_item(item=first, wording=wording("甲改"), acting_user=cast.lead_liaison))
    ok(lists.remove_item(item=second, acting_user=cast.lead_liaison))
    ok(lists.move_item(item=first, to=3, acting_user=cast.lead_liaison))
    assert texts(version) == [(1, "丙"), (2, "丁"), (3, "甲改")]
    assert Item.objects.get(pk=first.pk).lineage == lineage
    refused(lists.move_item(item=first, to=4, acting_user=cast.lead_liaison), "inputs", "1至3")
    refused(lists.move_item(item=first, to=0, acting_user=cast.lead_liaison), "inputs")
    refused(lists.change_item(item=second, wording=wording("乙"), acting_user=cast.lead_liaison), "not_found")


def test_only_people_of_the_department_write_its_list(cast: Cast) -> None:
    version = drafted(cast)
    item = version.items.get()
    for user in (cast.clerk, cast.second_head, cast.mayor, cast.town_head):
        refused(lists.start(organisation=cast.housing, acting_user=user), "wrong_actor")
        refused(lists.add_item(version=version, wording=wording(), acting_user=user), "wrong_actor", "住建局")
        refused(lists.change_item(item=item, wording=wording(), acting_user=user), "wrong_actor")
        refused(lists.remove_item(item=item, acting_user=user), "wrong_actor")
        refused(lists.move_item(item=item, to=1, acting_user=user), "wrong_actor")
        refused(lists.withdraw(version=version, reason="不办了", acting_user=user), "wrong_actor")
    assert texts(version) == [(1, "监管城镇污水处理设施运行")]


def test_one_version_is_in_the_making_at_a_time_and_a_withdrawn_one_stays_on_record(cast: Cast) -> None:
    version = drafted(cast)
    refused(lists.start(organisation=cast.housing, acting_user=cast.lead_liaison), "already", "第1版")
    refused(lists.withdraw(version=version, reason=" ", acting_user=cast.lead_head), "inputs")
    ok(lists.withdraw(version=version, reason="机构改革", acting_user=cast.lead_head))
    again = ok(lists.start(organisation=cast.housing, acting_user=cast.lead_liaison, from_pack=False))
    assert again.number == 2
    assert list(ListVersion.objects.order_by("number").values_list("number", "state", "reason")) == [(1, "withdrawn", "机构改革"), (2, "draft", "")]


def test_no_list_without_rules_or_for_a_town(cast: Cast) -> None:
    refused(lists.start(organisation=cast.town_gov, acting_user=cast.town_head), "wrong_state", "不是")
    Adoption.objects.all().delete()
    refused(lists.start(organisation=cast.housing, acting_user=cast.lead_head), "no_rule", "还没有施行任何规则")


def test_the_first_draft_offers_what_the_document_lists_for_this_department(cast: Cast) -> None:
    adopted = adopt(cast, "jx")
    means(cast, "省住房城乡建设厅", cast.housing)
    means(cast, "生态环境部门", cast.office)
    version = ok(lists.start(organisation=cast.housing, acting_user=cast.lead_liaison))
    items = read.items_of(version)
    assert len(items) == 8
    fifth = items[4]
    assert (fifth.relation, fifth.clause, fifth.text_says) == ("joint_lead", "JX-A/6/5", "会同牵头")
    assert [(u.name, u.organisation, u.relation) for u in fifth.units.all()] == [("省生态环境厅", None, "joint_lead")]
    oil = {u.name: u for u in items[5].units.all()}
    assert oil["生态环境部门"].organisation == cast.office
    assert oil["商务部门"].organisation is None
    assert {u.relation for u in oil.values()} == {"assist"}
    document = policies.pack(adopted.pack).document
    assert items[0].basis == f"{document.title}（{document.number}）"


def test_an_assisting_department_is_told_who_leads_and_a_part_keeps_its_own_relation(cast: Cast) -> None:
    adopt(cast, "jx")
    means(cast, "省商务厅", cast.farming)
    version = ok(lists.start(organisation=cast.farming, acting_user=cast.second_liaison))
    second = read.items_of(version)[1]
    assert second.relation == "assist"
    assert [(u.name, u.organisation, u.relation, u.what) for u in second.units.all()] == [
        ("有关部门和单位", None, "lead", ""), ("", cast.farming, "lead", "报废汽车拆解行业管理和再生资源回收体系"),
    ]  # fmt: skip


def test_a_department_the_document_does_not_list_begins_with_an_empty_draft(cast: Cast) -> None:
    adopt(cast, "jx")
    assert texts(ok(lists.start(organisation=cast.housing, acting_user=cast.lead_liaison))) == []


def test_a_new_version_copies_the_one_in_force_with_each_items_lineage(cast: Cast) -> None:
    first = in_force(cast, "housing", "甲", "乙")
    second = ok(lists.start(organisation=cast.housing, acting_user=cast.lead_liaison, reason="上级清单调整"))
    assert (second.number, second.based_on_id, second.reason) == (2, first.pk, "上级清单调整")
    assert list(second.items.values_list("lineage", "text")) == list(first.items.values_list("lineage", "text"))
    ok(lists.change_item(item=second.items.first(), wording=wording("甲改"), acting_user=cast.lead_liaison))
    assert texts(first) == [(1, "甲"), (2, "乙")]


def test_a_published_version_is_refused_by_every_verb(cast: Cast) -> None:
    version = in_force(cast)
    item = version.items.get()
    for answer in (
        lists.add_item(version=version, wording=wording(), acting_user=cast.lead_head),
        lists.change_item(item=item, wording=wording(), acting_user=cast.lead_head),
        lists.remove_item(item=item, acting_user=cast.lead_head),
        lists.move_item(item=item, to=1, acting_user=cast.lead_head),
    ):
        refused(answer, "wrong_state", "已公开", "新的一版")
    refused(lists.withdraw(version=version, reason="撤", acting_user=cast.lead_head), "wrong_state")


@pytest.mark.parametrize("change", [
    lambda v, i: Item.objects.filter(pk=i.pk).update(text="改"),
    lambda v, i: i.delete(),
    lambda v, i: Item.objects.create(version=v, no=9, text="添", relation="lead", basis="甲", clause="乙"),
    lambda v, i: ItemUnit.objects.create(item=i, name="添", relation="assist"),
    lambda v, i: ItemUnit.objects.filter(item=i).update(relation="lead"),
    lambda v, i: ItemUnit.objects.filter(item=i).delete(),
    lambda v, i: ListVersion.objects.filter(pk=v.pk).update(from_day=date(2024, 1, 1)),
    lambda v, i: ListVersion.objects.filter(pk=v.pk).update(state="draft"),
    lambda v, i: ListVersion.objects.get(pk=v.pk).delete(),
])  # fmt: skip
def test_the_database_itself_refuses_to_change_what_was_published(cast: Cast, change) -> None:  # type: ignore[no-untyped-def]
    version = in_force(cast, "housing", "甲", units=[Other("assist", cast.water)])
    with pytest.raises(IntegrityError), transaction.atomic():
        change(version, version.items.get())
    assert version.items.get().text == "甲"


def test_the_end_of_a_version_is_written_once(cast: Cast) -> None:
    version = in_force(cast)
    ListVersion.objects.filter(pk=version.pk).update(until_day=date(2025, 12, 31))
    with pytest.raises(IntegrityError), transaction.atomic():
        ListVersion.objects.filter(pk=version.pk).update(until_day=date(2026, 12, 31))


def test_two_versions_are_compared_item_by_item(cast: Cast) -> None:
    first = in_force(cast, "housing", "监管工地扬尘", "监管排水许可", "指导绿色建筑", "指导园林绿化")
    second = ok(lists.start(organisation=cast.housing, acting_user=cast.lead_liaison))
    dust, drain, green, _ = second.items.order_by("no")
    ok(lists.change_item(item=dust, wording=wording("监管工地和道路扬尘"), acting_user=cast.lead_liaison))
    ok(lists.change_item(item=green, wording=wording("指导绿色建筑", relation="joint_lead", units=[Other("joint_lead", cast.water)]), acting_user=cast.lead_liaison))
    ok(lists.remove_item(item=drain, acting_user=cast.lead_liaison))
    ok(lists.add_item(version=second, wording=wording("防治餐饮油烟"), acting_user=cast.lead_liaison))
    rows = read.compared(first, second)
    assert [(r.label, (r.after or r.before).text, r.differs_in) for r in rows] == [
        ("有变化", "监管工地和道路扬尘", ["事项文字"]),
        ("有变化", "指导绿色建筑", ["关系", "其他单位", "序号"]),
        ("仅序号变化", "指导园林绿化", ["序号"]),
        ("新增", "防治餐饮油烟", []),
        ("取消", "监管排水许可", []),
    ]
    assert [(p.kind, p.text) for p in rows[0].pieces] == [("same", "监管工地"), ("new", "和道路"), ("same", "扬尘")]
    assert [u.name for u in rows[1].units_new] == ["水务局"]


def test_published_lists_are_seen_by_the_whole_place_and_drafts_by_those_who_make_and_sign_them(cast: Cast) -> None:
    shown = in_force(cast)
    making = ok(lists.start(organisation=cast.housing, acting_user=cast.lead_liaison))

    def sees(user, version) -> bool:  # type: ignore[no-untyped-def]
        return visible_version(user, version.pk) is not None

    assert all(sees(user, shown) for user in (cast.lead_head, cast.water_liaison, cast.clerk, cast.town_liaison, cast.congress_leader))
    assert not sees(cast.other_clerk, shown)
    assert all(sees(user, making) for user in (cast.lead_liaison, cast.clerk, cast.mayor, cast.approver))
    assert not any(sees(user, making) for user in (cast.water_liaison, cast.town_liaison, cast.congress_leader, cast.other_clerk))
    assert not sees(cast.system_admin, shown)


def test_whoever_is_to_sign_sees_the_draft_whatever_kind_of_body_he_is_of(cast: Cast) -> None:
    adopt(cast, "jx")
    making = drafted(cast)
    assert visible_version(cast.water_head, making.pk) is None
    means(cast, "省环委会办公室", cast.water)
    assert visible_version(cast.water_head, making.pk) == making


def test_the_overview_of_a_place_costs_the_same_for_one_department_and_for_three(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    in_force(cast, "housing", "甲", "乙")
    seen = sight(cast.clerk, cast.district)
    with django_assert_num_queries(3):
        read.departments(cast.district, seen)
    in_force(cast, "water", "丙")
    ok(lists.start(organisation=cast.water, acting_user=cast.water_liaison))
    with django_assert_num_queries(3):
        rows = read.departments(cast.district, seen)
    assert [(r.organisation.short_name, r.in_force and r.in_force.number, r.making and r.making.number, r.items, r.open_errors, r.page_red) for r in rows] == [
        ("住建局", 1, None, 2, 2, True), ("农业农村局", None, None, 0, 0, False), ("水务局", 1, 2, 1, 1, True),
    ]  # fmt: skip


def test_a_version_from_a_later_day_is_not_in_force_before_it(cast: Cast) -> None:
    first = in_force(cast)
    second = through(cast, ok(lists.start(organisation=cast.housing, acting_user=cast.lead_liaison)), cast.lead_head, date(2025, 5, 1))
    first.refresh_from_db()
    assert first.until_day == date(2025, 4, 30)
    assert read.in_force(cast.housing, date(2025, 4, 30)) == first
    assert read.in_force(cast.housing, date(2025, 5, 1)) == second
    assert read.in_force(cast.housing) == first


def test_what_a_list_began_as_does_not_hang_on_later_rules(cast: Cast) -> None:
    version = drafted(cast)
    adopt(cast, "jx")
    signed(version, "draft", cast.lead_head)
    ok(chain.publish(version=version, from_day=DAY, opinion="公开", acting_user=cast.lead_head))


def test_who_signs_the_pinned_chain_still_sees_it_under_later_rules(cast: Cast) -> None:
    adopt(cast, "jx")
    means(cast, "省环委会办公室", cast.water)
    making = drafted(cast)
    adopt(cast, "sd", date(2025, 3, 1))
    assert visible_version(cast.water_head, making.pk) == making
    assert visible_version(cast.second_head, making.pk) is None
