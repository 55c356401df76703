"""Puts rows into the tables by the shortest way there is, without indexes, which are made again at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from click import echo
from django.db import connection

from bench.lives import BORN, COLUMNS, EVE, Lives
from bench.world import District
from huanze.base import clock
from huanze.problems.models import NumberSeries, SweepDay
from huanze.problems.services.happenings import Directory
from huanze.problems.services.sweep import Rules, _run_chunk, due_rows

CHUNK = 10_000
POSTGRES = connection.vendor == "postgresql"


def fill(districts: list[District], problems: int) -> None:
    """Write ``problems`` problems and all that hangs on them; leave lights and moments as a sweep of the eve leaves them."""
    lives, done, since = Lives(districts, problems), 0, perf_counter()
    with _bare_tables():
        for rows in lives.chunks(CHUNK):
            for table, lines in rows.items():
                _put(table, lines)
            done += len(rows["problems_problem"])
            if done % 100_000 == 0 or done == problems:
                _say(f"{done:,} problems written, {perf_counter() - since:.0f} s")
    NumberSeries.objects.bulk_create([NumberSeries(office_id=o, year=y, last=n) for (o, y), n in lives.numbers.items()])
    _say(f"indexes made, {perf_counter() - since:.0f} s")
    _tidy(problems)
    with clock.at(EVE):
        rules, directory = Rules(), Directory()
        for due in due_rows(EVE):
            _run_chunk(due, EVE, rules, directory)
        SweepDay.objects.create(day=EVE, summary={"since": str(BORN)})
    _tidy(problems)
    _say(f"swept, {perf_counter() - since:.0f} s")


def _say(text: str) -> None:
    echo(f"# {text}", err=True)


def _put(table: str, lines: list[tuple[object, ...]]) -> None:
    columns = COLUMNS[table].split()
    names = ", ".join(columns)
    if table == "problems_search":
        lines = [(pk, _vector(words) if POSTGRES else " ".join(sorted(words))) for pk, words in lines]  # type: ignore[call-overload]
    with connection.cursor() as cursor:
        if POSTGRES:
            text = "\n".join("\t".join("\\N" if v is None else str(v) for v in line) for line in lines) + "\n"
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                copy.write(text)
        else:
            marks = ", ".join("?" * len(columns))
            cursor.cursor.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", lines)  # noqa: S608


def _vector(words: set[str]) -> str:
    return " ".join(f"'{word}'" for word in sorted(words))


@contextmanager
def _bare_tables() -> Iterator[None]:
    """Without indexes, foreign keys and waiting for the disk."""
    tables = list(COLUMNS)
    with connection.cursor() as cursor:
        if POSTGRES:
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)"
                " AND indexname NOT IN (SELECT conname FROM pg_constraint)", [tables],
            )  # fmt: skip
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        made = [(name, sql) for name, sql in cursor.fetchall() if POSTGRES or any(f'"{t}"' in sql for t in tables)]
        for name, _ in made:
            cursor.execute(f'DROP INDEX "{name}"')
        for sql in ("SET session_replication_role = replica", "SET synchronous_commit = off", "SET maintenance_work_mem = '512MB'") if POSTGRES else (
            "PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -400000",
        ):  # fmt: skip
            cursor.execute(sql)
        if not POSTGRES:
            cursor.execute("BEGIN")
        yield
        for _, sql in made:
            cursor.execute(sql)
        if not POSTGRES:
            cursor.execute("COMMIT")
    connection.close()  # the settings of a site come back with the next connection


def _tidy(problems: int) -> None:
    """What a running database does by itself in time, done now."""
    with connection.cursor() as cursor:
        if POSTGRES:
            for table, key in (("problems_problem", "id"), ("problems_plan", "id")):
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', '{key}'), {problems:d})")
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
