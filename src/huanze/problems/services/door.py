"""The one door (habit 3): every step of a problem's life goes through ``problem_transition``.

It locks the row, brings what the sweep owes up to date, consults the table, checks actor and inputs,
lets the step's effect write its own rows, and writes the state, the ``StatusChange``, the audit entry
and the notices, all in one transaction. Nothing else assigns ``state``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from huanze.audit.services import record
from huanze.base import clock
from huanze.notices.services import cancel, notify
from huanze.orgs.models import User
from huanze.problems.inputs import Inputs, parse
from huanze.problems.models import Problem, StatusChange
from huanze.problems.services import facts as gather
from huanze.problems.services.context import holders_of_hats, rules_of, worn_by
from huanze.problems.services.effects import EFFECTS
from huanze.problems.services.moments import settle
from huanze.problems.services.step import Step
from huanze.rules.lifecycle import AWAITED, Hat, Offer, State, decide, facts_needed, offers
from huanze.rules.verdicts import Refusal


class _Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal


def problem_transition(
    *,
    problem_id: int,
    name: str,
    acting_user: User,
    inputs: Mapping[str, Any] | None = None,
    expected_version: int | None = None,
) -> Problem | Refusal:
    """Take one step. Returns the problem as it is now, or the refusal; on refusal nothing is written.

    ``expected_version`` is the ``state_version`` the person saw: of two people pressing at once, one is told.
    """
    try:
        with transaction.atomic():
            return _take(problem_id, name, acting_user, inputs or {}, expected_version)
    except _Refused as refused:
        return refused.refusal


def _take(problem_id: int, name: str, user: User, given: Mapping[str, Any], expected: int | None) -> Problem:
    problem = Problem.objects.select_for_update(of=("self",)).select_related("adoption__pack").defer("adoption__pack__content").filter(pk=problem_id).first()
    if problem is None:
        raise _Refused(Refusal("not_found", "没有这个问题，可能已被删除或编号有误"))
    if expected is not None and expected != problem.state_version:
        raise _Refused(Refusal("stale", "他人刚刚办理了本问题，页面内容已过时；请刷新后再办"))
    seen = dict(problem.__dict__)
    settle(problem, through=clock.today())
    rules = rules_of(problem)
    parts = list(problem.participants.select_related("organisation"))
    worn = worn_by(user, problem, parts)
    rows = [r for r in (rules.machine.row(State(problem.state), name),) if r]
    facts = gather.facts(problem, needed=facts_needed(rows), user=user, parts=parts, given=given)
    row = decide(rules.machine, State(problem.state), name, worn.hats, facts)
    if isinstance(row, Refusal):
        raise _Refused(row)
    checked = parse(name, dict(given))
    if isinstance(checked, Refusal):
        raise _Refused(checked)
    hat, post = worn.best(row.actors)
    step = Step(problem, row, checked, user, worn, hat, post, rules, parts, clock.today())
    if name in EFFECTS and (refusal := EFFECTS[name](step)) is not None:
        raise _Refused(refusal)
    _write(step, checked, seen)
    return problem


TIMED = ("deadline", "plan_start", "percent", "uncertain")
"""Facts on which lights and the ladder hang, besides the state and the stages of the plan."""


def _write(step: Step, checked: Inputs, seen: Mapping[str, Any]) -> None:
    """``seen`` is the row as it was read: only what changed is written, and moments are found anew only if they may have moved."""
    problem, row = step.problem, step.row
    before = problem.state
    if row.target is not None:
        problem.state, problem.state_since = row.target, step.today
        problem.state_version += 1
        StatusChange.objects.filter(problem=problem, moved=True, left_on=None).update(left_on=step.today)
        cancel(subject_type="problem", subject_id=problem.pk, why=f"已{row.label}")
    problem.updated_at = clock.now()
    if row.target is not None or row.name == "approve_change" or any(getattr(problem, f) != seen[f] for f in TIMED):
        settle(problem, through=step.today, facts_changed=True)
    problem.save(update_fields=[f.attname for f in Problem._meta.concrete_fields if problem.__dict__[f.attname] != seen[f.attname]])
    said = checked.model_dump(mode="json", exclude_defaults=True) | step.said
    clause = step.rules.machine.clause(row)
    StatusChange.objects.create(
        problem=problem, name=row.name, from_state=before, to_state=problem.state, moved=row.target is not None,
        day=step.today, at=clock.now(), actor=step.user, post=step.post, hat=step.hat, inputs=said, clause=clause,
    )  # fmt: skip
    _tell(step, clause)
    record(
        action=f"problem.{row.name}", object_type="problem", object_id=str(problem.pk), actor=step.user.username,
        actor_name=step.user.name, hat=str(step.post) if step.post else step.hat.value,
        payload={"from": before, "to": problem.state, "inputs": said, "clause": clause},
    )  # fmt: skip


def _tell(step: Step, clause: str) -> None:
    """Tell those whose move it is now. What was no longer so was cancelled before ``settle`` told what is new."""
    problem, row = step.problem, step.row
    awaited = AWAITED.get(State(problem.state), frozenset()) if row.target is not None else TOLD_ALSO.get(row.name, frozenset())
    if not awaited:
        return
    people = holders_of_hats(problem, awaited, step.acceptors) - {step.user.pk}
    notify(
        recipients=people, subject_type="problem", subject_id=problem.pk, kind=row.name,
        text=f"{problem.number} {problem.title}：{row.label}", url=f"/problems/{problem.pk}/", clause=clause, day=step.today,
    )  # fmt: skip


TOLD_ALSO: Mapping[str, frozenset[Hat]] = {
    "request_change": frozenset({Hat.APPROVER}),
    "request_extension": frozenset({Hat.APPROVER}),
    "request_reorder": frozenset({Hat.APPROVER, Hat.ACCEPTOR}),
    "approve_change": frozenset({Hat.MAIN, Hat.MAIN_HEAD, Hat.ACCEPTOR}),
    "refuse_change": frozenset({Hat.MAIN, Hat.MAIN_HEAD}),
    "urge": frozenset({Hat.MAIN, Hat.MAIN_HEAD, Hat.ACCEPTOR}),
    "spot_check": frozenset({Hat.MAIN, Hat.MAIN_HEAD, Hat.ACCEPTOR}),
    "leader_supervise": frozenset({Hat.MAIN, Hat.MAIN_HEAD}),
    "record_view": frozenset({Hat.LEAD}),
}
"""Who is told of a step that leaves the state as it is."""


def problem_offers(problem: Problem, user: User) -> tuple[Offer, ...]:
    """The steps this person may take on this problem now, closed ones with the reason (drawn from the table)."""
    rules = rules_of(problem)
    parts = list(problem.participants.select_related("organisation"))
    worn = worn_by(user, problem, parts)
    if not worn.hats:
        return ()
    rows = [r for r in rules.machine.rows_from(State(problem.state)) if r.actors & worn.hats]
    facts = gather.facts(problem, needed=facts_needed(rows), user=user, parts=parts, given=None)
    return offers(rules.machine, State(problem.state), worn.hats, facts)
