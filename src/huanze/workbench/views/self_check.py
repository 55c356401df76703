"""季度自查: a unit reports what it found itself, sees first in which quarter it will count; the office receives the paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huanze.base import clock
from huanze.orgs import selectors as orgs
from huanze.orgs.doors import business_required
from huanze.orgs.models import User
from huanze.problems.inputs import check
from huanze.problems.models import SelfCheckReturn
from huanze.problems.services import self_check as service
from huanze.rules.verdicts import Refusal
from huanze.workbench.asked import PaperReceived, SelfCheckReport
from huanze.workbench.choices import finding_options
from huanze.workbench.step_form import Drawing, draw, read
from huanze.workbench.views.shared import status_of, user_of

SHOWN = 200


def _visible(user: User) -> Any:
    """Returns of one's own units, and for the office those it is owed."""
    units = {h.post.organisation_id for h in orgs.posts_of(user)}
    found = SelfCheckReturn.objects.filter(Q(organisation__in=units) | Q(office__in=units))
    return found.select_related("organisation__region", "office__region", "submitted_by")


@business_required
@require_GET
def self_checks(request: HttpRequest) -> HttpResponse:
    return _list(request)


def _list(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    user = user_of(request)
    units = {h.post.organisation_id for h in orgs.posts_of(user)}
    rows = list(_visible(user).order_by("-cutoff", "counted_in", "organisation")[:SHOWN])
    said = {
        "own": [(r, service.preview_counted_in(r)) for r in rows if r.organisation_id in units],
        "received": [r for r in rows if r.office_id in units and r.organisation_id not in units],
        "today": clock.today(), "refusal": refusal,
    }  # fmt: skip
    return render(request, "self_check/list.html", said, status=status_of(refusal) if refusal is not None else 200)


@business_required
@require_http_methods(["GET", "POST"])
def self_check(request: HttpRequest, pk: int) -> HttpResponse:
    row = _visible(user_of(request)).filter(pk=pk).first()
    if row is None:
        raise Http404
    if request.method == "GET":
        return _ask(request, row, {"items": row.items, "nil": row.nil, "electronic": True})
    given = read(SelfCheckReport, request.POST)
    checked = check(SelfCheckReport, given)
    outcome = checked if isinstance(checked, Refusal) else service.submit_self_check(
        return_id=pk, acting_user=user_of(request), nil=checked.nil, electronic=checked.electronic,
        items=[item.model_dump(mode="json", exclude_none=True) for item in checked.items],
    )  # fmt: skip
    if isinstance(outcome, Refusal):
        return _ask(request, row, given, outcome)
    where = f"已报齐，列入{outcome.counted_in}问题清单" if outcome.counted_in else "待整改办签收盖章纸质版后列入问题清单"
    messages.success(request, f"已报送{service.quarter(row.cutoff)}自查情况，{where}。")
    return redirect("self_checks")


def _ask(request: HttpRequest, row: SelfCheckReturn, given: dict[str, Any], refusal: Refusal | None = None) -> HttpResponse:
    form = draw(SelfCheckReport, Drawing(given, refusal.fields if refusal is not None else {}, finding_options(row.office, ())))
    own = row.organisation_id in {h.post.organisation_id for h in orgs.posts_of(user_of(request))}
    counted = service.preview_counted_in(row)
    late = isinstance(counted, Refusal) or not counted.in_time
    said = {
        "row": row, "form": form, "refusal": refusal, "quarter": service.quarter(row.cutoff), "late": late, "counted": counted.reason if isinstance(counted, Refusal) else counted.sentence,
        "editable": own and not row.counted_in,
    }  # fmt: skip
    return render(request, "self_check/report.html", said, status=status_of(refusal) if refusal is not None else 200)


@business_required
@require_POST
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The office writes down the day on which the stamped paper came."""
    if not _visible(user_of(request)).filter(pk=pk).exists():
        raise Http404
    given = check(PaperReceived, read(PaperReceived, request.POST))
    outcome = given if isinstance(given, Refusal) else service.receive_paper(return_id=pk, acting_user=user_of(request), day=given.day)
    if isinstance(outcome, Refusal):
        return _list(request, outcome)
    messages.success(request, f"已签收{outcome.organisation}的盖章纸质版。")
    return redirect("self_checks")
