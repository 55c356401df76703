"""Publicity, objections and filing: the last steps before 销号 (ZB, XQ-17)."""

from __future__ import annotations

from huanze.policies import selectors as policies
from huanze.problems.models import Acceptance, Objection, Publicity
from huanze.problems.services.effects.acceptance import current
from huanze.problems.services.step import Step, effect
from huanze.rules.deadlines import due
from huanze.rules.verdicts import Refusal


@effect("self_accept")
def self_accept(step: Step) -> Refusal | None:
    if step.problem.percent < 100:
        return Refusal("not_ready", f"完成比例为{step.problem.percent}%，整改全部完成后方可自我验收，请先报告进展", step.row.clause)
    return None


@effect("open_publicity")
def open_publicity(step: Step) -> Refusal | None:
    """The last day is computed on the statutory calendar, never typed (ZB: ten working days, the first included)."""
    if step.inputs.starts_on < step.today:
        return Refusal("inputs", "公示开始日期：不能早于今天", fields={"starts_on": "不能早于今天"})
    ends = due(step.rules.pack.clocks["publicity"].term(step.rules.settings), step.inputs.starts_on, policies.calendar())
    Publicity.objects.create(
        acceptance=current(step.problem), starts_on=step.inputs.starts_on, ends_on=ends.on, ends_provisional=ends.provisional,
        channel=step.inputs.channel, phone=step.inputs.phone, opinion=step.inputs.opinion,
    )  # fmt: skip
    step.said["ends_on"] = ends.on.isoformat()
    return None


@effect("register_objection")
def register_objection(step: Step) -> Refusal | None:
    shown = current(step.problem).publicity
    if not shown.starts_on <= step.inputs.received_on <= step.today:
        why = f"应在{shown.starts_on.isoformat()}至今天之间"
        return Refusal("inputs", f"收到日期：{why}", fields={"received_on": why})
    Objection.objects.create(publicity=shown, received_on=step.inputs.received_on, text=step.inputs.text)
    return None


@effect("answer_objection", "uphold_objection")
def answer_objection(step: Step) -> Refusal | None:
    attempt = current(step.problem)
    objection = Objection.objects.filter(publicity__acceptance=attempt, pk=step.inputs.objection, answered_on=None).first()
    if objection is None:
        return Refusal("inputs", "异议：没有这条待答复的异议，请刷新后再办", fields={"objection": "没有这条待答复的异议"})
    objection.answer, objection.answered_on = step.inputs.answer, step.today
    objection.upheld = step.row.name == "uphold_objection"
    objection.save()
    if objection.upheld:
        attempt.outcome, attempt.outcome_on = Acceptance.Outcome.FAILED, step.today
        attempt.save(update_fields=["outcome", "outcome_on"])
    return None


@effect("file")
def file(step: Step) -> Refusal | None:
    attempt = current(step.problem)
    attempt.filing_number = step.inputs.filing_number
    attempt.save(update_fields=["filing_number"])
    step.problem.closed_on = step.today
    step.problem.percent = 100
    return None
