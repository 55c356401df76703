"""职责分布: topics by departments, gaps and overlaps, and the basis for what no list names (A7)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from huanze.duties.selectors.duty_map import duty_map as read
from huanze.orgs.doors import business_required
from huanze.workbench.views.lists_shared import place_of
from huanze.workbench.views.manage.shared import whole

SHOWN = 100
KINDS = (
    ("no_lead", "没有部门牵头", "有部门配合或者参与，没有任何清单列为牵头。"),
    ("two_leads", "不止一个部门牵头", "两个以上部门各自列为牵头、内容几乎相同的事项；会同牵头的不算。"),
    ("repeated", "同一部门重复列项", "同一清单中内容几乎相同的事项。"),
)


@business_required
@require_GET
def duty_map(request: HttpRequest) -> HttpResponse:
    place = place_of(request)
    if place.region is None:
        return render(request, "duties/map/map.html", {"place": place, "tab": "map"})
    made = read(place.region)
    topic, unit = request.GET.get("topic", ""), whole(request.GET.get("unit"))
    cell = made.cell_items(topic, unit) if topic else []
    kinds = [{"key": key, "label": label, "about": about, "found": made.of_kind(key)} for key, label, about in KINDS]
    said = {
        "place": place, "tab": "map", "map": made, "kinds": kinds, "shown": SHOWN, "topic": topic, "cell": cell[:SHOWN], "cell_total": len(cell),
        "cell_unit": next((u for u in made.departments if u.pk == unit), None),
    }  # fmt: skip
    return render(request, "duties/map/map.html", said)
