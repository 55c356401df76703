"""What a password must be, beyond its length (GB/T 22239 8.1.4.1)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

KINDS_WANTED = 2


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
        return "口令须包含字母、数字、符号中的至少两类。"
