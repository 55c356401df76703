"""The rules a problem lives under, and what a person is to it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Q

from huanze.base import clock
from huanze.orgs.models import Holding, Organisation, Post, User
from huanze.policies import selectors as policies
from huanze.policies.models import Adoption, PackVersion
from huanze.problems.models import Participant, Problem
from huanze.rules.lifecycle import Hat, Machine, Stage, machine
from huanze.rules.packs import loader
from huanze.rules.packs.schema import Pack


@dataclass(frozen=True, slots=True)
class Governing:
    """The pack version a case started under, its local settings and its machine (J7)."""

    pack: Pack
    settings: Mapping[str, Any]
    machine: Machine


def rules_of(problem: Problem) -> Governing:
    """The rules this problem lives under. No query when ``adoption__pack`` was selected with it."""
    return rules_under(problem.adoption, problem.level)


def rules_under(adoption: Adoption, level: str) -> Governing:
    """Rules of an adoption for problems of one source level."""
    return _governing(adoption.pack.content_hash, json.dumps(adoption.settings, sort_keys=True), level)


@lru_cache(maxsize=256)
def _governing(content_hash: str, local: str, level: str) -> Governing:
    """Keyed by content, never by id: a version's content does not change, a rolled-back id may be given out again."""
    pack = policies.pack(PackVersion(content_hash=content_hash))
    stages = {Stage(s) for s in pack.lifecycle.stages}
    if level in pack.lifecycle.upper_acceptance_for:
        stages.add(Stage.UPPER_ACCEPTANCE)
    return Governing(pack, loader.settings(pack, json.loads(local)), machine(stages, pack.lifecycle.clauses))


@dataclass(frozen=True, slots=True)
class Worn:
    """The hats a person wears towards one problem, each with the post it comes from."""

    by_hat: Mapping[Hat, Post | None]
    organisations: frozenset[int]

    @property
    def hats(self) -> frozenset[Hat]:
        return frozenset(self.by_hat)

    def best(self, actors: Collection[Hat]) -> tuple[Hat, Post | None]:
        """The hat under which an act is recorded: the first in the order of ``Hat`` that may act."""
        hat = next(h for h in Hat if h in actors and h in self.by_hat)
        return hat, self.by_hat[hat]


SYSTEM_USERNAME = "system"


def worn_by(user: User, problem: Problem, parts: Collection[Participant] | None = None) -> Worn:
    """What ``user`` is to ``problem`` today: two queries, one when the participants are given."""
    if user.username == SYSTEM_USERNAME:
        return Worn({Hat.SYSTEM: None}, frozenset())
    if user.is_administrator or not user.is_active:
        return Worn({}, frozenset())
    posts = [h.post for h in Holding.objects.on(clock.today()).filter(user=user).select_related("post__organisation")]
    if parts is None:
        parts = list(problem.participants.all())
    acceptors = [p.organisation_id for p in sorted(parts, key=lambda p: p.rank) if p.role == Participant.Role.SUPERVISING]
    found: dict[Hat, Post | None] = {}
    for post in posts:
        for hat in _hats(post, problem, acceptors):
            found.setdefault(hat, post)
    return Worn(found, frozenset(p.organisation_id for p in posts))


def _hats(post: Post, problem: Problem, acceptors: list[int]) -> set[Hat]:
    org, head = post.organisation_id, post.rank == Post.Rank.HEAD
    hats: set[Hat] = set()
    if org == problem.office_id:
        hats.add(Hat.OFFICE)
    if org == problem.main_unit_id:
        hats |= {Hat.MAIN, Hat.MAIN_HEAD} if head else {Hat.MAIN}
    if acceptors and org == acceptors[0]:
        hats |= {Hat.LEAD, Hat.LEAD_HEAD} if head else {Hat.LEAD}
    if org in acceptors:
        hats.add(Hat.ACCEPTOR)
    if post.id == problem.leader_post_id:
        hats.add(Hat.LEADER)
    if org == problem.approver_id and post.rank in (Post.Rank.HEAD, Post.Rank.DEPUTY):
        hats.add(Hat.APPROVER)
    return hats


def holders_of_hats(problem: Problem, hats: Collection[Hat], acceptors: Sequence[int] = ()) -> set[int]:
    """Ids of the people who wear any of these hats today, in one query. ``acceptors``: the accepting units in order."""
    wanted: dict[Hat, tuple[set[int | None], tuple[str, ...]]] = {
        Hat.OFFICE: ({problem.office_id}, (Post.Rank.LIAISON, Post.Rank.DEPUTY, Post.Rank.HEAD)),
        Hat.MAIN: ({problem.main_unit_id}, (Post.Rank.LIAISON,)),
        Hat.MAIN_HEAD: ({problem.main_unit_id}, (Post.Rank.HEAD,)),
        Hat.LEAD: (set(acceptors[:1]), (Post.Rank.LIAISON,)),
        Hat.LEAD_HEAD: (set(acceptors[:1]), (Post.Rank.HEAD,)),
        Hat.ACCEPTOR: (set(acceptors), (Post.Rank.LIAISON,)),
        Hat.APPROVER: ({problem.approver_id}, (Post.Rank.HEAD, Post.Rank.DEPUTY)),
    }
    who = Q(pk__in=[])
    for hat in hats:
        if hat is Hat.LEADER and problem.leader_post_id:
            who |= Q(post_id=problem.leader_post_id)
        elif hat in wanted:
            orgs, ranks = wanted[hat]
            who |= Q(post__organisation_id__in=orgs, post__rank__in=ranks)
    return set(Holding.objects.on(clock.today()).filter(who).values_list("user_id", flat=True))


def organisation(pk: int) -> Organisation | None:
    return Organisation.objects.filter(pk=pk, active=True).first()
