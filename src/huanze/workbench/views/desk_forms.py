"""Forms of the steps that determine a lead."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from huanze.duties.models import Determination, View
from huanze.duties.services.deciding import BASIS, URL
from huanze.duties.services.determining import MATTER, WHY
from huanze.orgs.models import Organisation, Region, User
from huanze.orgs.selectors import posts_of, subtree
from huanze.workbench.views.manage.forms import Ticks, day_field, long_text
from huanze.workbench.views.manage.shared import PlainForm

Kind = Organisation.Kind
ASKED_KINDS = (Kind.DEPARTMENT, Kind.OTHER, Kind.TOWN, Kind.PARK)
"""Kinds of units that can lead or be asked; the bodies that decide are not among them."""


LONGEST = 5_000
"""Characters of a reason, a view or an opinion."""


def units_of(region: Region) -> QuerySet[Organisation]:
    """The units of a place: its own departments, then its towns and parks."""
    lo, hi = subtree(region)
    near = Q(region__path__gte=lo, region__path__lt=hi, region__depth__lte=region.depth + 1)
    return Organisation.objects.filter(near, active=True, kind__in=ASKED_KINDS).order_by("region__path", "pk")


class UnitField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class OfAPlace(PlainForm):
    """A form whose units are those of the determination's place."""

    def __init__(self, *args: Any, row: Determination, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_of(row.region)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = units
            if isinstance(field, Ticks):
                field.empty_label = None


class RaiseForm(PlainForm):
    organisation = UnitField(Organisation.objects.none(), label="提出单位")
    matter = forms.CharField(label="事项", max_length=MATTER, widget=forms.Textarea(attrs={"rows": 2}), help_text="一句话写明要办的事，将作为决定的内容。")
    why = long_text("提出理由", max_length=LONGEST, help_text="写明为什么没有部门牵头、已经问过哪些部门。")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Organisation.objects.filter(pk__in={h.post.organisation_id for h in posts_of(user)})
        self.fields["organisation"].queryset = own.order_by("pk")  # type: ignore[attr-defined]
        if len(own) == 1:
            self.fields["organisation"].initial = own[0].pk


class ConsultForm(OfAPlace):
    organisations = Ticks(label="征求哪些单位的意见")
    due = day_field("答复期限")

    def __init__(self, *args: Any, asked: Collection[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = self.fields["organisations"]
        units.queryset = units.queryset.exclude(pk__in=asked)  # type: ignore[attr-defined]
        if set(self.initial["organisations"]) - set(asked):
            units.help_text = "按事项可能相关的单位已经勾选，请核对增减。"


class ViewForm(OfAPlace):
    stance = forms.ChoiceField(label="意见", choices=[("", "请选择"), *View.Stance.choices])
    proposes = UnitField(Organisation.objects.none(), label="应由哪个单位牵头", required=False, help_text="认为应由其他单位牵头时填写。")
    text = long_text("理由", max_length=LONGEST, required=False, help_text="提交后不能改动，并随决定长期保存。")


class OpinionForm(OfAPlace):
    proposed_lead = UnitField(Organisation.objects.none(), label="建议牵头部门")
    opinion = long_text("意见", max_length=LONGEST)


class DecideForm(OfAPlace):
    lead = UnitField(Organisation.objects.none(), label="牵头部门")
    co_units = Ticks(label="配合部门", required=False)
    basis = forms.CharField(label="决定文号", max_length=BASIS, help_text="文件文号，或者会议名称和日期。")
    reason = long_text("决定理由", max_length=LONGEST)


class ReturnForm(PlainForm):
    opinion = long_text("退回的意见", max_length=LONGEST)


class PublishForm(PlainForm):
    url = forms.CharField(label="公开页面网址", max_length=URL, widget=forms.URLInput())
    day = day_field("公开日期")


class CloseForm(OfAPlace):
    existing_lead = UnitField(Organisation.objects.none(), label="现有牵头部门")
    why = forms.CharField(label="依据", max_length=WHY - 60, widget=forms.Textarea(attrs={"rows": 3}), help_text="写明清单第几项或者哪个文件已经明确。")
