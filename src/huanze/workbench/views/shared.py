"""What the business screens share: who asks, which problem, and how a refusal looks."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from huanze.orgs.models import User
from huanze.problems import selectors
from huanze.problems.models import Problem
from huanze.rules.verdicts import Refusal

STATUS_OF = {
    "stale": HTTPStatus.CONFLICT,
    "wrong_state": HTTPStatus.CONFLICT,
    "not_ready": HTTPStatus.CONFLICT,
    "wrong_actor": HTTPStatus.FORBIDDEN,
    "not_found": HTTPStatus.NOT_FOUND,
}
"""Any other refusal is about what was written: 422."""


def user_of(request: HttpRequest) -> User:
    return cast(User, request.user)


def problem_of(request: HttpRequest, pk: int) -> Problem:
    """The problem if this person may see it; what lies outside a scope is not there at all."""
    problem = selectors.visible(user_of(request)).filter(pk=pk).select_related("region", "office__region", "main_unit").first()
    if problem is None:
        raise Http404
    return problem


def status_of(refusal: Refusal) -> HTTPStatus:
    return STATUS_OF.get(refusal.code, HTTPStatus.UNPROCESSABLE_ENTITY)


def refused(request: HttpRequest, refusal: Refusal, *, back: str, more: dict[str, Any] | None = None) -> HttpResponse:
    """A page of its own for a refusal that has no form to stand on."""
    said = {"refusal": refusal, "back": back} | (more or {})
    return render(request, "shared/refused.html", said, status=status_of(refusal))
