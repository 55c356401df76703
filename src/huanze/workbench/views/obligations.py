"""应办: a unit's calendar of what falls due, the lists of what stands where, one duty with its proof, the calendar file."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from huanze.audit.selectors import timeline
from huanze.base import clock
from huanze.base.counting import Count
from huanze.evidence import selectors as evidence
from huanze.evidence import services as filing
from huanze.evidence import serving
from huanze.obligations import selectors, services
from huanze.obligations.ical import calendar as ical
from huanze.obligations.models import Occurrence
from huanze.obligations.services.acts import NOTE, SUBJECT, WHY, may_complete, may_end
from huanze.obligations.services.calendar import counted_from
from huanze.orgs.doors import business_required
from huanze.orgs.models import Organisation, User
from huanze.orgs.selectors import posts_of
from huanze.policies import selectors as policies
from huanze.policies.services.naming import may_name
from huanze.rules.recurring import told
from huanze.rules.verdicts import Refusal
from huanze.workbench.acts import ACTS
from huanze.workbench.templatetags.huanze import cn_date
from huanze.workbench.views.manage.shared import PlainForm, form_page, posted, whole
from huanze.workbench.views.shared import refused, user_of

FEW = 3
"""Entries a cell of the month shows; the rest is behind a link."""
PRINTED = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What every page of the room asks for first: what is seen, of which unit, and how much stands where."""

    seen: QuerySet[Occurrence]
    unit: Organisation | None
    units: Sequence[Organisation]
    counts: Mapping[str, Count]
    query: str

    def said(self) -> dict[str, Any]:
        tabs = [(key, label, self.counts[key]) for key, label in selectors.LISTS.items() if key != "all" and (key != "unplaced" or self.counts[key])]
        return {"tabs": tabs, "unit": self.unit, "units": self.units, "counts": self.counts, "unit_query": self.query}


def _asked(request: HttpRequest) -> Asked:
    seen = selectors.visible(user_of(request))
    units = list(selectors.units(seen))
    unit = next((u for u in units if u.pk == whole(request.GET.get("unit"))), None)
    if unit is not None:
        seen = seen.filter(organisation=unit)
    return Asked(seen, unit, units, selectors.counts(seen), urlencode({"unit": unit.pk}) if unit else "")


# ---- the month


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    within: bool
    rest: bool
    today: bool
    entries: Sequence[selectors.Entry]

    @property
    def shown(self) -> Sequence[selectors.Entry]:
        return self.entries if len(self.entries) <= FEW else self.entries[: FEW - 1]

    @property
    def more(self) -> int:
        return len(self.entries) - len(self.shown)


@business_required
@require_GET
def due(request: HttpRequest) -> HttpResponse:
    """The month: a grid on a wide screen, a list of days on a narrow one."""
    asked, month = _asked(request), _month(request.GET.get("month", ""))
    days = list(Weeks().itermonthdates(month.year, month.month))
    found = {day: list(group) for day, group in groupby(selectors.entries(asked.seen, days[0], days[-1]), key=lambda e: e.due)}
    working, today = policies.calendar(), clock.today()
    cells = [Day(d, d.month == month.month, not working.is_workday(d), d == today, found.get(d, [])) for d in days]
    said = asked.said() | {
        "month": month, "previous": f"{month - timedelta(days=1):%Y-%m}", "next": f"{month + timedelta(days=31):%Y-%m}",
        "weeks": [cells[at : at + 7] for at in range(0, len(cells), 7)], "agenda": [c for c in cells if c.within and c.entries],
        "tab": "month", "keep": [("month", f"{month:%Y-%m}")], "this_month": today.replace(day=1), "weekdays": "一二三四五六日",
    }  # fmt: skip
    return render(request, "obligations/month.html", said)


def _month(text: str) -> date:
    """``2025-04`` as its first day; anything that is no month of our time is this month."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = clock.today().replace(day=1)
    return first if 2000 <= first.year < 2100 else clock.today().replace(day=1)


# ---- the lists


@business_required
@require_GET
def due_list(request: HttpRequest) -> HttpResponse:
    """Where things stand: to do, missed, done, without a day, no longer applying, with nobody to do them."""
    asked, which = _asked(request), request.GET.get("state", "todo")
    if which not in selectors.LISTS:
        raise Http404
    seen, day, duty = asked.seen, _day(request.GET.get("on", "")), request.GET.get("duty", "")
    if day is not None:
        seen = seen.filter(due=day)
    if duty:
        seen = seen.filter(duty=duty)
    whole_list = request.GET.get("all") == "1"
    size = PRINTED if whole_list else selectors.PAGE
    page = selectors.page(seen, which, after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=size)
    user = user_of(request)
    regions = {row.region for row in page.rows} if which == "unplaced" else set()
    keep = [(key, request.GET[key]) for key in ("state", "on", "duty") if request.GET.get(key)]
    said = asked.said() | {
        "which": which, "keep": keep, "title": selectors.LISTS[which], "page": page, "day": day, "tab": which, "today": clock.today(), "printed": PRINTED,
        "whole_list": whole_list, "nameable": {region.pk for region in regions if may_name(user, region)}, "here": request.get_full_path(),
    }  # fmt: skip
    return render(request, "obligations/list.html", said)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# ---- one duty


def _row_of(request: HttpRequest, pk: int) -> Occurrence:
    """A duty that this person may see; what may not be seen is not there at all."""
    seen = selectors.visible(user_of(request)).select_related("organisation", "region", "done_by", "adoption__pack", "adoption__region")
    row = seen.defer("adoption__pack__content").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@business_required
@require_GET
def due_one(request: HttpRequest, pk: int) -> HttpResponse:
    row, user = _row_of(request, pk), user_of(request)
    may = may_complete(row, user)
    said = {
        "row": row, "clause": policies.pack(row.adoption.pack).clauses.get(row.clause), "told": _told(row), "may": may,
        "own": row.organisation_id in {h.post.organisation_id for h in posts_of(user)},
        "may_end": may_end(row, user),
        "may_name": row.unplaced and not row.finished and may_name(user, row.region) is not None,
        "papers": list(evidence.of_object(SUBJECT, row.pk)), "left": _left(row), "today": clock.today(),
        "history": [(entry, ACTS.get(entry.action, entry.action)) for entry in timeline(SUBJECT, row.pk)],
    }  # fmt: skip
    return render(request, "obligations/one.html", said)


def _told(row: Occurrence) -> str:
    """How the day came about: by the pack's words, or by what opened the duty."""
    duty = next((d for d in policies.pack(row.adoption.pack).duties if (d.key, d.clause) == (row.duty, row.clause)), None)
    if row.subject_type:
        return f"{cn_date(row.opens_on)}因有关事项变动而产生，期限按所依据的条款计算。"
    if duty is None:
        return ""
    counted = f"从{cn_date(counted_from(row.adoption, duty))}起算。" if duty.value.every is not None else ""
    return told(duty, policies.effective_settings(row.adoption)) + counted


def _left(row: Occurrence) -> str:
    """How far the day is, in plain days; nothing for what is finished."""
    if row.due is None or row.finished:
        return ""
    days = (row.due - clock.today()).days
    return "今天到期" if days == 0 else f"还剩{days}天" if days > 0 else f"已过{-days}天"


class CompleteForm(PlainForm):
    note = forms.CharField(
        label="办理情况", max_length=NOTE, widget=forms.Textarea(attrs={"rows": 5}), help_text="写明何时、怎样办理，文件的名称和文号。",
        error_messages={"max_length": f"不超过{NOTE}字。"},
    )  # fmt: skip
    file = forms.FileField(
        label="佐证材料", required=False, help_text="可以不传。图片不超过 20 MB，文档不超过 50 MB。",
        error_messages={"empty": "这个文件是空的，请重新选择。", "invalid": "没有收到文件，请重新选择。", "max_length": "文件名太长，请改短后重新选择。"},
    )  # fmt: skip


@business_required
@require_http_methods(["GET", "POST"])
def due_complete(request: HttpRequest, pk: int) -> HttpResponse:
    row, user = _row_of(request, pk), user_of(request)
    may = may_complete(row, user)
    if isinstance(may, Refusal):
        return refused(request, may, back=reverse("due_one", args=[pk]))
    form = CompleteForm(posted(request), request.FILES or None)
    late = "期限已过，办结后仍留有应办未办的记录，注明补办日期。" if row.due and row.due < clock.today() else ""
    return form_page(
        request, form, act=lambda data: _complete(row, user, data), title=f"办结：{row}", done="已办结。", to=reverse("due_one", args=[pk]),
        back=reverse("due_one", args=[pk]), button="办结", template="obligations/form.html", row=row, about=late,
    )  # fmt: skip


def _complete(row: Occurrence, user: User, data: Mapping[str, Any]) -> Occurrence | Refusal:
    kept = filing.store(stream=data["file"], name=data["file"].name, acting_user=user) if data["file"] else None
    if isinstance(kept, Refusal):
        return Refusal(kept.code, kept.reason, kept.clause, {"file": kept.reason})
    return services.complete(occurrence=row, note=data["note"], file=kept, acting_user=user)


class EndForm(PlainForm):
    why = forms.CharField(
        label="原因", max_length=WHY, widget=forms.Textarea(attrs={"rows": 3}), help_text="例如机构撤并、职能划转，写明依据的文件。",
        error_messages={"max_length": f"不超过{WHY}字。"},
    )  # fmt: skip


@business_required
@require_http_methods(["GET", "POST"])
def due_end(request: HttpRequest, pk: int) -> HttpResponse:
    row, user = _row_of(request, pk), user_of(request)
    here = reverse("due_one", args=[pk])
    may = may_end(row, user)
    if isinstance(may, Refusal):
        return refused(request, may, back=here)
    return form_page(
        request, EndForm(posted(request)), act=lambda data: services.end(occurrence=row, why=data["why"], acting_user=user),
        title=f"不再适用：{row}", done="已登记为不再适用。", to=here, back=here, button="确定不再适用", template="obligations/form.html", row=row,
        about="认定以后，该单位不再承担这一期的本事项。已经形成的应办未办记录仍然保留。",
    )  # fmt: skip


@business_required
@require_GET
def due_proof(request: HttpRequest, pk: int, evidence_id: int) -> HttpResponseBase:
    """A file given as proof, for whoever sees the duty."""
    found = evidence.of_object(SUBJECT, _row_of(request, pk).pk).filter(pk=evidence_id).first()
    if found is None:
        raise Http404
    answer = serving.serve(found.file, inline=True)
    return refused(request, answer, back=reverse("due_one", args=[pk])) if isinstance(answer, Refusal) else answer


# ---- the calendar file


@business_required
@require_GET
def due_ics(request: HttpRequest) -> HttpResponse:
    """The days of one's own units for any calendar program."""
    units = {h.post.organisation for h in posts_of(user_of(request))}
    name = f"应办事项（{'、'.join(sorted(map(str, units)))}）" if units else "应办事项"
    text = ical(selectors.of_calendar({u.pk for u in units}), name=name, now=clock.now(), link=request.build_absolute_uri)
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="huanze-due.ics"'})
