"""Whoever changes the chain is found, and the first broken entry is named."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from append_only import unguarded
from huanze.audit.models import DailyHead, Entry, Head
from huanze.audit.services import Act, Broken, Verified, line, record_many, seal_day, sm3, verify

LENGTH = 9
TEXT = ("actor", "actor_name", "hat", "action", "object_type", "object_id", "payload", "prev", "hash")


@pytest.fixture
def nine(db: None) -> None:
    """Nine entries; the day is sealed after the fourth."""
    acts = [Act("problem.note", "problem", n, "zhang", "张三", payload={"n": n, "说明": "核查"}) for n in range(1, LENGTH + 1)]
    record_many(acts[:4])
    seal_day(date(2026, 3, 2))
    record_many(acts[4:])


def tamper(seq: int, **change: Any) -> None:
    with unguarded():
        Entry.objects.filter(seq=seq).update(**change)


def rewrite(first: int) -> None:
    """Recompute every entry from ``first`` on, as one who knows the layout would."""
    prev = Entry.objects.get(seq=first).prev
    for entry in Entry.objects.filter(seq__gte=first):
        entry.prev = prev
        entry.hash = prev = sm3(line(entry))
        tamper(entry.seq, prev=entry.prev, hash=entry.hash)


def broken_at() -> int:
    found = verify()
    assert isinstance(found, Broken)
    assert not found
    assert found.why.endswith("。")
    return found.seq


@pytest.mark.row("J1")
def test_a_whole_chain_holds(nine: None) -> None:
    assert verify() == Verified(LENGTH, Entry.objects.get(seq=LENGTH).hash)


@pytest.mark.django_db
def test_an_empty_chain_holds() -> None:
    assert verify() == Verified(0, "0" * 64)


@pytest.mark.row("J1")
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), seq=st.integers(1, LENGTH), column=st.sampled_from(TEXT))
def test_any_single_change_of_an_entry_names_it(nine: None, data: st.DataObject, seq: int, column: str) -> None:
    before = getattr(Entry.objects.get(seq=seq), column)
    at = data.draw(st.integers(0, len(before)), label="where")
    cut = data.draw(st.integers(0, 1), label="how many characters go")
    new = data.draw(st.text("0a 张\"\\{}\n", max_size=1), label="what comes")
    after = (before[:at] + new + before[at + cut :])[:64]
    if after == before:
        return
    tamper(seq, **{column: after})
    assert broken_at() == seq
    tamper(seq, **{column: before})
    assert isinstance(verify(), Verified)


@pytest.mark.row("J1")
@pytest.mark.parametrize("seq", [1, 5, LENGTH])
def test_a_moved_time_names_the_entry(nine: None, seq: int) -> None:
    tamper(seq, at=F("at") + timedelta(microseconds=1))
    assert broken_at() == seq


@pytest.mark.row("J1")
@pytest.mark.parametrize("seq", [1, 5, LENGTH])
def test_a_missing_entry_is_named(nine: None, seq: int) -> None:
    with unguarded():
        Entry.objects.filter(seq=seq).delete()
    assert broken_at() == seq


@pytest.mark.row("J1")
def test_two_entries_changing_places_name_the_first(nine: None) -> None:
    with unguarded():
        for old, new in [(3, 0), (4, 3), (0, 4)]:
            Entry.objects.filter(seq=old).update(seq=new)
    assert broken_at() == 3


@pytest.mark.row("J1")
@pytest.mark.parametrize("seq", [1, 5, LENGTH])
def test_an_entry_rewritten_with_its_hash_is_named(nine: None, seq: int) -> None:
    tamper(seq, actor="wang")
    tamper(seq, hash=sm3(line(Entry.objects.get(seq=seq))))
    assert broken_at() == seq


@pytest.mark.row("J1")
def test_everything_rewritten_up_to_the_head_is_found_at_the_seal_or_the_head(nine: None) -> None:
    tamper(2, actor="wang")
    rewrite(2)
    assert broken_at() == 4
    with unguarded():
        Head.objects.update(hash=Entry.objects.get(seq=LENGTH).hash)
    assert broken_at() == 4


@pytest.mark.row("J1")
def test_a_cut_tail_is_found_even_when_the_head_is_set_back(nine: None) -> None:
    with unguarded():
        Entry.objects.filter(seq__gt=2).delete()
    assert broken_at() == 3
    with unguarded():
        Head.objects.update(seq=2, hash=Entry.objects.get(seq=2).hash)
    assert broken_at() == 3
    assert "末端被回退" in verify().why  # type: ignore[union-attr]


@pytest.mark.row("J1")
def test_entries_beyond_the_head_are_found(nine: None) -> None:
    with unguarded():
        Head.objects.update(seq=LENGTH - 1, hash=Entry.objects.get(seq=LENGTH - 1).hash)
    assert broken_at() == LENGTH


@pytest.mark.row("J1")
def test_a_forged_seal_is_found(nine: None) -> None:
    with unguarded():
        DailyHead.objects.update(hash="f" * 64)
    assert broken_at() == 4
