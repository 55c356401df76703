"""A person's corrections over a draft: rename, set, drop, and what is wrong with a correction."""

from __future__ import annotations

import pytest

from huanze.rules.packs import drafting
from huanze.rules.packs.reading import PackError, plain, read_text

DRAFT = """\
code: qy
left_open:
  # 第七条
  count_first_acceptance: {term: 7日内, default: false}
clocks:
  acceptance: {n: 7, count_first: {setting: count_first_acceptance}}
duties:
  # 第二条
  - key: meeting
    what: 召开会议
    value: {due: ["03-10"]}
  - key: report
    what: 报告
thresholds:
  - {effect: warning_letter, at: 12}
items:
  - {dept: 水务局, no: 2, title: 治水}
"""


def corrected(text: str) -> dict[str, object]:
    return plain(read_text(drafting.correct(DRAFT, text), "草稿").data)


def refused(text: str) -> list[str]:
    with pytest.raises(PackError) as error:
        drafting.correct(DRAFT, text)
    return error.value.problems


def test_a_renamed_setting_is_followed_by_what_refers_to_it() -> None:
    made = corrected("rename: {left_open.count_first_acceptance: count_receipt_day}")
    assert made["left_open"] == {"count_receipt_day": {"term": "7日内", "default": False}}
    assert made["clocks"] == {"acceptance": {"n": 7, "count_first": {"setting": "count_receipt_day"}}}


def test_renaming_comes_before_setting_and_setting_before_dropping() -> None:
    made = corrected("drop: [duties.group.value]\nset: {duties.group.what: 召开全会, duties.group.obliged: [专班]}\nrename: {duties.meeting: group}\n")
    assert made["duties"] == [{"key": "group", "what": "召开全会", "obliged": ["专班"]}, {"key": "report", "what": "报告"}]


def test_an_entry_that_is_not_there_is_added_under_its_name() -> None:
    made = corrected("set:\n  duties.study: {what: 研究}\n  thresholds.interview: {at: 24}\n  clocks.reply: {n: 5}\n  deductions.late: {points: 3}\n  uses: []\n")
    assert made["duties"][-1] == {"key": "study", "what": "研究"}  # type: ignore[index]
    assert made["thresholds"][-1] == {"effect": "interview", "at": 24}  # type: ignore[index]
    assert made["clocks"]["reply"] == {"n": 5}  # type: ignore[index]
    assert made["deductions"] == [{"key": "late", "points": 3}]
    assert made["uses"] == []


def test_items_go_by_department_and_number() -> None:
    assert corrected("set: {items.水务局#2.title: 治理黑臭水体}")["items"] == [{"dept": "水务局", "no": 2, "title": "治理黑臭水体"}]
    assert corrected("drop: [items.水务局#2]")["items"] == []


def test_comments_and_quotes_stay() -> None:
    text = drafting.correct(DRAFT, "drop: [duties.report]\nrename: {left_open.count_first_acceptance: count_receipt_day}")
    assert "# 第七条\n  count_receipt_day" in text
    assert "# 第二条" in text
    assert 'due: ["03-10"]' in text


def test_no_corrections_leave_the_draft_as_it_is() -> None:
    assert drafting.correct(DRAFT, "# nothing yet\n") == DRAFT


@pytest.mark.parametrize(
    ("corrections", "problem"),
    [
        ("drop:\n  - duties.report\n  - duties.study\n", "更正:3：duties.study：草稿里没有 study"),
        ("set: {duties.study.what: 研究}", "更正:1：duties.study.what：草稿里没有 duties.study"),
        ("set: {duties.study: 研究}", "更正:1：duties.study：新增的一条应是“键: 值”的形式"),
        ("rename: {duties.meeting: report}", "更正:1：duties.meeting：已经有 report，不能改成同名"),
        ("rename: {duties.study: report_2}", "更正:1：duties.study：草稿里没有 study"),
        ("rename: {duties.meeting: 7}", "更正:1：duties.meeting：新的键应是文字"),
        ("rename: {items.水务局#2: other}", "更正:1：items.水务局#2：这一条没有可以改的键"),
        ("set: {code.x.y: 1}", "更正:1：code.x.y：这里是一个值，下面没有分项"),
        ("set: [1]", "更正:1：set 应是“路径: 值”的形式"),
        ("drop: {a: 1}", "更正:1：drop 应是一列路径"),
        ("add: {a: 1}", "更正：只能有 rename、set、drop 三节"),
        ("set: {a: 1, a: 2}", "更正:1：同一个键写了两次，请删去一个（键 \"a\"）"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(corrections: str, problem: str) -> None:
    assert refused(corrections) == [problem]
