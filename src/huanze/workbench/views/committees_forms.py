"""Forms of the pages of committees, reminders and policy checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from huanze.base import clock
from huanze.duties.models import Committee, Meeting
from huanze.duties.selectors.committees import current_members, may_join, places_below
from huanze.duties.selectors.reminders import Matter
from huanze.orgs.models import Organisation, Region
from huanze.workbench.views.manage.forms import Ticks, day_field, long_text
from huanze.workbench.views.manage.shared import PlainForm


class One(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One row out of those given to the form."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Organisation.objects.none(), **kwargs)


class WithRows(PlainForm):
    """A form whose choices are rows that the view names: ``{field: rows}``. With one row only, it is chosen."""

    def __init__(self, *args: Any, rows: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in rows.items():
            field = self.fields[name]
            field.queryset = found  # type: ignore[attr-defined]
            if isinstance(field, Ticks):
                field.empty_label = None
            if isinstance(field, One) and field.required and len(found) == 1:
                field.initial = found[0].pk


# ---- committees


class RequestForm(WithRows):
    lead = One(label="牵头部门")
    name = forms.CharField(label="名称", max_length=100, help_text="如“水环境治理专业委员会”。")
    field = forms.CharField(label="领域", max_length=200, help_text="统筹哪个行业或者领域的哪些具体事项。")
    members = Ticks(label="成员部门")
    pilot = forms.BooleanField(label="试点", required=False)
    pilot_places = Ticks(label="试点地区", required=False, help_text="试点的，至少选择一个。")
    why = long_text("设立理由")

    def __init__(self, *args: Any, leads: Sequence[Organisation], region: Region, pilots: bool, **kwargs: Any) -> None:
        own = [unit.pk for unit in leads]
        rows = {
            "lead": Organisation.objects.filter(pk__in=own).order_by("pk"), "members": may_join(region, without=own if len(own) == 1 else []),
            "pilot_places": places_below(region),
        }  # fmt: skip
        super().__init__(*args, rows=rows, **kwargs)
        if not pilots:
            del self.fields["pilot"], self.fields["pilot_places"]


class DecideForm(PlainForm):
    approve = forms.ChoiceField(label="决定", choices=[("", "请选择"), ("yes", "批准设立"), ("no", "不批准")])
    basis = forms.CharField(label="批准文号", max_length=200, required=False, help_text="批准的，必须填写。")
    opinion = long_text("意见", 3)


class MembersForm(WithRows):
    join = Ticks(label="加入", required=False)
    leave = Ticks(label="退出", required=False)
    day = day_field("日期", help_text="加入的自当日起；退出的至当日止。")

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        here = [unit.pk for unit in current_members(committee)]
        rows = {
            "join": may_join(committee.region, without=[committee.lead_id, *here]),
            "leave": Organisation.objects.filter(pk__in=here).order_by("pk"),
        }
        super().__init__(*args, rows=rows, initial={"day": clock.today()}, **kwargs)


class MeetingForm(WithRows):
    day = day_field("会议日期")
    topics = long_text("议题", 3, help_text="每行一项。")
    attended = Ticks(label="到会单位")
    decisions = long_text("议定事项", 6)

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        ever = Organisation.objects.filter(pk__in=committee.members.values("organisation")) | Organisation.objects.filter(pk=committee.lead_id)
        super().__init__(*args, rows={"attended": ever.order_by("pk")}, initial={"day": clock.today()}, **kwargs)

    def clean_topics(self) -> list[str]:
        topics: str = self.cleaned_data["topics"]
        return topics.splitlines()


class TaskForm(WithRows):
    organisation = One(label="承担单位")
    what = long_text("任务", 2, max_length=200)
    due = day_field("期限")
    meeting = One(label="来自会议", required=False)

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        units = [committee.lead_id, *(unit.pk for unit in current_members(committee))]
        meetings = Meeting.objects.filter(committee=committee).order_by("-day", "-pk")
        super().__init__(*args, rows={"organisation": Organisation.objects.filter(pk__in=units).order_by("pk"), "meeting": meetings}, **kwargs)
        self.fields["meeting"].label_from_instance = lambda m: f"{m.day.year}年{m.day.month}月{m.day.day}日会议"  # type: ignore[attr-defined]
        self.fields["meeting"].empty_label = "不是会议议定的"  # type: ignore[attr-defined]


class ResultForm(PlainForm):
    result = long_text("完成情况")


class WhyForm(PlainForm):
    why = long_text("撤销理由", 3)


# ---- reminders


class ReminderForm(WithRows):
    unit = One(label="提醒哪个单位")
    text = long_text("提醒内容", 5, help_text="写明哪项工作滞后、要求何时做到什么。")

    def __init__(self, *args: Any, about: Matter, **kwargs: Any) -> None:
        units = Organisation.objects.filter(pk__in=[unit.pk for unit in about.units]).order_by("pk")
        super().__init__(*args, rows={"unit": units}, **kwargs)


class ReplyForm(PlainForm):
    reply = long_text("答复", 5)


class ReportForm(PlainForm):
    words = long_text("报告内容", 5, help_text="写明为什么提醒没有起作用、请求协调什么。提醒和答复的经过由系统自动附在后面。")


# ---- policy checks


class CheckForm(WithRows):
    organisation = One(label="起草单位")


class CloseForm(PlainForm):
    opinion = long_text("结论", 3)
