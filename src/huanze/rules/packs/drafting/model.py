"""What a draft is made of and what it is.

`Found.value` holds the keys of a reader's row (docs/reader.md); `start` and `end` are its place in the text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Head:
    """What stands at the head of the document. What is not known stays empty; nothing is guessed."""

    title: str
    number: str | None = None
    date: dt.date | None = None
    issuers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Found:
    """One accepted fact. ``kind``: clause, responsibility, obligation, recipient, threshold, deduction, item, publicity …"""

    kind: str
    clause: str
    value: Mapping[str, Any]
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Note:
    """What a person must decide or write, in Chinese. ``clause`` is the pack's number, empty for the whole document."""

    clause: str
    text: str


@dataclass(frozen=True)
class Draft:
    """A pack as YAML text that the loader reads, and what could not be carried over."""

    text: str
    notes: tuple[Note, ...]
