"""When a duty that recurs falls due: its slots, one for each time it must be done.

A slot lies in a period and has one due day. Where the document gives days, those are the due days; where it gives only
a frequency, the last day of each period is. A duty counts from the first slot whose due day is not before the day on
which the rules came into force. No day is moved off a weekend: no document read so far says so.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from huanze.rules.packs.loader import resolve
from huanze.rules.packs.parts import FREQ_LABELS, Setting
from huanze.rules.packs.schema import Duty

MONTHS: Mapping[str, int] = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
NUMERALS = "一二三四"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """One time a duty must be done: in ``period``, from ``opens`` to ``due``, both included; the ``n``-th of the period."""

    period: str
    opens: date
    due: date
    n: int


def slots(duty: Duty, since: date, until: date, settings: Mapping[str, Any]) -> tuple[Slot, ...]:
    """The slots due from ``since``, the day the rules came into force, to ``until``, in order.

    ``settings`` are those of ``loader.settings``. A duty without a day or a frequency has no slots: it stands all the time.
    """
    if not timed(duty):
        return ()
    if duty.value.on is not None:
        found = iter([Slot("", since, duty.value.on, 1)])
    elif duty.value.due or duty.value.freq in MONTHS:
        found = _periodic(duty, since, until)
    else:
        found = _windows(int(resolve(duty.value.every, settings)), since, until)
    return tuple(s for s in found if since <= s.due <= until)


def timed(duty: Duty) -> bool:
    """Whether a duty has a day or a frequency; if not, it stands all the time."""
    value = duty.value
    return bool(value.on or value.due or value.freq in MONTHS or value.every is not None)


def _periodic(duty: Duty, since: date, until: date) -> Iterator[Slot]:
    """By the calendar: months, quarters, half-years or years."""
    months = MONTHS.get(duty.value.freq or "", 12)
    for year in range(since.year, until.year + 1):
        for first in range(1, 13, months):
            start, end = date(year, first, 1), _last(year, first + months - 1)
            given = sorted(day for d in duty.value.due if start <= (day := date.fromisoformat(f"{year}-{d}")) <= end)
            days = given if duty.value.due else [end] * duty.value.min
            for n, day in enumerate(days, start=1):
                label = _label(year - 1 if _on_last_year(duty, day) else year, first, months)
                yield Slot(f"{label}第{n}次" if len(days) > 1 else label, max(start, since), day, n)


def _on_last_year(duty: Duty, day: date) -> bool:
    """A yearly report due in the first half of a year tells of the year before (SD-7, JX-9, HB-11)."""
    return duty.kind == "annual_report" and bool(duty.value.due) and day.month <= 6


def _windows(months: int, since: date, until: date) -> Iterator[Slot]:
    """“Regularly”, which the place reads as once in so many months: windows one after the other from ``since``."""
    for k in count():
        start, end = _later(since, k * months), _later(since, (k + 1) * months) - DAY
        if start > until:
            return
        yield Slot(f"{start.year}年{start.month}月{start.day}日起{months}个月", start, end, 1)


def _later(day: date, months: int) -> date:
    """The same day so many months on, or that month's last day where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _last(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _label(year: int, first: int, months: int) -> str:
    match months:
        case 1:
            return f"{year}年{first}月"
        case 3:
            return f"{year}年第{NUMERALS[first // 3]}季度"
        case 6:
            return f"{year}年{'上' if first == 1 else '下'}半年"
        case _:
            return f"{year}年度"


def told(duty: Duty, settings: Mapping[str, Any]) -> str:
    """In one Chinese sentence, how the days of a duty come about."""
    value = duty.value
    often = FREQ_LABELS.get(value.freq or "", "每年")
    if value.on is not None:
        return f"文件规定{value.on.year}年{value.on.month}月{value.on.day}日以前办理。"
    if value.due:
        days = "、".join(f"{int(d[:2])}月{int(d[3:])}日" for d in value.due)
        before = "，报告的是上一年度的情况" if any(_on_last_year(duty, date.fromisoformat(f"2001-{d}")) for d in value.due) else ""
        return f"文件规定{often}{days}以前办理{before}。期限遇休息日不顺延。"
    if value.freq in MONTHS:
        return f"文件规定{often}至少{value.min}次，没有规定日期，以期末日为期限。"
    if value.every is not None:
        source = "“定期”由本地设定为" if isinstance(value.every, Setting) else "文件规定"
        return f"{source}每{resolve(value.every, settings)}个月至少一次，自施行之日起连续计算。"
    if value.freq == "once":
        return "一次性事项，文件没有规定日期。"
    return "不定期或者视情办理，文件没有规定次数和日期。"
