"""Who holds which post, and what a person may see. The only place that answers the second question (J6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from huanze.base import clock
from huanze.orgs.models import Holding, Organisation, Post, Region, User

PathRange = tuple[str, str]

SEES_THE_REGION = frozenset(
    {
        Organisation.Kind.PARTY_COMMITTEE,
        Organisation.Kind.GOVERNMENT,
        Organisation.Kind.LEADING_GROUP,
        Organisation.Kind.COMMISSION_OFFICE,
        Organisation.Kind.DISCIPLINE,
        Organisation.Kind.CONGRESS,
        Organisation.Kind.CPPCC,
        Organisation.Kind.SUPERVISION_OFFICE,
    }
)
"""Bodies that answer for a whole place. Any other body sees only the matters it takes part in."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person may see: whole regions, as ranges ``[lo, hi)`` of tree paths, and single organisations' matters."""

    region_ranges: tuple[PathRange, ...] = ()
    organisation_ids: frozenset[int] = frozenset()

    @classmethod
    def nothing(cls) -> Scope:
        return cls()

    @property
    def empty(self) -> bool:
        return not self.region_ranges and not self.organisation_ids

    def covers(self, path: str) -> bool:
        """Whether everything in the region with this tree path may be seen."""
        return any(lo <= path < hi for lo, hi in self.region_ranges)

    def admits(self, *, path: str, organisation_ids: Collection[int]) -> bool:
        """Whether a matter in the region ``path`` in which these organisations take part may be seen."""
        return self.covers(path) or not self.organisation_ids.isdisjoint(organisation_ids)


def subtree(region: Region) -> PathRange:
    """The tree paths of a region and all below it, as ``[lo, hi)``."""
    return region.path, region._inc_path()


def scope_of(user: User, day: date | None = None) -> Scope:
    """What ``user`` may see on ``day`` (today unless told), in one query. Administrators see no business."""
    if not user.is_active or user.is_administrator:
        return Scope.nothing()
    return scope_of_posts(h.post for h in posts_of(user, day))


def scope_of_posts(posts: Iterable[Post]) -> Scope:
    """The scope that these posts give together; wide ranges swallow the ranges inside them."""
    ranges: set[PathRange] = set()
    organisation_ids: set[int] = set()
    for post in posts:
        organisation = post.organisation
        organisation_ids.add(organisation.pk)
        if organisation.kind in SEES_THE_REGION:
            ranges.add(subtree(organisation.region))
    widest = [r for r in ranges if not any(o != r and o[0] <= r[0] and r[1] <= o[1] for o in ranges)]
    return Scope(tuple(sorted(widest)), frozenset(organisation_ids))


def posts_of(user: User, day: date | None = None) -> list[Holding]:
    """The holdings of a person in force on ``day``, own posts before delegated ones, with post and organisation."""
    if not user.is_active or user.is_administrator:
        return []
    held = Holding.objects.on(day or clock.today()).filter(user=user).select_related("post__organisation__region", "delegated_from__user")
    return sorted(held, key=lambda h: (h.delegated_from_id is not None, h.from_day, h.pk))


def holders(
    *, day: date | None = None, post: Post | None = None, organisation: Organisation | None = None, rank: str = ""
) -> list[User]:
    """The active people holding ``post``, or posts of ``rank`` (all ranks if empty) in ``organisation``."""
    held = Holding.objects.on(day or clock.today()).select_related("user")
    if post is not None:
        held = held.filter(post=post)
    if organisation is not None:
        held = held.filter(post__organisation=organisation)
    if rank:
        held = held.filter(post__rank=rank)
    return list({h.user_id: h.user for h in held.order_by("pk")}.values())


def holders_of(
    organisations: Collection[int], ranks: Collection[str] = tuple(Post.Rank), day: date | None = None
) -> Mapping[int, list[User]]:
    """The active people with a post of these ranks, per organisation id, in one query (for notices)."""
    held = Holding.objects.on(day or clock.today()).filter(post__organisation__in=organisations, post__rank__in=ranks)
    found: dict[int, dict[int, User]] = {pk: {} for pk in organisations}
    for holding in held.select_related("user", "post").order_by("pk"):
        found[holding.post.organisation_id][holding.user_id] = holding.user
    return {pk: list(people.values()) for pk, people in found.items()}


def holds(user: User, *, organisations: Collection[int], ranks: Collection[str], day: date | None = None) -> Holding | None:
    """The holding by which a person has one of these ranks in one of these organisations, if there is one."""
    return next(
        (h for h in posts_of(user, day) if h.post.organisation_id in organisations and h.post.rank in ranks),
        None,
    )


def ancestry(region: Region) -> list[str]:
    """Tree paths from the root to the region itself, without a query."""
    step = Region.steplen
    return [region.path[:end] for end in range(step, len(region.path) + 1, step)]


def office_of(region: Region) -> Organisation | None:
    """The commission's office (整改办) that answers for a region: its own, or the nearest one above."""
    offices = Organisation.objects.filter(kind=Organisation.Kind.COMMISSION_OFFICE, active=True, region__path__in=ancestry(region))
    return offices.select_related("region").order_by("-region__depth", "pk").first()


def organisations_in(region: Region, kinds: Collection[str] = ()) -> QuerySet[Organisation]:
    """The organisations in use in a region and all below it, towns after the region's own."""
    lo, hi = subtree(region)
    found = Organisation.objects.filter(active=True, region__path__gte=lo, region__path__lt=hi)
    if kinds:
        found = found.filter(kind__in=kinds)
    return found.select_related("region").order_by("region__path", "pk")


def administrators(role: str) -> QuerySet[User]:
    """The active administrators of one kind."""
    return User.objects.filter(admin_role=role, is_active=True)
