"""谁来牵头: a matter in plain words, the departments that lead it, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from huanze.duties.ranking import Fit, Hit, Ranking
from huanze.duties.selectors import desk as read
from huanze.duties.selectors.desk import RELATIONS, Desk
from huanze.orgs.doors import business_required
from huanze.orgs.models import Organisation, Region
from huanze.workbench.views.lists_shared import place_of

LONGEST = 1_500
"""Characters of a matter; more does not fit an address that can be passed on."""


@dataclass(frozen=True, slots=True)
class Reason:
    """An item as the page shows it. ``others``: who else is in it."""

    fit: Fit
    relation: str
    source: str
    others: str


@dataclass(frozen=True, slots=True)
class Lead:
    """One department of the answer, with the unit behind its name where the place has one."""

    name: str
    unit: Organisation | None
    reasons: Sequence[Reason]


@business_required
@require_GET
def leads(request: HttpRequest) -> HttpResponse:
    """The question and its answer; the address holds the question, so it can be passed on."""
    place = place_of(request)
    matter = request.GET.get("q", "").strip()[:LONGEST]
    said: dict[str, Any] = {"place": place, "q": matter, "longest": LONGEST, "tab": "leads"}
    if place.region is not None and matter:
        said |= _answer(place.region, matter)
    template = "duties/desk/answer.html" if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted") else "duties/desk/leads.html"
    return render(request, template, said)


def _answer(region: Region, matter: str) -> dict[str, Any]:
    known = read.desk(region)
    ranking = known.rank(matter)
    heard = [word for hit in (*ranking.hits[:3], *ranking.helpers[:1]) for fit in hit.fits for word in fit.words]
    return {
        "asked": True, "empty": not known.entries, "nobody": ranking.nobody, "leads": _leads(known, ranking.hits),
        "helpers": _leads(known, ranking.helpers), "marked": list(marked(matter, heard)), "earlier": read.earlier(region, matter)[:3],
        "fallback": read.fallback(region) if ranking.nobody else None, "outside": _outside(ranking),
    }  # fmt: skip


def _leads(known: Desk, hits: Iterable[Hit]) -> list[Lead]:
    return [Lead(hit.department, known.units.get(hit.department), [_reason(known, fit) for fit in hit.fits]) for hit in hits]


def _reason(known: Desk, fit: Fit) -> Reason:
    return Reason(fit, RELATIONS[fit.entry.relation], known.sources.get(fit.entry.key, ""), "、".join(known.others(fit.entry)))


def _outside(ranking: Ranking) -> str:
    return "、".join(ranking.outside[:5]) if ranking.nobody else ""


def marked(text: str, words: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, those that matched marked; longer words first, so that none is cut by a shorter one."""
    known = sorted({w for w in words if w}, key=len, reverse=True)
    if not known:
        yield text, False
        return
    for n, piece in enumerate(re.split("(" + "|".join(map(re.escape, known)) + ")", text)):
        if piece:
            yield piece, n % 2 == 1
