"""What a document's words mean in a place: by its units' names, or by what a person there said."""

from __future__ import annotations

import pytest

from cast import Cast
from huanze.audit.models import Entry
from huanze.orgs.models import Organisation
from huanze.policies.models import Naming
from huanze.policies.selectors.naming import guess_kind, who
from huanze.policies.services.naming import name_unit, withdraw
from huanze.rules.verdicts import Refusal

pytestmark = pytest.mark.django_db


def names(found: dict[str, list[Organisation]]) -> dict[str, list[str]]:
    return {name: [unit.short_name for unit in units] for name, units in found.items()}


def test_names_of_units_are_known_without_anyone_saying(cast: Cast) -> None:
    asked = ["区整改工作领导小组办公室", "区住建局", "住房和城乡建设局", "农业农村部门", "区委、区政府", "同级人大", "禾丰镇人民政府", "青禾园区服务中心"]
    assert names(who(cast.district, asked)) == {
        "区整改工作领导小组办公室": ["整改办"], "区住建局": ["住建局"], "住房和城乡建设局": ["住建局"], "农业农村部门": ["农业农村局"],
        "区委、区政府": ["区委", "区政府"], "同级人大": ["人大"], "禾丰镇人民政府": ["禾丰镇"], "青禾园区服务中心": ["青禾园区"],
    }  # fmt: skip


def test_nobody_answers_to_groups_strangers_and_other_levels(cast: Cast) -> None:
    asked = ["各镇人民政府", "有关部门", "市住建局", "区教育局", "镇政府", "", "、", "（）"]
    assert names(who(cast.district, asked)) == {name: [] for name in asked}


def test_the_nearest_place_above_answers_for_a_town(cast: Cast) -> None:
    assert names(who(cast.town, ["区水务局", "水务局", "区政府", "同级政府"])) == {
        "区水务局": ["水务局"], "水务局": ["水务局"], "区政府": ["区政府"], "同级政府": ["禾丰镇"],
    }  # fmt: skip


def test_two_of_one_name_are_no_answer(cast: Cast) -> None:
    assert names(who(cast.city, ["区整改工作领导小组办公室", "青禾区水务局", "水务局"])) == {
        "区整改工作领导小组办公室": [], "青禾区水务局": ["水务局"], "水务局": ["水务局"],
    }  # fmt: skip


def test_a_unit_out_of_use_answers_no_more(cast: Cast) -> None:
    Organisation.objects.filter(pk=cast.water.pk).update(active=False)
    assert names(who(cast.district, ["水务局"])) == {"水务局": []}


def test_what_was_said_goes_before_the_name_and_the_nearest_goes_first(cast: Cast) -> None:
    Naming.objects.create(region=cast.city, name="水务局", organisation=cast.farming, decided_by=cast.office_head)
    assert names(who(cast.district, ["水务局"])) == {"水务局": ["农业农村局"]}
    Naming.objects.create(region=cast.district, name="水务局", organisation=cast.water, decided_by=cast.office_head)
    Naming.objects.create(region=cast.district, name="水务局", organisation=cast.housing, decided_by=cast.office_head)
    assert names(who(cast.district, ["水务局"])) == {"水务局": ["水务局", "住建局"]}
    assert names(who(cast.other_district, ["水务局"])) == {"水务局": ["农业农村局"]}


def test_all_of_a_kind_are_those_of_the_place_that_asks(cast: Cast) -> None:
    for kind, name in (("town", "各镇人民政府"), ("department", "区直有关部门"), ("park", "各园区"), ("government", "各县区政府")):
        Naming.objects.create(region=cast.city, name=name, kind=kind, decided_by=cast.office_head)
    asked = ["各镇人民政府", "区直有关部门", "各园区", "各县区政府"]
    assert names(who(cast.district, asked)) == {
        "各镇人民政府": ["禾丰镇", "柳湾镇"], "区直有关部门": ["住建局", "农业农村局", "水务局"], "各园区": ["青禾园区"], "各县区政府": [],
    }  # fmt: skip
    assert names(who(cast.city, asked))["各县区政府"] == ["区政府"]
    assert names(who(cast.town, asked))["各镇人民政府"] == ["禾丰镇"]


def test_any_number_of_names_takes_three_queries(cast: Cast, django_assert_max_num_queries: object) -> None:
    Naming.objects.create(region=cast.district, name="各镇人民政府", kind="town", decided_by=cast.office_head)
    asked = ["各镇人民政府", "区住建局", *(f"第{n}局" for n in range(200))]
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        assert len(who(cast.district, asked)["各镇人民政府"]) == 2


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("各镇人民政府", "town"), ("各街道办事处", "town"), ("各镇（街道）", "town"), ("有关镇街", "town"), ("青禾园区", "park"),
        ("区直有关单位", "department"), ("有关部门", "department"), ("各地各单位", None), ("审计部门", None), ("省直有关部门", "department"), ("各县（市、区）人民政府", "government"),
        ("各市党委", "party_committee"), ("区整改办", "commission_office"), ("区整改工作领导小组", "leading_group"), ("主体责任单位", None),
    ],
)  # fmt: skip
def test_a_kind_is_proposed_for_a_group(name: str, kind: str | None) -> None:
    assert guess_kind(name) == kind


def test_the_office_says_who_is_meant(cast: Cast) -> None:
    made = name_unit(region=cast.district, name=" 各镇人民政府 ", kind="town", acting_user=cast.clerk)
    assert isinstance(made, Naming)
    assert (made.name, made.decided_by) == ("各镇人民政府", cast.clerk)
    assert names(who(cast.district, ["各镇人民政府"])) == {"各镇人民政府": ["禾丰镇", "柳湾镇"]}
    said = Entry.objects.latest("seq")
    assert (said.action, said.hat) == ("policies.name_unit", "整改办经办人")
    assert isinstance(name_unit(region=cast.town, name="镇水务站", organisation=cast.town_gov, acting_user=cast.office_head), Naming)


@pytest.mark.parametrize("who_", ["town_head", "water_head", "mayor", "leader", "other_clerk", "system_admin"])
def test_others_do_not_say_who_is_meant(cast: Cast, who_: str) -> None:
    answer = name_unit(region=cast.district, name="各镇人民政府", kind="town", acting_user=getattr(cast, who_))
    assert isinstance(answer, Refusal)
    assert answer.code == "not_allowed"
    assert not Naming.objects.exists()


def test_a_naming_names_one_or_a_kind_of_this_place_once(cast: Cast) -> None:
    def said(**given: object) -> object:
        return name_unit(**{"region": cast.district, "name": "水利站", "acting_user": cast.clerk, **given})  # type: ignore[arg-type]

    for wrong in ({}, {"organisation": cast.water, "kind": "town"}, {"kind": "planet"}, {"organisation": cast.other_office}, {"name": " ", "kind": "town"}):
        assert isinstance(said(**wrong), Refusal), wrong
    assert isinstance(said(organisation=cast.water), Naming)
    assert said(organisation=cast.water).code == "nothing_new"  # type: ignore[attr-defined]


def test_a_naming_is_taken_back_by_the_office_once(cast: Cast) -> None:
    made = name_unit(region=cast.district, name="水利站", organisation=cast.water, acting_user=cast.clerk)
    assert isinstance(made, Naming)
    assert isinstance(withdraw(naming=made, acting_user=cast.water_head), Refusal)
    assert not isinstance(withdraw(naming=made, acting_user=cast.office_head), Refusal)
    assert names(who(cast.district, ["水利站"])) == {"水利站": []}
    assert isinstance(withdraw(naming=Naming(pk=999_999), acting_user=cast.office_head), Refusal)
