"""What every page may use: the version, and the posts that the signed-in person holds today."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

import huanze
from huanze.base import clock
from huanze.notices.selectors import unread_count


def page(request: HttpRequest) -> dict[str, Any]:
    """The posts are asked for only by a template that shows them."""
    return {
        "version": huanze.__version__,
        "holdings": SimpleLazyObject(lambda: _holdings(request)),
        "unread_notices": SimpleLazyObject(lambda: _unread(request)),
    }


def _unread(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    return unread_count(user) if user is not None and user.is_authenticated and not user.is_administrator else 0


def _holdings(request: HttpRequest) -> list[Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return list(user.holdings.on(clock.today()).select_related("post__organisation").order_by("pk"))
