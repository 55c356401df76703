"""Problems that read like a title, so that a finding is not registered twice.

Stretches of the title are looked up in the word index; what they bring is ranked by the pairs of
characters that both titles have (Dice's measure). A stretch that very many problems have says little.
"""

from __future__ import annotations

from huanze.orgs.models import User
from huanze.problems import search
from huanze.problems.models import Problem
from huanze.problems.selectors.scope import visible

STRETCH = 4
TOO_COMMON = 200
ALIKE = 0.5


def similar(user: User, title: str, *, limit: int = 5) -> list[Problem]:
    """The most alike first, at most ``limit``, among what this person may see; a title too short finds nothing."""
    title = title.strip()[: search.LONGEST_QUERY]
    near: set[int] = set()
    for start in range(0, max(len(title) - STRETCH + 1, 0), STRETCH // 2):
        found = list(search.matching(title[start : start + STRETCH]).values_list("pk", flat=True)[: TOO_COMMON + 1])
        if len(found) <= TOO_COMMON:
            near.update(found)
    rows = visible(user).filter(pk__in=near) if near else Problem.objects.none()
    wanted = _pairs(title)
    ranked = sorted(((_dice(wanted, _pairs(p.title)), p) for p in rows), key=lambda pair: (-pair[0], pair[1].pk))
    return [p for alike, p in ranked if alike >= ALIKE][:limit]


def _pairs(title: str) -> set[str]:
    return {t for t in search.tokens(title) if len(t) > 1}


def _dice(a: set[str], b: set[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0
