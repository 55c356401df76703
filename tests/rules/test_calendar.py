"""Which days are worked, why, and what a wrong file of a year is told."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanze.rules.calendar import (
    FIRST,
    LAST,
    Calendar,
    CalendarError,
    load_year,
    shipped_calendar,
    shipped_years,
)

pytestmark = pytest.mark.row("J5")
CALENDAR = shipped_calendar()
DAYS = st.dates(date(2001, 1, 1), date(2098, 12, 31))

GOOD = """\
year: 2025
notices: [{title: 通知, number: 〔2024〕12号, date: 2024-11-12}]
holidays:
  元旦: [2025-01-01]
workdays: [2025-01-26]
"""


@pytest.mark.parametrize(
    ("year", "holidays", "workdays", "number"),
    [
        (2023, 26, 7, "国办发明电〔2022〕16号"),
        (2024, 28, 8, "国办发明电〔2023〕7号"),
        (2025, 28, 5, "国办发明电〔2024〕12号"),
        (2026, 33, 6, "国办发明电〔2025〕7号"),
    ],
)
def test_each_shipped_year_has_the_days_of_its_notice(year, holidays, workdays, number):
    shipped = shipped_years()[year]
    assert sum(map(len, shipped.holidays.values())) == holidays
    assert len(shipped.workdays) == workdays
    assert [notice.number for notice in shipped.notices] == [number]


def test_a_notice_is_cited_in_full():
    assert str(shipped_years()[2025].notices[0]) == (
        "《国务院办公厅关于2025年部分节假日安排的通知》（国办发明电〔2024〕12号，2024年11月12日）"
    )


@pytest.mark.parametrize(
    ("day", "worked", "why"),
    [
        (date(2025, 9, 26), True, "工作日"),
        (date(2025, 9, 27), False, "周六"),
        (date(2025, 9, 28), True, "调休上班"),
        (date(2025, 10, 1), False, "国庆节放假"),
        (date(2025, 10, 6), False, "中秋节放假"),
        (date(2025, 10, 9), True, "工作日"),
        (date(2025, 10, 12), False, "周日"),
        (date(2024, 2, 9), True, "工作日"),
        (date(2026, 12, 28), True, "工作日"),
        (date(2026, 12, 29), True, "工作日（暂按周末推算）"),
        (date(2027, 1, 1), True, "工作日（暂按周末推算）"),
        (date(2027, 1, 2), False, "周六（暂按周末推算）"),
        (date(2022, 10, 3), True, "工作日（暂按周末推算）"),
    ],
)
def test_a_day_says_why(day, worked, why):
    assert (CALENDAR.is_workday(day), CALENDAR.why(day)) == (worked, why)


def test_a_year_not_loaded_is_named_and_the_days_before_new_year_wait_for_its_notice():
    assert CALENDAR.known(2026)
    assert not CALENDAR.known(2027)
    assert CALENDAR.missing_years(date(2023, 1, 1), date(2026, 12, 28)) == ()
    assert CALENDAR.missing_years(date(2026, 12, 1), date(2026, 12, 29)) == (2027,)
    assert CALENDAR.missing_years(date(2026, 12, 1), date(2028, 1, 3)) == (2027, 2028)
    assert CALENDAR.missing_years(date(2022, 12, 31), date(2023, 1, 3)) == (2022,)
    assert CALENDAR.missing_years(date(2025, 12, 29), date(2025, 12, 31)) == ()


def test_next_workday_is_the_day_itself_when_it_is_worked():
    assert CALENDAR.next_workday(date(2025, 9, 28)) == date(2025, 9, 28)
    assert CALENDAR.next_workday(date(2025, 10, 1)) == date(2025, 10, 9)
    assert CALENDAR.next_workday(FIRST) == date(2000, 1, 3)


def test_working_days_can_be_counted_back():
    assert CALENDAR.add_workdays(date(2025, 10, 9), -3) == date(2025, 9, 28)
    assert CALENDAR.workdays_between(date(2025, 10, 9), date(2025, 9, 28)) == -3


@pytest.mark.parametrize(
    "ask",
    [
        lambda: CALENDAR.add_workdays(date(2025, 1, 1), 0),
        lambda: CALENDAR.add_workdays(date(2099, 12, 31), 1),
        lambda: CALENDAR.add_workdays(date(2000, 1, 3), -1),
        lambda: CALENDAR.add_workdays(date(2025, 1, 1), 10**9),
        lambda: CALENDAR.add_workdays_many([date(2025, 1, 1)], 0),
        lambda: CALENDAR.add_workdays_many([date(2025, 1, 1), date(1999, 12, 31)], 3),
        lambda: CALENDAR.add_workdays_many([date(2099, 12, 30), date(2025, 1, 1)], 9),
        lambda: CALENDAR.why(date(1999, 12, 31)),
        lambda: CALENDAR.is_workday(date(2100, 1, 1)),
    ],
)
def test_sums_that_make_no_sense_are_refused_in_words(ask):
    with pytest.raises(ValueError, match="工作日数|超出可推算的范围"):
        ask()


@given(DAYS, st.integers(1, 200))
def test_counting_between_undoes_adding(day, n):
    for signed in (n, -n):
        end = CALENDAR.add_workdays(day, signed)
        assert CALENDAR.is_workday(end)
        assert CALENDAR.workdays_between(day, end) == signed


@given(DAYS, DAYS)
def test_the_tables_agree_with_looking_at_each_day(a, b):
    first, last = sorted((a, a + (b - a) % timedelta(days=400)))
    days = (last - first).days
    slow = sum(CALENDAR.is_workday(first + timedelta(days=i)) for i in range(1, days + 1))
    assert CALENDAR.workdays_between(first, last) == slow


@given(st.lists(DAYS, max_size=20), st.integers(1, 60))
def test_many_sums_at_once_are_the_single_sums(days, n):
    assert CALENDAR.add_workdays_many(days, n) == [CALENDAR.add_workdays(day, n) for day in days]


def test_without_any_year_weekends_alone_count():
    bare = Calendar({})
    assert bare.is_workday(date(2025, 10, 1))
    assert not bare.is_workday(date(2025, 9, 28))
    assert bare.is_workday(LAST)


def test_a_good_file_is_read():
    year = load_year(GOOD, "2025.yaml")
    assert (year.year, dict(year.holidays), year.workdays) == (
        2025,
        {"元旦": (date(2025, 1, 1),)},
        (date(2025, 1, 26),),
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2025-01-01", "2024-12-31", "holidays.元旦：2024-12-31不属于2025年，请移到2024年的文件"),
        ("2025-01-01", "2025-01-01, 2025-01-01", "2025-01-01已列在holidays.元旦，同一天只能出现一次"),
        ("元旦: [2025-01-01]", "元旦: [2025-01-26]", "workdays：2025-01-26已列在holidays.元旦"),
        ("[2025-01-26]", "[2025-01-27]", "workdays：2025-01-27是周一，调休上班日只能是周六或周日"),
        ("  元旦", "  元旦: [2025-01-02]\n  元旦", "第5行同一项写了两次"),
        ("year: 2025", "year: 二〇二五", "year：应为四位数年份"),
        ("year: 2025", "year: 1025", "year：1025不在2000年至2099年之间"),
        ("year: 2025", "year: [", "不是合规的 YAML"),
        ("workdays: [2025-01-26]", "", "应当有且只有 year、notices、holidays、workdays 四项"),
        ("[2025-01-26]", "2025-01-26", "workdays：应为日期清单"),
        ("[2025-01-26]", "[一月二十六日]", "workdays：“一月二十六日”不是日期"),
        ("2025-01-26", "2025-01-26 08:00:00", "不是日期"),
        ("2025-01-26", "2025-02-30", "含有不存在的日期"),
        ("  元旦: [2025-01-01]", "  []", "holidays：应为"),
        ("\n  元旦: [2025-01-01]", " {}", "holidays：没有任何节假日"),
        ("〔2024〕12号", "''", "notices 第1项：标题和文号不能为空"),
        (", date: 2024-11-12", "", "notices 第1项：应当有且只有"),
        ("[{title: 通知, number: 〔2024〕12号, date: 2024-11-12}]", "[]", "notices：未注明依据的通知"),
        ("[{title: 通知, number: 〔2024〕12号, date: 2024-11-12}]", "通知", "notices：应为通知清单"),
        ("year: 2025", "year: " + "[" * 5000, "不是合规的 YAML"),
        ("year: 2025", "year: \x00", "不是合规的 YAML"),
    ],
)
def test_a_wrong_file_is_told_where_and_what(old, new, told):
    assert old in GOOD
    with pytest.raises(CalendarError) as refused:
        load_year(GOOD.replace(old, new), "2025.yaml")
    assert str(refused.value).startswith("2025.yaml：")
    assert told in str(refused.value)


def test_every_fault_is_told_at_once():
    with pytest.raises(CalendarError) as refused:
        load_year(GOOD.replace("2025-01-01", "2024-01-01").replace("2025-01-26", "2025-01-27"), "2025.yaml")
    assert "不属于2025年" in str(refused.value)
    assert "只能是周六或周日" in str(refused.value)
