"""The page of one problem: where it stands, what can be done, everything that happened, and what comes if nothing moves."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from huanze.orgs import selectors as orgs
from huanze.orgs.doors import business_required
from huanze.orgs.models import User
from huanze.problems import selectors
from huanze.problems.models import DutyBasis, Problem, Watch
from huanze.problems.selectors.basis import panel
from huanze.problems.services import door, ladder
from huanze.problems.services.context import rules_of, worn_by
from huanze.problems.services.materials import own_materials
from huanze.rules.lifecycle import AWAITED, HAT_LABELS, Hat, Offer, State
from huanze.rules.packs.schema import Pack
from huanze.workbench.casefile import CaseFile
from huanze.workbench.views.shared import problem_of, user_of

COMING_SHOWN = 4
OF_THE_STATE = 2
"""A step that at most so many states offer is the work of the state; one that more offer may be taken at any time."""


@business_required
@require_GET
def problem(request: HttpRequest, pk: int) -> HttpResponse:
    shown, user = problem_of(request, pk), user_of(request)
    rules = rules_of(shown)
    holders = orgs.holders(post=shown.leader_post) if shown.leader_post else []
    worn, offers = worn_by(user, shown), door.problem_offers(shown, user)
    said = {
        "problem": shown, "casefile": CaseFile(shown), "steps": _steps(offers, shown), "pack": rules.pack,
        "withdrawable": _withdrawable(offers, shown, user, worn.organisations),
        "labels": labels(shown, rules.pack), "watched": Watch.objects.filter(user=user, problem=shown).exists(),
        "coming": ladder.rehearsal(shown)[:COMING_SHOWN], "awaited": _awaited(shown), "may_urge": Hat.OFFICE in worn.hats,
        "leader_name": "、".join(u.name for u in holders), "panel": panel(shown, user), "whys": DutyBasis.Why.choices,
    }  # fmt: skip
    return render(request, "problem/problem.html", said | _timeline(request, shown))


def _steps(offers: tuple[Offer, ...], shown: Problem) -> dict[str, Any]:
    """The steps of this state, those that may be taken at any time, and those closed now; the first whose turn it is leads."""
    turn = AWAITED.get(State(shown.state), frozenset())
    own = [o for o in offers if o.open and len(o.transition.sources) <= OF_THE_STATE]
    return {
        "own": own,
        "lead": next((o.transition.name for o in own if o.transition.actors & turn), ""),
        "any_time": [o for o in offers if o.open and o not in own],
        "closed": [o for o in offers if not o.open],
    }


def _withdrawable(offers: tuple[Offer, ...], shown: Problem, user: User, organisations: frozenset[int]) -> frozenset[int]:
    """The materials beside which the page shows the way to take them back."""
    if not any(o.transition.name == "withdraw_material" for o in offers):
        return frozenset()
    return frozenset(e.pk for e in own_materials(shown, user=user, organisations=organisations))


def _awaited(shown: Problem) -> str:
    hats = AWAITED.get(State(shown.state), frozenset())
    return "、".join(HAT_LABELS[h] for h in Hat if h in hats)


def labels(shown: Problem, pack: Pack) -> dict[str, Any]:
    """The pack's own words for the source, the way and what was written in the way's form."""
    source = next((s.label for s in pack.sources if s.key == shown.source), shown.source)
    way = pack.way(shown.way)
    form = [(f.label, _said(shown.way_form.get(f.key))) for f in way.fields if shown.way_form.get(f.key)] if way else []
    return {"source": source, "way": way.label if way else shown.way, "form": form}


def _said(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _timeline(request: HttpRequest, shown: Problem) -> dict[str, Any]:
    """Everything that happened, or one kind of it."""
    entries = selectors.timeline(shown)
    kinds = list(dict.fromkeys((e.kind, e.kind_label) for e in entries))
    wanted = request.GET.get("kind", "")
    return {"entries": [e for e in entries if wanted in ("", e.kind)], "kinds": kinds, "kind": wanted}
