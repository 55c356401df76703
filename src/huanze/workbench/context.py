"""What every page may use: the version, and the posts that the signed-in person holds today."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

import huanze
from huanze.base import clock


def page(request: HttpRequest) -> dict[str, Any]:
    """The posts are asked for only by a template that shows them."""
    return {"version": huanze.__version__, "holdings": SimpleLazyObject(lambda: _holdings(request))}


def _holdings(request: HttpRequest) -> list[Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return list(user.holdings.on(clock.today()).select_related("post__organisation").order_by("pk"))
