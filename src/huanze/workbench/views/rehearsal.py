"""What comes if nothing moves, and the steps of urging that a person of the office issues or turns down (XQ-13)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from huanze.orgs.doors import business_required
from huanze.problems.inputs import Inputs
from huanze.problems.models import LadderStep, Problem
from huanze.problems.services import ladder
from huanze.problems.services.context import rules_of, worn_by
from huanze.rules.lifecycle import Hat
from huanze.rules.verdicts import Refusal
from huanze.workbench.asked import DismissStep, IssueInterview, IssueStep
from huanze.workbench.step_form import Drawing, draw, read
from huanze.workbench.views.shared import problem_of, status_of, user_of


def forms_of(proposed: LadderStep) -> dict[str, type[Inputs]]:
    """What is asked to issue a step or to turn it down; only an interview may skip the steps before it."""
    return {"issue": IssueInterview if proposed.step == LadderStep.Step.INTERVIEW else IssueStep, "dismiss": DismissStep}


@business_required
@require_GET
def rehearsal(request: HttpRequest, pk: int) -> HttpResponse:
    problem = problem_of(request, pk)
    return render(request, "rehearsal/rehearsal.html", {"problem": problem, "coming": ladder.rehearsal(problem)})


@business_required
@require_http_methods(["GET", "POST"])
def ladder_step(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    problem = problem_of(request, pk)
    proposed = LadderStep.objects.filter(pk=step, problem=problem).first()
    if proposed is None:
        raise Http404
    act = request.POST.get("act", "")
    forms = forms_of(proposed)
    if request.method == "GET" or act not in forms:
        return _ask(request, problem, proposed)
    given = read(forms[act], request.POST)
    service = ladder.issue_step if act == "issue" else ladder.dismiss_step
    outcome = service(step_id=proposed.pk, acting_user=user_of(request), **given)
    if isinstance(outcome, Refusal):
        return _ask(request, problem, proposed, act=act, given=given, refusal=outcome)
    messages.success(request, f"{outcome.get_step_display()}：{outcome.get_state_display()}。")
    return redirect("problem", pk)


def _ask(
    request: HttpRequest, problem: Problem, proposed: LadderStep, *, act: str = "", given: dict[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:  # fmt: skip
    forms = forms_of(proposed)
    drawn = {key: Drawing(given or {}, refusal.fields if refusal is not None else {}) if key == act else Drawing({}) for key in forms}
    pack = rules_of(problem).pack
    rule = next((s for s in pack.ladder if s.step == proposed.step), None)
    said = {
        "problem": problem, "step": proposed, "rule": rule, "clause": pack.clause_name(proposed.clause), "refusal": refusal,
        "issue": draw(forms["issue"], drawn["issue"]), "dismiss": draw(forms["dismiss"], drawn["dismiss"]),
        "chain": problem.ladder_steps.filter(state=LadderStep.State.ISSUED).order_by("issued_on", "pk"),
        "open": proposed.state == LadderStep.State.PROPOSED and Hat.OFFICE in worn_by(user_of(request), problem).hats,
    }  # fmt: skip
    return render(request, "rehearsal/step.html", said, status=status_of(refusal) if refusal is not None else 200)
