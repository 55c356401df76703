"""序时进度 (XQ-9): how far a task should be by now, and whether it is ahead, on or behind.

Time runs evenly from the start (0%) to the deadline (100%). A long-term task runs stage by stage:
evenly from one stage's target to the next, each reached on the stage's day (XQ-7, XQ-8).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, TypeAlias

from huanze.rules.spans import FIRST, LAST

Standing: TypeAlias = Literal["ahead", "on", "behind"]
Stages: TypeAlias = Sequence[tuple[date, int]]
"""Days and target percentages of the stages, in order; the deadline itself need not be among them."""

STANDING_LABELS: dict[Standing, str] = {"ahead": "超过序时进度", "on": "达到序时进度", "behind": "未达到序时进度"}


def even_stages(days: Sequence[date]) -> tuple[tuple[date, int], ...]:
    """Stages without percentages of their own share the work evenly; the last one is the whole."""
    return tuple((day, 100 * (i + 1) // len(days)) for i, day in enumerate(days))


def _legs(start: date, deadline: date, stages: Stages) -> Iterator[tuple[int, int, int, int]]:
    """(first day, percent, last day, percent) of each even stretch; targets never fall, the last is 100."""
    day, reached, end = start.toordinal(), 0, deadline.toordinal()
    for until, target in (*stages, (deadline, 100)):
        stop, target = until.toordinal(), max(target, reached)
        if day < stop and day < end:
            yield day, reached, stop, target
            day, reached = stop, target


def elapsed_percent(start: date, deadline: date, today: date, stages: Stages = ()) -> int:
    """How far a task should be on ``today``: whole percent, rounded down, 0 to 100."""
    if today >= deadline:
        return 100
    now = today.toordinal()
    for day, reached, stop, target in _legs(start, deadline, stages):
        if now <= day:
            return reached
        if now < stop:
            return reached + (target - reached) * (now - day) // (stop - day)
    return 0


def day_reaching(start: date, deadline: date, percent: int, stages: Stages = ()) -> int:
    """The number of the first day on which ``elapsed_percent`` is at least ``percent``; past LAST when it never is."""
    if percent <= 0:
        return FIRST
    if percent > 100:
        return LAST + 1
    end, first = deadline.toordinal(), start.toordinal()
    if not stages:  # by far the most common, and asked a million times a night
        return first - -percent * (end - first) // 100 if first < end else end
    for day, reached, stop, target in _legs(start, deadline, stages):
        if target >= percent:
            # Rounded up: the first whole day on which the rounded-down percentage is there.
            return min(day - (reached - percent) * (stop - day) // (target - reached), end)
    return end


def standing(percent: int, elapsed: int, margin: int) -> Standing:
    """``margin`` percentage points count: exactly that much behind is behind, that much ahead is ahead."""
    gap = percent - elapsed
    if gap <= -margin:
        return "behind"
    return "ahead" if gap >= margin else "on"
