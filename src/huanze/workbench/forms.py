"""Forms of the sign-in pages. Every error says what is wrong and what to do next."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest


class SignInForm(forms.Form):
    """User name and password. ``user`` holds the account once the form is valid."""

    username = forms.CharField(
        label="用户名",
        max_length=40,
        error_messages={"required": "请填写用户名。"},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )
    password = forms.CharField(
        label="密码",
        strip=False,
        max_length=256,
        error_messages={"required": "请填写密码。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: Any = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        self.user = authenticate(self.request, username=data["username"].strip(), password=data["password"])
        if self.user is None:
            # One sentence for every cause, so that nobody learns which names exist.
            raise forms.ValidationError("用户名或密码不正确，或账号已停用。请核对后重试；忘记密码请联系系统管理员。", code="wrong")
        return data


class CodeForm(forms.Form):
    """A code from the authenticator, or one of the recovery codes."""

    code = forms.CharField(
        label="动态口令",
        max_length=16,
        error_messages={"required": "请填写 6 位动态口令。"},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "autocapitalize": "none", "autofocus": True}
        ),
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].replace(" ", "").replace("-", "").lower()
        if not code.isalnum():
            raise forms.ValidationError("动态口令只含数字；恢复码只含字母和数字。请核对后重新填写。")
        return code


class ChangePasswordForm(PasswordChangeForm):  # type: ignore[type-arg]
    """Old password, new password twice, with the rules beside the field."""

    error_messages = {
        "password_mismatch": "两次填写的新密码不一致，请重新填写。",
        "password_incorrect": "原密码不正确，请重新填写。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "原密码"
        self.fields["new_password1"].label = "新密码"
        self.fields["new_password1"].help_text = "至少 10 个字符，须包含字母、数字、符号中的至少两类。"
        self.fields["new_password2"].label = "再次填写新密码"
        self.fields["new_password2"].help_text = ""
        for field in self.fields.values():
            field.error_messages["required"] = "请填写此项。"

    def clean_new_password1(self) -> str:
        password: str = self.cleaned_data["new_password1"]
        if password and self.user.check_password(password):
            raise forms.ValidationError("新密码不能与原密码相同。")
        return password
