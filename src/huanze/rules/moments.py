"""The moments of one problem: on which legal day what becomes true of it if nobody acts.

A moment is a day on which something changes by the mere passing of time: a light, the overdue mark, a
step of the ladder falling due or no longer true, the acceptors' clock, the end of a publicity. ``course``
walks from moment to moment, never from day to day, and says what each brought, so that running late
gives what running daily would have given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

from huanze.rules.escalation import CaseFacts, Step, days, due_days, light, next_change, propose
from huanze.rules.lifecycle import STATE_LABELS, State
from huanze.rules.spans import LAST, NEVER, Spans, contains, next_edge
from huanze.rules.verdicts import Clause

NONE = "none"
"""The light of a problem whose deadline does not run."""

HORIZON = timedelta(days=400)
"""How far past today and past the deadline to look. All limits lie before it but the months, which repeat yearly."""

Kind: TypeAlias = Literal[
    "light", "proposed", "lapsed", "overdue", "overdue_over", "acceptance", "acceptance_over", "publicity_over"
]


@dataclass(frozen=True, slots=True)
class Matter:
    """One problem as time sees it.

    ``proposals``: open proposals by step, each with the deadline it was made under. ``acceptance_due``:
    the day by which the acceptors are to be gathered, while they are not. ``overdue_told`` and
    ``acceptance_told``: the omission stands on record and is not made good.
    """

    case: CaseFacts
    light: str = NONE
    proposals: Mapping[str, date | None] = field(default_factory=dict)
    acceptance_due: date | None = None
    publicity_ends: date | None = None
    overdue_told: bool = False
    acceptance_told: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """What a moment brought. ``what``: the light it turned to, or the step of the ladder."""

    day: date
    kind: Kind
    what: str = ""
    because: tuple[str, ...] = ()
    clause: Clause = ""


@dataclass(frozen=True, slots=True)
class Course:
    """What happened, and how the problem stands after it."""

    events: tuple[Event, ...]
    light: str
    next_moment: date | None


def course(ladder: Sequence[Step], settings: Mapping[str, Any], matter: Matter, *, first: date | None, through: date) -> Course:
    """Walk the moments from ``first`` to ``through``, both included. ``first`` None: there is none to walk."""
    events: list[Event] = []
    day = first
    while day is not None and day <= through:
        held = _held(ladder, settings, matter, day)
        found = _on(ladder, settings, matter, day, held)
        if found:
            events += found
            matter = _after(matter, found)
            held = _held(ladder, settings, matter, day)
        day = _next(settings, matter, day, held)
    return Course(tuple(events), matter.light, day)


def next_moment(ladder: Sequence[Step], settings: Mapping[str, Any], matter: Matter, after: date) -> date | None:
    """The first day after ``after`` on which anything would change if nobody acts."""
    return _next(settings, matter, after, _held(ladder, settings, matter, after))


def _until(case: CaseFacts, day: date) -> date:
    return max(day, case.deadline or day) + HORIZON


def _held(ladder: Sequence[Step], settings: Mapping[str, Any], matter: Matter, day: date) -> dict[str, Spans]:
    """By step, from ``day`` on: the days on which an open proposal stays true, or on which one is to be made.

    Reckoned once for both questions, what is so today and what changes next: a sweep asks a million times.
    """
    case = matter.case
    if not case.running:
        return {}
    window = (day.toordinal(), _until(case, day).toordinal())
    return {
        s.step: days(s.when, case, settings, window) if s.step in matter.proposals else due_days(s, case, settings, window) for s in ladder
    }


def _next(settings: Mapping[str, Any], matter: Matter, after: date, held: Mapping[str, Spans]) -> date | None:
    case = matter.case
    marks = [d + timedelta(days=1) for d in (matter.acceptance_due, matter.publicity_ends) if d is not None and d >= after]
    if case.running:
        now, until = after.toordinal(), _until(case, after)
        edge = min((next_edge(spans, now) for spans in held.values()), default=LAST + 1)
        change = next_change((), case, settings, after, until)  # lights and the overdue mark
        marks += [change] if change else []
        marks += [date.fromordinal(edge)] if edge <= until.toordinal() else []
    return min(marks, default=None)


def _on(ladder: Sequence[Step], settings: Mapping[str, Any], matter: Matter, day: date, held: Mapping[str, Spans]) -> list[Event]:
    """What is newly so on ``day``, in the order in which it is told."""
    case, found, number = matter.case, list[Event](), day.toordinal()
    shown = light(case, settings, day) if case.running else NONE
    overdue = case.running and case.deadline is not None and day > case.deadline
    waiting = matter.acceptance_due is not None and day > matter.acceptance_due
    if overdue != matter.overdue_told:
        found.append(Event(day, "overdue" if overdue else "overdue_over"))
    if waiting != matter.acceptance_told:
        found.append(Event(day, "acceptance" if waiting else "acceptance_over"))
    if matter.publicity_ends is not None and day == matter.publicity_ends + timedelta(days=1):
        found.append(Event(day, "publicity_over"))
    if shown != matter.light:
        found.append(Event(day, "light", shown))
    gone = [Event(day, "lapsed", step, (why,)) for step in matter.proposals if (why := _gone(matter, step, number, held.get(step, NEVER)))]
    lapsed = {e.what for e in gone}
    fresh = [s for s in ladder if s.step in lapsed or (s.step not in matter.proposals and contains(held.get(s.step, NEVER), number))]
    due = propose(fresh, _dropped(case, gone), settings, day) if fresh else ()
    return found + gone + [Event(day, "proposed", p.step, p.because, p.clause) for p in due]


def _gone(matter: Matter, step: str, number: int, held: Spans) -> str:
    """Why a proposal is no longer true on a day, in Chinese; empty while it is."""
    case = matter.case
    if not case.running:
        return f"问题已转入“{STATE_LABELS[State(case.state)]}”"
    if matter.proposals[step] != case.deadline:
        return f"完成时限已调整为{case.deadline}"
    return "" if contains(held, number) else "条件已不成立"


def _dropped(case: CaseFacts, gone: Sequence[Event]) -> CaseFacts:
    """A proposal that lapsed does not keep its step from being proposed again."""
    if not gone:
        return case
    steps = {e.what for e in gone}
    return replace(case, proposed={s: d for s, d in case.proposed.items() if s not in steps})


def _after(matter: Matter, found: Sequence[Event]) -> Matter:
    """The matter once the events have happened."""
    if not found:
        return matter
    case, proposals, changes = matter.case, dict(matter.proposals), dict[str, Any]()
    case = _dropped(case, [e for e in found if e.kind == "lapsed"])
    for event in found:
        match event.kind:
            case "light":
                changes["light"] = event.what
            case "lapsed":
                del proposals[event.what]
            case "proposed":
                proposals[event.what] = case.deadline
                case = replace(case, proposed={**case.proposed, event.what: event.day})
            case "overdue" | "overdue_over":
                changes["overdue_told"] = event.kind == "overdue"
            case "acceptance" | "acceptance_over":
                changes["acceptance_told"] = event.kind == "acceptance"
            case "publicity_over":
                pass
    return replace(matter, case=case, proposals=proposals, **changes)
