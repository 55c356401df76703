"""A notice of a finished rectification pairs each measure with the work done for it (G5, B3 later; ZB)."""

from __future__ import annotations

from huanze.reader import read

NOTICE = """河口街道扬尘问题整改情况公示
一、反馈问题
堆场未覆盖。
二、整改措施
(一)覆盖堆场。限期覆盖全部裸露堆场。
(二)加密洒水。每天洒水四次。
三、工作开展情况
(一)覆盖堆场。已覆盖12处。
(二){second}。已落实洒水车三台。
{third}四、自我验收意见
通过。
"""


def told(**said: str) -> list[tuple[str, str, str | None, str]]:
    text = NOTICE.format(**({"second": "加密洒水", "third": ""} | said))
    return [(p.measure, p.work, p.heading, p.confidence) for p in read(text.encode(), "公示.txt").pairs]


def test_measures_and_work_are_paired_by_their_number() -> None:
    assert told() == [("二/(一)", "三/(一)", "覆盖堆场", "high"), ("二/(二)", "三/(二)", "加密洒水", "high")]


def test_a_pair_whose_headings_differ_asks_a_person_to_look() -> None:
    assert [row[-1] for row in told(second="清洗道路")] == ["high", "low"]


def test_nothing_is_paired_where_one_side_has_a_part_more() -> None:
    assert told(third="(三)清理垃圾。已清运。\n") == []


def test_a_document_without_the_two_sections_has_no_pairs() -> None:
    assert read("一、整改措施\n(一)覆盖堆场。限期覆盖。\n".encode(), "方案.txt").to_json()["pairs"] == []
