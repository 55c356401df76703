"""A whole reading, as the reader writes it in JSON, as a head and facts: what stands when nothing was corrected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from huanze.rules.packs.drafting.model import Found, Head

KINDS: Mapping[str, str] = {
    "clauses": "clause", "responsibilities": "responsibility", "obligations": "obligation", "recipients": "recipient", "thresholds": "threshold",
    "deductions": "deduction", "items": "item", "cited_doc_numbers": "citation", "aliases": "alias",
}  # fmt: skip


def of_reading(reading: Mapping[str, Any]) -> tuple[Head, tuple[Found, ...]]:
    """Head and facts of ``Document.to_json()``, every fact accepted as it was read."""
    facts = [_found(kind, row) for key, kind in KINDS.items() for row in reading.get(key, ())]
    if reading.get("publicity"):
        facts.append(_found("publicity", reading["publicity"]))
    date = reading.get("date")
    head = Head(
        title=reading.get("title") or "", number=reading.get("doc_number"), date=dt.date.fromisoformat(date) if date else None,
        issuers=tuple(reading.get("issuers") or ()),
    )  # fmt: skip
    return head, tuple(facts)


def _found(kind: str, row: Mapping[str, Any]) -> Found:
    start, end = row.get("span") or (0, 0)
    return Found(kind=kind, clause=str(row.get("clause") or row.get("id") or ""), value=row, start=start, end=end)
