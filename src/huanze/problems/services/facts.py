"""Gathers the facts a row of the table asks for, and no others: each name below is one small query or none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import Any

from huanze.base import clock
from huanze.evidence.selectors import picture_findings
from huanze.orgs.models import User
from huanze.problems.models import (
    Acceptance,
    AcceptorView,
    ChangeRequest,
    Participant,
    Problem,
    Publicity,
    StatusChange,
)
from huanze.problems.services.gaps import pack_gaps, plan_gaps
from huanze.rules.lifecycle import Facts, State
from huanze.rules.pictures import Weight


class _Case:
    """The rows of one decision, each read at most once."""

    def __init__(self, problem: Problem, user: User, parts: Collection[Participant], given: Mapping[str, Any] | None) -> None:
        self.problem, self.user, self.parts, self.given = problem, user, parts, given

    @cached_property
    def acceptance(self) -> Acceptance | None:
        return self.problem.acceptances.order_by("-attempt").first()

    @cached_property
    def change(self) -> ChangeRequest | None:
        return self.problem.change_requests.filter(state=ChangeRequest.State.OPEN).first()

    @cached_property
    def publicity(self) -> Publicity | None:
        return Publicity.objects.filter(acceptance=self.acceptance).first() if self.acceptance else None

    @cached_property
    def views(self) -> dict[int, AcceptorView]:
        """The latest view of each accepting unit in this attempt."""
        return {v.organisation_id: v for v in self.acceptance.views.all()} if self.acceptance else {}


def _picture_doubts(c: _Case) -> tuple[str, ...]:
    """What the pictures give reason to doubt: used twice, used elsewhere, taken before what they are to follow.

    Not asked while the form is yet to be filled in: an explanation may still be given, so nothing stands in the way.
    """
    if c.given is None:
        return ()
    return tuple(f.text for f in picture_findings("problem", c.problem.pk) if f.weight is Weight.WARNING)


def _views_missing(c: _Case) -> tuple[str, ...]:
    asked = [p for p in c.parts if p.role == Participant.Role.SUPERVISING]
    return tuple(p.organisation.short_name for p in asked if p.organisation_id not in c.views)


def _adverse(c: _Case) -> tuple[str, ...]:
    names = {p.organisation_id: p.organisation.short_name for p in c.parts}
    return tuple(names[o] for o, v in c.views.items() if v.verdict == AcceptorView.Verdict.FAIL and o in names)


def _own(c: _Case) -> bool:
    """Whether this person himself handed in what is to be decided now."""
    if c.problem.state == State.PLAN_REVIEW:
        name = "submit_plan"
    elif c.problem.state == State.RECTIFYING:
        return c.change is not None and c.change.requested_by_id == c.user.pk
    else:
        name = "apply"
    last = StatusChange.objects.filter(problem=c.problem, name=name).order_by("-id").first()
    return last is not None and last.actor_id == c.user.pk


def _written(c: _Case, key: str) -> bool:
    """Whether the person wrote it; before the form is filled in (``given`` None) he still may."""
    return c.given is None or bool(str(c.given.get(key, "")).strip())


GATHER: Mapping[str, Callable[[_Case], Any]] = {
    "plan_gaps": lambda c: plan_gaps(c.problem),
    "pack_gaps": lambda c: pack_gaps(c.problem),
    "picture_doubts": _picture_doubts,
    "doubts_explained": lambda c: _written(c, "picture_note"),
    "views_missing": _views_missing,
    "adverse_views": _adverse,
    "dissent_answered": lambda c: _written(c, "dissent_answer"),
    "change_open": lambda c: c.change is not None,
    "lowered": lambda c: tuple(c.change.lowered) if c.change else (),
    "override_given": lambda c: _written(c, "override_reason"),
    "own_submission": _own,
    "publicity_open": lambda c: c.publicity is not None,
    "publicity_ends": lambda c: c.publicity.ends_on if c.publicity else None,
    "objections_open": lambda c: c.publicity.objections.filter(answered_on=None).count() if c.publicity else 0,
}


def facts(
    problem: Problem, *, needed: Collection[str], user: User, parts: Collection[Participant], given: Mapping[str, Any] | None
) -> Facts:
    """Only the facts in ``needed``; ``given`` is what the person wrote, None when he has yet to write."""
    case = _Case(problem, user, parts, given)
    return Facts(today=clock.today(), **{name: GATHER[name](case) for name in needed})
