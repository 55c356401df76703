"""Counts that stop at a cap, and walks that keep to an index: what makes a page of a long list cost what one of a short list does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Func, QuerySet


@dataclass(frozen=True, slots=True)
class Count:
    """How many: exact, or ``capped`` at so many and more."""

    n: int
    capped: bool = False

    def __str__(self) -> str:
        return f"{self.n}+" if self.capped else str(self.n)

    def __bool__(self) -> bool:
        return self.n > 0


class Walked(Func):
    """The column itself, but not to be looked up in an index (SQLite's unary plus). Other databases know better."""

    template = "%(expressions)s"
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **kw: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **kw)


def count(rows: QuerySet[Any], cap: int) -> Count:
    """How many rows, counted along the index of their order and no further than ``cap``."""
    n = rows[: cap + 1].count()
    return Count(min(n, cap), n > cap)
