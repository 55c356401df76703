"""The ledger: filtered, counted, paged by key; every condition can be read in the link and kept under a name."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from huanze.orgs.doors import business_required
from huanze.orgs.models import Organisation, Region, User
from huanze.problems import selectors
from huanze.problems.models import Problem, SavedView
from huanze.problems.selectors import LedgerFilter
from huanze.problems.selectors.filters import GROUPS
from huanze.rules.lifecycle import STATE_LABELS
from huanze.rules.verdicts import Refusal
from huanze.workbench.views.home import LIGHTS
from huanze.workbench.views.register import desk_of
from huanze.workbench.views.shared import user_of

SHORT_GROUPS = ("open", "working", "finished", "closed")


@dataclass(frozen=True, slots=True)
class Chip:
    words: str
    without: str


@dataclass(frozen=True, slots=True)
class Tally:
    """A count that is also the filter showing its rows."""

    label: str
    count: str
    query: str
    on: bool


@business_required
@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    wanted = LedgerFilter.from_query(request.GET)
    refusal = wanted if isinstance(wanted, Refusal) else None
    asked = LedgerFilter() if isinstance(wanted, Refusal) else wanted
    page = selectors.ledger_page(user, asked, after=request.GET.get("after", "") or request.GET.get("before", ""))
    if isinstance(page, Refusal):
        refusal, page = page, selectors.ledger_page(user, asked)
    counts = selectors.ledger_counts(user, asked)
    query = asked.to_query()
    saved = list(SavedView.objects.filter(user=user).order_by("name"))
    said = {
        "page": page, "counts": counts, "refusal": refusal, "given": _given(request, asked), "choices": _choices(user),
        "chips": _chips(asked), "tallies": _tallies(asked, counts), "query_text": query, "saved_views": saved,
        "this_view": next((v for v in saved if v.query == query), None), "open_filters": refusal is not None,
        "may_register": not isinstance(desk_of(user), Refusal),
    }  # fmt: skip
    return render(request, "ledger/ledger.html", said, status=HTTPStatus.UNPROCESSABLE_ENTITY if refusal is not None else HTTPStatus.OK)


def _given(request: HttpRequest, asked: LedgerFilter) -> dict[str, Any]:
    """What the form shows: the filter as text, or what was written when it was refused."""
    shown: dict[str, Any] = {name: request.GET.get(name, "") for name in LedgerFilter.model_fields}
    said = asked.model_dump(mode="json", exclude_defaults=True) | {"group": asked.group}
    return shown | {name: str(value) if isinstance(value, int) and not isinstance(value, bool) else value for name, value in said.items()}


def _choices(user: User) -> dict[str, Any]:
    facets = selectors.facets(user)
    return {
        "source": facets.sources, "region": facets.regions, "unit": facets.units, "level": Problem.Level.choices,
        "group": [(key, label) for key, (label, _) in GROUPS.items()], "state": [(s.value, label) for s, label in STATE_LABELS.items()],
        "light": Problem.Light.choices,
    }  # fmt: skip


def _chips(asked: LedgerFilter) -> list[Chip]:
    """The conditions that are on, ids said by name; pressing one takes it off."""
    names: dict[str, Any] = {"region": Region, "unit": Organisation}
    made = []
    for field, words, without in asked.chips():
        if field in names:
            row = names[field].objects.filter(pk=getattr(asked, field)).first()
            words = f"{LedgerFilter.model_fields[field].title}：{row or '（已不存在）'}"
        elif field in FLAGS:
            words = FLAGS[field]
        made.append(Chip(words, without))
    return made


FLAGS = {"near": "临期", "mine": "本单位承担", "watched": "我关注的"}


def _tallies(asked: LedgerFilter, counts: Any) -> list[Tally]:
    """Counts by light and by stage under the conditions that are on; pressing the one that is on takes it off."""
    lights = [_tally(asked, "light", key, label, counts.by_light[key]) for key, label in LIGHTS]
    return lights + [_tally(asked, "group", key, GROUPS[key][0], counts.by_group[key]) for key in SHORT_GROUPS]


def _tally(asked: LedgerFilter, field: str, value: str, label: str, count: Any) -> Tally:
    on, off = getattr(asked, field) == value, "all" if field == "group" else ""
    return Tally(label, str(count), asked.model_copy(update={field: off if on else value}).to_query(), on)
