"""What may be chosen in a step's form, and what it is filled with before anybody writes: nothing is typed twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from huanze.base import clock
from huanze.orgs import selectors as orgs
from huanze.orgs.models import Holding, Organisation, Post, User
from huanze.problems.models import Objection, Participant, PlanItem, Problem
from huanze.problems.services.context import worn_by
from huanze.problems.services.gaps import plan_content
from huanze.problems.services.materials import own_materials
from huanze.workbench.step_form import Option

Kind = Organisation.Kind
DOES_WORK = (Kind.DEPARTMENT, Kind.TOWN, Kind.PARK, Kind.OTHER)
"""Bodies that rectify and accept; the bodies that oversee them are not offered."""


def options_for(problem: Problem, user: User) -> Callable[[str], Sequence[Option]]:
    """The choices of each widget in a form about this problem."""

    def options(widget: str) -> Sequence[Option]:
        made = MAKERS.get(widget)
        return made(problem, user) if made else ()

    return options


def units(region_office: Organisation) -> list[Option]:
    """The units under an office that can take work on, by kind."""
    found = orgs.organisations_in(region_office.region, DOES_WORK)
    order = {kind: n for n, kind in enumerate(DOES_WORK)}
    ranked = sorted(found, key=lambda o: (order[Kind(o.kind)], o.pk))
    return [Option(str(o.pk), o.short_name, Kind(o.kind).label) for o in ranked]


def _units(problem: Problem, user: User) -> list[Option]:
    return units(problem.office)


def _leader_posts(problem: Problem, user: User) -> list[Option]:
    """Leaders of the government, those in charge of the problem's field first, with the person's name."""
    posts = Post.objects.filter(active=True, organisation__kind=Kind.GOVERNMENT, organisation__active=True)
    posts = posts.filter(organisation__region__path__in=orgs.ancestry(problem.office.region)).exclude(rank=Post.Rank.LIAISON)
    held = {h.post_id: h.user.name for h in Holding.objects.on(clock.today()).filter(post__in=posts).select_related("user")}
    ranked = sorted(posts.select_related("organisation"), key=lambda p: (problem.field not in p.fields, p.pk))
    return [Option(str(p.pk), _leader(p, held.get(p.pk, ""), in_charge=problem.field in p.fields)) for p in ranked]


def _leader(post: Post, name: str, *, in_charge: bool) -> str:
    return f"{post.title} {name or '（暂缺）'}{'（分管本领域）' if in_charge else ''}"


def _participants(problem: Problem, user: User) -> list[Option]:
    parts = problem.participants.exclude(role=Participant.Role.FINDER).select_related("organisation")
    return [Option(str(p.organisation_id), p.organisation.short_name) for p in parts]


def _own_acceptors(problem: Problem, user: User) -> list[Option]:
    own = {h.post.organisation_id for h in orgs.posts_of(user)}
    parts = problem.participants.filter(role=Participant.Role.SUPERVISING, organisation__in=own).select_related("organisation")
    return [Option(str(p.organisation_id), p.organisation.short_name) for p in parts]


def _objections(problem: Problem, user: User) -> list[Option]:
    waiting = Objection.objects.filter(publicity__acceptance__problem=problem, answered_on=None)
    return [Option(str(o.pk), f"{o.received_on:%m月%d日}收到：{o.text[:40]}") for o in waiting]


def _materials(problem: Problem, user: User) -> list[Option]:
    """What this person may still take back."""
    own = own_materials(problem, user=user, organisations=worn_by(user, problem).organisations)
    return [Option(str(e.pk), e.file.name + (f"（{e.point}）" if e.point else ""), e.get_role_display()) for e in own if e.withdrawn_at is None]


MAKERS: Mapping[str, Callable[[Problem, User], Sequence[Option]]] = {
    "organisation": _units, "organisations": _units, "leader_post": _leader_posts, "participant": _participants,
    "own_acceptor": _own_acceptors, "objection": _objections, "material": _materials,
}  # fmt: skip


def prefill(name: str, problem: Problem, user: User) -> dict[str, Any]:
    """What Huanze already knows of what a step asks for."""
    today = clock.today().isoformat()
    fixed: Mapping[str, Mapping[str, Any]] = {
        "spot_check": {"day": today}, "look_back": {"day": today}, "leader_supervise": {"started_on": today},
        "open_publicity": {"starts_on": today}, "register_objection": {"received_on": today},
        "rebound": {"title": problem.title, "found_on": today},
    }  # fmt: skip
    if name in FILLERS:
        return FILLERS[name](problem, user)
    return dict(fixed.get(name, {}))


def _plan(problem: Problem, user: User) -> dict[str, Any]:
    plan = getattr(problem, "plan", None)
    if plan is None:
        return {"kind": "immediate", "deadline": problem.deadline}
    return plan_content(plan).model_dump(mode="json")


def _change(problem: Problem, user: User) -> dict[str, Any]:
    return {"plan": _plan(problem, user)}


def _progress(problem: Problem, user: User) -> dict[str, Any]:
    items = PlanItem.objects.filter(plan__problem=problem)
    rows = [{"id": i.pk, "progress": i.progress, "done_on": i.done_on} for i in items]
    return {"percent": problem.percent, "uncertain": problem.uncertain, "items": rows}


def _order(problem: Problem, user: User) -> dict[str, Any]:
    return {"supervising": _ids(problem.participants.filter(role=Participant.Role.SUPERVISING).order_by("rank"))}


def _reassign(problem: Problem, user: User) -> dict[str, Any]:
    deadline = problem.deadline.isoformat() if problem.deadline else ""
    return {"main_unit": problem.main_unit_id, "leader_post": problem.leader_post_id, "deadline": deadline} | _order(problem, user)


def _ids(parts: Iterable[Participant]) -> list[int]:
    return [p.organisation_id for p in parts]


def _view(problem: Problem, user: User) -> dict[str, Any]:
    own = _own_acceptors(problem, user)
    return {"organisation": own[0].value} if len(own) == 1 else {}


FILLERS: Mapping[str, Callable[[Problem, User], dict[str, Any]]] = {
    "save_plan": _plan, "request_change": _change, "report_progress": _progress, "request_reorder": _order,
    "reassign": _reassign, "record_view": _view,
}  # fmt: skip


def captions(problem: Problem) -> dict[str, str]:
    """The text of each item of the plan by its id, with its own deadline."""
    items = PlanItem.objects.filter(plan__problem=problem)
    return {str(i.pk): f"{i.get_kind_display()} {i.no}：{i.text}" + (f"（{i.due.isoformat()}前）" if i.due else "") for i in items}


def finding_options(office: Organisation, sources: Iterable[Any]) -> Callable[[str], Sequence[Option]]:
    """The choices of a registration: regions under the office, these sources, fields of work in use."""
    lo, hi = orgs.subtree(office.region)

    def options(widget: str) -> Sequence[Option]:
        if widget == "region":
            below = office.region.__class__.objects.filter(path__gte=lo, path__lt=hi).order_by("path")
            return [Option(str(r.pk), "　" * (r.depth - office.region.depth) + r.name) for r in below]
        if widget == "source":
            return [Option(s.key, s.label, Problem.Level(s.level).label) for s in sources]
        fields = {f for p in Post.objects.filter(organisation__region__path__gte=lo, organisation__region__path__lt=hi) for f in p.fields}
        return [Option(f, f) for f in sorted(fields)]

    return options
