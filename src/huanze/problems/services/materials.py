"""Whose a material is: the person's own, or one that somebody uploaded while he held a post in the same unit."""

from __future__ import annotations

from collections.abc import Collection

from huanze.base import clock
from huanze.evidence.models import Evidence
from huanze.orgs.models import Holding, User
from huanze.problems.models import Problem


def own_materials(problem: Problem, *, user: User, organisations: Collection[int]) -> list[Evidence]:
    """The problem's materials of this person and of these units, withdrawn ones among them, in the order they came.

    What counts is the uploader's post on the day of the upload: a successor can take back what his predecessor sent.
    """
    found = list(Evidence.objects.filter(object_type="problem", object_id=str(problem.pk)).select_related("file"))
    held = Holding.objects.filter(user__in={e.added_by_id for e in found}, post__organisation__in=organisations)
    spans = [(h.user_id, h.from_day, h.until_day) for h in held]

    def is_own(e: Evidence) -> bool:
        day = e.added_at.astimezone(clock.ZONE).date()
        return e.added_by_id == user.pk or any(u == e.added_by_id and a <= day and (b is None or day <= b) for u, a, b in spans)

    return [e for e in found if is_own(e)]
