"""Gathers what time needs to know of problems, for one or for thousands, with the same few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from huanze.problems.models import Acceptance, LadderStep, Omission, Plan, PlanItem, Problem, Publicity
from huanze.rules.escalation import WORK_STATES, CaseFacts
from huanze.rules.lifecycle import State
from huanze.rules.moments import NONE, Matter
from huanze.rules.progress import even_stages


class Row(NamedTuple):
    """The columns of a problem that time looks at; a tuple, because a sweep reads a million of them."""

    pk: int
    number: str
    title: str
    state: str
    state_version: int
    level: str
    adoption_id: int
    office_id: int
    main_unit_id: int | None
    plan_start: date | None
    deadline: date | None
    percent: int
    uncertain: bool
    light: str
    next_moment: date | None
    updated_at: datetime

    @property
    def concerned(self) -> bool:
        """Whether time means anything to this problem: its deadline runs or just ran, or it is on public show."""
        return self.state in WORK_STATES or self.light != NONE or self.state == State.PUBLICITY


def row_of(problem: Problem) -> Row:
    return Row(*(getattr(problem, name) for name in Row._fields))


class Attempt(NamedTuple):
    """The acceptance applied for and not gathered yet."""

    number: int
    lead_id: int
    due_on: date


@dataclass(slots=True)
class Known:
    """What stands on record of one problem, by the keys under which ``happenings`` changes it."""

    proposals: dict[str, int] = field(default_factory=dict)
    proposed_under: dict[str, date | None] = field(default_factory=dict)
    issued: dict[str, date] = field(default_factory=dict)
    proposed: dict[str, date] = field(default_factory=dict)
    omissions: dict[tuple[str, str], int] = field(default_factory=dict)
    open_omissions: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    kind: str = ""
    stage_days: list[date] = field(default_factory=list)
    attempt: Attempt | None = None
    publicity_ends: date | None = None

    def case(self, row: Row) -> CaseFacts:
        long_term = self.kind == Plan.Kind.LONG_TERM
        return CaseFacts(
            state=row.state, deadline=row.deadline, start=row.plan_start, percent=row.percent, level=row.level, kind=self.kind,
            uncertain=row.uncertain, stages=even_stages(self.stage_days) if long_term else (), issued=self.issued, proposed=self.proposed,
        )  # fmt: skip

    def matter(self, row: Row) -> Matter:
        return Matter(
            case=self.case(row), light=row.light, proposals=self.proposed_under,
            acceptance_due=self.attempt.due_on if self.attempt else None, publicity_ends=self.publicity_ends,
            overdue_told=bool(self.open_omissions.get(Omission.Kind.OVERDUE)),
            acceptance_told=bool(self.open_omissions.get(Omission.Kind.ACCEPTANCE)),
        )  # fmt: skip


def gather(rows: Sequence[Row]) -> dict[int, Known]:
    """What is known of each problem, in at most six queries for all of them together."""
    found = {row.pk: Known() for row in rows}
    timed = {row.pk: row for row in rows if row.concerned}
    running = [pk for pk, row in timed.items() if row.state in WORK_STATES]
    if timed:
        _ladder(found, timed)
        _omissions(found, timed)
    if running:
        _plans(found, running)
    if applied := [pk for pk in running if timed[pk].state == State.APPLIED]:
        _attempts(found, applied)
    if shown := [pk for pk, row in timed.items() if row.state == State.PUBLICITY]:
        _publicities(found, shown)
    return found


def _ladder(found: dict[int, Known], rows: dict[int, Row]) -> None:
    """Steps under another deadline belong to an earlier run; of those only an open proposal matters."""
    wanted = LadderStep.objects.filter(problem_id__in=rows).exclude(state=LadderStep.State.LAPSED)
    fields = ("pk", "problem_id", "step", "state", "deadline", "day", "issued_on")
    for pk, problem_id, step, state, deadline, day, issued_on in wanted.order_by().values_list(*fields):
        known, this_run = found[problem_id], deadline == rows[problem_id].deadline
        if state == LadderStep.State.PROPOSED:
            known.proposals[step], known.proposed_under[step] = pk, deadline
        if this_run and state == LadderStep.State.ISSUED:
            known.issued[step] = max(issued_on, known.issued.get(step, issued_on))
        elif this_run:
            known.proposed[step] = max(day, known.proposed.get(step, day))


def _omissions(found: dict[int, Known], rows: Collection[int]) -> None:
    kinds = (Omission.Kind.OVERDUE, Omission.Kind.ACCEPTANCE)
    wanted = Omission.objects.filter(problem_id__in=rows, kind__in=kinds)
    for pk, problem_id, kind, period, made_good_on in wanted.values_list("pk", "problem_id", "kind", "period", "made_good_on"):
        known = found[problem_id]
        known.omissions[kind, period] = pk
        if made_good_on is None:
            known.open_omissions[kind].append(pk)


def _plans(found: dict[int, Known], ids: Collection[int]) -> None:
    for problem_id, kind in Plan.objects.filter(problem_id__in=ids).values_list("problem_id", "kind"):
        found[problem_id].kind = kind
    stages: Any = PlanItem.objects.filter(
        plan__problem_id__in=ids, plan__kind=Plan.Kind.LONG_TERM, kind=PlanItem.Kind.STAGE, due__isnull=False
    )
    for problem_id, due in stages.order_by("due", "no").values_list("plan__problem_id", "due"):
        found[problem_id].stage_days.append(due)


def _attempts(found: dict[int, Known], ids: Collection[int]) -> None:
    wanted = Acceptance.objects.filter(problem_id__in=ids, outcome=Acceptance.Outcome.OPEN, gathered_on=None)
    for problem_id, number, lead_id, due_on in wanted.values_list("problem_id", "attempt", "lead_id", "due_on"):
        found[problem_id].attempt = Attempt(number, lead_id, due_on)


def _publicities(found: dict[int, Known], ids: Collection[int]) -> None:
    wanted = Publicity.objects.filter(acceptance__problem_id__in=ids).order_by("acceptance__attempt")
    for problem_id, ends_on in wanted.values_list("acceptance__problem_id", "ends_on"):
        found[problem_id].publicity_ends = ends_on
