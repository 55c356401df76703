"""What several documents order differently, duty by duty.

A matter is a row: the annual report and its day, who decides which department leads, what becomes of points. Duties
stand in one row when they mean the same, whatever their keys are (`MATTERS` in `matters`); what fits no row is aligned by
its key. A pack is compared as it is used: what it takes over from its parent is shown, and said to be so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from huanze.rules.packs import matters
from huanze.rules.packs.matters import Said
from huanze.rules.packs.schema import Pack

UNSAID = "未规定"
TAKEN_OVER = "沿用上位规则："


@dataclass(frozen=True)
class Cell:
    """What one pack says of a matter, in Chinese, and where. ``missing``: it says nothing."""

    text: str
    clause: str
    missing: bool


@dataclass(frozen=True)
class Row:
    """One matter across the packs, cells in their order. ``differs``: they do not all say the same."""

    group: str
    label: str
    cells: tuple[Cell, ...]
    differs: bool


@dataclass(frozen=True)
class Table:
    """Rows of one group stand together."""

    rows: tuple[Row, ...]


def differ(packs: Sequence[Pack]) -> Table:
    """The table of what the packs say, cells in the order given. A matter none of them speaks of has no row."""
    rows = [*_known(packs), *_others(packs)]
    groups = list(dict.fromkeys(row.group for row in rows))
    return Table(tuple(sorted(rows, key=lambda row: groups.index(row.group))))


def _known(packs: Sequence[Pack]) -> Iterator[Row]:
    for matter in matters.MATTERS:
        said = [list(matter.say(pack)) for pack in packs]
        if any(said):
            yield _row(matter.group, matter.label, packs, said)


def _others(packs: Sequence[Pack]) -> Iterator[Row]:
    """Duties and limits that belong to no known matter, aligned by their keys."""
    for group, others in (("其他职责", matters.other_duties), ("其他时限", matters.other_clocks)):
        by_pack = [others(pack) for pack in packs]
        for key in dict.fromkeys(key for found in by_pack for key in found):
            label = next(found[key][0] for found in by_pack if key in found)
            yield _row(group, label, packs, [found[key][1] if key in found else [] for found in by_pack])


def _row(group: str, label: str, packs: Sequence[Pack], said: Sequence[Sequence[Said]]) -> Row:
    texts = {_joined(text for text, _ in each) for each in said}
    return Row(group, label, tuple(_cell(pack, each) for pack, each in zip(packs, said, strict=True)), len(texts) > 1)


def _cell(pack: Pack, said: Sequence[Said]) -> Cell:
    if not said:
        return Cell(UNSAID, "", True)
    clauses = list(dict.fromkeys(clause for _, clause in said))
    own = any(clause.startswith(f"{pack.code.upper()}-") for clause in clauses)
    return Cell(("" if own else TAKEN_OVER) + _joined(text for text, _ in said), "、".join(clauses), False)


def _joined(texts: Iterable[str]) -> str:
    return "；".join(dict.fromkeys(texts))
