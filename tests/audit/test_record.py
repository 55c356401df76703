"""Recording acts: what is written, what the database then refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum

import pytest
from django.db import IntegrityError, connection, transaction

from huanze.audit.exports.verify import GENESIS
from huanze.audit.models import DailyHead, Entry, Head
from huanze.audit.services import Act, Verified, line, record, record_many, seal_day, sm3, verify
from huanze.base import clock


class Colour(StrEnum):
    RED = "red"


def act(n: int, **more: object) -> Act:
    return Act(action="problem.assign", object_type="problem", object_id=n, actor="zhang", actor_name="张三", payload=more)


@pytest.mark.row("J1")
@pytest.mark.django_db
def test_an_entry_is_the_documented_line_and_its_sm3() -> None:
    with clock.at(datetime(2026, 3, 2, 1, 2, 3, 4, tzinfo=UTC)):
        entry = record(
            action="problem.assign", object_type="problem", object_id=7, actor="zhang", actor_name="张三",
            hat="整改办经办人", payload={"to": "青石镇", "due": date(2026, 4, 1), "light": Colour.RED, "tags": ("b", "a")},
        )
    expected = (
        '{"action":"problem.assign","actor":"zhang","actor_name":"张三","at":"2026-03-02T09:02:03.000004+08:00",'
        '"hat":"整改办经办人","object_id":"7","object_type":"problem",'
        '"payload":{"due":"2026-04-01","light":"red","tags":["b","a"],"to":"青石镇"},'
        f'"prev":"{GENESIS}","seq":1}}'
    )
    assert line(Entry.objects.get(seq=1)) == expected.encode()
    assert entry.hash == sm3(expected.encode())
    assert Head.objects.get().hash == entry.hash


@pytest.mark.django_db
def test_text_is_kept_in_its_composed_form() -> None:
    entry = record(action="note", object_type="problem", object_id=1, actor="li", payload={"note": "e\u0301 \ud800"})
    assert entry.payload == '{"note":"é ?"}'
    assert verify() == Verified(1, entry.hash)


@pytest.mark.row("J1")
@pytest.mark.django_db(transaction=True)
def test_no_entry_without_the_transaction_of_its_change() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record(action="note", object_type="problem", object_id=1, actor="li", payload={})
    assert not Entry.objects.exists()


@pytest.mark.row("J1")
@pytest.mark.django_db(transaction=True)
def test_a_change_that_fails_leaves_no_entry() -> None:
    with transaction.atomic():
        first = record_many([act(1)])[0]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record_many([act(2)])
        raise ZeroDivisionError
    assert verify() == Verified(1, first.hash)


@pytest.mark.django_db
def test_recording_takes_three_queries(django_assert_num_queries: object) -> None:
    record_many([act(1)])
    with django_assert_num_queries(3):  # type: ignore[operator]
        record_many([act(2)])
    with django_assert_num_queries(3):  # type: ignore[operator]
        record_many([act(n) for n in range(3, 13)])
    assert [e.seq for e in Entry.objects.all()] == list(range(1, 13))
    assert isinstance(verify(), Verified)


@pytest.mark.django_db
def test_recording_nothing_writes_nothing() -> None:
    assert record_many([]) == []
    assert not Head.objects.exists()


@pytest.mark.row("J1")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'wang' WHERE seq = 1",
        "DELETE FROM audit_entry WHERE seq = 2",
        "UPDATE audit_dailyhead SET seq = 1",
        "DELETE FROM audit_dailyhead",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET seq = 1",
        "UPDATE audit_head SET hash = 'x'",
    ],
)
def test_the_database_refuses_to_change_what_was_recorded(statement: str) -> None:
    record_many([act(1), act(2)])
    seal_day(date(2026, 3, 2))
    with pytest.raises(IntegrityError, match="只能追加"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert isinstance(verify(), Verified)


@pytest.mark.row("J1")
@pytest.mark.django_db
def test_the_whole_chain_cannot_be_replaced_or_emptied() -> None:
    record_many([act(1), act(2)])
    trick = {
        "sqlite": "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry",
        "postgresql": "TRUNCATE audit_entry",
    }[connection.vendor]
    with pytest.raises(IntegrityError, match="只能追加"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(trick)
    assert Entry.objects.count() == 2


@pytest.mark.row("J1")
@pytest.mark.django_db
def test_a_day_is_sealed_once() -> None:
    assert seal_day(date(2026, 3, 1)).hash == GENESIS
    first = record_many([act(1)])[0]
    seal_day(date(2026, 3, 2))
    record_many([act(2)])
    assert seal_day(date(2026, 3, 2)).hash == first.hash
    assert [(d.day, d.seq) for d in DailyHead.objects.all()] == [(date(2026, 3, 1), 0), (date(2026, 3, 2), 1)]
    assert isinstance(verify(), Verified)
