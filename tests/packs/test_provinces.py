"""What three provinces ordered, as literal facts read in their documents."""

from __future__ import annotations

from collections import Counter

import pytest

from huanze.rules.packs import loader
from huanze.rules.packs.schema import Duty, Item

COUNTS = {
    "省发展改革委（省能源局）": 9,
    "省工业和信息化厅": 6,
    "省财政厅": 4,
    "省自然资源厅": 8,
    "省生态环境厅": 13,
    "省住房城乡建设厅": 8,
    "省交通运输厅": 11,
    "省水利厅": 6,
    "省农业农村厅": 6,
    "省商务厅": 4,
    "省林业局": 4,
    "省市场监管局": 5,
}


def duty(code: str, key: str) -> Duty:
    return next(d for d in loader.shipped_pack(code).duties if d.key == key)


def item(dept: str, no: int) -> Item:
    return next(i for i in loader.shipped_pack("jx").items if (i.dept, i.no) == (dept, no))


@pytest.mark.parametrize(("code", "measures"), [("sd", 14), ("jx", 22), ("hb", 20)])
def test_every_measure_is_listed_and_laid_over_the_national_opinion(code: str, measures: int) -> None:
    pack = loader.shipped_pack(code)
    prefix = f"{code.upper()}-"
    numbered = [c for c in pack.clauses if c.startswith(prefix) and c.removeprefix(prefix).isdecimal()]
    assert numbered == [f"{prefix}{n}" for n in range(1, measures + 1)]
    assert (pack.level, pack.parent) == ("province", "cn")
    assert "CN-4" in pack.clauses


@pytest.mark.parametrize(
    ("code", "due", "report_to", "copies"),
    [
        ("sd", "04-30", ("省委", "省政府"), [("抄送", ("国务院主管部门", "省级生态环境部门"))]),
        ("jx", "01-10", ("本级党委", "本级政府"), [("抄送", ("上级主管部门", "本级环委会"))]),
        ("hb", "01-31", ("省委", "省政府"), [("抄报", ("上级主管部门",)), ("抄送", ("省环委会办公室",))]),
    ],
)
def test_each_province_has_its_day_and_its_addressees(code: str, due: str, report_to: tuple[str, ...], copies: list[object]) -> None:
    report = duty(code, "annual_report")
    assert report.value.due == (due,)
    assert report.report_to == report_to
    assert [(c.type, c.units) for c in report.copy_to] == copies
    assert report.publish


def test_fifteen_departments_are_named_and_the_list_is_open() -> None:
    pack = loader.shipped_pack("sd")
    for clause in ("SD-6", "SD-7"):
        assert len(pack.clauses[clause].units) == 15
        assert pack.clauses[clause].open_list
    assert [u.name for u in pack.clauses["SD-7"].units] == list(duty("sd", "annual_report").obliged[:15])


def test_brackets_bind_what_stands_before_them() -> None:
    clauses = loader.shipped_pack("sd").clauses
    assert sum(bool(text.units) for c, text in clauses.items() if c.startswith("SD-")) == 21
    assert [(u.name, u.role) for u in clauses["SD-5/1"].units] == [("省生态环境厅", "lead"), ("各市", "responsible")]
    assert {u.role for u in clauses["SD-13/3"].units} == {"lead"}


def test_two_kinds_of_body_report_on_one_day_and_a_third_has_none() -> None:
    assert duty("hb", "city_report").value.due == ("01-31",)
    assert duty("hb", "city_report").copy_to == ()
    assert duty("hb", "local_report").value.due == ()
    named = loader.shipped_pack("hb").clauses["HB-11"]
    assert sum(u.role == "responsible" for u in named.units) == 14  # the cities, and thirteen departments
    assert named.open_list


def test_eighty_four_items_of_twelve_departments_in_order() -> None:
    items = loader.shipped_pack("jx").items
    assert len(items) == 84
    assert Counter(i.dept for i in items) == COUNTS
    assert list(dict.fromkeys(i.dept for i in items)) == list(COUNTS)
    expected = [f"JX-A/{d}/{n}" for d, count in enumerate(COUNTS.values(), 1) for n in range(1, count + 1)]
    assert [i.clause for i in items] == expected
    assert all(f"JX-A/{list(COUNTS).index(i.dept) + 1}/{i.no}" == i.clause for i in items)
    assert all(len(i.title) <= 40 for i in items)


def test_the_relation_is_what_the_item_says_not_what_the_list_is_called() -> None:
    items = loader.shipped_pack("jx").items
    assert Counter(i.relation for i in items) == {"lead": 79, "joint_lead": 2, "assist": 3}
    assert [i.clause for i in items if i.relation == "joint_lead"] == ["JX-A/1/9", "JX-A/6/5"]
    assert [i.clause for i in items if i.relation == "assist"] == ["JX-A/1/5", "JX-A/10/2", "JX-A/12/3"]
    assert [(i.clause, p.relation) for i in items for p in i.also] == [
        ("JX-A/2/1", "join"),
        ("JX-A/5/5", "join"),
        ("JX-A/10/2", "lead"),
        ("JX-A/12/4", "assist"),
    ]


def test_who_works_with_whom() -> None:
    assert item("省住房城乡建设厅", 5).co_units == ("省生态环境厅",)
    assert item("省住房城乡建设厅", 6).co_units == ("生态环境部门", "商务部门", "市场监管部门", "机关事务管理部门")
    assert item("省农业农村厅", 1).text_says == "牵头、会同"
    assert item("省生态环境厅", 7).co_units == ()


def test_what_is_not_listed_falls_back_on_an_older_document() -> None:
    fallback = loader.shipped_pack("jx").fallback
    assert fallback is not None
    assert fallback.documents == ("赣办发〔2019〕17号",)
    assert loader.shipped_pack("sd").fallback is None


def test_areas_cut_across_districts() -> None:
    areas = loader.shipped_pack("hb").areas
    assert Counter(a.kind for a in areas) == {"basin1": 3, "basin2": 1, "city_circle": 3, "air_channel": 1}
    assert [a.count for a in areas if a.kind == "basin2"] == [16]
    assert all(len(a.unified) == 4 for a in areas if a.kind == "city_circle")


def test_only_one_province_sets_up_committees_by_request() -> None:
    (committee,) = loader.shipped_pack("hb").committees
    assert (committee.approved_by, committee.pilot) == ("环委会", True)
    (standing,) = loader.shipped_pack("jx").committees
    assert (standing.asked_by, standing.pilot) == ((), False)


def test_clues_go_to_the_party_body_or_to_discipline() -> None:
    grounds = {g.key: g.transfer_to for g in loader.shipped_pack("jx").grounds}
    assert grounds["fraud"] == ("有关党组织",)
    assert grounds["suspected_offence"] == ("纪检监察机关", "有关部门")
    assert all(g.transfer_to == ("纪检监察机关", "组织（人事）部门") for g in loader.shipped_pack("sd").grounds)
