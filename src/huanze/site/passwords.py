"""What a password must be (GB/T 22239 8.1.4.1), said in the words of our pages."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

KINDS_WANTED = 2


class LengthValidator(password_validation.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return f"密码太短，至少须 {self.min_length} 个字符。"

    def get_help_text(self) -> str:
        return self.get_error_message()


class CommonValidator(password_validation.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return "这个密码太常见，容易被猜中，请换一个。"


class SimilarityValidator(password_validation.UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        return "密码与您的用户名、姓名、手机号或邮箱太接近，请换一个。"


class TwoKindsValidator:
    """Letters, digits, signs: at least two kinds of them."""

    def validate(self, password: str, user: Any = None) -> None:
        kinds = (
            any(c.isalpha() for c in password),
            any(c.isdigit() for c in password),
            any(not c.isalnum() for c in password),
        )
        if sum(kinds) < KINDS_WANTED:
            raise ValidationError(self.get_help_text(), code="password_one_kind")

    def get_help_text(self) -> str:
        return "密码须包含字母、数字、符号中的至少两类。"
