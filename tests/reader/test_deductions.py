"""Points an assessment takes off, and what only looks like them."""

from __future__ import annotations

import pytest

from huanze.reader import Document
from reader import papers

RULES = """云岭市河湖考核办法
第一条 对整改工作考核：问题排查不细致，被省级警示片或者督察通报为典型案例的，每个问题扣减10分；被市级通报的，每个问题扣减5分。
第二条 未按时报送扣2分，漏报一次扣1分。
第三条 有下列情形之一的，每次扣三分：
（一）瞒报数据的；
（二）虚假整改。
第四条 累计扣减分值达到10分以上的，发出警示函；最多扣20分，扣完为止。
第五条 受到表彰的，加5分。被扣6分的，写出说明。每项扣0.5分。扣2至5分。
"""


def found(document: Document) -> list[tuple[str, int, str]]:
    return [(row.clause, row.points, row.event) for row in document.deductions]


def test_each_event_has_its_points_and_its_clause() -> None:
    assert found(papers.of(RULES)) == [
        ("第一条", 10, "问题排查不细致，被省级警示片或者督察通报为典型案例"),
        ("第一条", 5, "被市级通报"),
        ("第二条", 2, "未按时报送"),
        ("第二条", 1, "漏报一次"),
        ("第三条/(一)", 3, "瞒报数据"),
        ("第三条/(二)", 3, "虚假整改"),
    ]


def test_a_deduction_can_be_shown_in_the_text() -> None:
    document = papers.of(RULES)
    for row in document.deductions:
        assert row.snippet in document.text
        assert row.event in row.snippet
        assert row.span[0] < row.span[1]


@pytest.mark.parametrize(
    "sentence",
    ["累计扣减分值达到10分以上的，发出警示函。", "最多扣20分。", "每项扣0.5分。", "未报送的扣2至5分。", "作出贡献的，加5分。", "噪声减5分贝。", "扣分满12分的，约谈。"],
)
def test_limits_ranges_and_points_given_are_no_deductions(sentence: str) -> None:
    assert papers.of(f"某市考核办法\n第一条 {sentence}\n").deductions == ()


def test_a_cell_of_a_table_is_a_sentence_of_its_own() -> None:
    document = papers.of("某市考核细则\n序号\t内容\t分值\t评分标准\n1\t报送情况\t10\t未按月报送的，每次扣2分\n2\t巡查\t5\t每少巡查一次扣1分\n")
    assert [(row.points, row.event) for row in document.deductions] == [(2, "未按月报送"), (1, "每少巡查一次")]
