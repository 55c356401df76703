"""What the panel 责任单位 of a problem shows: chosen items, units without one, and suggestions while nothing is chosen (A6, E3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from huanze.duties.ranking import Ranking
from huanze.duties.selectors.desk import Desk, desk
from huanze.orgs.models import Holding, Organisation, Post, User
from huanze.orgs.selectors import holds
from huanze.problems.models import DutyBasis, Participant, Problem

SUGGESTED = 3
Role = Participant.Role


def may_say(user: User, problem: Problem) -> Holding | None:
    """The holding by which a person may say it: of the problem's office, or of a unit that takes part in the problem."""
    units = Participant.objects.filter(problem=problem).values_list("organisation_id", flat=True)
    return holds(user, organisations=[problem.office_id, *units], ranks=list(Post.Rank))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An item that may be why a department answers. ``unit`` is empty where nobody in the place answers to its name."""

    key: str
    department: str
    unit: Organisation | None
    text: str
    relation: str
    clause: str
    source: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """``open_units``: responsible units for which no item was chosen yet, an open point of the problem.

    ``nobody``: the desk was asked and knows nobody who leads such a matter.
    """

    chosen: Sequence[DutyBasis]
    withdrawn: Sequence[DutyBasis]
    open_units: Sequence[Organisation]
    suggestions: Sequence[Suggestion]
    may_say: bool
    nobody: bool


def panel(problem: Problem, user: User, *, suggest: bool = False) -> Panel:
    """Two queries for what was chosen; the desk is asked only while nothing is, or when ``suggest`` wants it anyhow."""
    rows = list(DutyBasis.objects.filter(problem=problem).select_related("organisation", "said_by", "withdrawn_by").order_by("pk"))
    chosen = [row for row in rows if row.withdrawn_on is None]
    parts = problem.participants.filter(role__in=(Role.MAIN, Role.SUPERVISING)).select_related("organisation").order_by("rank", "pk")
    backed = {row.organisation_id for row in chosen}
    units = {p.organisation_id: p.organisation for p in parts}
    found: list[Suggestion] = []
    nobody = False
    if suggest or not chosen:
        place = desk(problem.office.region)
        ranking = place.rank(f"{problem.title}。{problem.description}")
        known, nobody = {row.key for row in chosen}, ranking.nobody
        found = [s for s in _read(place, ranking) if s.key not in known][:SUGGESTED]
    return Panel(
        chosen, [row for row in rows if row.withdrawn_on], [unit for pk, unit in units.items() if pk not in backed], found,
        may_say(user, problem) is not None, nobody,
    )  # fmt: skip


def _read(place: Desk, ranking: Ranking) -> list[Suggestion]:
    """The best item of each department that leads, then of each that helps."""
    best = [hit.fits[0] for hit in (*ranking.hits, *ranking.helpers)]
    return [
        Suggestion(
            f.entry.key, f.entry.department, place.units.get(f.entry.department), f.entry.title, f.entry.relation, f.entry.clause,
            place.sources.get(f.entry.key, ""), f.words,
        )
        for f in best
        if (known := place.entry(f.entry.key)) and known.department == f.entry.department
    ]  # fmt: skip
