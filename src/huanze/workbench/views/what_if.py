"""What adopting a version would change, shown before the decision. Nothing is written here."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from huanze.base import clock
from huanze.orgs.doors import business_required
from huanze.orgs.models import Region, User
from huanze.policies.models import PackVersion
from huanze.policies.selectors.drafts import versions_for, visible_versions
from huanze.policies.services import deciding_posts
from huanze.policies.services.naming import may_name
from huanze.rules.packs.reading import PackError
from huanze.workbench import what_if as rule
from huanze.workbench.views import adoption
from huanze.workbench.views.drafts_compare import Choice, groups
from huanze.workbench.views.drafts_naming import places_of
from huanze.workbench.views.manage.shared import whole
from huanze.workbench.views.shared import user_of


@business_required
@require_http_methods(["GET", "POST"])
def what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked for, it supposes today and the defaults; sent from the form of a decision, what was written there."""
    user = user_of(request)
    version = get_object_or_404(visible_versions(user), pk=pk)
    if request.method == "POST" and deciding_posts(user):
        return _decision(request, version, user)
    regions = [place for place in places_of(user) if versions_for(place).filter(pk=pk).exists()]
    asked = whole(request.GET.get("region"))
    region = next((r for r in regions if r.pk == asked), regions[0] if regions else None)
    if region is None:
        return render(request, "drafts/what_if.html", {"pack_version": version, "regions": regions})
    return _page(request, version, region, clock.today(), {}, {"regions": regions, "may": bool(may_name(user, region))})


def _decision(request: HttpRequest, version: PackVersion, user: User) -> HttpResponse:
    form = adoption.form_for(request, version, user)
    if not form.is_valid():
        return adoption.ask(request, form, version)
    data = form.cleaned_data
    sent = [(name, value) for name in form.fields for value in request.POST.getlist(name)]
    more = {"form": form, "sent": sent, "basis": data["basis"], "may": bool(may_name(user, data["region"]))}
    return _page(request, version, data["region"], data["from_day"], form.local(), more)


def _page(
    request: HttpRequest, version: PackVersion, region: Region, from_day: date, local: dict[str, Any], more: dict[str, Any]
) -> HttpResponse:
    try:
        found = rule.what_if(region=region, version=version, from_day=from_day, local=local)
    except PackError:
        # A local value outside its bounds is told by the form when it is sent; looked at here, the defaults hold.
        found = rule.what_if(region=region, version=version, from_day=from_day, local={})
    columns = [Choice("", found.current.pack.title, "现行"), Choice("", version.title, "将要施行")] if found.current else []
    said = {
        "pack_version": version, "found": found, "region": region, "until": from_day + rule.AHEAD, "columns": columns,
        "groups": groups(found.table, columns, only=True) if found.table else [], "decides": bool(deciding_posts(user_of(request))),
        "back": f"{reverse('what_if', args=[version.pk])}?region={region.pk}", **more,
    }  # fmt: skip
    return render(request, "drafts/what_if.html", said)
