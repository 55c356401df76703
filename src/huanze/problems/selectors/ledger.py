"""The ledger: a page of it, how many there are, and what it can be filtered by. Cost does not grow with its size.

A page walks an index in its own order and stops when it is full: the open ledger by an index of the open
problems alone, one state by the index of states. What no index can walk in order is walked part by part and
merged. Few rows are gathered instead. Text is looked up newest first, in windows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from huanze.base import clock
from huanze.orgs.models import Organisation, Region, User
from huanze.orgs.selectors import Scope, scope_of, subtree
from huanze.policies import selectors as policies
from huanze.problems import search
from huanze.problems.models import Participant, Problem, Watch
from huanze.problems.models.problem import NO_DEADLINE
from huanze.problems.selectors import bounded
from huanze.problems.selectors.bounded import Count, Cursor, StillOpen, Walked, beyond, read_cursor
from huanze.problems.selectors.filters import GROUPS, LedgerFilter
from huanze.problems.selectors.scope import asked_of_each, in_ranges, light_setting, parts_of
from huanze.rules.lifecycle import OPEN
from huanze.rules.verdicts import Refusal

ORDER = "sort_day"
SIGHT, WINDOW = 200, 2_000
"""A search looks at the newest lines first, then at wider windows until the page is full or nothing is left."""
ANSWERABLE = (Participant.Role.MAIN, Participant.Role.SUPERVISING)
LIGHTS = ("red", "amber", "green")

Rows = QuerySet[Problem]


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in order, and the cursors of the pages around them (None: there is none)."""

    rows: Sequence[Problem]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many under a filter, by light and by group; the filter's own light or group is left out of its split."""

    total: Count
    by_light: Mapping[str, Count]
    by_group: Mapping[str, Count]


@dataclass(frozen=True, slots=True)
class Facets:
    """What the filter form offers: sources under their level, regions with indent, units."""

    sources: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    regions: Sequence[tuple[str, str]]
    units: Sequence[tuple[str, str]]


def ledger_page(user: User, asked: LedgerFilter, *, after: str = "", size: int = 50) -> Page | Refusal:
    """One page by due date and id, or newest first for a text. ``after``: a cursor of ``Page``; a bad one is refused."""
    cursor = read_cursor(after)
    if isinstance(cursor, Refusal):
        return cursor
    scope = scope_of(user)
    numbered = search.by_number(asked.text) if asked.text else []
    if asked.text and not numbered:
        ids = _newest(user, scope, asked, cursor, size + 1)
        return _page(ids, cursor, size, lambda p: Cursor(NO_DEADLINE, p.pk))
    walks = _walks(user, scope, asked, numbered)
    if cursor:
        walks = [rows.filter(beyond(cursor, ORDER)) for rows in walks]
    ids = bounded.first(walks, ORDER, size + 1, back=bool(cursor and cursor.back))
    return _page(ids, cursor, size, lambda p: Cursor(p.sort_day, p.pk))


def _page(ids: Sequence[int], cursor: Cursor | None, size: int, of: Callable[[Problem], Cursor]) -> Page:
    """The rows of these ids in order, with one id more than fits to know whether there is another page."""
    back, more = bool(cursor and cursor.back), len(ids) > size
    shown = list(ids[:size])[::-1] if back else list(ids[:size])
    found = {p.pk: p for p in Problem.objects.filter(pk__in=shown).select_related("main_unit", "region")}
    rows = [found[pk] for pk in shown if pk in found]
    if not rows:
        return Page((), None, None)
    first, last = of(rows[0]), of(rows[-1])
    forward = str(last) if more or back else None
    backward = str(Cursor(first.day, first.pk, back=True)) if (cursor and not back) or (back and more) else None
    return Page(rows, forward, backward)


def _walks(user: User, scope: Scope, asked: LedgerFilter, numbered: Sequence[int] = ()) -> list[Rows]:
    """The querysets whose union is the ledger under a filter, each of which an index can walk in order."""
    found = [_narrow(rows, user, asked) for rows in _in_scope(scope)]
    if numbered:
        found = [rows.filter(pk__in=numbered) for rows in found]
    states = asked.wanted_states()
    if len(states) > 1 and set(states) <= set(OPEN):
        found = [rows.filter(StillOpen("state")) for rows in found]
        return found if states == OPEN else [rows.alias(_state=Walked("state")).filter(_state__in=states) for rows in found]
    if states:
        return [rows.filter(state=s) for rows in found for s in states]
    return [] if asked.wants_no_state() else found


def _in_scope(scope: Scope) -> list[Rows]:
    """One walk over all that may be seen; what single organisations take part in beside a region is gathered when it is little."""
    everything = Problem.objects.alias(_path=Walked("region_path"))
    if not scope.region_ranges:
        return [_of_units(everything, scope.organisation_ids)] if scope.organisation_ids else []
    in_region, parts = in_ranges(scope.region_ranges, "_path"), parts_of(scope.organisation_ids)
    if bounded.many(parts):  # nearly all of it lies in the region, so few rows are asked the second question
        return [everything.filter(in_region | Q(asked_of_each(scope.organisation_ids)))]
    return [everything.filter(in_region), everything.filter(pk__in=parts.values("problem_id"))]


def _of_units(rows: Rows, organisation_ids: Collection[int], roles: Collection[str] = ()) -> Rows:
    """What these take part in: gathered when it is little, else met on the walk."""
    parts = parts_of(organisation_ids, roles)
    return rows.filter(asked_of_each(organisation_ids, roles)) if bounded.many(parts) else rows.filter(pk__in=parts.values("problem_id"))


def _narrow(rows: Rows, user: User, asked: LedgerFilter) -> Rows:
    """All conditions but text and states."""
    plain = {"source": asked.source, "level": asked.level, "light": asked.light if asked.light in LIGHTS else ""}
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if asked.light == Problem.Light.NONE:  # nearly all of the ledger has none
        rows = rows.alias(_light=Walked("light")).filter(_light=asked.light)
    if asked.due_from:
        rows = rows.filter(sort_day__gte=asked.due_from)
    if asked.due_to:
        rows = rows.filter(sort_day__lte=asked.due_to)
    if asked.near:
        near = light_setting(scope_of(user), clock.today(), "near_days")
        rows = rows.filter(sort_day__lte=clock.today() + timedelta(days=near))
    if asked.region:
        region = Region.objects.filter(pk=asked.region).first()
        rows = _below(rows, region) if region else rows.none()
    if asked.unit:
        rows = _of_units(rows, [asked.unit], ANSWERABLE)
    if asked.mine:
        rows = rows.filter(main_unit__in=sorted(scope_of(user).organisation_ids))
    if asked.watched:
        rows = rows.filter(pk__in=Watch.objects.filter(user=user).values("problem_id"))
    return rows


def _below(rows: Rows, region: Region) -> Rows:
    """A region without others in it is one value, which an index walks in order; a wider one is a range."""
    if not region.numchild:
        return rows.filter(region_path=region.path)
    return rows.alias(_below=Walked("region_path")).filter(in_ranges([subtree(region)], "_below"))


def _newest(user: User, scope: Scope, asked: LedgerFilter, cursor: Cursor | None, size: int) -> list[int]:
    """Ids of the newest visible problems that hold the text; window by window, so that a common word costs no more."""
    back = bool(cursor and cursor.back)
    states, ids = asked.wanted_states(), list[int]()
    walks = [] if asked.wants_no_state() else [_narrow(rows, user, asked) for rows in _in_scope(scope)]
    walks = [rows.alias(_state=Walked("state")).filter(_state__in=states) for rows in walks] if states else walks
    lines = search.matching(asked.text).order_by("id" if back else "-id")
    edge, width = cursor.pk if cursor else None, SIGHT
    while walks:
        window = lines if edge is None else lines.filter(id__gt=edge) if back else lines.filter(id__lt=edge)
        near = list(window.values_list("id", flat=True)[:width])
        kept = {pk for rows in walks for pk in rows.filter(pk__in=near).values_list("pk", flat=True)} if near else set()
        ids += [pk for pk in near if pk in kept]
        if len(near) < width or len(ids) >= size:
            break
        edge, width = near[-1], WINDOW
    return ids[:size]


def ledger_counts(user: User, asked: LedgerFilter) -> Counts:
    """Counts under a filter: exact while the other conditions leave at most ``bounded.CAP`` rows, else up to ``bounded.MANY`` and more.

    Of a text that very many lines hold, the newest are counted; then every count is that many and more.
    """
    scope = scope_of(user)
    rest = asked.model_copy(update={"light": "", "group": "all", "states": (), "near": False})
    ids, cut = _found_by(asked)
    rows = _walks(user, scope, rest)
    found = bounded.split(rows if ids is None else [r.filter(pk__in=ids) for r in rows], "state", "light")
    stages = {group: asked.model_copy(update={"group": group, "states": ()}) for group in GROUPS}
    lights = {light: asked.model_copy(update={"light": light}) for light in LIGHTS}
    if found is None or asked.near:
        every = [asked, *lights.values(), *stages.values()]
        total, *others = bounded.counts([[rows.order_by(ORDER, "pk") for rows in _walks(user, scope, a)] for a in every])
        return Counts(total, dict(zip(lights, others, strict=False)), dict(zip(stages, others[len(lights) :], strict=True)))

    def count(under: LedgerFilter) -> Count:
        states = under.wanted_states()
        n = sum(n for (state, light), n in found.items() if (not states or state in states) and under.light in ("", light))
        return Count(0 if under.wants_no_state() else n, cut)

    return Counts(count(asked), {k: count(v) for k, v in lights.items()}, {k: count(v) for k, v in stages.items()})


def _found_by(asked: LedgerFilter) -> tuple[list[int] | None, bool]:
    """The newest ids that hold the text, and whether there are more; None without a text."""
    if not asked.text:
        return None, False
    ids = search.by_number(asked.text) or list(search.matching(asked.text).order_by("-id").values_list("id", flat=True)[: bounded.FEW + 1])
    return ids[: bounded.FEW], len(ids) > bounded.FEW


def facets(user: User) -> Facets:
    """The sources of the rules in force, the regions and the units within a person's sight."""
    scope = scope_of(user)
    regions = Region.objects.filter(in_ranges(scope.region_ranges, "path") | Q(organisations__in=sorted(scope.organisation_ids))).distinct().order_by("path")
    shown = list(regions)
    top = min((r.depth for r in shown), default=1)
    answering = Participant.objects.filter(organisation=OuterRef("pk"), role__in=ANSWERABLE)
    units = Organisation.objects.filter(active=True).filter(
        in_ranges(scope.region_ranges, "region__path") | Q(pk__in=sorted(scope.organisation_ids)), Exists(answering)
    )
    return Facets(
        sources=_sources(shown),
        regions=[(str(r.pk), "　" * (r.depth - top) + r.name) for r in shown],
        units=[(str(o.pk), o.short_name) for o in units.order_by("region__path", "pk")],
    )


def _sources(regions: Sequence[Region]) -> list[tuple[str, list[tuple[str, str]]]]:
    adopted = policies.pack_for(regions[0], clock.today()) if regions else None
    if adopted is None:
        return []
    found = policies.pack(adopted.pack).sources
    return [(label, [(s.key, s.label) for s in found if s.level == level]) for level, label in Problem.Level.choices if any(s.level == level for s in found)]

