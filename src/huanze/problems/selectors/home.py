"""What a person must do, did, should watch and is near its day. Each list is bounded; each count has a cap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from huanze.base import clock
from huanze.orgs.models import Post, User
from huanze.orgs.selectors import posts_of
from huanze.problems.models import AcceptorView, ChangeRequest, Participant, Problem, StatusChange
from huanze.problems.selectors.bounded import Count, counts
from huanze.problems.selectors.scope import visible
from huanze.rules.escalation import LIGHT_SETTINGS
from huanze.rules.lifecycle import AWAITED, TABLE, WORK, Hat, State

SHOWN = 8
LONG = 200
STEP_LABELS = {t.name: t.label for t in TABLE} | {"register": "登记"}
STEP_OF = {
    State.REGISTERED: "待交办", State.ASSIGNED: "待签收", State.PLANNING: "待编制方案", State.PLAN_REVIEW: "待审定方案",
    State.RECTIFYING: "整改中", State.SELF_ACCEPTED: "待申请验收", State.APPLIED: "待组织验收", State.ACCEPTING: "待验收",
    State.SIGNING: "待签字盖章", State.CONFIRMING: "待签字确认", State.UPPER_ACCEPTANCE: "待上级验收", State.PUBLICITY: "公示中",
    State.FILING: "待备案",
}  # fmt: skip
"""What the person whose move it is must do, in two or three words."""


@dataclass(frozen=True, slots=True)
class Todo:
    problem: Problem
    why: str
    due: date | None


@dataclass(frozen=True, slots=True)
class Done:
    problem: Problem
    step: str
    day: date


@dataclass(frozen=True, slots=True)
class HomeLists:
    todo: Sequence[Todo]
    done: Sequence[Done]
    near: Sequence[Problem]
    watched: Sequence[Problem]
    counts: Mapping[str, Count]


def home_lists(user: User) -> HomeLists:
    """The four lists of the home page with their counts."""
    posts = [h.post for h in posts_of(user)]
    todo, near, watched, done = _todo(posts), _near(user), _watched(user), _done(user)
    counted = counts([[todo], [near], [watched], [done]])
    return HomeLists(
        todo=_todos(todo[:SHOWN]),
        done=_dones(done[:SHOWN]),
        near=list(near[:SHOWN]),
        watched=list(watched[:SHOWN]),
        counts=dict(zip(("todo", "near", "watched", "done"), counted, strict=True)),
    )


def home_list(user: User, which: str) -> Sequence[Todo] | Sequence[Done]:
    """``todo`` or ``done`` at length, the first two hundred."""
    if which == "todo":
        return _todos(_todo([h.post for h in posts_of(user)])[:LONG])
    return _dones(_done(user)[:LONG])


def _todo(posts: Sequence[Post]) -> QuerySet[Problem]:
    """Problems whose next move is up to one of these posts, the earliest deadline first."""
    mine = Q(pk__in=[])
    for post in posts:
        for states, whose in _moves(post):
            mine |= Q(state__in=states) & whose
        if post.rank in (Post.Rank.HEAD, Post.Rank.DEPUTY):
            open_change = ChangeRequest.objects.filter(state=ChangeRequest.State.OPEN).values("problem")
            mine |= Q(approver=post.organisation_id, pk__in=open_change)
    rows = Problem.objects.filter(mine) if posts else Problem.objects.none()
    return rows.select_related("main_unit").order_by("sort_day", "pk")


def _moves(post: Post) -> Iterable[tuple[list[State], Q]]:
    """The states that await this post, and to which problems of those states it is what they await."""
    org, head = post.organisation_id, post.rank == Post.Rank.HEAD
    parts = Participant.objects.filter(organisation=org, role=Participant.Role.SUPERVISING)
    leads, accepts = Q(pk__in=parts.filter(rank=1).values("problem")), Q(pk__in=parts.values("problem"))
    yield _awaiting(Hat.OFFICE), Q(office=org)
    yield _awaiting(Hat.MAIN_HEAD if head else Hat.MAIN), Q(main_unit=org)
    yield _awaiting(Hat.LEAD_HEAD if head else Hat.LEAD), leads
    if not head:
        said = AcceptorView.objects.filter(acceptance__problem=OuterRef("pk"), acceptance__outcome="open", organisation=org)
        yield [State.ACCEPTING], leads | accepts & ~Q(Exists(said))
    if post.rank in (Post.Rank.HEAD, Post.Rank.DEPUTY):
        yield _awaiting(Hat.APPROVER), Q(approver=org)
    yield _awaiting(Hat.LEADER), Q(leader_post=post.pk)


def _awaiting(hat: Hat) -> list[State]:
    return [s for s, hats in AWAITED.items() if hat in hats and s is not State.ACCEPTING]


def _todos(rows: Iterable[Problem]) -> list[Todo]:
    found = list(rows)
    changing = set(
        ChangeRequest.objects.filter(problem__in=[p.pk for p in found], state=ChangeRequest.State.OPEN).values_list("problem_id", flat=True)
    )
    return [Todo(p, "有调整申请待审定" if p.pk in changing else STEP_OF[State(p.state)], p.deadline) for p in found]


def _near(user: User) -> QuerySet[Problem]:
    """Visible problems at work whose deadline is near or past."""
    limit = clock.today() + timedelta(days=LIGHT_SETTINGS["near_days"])
    return visible(user).filter(state__in=WORK, sort_day__lte=limit).select_related("main_unit").order_by("sort_day", "pk")


def _watched(user: User) -> QuerySet[Problem]:
    return visible(user).filter(watches__user=user).select_related("main_unit").order_by("sort_day", "pk")


def _done(user: User) -> QuerySet[StatusChange]:
    return StatusChange.objects.filter(actor=user).select_related("problem").order_by("-at", "-pk")


def _dones(rows: Iterable[StatusChange]) -> list[Done]:
    return [Done(c.problem, STEP_LABELS.get(c.name, c.name), c.day) for c in rows]
