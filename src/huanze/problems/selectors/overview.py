"""A place on one page: lights, 序时进度, what waits for acceptance, what nobody did. Summed in the database.

Of 序时进度 only the long-term tasks are read one by one: theirs runs stage by stage (XQ-7, XQ-8), and no sum
can say it. All others run evenly, and the database counts them by the same rule in whole numbers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db.models import Case, Count, F, Func, IntegerField, Q, QuerySet, Value, When

from huanze.orgs.models import User
from huanze.orgs.selectors import Scope, scope_of
from huanze.policies import selectors as policies
from huanze.problems.models import Omission, Plan, Problem
from huanze.problems.selectors.filters import GROUPS
from huanze.problems.selectors.scope import admitted, in_ranges, light_setting
from huanze.problems.services.dossier import Row, gather
from huanze.rules.lifecycle import OPEN, WORK, State
from huanze.rules.progress import Standing, standing

UNITS_SHOWN = 20
STALE_SHOWN = 10
CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Group:
    """One bar: its name, what the ledger filters by, and how many of each light."""

    key: Any
    label: str
    lights: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Missed:
    """A unit's open omissions by kind."""

    unit: int
    label: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Overview:
    open: int
    closed_this_year: int
    lights: Mapping[str, int]
    standing: Mapping[Standing, int]
    by_unit: Sequence[Group]
    by_source: Sequence[Group]
    stale_count: int
    stale: Sequence[Problem]
    omissions: Sequence[Missed]


class DaysBetween(Func):
    """``DaysBetween(later, earlier)``: whole days from one date column to another."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **kw: Any) -> Any:
        return self.as_sql(compiler, connection, template="CAST(julianday(%(expressions)s) AS INTEGER)", arg_joiner=") - julianday(", **kw)

    def as_postgresql(self, compiler: Any, connection: Any, **kw: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s)", arg_joiner=" - ", **kw)


def overview(user: User, day: date, stale_days: int) -> Overview:
    """The state of everything ``user`` may see on ``day``; "stale" waits longer than ``stale_days`` for its end."""
    scope = scope_of(user)
    seen = admitted(scope)
    work = seen.filter(state__in=WORK)
    waiting = seen.filter(state__in=(State.APPLIED, State.ACCEPTING, *GROUPS["finished"][1]))
    lit = _lit(work)
    stale = waiting.filter(state_since__lt=day - timedelta(days=stale_days)).select_related("main_unit").order_by("state_since", "pk")
    return Overview(
        open=seen.filter(state__in=OPEN).count(),
        closed_this_year=seen.filter(state=State.CLOSED, closed_on__gte=date(day.year, 1, 1), closed_on__lte=day).count(),
        lights=_lights(lit).get((), {}),
        standing=_standing(work, day, light_setting(scope, day, "behind_margin")),
        by_unit=_by_unit(lit),
        by_source=_by_source(lit, _source_labels(work)),
        stale_count=stale.count(),
        stale=list(stale[:STALE_SHOWN]),
        omissions=_omissions(scope),
    )


def _standing(work: QuerySet[Problem], day: date, margin: int) -> dict[Standing, int]:
    timed = work.filter(plan_start__isnull=False, deadline__isnull=False).order_by()
    found = Counter[Standing](_evenly(timed.exclude(plan__kind=Plan.Kind.LONG_TERM), day, margin))
    staged = timed.filter(plan__kind=Plan.Kind.LONG_TERM).values_list(*Row._fields).iterator(CHUNK)
    while rows := [Row(*values) for values in islice(staged, CHUNK)]:
        known = gather(rows)
        found.update(standing(r.percent, known[r.pk].case(r).elapsed(day), margin) for r in rows)
    return dict(found)


def _evenly(rows: QuerySet[Problem], day: date, margin: int) -> dict[Standing, int]:
    """``progress.standing`` of ``progress.elapsed_percent`` in SQL: whole percent, rounded down."""
    gone = DaysBetween(Value(day), F("plan_start"))
    elapsed = Case(
        When(deadline__lte=day, then=Value(100)),
        When(plan_start__gte=day, then=Value(0)),
        default=Value(100) * gone / DaysBetween(F("deadline"), F("plan_start")),
        output_field=IntegerField(),
    )
    gaps = rows.annotate(gap=F("percent") - elapsed)
    behind, ahead = Q(gap__lte=-margin), Q(gap__gte=margin)
    n = gaps.aggregate(behind=Count("pk", filter=behind), ahead=Count("pk", filter=ahead & ~behind), all=Count("pk"))
    return {"behind": n["behind"], "ahead": n["ahead"], "on": n["all"] - n["behind"] - n["ahead"]}


Lit = Sequence[Mapping[str, Any]]
"""How many problems each unit has of each source under each light: all bars of the page are sums of these."""


def _lit(work: QuerySet[Problem]) -> Lit:
    return list(work.order_by().values("main_unit", "main_unit__short_name", "source", "light").annotate(n=Count("pk")))


def _lights(lit: Lit, *by: str) -> dict[tuple[Any, ...], dict[str, int]]:
    found: dict[tuple[Any, ...], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in lit:
        found[tuple(row[b] for b in by)][row["light"]] += row["n"]
    return {key: dict(lights) for key, lights in found.items()}


def _by_unit(lit: Lit) -> list[Group]:
    """The units with the most red ones first."""
    found = _lights([row for row in lit if row["main_unit"]], "main_unit", "main_unit__short_name")
    groups = [Group(pk, name, lights) for (pk, name), lights in found.items()]
    groups.sort(key=lambda g: (-g.lights.get("red", 0), -sum(g.lights.values()), g.label))
    return groups[:UNITS_SHOWN]


def _by_source(lit: Lit, labels: Mapping[str, str]) -> list[Group]:
    groups = [Group(key, labels.get(key, key), lights) for (key,), lights in _lights(lit, "source").items()]
    return sorted(groups, key=lambda g: (-sum(g.lights.values()), g.label))


def _source_labels(work: QuerySet[Problem]) -> dict[str, str]:
    """The sources as the rules call them under which these problems live."""
    labels: dict[str, str] = {}
    for version in work.order_by().values_list("adoption__pack_id", flat=True).distinct():
        labels |= {s.key: s.label for s in policies.pack(version).sources}
    return labels


def _omissions(scope: Scope) -> list[Missed]:
    theirs = in_ranges(scope.region_ranges, "office__region__path") | Q(organisation__in=sorted(scope.organisation_ids))
    found: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    open_ones = Omission.objects.filter(theirs, made_good_on=None).order_by()
    for unit, name, kind, n in open_ones.values_list("organisation", "organisation__short_name", "kind").annotate(n=Count("pk")):
        found[unit, name][kind] = n
    missed = [Missed(unit, name, kinds) for (unit, name), kinds in found.items()]
    return sorted(missed, key=lambda m: (-sum(m.counts.values()), m.label))
