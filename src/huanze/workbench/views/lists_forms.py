"""Forms of the pages of lists."""

from __future__ import annotations

from typing import Any

from django import forms

from huanze.base import clock
from huanze.duties.models import Item
from huanze.duties.models.lists import Relation
from huanze.duties.selectors.lists import documents_for
from huanze.duties.services.lists import Other, Wording
from huanze.duties.subjects import names
from huanze.orgs.models import InnerUnit, Organisation, User
from huanze.orgs.selectors import holders
from huanze.workbench.views.manage.forms import day_field, long_text
from huanze.workbench.views.manage.shared import PlainForm

SPARE_ROWS = 2


class StartForm(PlainForm):
    """What a new version rests on. The first one may begin from the items the rules in force list for the department."""

    from_pack = forms.BooleanField(label="带入施行的文件为本部门列出的事项", required=False, initial=True)
    document = forms.ModelChoiceField(None, label="依据文件", required=False, help_text="已收录的文件；没有收录的，在各事项的依据中写明。")
    reason = forms.CharField(label="编制或者修订的原因", max_length=300, required=False)

    def __init__(self, *args: Any, unit: Organisation, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].queryset = documents_for(unit.region)  # type: ignore[attr-defined]
        self.fields["document"].empty_label = "不选择"  # type: ignore[attr-defined]
        if not first:
            del self.fields["from_pack"]


class ItemForm(PlainForm):
    text = long_text("事项", 3, max_length=500)
    relation = forms.ChoiceField(label="本部门的关系", choices=Relation.choices)
    text_says = forms.CharField(label="原文用语", max_length=60, required=False, help_text="文件中的动词，如“组织实施”“会同”。")
    basis = forms.CharField(label="依据文件", max_length=200, help_text="“三定”规定、责任清单、上级清单等的名称和文号。")
    clause = forms.CharField(label="依据条款", max_length=60)
    fields_of = forms.MultipleChoiceField(label="领域", choices=[(n, n) for n in names()], required=False, widget=forms.CheckboxSelectMultiple())

    @classmethod
    def initial_of(cls, item: Item) -> dict[str, Any]:
        kept = ("text", "relation", "text_says", "basis", "clause")
        return {name: getattr(item, name) for name in kept} | {"fields_of": item.fields}


class OtherForm(PlainForm):
    """Another unit in the item, or a part of it in which the department itself stands otherwise. An empty row is no unit."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label="单位", required=False)
    name = forms.CharField(label="文件用语", max_length=120, required=False)
    relation = forms.ChoiceField(label="关系", choices=[("", "请选择"), *Relation.choices], required=False)
    what = forms.CharField(label="所及部分", max_length=200, required=False)

    def __init__(self, *args: Any, unit: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(region=unit.region, active=True).order_by("pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        named = bool(data.get("organisation") or data.get("name"))
        if (named or data.get("what")) and not data.get("relation"):
            self.add_error("relation", "请选择关系。")
        if (data.get("relation") or data.get("what")) and not named:
            self.add_error("organisation", "请选择单位，或者填写文件用语。")
        return data

    def other(self) -> Other | None:
        data = self.cleaned_data
        return Other(data["relation"], data["organisation"], data["name"], data["what"]) if data.get("relation") else None


OtherRows = forms.formset_factory(OtherForm, extra=SPARE_ROWS, absolute_max=60, max_num=40)


def unit_rows(unit: Organisation, item: Item | None, data: Any = None) -> Any:
    """The rows of other units of an item, and some to spare."""
    held = [] if item is None else [
        {"organisation": u.organisation_id, "name": u.name, "relation": u.relation, "what": u.what} for u in item.units.all()
    ]  # fmt: skip
    return OtherRows(data, prefix="units", initial=held, form_kwargs={"unit": unit})


def wording_of(form: ItemForm, rows: Any) -> Wording:
    data = form.cleaned_data
    units = [other for row in rows.forms if (other := row.other()) is not None]
    return Wording(data["text"], data["relation"], data["basis"], data["clause"], data["text_says"], data["fields_of"], units)


class OpinionForm(PlainForm):
    opinion = long_text("意见", 3, max_length=500)


class PublishForm(PlainForm):
    from_day = day_field("自何日起施行", help_text="上一版于前一日止。")
    page_url = forms.CharField(label="公开页面的网址", max_length=500, required=False, help_text="可以先不填，页面更新后再确认。")
    opinion = long_text("意见", 2, max_length=500)


class PageForm(PlainForm):
    url = forms.CharField(label="公开页面的网址", max_length=500)
    day = day_field("页面更新日期")


class ReasonForm(PlainForm):
    reason = forms.CharField(label="撤回的原因", max_length=300)


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.username}）"


class AssignForm(PlainForm):
    inner_unit = forms.ModelChoiceField(InnerUnit.objects.none(), label="承担科室", help_text="没有列出的科室，由系统管理员先在本单位下建立。")
    person = PersonChoice(User.objects.none(), label="责任人", help_text="只能是在该科室任职的人员。")
    from_day = day_field("自")

    def __init__(self, *args: Any, unit: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [user.pk for user in holders(organisation=unit, day=clock.today())]
        self.fields["inner_unit"].queryset = unit.inner_units.order_by("pk")  # type: ignore[attr-defined]
        self.fields["person"].queryset = User.objects.filter(pk__in=people).order_by("pk")  # type: ignore[attr-defined]
