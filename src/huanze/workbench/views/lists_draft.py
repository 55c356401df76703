"""Making a version: begun, its items written and ordered, withdrawn. By people of the department."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huanze.base import clock
from huanze.duties.models import Item, ListVersion
from huanze.duties.selectors import lists as read
from huanze.duties.selectors.course import course, hat_for
from huanze.duties.services import lists as service
from huanze.orgs.doors import business_required
from huanze.orgs.models import Organisation
from huanze.policies import selectors as policies
from huanze.rules.verdicts import Refusal
from huanze.workbench.views.lists_forms import ItemForm, ReasonForm, StartForm, unit_rows, wording_of
from huanze.workbench.views.lists_shared import (
    LEADERS,
    department_of,
    item_of,
    may,
    not_his,
    rows_of,
    version_of,
)
from huanze.workbench.views.manage.shared import form_page, posted, press, whole
from huanze.workbench.views.shared import refused, user_of

FORM = "duties/lists/form.html"
State = ListVersion.State


@business_required
@require_http_methods(["GET", "POST"])
def list_start(request: HttpRequest, pk: int) -> HttpResponse:
    unit = department_of(request, pk)
    back = reverse("item_list", args=[pk])
    if not may(request, unit):
        return refused(request, not_his(unit, "清单的编制"), back=back)
    first = read.in_force(unit) is None
    form = StartForm(posted(request), unit=unit, first=first)
    about = _offer(unit) if first else "新的一版从现行清单复制，逐项修改后报审；现行清单不变。"
    return form_page(
        request, form, title=f"{unit}：编制清单", button="开始编制", done="已开始编制，请逐项核对。", back=back, template=FORM, about=about, tab="lists",
        to=lambda made: reverse("list_draft", args=[made.pk]), act=lambda data: service.start(organisation=unit, acting_user=user_of(request), **data),
    )  # fmt: skip


def _offer(unit: Organisation) -> str:
    """How many items the document in force lists for this department, before the first draft is begun."""
    adoption = policies.pack_for(unit.region, clock.today())
    offer = read.offered(unit, adoption) if adoption else None
    if offer and offer.items:
        return f"《{offer.document.title}》为{unit}列出了{len(offer.items)}项，可以带入草稿后逐项核对修改。"
    return "施行的文件没有为本部门列出事项；文件所写的部门名称与本部门不同的，请整改办先认定文件用语。也可以从空白清单开始。"


@business_required
@require_GET
def list_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The items of a draft, each to be changed, moved or taken out."""
    version = version_of(request, pk)
    blocked = _blocked(request, version)
    if blocked is not None:
        return blocked
    now = course(version).current
    said = {
        "edition": version, "unit": version.item_list.organisation, "tab": "lists", "now": now, **rows_of(read.items_of(version)),
        "signs": now is not None and hat_for(now, user_of(request)) is not None, "leads": may(request, version.item_list.organisation, LEADERS),
    }  # fmt: skip
    return render(request, "duties/lists/draft.html", said)


@business_required
@require_http_methods(["GET", "POST"])
def list_item_new(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_of(request, pk)
    return _blocked(request, version) or _item_page(request, version, None)


@business_required
@require_http_methods(["GET", "POST"])
def list_item(request: HttpRequest, pk: int) -> HttpResponse:
    item = item_of(request, pk)
    return _blocked(request, item.version) or _item_page(request, item.version, item)


@business_required
@require_POST
def list_item_remove(request: HttpRequest, pk: int) -> HttpResponse:
    item = item_of(request, pk)
    back = reverse("list_draft", args=[item.version_id])
    return _blocked(request, item.version) or press(
        request, service.remove_item(item=item, acting_user=user_of(request)), done=f"已删除第{item.no}项。", to=back
    )


@business_required
@require_POST
def list_item_move(request: HttpRequest, pk: int) -> HttpResponse:
    item = item_of(request, pk)
    back = reverse("list_draft", args=[item.version_id])
    blocked = _blocked(request, item.version)
    if blocked is not None:
        return blocked
    to = whole(request.POST.get("to")) or 0
    return press(request, service.move_item(item=item, to=to, acting_user=user_of(request)), done=f"已移到第{to}项。", to=back)


@business_required
@require_http_methods(["GET", "POST"])
def list_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_of(request, pk)
    unit, back = version.item_list.organisation, reverse("list_version", args=[pk])
    if not may(request, unit, LEADERS):
        return refused(request, not_his(unit, "撤回", "负责人"), back=back)
    return form_page(
        request, ReasonForm(posted(request)), title=f"撤回{version}", button="撤回", done=f"{version}已撤回，记录保留。", back=back, to=back, template=FORM,
        about="撤回后这一版不再报审，所有签署记录保留；需要时另行编制新的一版。", tab="lists",
        act=lambda data: service.withdraw(version=version, acting_user=user_of(request), **data),
    )  # fmt: skip


def _blocked(request: HttpRequest, version: ListVersion) -> HttpResponse | None:
    """Why a version may not be written by this person, or not at all."""
    unit, back = version.item_list.organisation, reverse("list_version", args=[version.pk])
    if not may(request, unit):
        return refused(request, not_his(unit, "清单的编制"), back=back)
    if version.state != State.DRAFT:
        return refused(request, Refusal("wrong_state", f"{version}{version.get_state_display()}，现在不能修改。"), back=back)
    return None


def _item_page(request: HttpRequest, version: ListVersion, item: Item | None) -> HttpResponse:
    unit, back = version.item_list.organisation, reverse("list_draft", args=[version.pk])
    last = version.items.order_by("-no").first()
    start = ItemForm.initial_of(item) if item else {"basis": last.basis if last else "", "relation": "lead"}
    form = ItemForm(posted(request), initial=start)
    rows = unit_rows(unit, item, posted(request))
    if form.is_bound and form.is_valid() & rows.is_valid():
        answer = _save(request, version, item, form, rows)
        if not isinstance(answer, Refusal):
            messages.success(request, f"已保存第{answer.no}项。")
            return redirect("list_item_new", version.pk) if "more" in request.POST else redirect(back)
        form.blame(answer)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    said = {"form": form, "rows": rows, "edition": version, "unit": unit, "item": item, "back": back, "tab": "lists"}
    return render(request, "duties/lists/item_form.html", said, status=status)


def _save(request: HttpRequest, version: ListVersion, item: Item | None, form: ItemForm, rows: object) -> Item | Refusal:
    wording = wording_of(form, rows)
    if item is None:
        return service.add_item(version=version, wording=wording, acting_user=user_of(request))
    return service.change_item(item=item, wording=wording, acting_user=user_of(request))
