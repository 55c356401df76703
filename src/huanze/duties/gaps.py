"""Gaps and overlaps across the lists of a place (A7): pure, on plain values.

A gap is a matter in which departments only assist or join and that no list has with a lead. An overlap is a matter that
two departments each list as led by themselves alone, or one department lists twice. A lead shared by name (会同牵头) is
neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from huanze.rules.likeness import Likeness

LEADS = frozenset({"lead", "joint_lead"})
NEAR = 0.6
"""From this share of common weight on two items are near-identical; the parallel “领域环保” items of JX-A stay below 0.5."""
COVERS = 0.5
"""A lead's item covers a matter when it has at least this share of the matter's weight."""


@dataclass(frozen=True, slots=True)
class Other:
    """Another unit in an item, by its id if it is one of the place; ``what``: the part it is about."""

    organisation: int | None
    name: str
    relation: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """An item of a list in force. ``pk`` names it, ``organisation`` is the department whose list it is."""

    pk: int
    organisation: int
    text: str
    relation: str
    others: tuple[Other, ...] = ()

    def leads_with(self, organisation: int) -> bool:
        return any(o.organisation == organisation and o.relation == "joint_lead" for o in self.others)


@dataclass(frozen=True, slots=True)
class Finding:
    """``matter``: the item's text, or the part of it that is meant; ``relation``: what the department is in a gap.

    ``named``: who leads in the document's words, if it says so.
    """

    kind: Literal["no_lead", "two_leads", "repeated"]
    matter: str
    items: tuple[Listed, ...]
    named: tuple[Other, ...] = ()
    relation: str = ""


def findings(items: Sequence[Listed]) -> list[Finding]:
    """Gaps first, then overlaps, each in the order of the lists."""
    return [*_gaps(items), *_overlaps(items)]


def _gaps(items: Sequence[Listed]) -> Iterator[Finding]:
    led = {(item.pk, n): text for item in items for n, text in enumerate(_led(item))}
    owner = {item.pk: item.organisation for item in items}
    index = Likeness(led)
    for item in items:
        for relation, matter in _only_helped(item):
            plain = _without_names(matter, item.others)
            covering = (key for key in index.holding(plain, at_least=COVERS) if owner[key[0]] != item.organisation)
            if next(covering, None) is None:
                named = tuple(o for o in item.others if o.relation in LEADS and o.organisation != item.organisation)
                yield Finding("no_lead", matter, (item,), named, relation)


def _without_names(matter: str, others: Sequence[Other]) -> str:
    """“配合某局推进某事” is about the matter, not about the unit: no lead's own item says the lead's name."""
    for other in others:
        matter = matter.replace(other.name, "") if other.name else matter
    return matter


def _led(item: Listed) -> list[str]:
    """What the department leads in an item: the whole, or parts."""
    whole = [item.text] if item.relation in LEADS else []
    return whole + [o.what for o in item.others if o.organisation == item.organisation and o.relation in LEADS and o.what]


def _only_helped(item: Listed) -> list[tuple[str, str]]:
    """What the department only assists or joins in an item, and which of the two."""
    whole = [] if item.relation in LEADS else [(item.relation, item.text)]
    return whole + [(o.relation, o.what) for o in item.others if o.organisation == item.organisation and o.relation not in LEADS and o.what]


def _overlaps(items: Sequence[Listed]) -> Iterator[Finding]:
    by_pk = {item.pk: item for item in items}
    for group in Likeness({item.pk: item.text for item in items}).groups(at_least=NEAR):
        alike = [by_pk[pk] for pk in group]
        alone = [item for item in alike if item.relation == "lead" and not any(item.leads_with(o.organisation) for o in alike)]
        if len({item.organisation for item in alone}) > 1:
            yield Finding("two_leads", alone[0].text, tuple(alone))
        yield from _repeated(alike)


def _repeated(alike: Sequence[Listed]) -> Iterator[Finding]:
    own: dict[int, list[Listed]] = defaultdict(list)
    for item in alike:
        own[item.organisation].append(item)
    for rows in own.values():
        if len(rows) > 1:
            yield Finding("repeated", rows[0].text, tuple(rows))
