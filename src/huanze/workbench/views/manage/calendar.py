"""System administrator: the years of the working calendar, and loading a new one (J5)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from huanze.policies import selectors, services
from huanze.rules.verdicts import Refusal
from huanze.workbench.views.manage.forms import YearForm
from huanze.workbench.views.manage.shared import posted
from huanze.workbench.views.manage.system import acting, system_only


@system_only
def years(request: HttpRequest) -> HttpResponse:
    return render(request, "manage/years.html", {"years": selectors.known_years(), "tab": "calendar"})


@system_only
def load(request: HttpRequest) -> HttpResponse:
    """First press shows what would change; the second, with the same text, puts it in force."""
    form = YearForm(posted(request), request.FILES or None)
    said: dict[str, object] = {"form": form, "tab": "calendar"}
    if not form.is_bound or not form.is_valid():
        return render(request, "manage/year_load.html", said, status=422 if form.is_bound else 200)
    text = form.cleaned_data["text"]
    answer = services.load_calendar_year(text, acting(request)) if "confirm" in request.POST else services.preview_calendar_year(text)
    if isinstance(answer, Refusal):
        form.blame(answer)
        return render(request, "manage/year_load.html", said, status=422)
    if isinstance(answer, services.Preview):
        return render(request, "manage/year_load.html", {**said, "preview": answer, "text": text})
    messages.success(request, f"{answer.year}年的安排已经生效，原先暂定的日期将在今天的定时检查中重新计算。")
    return redirect("manage_years")
