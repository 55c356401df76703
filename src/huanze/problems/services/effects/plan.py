"""编制、报审、审定方案 and progress against it (XQ-7, XQ-8, ZB's measure-progress pairs)."""

from __future__ import annotations

from huanze.base import clock
from huanze.problems.inputs import PlanContent
from huanze.problems.models import Plan, PlanItem, Problem
from huanze.problems.services.gaps import PLAN_ROWS, PLAN_WORDS
from huanze.problems.services.step import Step, effect
from huanze.rules.verdicts import Refusal


@effect("save_plan")
def save_plan(step: Step) -> Refusal | None:
    if step.inputs.deadline and step.inputs.deadline < step.today:
        return Refusal("inputs", "完成时限：不能早于今天", fields={"deadline": "不能早于今天"})
    plan, _ = Plan.objects.get_or_create(problem=step.problem)
    write_plan(plan, step.inputs)
    return None


def write_plan(plan: Plan, content: PlanContent) -> None:
    """Put ``content`` in the plan. Rows whose text stays keep their progress."""
    for name in PLAN_WORDS:
        setattr(plan, name, getattr(content, name))
    plan.updated_at = clock.now()
    plan.save()
    old = {(i.kind, i.text): i for i in plan.items.all()}
    plan.items.all().delete()
    rows = []
    for field, kind in PLAN_ROWS:
        for no, row in enumerate(getattr(content, field), start=1):
            was = old.get((kind, row.text))
            rows.append(
                PlanItem(
                    plan=plan, kind=kind, no=no, text=row.text, due=row.due,
                    progress=was.progress if was else "", done_on=was.done_on if was else None,
                )  # fmt: skip
            )
    PlanItem.objects.bulk_create(rows)


@effect("approve_plan")
def approve_plan(step: Step) -> Refusal | None:
    """Lock the plan; the clock of 序时进度 starts today and ends on its deadline."""
    plan = step.problem.plan
    if plan.deadline is None or plan.deadline < step.today:
        return Refusal("not_ready", "方案的完成时限已过，请退回主体责任单位重新拟定", step.row.clause)
    plan.approved_on, plan.approval_document = step.today, step.inputs.document
    plan.save(update_fields=["approved_on", "approval_document"])
    start_running(step.problem, plan, step)
    return None


def start_running(problem: Problem, plan: Plan, step: Step) -> None:
    problem.plan_start = problem.plan_start or step.today
    if plan.deadline:
        problem.deadline = problem.sort_day = plan.deadline
    problem.uncertain = False


@effect("report_progress")
def report_progress(step: Step) -> Refusal | None:
    """Progress for the whole and measure by measure. It may go down: that is said openly on the timeline."""
    problem, given = step.problem, step.inputs
    items = {i.pk: i for i in PlanItem.objects.filter(plan__problem=problem)}
    for row in given.items:
        item = items.get(row.id)
        if item is None:
            return Refusal("inputs", "措施落实情况：有一项不属于本方案，请刷新后再报", fields={"items": "有一项不属于本方案"})
        if row.done_on and row.done_on > step.today:
            return Refusal("inputs", f"“{item.text[:20]}”的完成日期不能晚于今天", fields={"items": "完成日期不能晚于今天"})
        item.progress, item.done_on = row.progress, row.done_on
    PlanItem.objects.bulk_update([items[r.id] for r in given.items], ["progress", "done_on"])
    if given.percent < problem.percent:
        step.said["fell_from"] = problem.percent
    problem.percent, problem.percent_on, problem.uncertain = given.percent, step.today, given.uncertain
    return None


@effect("report_risk")
def report_risk(step: Step) -> Refusal | None:
    """An accepting unit's word on whether the deadline will be kept (XQ-13); of both sides the latest word counts."""
    step.problem.uncertain = step.inputs.uncertain
    return None
