"""Which item makes which unit responsible for a problem: chosen with one press, taken back with a reason."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from huanze.orgs.doors import business_required
from huanze.problems import selectors
from huanze.problems.models import DutyBasis
from huanze.problems.selectors.basis import panel
from huanze.problems.services import basis as service
from huanze.rules.verdicts import Refusal
from huanze.workbench.views.manage.shared import PlainForm, form_page, posted, press
from huanze.workbench.views.shared import problem_of, refused, user_of


class WhyForm(PlainForm):
    why = forms.CharField(label="撤回的原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


@business_required
@require_http_methods(["GET", "POST"])
def problem_basis(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything the desk suggests for a problem; a post chooses one of them."""
    problem, user = problem_of(request, pk), user_of(request)
    if request.method == "POST":
        given = {name: request.POST.get(name, "")[:400] for name in ("key", "why", "note")}
        answer = service.choose(problem=problem, acting_user=user, **given)
        if isinstance(answer, Refusal) and answer.code == "wrong_actor":
            return refused(request, answer, back=_panel(pk))
        return press(request, answer, done="已认定责任依据。", to=_panel(pk))
    said = {"problem": problem, "panel": panel(problem, user, suggest=True), "whys": DutyBasis.Why.choices}
    return render(request, "duties/desk/basis.html", said)


@business_required
@require_http_methods(["GET", "POST"])
def basis_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    row = DutyBasis.objects.filter(pk=pk, problem__in=selectors.visible(user)).select_related("problem__office", "organisation").first()
    if row is None:
        raise Http404
    back = _panel(row.problem_id)
    if not panel(row.problem, user).may_say:
        return refused(request, Refusal("wrong_actor", f"责任依据由{row.problem.office}或者参与该问题的单位撤回"), back=back)
    return form_page(
        request, WhyForm(posted(request)), title=f"撤回责任依据：{row.organisation}", done="已撤回，记录保留。", to=back, back=back, button="撤回",
        template="duties/determinations/form.html", about=f"{row.text}（{row.clause}）",
        act=lambda data: service.withdraw(basis=row, acting_user=user, **data),
    )  # fmt: skip


def _panel(pk: int) -> str:
    return reverse("problem", args=[pk]) + "#s-units"
