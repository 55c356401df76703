"""Questions whose cost has a limit: counts that stop at a cap, and the first rows of several walks at once.

A page of a ledger must cost the same at a thousand rows and at a million. Two shapes make that so: a walk
along an index in the order of the page, which stops when the page is full; and, where few rows qualify, to
gather them all and sort. ``Walked`` keeps SQLite, which has no idea how wide a range is, to the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func, IntegerField, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan

from huanze.base.counting import Count, Walked
from huanze.problems.models.problem import ENDED
from huanze.rules.verdicts import Refusal

__all__ = [
    "CAP", "FEW", "MANY", "Count", "Cursor", "StillOpen", "Together", "Walked", "beyond", "counts", "first", "many", "read_cursor", "split",
]  # fmt: skip

CAP = 10_000
MANY = 1_000
"""Where more than ``CAP`` rows are in question, and on the home page, counts go so far."""
FEW = 2_000
"""So many rows are gathered and sorted in no time; where there are more, walking soon meets enough of them."""


class StillOpen(Func):
    """Not ended, in the very words of the indexes that hold open problems only: by them SQLite knows that they serve."""

    template = "NOT (%(expressions)s IN (" + ", ".join(f"'{state}'" for state in ENDED) + "))"
    arity = 1
    output_field = BooleanField()


class Together(Func):
    """A row value ``(day, id)``: compared as one, an index seeks it even among many rows of one day."""

    template = "(%(expressions)s)"
    output_field = IntegerField()


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after (or, going ``back``, before) the row with this day and id."""

    day: date
    pk: int
    back: bool = False

    def __str__(self) -> str:
        return f"{'p' if self.back else 'n'}{self.day.isoformat()}.{self.pk}"


def read_cursor(text: str) -> Cursor | None | Refusal:
    """The cursor in a link; None for the first page. What was tampered with is refused, whatever it holds."""
    if not text:
        return None
    try:
        day, _, pk = text[1:].partition(".")
        if text[0] in "np" and pk.isascii() and pk.isdigit() and len(pk) <= 18:
            return Cursor(date.fromisoformat(day), int(pk), text[0] == "p")
    except ValueError:
        pass
    return Refusal("bad_cursor", "页码标记无效，链接可能不完整；请回到第一页重新查看")


def beyond(cursor: Cursor, column: str, *, descending: bool = False) -> GreaterThan | LessThan:
    """The rows on the far side of a cursor, in the order ``(column, id)``."""
    side = LessThan if descending != cursor.back else GreaterThan
    return side(Together(F(column), F("pk")), Together(Value(cursor.day), Value(cursor.pk)))


def many(rows: QuerySet[Any]) -> bool:
    """Whether there are more than ``FEW``; counts no further."""
    return rows.order_by()[: FEW + 1].count() > FEW


def _sql(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]] | None:
    """A query as text; None when it can hold nothing."""
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, tuple(params)


def _union(known: Sequence[tuple[str, tuple[Any, ...]]]) -> str:
    """The rows of all, each once. The text is Django's own, its values are parameters."""
    return " UNION ".join(f"SELECT * FROM ({sql}) AS b{i}" for i, (sql, _) in enumerate(known))  # noqa: S608


def counts(questions: Sequence[Sequence[QuerySet[Any]]], cap: int = MANY) -> list[Count]:
    """How many different rows each question finds, each question being one or more querysets; one query in all.

    A queryset in an order is walked along the index of that order, as its page is.
    """
    columns, params = [], []
    for branches in questions:
        known = [s for rows in branches if (s := _sql(rows.values("pk")[: cap + 1]))]
        if known:
            columns.append(f"(SELECT COUNT(*) FROM ({_union(known)}) AS c)")  # noqa: S608  (Django's own SQL)
            params += [p for _, given in known for p in given]
        else:
            columns.append("0")
    if not columns:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(columns), params)
        found = cursor.fetchone()
    return [Count(min(n, cap), n > cap) for n in found]


def split(branches: Sequence[QuerySet[Any]], *columns: str, cap: int = CAP) -> dict[tuple[Any, ...], int] | None:
    """How many different rows of all branches have which values in ``columns``; None when there are more than ``cap``."""
    known = [s for rows in branches if (s := _sql(rows.order_by().values("pk", *columns)[: cap + 1]))]
    if not known:
        return {}
    names = ", ".join(str(n) for n in range(1, len(columns) + 1))
    picked = ", ".join(connection.ops.quote_name(c) for c in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {picked}, COUNT(*) FROM ({_union(known)}) AS c GROUP BY {names}", [p for _, given in known for p in given])  # noqa: S608
        found = {tuple(values): n for *values, n in cursor.fetchall()}
    return found if sum(found.values()) <= cap else None


def first(branches: Sequence[QuerySet[Any]], column: str, size: int, *, back: bool = False) -> list[int]:
    """Ids of the first ``size`` rows by ``(column, id)`` over several walks, each along its own index; one query."""
    way = "-" if back else ""
    walks = [rows.order_by(f"{way}{column}", f"{way}pk").values("pk", column)[:size] for rows in branches]
    if len(walks) == 1:
        return [pk for pk, _ in walks[0].values_list("pk", column)]
    known = [s for rows in walks if (s := _sql(rows))]
    if not known:
        return []
    order = f"2 {'DESC' if back else 'ASC'}, 1 {'DESC' if back else 'ASC'}"
    with connection.cursor() as cursor:
        cursor.execute(f"{_union(known)} ORDER BY {order} LIMIT {size:d}", [p for _, given in known for p in given])
        return [row[0] for row in cursor.fetchall()]
