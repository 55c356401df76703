"""政策自查: documents checked item by item for who is responsible and who leads, worked through and closed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huanze.duties.models import CheckedItem, PolicyCheck
from huanze.duties.selectors import policy_checks as read
from huanze.duties.services import policy_checks as service
from huanze.orgs.doors import business_required
from huanze.orgs.models import Organisation, User
from huanze.policies.selectors.documents import visible_documents
from huanze.rules.verdicts import Refusal
from huanze.workbench.views import committees_forms as forms
from huanze.workbench.views.committees import FORM, newest
from huanze.workbench.views.manage.shared import form_page, posted, press
from huanze.workbench.views.shared import refused, user_of

TAB = "checks"


@business_required
@require_GET
def policy_checks(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in PolicyCheck.State.values else ""
    said = {"tab": TAB, "state": state, "states": [("", "全部"), *PolicyCheck.State.choices]}
    return render(request, "duties/checks/list.html", said | newest(read.checks_listed(user_of(request), state), request))


@business_required
@require_http_methods(["GET", "POST"])
def policy_check_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to check a kept document."""
    user, back = user_of(request), reverse("policy_checks")
    document = visible_documents(user).filter(pk=pk).first()
    if document is None:
        raise Http404
    may = service.may_start(document, user)
    if isinstance(may, Refusal):
        return refused(request, may, back=back)
    _, rule, units = may
    rows = {"organisation": Organisation.objects.filter(pk__in=[unit.pk for unit in units]).order_by("pk")}
    initial = {"organisation": document.kept_by_id if document.kept_by in units else None}
    return form_page(
        request, forms.CheckForm(posted(request), rows=rows, initial=initial), title=f"自查{document}", button="开始自查",
        done="已按文件现有的条款和责任分工列出各项，请逐项核对。", to=lambda made: reverse("policy_check", args=[made.pk]), back=back, template=FORM, tab=TAB,
        about="逐项检查文件中的具体事项是否写明责任部门、牵头部门。读出的条款和责任分工有误的，请先在文件页面更正。", clause=rule.clause,
        act=lambda data: service.start(document_id=pk, acting_user=user, **data),
    )  # fmt: skip


@business_required
@require_GET
def policy_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The result, those unfit first; it prints as the self-check sheet."""
    page, user = _page(request, pk), user_of(request)
    may = not isinstance(service.may_work(page.check, user), Refusal)
    return render(request, "duties/checks/page.html", {"page": page, "row": page.check, "may": may, "tab": TAB, "unfit": read.UNFIT})


@business_required
@require_POST
def policy_check_item(request: HttpRequest, pk: int, no: int) -> HttpResponse:
    """``act``: note how a gap was settled, set a stretch aside, or bring it back."""
    page, user, back = _page(request, pk), user_of(request), reverse("policy_check", args=[pk])
    hat = service.may_work(page.check, user)
    if isinstance(hat, Refusal):
        return refused(request, hat, back=back)
    item = next((item for group in page.groups for item in group.items if item.no == no), None)
    act = ACTS.get(request.POST.get("act", ""))
    if item is None:
        raise Http404
    done, take = act or ("", lambda *_: Refusal("inputs", "请在本页面选择要办理的操作"))
    return press(request, take(item, user, request.POST.get("words", "")), done=done, to=f"{back}#item-{no}")


@business_required
@require_http_methods(["GET", "POST"])
def policy_check_close(request: HttpRequest, pk: int) -> HttpResponse:
    page, user, back = _page(request, pk), user_of(request), reverse("policy_check", args=[pk])
    hat = service.may_work(page.check, user)
    if isinstance(hat, Refusal):
        return refused(request, hat, back=back)
    return form_page(
        request, forms.CloseForm(posted(request)), title="办结自查", button="办结", done="自查已办结。", to=back, back=back, template=FORM, tab=TAB,
        about=str(page.check.document), clause=page.check.clause, act=lambda data: service.close(check_=page.check, acting_user=user, **data),
    )  # fmt: skip


def _page(request: HttpRequest, pk: int) -> read.Page:
    page = read.check_page(user_of(request), pk)
    if page is None:
        raise Http404
    return page


ACTS: dict[str, tuple[str, Callable[[CheckedItem, User, str], CheckedItem | Refusal]]] = {
    "note": ("处理情况已保存。", lambda item, user, words: service.note(item=item, settled=words, acting_user=user)),
    "aside": ("已列为不是具体事项。", lambda item, user, words: service.set_aside(item=item, why=words, acting_user=user)),
    "back": ("已恢复为具体事项。", lambda item, user, words: service.bring_back(item=item, acting_user=user)),
}
