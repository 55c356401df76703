"""“Who leads?” in a place: every item that holds there, ranked for a matter in plain words (A6).

Items come from the departments' published lists, from the packs in force in the place and above it, and from what was
decided. A department with a list of its own is taken at its list: the document's annex no longer speaks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from huanze.base import clock
from huanze.duties.models import Determination, Item, ListVersion
from huanze.duties.ranking import Entry, Ranking, index_of, said_of
from huanze.duties.ranking_words import lexicon
from huanze.duties.selectors.determinations import decided
from huanze.duties.selectors.lists import published_on
from huanze.orgs.models import Organisation, Region
from huanze.orgs.selectors import ancestry
from huanze.policies import selectors as policies
from huanze.policies.models import Adoption
from huanze.policies.selectors.naming import who
from huanze.rules.packs.schema import Fallback, Pack
from huanze.rules.packs.schema import Item as PackItem

ITEM, PACK, DECISION = "item", "pack", "decision"
"""Where an entry comes from, the first part of its key: ``item:7``, ``pack:JX-A/6/5``, ``decision:3``; ``+0``: a part of it."""
RELATIONS = {"lead": "牵头", "joint_lead": "会同牵头", "assist": "配合", "join": "参与", "helped": "受配合"}
NEAR = 0.3
"""From this share of its words on, an earlier decision is like the matter."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a place can be asked about: its entries, the unit behind each department's name, the source in words."""

    region: Region
    entries: tuple[Entry, ...]
    units: Mapping[str, Organisation]
    sources: Mapping[str, str]

    def rank(self, matter: str) -> Ranking:
        return index_of(self.entries).rank(matter)

    def entry(self, key: str) -> Entry | None:
        return next((e for e in self.entries if e.key == key), None)

    def others(self, entry: Entry) -> list[str]:
        """Who else is in an item: the one department here whose field the words name, or else the words."""
        by_field: dict[str, set[str]] = {}
        for department in {e.department for e in self.entries}:
            by_field.setdefault(lexicon().field_of(department), set()).add(department)
        found = []
        for name in entry.co_units:
            meant = by_field.get(lexicon().field_of(name) or "-", set())
            found.append(next(iter(meant)) if len(meant) == 1 else name)
        return [name for name in dict.fromkeys(found) if name != entry.department]


def desk(region: Region) -> Desk:
    """Everything that can be asked about in a place, in about ten queries however many items there are."""
    units: dict[str, Organisation] = {}
    sources: dict[str, str] = {}
    own = list(_own(region, units, sources))
    listed = {e.department for e in own} | {lexicon().field_of(e.department) or e.department for e in own}
    entries = [*own, *_from_packs(region, listed, units, sources), *_decided(region, units, sources)]
    return Desk(region, tuple(entries), units, sources)


def earlier(region: Region, matter: str) -> list[Determination]:
    """Decisions on matters like this one, the likest first."""
    found = [(said_of(row.matter, matter), row) for row in decided(region)]
    return [row for share, row in sorted(found, key=lambda pair: -pair[0]) if share >= NEAR]


def fallback(region: Region) -> Fallback | None:
    """What governs a matter that no item covers, by the rules in force in the place or above it."""
    return next((found for adoption in _in_force(region) if (found := policies.pack(adoption.pack).fallback)), None)


def _own(region: Region, units: dict[str, Organisation], sources: dict[str, str]) -> Iterable[Entry]:
    """The items of the lists in force. A part in which the relation differs is an entry of its own."""
    held = ListVersion.objects.filter(published_on(clock.today()), item_list__region=region, item_list__organisation__active=True)
    rows = Item.objects.filter(version__in=held).select_related("version__item_list__organisation")
    for item in rows.prefetch_related("units__organisation").order_by("version", "no"):
        unit = item.version.item_list.organisation
        units[unit.name] = unit
        others = tuple(u.organisation.name if u.organisation else u.name for u in item.units.all() if not u.what)
        key = f"{ITEM}:{item.pk}"
        sources[key] = f"{unit}具体事项清单第{item.version.number}版第{item.no}项"
        yield Entry(key, unit.name, item.text, "", item.relation, f"{item.basis} {item.clause}".strip(), others)
        for n, part in enumerate(p for p in item.units.all() if p.what and p.organisation_id in (None, unit.pk)):
            sources[f"{key}+{n}"] = sources[key]
            yield Entry(f"{key}+{n}", unit.name, part.what, "", part.relation, f"{item.basis} {item.clause}".strip())


def _from_packs(region: Region, listed: set[str], units: dict[str, Organisation], sources: dict[str, str]) -> Iterable[Entry]:
    for adoption in _in_force(region):
        pack = policies.pack(adoption.pack)
        meant = who(region, {item.dept for item in pack.items}) if pack.items else {}
        for item in pack.items:
            unit = next(iter(meant.get(item.dept, ())), None)
            name = unit.name if unit else item.dept
            if name in listed or lexicon().field_of(item.dept) in listed:
                continue
            if unit:
                units[name] = unit
            for entry in _of_pack(pack, item, name):
                sources[entry.key] = pack.document.title
                yield entry


def _of_pack(pack: Pack, item: PackItem, department: str) -> Iterable[Entry]:
    said = pack.clauses.get(item.clause)
    key = f"{PACK}:{item.clause}"
    yield Entry(key, department, item.title, said.gist if said else "", item.relation, item.clause, item.co_units)
    for n, part in enumerate(item.also):
        yield Entry(f"{key}+{n}", department, part.what, "", part.relation, item.clause)


def _in_force(region: Region) -> list[Adoption]:
    """The adoption in force in the place, and in each place above it."""
    found = Adoption.objects.filter(region__path__in=ancestry(region), from_day__lte=clock.today()).select_related("pack", "region")
    newest: dict[int, Adoption] = {}
    for adoption in found.defer("pack__content").order_by("-region__depth", "-from_day"):
        newest.setdefault(adoption.region_id, adoption)
    return list(newest.values())


def _decided(region: Region, units: dict[str, Organisation], sources: dict[str, str]) -> Iterable[Entry]:
    for row in decided(region):
        if row.lead:
            units[row.lead.name] = row.lead
            entry = _entry(row)
            sources[entry.key] = f"牵头部门决定 {row.basis}"
            yield entry


def _entry(row: Determination) -> Entry:
    return Entry(f"{DECISION}:{row.pk}", row.lead.name if row.lead else "", row.matter, "", "lead", row.number, tuple(u.name for u in row.co_units.all()))
