"""When a duty falls due, to the day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from huanze.rules.packs import loader
from huanze.rules.packs.schema import Duty
from huanze.rules.recurring import slots, told

pytestmark = pytest.mark.row("D10")


def duty(kind: str = "recurring", **value: Any) -> Duty:
    return Duty.model_validate({"key": "a", "what": "报告", "kind": kind, "value": value, "obliged": ["区直部门"], "clause": "AA-1"})


def due(it: Duty, since: str, until: str, **settings: Any) -> list[tuple[str, str]]:
    found = slots(it, date.fromisoformat(since), date.fromisoformat(until), settings)
    return [(s.period, s.due.isoformat()) for s in found]


def test_a_frequency_without_a_day_falls_due_on_the_last_day_of_each_period():
    assert due(duty(freq="monthly"), "2024-01-15", "2024-03-31") == [
        ("2024年1月", "2024-01-31"), ("2024年2月", "2024-02-29"), ("2024年3月", "2024-03-31"),
    ]  # fmt: skip
    assert due(duty(freq="quarterly"), "2025-01-01", "2025-12-31") == [
        ("2025年第一季度", "2025-03-31"), ("2025年第二季度", "2025-06-30"), ("2025年第三季度", "2025-09-30"), ("2025年第四季度", "2025-12-31"),
    ]  # fmt: skip
    assert due(duty(freq="half_yearly"), "2025-07-01", "2026-06-30") == [("2025年下半年", "2025-12-31"), ("2026年上半年", "2026-06-30")]
    assert due(duty(freq="yearly"), "2025-12-31", "2026-12-30") == [("2025年度", "2025-12-31")]


def test_the_period_in_which_the_rules_begin_counts_until_its_due_day():
    assert due(duty(freq="quarterly"), "2025-03-31", "2025-04-01") == [("2025年第一季度", "2025-03-31")]
    assert due(duty(freq="quarterly"), "2025-04-01", "2025-06-29") == []
    assert due(duty(freq="quarterly"), "2025-04-01", "2025-06-30") == [("2025年第二季度", "2025-06-30")]


def test_a_period_opens_when_it_or_the_rules_begin_whichever_is_later():
    found = slots(duty(freq="quarterly"), date(2025, 2, 10), date(2025, 6, 30), {})
    assert [s.opens for s in found] == [date(2025, 2, 10), date(2025, 4, 1)]


def test_more_than_once_a_period_makes_as_many_slots():
    found = slots(duty(freq="half_yearly", min=2), date(2025, 1, 1), date(2025, 6, 30), {})
    assert [(s.period, s.due, s.n) for s in found] == [("2025年上半年第1次", date(2025, 6, 30), 1), ("2025年上半年第2次", date(2025, 6, 30), 2)]


def test_fixed_days_are_due_in_the_quarter_they_lie_in():
    it = duty("fixed_dates", freq="quarterly", due=["03-10", "06-10", "09-10", "12-10"])
    assert due(it, "2025-03-10", "2025-06-10") == [("2025年第一季度", "2025-03-10"), ("2025年第二季度", "2025-06-10")]
    assert due(it, "2025-03-11", "2025-06-09") == []
    assert due(it, "2025-12-10", "2026-03-10") == [("2025年第四季度", "2025-12-10"), ("2026年第一季度", "2026-03-10")]


def test_several_days_of_one_year_keep_their_number_when_the_first_is_past():
    it = duty(freq="yearly", due=["05-20", "11-20"])
    assert due(it, "2025-05-21", "2025-12-31") == [("2025年度第2次", "2025-11-20")]


def test_a_yearly_report_due_in_the_first_half_tells_of_the_year_before():
    it = duty("annual_report", freq="yearly", due="01-10")
    assert due(it, "2026-01-10", "2026-12-31") == [("2025年度", "2026-01-10")]
    assert due(it, "2026-01-11", "2027-01-09") == []
    assert due(it, "2026-01-11", "2027-01-10") == [("2026年度", "2027-01-10")]
    assert due(duty("annual_report", freq="yearly", due="06-30"), "2026-01-01", "2026-12-31") == [("2025年度", "2026-06-30")]
    assert due(duty("annual_report", freq="yearly", due="07-01"), "2026-01-01", "2026-12-31") == [("2026年度", "2026-07-01")]
    assert due(duty("recurring", freq="yearly", due="01-10"), "2026-01-01", "2026-12-31") == [("2026年度", "2026-01-10")]


def test_a_yearly_report_without_a_day_is_due_at_the_end_of_its_year():
    assert due(duty("annual_report", freq="yearly"), "2025-06-01", "2026-06-01") == [("2025年度", "2025-12-31")]


def test_regularly_means_once_in_so_many_months_from_the_day_the_rules_began():
    it = duty(freq="regular", every={"setting": "study_months"})
    assert due(it, "2025-03-25", "2025-12-24", study_months=3) == [
        ("2025年3月25日起3个月", "2025-06-24"), ("2025年6月25日起3个月", "2025-09-24"), ("2025年9月25日起3个月", "2025-12-24"),
    ]  # fmt: skip
    assert due(it, "2025-03-25", "2025-06-23", study_months=3) == []
    assert due(duty(freq="regular", every=12), "2024-02-29", "2026-03-01") == [
        ("2024年2月29日起12个月", "2025-02-27"), ("2025年2月28日起12个月", "2026-02-27"),
    ]  # fmt: skip
    assert due(duty(freq="regular", every=1), "2025-01-31", "2025-04-29") == [
        ("2025年1月31日起1个月", "2025-02-27"), ("2025年2月28日起1个月", "2025-03-30"), ("2025年3月31日起1个月", "2025-04-29"),
    ]  # fmt: skip


def test_a_single_day_is_due_once():
    it = duty("deadline", on="2025-06-30")
    assert due(it, "2025-06-30", "2025-06-30") == [("", "2025-06-30")]
    assert due(it, "2025-01-01", "2025-06-29") == due(it, "2025-07-01", "2026-07-01") == []


@pytest.mark.parametrize("freq", ["once", "irregular", "regular"])
def test_what_has_neither_day_nor_number_has_no_slots(freq):
    assert due(duty(freq=freq), "2025-01-01", "2035-01-01") == []


def test_every_label_fits_its_column_and_is_unique_for_every_shipped_duty():
    for pack in loader.shipped().values():
        for it in pack.duties:
            found = slots(it, date(2024, 11, 30), date(2035, 12, 31), loader.settings(pack))
            assert len({s.period for s in found}) == len(found), it.key
            assert all(len(s.period) <= 20 for s in found)
            assert told(it, loader.settings(pack)).endswith("。")


def test_how_a_day_came_about_is_told():
    assert told(duty("annual_report", freq="yearly", due="01-10"), {}) == "文件规定每年1月10日以前办理，报告的是上一年度的情况。期限遇休息日不顺延。"
    assert told(duty(freq="quarterly"), {}) == "文件规定每季度至少1次，没有规定日期，以期末日为期限。"
    assert told(duty(freq="regular", every={"setting": "n"}), {"n": 3}) == "“定期”由本地设定为每3个月至少一次，自施行之日起连续计算。"
    assert told(duty("deadline", on="2025-06-30"), {}) == "文件规定2025年6月30日以前办理。"
    assert told(duty("deadline", freq="once"), {}) == "一次性事项，文件没有规定日期。"
