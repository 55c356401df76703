"""Finding problems by words: our own index of single characters and pairs of characters (bigrams).

Chinese has no spaces, so a run of characters is cut into each character and each pair of neighbours;
Latin words and numbers stay whole, in lower case. All text is folded by NFKC first, so full and half
width are one. A query finds the problems that hold *all* its pairs; a lone character is looked up as
itself. Pairs need not stand side by side: that is the price of an index without positions, a third of
the size. SQLite keeps the index in an FTS5 table without content, PostgreSQL in a ``tsvector`` with GIN.

Nothing here decides what a person may see: ``selectors`` joins these ids with what is visible.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import ClassVar

from django.db import connection, models, transaction
from django.db.models.lookups import Lookup

from huanze.problems.models import Problem

LONGEST_QUERY = 100
NUMBERS_AT_MOST = 2_000
_RUN = re.compile(r"[0-9a-z]+|[^\W_0-9a-z]+")
_NUMBER = re.compile(r"[0-9A-Z]+(-[0-9A-Z]*)+")


class Body(models.Field):  # type: ignore[type-arg]
    """The column of tokens; it is only ever matched against."""


@Body.register_lookup
class Holds(Lookup):  # type: ignore[type-arg]
    """``body__holds=[token, …]``: every token is there. Tokens are letters and digits, so quoting is safe."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sqlite(self, compiler, connection):  # type: ignore[no-untyped-def]
        # Every index has a hidden column of its own name that stands for all its columns; one without detail knows no other.
        whole = f"{connection.ops.quote_name(self.lhs.alias)}.{connection.ops.quote_name(Entry._meta.db_table)}"
        return f"{whole} MATCH %s", [" AND ".join(f'"{t}"' for t in self.rhs)]

    def as_postgresql(self, compiler, connection):  # type: ignore[no-untyped-def]
        column, params = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", [*params, " & ".join(f"'{t}'" for t in self.rhs)]


class Entry(models.Model):
    """A problem's line in the index. The table is made by migration 0002, not by Django."""

    id = models.BigIntegerField(primary_key=True, db_column="rowid")
    body = Body()

    class Meta:
        managed = False
        app_label = "problems"
        db_table = "problems_search"
        default_permissions: ClassVar[tuple[str, ...]] = ()


def _runs(text: str) -> list[str]:
    """Latin words and numbers one by one, other characters as long as they stand side by side."""
    return _RUN.findall(unicodedata.normalize("NFKC", text).lower())


def _pairs(run: str) -> Iterator[str]:
    return map("".join, zip(run, run[1:], strict=False))


def tokens(text: str) -> set[str]:
    """What a text is found by."""
    found: set[str] = set()
    for run in _runs(text):
        if run.isascii():
            found.add(run)
        else:
            found.update(run)
            found.update(_pairs(run))
    return found


def query_tokens(text: str) -> list[str]:
    """What must all be there for a query: pairs, or the character where it stands alone. Sorted, each once."""
    wanted: set[str] = set()
    for run in _runs(text[:LONGEST_QUERY]):
        if run.isascii() or len(run) == 1:
            wanted.add(run)
        else:
            wanted.update(_pairs(run))
    return sorted(wanted)


def body(problem: Problem) -> set[str]:
    return tokens(f"{problem.number}\n{problem.title}\n{problem.description}\n{problem.place}")


def index(problems: Iterable[Problem]) -> None:
    """Put newly registered problems into the index, in the caller's transaction."""
    put((p.pk, body(p)) for p in problems)


def put(lines: Iterable[tuple[int, set[str]]]) -> None:
    """Write lines of ids and tokens; an id is written once in its life, for titles and texts do not change."""
    if connection.vendor == "postgresql":
        sql = "INSERT INTO problems_search (rowid, body) VALUES (%s, array_to_tsvector(%s::text[]))"
        rows = [(pk, sorted(words)) for pk, words in lines]
    else:
        sql = "INSERT INTO problems_search (rowid, body) VALUES (%s, %s)"
        rows = [(pk, " ".join(sorted(words))) for pk, words in lines]
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


@transaction.atomic
def rebuild(chunk: int = 5_000) -> int:
    """Make the whole index anew from the problems; returns how many it holds."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE problems_search")
        else:
            cursor.execute("INSERT INTO problems_search (problems_search) VALUES ('delete-all')")
    last, done = 0, 0
    rows = Problem.objects.only("number", "title", "description", "place").order_by("pk")
    while batch := list(rows.filter(pk__gt=last)[:chunk]):
        index(batch)
        last, done = batch[-1].pk, done + len(batch)
    return done


def matching(text: str) -> models.QuerySet[Entry]:
    """The lines that hold all of the query, in no order. Any text is a query; one without words finds nothing."""
    wanted = query_tokens(text)
    return Entry.objects.filter(body__holds=wanted) if wanted else Entry.objects.none()


def by_number(text: str) -> list[int]:
    """Ids of the problems whose number begins with ``text``; empty when it is no number or begins too many.

    What begins more than ``NUMBERS_AT_MOST`` numbers is found by its words instead, newest first.
    """
    start = unicodedata.normalize("NFKC", text).strip().upper()[:LONGEST_QUERY]
    if not _NUMBER.fullmatch(start):
        return []
    numbers = Problem.objects.order_by()
    if connection.vendor == "postgresql":
        numbers = numbers.filter(number__startswith=start)
    else:
        numbers = numbers.filter(number__gte=start, number__lt=start + "~")
    found = list(numbers.values_list("pk", flat=True)[: NUMBERS_AT_MOST + 1])
    return found if len(found) <= NUMBERS_AT_MOST else []
