"""What the rows of tables say: items of departments, responsibilities for tasks, problems under rectification."""

from __future__ import annotations

import re

from huanze.reader.clauses import Tree
from huanze.reader.model import Collaborator, Item, Problem, Responsibility, Unit
from huanze.reader.responsibilities import marked, read_bracket
from huanze.reader.signs import number
from huanze.reader.tables import Row, cell, names_of
from huanze.reader.times import deadline_of
from huanze.reader.units import listed_units

ROLES = (("lead", "牵头"), ("responsible", "负责"), ("partner", "配合"))
SPOKEN = re.compile(r"(?<!\()(?:牵头|配合|负责|协助|参与|会同)|[::]")
ENTRY = re.compile(r"(?:^|(?<=[\s。;]))(?:(\d{1,2})[.、](?!\d)|\((\d{1,2}|[一二三四五六七八九十]{1,3})\))\s*")


def items(text: str, plain: str, tree: Tree) -> list[Item]:
    """The items of tables by department; a cell that numbers its sentences holds one item for each."""
    out: list[Item] = []
    for table in tree.tables:
        dept: tuple[int, int] | None = None
        for row in table.rows if table.kind == "item" else ():
            own = next((row.cells[key] for key in ("dept", "lead", "responsible") if key in row.cells), None)
            dept = own or dept
            content = row.cells.get("item") or row.cells.get("task")
            if dept is None or content is None:
                continue
            partners = tuple(Collaborator("配合", name) for name in names_of(plain, row, "partner"))
            for no, start, end in _entries(plain, *content):
                item = Item(
                    clause=tree.place(row.span[0]),
                    dept=text[slice(*dept)].strip(),
                    no=no or _whole(row),
                    text=text[start:end].strip(),
                    collaborators=partners,
                    explicit_lead="牵头" in plain[start:end] or "lead" in row.cells,
                    span=(start, end),
                    rule="table-item",
                )
                out.append(item)
    return out


def _whole(row: Row) -> int:
    return number(row.no)


def _entries(plain: str, start: int, end: int) -> list[tuple[int, int, int]]:
    """(number, start, end) of the numbered sentences of a cell; the whole cell with number 0 where it has none."""
    marks = [(number(match[1] or match[2]), match.start(), match.end()) for match in ENTRY.finditer(plain, start, end)]
    if len(marks) < 2 or [no for no, _, _ in marks] != list(range(1, len(marks) + 1)):
        return [(0, start, end)]
    stops = [begin for _, begin, _ in marks[1:]] + [end]
    return [(no, after, stop) for (no, _, after), stop in zip(marks, stops, strict=True)]


def responsibilities(plain: str, tree: Tree) -> list[Responsibility]:
    """Who does the tasks of a table."""
    out: list[Responsibility] = []
    for table in tree.tables:
        for row in table.rows if table.kind == "task" else ():
            units, is_open = units_of(plain, row)
            if units:
                place = tree.place(row.span[0])
                out.append(Responsibility(clause=place, segment=1, open_list=is_open, units=tuple(units), span=row.span, rule="table-row"))
    return out


def units_of(plain: str, row: Row) -> tuple[list[Unit], bool]:
    """The units of a row with their roles, and whether a list stays open."""
    out: list[Unit] = []
    is_open = False
    for key, role in ROLES:
        words = cell(plain, row, key)
        spoken = read_bracket(words) if SPOKEN.search(words) else None
        group, etc = listed_units(words)
        out += spoken[0] if spoken else marked([Unit(name, role) for name in group])
        is_open = is_open or (spoken[1] if spoken else etc)
    return out, is_open


def problems(plain: str, tree: Tree) -> list[Problem]:
    """The problems of a table; a row without a problem of its own goes on with the one above."""
    out: list[Problem] = []
    for table in tree.tables:
        for row in table.rows if table.kind == "problem" else ():
            if "problem" not in row.cells and "no" not in row.cells:
                continue
            term = cell(plain, row, "term")
            lead, responsible = (names_of(plain, row, key) for key in ("lead", "responsible"))
            out.append(
                Problem(
                    no=row.no if row.numbered else tree.place(row.span[0]),
                    responsible=tuple(dict.fromkeys([*lead, *responsible])),
                    supervising=names_of(plain, row, "supervising"),
                    deadline=deadline_of(term),
                    term=term or None,
                    span=row.span,
                    rule="table-problem",
                )
            )
    return out
