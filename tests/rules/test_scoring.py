"""Deductions add up; each threshold takes effect once, and is taken back when an appeal brings the total under it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanze.rules.packs import loader
from huanze.rules.scoring import Deducted, band, counted, crossings, gaps, total

BANDS = loader.shipped_pack("xq").thresholds


def entry(key: str, points: int, day: int, *, withdrawn: bool = False) -> Deducted:
    return Deducted(key, date(2025, 1, day), points, withdrawn)


@pytest.mark.parametrize(("points", "effect"), [
    (0, None), (9, None), (10, "warning_letter"), (19, "warning_letter"), (20, "interview_deputy"), (29, "interview_deputy"),
    (30, "interview_head"), (300, "interview_head"),
])  # fmt: skip
def test_a_band_begins_at_its_number(points: int, effect: str | None) -> None:
    reached = band(points, BANDS)
    assert (reached.effect if reached else None) == effect


def test_a_crossing_names_the_entry_that_carried_it_over() -> None:
    fired, _ = crossings([entry("b", 5, 9), entry("a", 7, 2)], BANDS, ())
    assert [(f.effect, f.entry, f.on, f.clause) for f in fired] == [("warning_letter", "b", date(2025, 1, 9), "XQ-22/1")]
    assert fired[0].because == "2025-01-09扣5分后累计12分，达到10分"


def test_recalculation_fires_nothing_twice() -> None:
    ledger = [entry("a", 10, 1), entry("b", 10, 2)]
    fired, withdrawn = crossings(ledger, BANDS, ())
    assert [f.effect for f in fired] == ["warning_letter", "interview_deputy"]
    assert withdrawn == ()
    assert crossings(ledger, BANDS, {f.effect for f in fired}) == ((), ())


def test_a_successful_appeal_withdraws_what_is_no_longer_reached_and_it_may_fire_again() -> None:
    ledger = [entry("a", 10, 1), entry("b", 10, 2, withdrawn=True)]
    fired, withdrawn = crossings(ledger, BANDS, {"warning_letter", "interview_deputy"})
    assert fired == ()
    assert [w.effect for w in withdrawn] == ["interview_deputy"]
    assert withdrawn[0].because == "申诉成立后累计扣分为10分，低于20分，“约谈分管负责同志”应予撤回"
    fired, _ = crossings([*ledger, entry("c", 10, 3)], BANDS, {"warning_letter"})
    assert [(f.effect, f.entry) for f in fired] == [("interview_deputy", "c")]


@pytest.mark.parametrize(("period", "points"), [("year", 5), ("all", 15)])
def test_the_period_over_which_points_add_up_is_a_local_setting(period: str, points: int) -> None:
    ledger = [Deducted("a", date(2024, 12, 31), 10), Deducted("b", date(2025, 1, 1), 5), Deducted("c", date(2025, 6, 1), 5)]
    assert total(counted(ledger, period, date(2025, 5, 31))) == points


def test_shipped_bands_leave_no_gap() -> None:
    assert gaps(BANDS) == []


ENTRIES = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 28), st.booleans()), max_size=8)


@given(rows=ENTRIES, already=st.sets(st.sampled_from([t.effect for t in BANDS])))
def test_after_acting_on_the_answer_there_is_nothing_more_to_do(rows: list[tuple[int, int, bool]], already: set[str]) -> None:
    ledger = [entry(str(i), points, day, withdrawn=w) for i, (points, day, w) in enumerate(rows)]
    fired, withdrawn = crossings(ledger, BANDS, already)
    then = (already | {f.effect for f in fired}) - {w.effect for w in withdrawn}
    assert crossings(ledger, BANDS, then) == ((), ())
    assert then == {t.effect for t in BANDS if total(ledger) >= t.at}
