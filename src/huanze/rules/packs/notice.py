"""What a document shows to the public: the notice of a finished rectification, and the counts it reports of itself."""

from __future__ import annotations

from huanze.rules.packs.parts import ClauseId, Key, Part


class Statistic(Part):
    """A count that a document reports, kept so that the same count can be reproduced from our own rows."""

    key: Key
    label: str
    years: tuple[int, int]
    counts: dict[str, int]
    years_without: tuple[int, ...] = ()
    clause: ClauseId


class Contact(Part):
    unit: str
    phone: str


class Notice(Part):
    """The public notice: its parts, the headings under which measures and progress are paired, whom to call."""

    headings: tuple[str, ...] = ()
    contact: Contact | None = None
    clause: ClauseId
