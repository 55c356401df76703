"""Application, joint acceptance and the chain of signatures (XQ-16, XQ-17)."""

from __future__ import annotations

from huanze.orgs.models import Organisation
from huanze.policies import selectors as policies
from huanze.problems.models import Acceptance, AcceptorView, Problem, Signature
from huanze.problems.services.step import Step, effect
from huanze.rules.deadlines import due
from huanze.rules.lifecycle import Stage
from huanze.rules.verdicts import Refusal


def current(problem: Problem) -> Acceptance:
    """The attempt under way."""
    return problem.acceptances.order_by("-attempt")[0]


@effect("apply")
def apply(step: Step) -> Refusal | None:
    problem = step.problem
    problem.attempt += 1
    by = due(step.rules.pack.clocks["acceptance"].term(step.rules.settings), step.today, policies.calendar())
    Acceptance.objects.create(
        problem=problem, attempt=problem.attempt, preliminary=Stage.UPPER_ACCEPTANCE in step.rules.machine.stages,
        lead_id=step.acceptors[0], applied_on=step.today, applied_by=step.user, statement=step.inputs.statement,
        due_on=by.on, due_provisional=by.provisional,
    )  # fmt: skip
    step.said |= {"attempt": problem.attempt, "due_on": by.on.isoformat()}
    return None


@effect("withdraw_application", "return_application")
def undo_application(step: Step) -> Refusal | None:
    withdrawn = step.row.name == "withdraw_application"
    _end(step, Acceptance.Outcome.WITHDRAWN if withdrawn else Acceptance.Outcome.RETURNED, step.inputs.reason if withdrawn else step.inputs.opinion)
    return None


@effect("start_acceptance")
def start_acceptance(step: Step) -> Refusal | None:
    attempt = current(step.problem)
    attempt.gathered_on = step.today
    attempt.save(update_fields=["gathered_on"])
    if step.today > attempt.due_on:
        step.said["late"] = True
    return None


@effect("record_view")
def record_view(step: Step) -> Refusal | None:
    """One view a unit; who speaks for several accepting units says for which."""
    own = [o for o in step.acceptors if o in step.worn.organisations]
    chosen = step.inputs.organisation or own[0]
    if chosen not in own:
        return Refusal("inputs", "代表单位：只能代表本人所在的监管（验收）单位", fields={"organisation": "只能代表本人所在单位"})
    unit = Organisation.objects.get(pk=chosen)
    AcceptorView.objects.create(
        acceptance=current(step.problem), organisation=unit, verdict=step.inputs.verdict, opinion=step.inputs.opinion, by=step.user
    )
    step.said["organisation"] = unit.short_name
    return None


@effect("pass_acceptance")
def pass_acceptance(step: Step) -> Refusal | None:
    attempt = current(step.problem)
    attempt.outcome, attempt.outcome_on = Acceptance.Outcome.PASSED, step.today
    attempt.opinion, attempt.dissent_answer = step.inputs.opinion, step.inputs.dissent_answer
    attempt.save()
    return None


@effect("fail_acceptance")
def fail_acceptance(step: Step) -> Refusal | None:
    _end(step, Acceptance.Outcome.FAILED, step.inputs.opinion)
    return None


def _end(step: Step, outcome: str, opinion: str) -> None:
    attempt = current(step.problem)
    attempt.outcome, attempt.outcome_on, attempt.opinion = outcome, step.today, opinion
    attempt.save()
    step.said["attempt"] = attempt.attempt


@effect("sign", "confirm", "refuse_signature", "refuse_confirmation")
def put_signature(step: Step) -> Refusal | None:
    """A name under the form. A refusal goes back to the acceptors and is kept as well."""
    refused = step.row.name.startswith("refuse")
    last = Signature.Step.LEADER if step.row.name in ("confirm", "refuse_confirmation") else Signature.Step.HEAD
    attempt = current(step.problem)
    if refused:
        attempt.outcome, attempt.outcome_on = Acceptance.Outcome.OPEN, None
        attempt.save(update_fields=["outcome", "outcome_on"])
    Signature.objects.create(
        acceptance=attempt, step=last, by=step.user, post=step.post, opinion=step.inputs.opinion,
        sealed=step.row.name == "sign", refused=refused, day=step.today,
    )  # fmt: skip
    return None


@effect("upper_pass", "upper_fail")
def upper_result(step: Step) -> Refusal | None:
    """The result from above prevails over the district's own (XQ-17)."""
    attempt = current(step.problem)
    attempt.upper_document, attempt.upper_opinion = step.inputs.document, step.inputs.opinion
    if step.row.name == "upper_fail":
        attempt.outcome, attempt.outcome_on = Acceptance.Outcome.FAILED, step.today
    attempt.save()
    return None
