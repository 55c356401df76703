"""What the makers of the sections share: the facts by kind, numbers of clauses, keys in use, notes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from huanze.rules.packs.drafting import words
from huanze.rules.packs.drafting.model import Found, Note
from huanze.rules.packs.drafting.places import Places

Data = dict[str, Any]
OWNERS = ("lead", "joint_lead", "responsible")


@dataclass(frozen=True)
class Entry:
    """One entry of a section: its data, and the place in the document, which becomes a comment."""

    data: Data
    about: str = ""


class Sheet:
    """One draft in the making."""

    def __init__(self, code: str, facts: Sequence[Found], *, taken: Mapping[str, Collection[str]] | None = None) -> None:
        self.prefix, self.taken = f"{code}_", taken or {}
        self.facts = sorted(facts, key=lambda f: (f.start, f.end))
        self.places = Places(code, self.facts)
        self.facts = [f if f.clause else replace(f, clause=self.places.around(f)) for f in self.facts]
        self.names = {str(f.value["short"]): str(f.value["name"]) for f in facts if f.kind == "alias" and f.value.get("short") and f.value.get("name")}
        self.notes: list[Note] = []
        self.left_open: dict[str, Entry] = {}
        self.gists: dict[str, list[str]] = {}
        self.settled: list[tuple[str, int, int]] = []
        self._by_kind: dict[str, list[Found]] = {}
        self._by_clause: dict[str, dict[str, list[Found]]] = {}
        self._last: dict[tuple[str, str], int] = {}
        self._keys: set[tuple[str, str]] = set()

    def of(self, kind: str) -> list[Found]:
        """Facts of a kind that stand in some clause; what stands in the colophon orders nothing."""
        if kind not in self._by_kind:
            self._by_kind[kind] = [f for f in self.facts if f.kind == kind and self.places.whole(f.clause)]
        return self._by_kind[kind]

    def within(self, kind: str, clause: str) -> list[Found]:
        """Facts of a kind that name this very clause."""
        if kind not in self._by_clause:
            rows = self._by_clause[kind] = {}
            for found in self.of(kind):
                rows.setdefault(found.clause, []).append(found)
        return self._by_clause[kind].get(clause, [])

    def cite(self, found: Found) -> str:
        return str(self.places.of(found))

    def key(self, section: str, base: str) -> str:
        """``base``, or the first of base_2, base_3 … that the section does not hold yet.

        A key that is taken carries the code: an equal key would mean that this entry stands for the parent's.
        """
        base = self.prefix + base if base in self.taken.get(section, ()) else base
        n = self._last.get((section, base), 0) + 1
        while (section, key := base if n == 1 else f"{base}_{n}") in self._keys:
            n += 1
        self._last[(section, base)] = n
        self._keys.add((section, key))
        return key

    def note(self, found: Found, text: str) -> None:
        self.remark(self.cite(found), text)

    def remark(self, clause: str, text: str) -> None:
        self.notes.append(Note(clause, text))

    def gist(self, found: Found, text: str) -> None:
        """One thing the clause of a fact says, for its gist."""
        said = self.gists.setdefault(self.cite(found), [])
        if text and text not in said:
            said.append(text)

    def units(self, names: Any) -> list[str]:
        """Names of units as packs write them; short names by the full ones that the document gives."""
        listed = [names] if isinstance(names, str) else list(names or ())
        return list(dict.fromkeys(part for n in listed if n for part in words.bodies(words.wide(self.names.get(n, n)))))

    def owners(self, found: Found) -> list[str]:
        """Who is responsible for the sentence of a fact by the bracket that closes it, or for the clauses above."""
        clause = found.clause
        own = [r for r in self.within("responsibility", clause) if self.cite(r) == self.cite(found)]
        while not own and (clause := clause.rpartition("/")[0]):
            own = [r for r in self.within("responsibility", clause) if not self.places.part(r)]
        return self.units([u["name"] for r in own for u in r.value.get("units", ()) if words.role(str(u["role"])) in OWNERS])

    def heading(self, found: Found, *, above: bool = False) -> str:
        """The heading of the clause of a fact; with ``above``, else that of the nearest clause it stands in."""
        clause = found.clause
        while clause:
            row = self.places.clauses.get(clause)
            if row and row.value.get("heading"):
                return words.wide(str(row.value["heading"]))
            clause = clause.rpartition("/")[0] if above else ""
        return ""

    def open(self, key: str, *, found: Found, term: str, meaning: str, unit: str, default: Any, **limits: int) -> Data:
        """A term the document left open; gives what stands in its place."""
        data = {"term": term, "meaning": meaning, "clause": self.cite(found), "unit": unit, "default": default, **limits}
        self.left_open[key] = Entry(data, self.places.label(found))
        return {"setting": key}
