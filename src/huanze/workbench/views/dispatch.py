"""每月调度 on one screen: every return one's units owe, prefilled, handed in one by one; the office sees who is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from huanze.base import clock
from huanze.orgs import selectors as orgs
from huanze.orgs.doors import business_required
from huanze.orgs.models import User
from huanze.problems.models import DispatchReturn, DispatchRound, Participant
from huanze.problems.services import dispatch as service
from huanze.rules.lifecycle import State
from huanze.rules.verdicts import Refusal
from huanze.workbench.step_form import Form, draw_pack
from huanze.workbench.views.shared import status_of, user_of

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Owed:
    """One return on the screen, prefilled, with what was wrong with it when it was handed in."""

    row: DispatchReturn
    form: Form
    percent: int | None
    uncertain: bool
    refusal: Refusal | None = None

    @property
    def open(self) -> bool:
        return self.row.submitted_on is None or self.refusal is not None

    @property
    def reports(self) -> bool:
        """Whether the percentage is asked for: of the main unit, while it rectifies."""
        return self.row.role == Participant.Role.MAIN and self.row.problem.state == State.RECTIFYING

    @property
    def closed(self) -> bool:
        """Handed in and past the cut-off: no more changes."""
        return self.row.submitted_on is not None and clock.today() > self.row.round.cutoff


Wrong: TypeAlias = Mapping[int, tuple[dict[str, Any], Refusal]]


@business_required
@require_GET
def dispatch(request: HttpRequest) -> HttpResponse:
    return _page(request)


@business_required
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    row = _own(user).filter(pk=pk).first()
    if row is None:
        raise Http404
    given = _read(request, row)
    outcome = service.submit_dispatch(return_id=pk, acting_user=user, **given)
    if isinstance(outcome, Refusal):
        return _page(request, {pk: (given, outcome)})
    late = "（已过截止日，记为逾期报送）" if outcome.late else ""
    messages.success(request, f"已报送：{row.problem.number} {row.problem.title}{late}。")
    return redirect("dispatch")


def _own(user: User) -> Any:
    """Returns of the units in which this person holds a post today, handed in or not."""
    found = DispatchReturn.objects.filter(organisation__in=_units(user))
    return found.select_related("round", "organisation", "problem__main_unit", "problem__office")


def _units(user: User) -> set[int]:
    return {h.post.organisation_id for h in orgs.posts_of(user)}


def _read(request: HttpRequest, row: DispatchReturn) -> dict[str, Any]:
    answers = {f.key: request.POST.get(f"r{row.pk}.{f.key}", "").strip() for f in service.fields_of(row)}
    percent = request.POST.get("percent", "")
    known = int(percent) if percent.isascii() and percent.isdigit() and len(percent) < 4 else None
    return {"answers": answers, "percent": known, "uncertain": bool(request.POST.get("uncertain"))}


def _page(request: HttpRequest, wrong: Wrong | None = None) -> HttpResponse:
    user, wrong = user_of(request), wrong or {}
    rounds = list(_rounds(user))
    missing = list(service.owed_returns(_units(user))[:SHOWN])
    handed_in = list(_own(user).filter(round__in=rounds).exclude(submitted_on=None).order_by("-submitted_on", "pk")[:SHOWN])
    known = service.prefills([*missing, *handed_in])
    said = {
        "missing": [_owed(row, known[row.pk], wrong) for row in missing], "rounds": rounds, "today": clock.today(),
        "handed_in": [_owed(row, known[row.pk], wrong) for row in handed_in], "units": _by_unit(user, rounds),
    }  # fmt: skip
    refusal = next((r for _, r in wrong.values()), None)
    return render(request, "dispatch/dispatch.html", said, status=status_of(refusal) if refusal is not None else 200)


def _owed(row: DispatchReturn, known: service.Prefill, wrong: Wrong) -> Owed:
    given, refusal = wrong.get(row.pk, ({}, None))
    errors = {f"r{row.pk}.{key}": why for key, why in (refusal.fields if refusal is not None else {}).items()}
    form = draw_pack(service.fields_of(row), given.get("answers", known.answers), errors, prefix=f"r{row.pk}.")
    return Owed(row, form, given.get("percent", known.percent), given.get("uncertain", known.uncertain), refusal)


def _rounds(user: User) -> Any:
    """The latest round of each office under which this person works."""
    offices = {o.pk for h in orgs.posts_of(user) if (o := orgs.office_of(h.post.organisation.region))}
    latest = DispatchRound.objects.filter(office__in=offices).order_by("office", "-month")
    found: dict[int, DispatchRound] = {}
    for row in latest.select_related("office")[:120]:
        found.setdefault(row.office_id, row)
    return found.values()


def _by_unit(user: User, rounds: list[DispatchRound]) -> list[Any]:
    """For the office: how many returns each unit owes this month, and how many are still missing."""
    own = {h.post.organisation_id for h in orgs.posts_of(user)}
    mine = [r for r in rounds if r.office_id in own]
    counted = DispatchReturn.objects.filter(round__in=mine).values("organisation", "organisation__short_name")
    return list(
        counted.annotate(owed=Count("pk"), missing=Count("pk", filter=Q(submitted_on=None)), late=Count("pk", filter=Q(late=True)))
        .order_by("-missing", "organisation")
    )
