"""专业委员会: the list, the request, one page for each with its members, meetings and tasks, and its steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from huanze.audit.selectors import timeline
from huanze.base import clock
from huanze.duties.models import Committee
from huanze.duties.selectors import committees as read
from huanze.duties.selectors.reminders import rule_here
from huanze.duties.services import committees as service
from huanze.duties.services.committees import Plan
from huanze.orgs.doors import business_required
from huanze.orgs.models import Organisation, User
from huanze.orgs.selectors import posts_of
from huanze.rules.verdicts import Refusal
from huanze.workbench.views import committees_forms as forms
from huanze.workbench.views.manage.shared import PAGE, form_page, posted, whole
from huanze.workbench.views.shared import refused, user_of

FORM, TAB = "duties/committees/form.html", "committees"
HAPPENED = {
    "request": "申请设立", "decide": "审批", "members": "调整成员", "meeting": "记录会议", "task": "交办任务", "task_done": "办结任务", "dissolve": "撤销",
}  # fmt: skip


def newest(found: QuerySet[Any], request: HttpRequest) -> dict[str, Any]:
    """Newest first, by key: the rows of a page, and the key to go on from."""
    if last := whole(request.GET.get("after")):
        found = found.filter(pk__lt=last)
    rows = list(found.order_by("-pk")[: PAGE + 1])
    return {"rows": rows[:PAGE], "after": rows[PAGE - 1].pk if len(rows) > PAGE else None, "first": not request.GET.get("after")}


@business_required
@require_GET
def committees(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    state = request.GET.get("state", "")
    state = state if state in Committee.State.values else ""
    ground = _ground(user)
    said = {"tab": TAB, "state": state, "states": [("", "全部"), *Committee.State.choices], "ground": ground, "leads": _leads(user) if ground and ground.rule else []}
    return render(request, "duties/committees/list.html", said | newest(read.committees_listed(user, state), request))


@dataclass(frozen=True, slots=True)
class Ground:
    """What the rules of a person's place say of committees."""

    place: str
    rule: read.Ruling | None


def _ground(user: User) -> Ground | None:
    """The rule of the place of his first post."""
    holding = next(iter(posts_of(user)), None)
    if holding is None:
        return None
    region = holding.post.organisation.region
    return Ground(region.name, read.ruling(region))


def _leads(user: User) -> list[Organisation]:
    """The departments in whose name a person may ask for one."""
    units = {h.post.organisation_id: h.post.organisation for h in posts_of(user)}
    return [unit for unit in units.values() if not isinstance(service.may_request(unit, user), Refusal)]


@business_required
@require_http_methods(["GET", "POST"])
def committee_new(request: HttpRequest) -> HttpResponse:
    user, back = user_of(request), reverse("committees")
    leads = _leads(user)
    if not leads:
        return refused(request, _why_not(user), back=back)
    rule = read.ruling(leads[0].region)
    form = forms.RequestForm(posted(request), leads=leads, region=leads[0].region, pilots=rule is not None and rule.clause.pilot)
    return form_page(
        request, form, title="申请设立专业委员会", button="提交申请", done="申请已提交，待批准。", to=_address, back=back, template=FORM, tab=TAB,
        about=rule.clause.what if rule else "", clause=rule.clause.clause if rule else "", wide=True,
        hint=f"由{'、'.join(unit.name for unit in rule.approvers)}批准。" if rule else "", act=lambda data: _request(data, user),
    )  # fmt: skip


def _why_not(user: User) -> Refusal:
    """Why a person may ask for none: what his own department is told."""
    units = [h.post.organisation for h in posts_of(user)]
    answers = [answer for unit in units if isinstance(answer := service.may_request(unit, user), Refusal)]
    order = {"not_ready": 0, "no_rule": 1}
    return min(answers, key=lambda r: order.get(r.code, 2), default=Refusal("wrong_actor", "您没有任职的单位，不能申请设立专业委员会"))


def _request(data: dict[str, Any], user: User) -> Committee | Refusal:
    lead = data.pop("lead")
    return service.request(lead=lead, plan=Plan(**data), acting_user=user)


@business_required
@require_GET
def committee(request: HttpRequest, pk: int) -> HttpResponse:
    row, user = _row(request, pk), user_of(request)
    rule = read.ruling(row.region, row.adoption)
    own = {h.post.organisation_id for h in posts_of(user)}
    said = {
        "row": row, "tab": TAB, "rule": rule, "own": own, "today": clock.today(),
        "steps": [(name, step) for name, step in STEPS.items() if not isinstance(service.allowed(row, name, user), Refusal)],
        "leads": row.lead_id in own, "reminds": row.lead_id in own and rule_here(row.region) is not None, "worked": row.state in (Committee.State.ACTIVE, Committee.State.DISSOLVED), "late": [t for t in row.tasks.all() if not t.done_on and t.late],
        "happened": [(HAPPENED.get(e.action.partition(".")[2], e.action), e) for e in timeline(service.SUBJECT, row.pk)],
    }  # fmt: skip
    return render(request, "duties/committees/page.html", said)


def _row(request: HttpRequest, pk: int) -> Committee:
    row = read.committee_page(user_of(request), pk)
    if row is None:
        raise Http404
    return row


def _address(row: Any) -> str:
    return reverse("committee", args=[row.pk])


# ---- the steps of a committee


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the page offers it: its form, and the service that takes it."""

    url: str
    label: str
    button: str
    icon: str
    done: str
    form: Callable[[HttpRequest, Committee], Any]
    act: Callable[[Committee, User, dict[str, Any]], Any]


STEPS: dict[str, Step] = {
    "decide": Step(
        "committee_decide", "审批", "签署", "signature", "已签署。", lambda request, row: forms.DecideForm(posted(request)),
        lambda row, user, data: service.decide(committee=row, approve=data.pop("approve") == "yes", acting_user=user, **data),
    ),
    "meeting": Step(
        "committee_meeting", "记录会议", "保存", "writing", "会议已记录。", lambda request, row: forms.MeetingForm(posted(request), committee=row),
        lambda row, user, data: service.record_meeting(committee=row, acting_user=user, **data),
    ),
    "task": Step(
        "committee_task", "交办任务", "交办", "clipboard-list", "任务已交办，已列入承担单位的应办事项。",
        lambda request, row: forms.TaskForm(posted(request), committee=row, initial={"meeting": whole(request.GET.get("meeting"))}),
        lambda row, user, data: service.add_task(committee=row, acting_user=user, **data),
    ),
    "members": Step(
        "committee_members", "调整成员", "保存", "users", "成员已调整。", lambda request, row: forms.MembersForm(posted(request), committee=row),
        lambda row, user, data: service.change_members(committee=row, acting_user=user, **data),
    ),
    "dissolve": Step(
        "committee_dissolve", "撤销", "撤销", "x", "专业委员会已撤销。", lambda request, row: forms.WhyForm(posted(request)),
        lambda row, user, data: service.dissolve(committee=row, acting_user=user, **data),
    ),
}  # fmt: skip


def _step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    row, user, back, step = _row(request, pk), user_of(request), reverse("committee", args=[pk]), STEPS[name]
    hat = service.allowed(row, name, user)
    if isinstance(hat, Refusal):
        return refused(request, hat, back=back)
    return form_page(
        request, step.form(request, row), title=f"{step.label}：{row}", button=step.button,
        done=step.done, to=back, back=back, template=FORM, tab=TAB, clause=row.clause, wide=name in {"members", "meeting"},
        act=lambda data: step.act(row, user, data),
    )  # fmt: skip


@business_required
@require_http_methods(["GET", "POST"])
def committee_decide(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, "decide")


@business_required
@require_http_methods(["GET", "POST"])
def committee_members(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, "members")


@business_required
@require_http_methods(["GET", "POST"])
def committee_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, "meeting")


@business_required
@require_http_methods(["GET", "POST"])
def committee_task(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, "task")


@business_required
@require_http_methods(["GET", "POST"])
def committee_dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, "dissolve")


@business_required
@require_http_methods(["GET", "POST"])
def committee_task_done(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    task = read.visible_task(user, pk)
    if task is None:
        raise Http404
    back = reverse("committee", args=[task.committee_id])
    hat = service.may_report(task, user)
    if isinstance(hat, Refusal):
        return refused(request, hat, back=back)
    return form_page(
        request, forms.ResultForm(posted(request)), title="填报完成情况", button="办结", done="任务已办结。", to=back, back=back, template=FORM, tab=TAB,
        about=task.what, clause=task.committee.clause, act=lambda data: service.report_done(task=task, acting_user=user, **data),
    )  # fmt: skip
