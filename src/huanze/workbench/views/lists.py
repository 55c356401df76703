"""事项清单: the departments of a place, one department, any version, two versions side by side, and what nobody does yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from huanze.duties.models import ListVersion
from huanze.duties.selectors import lists as read
from huanze.duties.selectors.course import DRAFT, course, courses, hat_for
from huanze.duties.selectors.reminders import rule_here
from huanze.duties.selectors.scope import sight
from huanze.orgs.doors import business_required
from huanze.orgs.models import Organisation, Post
from huanze.orgs.selectors import holders_of, posts_of
from huanze.workbench.views.lists_shared import LEADERS, department_of, may, place_of, rows_of, version_of
from huanze.workbench.views.manage.shared import key_page, whole
from huanze.workbench.views.shared import user_of

State = ListVersion.State


@business_required
@require_GET
def item_lists(request: HttpRequest) -> HttpResponse:
    place = place_of(request)
    rows = read.departments(place.region, sight(user_of(request), place.region)) if place.region else []
    figures = {
        "all": len(rows), "published": sum(r.in_force is not None for r in rows), "making": sum(r.making is not None for r in rows),
        "red": sum(r.page_red for r in rows), "errors": sum(r.open_errors for r in rows), "items": sum(r.items for r in rows),
    }  # fmt: skip
    shown = _standing(request, rows)
    said = {"place": place, "rows": shown, "mine": [row for row in shown if row["mine"]], "figures": figures, "tab": "lists"}
    return render(request, "duties/lists/place.html", said)


def _standing(request: HttpRequest, rows: Sequence[read.Department]) -> list[dict[str, Any]]:
    """Each department with the step its list in the making stands at; ``mine`` where this person is waited for."""
    standing = courses([row.making for row in rows if row.making])
    user, held = user_of(request), posts_of(user_of(request))
    shown = []
    for row in rows:
        now = standing[row.making.pk].current if row.making else None
        mine = now is not None and now.key != DRAFT and hat_for(now, user, held) is not None
        shown.append({"dept": row, "now": now, "mine": mine})
    return shown


@business_required
@require_GET
def item_list(request: HttpRequest, pk: int) -> HttpResponse:
    """One department: the version in force with who does each item, what is in the making, and every version there was."""
    unit = department_of(request, pk)
    seen = sight(user_of(request), unit.region)
    versions = read.history(unit, seen)
    current = read.in_force(unit)
    said = {
        "unit": unit, "tab": "lists", "edition": current, "versions": versions, **rows_of(read.items_of(current) if current else [], read.assigned(unit)),
        "making": next((v for v in versions if v.state in read.MAKING), None), "own": may(request, unit), "leads": may(request, unit, LEADERS),
        "unpaged": [v for v in versions if v.state == State.PUBLISHED and v.page_day is None][:1], "owed": read.page_owed(unit), "heads": _heads(unit),
        "reminds": may(request, unit) and rule_here(unit.region) is not None,
    }  # fmt: skip
    said["open_errors"] = sum(row["open"] for row in said["rows"])
    said["now"] = course(said["making"]).current if said["making"] else None
    return render(request, "duties/lists/department.html", said)


def _heads(unit: Organisation) -> str:
    return "、".join(person.name for person in holders_of([unit.pk], (Post.Rank.HEAD,))[unit.pk])


@business_required
@require_GET
def list_version(request: HttpRequest, pk: int) -> HttpResponse:
    """A version as it was or is: its items, its chain with every signature, and what may be done about it now."""
    version = version_of(request, pk)
    unit, standing = version.item_list.organisation, course(version)
    now = standing.current
    said = {
        "edition": version, "unit": unit, "tab": "lists", "course": standing, "now": now, **rows_of(read.items_of(version)),
        "own": may(request, unit), "leads": may(request, unit, LEADERS), "signs": now is not None and hat_for(now, user_of(request)) is not None,
    }  # fmt: skip
    return render(request, "duties/lists/version.html", said)


@business_required
@require_GET
def list_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Item by item against ``?with=`` (the version it is based on unless told)."""
    newer = version_of(request, pk)
    unit = newer.item_list.organisation
    others = [v for v in read.history(unit, sight(user_of(request), unit.region)) if v.pk != newer.pk]
    wanted = whole(request.GET.get("with")) or newer.based_on_id
    older = next((v for v in others if v.pk == wanted), None)
    rows = read.compared(older, newer) if older else []
    counts = Counter(row.kind for row in rows)
    shown = rows if request.GET.get("all") else [row for row in rows if row.kind != "same"]
    said = {"newer": newer, "older": older, "others": others, "unit": unit, "rows": shown, "counts": counts, "total": len(rows), "tab": "lists"}
    return render(request, "duties/lists/compare.html", said)


@business_required
@require_GET
def item_errors(request: HttpRequest) -> HttpResponse:
    """Items of a place that nobody does, with the head who owns each (A5)."""
    place = place_of(request)
    if place.region is None:
        return render(request, "duties/lists/errors.html", {"place": place, "tab": "lists"})
    found = read.open_errors(place.region)
    page = key_page(found, request)
    said = {"place": place, "tab": "lists", "page": page, "rows": read.owned(page.rows), "total": found.count()}
    return render(request, "duties/lists/errors.html", said)
