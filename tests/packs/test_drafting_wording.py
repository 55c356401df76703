"""What a text orders without a day: reminders, breaking down, the page of a list, what is left open; and whose keys it keeps."""

from __future__ import annotations

import datetime as dt

import pytest

from huanze import reader
from huanze.rules.packs import drafting, loader
from huanze.rules.packs.schema import Pack, Setting


def drafted(*articles: str, parent: str | None = None, over: Pack | None = None) -> tuple[drafting.Draft, Pack]:
    """The draft of a regulation with these articles, and the pack it makes."""
    signs = "一二三四五六七八九"
    text = "清禾区职责办法\n\n" + "\n\n".join(f"第{signs[i]}条 {a}" for i, a in enumerate(articles))
    head, facts = drafting.of_reading(reader.read(text.encode(), "办法.txt").to_json())
    made = drafting.draft(head=head, facts=facts, code="qh", level="county", parent=parent, version=dt.date(2026, 7, 1), over=over)
    return made, loader.load_text(made.text, (lambda _: over) if over else None)


def duties(pack: Pack) -> dict[str, tuple[tuple[str, ...], tuple[str, ...], str]]:
    return {d.key: (d.obliged, d.report_to, d.clause) for d in pack.duties}


@pytest.mark.parametrize(
    ("article", "obliged", "told"),
    [
        ("【提醒】配合单位推进不力的，牵头单位应当提醒；提醒后仍无改进的，报告区委、区政府。", ("牵头单位",), ("区委", "区政府")),
        ("事项的牵头部门应当抓总。对推进不力的其他配合部门，应当加强沟通和提醒，必要时向同级党委和政府报告。", ("事项的牵头部门",), ("同级党委", "同级政府")),
        ("配合部门推动不力的，牵头部门要及时提醒。", ("牵头部门",), ()),
    ],
)
def test_the_lead_reminds_and_reports(article: str, obliged: tuple[str, ...], told: tuple[str, ...]) -> None:
    _, pack = drafted(article)
    assert duties(pack) == {"remind": (obliged, told, "QH-1")}
    assert (pack.duties[0].kind, pack.duties[0].value.freq) == ("recurring", "irregular")


def test_who_is_only_asked_to_remember_something_is_no_reminder() -> None:
    _, pack = drafted("区水务局应当在河边设置提醒标志。")
    assert pack.duties == ()


def test_breaking_down_is_a_duty_and_a_form() -> None:
    _, pack = drafted("各单位把清单中的事项分解到科室和责任人。")
    assert duties(pack) == {"breakdown": (("各单位",), (), "QH-1")}
    assert [(f.key, f.kind) for f in pack.forms["breakdown"].fields] == [("unit", "org"), ("person", "person")]


def test_a_new_policy_document_names_the_lead() -> None:
    _, pack = drafted("各单位出台涉及环保的政策文件时，应当明确每件事的责任部门和牵头部门。")
    assert [f.key for f in pack.forms["policy_document"].fields] == ["document", "items", "responsible", "lead"]
    assert pack.forms["policy_document"].clause == "QH-1"


LIST = "区水务局、区农业农村局编制本单位具体事项清单，报区委审定后在本单位网站公开"


def test_the_page_of_a_changed_list_has_the_days_the_text_names() -> None:
    _, pack = drafted(f"{LIST}。清单调整的，应当自调整之日起10个工作日内更新公开页面。")
    clock = pack.clocks["list_update"]
    assert (clock.n, clock.unit, clock.after, clock.since, clock.clause) == (10, "workday", "list_changed", "清单调整", "QH-1/2")
    assert duties(pack) == {"item_list": (("区水务局", "区农业农村局"), (), "QH-1")}
    assert pack.duties[0].publish


def test_the_page_of_a_changed_list_is_left_open_where_the_text_only_says_soon() -> None:
    made, pack = drafted(f"{LIST}，并及时更新。")
    assert (pack.clocks["list_update"].n, pack.clocks["list_update"].after) == (Setting(setting="list_update_days"), "list_changed")
    term = pack.left_open["list_update_days"]
    assert (term.term, term.unit, term.default, term.max) == ("及时更新", "workday", 20, 60)
    assert [n.text for n in made.notes if "及时更新" in n.text] == ["“及时更新”没有定数，left_open.list_update_days 的20个工作日是本系统的默认值，请由本地确定"]


def test_soon_of_something_else_opens_no_clock() -> None:
    _, pack = drafted("区水务局应当及时更新监测设备。")
    assert pack.clocks == {}


def test_who_is_asked_for_a_view_has_the_term_the_text_names() -> None:
    _, pack = drafted("没有牵头单位的事项，由区专班办征求有关单位意见后提出建议，报区政府决定。被征求意见的单位应当在6个工作日内书面答复。")
    clock = pack.clocks["lead_view"]
    assert (clock.n, clock.unit, clock.after, clock.clause) == (6, "workday", "view_asked", "QH-1/2")


def test_who_studies_the_lead_stands_in_the_bracket_and_who_decides_is_left_open() -> None:
    made, pack = drafted("没有牵头单位的事项，应当研究明确牵头单位，并向社会公开。（区生态环境局牵头，各镇负责落实）出台文件时应当征求意见。（区司法局牵头）")
    assert [(s.step, s.by) for s in pack.approval_chains["lead_decision"]] == [
        ("study", "区生态环境局"), ("decide", Setting(setting="lead_decider")), ("publish", Setting(setting="lead_decider")),
    ]  # fmt: skip
    assert pack.left_open["lead_decider"].default == "区生态环境局"
    assert any("没有说牵头部门由谁决定" in n.text for n in made.notes)


def test_a_limit_from_an_event_nobody_listed_is_still_a_clock() -> None:
    made, pack = drafted("区水务局应当自闸门开启之日起3日内巡视下游。")
    clock = pack.clocks["limit"]
    assert (clock.n, clock.unit, clock.since, clock.after, clock.label) == (3, "day", "闸门开启", "limit_due_from", "巡视下游")
    assert any("是哪一件事请核对" in n.text for n in made.notes)


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("每季度末月25日前", ("03-25", "06-25", "09-25", "12-25")),
        ("每季度首月8日前", ("01-08", "04-08", "07-08", "10-08")),
        ("每月5日前", tuple(f"{m:02d}-05" for m in range(1, 13))),
        ("每季度底前", ("03-31", "06-30", "09-30", "12-31")),
    ],
)
def test_a_day_of_each_quarter_or_month_becomes_fixed_days(said: str, days: tuple[str, ...]) -> None:
    _, pack = drafted(f"区水务局{said}向区专班办报送履职情况。")
    (duty,) = pack.duties
    assert (duty.kind, duty.value.due) == ("fixed_dates", days)


@pytest.mark.parametrize("said", ["每月31日前", "每季度结束后10日前"])
def test_a_day_that_not_every_month_has_is_told(said: str) -> None:
    made, pack = drafted(f"区水务局{said}向区专班办报送履职情况。")
    assert pack.duties[0].value.due == ()
    assert any("请在 due 写明日期" in n.text for n in made.notes)


@pytest.mark.parametrize(("said", "publish"), [("，并向社会公开", True), ("，并在本单位网站公开", True), ("，不向社会公开", False), ("", False)])
def test_a_report_is_public_where_its_sentence_says_so(said: str, publish: bool) -> None:
    _, pack = drafted(f"区水务局每年1月20日前向区委报告上年度履职情况{said}。")
    assert pack.duties[0].publish is publish


def test_what_is_regular_and_what_is_urgent_is_left_open_with_limits() -> None:
    _, pack = drafted("区委主要负责同志应当定期研究生态环境保护工作。", "各单位遇有重大情况及时向区政府报告。")
    (study,) = pack.duties
    assert (study.key, study.value.freq, study.value.every, study.obliged) == ("study", "regular", Setting(setting="study_months"), ("区委主要负责同志",))
    assert (pack.clocks["major_matter"].n, pack.clocks["major_matter"].clause) == (Setting(setting="major_matter_days"), "QH-2")


@pytest.mark.parametrize(
    ("article", "key", "obliged", "told"),
    [
        ("区直部门应当将重大事项提请区委常委会会议、区政府常务会议定期研究。", "proposed_study", ("区直部门",), ("区委常委会会议", "区政府常务会议")),
        ("区直部门应当及时向区政府分管领导报告履职情况。", "leader_report", ("区直部门",), ("区政府分管领导",)),
        ("生态环境部门应当及时将有关情况通报各单位。", "share_situation", ("生态环境部门",), ()),
        ("区委和区政府有关部门党组会议应当及时研究环保工作。", "party_group_study", (), ()),
        ("区政府应当强化对各镇落实情况的督察检查。", "own_inspection", ("区政府",), ()),
        ("审计部门应当加强生态环境方面的审计工作。", "environment_audit", ("审计部门",), ()),
        ("区专班办应当会同有关单位对落实情况开展调查研究，提出意见建议，向区委报告。", "analysis", ("区专班办",), ("区委",)),
    ],
)
def test_what_is_asked_for_without_a_day(article: str, key: str, obliged: tuple[str, ...], told: tuple[str, ...]) -> None:
    _, pack = drafted(article)
    assert duties(pack) == {key: (obliged, told, "QH-1")}


def test_parts_end_at_their_brackets_though_other_articles_follow() -> None:
    said = "各单位应当治污。（各单位按职责分工负责）区直部门应当及时向区政府分管领导报告履职情况。（区直部门按职责分工负责）"
    _, pack = drafted(said, "区水务局每月调度。")
    assert {d.key: (d.obliged, d.clause) for d in pack.duties if d.key == "leader_report"} == {"leader_report": (("区直部门",), "QH-1/2")}


PARENT = """\
code: pa
version: 2025-01-01
title: 上位办法
level: city
document: {title: 上位办法}
clauses: {PA-1: {gist: 一}}
duties:
  - {key: annual_report, what: 报告履职情况, kind: annual_report, value: {freq: yearly}, obliged: [重要职责部门], report_to: [本级政府], clause: PA-1}
  - {key: special_inspection, what: 专项督查, kind: recurring, value: {freq: yearly, min: 1}, obliged: [市专班办], clause: PA-1}
clocks:
  list_update: {label: 更新清单, n: 15, unit: workday, after: list_changed, clause: PA-1}
generic: [duties.annual_report.obliged, duties.annual_report.report_to]
"""
REPORT = "区水务局每年{}前向区政府报告上年度履职情况。"
CHECK = "区专班办每年至少组织两次专项检查。"


def test_a_place_s_own_report_stands_for_the_one_above_and_another_duty_stands_beside_it() -> None:
    _, pack = drafted(REPORT.format("1月20日"), CHECK, f"{LIST}，并及时更新。", parent="pa", over=loader.load_text(PARENT))
    mine = {d.key: d for d in pack.duties}
    assert set(mine) == {"annual_report", "special_inspection", "qh_special_inspection", "item_list"}
    assert (mine["annual_report"].value.due, mine["annual_report"].obliged, mine["annual_report"].report_to) == (("01-20",), ("区水务局",), ("区政府",))
    assert (mine["qh_special_inspection"].value.min, mine["special_inspection"].obliged) == (2, ("市专班办",))


def test_soon_does_not_open_again_what_the_one_above_has_fixed() -> None:
    _, pack = drafted(f"{LIST}，并及时更新。", parent="pa", over=loader.load_text(PARENT))
    assert pack.clocks["list_update"].n == 15


def test_a_report_with_a_day_above_keeps_its_own_key() -> None:
    over = loader.load_text(PARENT.replace("{freq: yearly}", '{freq: yearly, due: "01-10"}'))
    _, pack = drafted(REPORT.format("1月20日"), parent="pa", over=over)
    assert [(d.key, d.value.due) for d in pack.duties if d.kind == "annual_report"] == [("annual_report", ("01-10",)), ("qh_annual_report", ("01-20",))]
