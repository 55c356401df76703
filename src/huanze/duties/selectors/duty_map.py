"""Who does what across the departments of a place: topics by departments, gaps, overlaps, and the fallback basis (A7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from huanze.base import clock
from huanze.duties import gaps
from huanze.duties.models import Item, ListVersion
from huanze.duties.models.lists import Relation
from huanze.duties.selectors.lists import published_on
from huanze.duties.subjects import OTHER, names
from huanze.orgs.models import Organisation, Region
from huanze.policies import selectors as policies
from huanze.rules.packs.schema import Fallback

MAPS_KEPT = 8
RELATIONS = tuple(Relation.values)


@dataclass(frozen=True, slots=True)
class Cell:
    """How often a department stands in a topic in each relation."""

    organisation: Organisation
    counts: tuple[tuple[str, int], ...]

    @property
    def labels(self) -> list[tuple[str, str, int]]:
        return [(relation, Relation(relation).label, n) for relation, n in self.counts]


@dataclass(frozen=True, slots=True)
class Line:
    """A topic across all departments; ``led``: at least one of them leads something in it."""

    topic: str
    cells: tuple[Cell, ...]
    total: int
    led: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A lead whom an item names: has it a list in force here at all?"""

    name: str
    listed: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """A gap or an overlap with its items as rows of the database."""

    kind: str
    matter: str
    items: tuple[Item, ...]
    named: tuple[Named, ...]
    relation: str

    @property
    def relation_label(self) -> str:
        return Relation(self.relation).label if self.relation else ""


@dataclass(frozen=True, slots=True)
class DutyMap:
    """The matrix and what was found in it. ``unlisted``: departments without a list in force."""

    departments: tuple[Organisation, ...]
    unlisted: tuple[Organisation, ...]
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]
    fallback: Fallback | None
    items: tuple[Item, ...]

    def of_kind(self, kind: str) -> list[Finding]:
        return [finding for finding in self.findings if finding.kind == kind]

    def cell_items(self, topic: str, organisation_id: int | None) -> list[Item]:
        """The items behind a cell, or behind a whole line."""
        mine = (item for item in self.items if organisation_id in (None, item.version.item_list.organisation_id))
        return [item for item in mine if topic in _topics(item)]


def duty_map(region: Region) -> DutyMap:
    """The map of a place as its lists stand today. The queries are as many for five thousand items as for one."""
    today = clock.today()
    units = list(Organisation.objects.filter(region=region, kind=Organisation.Kind.DEPARTMENT, active=True).order_by("pk"))
    items = _items(region, today)
    listed = {item.version.item_list.organisation_id: item.version.item_list.organisation for item in items}
    shown = (*(u for u in units if u.pk in listed), *(u for pk, u in listed.items() if pk not in {u.pk for u in units}))
    adoption = policies.pack_for(region, today)
    return DutyMap(
        departments=shown, unlisted=tuple(u for u in units if u.pk not in listed), lines=_lines(items, shown), findings=_findings(items),
        fallback=policies.pack(adoption.pack).fallback if adoption else None, items=items,
    )  # fmt: skip


def _items(region: Region, day: date) -> tuple[Item, ...]:
    """Every item in force, department by department. Versions are read once, not once an item."""
    rows = ListVersion.objects.filter(published_on(day), item_list__region=region).select_related("item_list__organisation")
    versions = {version.pk: version for version in rows.order_by("item_list__organisation")}
    found: dict[int, list[Item]] = {pk: [] for pk in versions}
    for item in Item.objects.filter(version__in=versions).prefetch_related("units__organisation").order_by("no"):
        item.version = versions[item.version_id]
        found[item.version_id].append(item)
    return tuple(item for items in found.values() for item in items)


def _topics(item: Item) -> list[str]:
    return item.fields or [OTHER]


def _lines(items: Sequence[Item], units: Sequence[Organisation]) -> tuple[Line, ...]:
    counts: dict[str, Counter[tuple[int, str]]] = {topic: Counter() for topic in names()}
    for item in items:
        for topic in _topics(item):
            counts.setdefault(topic, Counter())[item.version.item_list.organisation_id, item.relation] += 1
    return tuple(_line(topic, counted, units) for topic, counted in counts.items() if counted)


def _line(topic: str, counted: Counter[tuple[int, str]], units: Sequence[Organisation]) -> Line:
    cells = tuple(Cell(unit, tuple((r, n) for r in RELATIONS if (n := counted[unit.pk, r]))) for unit in units)
    led = any(n and relation in gaps.LEADS for (_, relation), n in counted.items())
    return Line(topic, cells, sum(counted.values()), led)


def _findings(items: Sequence[Item]) -> tuple[Finding, ...]:
    by_pk = {item.pk: item for item in items}
    listed = {item.version.item_list.organisation_id for item in items}
    return tuple(
        Finding(
            found.kind, found.matter, tuple(by_pk[item.pk] for item in found.items),
            tuple(Named(other.name, other.organisation in listed) for other in found.named), found.relation,
        )
        for found in _found(tuple(_plain(item) for item in items))
    )  # fmt: skip


@lru_cache(maxsize=MAPS_KEPT)
def _found(items: tuple[gaps.Listed, ...]) -> tuple[gaps.Finding, ...]:
    """Published items never change, so the same items have the same gaps; a place's map is opened far more often than its lists change."""
    return tuple(gaps.findings(items))


def _plain(item: Item) -> gaps.Listed:
    others = tuple(
        gaps.Other(unit.organisation_id, unit.name or (unit.organisation.short_name if unit.organisation else ""), unit.relation, unit.what)
        for unit in item.units.all()
    )
    return gaps.Listed(item.pk, item.version.item_list.organisation_id, item.text, item.relation, others)
