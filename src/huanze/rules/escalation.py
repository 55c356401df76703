"""The five ways of urging (XQ-13): which are due now, when that will next change, and what comes if nothing moves.

Everything a pack may ask about time moves one way as days pass, so the days on which a condition
holds are computed directly as spans, never by walking the calendar. Nothing here issues anything:
a proposal leads on only by a person's act.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache, reduce
from typing import Any, Literal, Protocol, TypeAlias

from huanze.rules import progress, spans
from huanze.rules.conditions import COMPARE, All, Any_, Compare, Condition, Not, holds, wanted
from huanze.rules.lifecycle import WORK
from huanze.rules.spans import FIRST, LAST, Spans
from huanze.rules.verdicts import Clause

Light: TypeAlias = Literal["green", "amber", "red"]
LIGHT_LABELS: Mapping[str, str] = {"green": "绿灯", "amber": "黄灯", "red": "红灯"}
LIGHT_SETTINGS: Mapping[str, int] = {"near_days": 30, "behind_margin": 10, "severe_behind": 30}
"""What the lights go by when a pack leaves no such term open."""

WORK_STATES = frozenset(s.value for s in WORK)


class Step(Protocol):
    """A step of a pack's ladder (``schema.LadderStep``)."""

    @property
    def step(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def when(self) -> Condition: ...
    @property
    def again(self) -> Literal["never", "monthly"]: ...
    @property
    def clause(self) -> Clause: ...


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A problem as the ladder sees it.

    ``issued``: last day each step was issued since the deadline was last fixed. ``proposed``: steps
    proposed since then and neither issued nor dropped. Both keep a step from being proposed again.
    """

    state: str
    deadline: date | None
    start: date | None
    percent: int = 0
    level: str = ""
    kind: str = ""
    uncertain: bool = False
    stages: tuple[tuple[date, int], ...] = ()
    issued: Mapping[str, date] = field(default_factory=dict)
    proposed: Mapping[str, date] = field(default_factory=dict)

    @property
    def running(self) -> bool:
        """Whether a deadline runs: only a fixed plan that is being worked off can be urged."""
        return self.deadline is not None and self.state in WORK_STATES

    def began(self) -> date:
        return self.start or self.deadline or date.min

    def elapsed(self, today: date) -> int:
        return progress.elapsed_percent(self.began(), self.deadline, today, self.stages) if self.deadline else 0

    def reaching(self, percent: int) -> int:
        """The day number on which the time elapsed first reaches ``percent``."""
        return progress.day_reaching(self.began(), self.deadline, percent, self.stages) if self.deadline else LAST + 1

    def on(self, today: date) -> dict[str, Any]:
        """Every fact of the grammar as it stands on ``today``."""
        elapsed = self.elapsed(today)
        left = (self.deadline - today).days if self.deadline else None
        last = max(self.issued.values(), default=None)
        return {
            "days_to_deadline": left,
            "days_overdue": None if left is None else max(0, -left),
            "percent": self.percent,
            "elapsed_percent": elapsed,
            "behind_percent": max(0, elapsed - self.percent),
            "uncertain": self.uncertain,
            "steps_issued": frozenset(self.issued),
            "steps_count": len(self.issued),
            "days_since_step": None if last is None else (today - last).days,
            "month": today.month,
            "state": self.state,
            "level": self.level,
            "kind": self.kind,
        }


@dataclass(frozen=True, slots=True)
class Proposal:
    """A step that is due: why, and for an interview the steps that came before it."""

    step: str
    label: str
    clause: Clause
    because: tuple[str, ...]
    chain: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Coming:
    """One line of a rehearsal."""

    day: date
    what: str
    clause: Clause
    because: tuple[str, ...]


# ---- the days on which a condition holds


def days(condition: Condition, case: CaseFacts, settings: Mapping[str, Any], window: tuple[int, int]) -> Spans:
    """The days on which a condition holds if nothing moves. Exact inside ``window`` (first and last day number)."""
    match condition:
        case Compare():
            return _compare_days(condition, case, settings, window)
        case All(parts):
            held = spans.ALWAYS
            for part in parts:
                held = spans.intersect(held, days(part, case, settings, window))
                if not held:
                    break
            return held
        case Any_(parts):
            held = spans.NEVER
            for part in parts:
                held = spans.union(held, days(part, case, settings, window))
            return held
        case Not(part):
            return spans.complement(days(part, case, settings, window))


def _compare_days(c: Compare, case: CaseFacts, settings: Mapping[str, Any], window: tuple[int, int]) -> Spans:
    fact, op, value = c.fact, c.op, wanted(c, settings)
    if fact in TIMED:
        if case.deadline is None or (fact == "days_since_step" and not case.issued):
            return spans.NEVER
        if op != "in":
            return _growing(fact, op, value, case)
        return reduce(spans.union, (_growing(fact, "==", v, case) for v in value), spans.NEVER)
    if fact == "month":
        years = (date.fromordinal(day).year for day in window)
        return _month_days(tuple(m for m in range(1, 13) if COMPARE[op](m, value)), *years)
    have = _still(fact, case)
    return spans.ALWAYS if have is not None and COMPARE[op](have, value) else spans.NEVER


TIMED = frozenset({"days_to_deadline", "days_overdue", "elapsed_percent", "behind_percent", "days_since_step"})
MIRROR = {"<=": ">=", "<": ">", ">=": "<=", ">": "<", "==": "=="}


def _still(fact: str, case: CaseFacts) -> Any:
    """A fact that no passing day changes."""
    if fact == "steps_issued":
        return case.issued
    return len(case.issued) if fact == "steps_count" else getattr(case, fact)


def _growing(fact: str, op: str, value: int, case: CaseFacts) -> Spans:
    """Days on which a fact that only ever grows compares so: from the day it reaches a value, or until then."""
    if fact == "days_to_deadline":  # the one that shrinks: turned round
        op, value = MIRROR[op], -value
    if op == ">=":
        return spans.between(_reach(fact, value, case), LAST)
    if op == ">":
        return spans.between(_reach(fact, value + 1, case), LAST)
    if op == "<":
        return spans.between(FIRST, _reach(fact, value, case) - 1)
    if op == "<=":
        return spans.between(FIRST, _reach(fact, value + 1, case) - 1)
    return spans.between(_reach(fact, value, case), _reach(fact, value + 1, case) - 1)


def _reach(fact: str, value: int, case: CaseFacts) -> int:
    """The day number on which a growing fact first reaches ``value``."""
    assert case.deadline is not None  # noqa: S101  (asked only of a case whose deadline runs)
    if fact == "days_to_deadline":
        return case.deadline.toordinal() + value
    if fact == "days_since_step":
        return max(case.issued.values()).toordinal() + value
    if fact == "elapsed_percent":
        return case.reaching(value)
    if value <= 0:
        return FIRST
    return case.deadline.toordinal() + value if fact == "days_overdue" else case.reaching(case.percent + value)


@lru_cache(maxsize=512)
def _month_days(months: tuple[int, ...], first_year: int, last_year: int) -> Spans:
    held = spans.NEVER
    for year in range(first_year, last_year + 1):
        for month in months:
            held = spans.union(held, _month(year, month))
    return held


def _month(year: int, month: int) -> Spans:
    after = date(year + month // 12, month % 12 + 1, 1)
    return spans.between(date(year, month, 1).toordinal(), after.toordinal() - 1)


# ---- proposals


def due_days(step: Step, case: CaseFacts, settings: Mapping[str, Any], window: tuple[int, int]) -> Spans:
    """The days on which a step is to be proposed: its condition holds and it was not taken already."""
    last = max((d for d in (case.issued.get(step.step), case.proposed.get(step.step)) if d), default=None)
    if last is not None and step.again == "never":
        return spans.NEVER
    held = days(step.when, case, settings, window)
    return held if last is None or not held else spans.intersect(held, spans.complement(_month(last.year, last.month)))


def propose(ladder: Iterable[Step], case: CaseFacts, settings: Mapping[str, Any], today: date) -> tuple[Proposal, ...]:
    """The steps due on ``today``, in the ladder's order, each with its reasons in Chinese."""
    if not case.running:
        return ()
    day = today.toordinal()
    due = (s for s in ladder if spans.contains(due_days(s, case, settings, (day, day)), day))
    return tuple(_proposal(s, case, settings, today) for s in due)


def _proposal(step: Step, case: CaseFacts, settings: Mapping[str, Any], today: date) -> Proposal:
    verdict = holds(step.when, case.on(today), settings, step.clause)
    chain = tuple(sorted(case.issued.items(), key=lambda kv: kv[1])) if step.step == "interview" else ()
    return Proposal(step.step, step.label, step.clause, verdict.because, chain)


# ---- lights


def _light_days(case: CaseFacts, settings: Mapping[str, Any]) -> tuple[int, int]:
    """The first amber and the first red day: as days pass a light only ever gets worse."""
    assert case.deadline is not None  # noqa: S101
    near, margin, severe = (int(settings.get(k, v)) for k, v in LIGHT_SETTINGS.items())
    end = case.deadline.toordinal()
    red = min(end + 1, case.reaching(case.percent + severe))
    return min(end - near, case.reaching(case.percent + margin), red), red


def light(case: CaseFacts, settings: Mapping[str, Any], today: date) -> Light:
    """Red: overdue or badly behind. Amber: near the deadline or behind. Green otherwise, and where no deadline runs."""
    if not case.running:
        return "green"
    amber, red = _light_days(case, settings)
    day = today.toordinal()
    return "red" if day >= red else "amber" if day >= amber else "green"


# ---- what is to come

REHEARSED = 60
"""Lines after which a rehearsal stops: nobody reads further."""


def next_change(ladder: Iterable[Step], case: CaseFacts, settings: Mapping[str, Any], after: date, until: date) -> date | None:
    """The first day after ``after`` and up to ``until`` on which proposals, light or overdue mark change if nothing moves."""
    if not case.running or case.deadline is None:
        return None
    now, stop = after.toordinal(), until.toordinal()
    amber, red = _light_days(case, settings)
    edges = [day for day in (amber, red, case.deadline.toordinal() + 1) if day > now]
    window = (now, stop)
    edges += [spans.next_edge(due_days(step, case, settings, window), now) for step in ladder]
    first = min(edges, default=LAST + 1)
    return date.fromordinal(first) if first <= stop else None


def rehearse(ladder: Iterable[Step], case: CaseFacts, settings: Mapping[str, Any], after: date, until: date) -> tuple[Coming, ...]:
    """What will come after ``after`` if nothing moves, each step being issued on the day it falls due."""
    steps, told, today = tuple(ladder), list[Coming](), after
    case = _issued(case, propose(steps, case, settings, today), today)
    while len(told) < REHEARSED and (day := next_change(steps, case, settings, today, until)):
        due = propose(steps, case, settings, day)
        told += _marks(case, settings, today, day)
        told += (Coming(day, p.label, p.clause, p.because) for p in due)
        case, today = _issued(case, due, day), day
    return tuple(told)


def _issued(case: CaseFacts, due: Iterable[Proposal], day: date) -> CaseFacts:
    """The case as if what is due were issued on ``day``."""
    return replace(case, issued={**case.issued, **{p.step: day for p in due}})


def _marks(case: CaseFacts, settings: Mapping[str, Any], before: date, day: date) -> list[Coming]:
    made = []
    was, now = light(case, settings, before), light(case, settings, day)
    facts = case.on(day)
    if case.deadline and before <= case.deadline < day:
        made.append(Coming(day, "逾期", "", (f"完成时限为{case.deadline.isoformat()}",)))
    if was != now:
        why = f"距完成时限{facts['days_to_deadline']}天，完成{case.percent}%，时间进度{facts['elapsed_percent']}%"
        made.append(Coming(day, f"转为{LIGHT_LABELS[now]}", "", (why,)))
    return made
