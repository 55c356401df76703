"""Invented documents, one for each way in which the genres are written, with what must be found in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from huanze.reader import read
from reader.test_judged import facts

FOLDER = Path(__file__).parent / "genres"
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))


def said(gold: dict[str, Any], found: dict[str, set[Any]]) -> dict[str, set[Any]]:
    """What was found of the matters that the annotation speaks of."""
    return {
        **found,
        "head": {row for row in found["head"] if row[0] in gold},
        "issuers": found["issuers"] if gold.get("issuers") else set(),
        "publicity": {row for row in found["publicity"] if row[0] in gold.get("publicity", {})},
        "problems": {(responsible, deadline) for _, responsible, _, deadline in found["problems"]},
    }


@pytest.mark.parametrize("name", NAMES)
def test_each_genre_is_read_right(name: str) -> None:
    gold = json.loads((FOLDER / f"{name}.gold.json").read_text(encoding="utf-8"))
    out = read((FOLDER / f"{name}.txt").read_bytes(), f"{name}.txt").to_json()
    rows = [{"supervising": (), **row} for row in gold.get("problems", [])]
    wanted, found = said(gold, facts({**gold, "problems": rows})), said(gold, facts(out))
    assert {what: (wanted[what] - found[what], found[what] - wanted[what]) for what in wanted if wanted[what] != found[what]} == {}
    headings = {clause["id"]: clause["heading"] for clause in out["clauses"]}
    assert {clause["id"]: headings.get(clause["id"]) for clause in gold.get("clauses", [])} == {
        clause["id"]: clause["heading"] for clause in gold.get("clauses", [])
    }
