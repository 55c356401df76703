"""The deduction ledger: running total, and what each threshold brings once and only once (XQ-21, XQ-22).

Points are positive whole numbers that count against a unit. A threshold is reached at its number:
以上 includes the number (民法典 第一千二百五十九条).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from huanze.rules.verdicts import Clause


class Threshold(Protocol):
    """A threshold of a pack (``schema.Threshold``)."""

    @property
    def effect(self) -> str: ...
    @property
    def at(self) -> int: ...
    @property
    def below(self) -> int | None: ...
    @property
    def label(self) -> str: ...
    @property
    def clause(self) -> Clause: ...


T = TypeVar("T", bound=Threshold)


@dataclass(frozen=True, slots=True)
class Deducted:
    """One entry of a unit's ledger. ``withdrawn``: an appeal succeeded and it counts no more."""

    key: str
    on: date
    points: int
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Crossing:
    """A threshold that takes effect now, with the entry that carried the total over it."""

    effect: str
    label: str
    at: int
    total: int
    entry: str
    on: date
    clause: Clause
    because: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A threshold that took effect earlier and is no longer reached."""

    effect: str
    label: str
    at: int
    total: int
    clause: Clause
    because: str


def counted(entries: Iterable[Deducted], period: str, today: date) -> tuple[Deducted, ...]:
    """The entries that add up on ``today``, oldest first. ``period``: ``year`` (the calendar year) or ``all``."""
    kept = (e for e in entries if not e.withdrawn and e.on <= today and (period == "all" or e.on.year == today.year))
    return tuple(sorted(kept, key=lambda e: (e.on, e.key)))


def total(entries: Iterable[Deducted]) -> int:
    return sum(e.points for e in entries if not e.withdrawn)


def crossings(
    entries: Iterable[Deducted], thresholds: Sequence[Threshold], already: Collection[str]
) -> tuple[tuple[Crossing, ...], tuple[Withdrawal, ...]]:
    """What takes effect and what is withdrawn. ``already``: effects in force for the same unit and period.

    Calling again with what was fired added to ``already``, and what was withdrawn taken out, gives nothing.
    An effect that was withdrawn may be reached, and fire, again.
    """
    live = sorted((e for e in entries if not e.withdrawn), key=lambda e: (e.on, e.key))
    sum_ = total(live)
    fired, withdrawn = [], []
    for t in sorted(thresholds, key=lambda t: t.at):
        if sum_ >= t.at and t.effect not in already:
            fired.append(_crossing(t, live, sum_))
        elif sum_ < t.at and t.effect in already:
            why = f"申诉成立后累计扣分为{sum_}分，低于{t.at}分，“{t.label}”应予撤回"
            withdrawn.append(Withdrawal(t.effect, t.label, t.at, sum_, t.clause, why))
    return tuple(fired), tuple(withdrawn)


def _crossing(t: Threshold, live: Sequence[Deducted], sum_: int) -> Crossing:
    running = 0
    for entry in live:
        running += entry.points
        if running >= t.at:
            break
    why = f"{entry.on.isoformat()}扣{entry.points}分后累计{running}分，达到{t.at}分"
    return Crossing(t.effect, t.label, t.at, sum_, entry.key, entry.on, t.clause, why)


def band(points: int, thresholds: Iterable[T]) -> T | None:
    """The threshold whose band a total falls into; None below the first."""
    return max((t for t in thresholds if t.at <= points), key=lambda t: t.at, default=None)


def gaps(thresholds: Iterable[Threshold]) -> list[str]:
    """What is wrong with the bands, in Chinese: each must end where the next begins and the last stay open."""
    rows = sorted(thresholds, key=lambda t: t.at)
    wrong: list[str] = []
    for i, t in enumerate(rows):
        following = rows[i + 1].at if i + 1 < len(rows) else None
        if following == t.at:
            wrong.append(f"{t.effect}：分值线{t.at}分与{rows[i + 1].effect}重复")
        elif t.below is None or t.below == following:
            continue
        elif following is None:
            wrong.append(f"{t.effect}：最高一档不应有上限，{t.below}分以上没有着落")
        else:
            word = "空档" if t.below < following else "重叠"
            wrong.append(f"{t.effect}：到{t.below}分为止，下一档自{following}分起，两档之间有{word}")
    return wrong
