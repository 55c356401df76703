"""The whole of a place on one page: lights, 序时进度, what waits for acceptance, what nobody did. Prints on one sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from huanze.base import clock
from huanze.orgs.doors import business_required
from huanze.problems import selectors
from huanze.problems.models import Omission
from huanze.problems.selectors import LedgerFilter
from huanze.rules.progress import STANDING_LABELS
from huanze.workbench.views.home import LIGHTS, Figure
from huanze.workbench.views.shared import user_of

STALE_DAYS = 30
"""A finished rectification that waits longer than this for its acceptance is shown (the places' common yardstick)."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart: its parts by light, and the ledger filter that shows its rows."""

    label: str
    parts: Sequence[tuple[str, int]]
    url: str

    @property
    def total(self) -> int:
        return sum(n for _, n in self.parts)


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    rows: Sequence[Bar]

    @property
    def most(self) -> int:
        return max((r.total for r in self.rows), default=0)


def ledger_url(**conditions: Any) -> str:
    return f"{reverse('ledger')}?{LedgerFilter(**conditions).to_query()}"


@business_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    user = user_of(request)
    found = selectors.overview(user, today, STALE_DAYS)
    sources = dict(option for _, options in selectors.facets(user).sources for option in options)
    charts = [
        Chart("按责任单位", [Bar(g.label, _parts(g.lights), ledger_url(unit=g.key, group="working")) for g in found.by_unit]),
        Chart("按问题来源", [Bar(sources.get(g.key, g.label), _parts(g.lights), ledger_url(source=g.key, group="working")) for g in found.by_source]),
    ]
    said = {
        "figures": _figures(found), "charts": charts, "today": today, "stale_days": STALE_DAYS,
        "stale": {"count": found.stale_count, "rows": found.stale}, "omissions": _omissions(found),
    }  # fmt: skip
    return render(request, "overview/overview.html", said)


def _parts(lights: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(key, lights.get(key, 0)) for key in ("red", "amber", "green", "none")]


def _figures(found: Any) -> list[Figure]:
    lights = [Figure(label, str(found.lights.get(key, 0)), ledger_url(light=key, group="working"), key) for key, label in LIGHTS]
    paces = [Figure(STANDING_LABELS[key], str(found.standing.get(key, 0)), "") for key in ("ahead", "on", "behind")]
    return [
        Figure("未销号", str(found.open), ledger_url(group="open")), *lights, *paces,
        Figure("今年销号", str(found.closed_this_year), ledger_url(group="closed")),
    ]  # fmt: skip


def _omissions(found: Any) -> dict[str, Any]:
    kinds = list(Omission.Kind)
    rows = [
        {"label": m.label, "url": ledger_url(unit=m.unit), "counts": [(k.label, m.counts.get(k.value, 0)) for k in kinds], "total": sum(m.counts.values())}
        for m in found.omissions
    ]
    return {"kinds": [k.label for k in kinds], "rows": rows, "count": sum(r["total"] for r in rows)}
