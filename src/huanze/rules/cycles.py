"""Days that come round every year: which cut-off a return belongs to, and when a yearly day is next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date


def next_day(days: Sequence[str], today: date) -> date:
    """The first of the days of the year (``MM-DD``) on or after ``today``. Raises ValueError when there is none given."""
    if not days:
        raise ValueError("没有规定日期")
    return min(day for year in (today.year, today.year + 1) for d in days if (day := date.fromisoformat(f"{year}-{d}")) >= today)


def quarter(day: date) -> str:
    """The quarter a day lies in, as ``2025Q1``."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def belongs_to(days: Sequence[str], reported_on: date) -> date:
    """The cut-off whose list a self-found problem enters: on the day itself is in time, a day later is the next
    quarter's list (XQ-6/2)."""
    return next_day(days, reported_on)
