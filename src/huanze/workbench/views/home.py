"""The first page: what a person must do now and why, what is near, what the month and the quarter ask of his unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from huanze.base import clock
from huanze.obligations import selectors as obligations
from huanze.orgs import selectors as orgs
from huanze.orgs.doors import business_required
from huanze.orgs.models import Organisation, User
from huanze.policies import selectors as policies
from huanze.problems import selectors
from huanze.problems.models import LadderStep, Omission, Problem, SelfCheckReturn
from huanze.problems.selectors import LedgerFilter
from huanze.problems.services import dispatch, self_check
from huanze.workbench.templatetags.huanze import cn_date
from huanze.workbench.views.shared import user_of

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    url: str
    why: str
    due: date | None = None
    late: bool = False
    left: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    count: str
    rows: Sequence[Row]
    empty: str
    url: str = ""
    url_label: str = "全部"


@dataclass(frozen=True, slots=True)
class Figure:
    label: str
    count: str
    url: str
    colour: str = ""


def row(title: str, url: str, why: str, due: date | None = None) -> Row:
    """A row with how far its day is, in plain days."""
    if due is None:
        return Row(title, url, why)
    days = (due - clock.today()).days
    left = "今天到期" if days == 0 else f"还剩{days}天" if days > 0 else f"已过{-days}天"
    return Row(title, url, why, due, days < 0, left)


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if user.is_administrator:
        return redirect("manage")
    posts = [h.post for h in orgs.posts_of(user)]
    units = {p.organisation_id for p in posts}
    offices = {p.organisation_id for p in posts if p.organisation.kind == Organisation.Kind.COMMISSION_OFFICE}
    main, side = _mine(user)
    said = {
        "sections": {"main": main, "side": [*_owed(units), *_due(units), *_office(user, offices), *side]},
        "figures": figures(user), "today": clock.today(), "day_kind": policies.calendar().why(clock.today()), "greeting": _greeting(),
        "may_register": bool(units),
    }  # fmt: skip
    return render(request, "home/home.html", said)


def _greeting() -> str:
    hour = clock.now().hour
    return "上午好" if 5 <= hour < 12 else "下午好" if 12 <= hour < 18 else "晚上好"


def _owed(units: set[int]) -> list[Section]:
    """What the month's dispatch and the quarter's self-check still ask of the person's units, with the cut-off."""
    rows = []
    owed = dispatch.owed_returns(units)
    for month, cutoff, count in _by_month(owed):
        rows.append(row(f"{month}调度", reverse("dispatch"), f"{count}件未报", cutoff))
    checks = SelfCheckReturn.objects.filter(organisation__in=units, counted_in="").order_by("cutoff")
    for r in checks[:SHOWN]:
        why = "电子版已报，待整改办签收盖章纸质版" if r.submitted_on else "盖章纸质版和电子版均未报"
        rows.append(row(f"{self_check.quarter(r.cutoff)}自查", reverse("self_check", args=[r.pk]), why, r.cutoff))
    if not rows:
        return []
    return [Section("owed", "本单位应报", str(len(rows)), rows, "")]


def _due(units: set[int]) -> list[Section]:
    """What the rules in force ask of the person's units: missed and not made good, then due within thirty days."""
    found, total = obligations.pressing(units, SHOWN)
    rows = [row(str(r), r.url or reverse("due_one", args=[r.pk]), f"{r.organisation}　{r.state_label}", r.due) for r in found]
    return [Section("due", "本单位应办", str(total), rows, "", reverse("due"), "月历")] if rows else []


def _by_month(owed: Any) -> Iterable[tuple[str, date, int]]:
    counted = owed.order_by().values("round__month", "round__cutoff").annotate(n=Count("pk")).order_by("round__cutoff")
    return ((r["round__month"], r["round__cutoff"], r["n"]) for r in counted[:SHOWN])


def _office(user: User, offices: set[int]) -> list[Section]:
    """For the office: steps the system proposes, and duties that nobody did."""
    if not offices:
        return []
    proposed = LadderStep.objects.filter(problem__office__in=offices, state=LadderStep.State.PROPOSED).select_related("problem")
    rows = [
        row(f"{s.get_step_display()}：{s.problem.title}", reverse("ladder_step", args=[s.problem_id, s.pk]), f"{s.day:%m月%d日}建议：" + "；".join(s.because))
        for s in proposed.order_by("day", "pk")[:SHOWN]
    ]
    missed = Omission.objects.filter(office__in=offices, made_good_on=None)
    kinds = missed.values("kind").annotate(n=Count("pk")).order_by("kind")
    omissions = [row(Omission.Kind(k["kind"]).label, reverse("overview") + "#omissions", f"{k['n']}项") for k in kinds]
    due = obligations.still_missed(obligations.visible(user))
    omissions += [row("到期应办事项", reverse("due_list") + "?state=missed", f"{due}项")] if due else []
    return [
        Section("proposed", "督促建议", str(proposed.count()), rows, "没有待办理的督促建议。"),
        Section("omissions", "应办未办", f"{missed.count() + due.n}{'+' if due.capped else ''}", omissions, "没有应办未办的事项。", reverse("overview") + "#omissions", "概览"),
    ]


def _mine(user: User) -> tuple[list[Section], list[Section]]:
    """To do and near in the wide column, watched and done in the narrow one."""
    lists = selectors.home_lists(user)
    counted = lists.counts

    def section(key: str, title: str, rows: Sequence[Row], empty: str, url: str) -> Section:
        return Section(key, title, str(counted[key]), rows, empty, url if rows else "")

    more_todo, more_done = (reverse("home_more", args=[which]) for which in LONG)
    todo = section("todo", "待办", [todo_row(t) for t in lists.todo], "没有待办事项。轮到您办理的问题会列在这里。", more_todo)
    near = section("near", "临期", [problem_row(p) for p in lists.near], "没有临近完成时限的问题。", reverse("ledger") + "?near=1")
    watched_empty = "还没有关注的问题。在问题页点“关注”，问题就会列在这里。"
    watched = section("watched", "关注", [problem_row(p) for p in lists.watched], watched_empty, reverse("ledger") + "?watched=1")
    done = section("done", "已办", [done_row(d) for d in lists.done], "您还没有办理过事项。", more_done)
    return [todo, near], [watched, done]


LONG = {"todo": "待办", "done": "已办"}
"""Lists with a page of their own."""


def problem_row(p: Problem) -> Row:
    return row(p.title, reverse("problem", args=[p.pk]), f"{p.number}　{p.get_state_display()}", p.deadline)


def todo_row(t: Any) -> Row:
    return row(t.problem.title, reverse("problem", args=[t.problem.pk]), f"{t.why}　{t.problem.number}", t.due)


def done_row(d: Any) -> Row:
    return row(d.problem.title, reverse("problem", args=[d.problem.pk]), f"{d.step}　{cn_date(d.day)}")


def figures(user: User) -> list[Figure]:
    """The short card of whoever answers for a place: the red ones first."""
    if not orgs.scope_of(user).region_ranges:
        return []
    counts = selectors.ledger_counts(user, LedgerFilter(group="open"))
    made = [Figure(label, str(counts.by_light[key]), f"{reverse('ledger')}?group=open&light={key}", key) for key, label in LIGHTS]
    signing = selectors.ledger_counts(user, LedgerFilter(group="finished"))
    return [*made, Figure("已完成待销号", str(signing.total), f"{reverse('ledger')}?group=finished")]


LIGHTS = (("red", "红灯"), ("amber", "黄灯"), ("green", "绿灯"))


@business_required
@require_GET
def more(request: HttpRequest, which: str) -> HttpResponse:
    """A list of the first page at length."""
    if which not in LONG:
        raise Http404
    user = user_of(request)
    make = todo_row if which == "todo" else done_row
    rows = [make(item) for item in selectors.home_list(user, which)]
    section = Section(which, LONG[which], str(len(rows)), rows, f"没有{LONG[which]}事项。")
    return render(request, "home/more.html", {"s": section})
