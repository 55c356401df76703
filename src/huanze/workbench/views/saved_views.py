"""Views of the ledger that a person keeps under a name, and problems he watches."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from huanze.orgs.doors import business_required
from huanze.problems.selectors import LedgerFilter
from huanze.problems.services import personal
from huanze.rules.verdicts import Refusal
from huanze.workbench.views.shared import problem_of, user_of


@business_required
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    wanted = LedgerFilter.from_query(QueryDict(request.POST.get("query", "")))
    query = "" if isinstance(wanted, Refusal) else wanted.to_query()
    kept = personal.keep_view(user=user_of(request), name=request.POST.get("name", ""), query=query)
    if isinstance(kept, Refusal):
        messages.error(request, kept.reason)
    else:
        messages.success(request, f"已保存常用视图“{kept.name}”。")
    return redirect(f"{reverse('ledger')}?{query}")


@business_required
@require_POST
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    if not personal.drop_view(user=user_of(request), view_id=pk):
        raise Http404
    messages.success(request, "已删除常用视图。")
    return redirect("ledger")


@business_required
@require_POST
def watch(request: HttpRequest, pk: int) -> HttpResponse:
    """``on`` is 1 to watch and empty to stop, so that pressing twice does no harm."""
    on = bool(request.POST.get("on"))
    personal.set_watch(user=user_of(request), problem=problem_of(request, pk), on=on)
    messages.success(request, "已关注，可在首页“关注”中查看。" if on else "已取消关注。")
    return redirect("problem", pk)
