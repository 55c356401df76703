"""Forms of the administrators' and the personal screens."""

from __future__ import annotations

from typing import Any

from django import forms

from huanze.orgs.models import Holding, InnerUnit, Organisation, Post, Region, User
from huanze.workbench.views.manage.shared import PlainForm


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def long_text(label: str, rows: int = 4, **kwargs: Any) -> forms.CharField:
    """A field of several lines."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class Ticks(forms.ModelMultipleChoiceField):
    """Rows to tick, which the form names. ``hz_many`` tells the template to draw them as a group."""

    hz_many = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Organisation.objects.none(), widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}), **kwargs)


def day_field(label: str, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput(), error_messages={"invalid": "请按“2026-01-31”的格式填写日期。"}, **kwargs)


def new_password() -> forms.CharField:
    return forms.CharField(
        label="初始密码",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少 10 个字符，须包含字母、数字、符号中的至少两类。本人首次登录时必须修改。",
    )


class RegionForm(PlainForm):
    name = forms.CharField(label="名称", max_length=60)
    level = forms.ChoiceField(label="层级", choices=Region.Level.choices)
    parent = forms.ModelChoiceField(Region.objects.order_by("path"), label="上级区域", required=False)
    code = forms.CharField(label="行政区划代码", max_length=12, required=False, help_text="按 GB/T 2260；园区没有代码的留空。")


class OrganisationForm(PlainForm):
    name = forms.CharField(label="全称", max_length=100)
    short_name = forms.CharField(label="简称", max_length=40, required=False, help_text="台账和文书的表格中使用；留空时用全称。")
    kind = forms.ChoiceField(label="类别", choices=Organisation.Kind.choices)
    region = forms.ModelChoiceField(Region.objects.order_by("path"), label="所在区域")


class OrganisationChangeForm(PlainForm):
    name = forms.CharField(label="全称", max_length=100)
    short_name = forms.CharField(label="简称", max_length=40, required=False)
    active = forms.BooleanField(label="在用", required=False, help_text="停用后不能再承担新的问题，已有记录不变。")


class InnerUnitForm(PlainForm):
    name = forms.CharField(label="名称", max_length=60)


class PostForm(PlainForm):
    title = forms.CharField(label="职务", max_length=60)
    rank = forms.ChoiceField(label="职级", choices=Post.Rank.choices)
    inner_unit = forms.ModelChoiceField(InnerUnit.objects.none(), label="内设机构", required=False)
    fields_of_work = forms.CharField(label="分管领域", required=False, help_text="分管负责人填写，多个领域用顿号隔开。", max_length=300)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["inner_unit"].queryset = organisation.inner_units.order_by("pk")  # type: ignore[attr-defined]


class AccountForm(PlainForm):
    username = forms.CharField(label="用户名", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}))
    name = forms.CharField(label="姓名", max_length=40)
    phone = forms.CharField(label="手机号", max_length=20, required=False)
    email = forms.EmailField(label="电子邮箱", required=False, error_messages={"invalid": "电子邮箱格式不对，请核对。"})
    password = new_password()


class ContactForm(PlainForm):
    phone = forms.CharField(label="手机号", max_length=20, required=False)
    email = forms.EmailField(label="电子邮箱", required=False, error_messages={"invalid": "电子邮箱格式不对，请核对。"})


class PasswordForm(PlainForm):
    password = new_password()


class YearForm(PlainForm):
    file = forms.FileField(label="文件", required=False, help_text="YAML 文本，写法与系统自带的年度文件相同。", error_messages={"empty": "文件是空的。"})
    text = forms.CharField(label="或者粘贴内容", required=False, max_length=70_000, widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file = data.get("file")
        if file is None and not data.get("text", "").strip():
            raise forms.ValidationError("请选择文件或者粘贴内容。")
        if file is not None:
            try:
                data["text"] = file.read(70_000).decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", "文件不是 UTF-8 编码的文本，请另存为 UTF-8 后再上传。")
        return data


class PersonField(forms.CharField):
    """An account given by its user name; thousands of them fit no list."""

    default_error_messages = {"unknown": "没有用户名为“%(name)s”的在用账号，请核对。"}

    def clean(self, value: Any) -> Any:
        name = super().clean(value)
        person = User.objects.filter(username=name, is_active=True).first()
        if person is None:
            raise forms.ValidationError(self.error_messages["unknown"], params={"name": name})
        return person


class AssignForm(PlainForm):
    user = PersonField(label="用户名", max_length=40, help_text="由系统管理员建立的业务账号。")
    from_day = day_field("自")
    until_day = day_field("至", required=False, help_text="没有确定的止日则留空。")
    reason = forms.CharField(label="事由", max_length=200, required=False, help_text="任职文件名称和文号。")


class EndForm(PlainForm):
    day = day_field("任职至", help_text="当日仍在任；受其委托代行的人同日终止。")
    reason = forms.CharField(label="事由", max_length=200, required=False)


class RoleForm(PlainForm):
    user = PersonField(label="用户名", max_length=40, help_text="只能是没有任过业务职务的专用账号。")
    role = forms.ChoiceField(label="管理员类别", choices=User.AdminRole.choices)


class ChainForm(forms.Form):
    """Filters of the chain; anything unreadable filters nothing."""

    actor = forms.CharField(label="用户名", max_length=40, required=False)
    action = forms.CharField(label="操作", max_length=60, required=False)
    object_type = forms.CharField(label="对象类别", max_length=40, required=False)
    object_id = forms.CharField(label="对象编号", max_length=64, required=False)
    day = day_field("日期", required=False)


class DelegateForm(PlainForm):
    holding = forms.ModelChoiceField(Holding.objects.none(), label="委托代行的职务")
    to = forms.ModelChoiceField(User.objects.none(), label="受托人", help_text="只能是本单位人员。")
    from_day = day_field("自")
    until_day = day_field("至", help_text="当日仍由受托人代行。")
    reason = forms.CharField(label="事由", max_length=200)


class HandOverForm(PlainForm):
    post = forms.ModelChoiceField(Post.objects.none(), label="移交的职务")
    taker = PersonField(label="接收人用户名", max_length=40, help_text="须先由安全保密管理员任命到该职务。")
    day = day_field("交接日")
    note = forms.CharField(label="交接说明", required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 4}))
