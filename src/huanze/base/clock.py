"""The one place that knows what time it is.

Every service asks here, so a simulation or a test can live on another day without
anyone patching anything. Legal days are days in China (GB/T 7408, UTC+08:00).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_set: ContextVar[datetime | None] = ContextVar("huanze_clock", default=None)


def now() -> datetime:
    """The moment it is, with its zone."""
    return _set.get() or datetime.now(ZONE)


def today() -> date:
    """The legal day it is."""
    return now().astimezone(ZONE).date()


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment on a legal day, nine in the morning unless told."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def day_start(day: date) -> datetime:
    return moment(day, 0)


@contextmanager
def at(when: date | datetime) -> Iterator[datetime]:
    """Live at ``when`` inside the block; a bare day means nine in the morning of it."""
    fixed = when if isinstance(when, datetime) else moment(when)
    token = _set.set(fixed)
    try:
        yield fixed
    finally:
        _set.reset(token)


def days(first: date, last: date) -> Iterator[date]:
    """Every day from ``first`` to ``last``, both included."""
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)
