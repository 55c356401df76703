"""When a term ends, how it was counted, and what is not sure."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanze.rules.calendar import Calendar, shipped_calendar, shipped_years
from huanze.rules.deadlines import LIMITS, Step, Term, YearDay, due, remaining

pytestmark = pytest.mark.row("J5")
CALENDAR = shipped_calendar()
DAYS = st.dates(date(2001, 1, 1), date(2040, 12, 31))


def term(n, unit="workday", **extra):
    return Term(n, unit, after="assigned", clause="XQ-9", **extra)


def ends(start, *args, **extra):
    return due(term(*args, **extra), start, CALENDAR).on


@pytest.mark.parametrize(
    ("start", "end"),
    [(date(2025, 4, 30), date(2025, 5, 16)), (date(2025, 1, 21), date(2025, 2, 8))],
)
def test_ten_working_days_with_the_first(start, end):
    assert ends(start, 10, count_first=True) == end


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2025, 1, 20), date(2025, 2, 8)),
        (date(2025, 4, 15), date(2025, 4, 28)),
        (date(2025, 9, 24), date(2025, 10, 14)),
        (date(2026, 2, 9), date(2026, 2, 28)),
    ],
)
def test_ten_working_days_after(start, end):
    answer = due(term(10), start, CALENDAR)
    assert (answer.on, answer.provisional, answer.at) == (end, False, None)


def test_a_first_day_that_is_a_rest_day_is_not_counted_either_way():
    assert ends(date(2025, 10, 1), 1, count_first=True) == date(2025, 10, 9)
    assert ends(date(2025, 10, 1), 1) == date(2025, 10, 9)
    assert ends(date(2025, 10, 9), 1, count_first=True) == date(2025, 10, 9)


def test_a_span_into_a_year_without_its_notice_is_provisional():
    answer = due(term(10), date(2026, 12, 21), CALENDAR)
    assert answer.provisional
    assert answer.missing == (2027,)
    assert "此日期为暂定，2027年放假安排尚未载入" in answer.summary()
    assert answer.explain()[-1] == Step(date(2027, 1, 4), 10, "工作日（暂按周末推算）")


def test_the_last_three_days_of_the_last_loaded_year_are_provisional_too():
    assert not due(term(5), date(2026, 12, 21), CALENDAR).provisional
    assert due(term(5), date(2026, 12, 21), CALENDAR).on == date(2026, 12, 28)
    assert due(term(6), date(2026, 12, 21), CALENDAR).provisional


def test_an_event_in_an_unknown_year_that_is_not_counted_leaves_the_date_sure():
    assert not due(term(3), date(2022, 12, 31), CALENDAR).provisional
    assert due(term(3, count_first=True), date(2022, 12, 31), CALENDAR).provisional


def test_the_date_is_sure_once_the_year_is_loaded():
    known = Calendar({y: c for y, c in shipped_years().items() if y < 2026})
    before = due(term(10), date(2025, 12, 22), known)
    after = due(term(10), date(2025, 12, 22), CALENDAR)
    assert (before.on, before.provisional) == (date(2026, 1, 5), True)
    assert (after.on, after.provisional) == (date(2026, 1, 6), False)


def test_natural_days_end_on_a_rest_day_unless_the_term_rolls():
    assert ends(date(2025, 9, 28), 3, "day") == date(2025, 10, 1)
    assert ends(date(2025, 9, 28), 3, "day", roll=True) == date(2025, 10, 9)
    assert ends(date(2025, 9, 28), 2, "day", roll=True) == date(2025, 9, 30)
    assert ends(date(2025, 9, 28), 3, "day", count_first=True) == date(2025, 9, 30)
    assert ends(date(2025, 9, 28), 1, "day", count_first=True) == date(2025, 9, 28)


def test_natural_days_lean_on_no_notice_unless_they_roll():
    assert not due(term(30, "day"), date(2026, 12, 21), CALENDAR).provisional
    assert due(term(30, "day", roll=True), date(2026, 12, 21), CALENDAR).provisional
    assert not due(term(3, "day", roll=True), date(2026, 12, 21), CALENDAR).provisional


@pytest.mark.parametrize(
    ("start", "n", "unit", "count_first", "end"),
    [
        (date(2025, 1, 15), 1, "month", False, date(2025, 2, 15)),
        (date(2025, 1, 31), 1, "month", False, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, "month", False, date(2024, 2, 29)),
        (date(2025, 3, 1), 1, "month", True, date(2025, 3, 31)),
        (date(2025, 3, 31), 1, "month", True, date(2025, 4, 30)),
        (date(2025, 11, 30), 3, "month", False, date(2026, 2, 28)),
        (date(2024, 2, 29), 1, "year", False, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, "year", False, date(2028, 2, 29)),
        (date(2025, 1, 1), 1, "year", True, date(2025, 12, 31)),
    ],
)
def test_months_and_years_end_on_the_corresponding_day(start, n, unit, count_first, end):
    assert ends(start, n, unit, count_first=count_first) == end


def test_hours_run_from_the_moment():
    answer = due(term(24, "hour"), datetime(2025, 9, 30, 14, 30, tzinfo=ZoneInfo("Asia/Shanghai")), CALENDAR)
    assert answer.at == datetime(2025, 10, 1, 14, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert answer.on == date(2025, 10, 1)
    assert answer.explain() == (
        Step(date(2025, 9, 30), None, "14:30起算"),
        Step(date(2025, 10, 1), 24, "14:30满24小时"),
    )
    assert "2025年10月1日（周三）14:30届满" in answer.summary()


def test_a_moment_in_another_zone_falls_on_its_legal_day():
    evening = datetime(2025, 4, 29, 20, 0, tzinfo=UTC)
    assert ends(evening, 1, "day") == date(2025, 5, 1)
    assert due(term(1, "hour"), evening, CALENDAR).at == datetime(2025, 4, 29, 21, 0, tzinfo=UTC)


def test_hours_without_a_moment_are_refused():
    with pytest.raises(ValueError, match="须给出起算时刻"):
        due(term(24, "hour"), date(2025, 4, 30), CALENDAR)


def test_a_day_of_the_year_is_the_next_one():
    april = YearDay(4, "last", clause="SD-6")
    assert due(april, date(2025, 4, 30), CALENDAR).on == date(2025, 4, 30)
    assert due(april, date(2025, 5, 1), CALENDAR).on == date(2026, 4, 30)
    assert YearDay(2, "last", clause="").on(2024) == date(2024, 2, 29)
    assert due(YearDay(1, 10, clause="JX-7"), date(2025, 3, 1), CALENDAR).on == date(2026, 1, 10)
    assert due(YearDay(1, 10, clause="JX-7", roll=True), date(2025, 3, 1), CALENDAR).on == date(2026, 1, 12)
    assert due(april, date(2025, 5, 1), CALENDAR).summary() == (
        "自2025年5月1日起，最近的4月底，至2026年4月30日（周四）届满，依据SD-6。"
    )


@pytest.mark.parametrize(("month", "day"), [(2, 29), (2, 30), (4, 31), (13, 1), (0, 1), (4, 0)])
def test_a_day_that_not_every_year_has_is_refused(month, day):
    with pytest.raises(ValueError, match="月"):
        YearDay(month, day, clause="")


@pytest.mark.parametrize("unit", LIMITS)
def test_the_number_has_limits_on_both_sides(unit):
    assert term(1, unit).n == 1
    assert term(LIMITS[unit], unit).n == LIMITS[unit]
    for wrong in (0, -1, LIMITS[unit] + 1, 2.5, "3", True):
        with pytest.raises(ValueError, match="之间的整数"):
            term(wrong, unit)


def test_a_switch_the_unit_has_no_use_for_is_refused():
    with pytest.raises(ValueError, match="不存在首日计入"):
        term(24, "hour", count_first=True)
    for unit in ("workday", "hour"):
        with pytest.raises(ValueError, match="不适用遇休息日顺延"):
            term(3, unit, roll=True)
    with pytest.raises(ValueError, match="无法识别"):
        term(3, "week")


@pytest.mark.parametrize("unit", ["workday", "day", "month", "year"])
def test_a_count_that_leaves_the_century_is_refused(unit):
    for start in (date(1999, 12, 31), date(2100, 1, 1), date(2099, 12, 31)):
        with pytest.raises(ValueError, match="超出可推算的范围"):
            due(term(1, unit), start, CALENDAR)
    with pytest.raises(ValueError, match="超出可推算的范围"):
        due(term(1, "hour"), datetime.min.replace(tzinfo=UTC), CALENDAR)


def test_the_explanation_names_every_day():
    assert due(term(2, count_first=True), date(2025, 4, 30), CALENDAR).explain() == (
        Step(date(2025, 4, 30), 1, "工作日"),
        *(Step(date(2025, 5, day), None, "劳动节放假") for day in range(1, 6)),
        Step(date(2025, 5, 6), 2, "工作日"),
    )
    assert due(term(1), date(2025, 4, 26), CALENDAR).explain() == (
        Step(date(2025, 4, 26), None, "起算日，当日不计入"),
        Step(date(2025, 4, 27), 1, "调休上班"),
    )
    assert due(term(1, "day", roll=True), date(2025, 10, 6), CALENDAR).explain() == (
        Step(date(2025, 10, 6), None, "起算日，当日不计入"),
        Step(date(2025, 10, 7), 1, "按自然日计入"),
        Step(date(2025, 10, 8), None, "国庆节放假，顺延"),
        Step(date(2025, 10, 9), None, "工作日，顺延至此"),
    )


def test_the_summary_is_one_sentence_with_its_clause():
    assert due(term(10, count_first=True), date(2025, 4, 30), CALENDAR).summary() == (
        "自2025年4月30日起，当日计入，10个工作日，至2025年5月16日（周五）届满，依据XQ-9。"
    )
    assert due(term(3, "day", roll=True, left_open=True), date(2025, 9, 28), CALENDAR).summary() == (
        "自2025年9月28日起，3日（由本地设定），遇休息日顺延至2025年10月9日（周四）届满，依据XQ-9。"
    )


@given(DAYS, st.integers(1, 60), st.sampled_from(["workday", "day"]), st.booleans())
def test_the_explanation_agrees_with_the_date(start, n, unit, count_first):
    answer = due(term(n, unit, count_first=count_first), start, CALENDAR)
    steps = answer.explain()
    assert (steps[0].day, steps[-1].day) == (start, answer.on)
    assert [step.day - start for step in steps] == [timedelta(days=i) for i in range(len(steps))]
    assert [step.counted for step in steps if step.counted] == list(range(1, n + 1))
    assert steps[-1].counted == n
    if unit == "workday":
        assert CALENDAR.is_workday(answer.on)
        assert all(CALENDAR.is_workday(step.day) for step in steps if step.counted)
        leaned_on = steps if count_first else steps[1:]
        assert answer.provisional == any("暂按" in step.reason for step in leaned_on)


@given(DAYS, st.integers(1, 60), st.sampled_from(["day", "month", "year"]), st.booleans(), st.booleans())
def test_a_rolled_end_is_the_first_working_day_from_the_nominal_end(start, n, unit, count_first, roll):
    n = min(n, LIMITS[unit])
    answer = due(term(n, unit, count_first=count_first, roll=roll), start, CALENDAR)
    assert answer.on == (CALENDAR.next_workday(answer.nominal) if roll else answer.nominal)
    assert answer.explain()[-1].day == answer.on


@given(
    DAYS,
    st.integers(0, 40),
    st.integers(1, 40),
    st.integers(0, 20),
    st.sampled_from(list(LIMITS)),
    st.booleans(),
)
def test_a_later_start_or_a_longer_term_never_ends_earlier(start, later, n, more, unit, count_first):
    count_first = count_first and unit != "hour"
    at = datetime(start.year, start.month, start.day, 9, tzinfo=UTC)
    short = due(term(n, unit, count_first=count_first), at, CALENDAR)
    long = due(term(n + min(more, LIMITS[unit] - n), unit, count_first=count_first), at, CALENDAR)
    shifted = due(term(n, unit, count_first=count_first), at + timedelta(days=later), CALENDAR)
    assert long.on >= short.on
    assert shifted.on >= short.on


@pytest.mark.parametrize(
    ("today", "due_on", "words", "days", "workdays"),
    [
        (date(2025, 9, 26), date(2025, 10, 9), "还剩4个工作日", 13, 4),
        (date(2025, 10, 9), date(2025, 10, 9), "今天到期", 0, 0),
        (date(2025, 10, 1), date(2025, 10, 5), "还剩4天，其间无工作日", 4, 0),
        (date(2025, 10, 10), date(2025, 10, 9), "已逾期1个工作日", -1, -1),
        (date(2025, 10, 3), date(2025, 9, 30), "已逾期3天，其间无工作日", -3, 0),
        (date(2026, 12, 25), date(2027, 1, 4), "还剩6个工作日（暂定）", 10, 6),
    ],
)
def test_what_is_left_is_said_in_working_days(today, due_on, words, days, workdays):
    left = remaining(today, due_on, CALENDAR)
    assert (str(left), left.days, left.workdays) == (words, days, workdays)


def test_a_first_day_that_a_place_decides_on_is_said_to_be_local():
    said = due(term(10, "workday", first_left_open=True), date(2025, 4, 15), CALENDAR).summary()
    assert "当日不计入（由本地设定）" in said and "10个工作日（由本地设定）" not in said
