"""Pages for what went wrong: what it was, and what to do next."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def _page(request: HttpRequest, status: HTTPStatus, title: str, what: str, next_step: str) -> HttpResponse:
    said = {"title": title, "what": what, "next_step": next_step}
    return render(request, "errors/page.html", said, status=status)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, HTTPStatus.BAD_REQUEST, "请求有误", "提交的内容不完整或格式不对。", "请返回上一页，核对后重新提交。")


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    reason = str(exception or "")
    what = reason if _is_chinese(reason) else "您当前的岗位无权查看或办理这一事项。"
    return _page(request, HTTPStatus.FORBIDDEN, "无权办理", what, "如确需办理，请联系整改办确认责任分工，或请系统管理员核对您的岗位。")


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request, HTTPStatus.NOT_FOUND, "没有这个页面", "地址可能写错了，也可能该事项不在您的可见范围内。", "请从首页或台账重新进入，或核对问题编号。"
    )


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    """No context processor may fail here, so nothing about the person is asked."""
    said = {
        "title": "系统出了差错",
        "what": "这一步没有办成，已保存的内容不受影响。",
        "next_step": "请稍后再试。如仍不成功，请把时间和所做的操作告诉系统管理员。",
    }
    return HttpResponse(render_to_string("errors/broken.html", said), status=HTTPStatus.INTERNAL_SERVER_ERROR)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        HTTPStatus.FORBIDDEN,
        "页面已过期",
        "该页面打开时间过长，或浏览器没有保存必要的 Cookie，提交未被接受。",
        "请返回上一页刷新后重新提交；已填写的内容请先复制保存。",
    )


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in text)
