"""The one place that turns a person's scope into a filter on problems (J6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from huanze.orgs.models import Organisation, User
from huanze.orgs.selectors import PathRange, Scope, scope_of
from huanze.policies import selectors as policies
from huanze.problems.models import Participant, Problem
from huanze.rules.escalation import LIGHT_SETTINGS


def in_ranges(ranges: Iterable[PathRange], column: str = "region_path") -> Q:
    """Regions and all below them, as ranges ``[lo, hi)`` of tree paths."""
    found = Q(pk__in=[])
    for lo, hi in ranges:
        found |= Q(**{f"{column}__gte": lo, f"{column}__lt": hi})
    return found


def parts_of(organisation_ids: Collection[int], roles: Collection[str] = ()) -> QuerySet[Participant]:
    parts = Participant.objects.filter(organisation_id__in=sorted(organisation_ids)).order_by()
    return parts.filter(role__in=roles) if roles else parts


def takes_part(organisation_ids: Collection[int], roles: Collection[str] = ()) -> Exists:
    return Exists(parts_of(organisation_ids, roles).filter(problem_id=OuterRef("pk")))


class AskedOfEach(Exists):
    """Asked row by row, on a walk that ends early or admits most rows without asking.

    Without the OFFSET PostgreSQL would gather the answer for all rows beforehand.
    """

    template = "EXISTS(%(subquery)s OFFSET 0)"


def asked_of_each(organisation_ids: Collection[int], roles: Collection[str] = ()) -> Exists:
    return AskedOfEach(parts_of(organisation_ids, roles).filter(problem_id=OuterRef("pk")))


def admitted(scope: Scope) -> QuerySet[Problem]:
    """The problems of a scope: those in its regions, and those its organisations take part in."""
    if scope.empty:
        return Problem.objects.none()
    if not scope.region_ranges:
        return Problem.objects.filter(takes_part(scope.organisation_ids))
    return Problem.objects.filter(in_ranges(scope.region_ranges) | Q(asked_of_each(scope.organisation_ids)))


def visible(user: User) -> QuerySet[Problem]:
    """What a person may see today: one query for the scope, then whatever the caller asks. Administrators: nothing."""
    return admitted(scope_of(user))


def light_setting(scope: Scope, day: date, key: str) -> int:
    """What a term of the lights means where this person works: the place's own setting, or the common one."""
    home = Organisation.objects.filter(pk__in=sorted(scope.organisation_ids)).select_related("region").order_by("region__path").first()
    adopted = policies.pack_for(home.region, day) if home else None
    chosen = policies.effective_settings(adopted) if adopted else {}
    return int(chosen.get(key, LIGHT_SETTINGS[key]))
