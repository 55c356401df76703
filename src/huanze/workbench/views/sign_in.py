"""Coming in and going out: password, second factor, change of password.

A password alone never opens a session for an account that has a second factor: between the two steps the
session knows only whose code is awaited, and for five minutes at most.
"""

from __future__ import annotations

import secrets
from base64 import b32encode
from http import HTTPStatus
from io import BytesIO
from typing import Any

import qrcode
import qrcode.image.svg
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as otp_login
from django_otp import match_token, user_has_device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from huanze.base import clock
from huanze.orgs.structure import write_down
from huanze.workbench.forms import ChangePasswordForm, CodeForm, SignInForm

PENDING = "awaiting_code"
PENDING_SECONDS = 5 * 60
RECOVERY_CODES = 8
BACKEND = "django.contrib.auth.backends.ModelBackend"


@sensitive_post_parameters("password")
@login_not_required
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = SignInForm(_posted(request), request=request)
    if request.method == "POST" and form.is_valid():
        if user_has_device(form.user):
            request.session.cycle_key()
            request.session[PENDING] = {"user": form.user.pk, "at": clock.now().timestamp(), "next": _next(request)}
            return redirect("sign_in_code")
        return _enter(request, form.user, _next(request))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "sign_in/sign_in.html", {"form": form, "next": _next(request)}, status=status)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step, for an account with a second factor."""
    user, target = _awaited(request)
    if user is None:
        messages.warning(request, "登录等待已超时，请重新填写用户名和密码。")
        return redirect("sign_in")
    form = CodeForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        device = match_token(user, form.cleaned_data["code"])
        if device is not None:
            response = _enter(request, user, target)
            otp_login(request, device)
            return response
        form.add_error("code", "动态口令不正确或已使用过。请等待下一组动态口令再试；连续填错须等待的时间会逐次加长。")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "sign_in/code.html", {"form": form}, status=status)


@require_POST
@transaction.atomic
def sign_out(request: HttpRequest) -> HttpResponse:
    write_down("sign_out", request.user, request.user, {})
    logout(request)
    messages.success(request, "您已退出登录。")
    return redirect("sign_in")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    form = ChangePasswordForm(request.user, _posted(request))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            user = form.save(commit=False)
            user.must_change_password = False
            user.save(update_fields=["password", "must_change_password"])
            write_down("change_own_password", user, user, {})
        update_session_auth_hash(request, user)
        messages.success(request, "密码已修改。其他设备上的登录已失效。")
        return redirect("/")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "sign_in/change_password.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up the authenticator. The key is shown until the first right code confirms it."""
    if user_has_device(request.user):
        return render(request, "sign_in/second_factor_on.html")
    device, _ = TOTPDevice.objects.get_or_create(user=request.user, confirmed=False, defaults={"name": "动态口令"})
    form = CodeForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        if device.verify_token(form.cleaned_data["code"]):
            codes = _confirm(device)
            otp_login(request, device)
            return render(request, "sign_in/recovery_codes.html", {"codes": codes})
        form.add_error("code", "动态口令不正确。请确认手机时间准确，并填写当前显示的 6 位数字。")
    shown = {"form": form, "key": b32encode(device.bin_key).decode("ascii"), "qr": _qr(device.config_url)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "sign_in/second_factor.html", shown, status=status)


@login_not_required
def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """What axes shows when a name has failed too often from one address."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    said = {"limit": settings.AXES_FAILURE_LIMIT, "minutes": minutes}
    return render(request, "sign_in/locked_out.html", said, status=HTTPStatus.TOO_MANY_REQUESTS)


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, even when it is empty; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


@transaction.atomic
def _enter(request: HttpRequest, user: Any, target: str) -> HttpResponse:
    write_down("sign_in", user, user, {"address": request.META.get("REMOTE_ADDR", "")})
    login(request, user, backend=BACKEND)
    request.session.pop(PENDING, None)
    if user.must_change_password:
        messages.info(request, "这是首次登录或密码已被重置，请先修改密码。")
        return redirect("change_password")
    return redirect(target)


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go, if it is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if safe else "/"


def _awaited(request: HttpRequest) -> tuple[Any, str]:
    pending = request.session.get(PENDING)
    if not pending or clock.now().timestamp() - pending["at"] > PENDING_SECONDS:
        request.session.pop(PENDING, None)
        return None, ""
    return get_user_model().objects.filter(pk=pending["user"], is_active=True).first(), pending["next"]


@transaction.atomic
def _confirm(device: TOTPDevice) -> list[str]:
    """Switch the second factor on and give out the recovery codes, each good for one sign-in."""
    device.confirmed = True
    device.save()
    spare, _ = StaticDevice.objects.get_or_create(user=device.user, defaults={"name": "恢复码"})
    spare.token_set.all().delete()
    codes = [secrets.token_hex(4) for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=spare, token=code) for code in codes])
    write_down("set_up_second_factor", device.user, device.user, {})
    return codes


def _qr(text: str) -> str:
    """The QR picture as inline SVG drawn with attributes only, so that no inline style is needed."""
    picture = qrcode.make(text, image_factory=qrcode.image.svg.SvgPathImage, box_size=8, border=2)
    stream = BytesIO()
    picture.save(stream)
    return stream.getvalue().decode("utf-8").partition("?>")[2].strip()
