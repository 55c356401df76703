"""What a plan or an application still lacks, by the lists the pack gives (XQ-7, XQ-8, XQ-16)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from huanze.evidence.models import Evidence
from huanze.problems.inputs import PlanContent
from huanze.problems.models import Plan, PlanItem, Problem, StatusChange
from huanze.problems.services.context import rules_of
from huanze.rules.packs.schema import Pack

PICTURES = ("before", "during", "after")
SENT_BACK = ("fail_acceptance", "upper_fail", "uphold_objection")
"""Steps after which the work goes on (XQ-17)."""
PLAN_ROWS = (("measures", PlanItem.Kind.MEASURE), ("steps", PlanItem.Kind.STEP), ("stages", PlanItem.Kind.STAGE))
PLAN_WORDS = ("kind", "target", "deadline", "risk_control", "common", "mechanism", "inference")


def plan_gaps(problem: Problem) -> tuple[str, ...]:
    """What the plan still lacks before it is fixed; it may not end later than the assignment asks."""
    plan = Plan.objects.filter(problem=problem).first()
    if plan is None:
        return ("整改方案",)
    gaps = content_gaps(plan_content(plan), rules_of(problem).pack)
    if problem.deadline and plan.deadline and plan.deadline > problem.deadline:
        gaps += (f"完成时限晚于交办要求的{problem.deadline}，请改早",)
    return gaps


def plan_content(plan: Plan) -> PlanContent:
    """A plan as it would be handed in."""
    items = list(plan.items.all())
    said: dict[str, Any] = {name: getattr(plan, name) for name in PLAN_WORDS}
    for field, kind in PLAN_ROWS:
        said[field] = [{"text": i.text, "due": i.due} for i in items if i.kind == kind]
    return PlanContent.model_validate(said)


def content_gaps(plan: PlanContent, pack: Pack) -> tuple[str, ...]:
    """Labels of what a plan must still say: the common list, then what its kind of task asks for."""
    has = _plan_values(plan)
    asked = list(pack.forms["plan"].fields) if "plan" in pack.forms else []
    asked += [f for k in pack.kinds if k.key == plan.kind for f in k.plan_fields]
    if plan.common and "common_problem" in pack.forms:
        asked += pack.forms["common_problem"].fields
    gaps = [f.label for f in asked if f.required and not has.get(f.key, True)]
    gaps += [f"“{i.text[:20]}”的时限" for i in (*plan.steps, *plan.stages) if i.due is None]
    if plan.deadline:
        late = [i for i in (*plan.measures, *plan.steps, *plan.stages) if i.due and i.due > plan.deadline]
        gaps += [f"“{i.text[:20]}”的时限晚于完成时限，请改早" for i in late]
    return tuple(dict.fromkeys(gaps))


def _plan_values(plan: PlanContent) -> dict[str, bool]:
    """Which of the fields a pack may name the plan has; a field Huanze keeps elsewhere counts as there."""
    return {
        "measures": bool(plan.measures),
        "backward_schedule": bool(plan.steps),
        "stages": bool(plan.stages),
        "target": bool(plan.target),
        "deadline": plan.deadline is not None,
        "risk_control": bool(plan.risk_control),
        "mechanism": bool(plan.mechanism),
        "wider_check": bool(plan.inference),
    }


def pack_gaps(problem: Problem) -> tuple[str, ...]:
    """What the application for acceptance lacks: files by kind, the three pictures of every point, undone work."""
    form = rules_of(problem).pack.forms.get("application")
    if form is None:
        return ()
    roles: dict[str, set[str]] = defaultdict(set)
    for role, point in Evidence.objects.filter(object_type="problem", object_id=str(problem.pk), withdrawn_at=None).values_list("role", "point"):
        roles[role].add(point)
    gaps = [f.label for f in form.fields if f.required and not roles.get(f.key)]
    labels = {f.key: f.label for f in form.fields}
    points = set().union(*(roles.get(r, set()) for r in PICTURES))
    for point in sorted(points - {""}):
        gaps += [f"点位“{point}”的{labels.get(r, r)}" for r in PICTURES if r in labels and roles.get(r) and point not in roles[r]]
    plan = Plan.objects.filter(problem=problem).first()
    if plan:
        undone = plan.items.filter(kind__in=[PlanItem.Kind.MEASURE, PlanItem.Kind.STAGE], done_on=None)
        gaps += [f"{i.get_kind_display()}“{i.text[:20]}”的完成日期" for i in undone]
    if _sent_back(problem):
        gaps.append("验收未通过后进一步整改的进展报告")
    if problem.percent < 100:
        gaps.append(f"完成比例达到100%的进展报告（现为{problem.percent}%）")
    return tuple(dict.fromkeys(gaps))


def _sent_back(problem: Problem) -> bool:
    """Whether the work did not pass and nothing was reported on it since."""
    told = StatusChange.objects.filter(problem=problem, name__in=(*SENT_BACK, "report_progress")).order_by("-pk")
    return told.values_list("name", flat=True).first() in SENT_BACK
