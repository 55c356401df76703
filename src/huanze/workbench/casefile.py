"""A problem's papers as a page sets them out. Each part is read when it is shown, once, in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import zip_longest
from typing import Any

from huanze.evidence import selectors as evidence
from huanze.evidence.models import Evidence
from huanze.problems.inputs import PlanContent
from huanze.problems.models import (
    Acceptance,
    ChangeRequest,
    DispatchReturn,
    LadderStep,
    LeaderSupervision,
    LookBack,
    Participant,
    Plan,
    PlanItem,
    Problem,
    SpotCheck,
)
from huanze.problems.services.context import rules_of
from huanze.rules.pictures import Finding

PICTURE_ROLES = (("before", "整改前"), ("during", "整改中"), ("after", "整改后"))
MONTHS_SHOWN = 12
ROW_FIELDS = ("measures", "steps", "stages")


@dataclass(frozen=True, slots=True)
class DiffRow:
    """One line of a before and after; the side that has nothing is empty."""

    label: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Change:
    request: ChangeRequest
    rows: Sequence[DiffRow]


@dataclass(frozen=True, slots=True)
class Point:
    """The pictures of one place, before, during and after, side by side."""

    name: str
    columns: Sequence[tuple[str, Sequence[Evidence]]]


@dataclass(frozen=True, slots=True)
class Answered:
    """A dispatch return with its answers under the pack's labels."""

    owed: DispatchReturn
    answers: Sequence[tuple[str, Any]]


class CaseFile:
    """What the sections of a problem page show."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    @cached_property
    def parts(self) -> list[Participant]:
        return sorted(self.problem.participants.select_related("organisation"), key=lambda p: p.rank)

    @cached_property
    def supervising(self) -> list[Participant]:
        return [p for p in self.parts if p.role == Participant.Role.SUPERVISING]

    @cached_property
    def plan(self) -> Plan | None:
        return Plan.objects.filter(problem=self.problem).first()

    @cached_property
    def items(self) -> list[PlanItem]:
        return list(self.plan.items.all()) if self.plan else []

    @property
    def measures(self) -> list[PlanItem]:
        return [i for i in self.items if i.kind == PlanItem.Kind.MEASURE]

    @property
    def schedule(self) -> list[PlanItem]:
        """The steps of the backward schedule and the stage targets, by their day."""
        dated = [i for i in self.items if i.kind != PlanItem.Kind.MEASURE]
        return sorted(dated, key=lambda i: (i.due is None, i.due, i.no))

    @cached_property
    def changes(self) -> list[Change]:
        asked = self.problem.change_requests.select_related("requested_by", "decided_by").order_by("-id")
        return [Change(c, tuple(diff(c.before, c.after))) for c in asked]

    @property
    def open_change(self) -> Change | None:
        return next((c for c in self.changes if c.request.state == ChangeRequest.State.OPEN), None)

    @cached_property
    def attempts(self) -> list[Acceptance]:
        """Every attempt, the latest first, with its views, signatures and publicity."""
        found = self.problem.acceptances.select_related("lead", "applied_by", "publicity").order_by("-attempt")
        return list(found.prefetch_related("views__organisation", "views__by", "signatures__by", "signatures__post", "publicity__objections", "look_backs__answerable"))

    @property
    def attempt(self) -> Acceptance | None:
        return self.attempts[0] if self.attempts else None

    @cached_property
    def evidence(self) -> list[Evidence]:
        return list(evidence.of_object("problem", self.problem.pk).select_related("file", "added_by"))

    @cached_property
    def taken_back(self) -> list[Evidence]:
        return list(evidence.taken_back("problem", self.problem.pk))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the pictures give to think about; asked only when there are any."""
        return evidence.picture_findings("problem", self.problem.pk) if self.points else ()

    @cached_property
    def points(self) -> list[Point]:
        """Points in the order in which their first picture came."""
        by_point: dict[str, dict[str, list[Evidence]]] = {}
        for e in self.evidence:
            if e.role in dict(PICTURE_ROLES):
                by_point.setdefault(e.point, defaultdict(list))[e.role].append(e)
        return [Point(name or "未注明点位", [(label, roles[key]) for key, label in PICTURE_ROLES]) for name, roles in by_point.items()]

    @cached_property
    def dispatches(self) -> list[tuple[str, list[Answered]]]:
        """By month, the latest first; inside a month the main unit before the others."""
        asked = rules_of(self.problem).pack.dispatch
        if asked is None:
            return []
        labels = {Participant.Role.MAIN: asked.main_fields, Participant.Role.SUPERVISING: asked.supervising_fields}
        found = self.problem.dispatch_returns.select_related("round", "organisation", "submitted_by").order_by("-round__month", "role", "pk")
        months: dict[str, list[Answered]] = {}
        for owed in found[:MONTHS_SHOWN * 6]:
            fields = labels[Participant.Role(owed.role)]
            months.setdefault(owed.round.month, []).append(Answered(owed, [(f.label, owed.answers.get(f.key, "")) for f in fields]))
        return list(months.items())[:MONTHS_SHOWN]

    @cached_property
    def ladder(self) -> list[LadderStep]:
        return list(self.problem.ladder_steps.order_by("-day", "-pk"))

    @cached_property
    def spot_checks(self) -> list[SpotCheck]:
        return list(self.problem.spot_checks.select_related("letter_to"))

    @cached_property
    def leader_supervisions(self) -> list[LeaderSupervision]:
        return list(self.problem.leader_supervisions.all())

    @cached_property
    def look_backs(self) -> list[LookBack]:
        return list(self.problem.look_backs.select_related("acceptance", "answerable"))

    @cached_property
    def brought_back_by(self) -> LookBack | None:
        """The finding that made somebody answerable for what came back as this problem (XQ-18)."""
        if self.problem.rebound_of_id is None:
            return None
        return LookBack.objects.filter(problem=self.problem.rebound_of_id).exclude(answerable=None).select_related("answerable").last()

    @property
    def supervised(self) -> bool:
        return bool(self.spot_checks or self.leader_supervisions or self.look_backs)

    @property
    def papers(self) -> list[Evidence]:
        return [e for e in self.evidence if e.role not in dict(PICTURE_ROLES)]


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[DiffRow]:
    """A plan, or an order of units, before and after, line beside line."""
    if "names" in before:
        for n, (a, b) in enumerate(zip_longest(before["names"], after["names"], fillvalue=""), start=1):
            yield DiffRow("牵头" if n == 1 else f"第{n}位", a, b)
        return
    for name, info in PlanContent.model_fields.items():
        label = info.title or name
        if name in ROW_FIELDS:
            yield from _row_diff(label, [_line(r) for r in before.get(name, ())], [_line(r) for r in after.get(name, ())])
        else:
            a, b = _word(before.get(name)), _word(after.get(name))
            if a or b:
                yield DiffRow(label, a, b)


def _row_diff(label: str, before: list[str], after: list[str]) -> Iterator[DiffRow]:
    for _, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        for a, b in zip_longest(before[a1:a2], after[b1:b2], fillvalue=""):
            yield DiffRow(label, a, b)


def _line(row: Mapping[str, Any]) -> str:
    return row["text"] + (f"（{row['due']}）" if row.get("due") else "")


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(Plan.Kind(value).label if value in Plan.Kind.values else value or "")
