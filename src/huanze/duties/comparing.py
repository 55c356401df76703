"""Two versions of a list, item by item (A1): pure, on plain values.

What is the same item is told by its ``lineage``, which is carried from version to version, never by its wording.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["added", "dropped", "changed", "renumbered", "same"]
What = Literal["text", "relation", "units", "basis", "no"]

WORDS: dict[str, str] = {"text": "事项文字", "relation": "关系", "units": "其他单位", "basis": "依据", "no": "序号"}
KINDS: dict[str, str] = {"added": "新增", "dropped": "取消", "changed": "有变化", "renumbered": "仅序号变化", "same": "没有变化"}


@dataclass(frozen=True, slots=True)
class Unit:
    """Another unit in an item by its shown name, with its relation and the part it is about."""

    name: str
    relation: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as it is compared. ``units`` in any order; ``relation`` as a Chinese word."""

    lineage: Hashable
    no: int
    text: str
    relation: str
    basis: str
    units: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that both versions have (same), or only the older (gone) or the newer (new)."""

    kind: Literal["same", "gone", "new"]
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One item in both versions; ``what`` names everything that differs."""

    before: Entry | None
    after: Entry | None
    what: tuple[What, ...]

    @property
    def kind(self) -> Kind:
        if self.before is None:
            return "added"
        if self.after is None:
            return "dropped"
        if not self.what:
            return "same"
        return "renumbered" if self.what == ("no",) else "changed"

    @property
    def label(self) -> str:
        return KINDS[self.kind]

    @property
    def differs_in(self) -> list[str]:
        return [WORDS[what] for what in self.what]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return pieces(self.before.text if self.before else "", self.after.text if self.after else "")

    @property
    def units_gone(self) -> list[Unit]:
        return _without(self.before, self.after)

    @property
    def units_new(self) -> list[Unit]:
        return _without(self.after, self.before)


def compare(older: Sequence[Entry], newer: Sequence[Entry]) -> list[Row]:
    """Every item of both versions once: in the order of the newer, then what was dropped in the order of the older."""
    before = {entry.lineage: entry for entry in older}
    rows = [_row(before.pop(entry.lineage, None), entry) for entry in newer]
    return [*rows, *(Row(entry, None, ()) for entry in before.values())]


def _row(before: Entry | None, after: Entry) -> Row:
    if before is None:
        return Row(None, after, ())
    differs: dict[What, bool] = {
        "text": before.text != after.text,
        "relation": before.relation != after.relation,
        "units": set(before.units) != set(after.units),
        "basis": before.basis != after.basis,
        "no": before.no != after.no,
    }
    return Row(before, after, tuple(what for what, so in differs.items() if so))


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """The two texts laid into one: what stayed, what went, what came."""
    made: list[Piece] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            made.append(Piece("same", before[a1:a2]))
            continue
        made += [Piece("gone", before[a1:a2])] if a2 > a1 else []
        made += [Piece("new", after[b1:b2])] if b2 > b1 else []
    return tuple(made)


def _without(one: Entry | None, other: Entry | None) -> list[Unit]:
    known = set(other.units) if other else set()
    return [unit for unit in one.units if unit not in known] if one else []
