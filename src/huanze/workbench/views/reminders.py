"""提醒和报告: what the lead reminds of, what came back, and what went up to the Party committee and the government."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huanze.audit.selectors import timeline
from huanze.duties.models import Reminder
from huanze.duties.selectors import reminders as read
from huanze.duties.services import reminders as service
from huanze.orgs.doors import business_required
from huanze.rules.verdicts import Refusal
from huanze.workbench.views import committees_forms as forms
from huanze.workbench.views.committees import FORM, newest
from huanze.workbench.views.manage.shared import form_page, posted, press, whole
from huanze.workbench.views.shared import refused, user_of

TAB = "reminders"
HAPPENED = {"send": "发出提醒", "reply": "答复", "settle": "了结", "report": "上报党委和政府"}


@business_required
@require_GET
def reminders(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    box = request.GET.get("box", "")
    box = box if box in read.BOXES else ""
    said = {"tab": TAB, "box": box, "boxes": list(read.BOXES.items()), "leads": read.led_matters(user)}
    return render(request, "duties/reminders/list.html", said | newest(read.reminders_listed(user, box), request))


@business_required
@require_http_methods(["GET", "POST"])
def reminder_new(request: HttpRequest) -> HttpResponse:
    """``?item=``, ``?determination=`` or ``?task=`` says of what; with none of them, one's own matters to choose from."""
    user, back = user_of(request), reverse("reminders")
    asked = [(kind, pk) for kind in (read.ITEM, read.DETERMINATION, read.TASK) if (pk := whole(request.GET.get(kind))) is not None]
    if not asked:
        return render(request, "duties/reminders/choose.html", {"tab": TAB, "matters": read.led_matters(user)})
    kind, pk = asked[0]
    about = read.visible_matter(user, kind, pk)
    if about is None:
        raise Http404
    found = service.may_send(about, user)
    if isinstance(found, Refusal):
        return refused(request, found, back=back)
    _, _, duty = found
    due = service.reply_due(duty.clause)
    return form_page(
        request, forms.ReminderForm(posted(request), about=about), title="提醒配合部门", button="发出提醒", done="提醒已发出。",
        to=lambda made: reverse("reminder", args=[made.pk]), back=back, template=FORM, tab=TAB, about=f"{about.label}：{about.text}", clause=duty.clause,
        due=due.on, provisional=due.provisional, days=service.DAYS,
        act=lambda data: service.send(kind=kind, pk=pk, acting_user=user, **data),
    )  # fmt: skip


@business_required
@require_GET
def reminder(request: HttpRequest, pk: int) -> HttpResponse:
    row, user = _row(request, pk), user_of(request)
    acts = {"reply": service.may_reply, "settle": service.may_settle, "report": service.may_report}
    may = {name for name, asks in acts.items() if not isinstance(asks(row, user), Refusal)}
    not_yet = service.may_report(row, user)
    said = {
        "row": row, "tab": TAB, "may": may, "bodies": list(row.reported_to.order_by("pk")), "days": service.DAYS,
        "not_yet": not_yet if isinstance(not_yet, Refusal) and not_yet.code == "not_ready" else None,
        "happened": [(HAPPENED.get(e.action.partition(".")[2], e.action), e) for e in timeline(service.SUBJECT, row.pk)],
    }  # fmt: skip
    return render(request, "duties/reminders/page.html", said)


@business_required
@require_http_methods(["GET", "POST"])
def reminder_reply(request: HttpRequest, pk: int) -> HttpResponse:
    row, user, back = _row(request, pk), user_of(request), reverse("reminder", args=[pk])
    hat = service.may_reply(row, user)
    if isinstance(hat, Refusal):
        return refused(request, hat, back=back)
    return form_page(
        request, forms.ReplyForm(posted(request)), title="答复提醒", button="答复", done="已答复。", to=back, back=back, template=FORM, tab=TAB,
        about=row.matter, clause=row.clause, act=lambda data: service.reply(reminder=row, text=data["reply"], acting_user=user),
    )  # fmt: skip


@business_required
@require_http_methods(["GET", "POST"])
def reminder_report(request: HttpRequest, pk: int) -> HttpResponse:
    row, user, back = _row(request, pk), user_of(request), reverse("reminder", args=[pk])
    hat = service.may_report(row, user)
    if isinstance(hat, Refusal):
        return refused(request, hat, back=back)
    return form_page(
        request, forms.ReportForm(posted(request)), title="向党委和政府报告", button="签发上报", done="报告已上报。", to=back, back=back, template=FORM,
        tab=TAB, about=row.matter, clause=row.clause, act=lambda data: service.report(reminder=row, acting_user=user, **data),
    )  # fmt: skip


@business_required
@require_POST
def reminder_settle(request: HttpRequest, pk: int) -> HttpResponse:
    row, user, back = _row(request, pk), user_of(request), reverse("reminder", args=[pk])
    hat = service.may_settle(row, user)
    if isinstance(hat, Refusal):
        return refused(request, hat, back=back)
    return press(request, service.settle(reminder=row, acting_user=user), done="已了结。", to=back)


def _row(request: HttpRequest, pk: int) -> Reminder:
    row = read.visible_reminders(user_of(request)).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
