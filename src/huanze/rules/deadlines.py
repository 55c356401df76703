"""A deadline is a value: how much, of what unit, after which event, by which clause (habit 7).

The legal rules of counting are those of 民法典 第二百零一条至第二百零三条: the day of the event is not
counted; hours run from the moment itself; a term in months or years ends on the corresponding day, or
on the month's last day where there is none. What a document rules otherwise, its term says:
``count_first`` counts the first day too, ``roll`` moves an end on a rest day to the next working day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Literal, TypeAlias

from huanze.rules.calendar import FIRST, LAST, WEEKDAYS, Calendar, chinese_date
from huanze.rules.verdicts import Clause

Unit: TypeAlias = Literal["workday", "day", "hour", "month", "year"]

UNIT_LABELS: dict[Unit, str] = {
    "workday": "个工作日", "day": "日", "hour": "小时", "month": "个月", "year": "年",
}  # fmt: skip
LIMITS: dict[Unit, int] = {"workday": 12_500, "day": 18_250, "hour": 438_000, "month": 600, "year": 50}
"""About fifty years in each unit: more is a slip of the pen, not a deadline."""

BEIJING = timezone(timedelta(hours=8))
"""The legal clock (GB/T 7408). A moment without a zone is taken as Beijing time."""


@dataclass(frozen=True, slots=True)
class Term:
    """n units after a base event; ``after`` is the event's key, as ``assigned``.

    ``left_open`` says that the document leaves the number to the place, so n is a local setting;
    ``first_left_open`` that it leaves open whether the first day counts.
    Raises ValueError, in Chinese, for an n that is not a whole number from 1 to the unit's limit, and
    for a switch that the unit has no use for.
    """

    n: int
    unit: Unit
    _: KW_ONLY
    after: str
    clause: Clause
    count_first: bool = False
    left_open: bool = False
    first_left_open: bool = False
    roll: bool = False

    def __post_init__(self) -> None:
        if self.unit not in UNIT_LABELS:
            raise ValueError(f"期限单位“{self.unit}”无法识别，可用：{'、'.join(UNIT_LABELS)}")
        limit = LIMITS[self.unit]
        if not isinstance(self.n, int) or isinstance(self.n, bool) or not 1 <= self.n <= limit:
            raise ValueError(f"期限应为1至{limit}{UNIT_LABELS[self.unit]}之间的整数，现为“{self.n}”")
        if self.unit == "hour" and self.count_first:
            raise ValueError("按小时计算的期限从起算时刻开始，不存在首日计入")
        if self.unit in ("workday", "hour") and self.roll:
            raise ValueError("按工作日或小时计算的期限不适用遇休息日顺延")


@dataclass(frozen=True, slots=True)
class YearDay:
    """A fixed day of the year; ``day="last"`` is the month's last day, as in "by the end of April"."""

    month: int
    day: int | Literal["last"]
    _: KW_ONLY
    clause: Clause
    roll: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12:
            raise ValueError(f"月份应为1至12，现为“{self.month}”")
        # 2001 is a common year, so 29 February is refused: it is not a day of every year
        if self.day != "last" and not 1 <= self.day <= monthrange(2001, self.month)[1]:
            raise ValueError(f"{self.month}月没有每年都有的“{self.day}日”，月末请写 last")

    def on(self, year: int) -> date:
        """The day in the given year, before any rolling."""
        return date(year, self.month, monthrange(year, self.month)[1] if self.day == "last" else self.day)

    def __str__(self) -> str:
        return f"{self.month}月底" if self.day == "last" else f"{self.month}月{self.day}日"


@dataclass(frozen=True, slots=True)
class Step:
    """One day of an explanation: the day, its number in the count if it has one, and why."""

    day: date
    counted: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Due:
    """When a term ends. ``at`` is the moment, for hours only; ``nominal`` the day before any rolling."""

    on: date
    at: datetime | None
    nominal: date
    missing: tuple[int, ...]
    term: Term | YearDay
    start: date
    calendar: Calendar = field(repr=False, compare=False)

    @property
    def provisional(self) -> bool:
        """Whether a year whose notice is not loaded could still move the day (暂定)."""
        return bool(self.missing)

    def explain(self) -> tuple[Step, ...]:
        """Every day from the start to the end; terms in hours, months or of the year name only the turns."""
        return (*self._count(), *self._rolled())

    def _rolled(self) -> Iterator[Step]:
        for i in range(1, (self.on - self.nominal).days + 1):
            day = self.nominal + timedelta(days=i)
            yield Step(day, None, f"{self.calendar.why(day)}，顺延{'至此' if day == self.on else ''}")

    def _count(self) -> Iterator[Step]:
        term = self.term
        if isinstance(term, YearDay):
            yield Step(self.start, None, "起算日")
            yield Step(self.nominal, None, f"起算日当日或其后的第一个{term}")
        elif term.unit in ("workday", "day"):
            yield from self._day_by_day(term)
        elif self.at:
            begin = self.at - timedelta(hours=term.n)
            yield Step(self.start, None, f"{begin:%H:%M}起算")
            yield Step(self.nominal, term.n, f"{self.at:%H:%M}满{_amount(term)}")
        else:
            yield Step(self.start, None, "起算日，当日计入" if term.count_first else "起算日，当日不计入")
            yield Step(self.nominal, term.n, f"满{_amount(term)}")

    def _day_by_day(self, term: Term) -> Iterator[Step]:
        counted = 0
        for i in range((self.nominal - self.start).days + 1):
            day = self.start + timedelta(days=i)
            if i == 0 and not term.count_first:
                yield Step(day, None, "起算日，当日不计入")
            elif term.unit == "day":
                counted += 1
                yield Step(day, counted, "按自然日计入")
            elif self.calendar.is_workday(day):
                counted += 1
                yield Step(day, counted, self.calendar.why(day))
            else:
                yield Step(day, None, self.calendar.why(day))

    def summary(self) -> str:
        """One Chinese sentence: from when, how much, until when, by which clause, whether provisional."""
        term, parts = self.term, [f"自{chinese_date(self.start)}起"]
        if isinstance(term, YearDay):
            parts.append(f"最近的{term}")
        else:
            if term.first_left_open:
                parts.append(f"当日{'计入' if term.count_first else '不计入'}（由本地设定）")
            elif term.count_first:
                parts.append("当日计入")
            parts.append(_amount(term) + ("（由本地设定）" if term.left_open else ""))
        moment = f"{self.at:%H:%M}" if self.at else ""
        end = f"{chinese_date(self.on)}（{WEEKDAYS[self.on.weekday()]}）{moment}届满"
        parts.append(("遇休息日顺延至" if self.on != self.nominal else "至") + end)
        if self.missing:
            years = "、".join(f"{year}年" for year in self.missing)
            parts.append(f"此日期为暂定，{years}放假安排尚未载入")
        if term.clause:
            parts.append(f"依据{term.clause}")
        return "，".join(parts) + "。"


def due(term: Term | YearDay, start: date | datetime, calendar: Calendar) -> Due:
    """When ``term`` ends if its base event falls on ``start``.

    A term in hours needs a datetime. Raises ValueError, in Chinese, when it has none or when the count
    leaves the years 2000 to 2099.
    """
    _within(start.date() if isinstance(start, datetime) else start)
    moment = _beijing(start) if isinstance(start, datetime) else None
    first = moment.date() if moment else start
    at = None
    if isinstance(term, Term) and term.unit == "hour":
        if moment is None:
            raise ValueError("按小时计算的期限须给出起算时刻，如 2025-04-30T14:30")
        at = moment + timedelta(hours=term.n)
        nominal = at.date()
    else:
        nominal = _nominal(term, first, calendar)
    _within(nominal)
    on = calendar.next_workday(nominal) if term.roll else nominal
    missing = _missing(term, first, nominal, on, calendar)
    return Due(on, at, nominal, missing, term, first, calendar)


def _nominal(term: Term | YearDay, first: date, calendar: Calendar) -> date:
    """The last day of the term, before any rolling."""
    if isinstance(term, YearDay):
        this_year = term.on(first.year)
        return this_year if this_year >= first else term.on(first.year + 1)
    if term.unit in ("workday", "day"):
        counts_first = term.count_first and (term.unit == "day" or calendar.is_workday(first))
        after_first = term.n - counts_first
        if term.unit == "day" or after_first == 0:
            return first + timedelta(days=after_first)
        return calendar.add_workdays(first, after_first)
    return _corresponding(first, term.n * (12 if term.unit == "year" else 1), count_first=term.count_first)


def _corresponding(first: date, months: int, *, count_first: bool) -> date:
    """The corresponding day (民法典 第二百零二条); the day before it when the first day counts."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    if first.day > last:
        return date(year, month + 1, last)
    return date(year, month + 1, first.day) - timedelta(days=int(count_first))


def _missing(
    term: Term | YearDay, first: date, nominal: date, on: date, calendar: Calendar
) -> tuple[int, ...]:
    """Years not loaded that the day leans on: natural days lean on none, unless they roll."""
    if isinstance(term, Term) and term.unit == "workday":
        return calendar.missing_years(first if term.count_first else first + timedelta(days=1), on)
    return calendar.missing_years(nominal, on) if term.roll else ()


def _amount(term: Term) -> str:
    return f"{term.n}{UNIT_LABELS[term.unit]}"


def _beijing(moment: datetime) -> datetime:
    return moment.astimezone(BEIJING) if moment.tzinfo else moment


def _within(day: date) -> None:
    if not FIRST <= day <= LAST:
        raise ValueError(f"日期{day}超出可推算的范围（{FIRST.year}年至{LAST.year}年），请检查日期和期限")


@dataclass(frozen=True, slots=True)
class Remaining:
    """How far a due day is: natural days and working days, both negative once it has passed."""

    days: int
    workdays: int
    provisional: bool

    def __str__(self) -> str:
        tail = "（暂定）" if self.provisional else ""
        if self.days == 0:
            return "今天到期"
        word = "还剩" if self.days > 0 else "已逾期"
        if self.workdays == 0:
            return f"{word}{abs(self.days)}天，其间无工作日{tail}"
        return f"{word}{abs(self.workdays)}个工作日{tail}"


def remaining(today: date, due_on: date, calendar: Calendar) -> Remaining:
    """How long is left on ``today``, today itself not counted; raises ValueError outside 2000 to 2099."""
    early, late = sorted((today, due_on))
    missing = calendar.missing_years(early + timedelta(days=1), late) if late > early else ()
    sign = 1 if due_on >= today else -1
    workdays = sign * calendar.workdays_between(early, late)
    return Remaining((due_on - today).days, workdays, bool(missing))
