"""What a document's words mean in a place: the units that 区住建局 or 各镇人民政府 stand for here."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from huanze.orgs.models import Organisation, Region
from huanze.orgs.selectors import ancestry, subtree
from huanze.policies.models import Naming
from huanze.rules import names as words
from huanze.rules.packs.schema import Pack

Kind = Organisation.Kind

ALL_BELOW = frozenset({Kind.TOWN, Kind.PARK})
ONE_A_PLACE = frozenset(set(Kind) - ALL_BELOW - {Kind.DEPARTMENT, Kind.OTHER})
"""A place has one government: “all governments” are those of the places just below it."""

GUESSES: tuple[tuple[str, Kind], ...] = (
    (r"(整改|环委会|整改工作领导小组)办(公室)?", Kind.COMMISSION_OFFICE),
    (r"(整改工作)?领导小组|环委会", Kind.LEADING_GROUP),
    (r"镇街|[镇乡]人民政府|[镇乡]政府|街道办事处|(各|有关|相关).*(镇|乡|街道)[)）]?", Kind.TOWN),
    (r"园区|开发区|高新区|园区.*(管委会|管理委员会|中心)", Kind.PARK),
    (r"(各|有关|相关).*[县区市州][)）]?(人民)?政府", Kind.GOVERNMENT),
    (r"(各|有关|相关).*[县区市州][)）]?党委", Kind.PARTY_COMMITTEE),
    (r"(有关|相关|其他|各|直|职责)[^局]*部门[^局]*|直[^局]*单位", Kind.DEPARTMENT),
)


ROLE = re.compile(r"(主体|监管|验收|牵头|责任|整改|扣分)[^局委办会]*(单位|部门)|负责(同志|人)|领导(同志)?$")
"""Words for a part in a case or for a person, not for a unit."""


def who(region: Region, names: Iterable[str]) -> dict[str, list[Organisation]]:
    """What each name means in a place; an empty list where nobody there answers to it. At most three queries.

    First what a person of the place, or of the nearest place above, has said; then the one unit so named of the place
    itself, of the nearest place above, of a place below. Two units of the same place so named are no answer.
    """
    asked = list(dict.fromkeys(names))
    said = _said(region, asked)
    above = _index(Organisation.objects.filter(region__path__in=ancestry(region)))
    ladder = ancestry(region)[::-1]
    found = {name: _one(name, above, ladder) for name in asked if name not in said}
    kinds = {row.kind for rows in said.values() for row in rows if row.kind}
    below: _Index | None = None
    if kinds or not all(found.values()):
        lo, hi = subtree(region)
        below = _index(Organisation.objects.filter(region__path__gte=lo, region__path__lt=hi))
        rest = [path for path in sorted(below.places, key=len) if path != region.path]
        for name in [name for name, unit in found.items() if unit is None]:
            found[name] = None if words.is_own(name) else _one_below(name, below, rest)
    units = {name: _meant(rows, region, below) for name, rows in said.items()}
    units |= {name: [unit] if unit else [] for name, unit in found.items()}
    return {name: units[name] or _joined(name, units, above, ladder) for name in asked}


def guess_kind(name: str) -> Kind | None:
    """The kind of units that words for a group probably mean. A proposal for a person to decide, never more."""
    return next((kind for pattern, kind in GUESSES if re.fullmatch(f".*(?:{pattern})", name[: words.LONGEST])), None)


@dataclass(frozen=True, slots=True)
class Used:
    """A name that a pack uses. ``owes``: it owes a duty or has items, so somebody must answer to it. ``role``: who that
    is depends on the case (主体责任单位), so nobody need say."""

    name: str
    clauses: tuple[str, ...]
    owes: bool
    role: bool


def names_used(pack: Pack) -> list[Used]:
    """Every name by which a pack means somebody, those who owe something first, with the clauses."""
    owed = [(name, duty.clause) for duty in pack.duties for name in duty.obliged]
    owed += [(item.dept, item.clause) for item in pack.items]
    owed += [(name, pack.self_check.clause) for name in pack.self_check.by] if pack.self_check else []
    named = [(name, duty.clause) for duty in pack.duties for name in (*duty.report_to, *(u for c in duty.copy_to for u in c.units))]
    named += [(name, item.clause) for item in pack.items for name in item.co_units]
    named += [(name, way.clause) for way in pack.ways for name in way.by]
    named += [(name, s.clause) for s in pack.ladder for name in (*s.addressee, *s.issued_by, *s.joint_with, *s.report_to)]
    named += [(name, t.clause) for t in pack.thresholds for name in (t.addressee, t.issued_by, *t.report_to)]
    named += [(name, c.clause) for c in pack.committees for name in (*c.asked_by, c.approved_by)]
    named += [(s.by, s.clause) for chain in pack.approval_chains.values() for s in chain if isinstance(s.by, str)]
    named += [(unit.name, clause) for clause, text in pack.clauses.items() for unit in text.units]
    clauses: dict[str, dict[str, None]] = {}
    for name, clause in (*owed, *named):
        if name:
            clauses.setdefault(name, {})[clause] = None
    owing = {name for name, _ in owed}
    return [Used(name, tuple(found), name in owing, bool(ROLE.search(name[: words.LONGEST]))) for name, found in clauses.items()]


class _Index:
    """Organisations by the keys of their names and by place."""

    def __init__(self, units: Iterable[Organisation]) -> None:
        self.by_key: Mapping[str, list[Organisation]] = defaultdict(list)
        self.by_kind: Mapping[str, list[Organisation]] = defaultdict(list)
        self.places: dict[str, Region] = {}
        for unit in units:
            place = unit.region
            self.places[place.path] = place
            self.by_kind[unit.kind].append(unit)
            for key in words.keys(unit.name, place=place.name, level=place.level) | words.keys(unit.short_name, place=place.name, level=place.level):
                self.by_key[key].append(unit)

    def named(self, name: str) -> dict[str, list[Organisation]]:
        """The organisations so named, by the path of their place."""
        made: dict[str, dict[int, Organisation]] = defaultdict(dict)
        for word, key in words.readings(name):
            for unit in self.by_key.get(key, ()):
                if not word or words.fits(word, place=unit.region.name, level=unit.region.level):
                    made[unit.region.path][unit.pk] = unit
        for place in self.places.values():
            if place.name in name:
                of_it = {u.pk: u for key in words.keys(name, place=place.name) for u in self.by_key.get(key, ()) if u.region_id == place.pk}
                made[place.path] |= of_it
        return {path: list(units.values()) for path, units in made.items() if units}


def _index(units: QuerySet[Organisation]) -> _Index:
    return _Index(units.filter(active=True).select_related("region").order_by("region__path", "pk"))


def _said(region: Region, names: list[str]) -> dict[str, list[Naming]]:
    """The namings that hold here: those of the place, or of the nearest place above that has any for the name."""
    rows = Naming.objects.filter(region__path__in=ancestry(region), name__in=names)
    nearest: dict[str, list[Naming]] = {}
    for row in rows.select_related("region", "organisation__region").order_by("-region__depth", "pk"):
        held = nearest.setdefault(row.name, [])
        if not held or held[0].region_id == row.region_id:
            held.append(row)
    return nearest


def _one(name: str, above: _Index, ladder: list[str]) -> Organisation | None:
    named = above.named(name)
    for path in ladder[:1] if words.is_own(name) else ladder:
        if path in named:
            return named[path][0] if len(named[path]) == 1 else None
    return None


def _one_below(name: str, below: _Index, places: list[str]) -> Organisation | None:
    named = below.named(name)
    units = [unit for path in places for unit in named.get(path, ())]
    return units[0] if len(units) == 1 else None


def _meant(rows: list[Naming], region: Region, below: _Index | None) -> list[Organisation]:
    units = {row.organisation.pk: row.organisation for row in rows if row.organisation and row.organisation.active}
    for row in rows:
        units |= {unit.pk: unit for unit in _group(row.kind, region, below)} if row.kind and below else {}
    return list(units.values())


def _group(kind: str, region: Region, below: _Index) -> list[Organisation]:
    """All of a kind here: towns and parks of the whole place, its own departments, the governments just below it."""
    units = below.by_kind.get(kind, [])
    if kind in ALL_BELOW:
        return units
    depth = len(region.path) + (Region.steplen if kind in ONE_A_PLACE else 0)
    return [unit for unit in units if len(unit.region.path) == depth]


def _joined(name: str, known: Mapping[str, list[Organisation]], above: _Index, ladder: list[str]) -> list[Organisation]:
    """区委、区政府: both, if each of them answers."""
    single = words.parts(name)
    if len(single) < 2:
        return []
    answers = [known.get(part) or [u for u in [_one(part, above, ladder)] if u] for part in single]
    return list({unit.pk: unit for units in answers for unit in units}.values()) if all(answers) else []


def naming_rows(region: Region) -> QuerySet[Naming]:
    """What was said of names in a place and above it."""
    rows = Naming.objects.filter(region__path__in=ancestry(region))
    return rows.select_related("region", "organisation", "decided_by").order_by("name", "-region__depth", "pk")
