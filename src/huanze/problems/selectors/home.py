"""What a person must do, did, should watch and is near its day. Each list is bounded; each count has a cap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from huanze.base import clock
from huanze.orgs.models import Post, User
from huanze.orgs.selectors import posts_of, scope_of
from huanze.problems.models import AcceptorView, ChangeRequest, Participant, Problem, StatusChange
from huanze.problems.selectors.bounded import Count, StillOpen, Walked, counts, first
from huanze.problems.selectors.scope import admitted, light_setting, visible
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
    moves, near, watched, done = _moves_of(posts), _near(user), _watched(user), _done(user)
    counted = counts([moves, [near], [watched], [done]])
    return HomeLists(
        todo=_todos(_first(moves, SHOWN)),
        done=_dones(done[:SHOWN]),
        near=list(near[:SHOWN]),
        watched=list(watched[:SHOWN]),
        counts=dict(zip(("todo", "near", "watched", "done"), counted, strict=True)),
    )


def home_list(user: User, which: str) -> Sequence[Todo] | Sequence[Done]:
    """``todo`` or ``done`` at length, the first two hundred."""
    if which == "todo":
        return _todos(_first(_moves_of([h.post for h in posts_of(user)]), LONG))
    return _dones(_done(user)[:LONG])


def _first(moves: Sequence[QuerySet[Problem]], size: int) -> list[Problem]:
    """The problems of all these walks with the earliest deadlines."""
    rows = Problem.objects.filter(pk__in=first(moves, "sort_day", size)).select_related("main_unit")
    return sorted(rows, key=lambda p: (p.sort_day, p.pk))


def _moves_of(posts: Sequence[Post]) -> list[QuerySet[Problem]]:
    """Problems whose next move is up to one of these posts, one walk for each state and reason."""
    rows = Problem.objects.alias(_office=Walked("office"), _approver=Walked("approver"), _leader=Walked("leader_post"))
    walks = [rows.filter(whose, state=state) for post in posts for states, whose in _moves(post) for state in states]
    walks += [_owed(post) for post in posts]
    for post in posts:
        if post.rank in (Post.Rank.HEAD, Post.Rank.DEPUTY):
            open_change = ChangeRequest.objects.filter(state=ChangeRequest.State.OPEN).values("problem")
            walks.append(Problem.objects.filter(approver=post.organisation_id, pk__in=open_change))
    return walks


def _owed(post: Post) -> QuerySet[Problem]:
    """What awaits this post as one of the main unit, along the index of the unit's open problems."""
    hat = Hat.MAIN_HEAD if post.rank == Post.Rank.HEAD else Hat.MAIN
    rows = Problem.objects.alias(_state=Walked("state"))
    return rows.filter(StillOpen("state"), main_unit=post.organisation_id, _state__in=_awaiting(hat))


def _moves(post: Post) -> Iterable[tuple[list[State], Q]]:
    """The other states that await this post, and to which problems of those states it is what they await."""
    org, head = post.organisation_id, post.rank == Post.Rank.HEAD
    parts = Participant.objects.filter(organisation=org, role=Participant.Role.SUPERVISING, problem=OuterRef("pk"))
    leads, accepts = Q(Exists(parts.filter(rank=1))), Q(Exists(parts))
    yield _awaiting(Hat.OFFICE), Q(_office=org)
    yield _awaiting(Hat.LEAD_HEAD if head else Hat.LEAD), leads
    if not head:
        said = AcceptorView.objects.filter(acceptance__problem=OuterRef("pk"), acceptance__outcome="open", organisation=org)
        yield [State.ACCEPTING], leads | accepts & ~Q(Exists(said))
    if post.rank in (Post.Rank.HEAD, Post.Rank.DEPUTY):
        yield _awaiting(Hat.APPROVER), Q(_approver=org)
    yield _awaiting(Hat.LEADER), Q(_leader=post.pk)


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
    scope, today = scope_of(user), clock.today()
    limit = today + timedelta(days=light_setting(scope, today, "near_days"))
    rows = admitted(scope).alias(_state=Walked("state")).filter(StillOpen("state"), _state__in=WORK, sort_day__lte=limit)
    return rows.select_related("main_unit").order_by("sort_day", "pk")


def _watched(user: User) -> QuerySet[Problem]:
    return visible(user).filter(watches__user=user).select_related("main_unit").order_by("sort_day", "pk")


def _done(user: User) -> QuerySet[StatusChange]:
    return StatusChange.objects.filter(actor=user).select_related("problem").order_by("-at", "-pk")


def _dones(rows: Iterable[StatusChange]) -> list[Done]:
    return [Done(c.problem, STEP_LABELS.get(c.name, c.name), c.day) for c in rows]
