"""What several documents order differently, duty by duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from huanze.rules.packs.schema import Pack


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
    rows: tuple[Row, ...]


def differ(packs: Sequence[Pack]) -> Table:
    """The table of what the packs say, in the order given."""
    return Table(())
