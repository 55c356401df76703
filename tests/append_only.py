"""Lets tests past the triggers that keep the audit chain, published lists and signatures: to tamper with them, and to empty tables after a test.

Transactional tests end with Django's flush, a DELETE on SQLite and a TRUNCATE on PostgreSQL, which the
triggers refuse as they should. So the flush drops or disables them, empties, and puts them back, in its
one transaction. Nothing in the product can do this; the statements are built here only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

TABLES = (
    "audit_entry", "audit_head", "audit_dailyhead", "duties_item", "duties_itemunit", "duties_listversion",
    "duties_chainstep", "duties_decisionsignature", "duties_view",
)


def _switches(connection: Any) -> tuple[list[str], list[str]]:
    """Statements that lift the triggers and that put back the very same ones."""
    if connection.vendor == "postgresql":
        lift = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TABLES]
        return lift, [statement.replace("DISABLE", "ENABLE") for statement in lift]
    with connection.cursor() as cursor:
        names = ", ".join(f"'{table}'" for table in TABLES)
        cursor.execute(f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({names})")  # noqa: S608 - our own names
        rows = cursor.fetchall()
    return [f"DROP TRIGGER {name}" for name, _ in rows], [sql for _, sql in rows]


@contextmanager
def unguarded() -> Iterator[None]:
    """Inside the block the chain can be changed like any other rows."""
    lift, restore = _switches(connection)
    with connection.cursor() as cursor:
        for statement in lift:
            cursor.execute(statement)
        yield
        for statement in restore:
            cursor.execute(statement)


def let_flush_pass() -> None:
    """Call once before any test: Django's flush lifts the triggers around its own statements."""
    operations = type(connection.ops)
    plain = operations.sql_flush

    def sql_flush(self: Any, *args: Any, **kwargs: Any) -> list[str]:
        lift, restore = _switches(self.connection)
        return [*lift, *plain(self, *args, **kwargs), *restore]

    operations.sql_flush = sql_flush  # type: ignore[method-assign]
