"""The working calendar: which days are worked, why, and sums in working days.

Data, not code, says what a holiday is (habit 6): one file a year under ``packs/cn/calendar``, each
citing the notice of the State Council's general office. A year without a file counts weekends only,
and :meth:`Calendar.missing_years` says so, so that no guess is passed off as sure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
"""The span in which days are counted; a sum that leaves it is refused."""

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_BASE = FIRST.toordinal()
_OPEN_FROM = (12, 29)
"""From this day on a year also needs the next year's notice: 元旦 may reach back into December.
The notice for 2019 did: it made 2018-12-29 a working day and 2018-12-31 a holiday."""


class CalendarError(ValueError):
    """A year's file is wrong; the message says in Chinese which file, where and what."""


@dataclass(frozen=True, slots=True)
class Notice:
    """The document that fixed the days, as 国务院办公厅关于2025年部分节假日安排的通知."""

    title: str
    number: str
    date: date

    def __str__(self) -> str:
        return f"《{self.title}》（{self.number}，{chinese_date(self.date)}）"


@dataclass(frozen=True, slots=True)
class YearCalendar:
    """One year's public holidays by name and its make-up working days, with the notices they rest on.

    Raises CalendarError when a day is of another year or given twice, when a make-up day is not a
    Saturday or Sunday, or when no notice is cited.
    """

    year: int
    notices: tuple[Notice, ...]
    holidays: Mapping[str, tuple[date, ...]]
    workdays: tuple[date, ...]

    def __post_init__(self) -> None:
        wrong = [*self._faults()]
        if wrong:
            raise CalendarError("；".join(wrong))

    def _faults(self) -> list[str]:
        if not FIRST.year <= self.year <= LAST.year:
            return [f"year：{self.year}不在{FIRST.year}年至{LAST.year}年之间"]
        wrong = []
        if not self.notices:
            wrong.append("notices：未注明依据的通知，请填写标题、文号和日期")
        if not self.holidays:
            wrong.append("holidays：没有任何节假日，请按通知填写")
        seen: dict[date, str] = {}
        for where, day in self._placed():
            if day.year != self.year:
                wrong.append(f"{where}：{day}不属于{self.year}年，请移到{day.year}年的文件")
            if day in seen:
                wrong.append(f"{where}：{day}已列在{seen[day]}，同一天只能出现一次")
            seen.setdefault(day, where)
            if where == "workdays" and day.weekday() < 5:
                wrong.append(f"{where}：{day}是{WEEKDAYS[day.weekday()]}，调休上班日只能是周六或周日")
        return wrong

    def _placed(self) -> list[tuple[str, date]]:
        named = [(f"holidays.{name}", day) for name, days in self.holidays.items() for day in days]
        return named + [("workdays", day) for day in self.workdays]


def load_year(text: str, origin: str) -> YearCalendar:
    """Read one year's YAML; ``origin`` is the file's name, for errors.

    Raises CalendarError, with every fault that was found.
    """
    try:
        return _year(YAML(typ="safe", pure=True).load(text))
    except CalendarError as error:
        raise CalendarError(f"{origin}：{error}") from None
    except MarkedYAMLError as error:
        where = f"第{error.problem_mark.line + 1}行" if error.problem_mark else "内容"
        what = "同一项写了两次" if isinstance(error, DuplicateKeyError) else "不是合规的 YAML"
        raise CalendarError(f"{origin}：{where}{what}，请改正后重新导入") from error
    except (YAMLError, RecursionError) as error:
        raise CalendarError(f"{origin}：内容不是合规的 YAML，请改正后重新导入") from error
    except ValueError as error:
        raise CalendarError(f"{origin}：含有不存在的日期，请核对后重新导入") from error


def _year(raw: Any) -> YearCalendar:
    allowed = {"year", "notices", "holidays", "workdays"}
    if not isinstance(raw, dict) or set(raw) != allowed:
        raise CalendarError("应当有且只有 year、notices、holidays、workdays 四项")
    year, notices, holidays = raw["year"], raw["notices"], raw["holidays"]
    if not isinstance(year, int) or isinstance(year, bool):
        raise CalendarError("year：应为四位数年份")
    if not isinstance(holidays, dict) or not all(isinstance(name, str) and _plain(name) for name in holidays):
        raise CalendarError("holidays：应为“节日名称: 日期清单”")
    if not isinstance(notices, list):
        raise CalendarError("notices：应为通知清单")
    return YearCalendar(
        year=year,
        notices=tuple(_notice(item, f"notices 第{i}项") for i, item in enumerate(notices, 1)),
        holidays=MappingProxyType({name: _days(days, f"holidays.{name}") for name, days in holidays.items()}),
        workdays=_days(raw["workdays"], "workdays"),
    )


def _plain(text: str) -> bool:
    """Whether a database keeps a text: no control character and no half of a character, which an escape can write."""
    return all(char.isprintable() or char.isspace() for char in text) and not any("\ud800" <= char <= "\udfff" for char in text)


def _notice(raw: Any, where: str) -> Notice:
    if not isinstance(raw, dict) or set(raw) != {"title", "number", "date"}:
        raise CalendarError(f"{where}：应当有且只有 title、number、date 三项")
    if not all(isinstance(raw[key], str) and raw[key].strip() for key in ("title", "number")):
        raise CalendarError(f"{where}：标题和文号不能为空")
    if not all(_plain(raw[key]) for key in ("title", "number")):
        raise CalendarError(f"{where}：标题或者文号里有不能保存的字符，请删去")
    return Notice(title=raw["title"], number=raw["number"], date=_days([raw["date"]], where)[0])


def _days(raw: Any, where: str) -> tuple[date, ...]:
    if not isinstance(raw, list):
        raise CalendarError(f"{where}：应为日期清单")
    for item in raw:
        if not isinstance(item, date) or isinstance(item, datetime):
            raise CalendarError(f"{where}：“{item}”不是日期，请写成 2025-01-31 的样子")
    return tuple(raw)


@cache
def shipped_years() -> Mapping[int, YearCalendar]:
    """The years that come with Huanze, by year. Raises CalendarError if a file is wrong."""
    folder = files("huanze") / "packs" / "cn" / "calendar"
    sources = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    years = [load_year(f.read_text(encoding="utf-8"), f.name) for f in sources]
    return MappingProxyType({year.year: year for year in years})


@cache
def shipped_calendar() -> Calendar:
    """The calendar of the shipped years, built once."""
    return Calendar(shipped_years())


def chinese_date(day: date | None) -> str:
    """``2025-05-16`` as 2025年5月16日; no day as nothing."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


class Calendar:
    """Sums in working days over the years given; other years count weekends only.

    Two tables are made once: how many working days lie before each day, and the working days in
    order. Every sum is then two look-ups, whatever the distance.
    """

    __slots__ = ("_before", "_makeup", "_named", "_workdays", "_years")

    def __init__(self, years: Mapping[int, YearCalendar]) -> None:
        loaded = years.values()
        self._years = frozenset(year.year for year in loaded)
        self._named = {d: name for year in loaded for name, days in year.holidays.items() for d in days}
        self._makeup = frozenset(day for year in loaded for day in year.workdays)
        self._before = [0]
        self._workdays: list[date] = []
        for ordinal in range(_BASE, LAST.toordinal() + 1):
            day = date.fromordinal(ordinal)
            # ordinal 1 was a Monday, so ordinal % 7 is 6 on Saturday and 0 on Sunday
            rest = ordinal % 7 in (6, 0)
            if day in self._makeup or not (rest or day in self._named):
                self._workdays.append(day)
            self._before.append(len(self._workdays))

    def known(self, year: int) -> bool:
        """Whether the year's notice is loaded."""
        return year in self._years

    def missing_years(self, first: date, last: date) -> tuple[int, ...]:
        """The years whose notices are not loaded but decide which days from first to last are worked."""
        end = last.year + ((last.month, last.day) >= _OPEN_FROM)
        return tuple(year for year in range(first.year, end + 1) if year not in self._years)

    def is_workday(self, day: date) -> bool:
        index = self._index(day)
        return self._before[index + 1] > self._before[index]

    def why(self, day: date) -> str:
        """Why the day is worked or not, in Chinese: 工作日, 调休上班, 周六, 国庆节放假."""
        self._index(day)
        if day in self._named:
            return f"{self._named[day]}放假"
        if day in self._makeup:
            return "调休上班"
        plain = WEEKDAYS[day.weekday()] if day.weekday() >= 5 else "工作日"
        return f"{plain}（暂按周末推算）" if self.missing_years(day, day) else plain

    def add_workdays(self, day: date, n: int) -> date:
        """The nth working day after ``day`` (before it, for a negative n); never a rest day.

        Raises ValueError for n = 0 and where the sum leaves the years 2000 to 2099.
        """
        if n == 0:
            raise ValueError("工作日数不能为0，请填写1以上的整数")
        index = self._index(day)
        at = self._before[index + 1] + n - 1 if n > 0 else self._before[index] + n
        if not 0 <= at < len(self._workdays):
            raise _outside()
        return self._workdays[at]

    def add_workdays_many(self, days: Sequence[date], n: int) -> list[date]:
        """:meth:`add_workdays` for many days at once, n ≥ 1."""
        if n < 1:
            raise ValueError("工作日数应为1以上的整数")
        if not days:
            return []
        self._index(min(days))
        self.add_workdays(max(days), n)
        through, workdays, shift = self._before, self._workdays, n - 1
        return [workdays[through[day.toordinal() - _BASE + 1] + shift] for day in days]

    def workdays_between(self, first: date, last: date) -> int:
        """Working days after ``first`` up to and with ``last``; negative when ``last`` is earlier.

        The inverse of :meth:`add_workdays`: ``workdays_between(d, add_workdays(d, n)) == n``.
        """
        start, end = self._index(first), self._index(last)
        if end >= start:
            return self._before[end + 1] - self._before[start + 1]
        return self._before[end] - self._before[start]

    def next_workday(self, day: date) -> date:
        """The day itself if it is worked, else the first working day after it."""
        at = self._before[self._index(day)]
        if at == len(self._workdays):
            raise _outside()
        return self._workdays[at]

    def _index(self, day: date) -> int:
        index = day.toordinal() - _BASE
        if not 0 <= index < len(self._before) - 1:
            raise _outside()
        return index


def _outside() -> ValueError:
    return ValueError(f"日期超出可推算的范围（{FIRST.year}年至{LAST.year}年），请检查日期和天数")
