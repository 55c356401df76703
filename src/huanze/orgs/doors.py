"""Doors: who may pass which screen. An administrator at a business door is turned away, and the reverse (三员分立)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from huanze.orgs.models import User
from huanze.rules.verdicts import Refusal

View = Callable[..., HttpResponseBase]
BUSINESS = "business"


def administrator_required(*roles: str) -> Callable[[View], View]:
    """Lets in only administrators of these kinds: ``@administrator_required("audit")``."""
    unknown = set(roles) - set(User.AdminRole.values)
    if unknown or not roles:
        raise ValueError(f"no such kind of administrator: {sorted(unknown)}")
    return _door(frozenset(roles))


def business_required(view: View) -> View:
    """Lets in anyone who signed in and is no administrator; what they see is a matter of their scope."""
    return _door(frozenset())(view)


def refusal_at_door(user: User, roles: frozenset[str]) -> Refusal | None:
    """Why ``user`` may not pass a door for ``roles`` (empty: the business door), or None."""
    own = User.AdminRole(user.admin_role).label if user.admin_role else ""
    if roles and user.admin_role not in roles:
        wanted = "、".join(User.AdminRole(r).label for r in sorted(roles))
        return Refusal("wrong_door", f"本页面只供{wanted}使用，您的账号{'是' + own if own else '不是管理员账号'}，请返回首页办理")
    if not roles and own:
        return Refusal("wrong_door", f"您的账号是{own}，按照三员分立的要求不得办理或者查看业务，请使用业务账号登录")
    return None


def _door(roles: frozenset[str]) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refusal = refusal_at_door(cast(User, request.user), roles)
            if refusal is not None:
                raise PermissionDenied(refusal.reason)
            return view(request, *args, **kwargs)

        door = cast(View, login_required(guarded))
        # A test walks every URL and finds the door each stands behind.
        door.door = roles or frozenset({BUSINESS})  # type: ignore[attr-defined]
        return door

    return wrap
