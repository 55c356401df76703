"""Security auditor: the chain page by page, and whether it holds. Nothing here writes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from huanze.audit import selectors, services
from huanze.orgs.doors import administrator_required
from huanze.workbench.acts import ACTS, OBJECTS
from huanze.workbench.views.manage.forms import ChainForm
from huanze.workbench.views.manage.shared import whole

audit_only = administrator_required("audit")
VERIFIED_HERE = 200_000
"""Longer chains are checked from the command line: a page should answer within seconds."""


@audit_only
def chain(request: HttpRequest) -> HttpResponse:
    form = ChainForm(request.GET or None)
    wanted = {name: value for name, value in form.cleaned_data.items() if value} if form.is_bound and form.is_valid() else {}
    page = selectors.page(before=whole(request.GET.get("after")), **wanted)
    rows = [(e, ACTS.get(e.action, ""), OBJECTS.get(e.object_type, e.object_type)) for e in page.entries]
    return render(request, "manage/chain.html", {"form": form, "rows": rows, "page": page, "tab": "chain", "wanted": wanted})


@audit_only
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    entries = services.marks()[-1].seq
    result = services.verify() if entries <= VERIFIED_HERE else None
    said = {"result": result, "holds": isinstance(result, services.Verified), "entries": entries, "tab": "chain"}
    return render(request, "manage/verified.html", said)
