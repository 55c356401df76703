"""A version on its way: signed or sent back, published, its page confirmed; and an item given to a person."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from huanze.base import clock
from huanze.duties.models import ListVersion
from huanze.duties.selectors import lists as read
from huanze.duties.selectors.course import DRAFT, PUBLISH, Step, course, hat_for
from huanze.duties.services import assignments, chain
from huanze.orgs.doors import business_required
from huanze.rules.verdicts import Refusal
from huanze.workbench.views.lists_forms import AssignForm, OpinionForm, PageForm, PublishForm
from huanze.workbench.views.lists_shared import LEADERS, item_of, may, not_his, rows_of, version_of
from huanze.workbench.views.manage.shared import form_page, posted
from huanze.workbench.views.shared import refused, user_of

FORM = "duties/lists/form.html"
State = ListVersion.State
USUAL = {DRAFT: "已与相关部门衔接，同意报审。", PUBLISH: "按审定的清单公开。"}


@business_required
@require_http_methods(["GET", "POST"])
def list_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The step whose turn it is, before the one who may sign it: what changed, his opinion, pass or send back."""
    version = version_of(request, pk)
    user, back = user_of(request), reverse("list_version", args=[pk])
    now = course(version).current
    if now is None or now.key == PUBLISH:
        return refused(request, Refusal("wrong_state", f"{version}{version.get_state_display()}，没有待签署的环节。"), back=back)
    mine = hat_for(now, user)
    if mine is None:
        units = "、".join(dict.fromkeys(u.short_name for s in now.waiting for u in s.organisations)) or "、".join(now.missing)
        return refused(request, Refusal("wrong_actor", f"“{now.label}”由{units}负责人签署。", now.clause), back=back)
    usual = USUAL.get(now.key, "同意。")
    form = OpinionForm(posted(request), initial={"opinion": usual})
    if form.is_bound and form.is_valid():
        back_it_goes, opinion = request.POST.get("decision") == "return", form.cleaned_data["opinion"]
        act = chain.send_back if back_it_goes else chain.sign
        # Words of consent that stood there already are no reason for sending it back.
        said = "" if back_it_goes and opinion.strip() == usual else opinion
        answer = act(version=version, step=now.key, opinion=said, acting_user=user)
        if not isinstance(answer, Refusal):
            messages.success(request, f"{version}已退回编制部门。" if back_it_goes else f"已签署“{now.label}”。")
            return redirect(back)
        form.blame(answer)
    changes = read.compared(version.based_on, version) if version.based_on else []
    shown = {
        "edition": version, "unit": version.item_list.organisation, "now": now, "signer": mine[0], "hat": mine[1], "form": form, "back": back, "tab": "lists",
        **rows_of(read.items_of(version)), "changes": [row for row in changes if row.kind != "same"], "returns": now.key != DRAFT,
        "after": _after(version, now),
    }  # fmt: skip
    return render(request, "duties/lists/sign.html", shown, status=HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK)


def _after(version: ListVersion, now: Step) -> str:
    """What comes after this step, for the one who signs it."""
    steps = course(version).steps
    rest = steps[next(n for n, step in enumerate(steps) if step.key == now.key) + 1 :]
    return rest[0].label if rest else ""


@business_required
@require_http_methods(["GET", "POST"])
def list_publish(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_of(request, pk)
    unit, back = version.item_list.organisation, reverse("list_version", args=[pk])
    if not may(request, unit, LEADERS):
        return refused(request, not_his(unit, "公开", "负责人"), back=back)
    if version.state not in (State.APPROVED, State.PUBLISHED):
        return refused(request, Refusal("wrong_state", f"{version}{version.get_state_display()}，审定以后才能公开。"), back=back)
    form = PublishForm(posted(request), initial={"from_day": clock.today(), "page_url": version.page_url, "opinion": USUAL[PUBLISH]})
    return form_page(
        request, form, title=f"公开{version}", button="公开", done=f"{version}已公开。请更新公开页面后回来确认。", back=back, to=back, template=FORM, tab="lists",
        about="公开以后这一版和其中的事项不能再改动；上一版于施行日的前一日止。公开后即产生更新公开页面的应办事项，确认前显示为红色。",
        act=lambda data: chain.publish(version=version, acting_user=user_of(request), **data),
    )  # fmt: skip


@business_required
@require_http_methods(["GET", "POST"])
def list_page(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_of(request, pk)
    unit, back = version.item_list.organisation, reverse("list_version", args=[pk])
    if not may(request, unit):
        return refused(request, not_his(unit, "公开页面的确认"), back=back)
    form = PageForm(posted(request), initial={"url": version.page_url, "day": clock.today()})
    return form_page(
        request, form, title=f"确认{version}的公开页面", button="确认", done="公开页面已确认，应办事项办结。", back=back, to=back, template=FORM, tab="lists",
        about="请先打开公开页面，核对页面上的清单就是这一版，再填写。", act=lambda data: chain.confirm_page(version=version, acting_user=user_of(request), **data),
    )  # fmt: skip


@business_required
@require_http_methods(["GET", "POST"])
def item_assign(request: HttpRequest, pk: int) -> HttpResponse:
    item = item_of(request, pk)
    unit = item.version.item_list.organisation
    back = reverse("item_list", args=[unit.pk])
    if not may(request, unit, LEADERS):
        return refused(request, not_his(unit, "具体事项的分解", "负责人"), back=back)
    held = read.assigned(unit).get(str(item.lineage))
    start = {"from_day": clock.today()}
    if held and not held.gone:
        start |= {"inner_unit": held.assignment.inner_unit_id, "person": held.assignment.person_id}
    return form_page(
        request, AssignForm(posted(request), initial=start, unit=unit), title=f"第{item.no}项：落实到科室和责任人", button="确定", done=f"第{item.no}项已落实到人。",
        back=back, to=back, template=FORM, tab="lists", about=item.text,
        act=lambda data: assignments.assign(item=item, acting_user=user_of(request), **data),
    )  # fmt: skip
