"""Dates that explain themselves: day by day where they were counted, act by act where people set them (J5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from huanze.base import clock
from huanze.orgs.doors import business_required
from huanze.policies import selectors as policies
from huanze.problems.models import ChangeRequest, Plan, Problem, Publicity
from huanze.problems.services.context import rules_of
from huanze.rules.deadlines import Due, due, remaining
from huanze.workbench.views.shared import problem_of


@dataclass(frozen=True, slots=True)
class Explained:
    """One date: its name, the day, how it came about. ``due`` is set for a date that was counted."""

    label: str
    on: date
    provisional: bool
    due: Due | None = None
    acts: tuple[tuple[date | None, str], ...] = ()


@business_required
@require_GET
def dates(request: HttpRequest, pk: int, which: str) -> HttpResponse:
    problem = problem_of(request, pk)
    explained = EXPLAINERS[which](problem) if which in EXPLAINERS else None
    if explained is None:
        raise Http404
    left = remaining(clock.today(), explained.on, policies.calendar()) if problem.is_open else None
    template = "dates/body.html" if request.htmx else "dates/page.html"  # type: ignore[attr-defined]
    return render(request, template, {"problem": problem, "explained": explained, "left": left})


def _deadline(problem: Problem) -> Explained | None:
    """A deadline that the plan fixed, or before that the one set at assignment; then each approved change of it."""
    if problem.deadline is None:
        return None
    acts: list[tuple[date | None, str]] = []
    plan = Plan.objects.filter(problem=problem).first()
    changes = ChangeRequest.objects.filter(problem=problem, state=ChangeRequest.State.APPROVED).exclude(kind=ChangeRequest.Kind.REORDER)
    moved = [c for c in changes.order_by("decided_on", "pk") if c.before.get("deadline") != c.after.get("deadline")]
    if plan and plan.approved_on:
        first = moved[0].before["deadline"] if moved else problem.deadline.isoformat()
        acts.append((plan.approved_on, f"审定整改方案（{plan.approval_document}），完成时限定为{first}"))
    else:
        acts.append((None, "交办时要求的完成时限，以审定的整改方案为准"))
    acts += [(c.decided_on, f"批准{c.get_kind_display()}（第{c.count}次，{c.document}）：{c.before['deadline']}改为{c.after['deadline']}") for c in moved]
    return Explained("完成时限", problem.deadline, False, acts=tuple(acts))


def _acceptance(problem: Problem) -> Explained | None:
    attempt = problem.acceptances.order_by("-attempt").first()
    kept = rules_of(problem).pack.clocks.get("acceptance")
    if attempt is None or kept is None:
        return None
    counted = due(kept.term(rules_of(problem).settings), attempt.applied_on, policies.calendar())
    return Explained(f"第{attempt.attempt}次验收的{kept.label}时限", attempt.due_on, attempt.due_provisional, counted)


def _publicity(problem: Problem) -> Explained | None:
    shown = Publicity.objects.filter(acceptance__problem=problem).order_by("-acceptance__attempt").first()
    kept = rules_of(problem).pack.clocks.get("publicity")
    if shown is None or kept is None:
        return None
    counted = due(kept.term(rules_of(problem).settings), shown.starts_on, policies.calendar())
    return Explained("公示期满", shown.ends_on, shown.ends_provisional, counted)


EXPLAINERS: Mapping[str, Callable[[Problem], Explained | None]] = {
    "deadline": _deadline,
    "acceptance": _acceptance,
    "publicity": _publicity,
}
