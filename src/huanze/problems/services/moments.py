"""Brings a problem up to a day: ``rules.moments`` decides, ``happenings`` writes.

``settle`` does it for one locked problem, before and after each step through the door; the sweep does
it for thousands. Both go through ``work_out`` and ``happenings.write``, so a problem fares the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huanze.problems.models import Problem
from huanze.problems.services.context import Governing, rules_of
from huanze.problems.services.dossier import Known, Row, gather, row_of
from huanze.problems.services.happenings import Directory, Outcome, write
from huanze.rules.escalation import LIGHT_SETTINGS
from huanze.rules.moments import NONE, course
from huanze.rules.progress import Standing, standing


def settle(problem: Problem, *, through: date, facts_changed: bool = False) -> None:
    """Bring the moments of one locked problem up to ``through``, in the caller's transaction.

    With ``facts_changed`` its light and next moment are found anew from the facts as they are in
    memory, dated ``through``. Sets ``light`` and ``next_moment`` on the instance; the caller saves it.
    """
    if not facts_changed and (problem.next_moment is None or problem.next_moment > through):
        return
    row = row_of(problem)
    if not row.concerned:
        problem.light, problem.next_moment = NONE, None
        return
    first = through if facts_changed else row.next_moment
    outcome = work_out(row, gather([row])[row.pk], rules_of(problem), first=first, through=through)
    write([outcome], Directory())
    problem.light, problem.next_moment = outcome.course.light, outcome.course.next_moment


def work_out(row: Row, known: Known, rules: Governing, *, first: date | None, through: date) -> Outcome:
    """What the moments from ``first`` to ``through`` bring to one problem; nothing is written."""
    found = course(rules.pack.ladder, rules.settings, known.matter(row), first=first, through=through)
    return Outcome(row, known, rules, found)


@dataclass(frozen=True, slots=True)
class Pace:
    """序时进度 (XQ-9): how far a problem should be, in percent, how far it is, and what that makes it."""

    elapsed: int
    percent: int
    standing: Standing


def pace(problem: Problem, day: date) -> Pace | None:
    """Progress against elapsed time on ``day``; None where no deadline runs."""
    row = row_of(problem)
    case = gather([row])[row.pk].case(row)
    if not case.running:
        return None
    elapsed = case.elapsed(day)
    margin = int(rules_of(problem).settings.get("behind_margin", LIGHT_SETTINGS["behind_margin"]))
    return Pace(elapsed, row.percent, standing(row.percent, elapsed, margin))
