"""Packs in the making: who sees them, who may work on them, whether they are fit, which versions a place may adopt."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.db.models import Exists, OuterRef, Q, QuerySet

from huanze.base import clock
from huanze.orgs.models import Holding, Organisation, Post, Region, User
from huanze.orgs.selectors import ancestry, posts_of, subtree
from huanze.policies.models import PackDraft, PackVersion, PolicyDocument
from huanze.policies.selectors.packs import pack, pack_for
from huanze.rules.packs import checking, loader
from huanze.rules.packs.reading import PackError
from huanze.rules.packs.schema import Pack

DECIDES = (
    Organisation.Kind.COMMISSION_OFFICE,
    Organisation.Kind.LEADING_GROUP,
    Organisation.Kind.GOVERNMENT,
    Organisation.Kind.PARTY_COMMITTEE,
)
"""The bodies whose heads decide which rules a place runs under."""

TEXT_NAME = "规则包"
MARK = re.compile(rf"{TEXT_NAME}:(\d+)：(.*)", re.S)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a draft; ``line`` counts from 1, 0 where no one line is at fault."""

    line: int
    words: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft's pack with its parent under it, or why there is none."""

    pack: Pack | None
    faults: tuple[Fault, ...]


def visible_drafts(user: User) -> QuerySet[PackDraft]:
    """The drafts that a person may see: those of places whose office, leading group, government or Party committee
    the person works in, and of all below."""
    within = Q(pk__in=[])
    for holding in posts_of(user):
        if holding.post.organisation.kind in DECIDES:
            lo, hi = subtree(holding.post.organisation.region)
            within |= Q(document__region__path__gte=lo, document__region__path__lt=hi)
    found = PackDraft.objects.filter(within)
    return found.select_related("document__region", "made_by", "submitted_by", "reviewed_by").defer("document__text", "document__repairs")


def ready_documents(user: User) -> QuerySet[PolicyDocument]:
    """Settled documents of which no pack was drafted yet and the person may draft one, the latest first."""
    within = Q(pk__in=[])
    for holding in posts_of(user):
        if holding.post.organisation.kind == Organisation.Kind.COMMISSION_OFFICE:
            lo, hi = subtree(holding.post.organisation.region)
            within |= Q(region__path__gte=lo, region__path__lt=hi)
    found = PolicyDocument.objects.filter(within, stage=PolicyDocument.Stage.ACCEPTED, drafts=None)
    return found.select_related("region").defer("text", "repairs").order_by("-accepted_at")


def drafting_holding(user: User, region: Region) -> Holding | None:
    """The holding by which a person may draft packs for a place: any post in its office, or in one above."""
    return _holding(user, region, lambda post: post.organisation.kind == Organisation.Kind.COMMISSION_OFFICE)


def reviewing_holding(user: User, region: Region) -> Holding | None:
    """The holding by which a person may review: any post in the office, or head of a body that decides for the place."""
    return drafting_holding(user, region) or _holding(user, region, lambda post: post.rank == Post.Rank.HEAD and post.organisation.kind in DECIDES)


def _holding(user: User, region: Region, fit: Callable[[Post], bool]) -> Holding | None:
    above = set(ancestry(region))
    return next((h for h in posts_of(user) if fit(h.post) and h.post.organisation.region.path in above), None)


def checked(text: str, region: Region) -> Checked:
    """Whether the text of a draft is a fit pack for a place: schema, references, and over its parent (habit 9)."""
    try:
        made = loader.load_text(text, lambda code: parent_pack(code, region), name=TEXT_NAME)
        wrong = checking.check(made)
    except PackError as error:
        return Checked(None, tuple(_fault(problem) for problem in error.problems))
    return Checked(made, tuple(Fault(0, problem.removeprefix(f"{made.code}：")) for problem in wrong))


def _fault(problem: str) -> Fault:
    found = MARK.fullmatch(problem)
    return Fault(int(found[1]), found[2]) if found else Fault(0, problem.removeprefix(f"{TEXT_NAME}："))


def parent_pack(code: str, region: Region) -> Pack:
    """The pack that a draft of a place is laid over: the latest version of that code known there. Raises PackError."""
    known = versions_for(region).filter(code=code).order_by("-version", "-pk").first()
    return pack(known) if known else loader.shipped_pack(code)


def versions_for(region: Region) -> QuerySet[PackVersion]:
    """The versions a place may run under: shipped ones, and those passed from drafts of the place or of one above."""
    return _versions(Q(document__region__path__in=ancestry(region)))


def visible_versions(user: User) -> QuerySet[PackVersion]:
    """The versions a person may read: those that some place of the person may run under, or any place below that one."""
    places = Q(pk__in=[])
    for holding in posts_of(user):
        region = holding.post.organisation.region
        places |= Q(document__region__path__in=ancestry(region))
        if holding.post.organisation.kind in DECIDES:
            lo, hi = subtree(region)
            places |= Q(document__region__path__gte=lo, document__region__path__lt=hi)
    return _versions(places)


def _versions(places: Q) -> QuerySet[PackVersion]:
    drafts = PackDraft.objects.filter(version=OuterRef("pk"))
    known = ~Exists(drafts) | Exists(drafts.filter(places)) | Q(content_hash__in=_shipped_hashes())
    return PackVersion.objects.defer("content").filter(known)


@cache
def _shipped_hashes() -> tuple[str, ...]:
    return tuple(map(loader.content_hash, loader.shipped().values()))


def usual_parent(region: Region) -> str:
    """What a draft is laid over unless a person says otherwise: the pack in force, so that nothing of it is lost."""
    current = pack_for(region, clock.today())
    return current.pack.code if current else "cn"


def parents(region: Region) -> dict[str, str]:
    """The codes a draft of the place may be laid over, with the title of the version that would lie under it."""
    latest = versions_for(region).order_by("version", "pk").values_list("code", "title")
    return dict(sorted(({code: pack.title for code, pack in loader.shipped().items()} | dict(latest)).items()))
