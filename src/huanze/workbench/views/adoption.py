"""Heads of a place: which rules it runs under, and deciding on the next version (J7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from huanze.base import clock
from huanze.obligations.services import put_in_force
from huanze.orgs.doors import business_required
from huanze.orgs.models import Organisation, Region, User
from huanze.orgs.selectors import ancestry, posts_of, subtree
from huanze.policies import selectors, services
from huanze.policies.models import Adoption, PackDraft, PackVersion
from huanze.policies.selectors.drafts import visible_drafts, visible_versions
from huanze.rules.packs.schema import LeftOpen, Pack
from huanze.rules.verdicts import Refusal
from huanze.workbench.views.manage.forms import day_field
from huanze.workbench.views.manage.shared import PlainForm, posted

OWN = "set_"
NUMBERS = ("day", "workday", "percent", "count", "month")
UNITS = {"day": "天", "workday": "个工作日", "percent": "个百分点", "month": "个月"}


class AdoptForm(PlainForm):
    """The decision, and one field for each term that the text leaves to the place."""

    region = forms.ModelChoiceField(Region.objects.none(), label="施行区域")
    from_day = day_field("自何日起施行")
    basis = forms.CharField(label="决定依据", max_length=200, help_text="决定文件的名称和文号。")

    def __init__(self, *args: Any, pack: Pack, regions: Any, **kwargs: Any) -> None:
        self.terms = pack.left_open
        steps = {str(step.step): step.label for step in pack.ladder}
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions  # type: ignore[attr-defined]
        for key, term in self.terms.items():
            self.fields[OWN + key] = _field(term, steps)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for key, term in self.terms.items():
            if term.unit == "list" and isinstance(data.get(OWN + key), str):
                data[OWN + key] = _list(data[OWN + key], term)
        return data

    def clean_from_day(self) -> date:
        day: date = self.cleaned_data["from_day"]
        if day > clock.today() + services.FARTHEST:
            raise forms.ValidationError(services.TOO_FAR)
        return day

    def local(self) -> dict[str, Any]:
        """Only what differs from the default: a later default then does not hide behind a copy of the old one."""
        said = {key: self.cleaned_data[OWN + key] for key in self.terms}
        return {key: value for key, value in said.items() if value != _plain(self.terms[key].default)}


def _field(term: LeftOpen, steps: Mapping[str, str]) -> forms.Field:
    """A control that fits the term: a kind of organisation and a step of the ladder are chosen, not typed."""
    about = f"{term.meaning}（{term.clause}，本地设定）"
    label = f"{term.term}" + (f"（{UNITS[term.unit]}）" if term.unit in UNITS else "")
    if term.unit == "bool":
        return forms.BooleanField(label=f"{label}：{term.meaning}", help_text=f"{term.clause}，本地设定；勾选表示“是”。", initial=term.default, required=False)
    if term.default in Organisation.Kind.values:
        return forms.ChoiceField(label=label, help_text=about, initial=term.default, choices=Organisation.Kind.choices)
    if term.unit == "list" and set(map(str, _plain(term.default))) <= set(steps):
        chosen = forms.SelectMultiple(attrs={"size": len(steps)})
        return forms.MultipleChoiceField(label=label, help_text=about, initial=_plain(term.default), choices=list(steps.items()), widget=chosen)
    if term.unit in NUMBERS:
        wrong = {"invalid": "请填写整数。", "min_value": "不能小于%(limit_value)s。", "max_value": "不能大于%(limit_value)s。", "required": "请填写此项。"}
        return forms.IntegerField(label=label, help_text=about, initial=term.default, min_value=term.min, max_value=term.max, error_messages=wrong)
    initial = "、".join(map(str, _plain(term.default))) if term.unit == "list" else term.default
    return forms.CharField(label=label, help_text=about, initial=initial, max_length=300, error_messages={"required": "请填写此项。"})


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _list(text: str, term: LeftOpen) -> list[Any]:
    parts = [part.strip() for part in text.replace("，", "、").split("、") if part.strip()]
    numbers = all(isinstance(v, int) for v in _plain(term.default)) and all(p.isascii() and p.isdigit() and len(p) < 9 for p in parts)
    return [int(p) for p in parts] if numbers else parts


@business_required
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """What is in force where the person works, what was before, and the versions that may be adopted."""
    user = cast(User, request.user)
    paths = {path for h in posts_of(user) for path in ancestry(h.post.organisation.region)}
    history = Adoption.objects.filter(region__path__in=paths).select_related("pack", "region", "decided_by").defer("pack__content")
    places = {h.post.organisation.region for h in posts_of(user)}
    in_force = {a.pk for place in places if (a := selectors.pack_for(place, clock.today()))}
    made_of = Prefetch("drafts", PackDraft.objects.select_related("document").only("version_id", "document__title"))
    said = {
        "adoptions": history.order_by("-from_day", "-region__depth"),
        "in_force": in_force,
        "versions": visible_versions(user).order_by("code", "-version").prefetch_related(made_of),
        "decides": bool(services.deciding_posts(user)),
        "waiting": visible_drafts(user).filter(state=PackDraft.State.SUBMITTED).count(),
    }
    return render(request, "personal/rules.html", said)


@business_required
@require_http_methods(["GET", "POST"])
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of the decision. It goes on to what would follow (``what_if``), and from there comes back to be decided."""
    user = cast(User, request.user)
    version = get_object_or_404(visible_versions(user), pk=pk)
    form = form_for(request, version, user)
    if not (form.is_bound and form.is_valid()):
        return ask(request, form, version)
    data = form.cleaned_data
    answer = put_in_force(
        region=data["region"], pack_version=version, from_day=data["from_day"], settings=form.local(), basis=data["basis"], acting_user=user
    )
    if isinstance(answer, Refusal):
        form.blame(answer)
        return ask(request, form, version)
    messages.success(request, "已登记。此前已经交办的问题仍按原来的规则办理。")
    return redirect("rules")


def form_for(request: HttpRequest, version: PackVersion, user: User) -> AdoptForm:
    """The form of the decision, for the places that the person may decide for."""
    below = Q(pk__in=[])
    for holding in services.deciding_posts(user):
        lo, hi = subtree(holding.post.organisation.region)
        below |= Q(path__gte=lo, path__lt=hi)
    regions = Region.objects.filter(below).order_by("path")
    initial = {"from_day": clock.today(), "region": regions.first()}
    return AdoptForm(posted(request), pack=selectors.pack(version), regions=regions, initial=initial)


def ask(request: HttpRequest, form: AdoptForm, version: PackVersion) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "drafts/adopt.html", {"form": form, "pack_version": version}, status=status)
