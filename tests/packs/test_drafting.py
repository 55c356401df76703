"""From facts to a draft pack: an invented regulation read and drafted whole, and single facts carried over."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanze import reader
from huanze.rules.packs import cases, checking, drafting, loader
from huanze.rules.packs.drafting.places import number_of
from huanze.rules.packs.schema import Pack

INVENTED = Path(__file__).parent / "invented"


def qingyuan() -> drafting.Draft:
    head, facts = drafting.of_reading(reader.read((INVENTED / "qingyuan.txt").read_bytes(), "qingyuan.txt").to_json())
    return drafting.draft(head=head, facts=facts, code="qy", level="county", parent="cn", version=dt.date(2026, 7, 1))


def clause(number: str, text: str = "", heading: str | None = None, start: int = 0) -> drafting.Found:
    return drafting.Found(kind="clause", clause=number, value={"id": number, "text": text, "heading": heading}, start=start, end=start + len(text))


def obligation(number: str, kind: str, value: Any, start: int = 0, **more: Any) -> drafting.Found:
    return drafting.Found(kind="obligation", clause=number, value={"kind": kind, "value": value, **more}, start=start, end=start + 1)


def made_of(*facts: drafting.Found) -> tuple[Pack, drafting.Draft]:
    made = drafting.draft(head=drafting.Head(title="青元区办法"), facts=facts, code="qy", level="county", parent=None, version=dt.date(2026, 7, 1))
    return loader.load_text(made.text), made


def test_the_invented_regulation_with_corrections_fits_and_its_cases_come_true() -> None:
    text = drafting.correct(qingyuan().text, (INVENTED / "corrections.yaml").read_text(encoding="utf-8"))
    pack = loader.load_text(text)
    assert checking.check(pack) == []
    assert list(cases.failures(pack, INVENTED / "cases")) == []


def test_what_the_text_says_is_carried_over_to_the_letter() -> None:
    pack = loader.load_text(qingyuan().text)
    duties = {d.key: d for d in pack.duties}
    report = duties["annual_report"]
    assert (report.value.due, report.report_to, report.publish, report.clause) == (("03-15",), ("区委", "区政府"), True, "QY-3")
    assert [(c.type, c.units) for c in report.copy_to] == [("抄报", ("市级主管部门",)), ("抄送", ("区治理工作专班办公室",))]
    assert (duties["special_inspection"].value.freq, duties["special_inspection"].value.min) == ("yearly", 2)
    assert duties["deadline"].value.on == dt.date(2027, 6, 30)
    clock = pack.clocks["acceptance"]
    assert (clock.n, clock.unit, clock.after, clock.clause) == (7, "workday", "application_received", "QY-7/1")
    assert (pack.clocks["publicity"].n, pack.clocks["publicity"].bound) == (5, "at_least")
    assert [(d.points, d.clause) for d in pack.deductions] == [(8, "QY-9/1"), (3, "QY-9/2")]
    assert [(t.effect, t.at, t.below) for t in pack.thresholds] == [("warning_letter", 12, 24), ("interview_head", 24, None)]
    assert pack.self_check is not None
    assert (pack.self_check.days, pack.self_check.kinds) == (("02-20", "05-20", "08-20", "11-20"), ("town", "department"))
    assert pack.dispatch is not None
    assert [f.label for f in pack.dispatch.main_fields] == ["人员到位", "资金到位", "存在困难"]
    assert [f.label for f in pack.dispatch.supervising_fields] == ["现场服务", "验收进度"]
    assert (pack.document.number, pack.document.note) == ("青环委〔2026〕9号", "施行日期：2026-07-01；有效期：3年")


def test_what_the_text_leaves_open_is_a_setting_and_said_in_a_note() -> None:
    made = qingyuan()
    pack = loader.load_text(made.text)
    assert pack.left_open["count_first_acceptance"].default is False
    assert pack.left_open["dispatch_cutoff"].clause == "QY-6/1"
    assert pack.left_open["lead_decider"].default == "区治理工作专班办公室"
    notes = {(n.clause, n.text) for n in made.notes}
    assert ("QY-4", "没有说牵头部门由谁决定，先写作区治理工作专班办公室，请由人确定 left_open.lead_decider") in notes
    assert any(clause == "QY-7" and "应当及时提出意见" in text for clause, text in notes)


def test_the_same_facts_give_the_same_text_and_no_sentence_of_the_document() -> None:
    assert qingyuan() == qingyuan()
    gists = [c.gist for c in loader.load_text(qingyuan().text).clauses.values()]
    document = (INVENTED / "qingyuan.txt").read_text(encoding="utf-8")
    assert not [g for g in gists if len(g) > 12 and g in document]


@pytest.mark.parametrize(
    ("sign", "number"),
    [("第十七条", 17), ("(十一)", 11), ("二十", 20), ("第一百零三条", 103), ("4", 4), ("③", 3), ("十", 10), ("第二百一十条", 210), ("百百", None), ("前言", None)],
)
def test_numbers_of_clauses(sign: str, number: int | None) -> None:
    assert number_of(sign) == number


def test_articles_count_bare_and_chapters_are_not_listed() -> None:
    pack, _ = made_of(clause("第一章", heading="总则"), clause("第一条", "甲。", "目的", 5), clause("第二条", heading="职责", start=10), clause("第二条/(一)", "乙；", "丙", 12))
    assert list(pack.clauses) == ["QY-1", "QY-2", "QY-2/1"]


def test_running_items_count_bare_beside_the_parts_they_run_through() -> None:
    pack, _ = made_of(clause("一", heading="总体要求"), clause("(一)", heading="甲"), clause("二", heading="任务"), clause("(二)", heading="乙"))
    assert list(pack.clauses) == ["QY-1", "QY-2"]


def test_parts_and_annexes_carry_their_parents() -> None:
    item = drafting.Found(kind="item", clause="附件/五/4", value={"dept": "水务局", "no": 4, "text": "会同住建局牵头整治黑臭水体，参与划定水源地。", "collaborators": [{"relation": "会同", "name": "住建局"}]})
    pack, _ = made_of(clause("二", heading="任务"), clause("二/(一)", heading="甲"), clause("附件/五", heading="水务局"), clause("附件/五/4"), item)
    assert set(pack.clauses) == {"QY-2", "QY-2/1", "QY-A", "QY-A/5", "QY-A/5/4"}
    (only,) = pack.items
    assert (only.relation, only.text_says, only.co_units, only.clause) == ("joint_lead", "会同牵头", ("住建局",), "QY-A/5/4")
    assert [(p.relation, p.what) for p in only.also] == [("join", "划定水源地")]


@pytest.mark.parametrize(
    ("text", "relation", "says"),
    [("配合有关部门管理。", "assist", "配合"), ("参与编制规划。", "join", "参与"), ("牵头治理扬尘。", "lead", "牵头"), ("治理扬尘。", "lead", ""), ("负责治理扬尘。", "lead", "负责")],
)
def test_the_verb_an_item_begins_with_is_its_relation(text: str, relation: str, says: str) -> None:
    pack, _ = made_of(clause("附件/一/1"), drafting.Found(kind="item", clause="附件/一/1", value={"dept": "水务局", "no": 1, "text": text}))
    assert (pack.items[0].relation, pack.items[0].text_says) == (relation, says)


def test_two_reports_of_one_clause_keep_their_own_copies() -> None:
    text = "各镇向区委报告;各部门向区政府报告,抄报市局。"
    recipient = drafting.Found(kind="recipient", clause="第一条", value={"type": "抄报", "units": ["市局"]}, start=18, end=20)
    first = obligation("第一条", "annual_report_deadline", {"freq": "annual", "due": "02-28"}, 3, report_to=["区委"], obliged=["各镇"])
    second = obligation("第一条", "annual_report_deadline", {"freq": "annual", "due": "02-28"}, 12, report_to=["区政府"], obliged=["各部门"])
    pack, _ = made_of(clause("第一条", text), first, second, recipient)
    assert [[c.units for c in d.copy_to] for d in pack.duties] == [[], [("市局",)]]
    assert [d.clause for d in pack.duties] == ["QY-1/1", "QY-1/2"]
    assert len({d.key for d in pack.duties}) == 2


@pytest.mark.parametrize(
    ("written", "bodies"),
    [
        ("本级党委和政府", ("本级党委", "本级政府")),
        ("住建、生态环境等部门", ("住建部门", "生态环境部门")),
        ("商务等有关部门", ("商务部门",)),
        ("省水利厅等部门", ("省水利厅等部门",)),
        ("有关部门", ("有关部门",)),
        ("区委", ("区委",)),
    ],
)
def test_one_name_for_several_bodies_is_written_out(written: str, bodies: tuple[str, ...]) -> None:
    pack, _ = made_of(clause("第一条", "每年报告。"), obligation("第一条", "annual_report", {"freq": "annual", "min": 1}, report_to=[written], obliged=["各部门"]))
    assert pack.duties[0].report_to == bodies


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("recurring", {"freq": "weekly", "min": 1}, "规则包没有“每周”这样的频次"),
        ("recurring", {"freq": "quarterly", "min": 1, "day": 25}, "没有说是哪个月"),
        ("relative_deadline", {"n": 3, "unit": "workday"}, "没有读出从何时起算"),
        ("relative_deadline", {"n": 3, "unit": "day", "start": "before"}, "提前量"),
        ("deadline", "尽快", "不是日期"),
        ("someday", {"freq": "monthly"}, "不属于规则包的任何一类期限"),
    ],
)
def test_what_cannot_be_carried_over_is_told_not_guessed(kind: str, value: Any, words: str) -> None:
    pack, made = made_of(clause("第一条", "甲。"), obligation("第一条", kind, value, obliged=["甲局"]))
    assert any(words in n.text and n.clause == "QY-1" for n in made.notes)
    assert pack.clocks == {}
    assert [d.value.due for d in pack.duties] in ([], [()])


def test_a_duty_of_nobody_is_told() -> None:
    pack, made = made_of(clause("第一条", "每季度召开会议。"), obligation("第一条", "recurring", {"freq": "quarterly", "min": 1}))
    assert pack.duties[0].obliged == ()
    assert any("没有读出由谁承担" in n.text for n in made.notes)


def test_what_is_only_reported_as_done_is_no_duty() -> None:
    pack, made = made_of(clause("第一条", "已每月调度。"), obligation("第一条", "recurring", {"freq": "monthly", "min": 1}, reported_practice=True))
    assert pack.duties == ()
    assert made.notes[0].text.startswith("文中说的是已经做过的事")


def test_a_day_of_each_month_becomes_twelve_days() -> None:
    pack, _ = made_of(clause("第一条", "每月25日前调度。"), obligation("第一条", "recurring", {"freq": "monthly", "min": 1, "day": 25}, obliged=["甲局"]))
    assert pack.duties[0].value.due[:2] == ("01-25", "02-25")
    assert len(pack.duties[0].value.due) == 12


def test_short_names_that_the_document_gives_are_written_out() -> None:
    alias = drafting.Found(kind="alias", clause="第一条", value={"name": "区治理工作专班办公室", "short": "区治理办"})
    pack, _ = made_of(clause("第一条", "每月报告。"), obligation("第一条", "recurring", {"freq": "monthly"}, obliged=["甲局"], report_to=["区治理办"]), alias)
    assert pack.duties[0].report_to == ("区治理工作专班办公室",)


def test_a_line_that_is_no_sum_of_points_is_told() -> None:
    threshold = drafting.Found(kind="threshold", clause="第一条", value={"metric": "优良天数比例", "op": ">=", "value": 85, "effect": "奖励"})
    pack, made = made_of(clause("第一条", "甲。"), threshold)
    assert pack.thresholds == ()
    assert any("不是累计扣分的分值线" in n.text for n in made.notes)


def test_a_document_without_clauses_or_title_says_so_and_is_not_fit() -> None:
    made = drafting.draft(head=drafting.Head(title=""), facts=(), code="qy", level="county", parent=None, version=dt.date(2026, 7, 1))
    assert [n.text for n in made.notes] == ["没有读出标题，请写明 title 和 document.title", "没有读出条款，规则包至少要有一条 clauses"]


@given(st.text(alphabet="第一二三条章(（1）)附件、，。；每年季度月日前报告扣分以上向公开党委和政府【】:“”清单\n", max_size=300))
def test_any_reading_gives_a_draft(words: str) -> None:
    head, facts = drafting.of_reading(reader.read(f"青元区办法\n第一条 甲。\n{words}".encode(), "a.txt").to_json())
    made = drafting.draft(head=head, facts=facts, code="qy", level="county", parent="cn", version=dt.date(2026, 7, 1))
    loader.load_text(made.text)


def responsible(number: str, units: dict[str, str], start: int, end: int, segment: int = 1) -> drafting.Found:
    listed = [{"name": name, "role": role} for name, role in units.items()]
    return drafting.Found(kind="responsibility", clause=number, value={"units": listed, "segment": segment, "open_list": False}, start=start, end=end)


def test_a_duty_of_nobody_falls_to_those_in_the_bracket_of_its_sentence() -> None:
    text = "2027年6月底前,完成清淤。(甲局牵头,乙局配合)每月巡查。"
    facts = [
        clause("一/1", text),
        obligation("一/1", "deadline", "2027-06-30", 0),
        responsible("一/1", {"甲局": "牵头", "乙局": "配合"}, 14, 25),
        obligation("一/1", "recurring", {"freq": "monthly", "min": 1}, 26),
    ]
    pack, made = made_of(*facts)
    assert [d.obliged for d in pack.duties] == [("甲局",), ()]
    assert any("取自本条所列的责任单位（甲局）" in n.text for n in made.notes)


def test_a_duty_of_nobody_falls_to_those_of_the_clause_above() -> None:
    facts = [clause("一", "问题。责任单位:甲县。", start=0), responsible("一", {"甲县": "负责"}, 3, 10, 0), clause("一/1", "每月巡查。", start=20), obligation("一/1", "recurring", {"freq": "monthly", "min": 1}, 20)]
    pack, _ = made_of(*facts)
    assert pack.duties[0].obliged == ("甲县",)


def test_what_is_due_by_a_day_is_named_by_its_phrase() -> None:
    fact = drafting.Found(kind="obligation", clause="一/1", value={"kind": "deadline", "value": "2027-06-30", "obliged": ["甲局"]}, start=0, end=10)
    pack, _ = made_of(clause("一/1", "2027年6月30日前,完成白鹭河沿岸清淤,达到水质目标。"), fact)
    assert pack.duties[0].what == "完成白鹭河沿岸清淤"


def test_a_committee_and_who_founds_it() -> None:
    pack, _ = made_of(clause("第一条", "牵头单位可以提请设立专业委员会,由区治理工作专班批准。"))
    assert [(s.step, s.by) for s in pack.approval_chains["committee"]] == [("request", "牵头单位"), ("approve", "区治理工作专班")]
    assert (pack.committees[0].asked_by, pack.committees[0].approved_by) == (("牵头单位",), "区治理工作专班")


def test_who_decides_where_no_one_leads() -> None:
    pack, _ = made_of(clause("第一条", "没有牵头单位的事项,由区专班办征求有关单位意见后提出建议,报区政府决定,并在本单位网站公开。"))
    assert [(s.step, s.by) for s in pack.approval_chains["lead_decision"]] == [
        ("coordinate", "区专班办"), ("consult", "有关单位"), ("opinion", "区专班办"), ("decide", "区政府"), ("publish", "所定的牵头部门"),
    ]  # fmt: skip


def test_over_a_place_s_pack_the_duties_keep_keys_of_their_own() -> None:
    facts = [clause("第一条", "每年报告履职情况。"), obligation("第一条", "annual_report_deadline", {"freq": "annual", "due": "05-31"}, obliged=["区直部门"], report_to=["区委"])]
    made = drafting.draft(head=drafting.Head(title="办法"), facts=facts, code="qy", level="county", parent="sd", version=dt.date(2026, 7, 1))
    duties = {d.key: d for d in loader.load_text(made.text).duties}
    assert duties["annual_report"].value.due == ("04-30",)
    assert (duties["qy_annual_report"].value.due, duties["qy_annual_report"].report_to) == (("05-31",), ("区委",))


def test_a_notice_that_names_its_days_gives_a_clock() -> None:
    notice = drafting.Found(kind="publicity", clause="", value={"start": None, "end": None, "stated_working_days": 7}, start=12, end=20)
    pack, made = made_of(clause("一", "整改情况。", start=0), clause("二", "公示期为七个工作日。", start=10), notice)
    assert (pack.clocks["publicity"].n, pack.clocks["publicity"].unit, pack.clocks["publicity"].clause) == (7, "workday", "QY-2")
    assert any("lifecycle.stages" in n.text for n in made.notes)


def test_weeks_are_days() -> None:
    pack, _ = made_of(clause("一", "两周内答复。"), obligation("一", "relative_deadline", {"n": 2, "unit": "week", "start": "收到举报"}))
    assert (pack.clocks["reply"].n, pack.clocks["reply"].unit, pack.clocks["reply"].after) == (14, "day", "complaint_received")
