"""A locked plan changes only on request, with before and after, reason, count and approval (XQ-7, XQ-16)."""

from __future__ import annotations

from typing import Any

from huanze.problems.inputs import PlanContent
from huanze.problems.models import ChangeRequest, Participant, Problem
from huanze.problems.services.effects.assign import supervising_units, write_participants
from huanze.problems.services.effects.plan import write_plan
from huanze.problems.services.gaps import content_gaps, plan_content
from huanze.problems.services.step import Step, effect
from huanze.rules.lifecycle import HAT_LABELS, Hat
from huanze.rules.lowering import PlanText, lowered
from huanze.rules.verdicts import Refusal

Kind = ChangeRequest.Kind


@effect("request_change", "request_extension")
def request_change(step: Step) -> Refusal | None:
    before = plan_content(step.problem.plan).model_dump(mode="json")
    if step.row.name == "request_extension":
        if step.problem.deadline and step.inputs.deadline <= step.problem.deadline:
            why = f"应晚于现行时限{step.problem.deadline.isoformat()}"
            return Refusal("inputs", f"申请延期至：{why}", fields={"deadline": why})
        kind, after = Kind.EXTENSION, before | {"deadline": step.inputs.deadline.isoformat()}
    else:
        kind, after = Kind.PLAN, step.inputs.plan.model_dump(mode="json")
    if after == before:
        return Refusal("inputs", "调整后的方案与现行方案相同，没有需要审定的内容", fields={"plan": "与现行方案相同"})
    if not after["deadline"] or after["deadline"] < step.today.isoformat():
        return Refusal("inputs", "完成时限：必填且不能早于今天", fields={"plan": "完成时限必填且不能早于今天"})
    if kind == Kind.PLAN and (lacking := content_gaps(step.inputs.plan, step.rules.pack)):
        why = "调整后的方案尚缺：" + "、".join(lacking)
        return Refusal("inputs", why, step.row.clause, {"plan": why})
    points = lowered(plan_text(before), plan_text(after))
    _open(step, kind, before, after, points)
    return None


def plan_text(content: dict[str, Any]) -> PlanText:
    plan = PlanContent.model_validate(content)
    return PlanText(
        deadline=plan.deadline,
        target=plan.target,
        measures=tuple(r.text for r in plan.measures),
        dated=tuple((r.text, r.due) for r in (*plan.steps, *plan.stages)),
        passages=(("风险防控措施", plan.risk_control), ("长效机制", plan.mechanism), ("举一反三措施", plan.inference)),
    )


@effect("request_reorder")
def request_reorder(step: Step) -> Refusal | None:
    """The first unit leads the acceptance, so the order is part of the plan and needs approval."""
    now = step.acceptors
    wanted = list(step.inputs.supervising)
    if sorted(now) != sorted(wanted):
        why = "只能调整现有监管（验收）责任单位的先后，不能增减"
        return Refusal("inputs", f"调整后的顺序：{why}", fields={"supervising": why})
    if now == wanted:
        return Refusal("inputs", "调整后的顺序与现在相同", fields={"supervising": "与现在相同"})
    names = {p.organisation_id: p.organisation.short_name for p in step.parts if p.role == Participant.Role.SUPERVISING}
    said = {"before": [names[i] for i in now], "after": [names[i] for i in wanted]}
    _open(step, Kind.REORDER, {"ids": now, "names": said["before"]}, {"ids": wanted, "names": said["after"]}, ())
    return None


def _open(step: Step, kind: str, before: dict[str, Any], after: dict[str, Any], points: tuple[str, ...]) -> None:
    count = step.problem.change_requests.filter(kind=kind).count() + 1
    ChangeRequest.objects.create(
        problem=step.problem, kind=kind, count=count, before=before, after=after, reason=step.inputs.reason,
        lowered=list(points), requested_by=step.user, requested_on=step.today,
    )  # fmt: skip
    step.said |= {"kind": kind, "count": count, "lowered": list(points)}
    if kind != Kind.PLAN:
        step.said |= {"before": before.get("names") or before.get("deadline"), "after": after.get("names") or after.get("deadline")}
    step.said.pop("plan", None)


def _current(problem: Problem) -> ChangeRequest:
    return problem.change_requests.get(state=ChangeRequest.State.OPEN)


@effect("withdraw_change", "refuse_change")
def end_change(step: Step) -> Refusal | None:
    change = _current(step.problem)
    if step.row.name == "withdraw_change":
        asker = Hat.OFFICE if change.kind == Kind.REORDER else Hat.MAIN_HEAD
        if asker not in step.worn.hats:
            return Refusal("wrong_actor", f"“{Kind(change.kind).label}”的申请应由提出申请的{HAT_LABELS[asker]}撤回", step.row.clause)
        change.state = ChangeRequest.State.WITHDRAWN
        change.opinion = step.inputs.reason
    else:
        change.state, change.opinion = ChangeRequest.State.REFUSED, step.inputs.opinion
    change.decided_by, change.decided_on = step.user, step.today
    change.save()
    step.said |= {"kind": change.kind, "count": change.count}
    return None


@effect("approve_change")
def approve_change(step: Step) -> Refusal | None:
    change, problem = _current(step.problem), step.problem
    if change.kind == Kind.REORDER:
        units = supervising_units(change.after["ids"])
        if isinstance(units, Refusal):
            return units
        assert problem.main_unit is not None  # noqa: S101  (a problem under rectification has its main unit)
        step.parts = write_participants(problem, main_unit=problem.main_unit, supervising=units)
    else:
        content = PlanContent.model_validate(change.after)
        if content.deadline is None or content.deadline < step.today:
            return Refusal("not_ready", "申请中的完成时限已过，请不予批准并由主体责任单位重新申请", step.row.clause)
        plan = problem.plan
        plan.version += 1
        write_plan(plan, content)
        problem.deadline = problem.sort_day = content.deadline
    change.state = ChangeRequest.State.APPROVED
    change.decided_by, change.decided_on = step.user, step.today
    change.opinion, change.document = step.inputs.opinion, step.inputs.document
    change.override_reason = step.inputs.override_reason if change.lowered else ""
    change.save()
    step.said |= {"kind": change.kind, "count": change.count, "lowered": change.lowered}
    return None
