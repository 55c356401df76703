"""One step of one problem: what it asks, by which clause, and what follows. The door decides; this page only asks."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from huanze.base import clock
from huanze.evidence import services as evidence
from huanze.orgs.doors import business_required
from huanze.orgs.models import User
from huanze.policies import selectors as policies
from huanze.problems.inputs import INPUTS
from huanze.problems.models import Problem
from huanze.problems.services import door
from huanze.problems.services.context import Governing, rules_of, worn_by
from huanze.rules.deadlines import due
from huanze.rules.lifecycle import AWAITED, HAT_LABELS, STATE_LABELS, TABLE, Facts, Hat, Offer, State, decide
from huanze.rules.verdicts import Refusal
from huanze.workbench.casefile import CaseFile
from huanze.workbench.choices import captions, options_for, prefill
from huanze.workbench.step_form import Drawing, draw, read
from huanze.workbench.views.shared import problem_of, refused, status_of, user_of

ASIDE = {
    "submit_plan": "plan", "approve_plan": "plan", "return_plan": "plan", "request_change": "plan", "request_extension": "plan",
    "approve_change": "change", "refuse_change": "change", "withdraw_change": "change", "apply": "materials",
    "return_application": "materials", "start_acceptance": "materials", "record_view": "materials", "pass_acceptance": "acceptance",
    "fail_acceptance": "acceptance", "sign": "acceptance", "refuse_signature": "acceptance", "confirm": "acceptance",
    "refuse_confirmation": "acceptance", "file": "acceptance", "attach": "materials", "withdraw_material": "materials",
}  # fmt: skip
"""What a person should have before his eyes while he decides."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows from a step: where the problem goes, whose move it is then, and the clock that starts."""

    target: str = ""
    target_label: str = ""
    next_movers: tuple[str, ...] = ()
    clock_label: str = ""
    clock_on: Any = None
    clock_provisional: bool = False


@business_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    problem = problem_of(request, pk)
    if name not in INPUTS:
        raise Http404
    if request.method == "POST":
        return _post(request, problem, name)
    values = prefill(name, problem, user_of(request))
    if name == "withdraw_material":
        values["material"] = request.GET.get("material", "")
    return _ask(request, problem, name, values=values)


def _post(request: HttpRequest, problem: Problem, name: str) -> HttpResponse:
    user = user_of(request)
    given: dict[str, Any] = read(INPUTS[name], request.POST)
    version = request.POST.get("version", "")
    stored = _store(request, given, user) if name == "attach" else None
    outcome: Problem | Refusal
    if stored is not None:
        outcome = stored
    else:
        seen = int(version) if version.isascii() and version.isdigit() else -1
        outcome = door.problem_transition(problem_id=problem.pk, name=name, acting_user=user, inputs=given, expected_version=seen)
    if not isinstance(outcome, Refusal):
        messages.success(request, _said(outcome, name))
        return redirect("problem", problem.pk)
    problem.refresh_from_db()
    return _ask(request, problem, name, values=given, refusal=outcome)


def _store(request: HttpRequest, given: dict[str, Any], user: User) -> Refusal | None:
    """Keep the uploaded file and put its number in its place; the door attaches it."""
    given.pop("file", None)
    uploaded = request.FILES.get("file")
    if uploaded is None:
        return Refusal("inputs", "文件：请选择要上传的文件", fields={"file": "请选择要上传的文件"})
    kept = evidence.store(stream=uploaded, name=uploaded.name or "", acting_user=user)
    if isinstance(kept, Refusal):
        return Refusal(kept.code, kept.reason, kept.clause, {"file": kept.reason})
    given["file"] = kept.pk
    return None


def _said(problem: Problem, name: str) -> str:
    label = next(t.label for t in TABLE if t.name == name)
    return f"已办理“{label}”。问题现处“{STATE_LABELS[State(problem.state)]}”。"


def _ask(
    request: HttpRequest, problem: Problem, name: str, *, values: dict[str, Any], refusal: Refusal | None = None
) -> HttpResponse:
    user, rules = user_of(request), rules_of(problem)
    offer = next((o for o in door.problem_offers(problem, user) if o.transition.name == name), None)
    if offer is None:
        why = refusal if refusal is not None and refusal.code == "stale" else _why_not(problem, name, rules, user)
        return refused(request, why, back=reverse("problem", args=[problem.pk]))
    drawing = Drawing(values, refusal.fields if refusal is not None else {}, options_for(problem, user), captions(problem))
    said = {
        "problem": problem, "offer": offer, "step": offer.transition, "refusal": refusal, "form": draw(INPUTS[name], drawing),
        "clause": rules.pack.clause_name(rules.machine.clause(offer.transition)), "after": _consequence(offer, problem, rules),
        "aside": ASIDE.get(name, ""), "stale": refusal is not None and refusal.code == "stale",
    }  # fmt: skip
    return render(request, "act/act.html", said | _beside(name, problem), status=_status(refusal))


def _status(refusal: Refusal | None) -> HTTPStatus:
    return status_of(refusal) if refusal is not None else HTTPStatus.OK


def _why_not(problem: Problem, name: str, rules: Governing, user: User) -> Refusal:
    """Why this person is not offered the step at all."""
    hats = worn_by(user, problem).hats
    said = decide(rules.machine, State(problem.state), name, hats, Facts(clock.today()))
    return said if isinstance(said, Refusal) else Refusal("wrong_state", "现在不能办理这一步，请返回问题页查看可办事项")


def _consequence(offer: Offer, problem: Problem, rules: Governing) -> Consequence:
    target = offer.transition.target
    if target is None:
        return Consequence()
    movers = tuple(HAT_LABELS[h] for h in Hat if h in AWAITED.get(target, frozenset()))
    kept = rules.pack.clocks.get(offer.transition.clock) if offer.transition.clock else None
    if kept is None:
        return Consequence(target, STATE_LABELS[target], movers)
    ends = due(kept.term(rules.settings), clock.today(), policies.calendar())
    return Consequence(target, STATE_LABELS[target], movers, kept.label, ends.on, ends.provisional)


def _beside(name: str, problem: Problem) -> dict[str, Any]:
    aside = ASIDE.get(name)
    return {"casefile": CaseFile(problem)} if aside else {}
