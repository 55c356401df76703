"""Ends a session that nobody uses, holds a session to the second factor, and turns away what no text may hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_otp import user_has_device

from huanze.base import clock
from huanze.workbench.views.errors import bad_request

SEEN = "seen"
REFRESH_SECONDS = 60


class SessionWatch:
    """Signs out after SESSION_IDLE_SECONDS without a request.

    The moment last seen is written at most once a minute, so that reading pages costs no write. At the
    same beat an account that has a second factor is held to it: a session from before the factor was set
    up, or from elsewhere, does not live on without the code. A first or reset password opens one page
    only: the one where it is changed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.open_paths = {reverse("change_password"), reverse("sign_out")}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            reason = self._why_to_end(request)
            if reason:
                logout(request)
                messages.warning(request, reason)
                return redirect(settings.LOGIN_URL)
            if request.user.must_change_password and request.path not in self.open_paths:
                return redirect("change_password")
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            # What a person saw must not come back from the browser's store after signing out.
            response["Cache-Control"] = "private, no-store"
        return response

    def _why_to_end(self, request: HttpRequest) -> str:
        now = clock.now().timestamp()
        seen = request.session.get(SEEN)
        idle = now - seen if seen is not None else None
        if idle is not None and idle > settings.SESSION_IDLE_SECONDS:
            return f"您已超过 {settings.SESSION_IDLE_SECONDS // 60} 分钟没有操作，为安全起见已退出登录。请重新登录。"
        if idle is None or idle >= REFRESH_SECONDS:
            request.session[SEEN] = now
            if not request.user.is_verified() and user_has_device(request.user):
                return "该账号已启用动态口令，请重新登录并输入动态口令。"
        return ""


class NoNull:
    """Turns away text with a NUL in it: no keyboard writes one, and PostgreSQL keeps none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any) -> HttpResponse | None:
        given = [text for form in (request.GET, request.POST) for name, texts in form.lists() for text in (name, *texts)]
        return bad_request(request) if any("\0" in text for text in given) else None
