"""What a person sees of the lists of a place. The only module that answers that question.

A published list is there for everyone who works under the place or answers for it. One in the making is seen by its
own department, by the bodies that answer for the place, and by whoever is to sign it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from huanze.duties.models import ListVersion
from huanze.duties.selectors.course import signing_bodies, signs
from huanze.orgs.models import Organisation, Region, User
from huanze.orgs.selectors import ancestry, posts_of, scope_of_posts

Kind = Organisation.Kind
State = ListVersion.State
MAKES_LISTS = (Kind.DEPARTMENT, Kind.OTHER)
"""Kinds of organisations that make a list of items of their own."""
ANSWERS = (Kind.COMMISSION_OFFICE, Kind.LEADING_GROUP, Kind.GOVERNMENT, Kind.PARTY_COMMITTEE)
"""Bodies that see what is in the making wherever they answer for the place."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person sees of one place: nothing, what was published, or what is in the making as well."""

    published: bool
    making: bool
    own: frozenset[int]

    def admits(self, version: ListVersion) -> bool:
        """Whether a version (with its ``item_list``) may be seen."""
        if version.state == State.PUBLISHED:
            return self.published
        return self.making or version.item_list.organisation_id in self.own

    def versions(self) -> Q:
        """The same as a condition on versions of the place."""
        if not self.published:
            return Q(pk__in=[])
        return Q() if self.making else Q(state=State.PUBLISHED) | Q(item_list__organisation__in=self.own)


def sight(user: User, region: Region) -> Sight:
    """What a person sees today of the lists of a place."""
    posts = [h.post for h in posts_of(user)]
    units = [post.organisation for post in posts]
    own = frozenset(unit.pk for unit in units)
    published = scope_of_posts(posts).covers(region.path) or any(unit.region.path.startswith(region.path) for unit in units)
    if not published:
        return Sight(False, False, frozenset())
    answers = any(unit.kind in ANSWERS and region.path.startswith(unit.region.path) for unit in units)
    return Sight(True, answers or not own.isdisjoint(signing_bodies(region)), own)


def places(user: User) -> QuerySet[Region]:
    """The places with departments whose lists a person may see, the widest first."""
    posts = [h.post for h in posts_of(user)]
    above = {path for post in posts for path in ancestry(post.organisation.region)}
    where = Q(path__in=above)
    for lo, hi in scope_of_posts(posts).region_ranges:
        where |= Q(path__gte=lo, path__lt=hi)
    departments = Organisation.objects.filter(region=OuterRef("pk"), kind=Kind.DEPARTMENT, active=True)
    found: QuerySet[Region] = Region.objects.filter(where).filter(Exists(departments)).order_by("path")
    return found


def home_place(user: User) -> Region | None:
    """The place whose lists concern a person most: that of his first post, or the nearest above with departments."""
    known = list(places(user))
    for holding in posts_of(user):
        path = holding.post.organisation.region.path
        nearest = [place for place in known if path.startswith(place.path)]
        if nearest:
            return nearest[-1]
    return known[0] if known else None


def visible_version(user: User, pk: int) -> ListVersion | None:
    """A version, if this person may see it, with its list, its department and its adoption."""
    rows = ListVersion.objects.select_related(
        "item_list__organisation__region", "item_list__region", "adoption__pack", "adoption__region", "based_on", "document", "made_by"
    ).defer("adoption__pack__content", "document__text")
    version = rows.filter(pk=pk).first()
    if version is None:
        return None
    return version if sight(user, version.item_list.region).admits(version) or signs(user, version) else None


def visible_department(user: User, pk: int) -> Organisation | None:
    """A department that makes a list, if this person sees the lists of its place."""
    unit = Organisation.objects.select_related("region").filter(pk=pk, kind__in=MAKES_LISTS).first()
    return unit if unit and sight(user, unit.region).published else None
