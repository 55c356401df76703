"""明确牵头: matters nobody leads, one page for each with its timeline, its views side by side and its steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from huanze.audit.selectors import timeline
from huanze.base import clock
from huanze.duties.models import Determination
from huanze.duties.selectors import desk as asked
from huanze.duties.selectors import determinations as read
from huanze.duties.selectors.determinations import PUBLISH, Standing
from huanze.duties.services import deciding, determining
from huanze.orgs.doors import business_required
from huanze.orgs.models import User
from huanze.rules.verdicts import Refusal
from huanze.workbench.views import desk_forms as forms
from huanze.workbench.views.manage.shared import PAGE, form_page, posted, whole
from huanze.workbench.views.shared import refused, user_of

State = Determination.State
FORM = "duties/determinations/form.html"
GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "": ("全部", tuple(State.values)),
    "open": ("办理中", (State.RAISED, State.CONSULTING, State.OPINION)),
    "decided": ("已决定", (State.DECIDED, State.PUBLISHED)),
    "closed": ("不予受理", (State.CLOSED,)),
}
HAPPENED = {
    "raise": "提出", "consult": "征求意见", "view": "书面意见", "opinion": "形成意见", "decide": "签署决定", "send_back": "退回", "publish": "公开",
    "close": "不予受理",
}  # fmt: skip


@business_required
@require_GET
def determinations(request: HttpRequest) -> HttpResponse:
    """Newest first, by key."""
    user = user_of(request)
    chosen = request.GET.get("which", "") if request.GET.get("which", "") in GROUPS else ""
    found = read.visible(user).filter(state__in=GROUPS[chosen][1]).order_by("-pk")
    if last := whole(request.GET.get("after")):
        found = found.filter(pk__lt=last)
    rows = list(found[: PAGE + 1])
    said = {
        "rows": rows[:PAGE], "after": rows[PAGE - 1].pk if len(rows) > PAGE else None, "chosen": chosen, "tab": "determinations",
        "groups": [(key, label) for key, (label, _) in GROUPS.items()],
    }  # fmt: skip
    return render(request, "duties/determinations/list.html", said)


@business_required
@require_http_methods(["GET", "POST"])
def determination_new(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    form = forms.RaiseForm(posted(request), user=user, initial={"matter": request.GET.get("matter", "")[: determining.MATTER]})
    return form_page(
        request, form, title="提出没有部门牵头的事项", done="已提出，由承办单位组织研究。", to=_address, back=reverse("determinations"), button="提出",
        template=FORM, tab="determinations", about="清单没有列出、也没有部门牵头的事项，由本单位提出，经征求意见后按制度规定的程序明确牵头部门。",
        act=lambda data: determining.raise_matter(**data, acting_user=user),
    )  # fmt: skip


@business_required
@require_GET
def determination(request: HttpRequest, pk: int) -> HttpResponse:
    row, user = _row(request, pk), user_of(request)
    now = read.standing(row)
    may = read.may(row, user, now)
    said = {
        "row": row, "now": now, "co_units": list(row.co_units.order_by("pk")), "tab": "determinations",
        "steps": [(name, step) for name, step in STEPS.items() if name in may], "today": clock.today(), "term": read.view_term(row.adoption, clock.today()),
        "publishers": read.publishers(row, now.procedure) if now.procedure.publishes else (), "clause_publish": now.procedure.clause_of(PUBLISH),
        "happened": [(HAPPENED.get(e.action.partition(".")[2], e.action), e) for e in timeline(determining.SUBJECT, row.pk)],
    }  # fmt: skip
    return render(request, "duties/determinations/page.html", said)


@business_required
@require_http_methods(["GET", "POST"])
def determination_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step's form, before the one whose turn it is."""
    row, user, back = _row(request, pk), user_of(request), reverse("determination", args=[pk])
    known = STEPS.get(step)
    if known is None:
        raise Http404
    now = read.standing(row)
    if step not in read.may(row, user, now):
        return refused(request, _not_now(row, now, known, step), back=back)
    form = known.form(request, row, now, user)
    return form_page(
        request, form, title=f"{known.label}：{row.number}", done=known.done, to=back, back=back, button=known.button, template=FORM,
        tab="determinations", about=row.matter, clause=now.procedure.clause_of(*known.clauses), hint=known.hint(row, now) if known.hint else "",
        act=lambda data: known.act(row, user, data),
    )  # fmt: skip


def _row(request: HttpRequest, pk: int) -> Determination:
    row = read.visible(user_of(request)).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _address(row: Any) -> str:
    return reverse("determination", args=[row.pk])


def _not_now(row: Determination, now: Standing, step: Step, name: str) -> Refusal:
    """Why this person may not take this step now; the step's own service says the same to whoever asks it."""
    if name == "opinion" and row.state == State.CONSULTING and now.waiting:
        units = "、".join(f"{v.organisation}" for v in now.waiting)
        return Refusal("not_ready", f"尚待{units}答复；全部答复或者期限届满后再形成意见", now.procedure.clause_of(*step.clauses))
    if row.state not in step.states:
        return Refusal("wrong_state", f"{row.number}现为“{row.get_state_display()}”，不能办理“{step.label}”")
    return Refusal("wrong_actor", f"“{step.label}”{step.who}", now.procedure.clause_of(*step.clauses))


# ---- the steps


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the page offers it. ``form`` builds its form, ``act`` calls its service."""

    label: str
    button: str
    icon: str
    done: str
    who: str
    states: tuple[str, ...]
    form: Callable[[HttpRequest, Determination, Standing, User], Any]
    act: Callable[[Determination, User, dict[str, Any]], Any]
    clauses: tuple[str, ...]
    hint: Callable[[Determination, Standing], str] | None = None


def _consult_form(request: HttpRequest, row: Determination, now: Standing, user: User) -> Any:
    """The units that the desk thinks of are ticked beforehand; the office decides."""
    known = asked.desk(row.region)
    ranking = known.rank(row.matter)
    likely = [unit.pk for hit in (*ranking.hits, *ranking.helpers) if (unit := known.units.get(hit.department))]
    term = read.view_term(row.adoption, clock.today())
    return forms.ConsultForm(posted(request), row=row, asked=[v.organisation_id for v in now.views], initial={"organisations": likely, "due": term.due})


def _consult_hint(row: Determination, now: Standing) -> str:
    term = read.view_term(row.adoption, clock.today())
    return f"制度和本地都没有规定答复期限，默认{read.VIEW_DAYS}个工作日，可以改动。" if term.local else ""


def _decide_form(request: HttpRequest, row: Determination, now: Standing, user: User) -> Any:
    initial = {"lead": row.lead_id or row.proposed_lead_id, "basis": row.basis, "reason": row.reason, "co_units": list(row.co_units.values_list("pk", flat=True))}
    return forms.DecideForm(posted(request), row=row, initial=initial)


def _decide_hint(row: Determination, now: Standing) -> str:
    others = "、".join(body.name for body in now.procedure.deciders)
    signed = f"在先签署的决定由{row.lead}牵头；不同意的，请退回。" if row.lead_id else ""
    return f"由{others}决定，每个机关分别签署，全部签署后生效。{signed}" if len(now.procedure.deciders) > 1 else signed


STEPS: Mapping[str, Step] = {
    "view": Step(
        "提出书面意见", "提交意见", "writing", "意见已提交，不能再改动。", "由被征求意见的单位办理", (State.CONSULTING,),
        lambda request, row, now, user: forms.ViewForm(posted(request), row=row),
        lambda row, user, data: determining.give_view(determination=row, acting_user=user, **data), ("consult",),
    ),
    "decide": Step(
        "签署决定", "签署", "signature", "已签署。", "由制度规定的决定机关主要负责人办理", (State.OPINION,), _decide_form,
        lambda row, user, data: deciding.decide(determination=row, acting_user=user, **data), ("decide",), _decide_hint,
    ),
    "opinion": Step(
        "形成意见", "报审", "file-check", "意见已报审。", "由承办单位办理", (State.CONSULTING,),
        lambda request, row, now, user: forms.OpinionForm(posted(request), row=row, initial={"proposed_lead": row.proposed_lead_id, "opinion": row.opinion}),
        lambda row, user, data: determining.form_opinion(determination=row, acting_user=user, **data), ("opinion", "coordinate", "study"),
    ),
    "consult": Step(
        "征求意见", "发出", "send", "已征求意见。", "由承办单位办理", (State.RAISED, State.CONSULTING), _consult_form,
        lambda row, user, data: determining.consult(determination=row, acting_user=user, **data), ("consult", "coordinate", "study"), _consult_hint,
    ),
    "publish": Step(
        "确认公开", "确认", "speakerphone", "已登记公开。", "由负责公开的单位办理", (State.DECIDED,),
        lambda request, row, now, user: forms.PublishForm(posted(request), initial={"day": clock.today()}),
        lambda row, user, data: deciding.publish(determination=row, acting_user=user, **data), ("publish",),
    ),
    "send_back": Step(
        "退回重新研究", "退回", "arrow-back-up", "已退回承办单位。", "由制度规定的决定机关主要负责人办理", (State.OPINION,),
        lambda request, row, now, user: forms.ReturnForm(posted(request)),
        lambda row, user, data: deciding.send_back(determination=row, acting_user=user, **data), ("decide",),
    ),
    "close": Step(
        "不予受理", "不予受理", "x", "已办结为不予受理。", "由承办单位办理", (State.RAISED, State.CONSULTING),
        lambda request, row, now, user: forms.CloseForm(posted(request), row=row),
        lambda row, user, data: determining.close(determination=row, acting_user=user, **data), ("coordinate", "study"),
    ),
}  # fmt: skip
