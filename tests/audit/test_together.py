"""Many writers at once make one chain. PostgreSQL only: a test's SQLite database lives in one connection."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from huanze.audit.models import Entry
from huanze.audit.services import Verified, record, verify

WRITERS, EACH = 8, 10


def write(writer: int) -> None:
    try:
        for n in range(EACH):
            with transaction.atomic():
                record(action="note", object_type="problem", object_id=n, actor=f"w{writer}", payload={})
    finally:
        connection.close()


@pytest.mark.row("J1")
@pytest.mark.django_db(transaction=True)
def test_writers_queue_at_the_head_from_the_very_first_entry() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    assert isinstance(verify(), Verified)
    assert Entry.objects.count() == WRITERS * EACH
