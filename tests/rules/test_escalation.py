"""Proposals, lights, the next change and the rehearsal, against walking the calendar day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huanze.rules import escalation, spans
from huanze.rules.conditions import parse, true
from huanze.rules.escalation import CaseFacts, light, next_change, propose, rehearse
from huanze.rules.packs import loader
from huanze.rules.progress import day_reaching, elapsed_percent, even_stages, standing

XQ = loader.shipped_pack("xq")
DEFAULTS = loader.settings(XQ)
CASE = CaseFacts(state="rectifying", start=date(2025, 1, 1), deadline=date(2025, 12, 31), percent=20)


def days_of(first: date, last: date) -> list[date]:
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


# ---- progress


@pytest.mark.row("E7")
@pytest.mark.parametrize(("today", "percent"), [
    (date(2024, 12, 1), 0), (date(2025, 1, 1), 0), (date(2025, 1, 2), 10), (date(2025, 1, 6), 50), (date(2025, 1, 10), 90),
    (date(2025, 1, 11), 100), (date(2025, 3, 1), 100),
])  # fmt: skip
def test_time_runs_evenly_from_start_to_deadline(today: date, percent: int) -> None:
    assert elapsed_percent(date(2025, 1, 1), date(2025, 1, 11), today) == percent


@pytest.mark.row("E6", "E7")
def test_a_long_task_runs_stage_by_stage() -> None:
    start, end = date(2025, 1, 1), date(2025, 1, 31)
    stages = ((date(2025, 1, 11), 20), (date(2025, 1, 21), 80))
    seen = [elapsed_percent(start, end, date(2025, 1, d), stages) for d in (6, 11, 16, 21, 26, 31)]
    assert seen == [10, 20, 50, 80, 90, 100]


def test_stages_without_percentages_share_the_work() -> None:
    assert even_stages([date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)]) == (
        (date(2025, 1, 1), 33), (date(2025, 2, 1), 66), (date(2025, 3, 1), 100),
    )  # fmt: skip


@pytest.mark.row("E7")
@pytest.mark.parametrize(("percent", "word"), [(39, "behind"), (40, "behind"), (41, "on"), (59, "on"), (60, "ahead")])
def test_the_margin_counts_on_both_sides(percent: int, word: str) -> None:
    assert standing(percent, 50, 10) == word


def test_a_deadline_on_the_day_of_the_start_is_reached_at_once() -> None:
    day = date(2025, 1, 1)
    assert elapsed_percent(day, day, day) == 100
    assert elapsed_percent(day, day, day - timedelta(days=1)) == 0
    assert day_reaching(day, day, 1) == day.toordinal()


DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@st.composite
def stages(draw: st.DrawFn) -> tuple[tuple[date, int], ...]:
    days = sorted(draw(st.lists(DAYS, max_size=3, unique=True)))
    return tuple(zip(days, sorted(draw(st.lists(st.integers(0, 100), min_size=len(days), max_size=len(days)))), strict=True))


@given(start=DAYS, length=st.integers(0, 800), steps=stages(), percent=st.integers(1, 100))
def test_the_day_a_percentage_is_reached_is_the_first_such_day(start: date, length: int, steps: tuple[tuple[date, int], ...], percent: int) -> None:
    end = start + timedelta(days=length)
    day = date.fromordinal(day_reaching(start, end, percent, steps))
    assert elapsed_percent(start, end, day, steps) >= percent
    assert elapsed_percent(start, end, day - timedelta(days=1), steps) < percent


# ---- against the calendar walked day by day

STEPS = ("prompt", "warn", "supervise", "circulate", "interview")


@st.composite
def cases(draw: st.DrawFn) -> CaseFacts:
    start = draw(st.dates(date(2024, 6, 1), date(2025, 6, 1)))
    some = st.dictionaries(st.sampled_from(STEPS), st.dates(date(2025, 1, 1), date(2025, 6, 1)), max_size=4)
    return CaseFacts(
        state=draw(st.sampled_from(["rectifying", "applied", "accepting", "filing"])),
        start=start,
        deadline=start + timedelta(days=draw(st.integers(0, 700))),
        percent=draw(st.integers(0, 100)),
        uncertain=draw(st.booleans()),
        stages=draw(stages()),
        issued=draw(some),
        proposed=draw(some),
    )


TODAY, UNTIL = date(2025, 6, 15), date(2025, 12, 15)


def picture(case: CaseFacts, day: date) -> tuple[object, ...]:
    due = tuple(p.step for p in propose(XQ.ladder, case, DEFAULTS, day))
    late = bool(case.running and case.deadline and day > case.deadline)
    return due, light(case, DEFAULTS, day), late


@pytest.mark.row("F1")
@settings(max_examples=60, deadline=None)
@given(case=cases())
def test_the_next_change_is_the_first_day_that_looks_different(case: CaseFacts) -> None:
    now = picture(case, TODAY)
    walked = next((d for d in days_of(TODAY + timedelta(days=1), UNTIL) if picture(case, d) != now), None)
    assert next_change(XQ.ladder, case, DEFAULTS, TODAY, UNTIL) == walked


NUMBERS = ("days_to_deadline", "days_overdue", "percent", "elapsed_percent", "behind_percent", "days_since_step", "steps_count", "month")


@settings(max_examples=150, deadline=None)
@given(case=cases(), fact=st.sampled_from(NUMBERS), op=st.sampled_from(["<=", "<", ">=", ">", "==", "in"]), value=st.integers(-20, 110), turn=st.booleans())
def test_the_days_of_a_condition_are_the_days_it_holds(case: CaseFacts, fact: str, op: str, value: int, turn: bool) -> None:
    c = parse({"fact": fact, "op": op, "value": [value, value + 3] if op == "in" else value})
    if turn and case.on(TODAY)[fact] is not None:
        c = escalation.Not(c)
    held = escalation.days(c, case, {}, (TODAY.toordinal(), UNTIL.toordinal()))
    for day in days_of(TODAY, UNTIL)[::7]:
        assert spans.contains(held, day.toordinal()) == true(c, case.on(day), {}), day


# ---- plain examples


@pytest.mark.row("F1")
def test_an_interview_carries_the_chain_of_earlier_steps() -> None:
    issued = {"warn": date(2025, 12, 2), "prompt": date(2025, 12, 1), "circulate": date(2025, 12, 10), "supervise": date(2026, 1, 16)}
    (step,) = propose(XQ.ladder, replace(CASE, issued=issued), DEFAULTS, date(2026, 1, 31))
    assert step.step == "interview"
    assert step.clause == "XQ-13/5"
    assert [name for name, _ in step.chain] == ["prompt", "warn", "circulate", "supervise"]
    assert "距上一次督促15天，不少于15天" in step.because


def test_without_a_deadline_or_before_a_plan_nothing_is_proposed() -> None:
    for case in (replace(CASE, deadline=None), replace(CASE, state="planning"), replace(CASE, state="closed")):
        assert propose(XQ.ladder, case, DEFAULTS, date(2026, 6, 1)) == ()
        assert light(case, DEFAULTS, date(2026, 6, 1)) == "green"
        assert next_change(XQ.ladder, case, DEFAULTS, date(2025, 1, 1), date(2026, 6, 1)) is None


@pytest.mark.row("J4")
@pytest.mark.parametrize(("today", "percent", "word"), [
    (date(2025, 11, 30), 91, "green"), (date(2025, 12, 1), 91, "amber"), (date(2025, 12, 31), 100, "amber"), (date(2026, 1, 1), 100, "red"),
    (date(2025, 7, 1), 40, "green"), (date(2025, 7, 2), 40, "amber"), (date(2025, 7, 2), 20, "red"), (date(2025, 7, 1), 20, "amber"),
])  # fmt: skip
def test_lights_turn_on_the_day_and_at_the_number(today: date, percent: int, word: str) -> None:
    assert light(replace(CASE, percent=percent), DEFAULTS, today) == word


@pytest.mark.row("F1")
def test_the_rehearsal_tells_what_will_come_if_nothing_moves() -> None:
    case = replace(CASE, percent=80)
    told = [(c.day.isoformat(), c.what) for c in rehearse(XQ.ladder, case, DEFAULTS, date(2025, 11, 1), date(2026, 2, 28))]
    assert told == [
        ("2025-11-25", "转为黄灯"), ("2025-11-25", "通报"), ("2025-12-01", "提示"), ("2025-12-01", "警示"), ("2025-12-01", "通报"),
        ("2026-01-01", "逾期"), ("2026-01-01", "转为红灯"), ("2026-01-10", "督办"), ("2026-01-25", "约谈"),
    ]  # fmt: skip


def test_a_rehearsal_ends_where_it_is_told_to() -> None:
    assert rehearse(XQ.ladder, replace(CASE, percent=100), DEFAULTS, date(2025, 6, 1), date(2025, 11, 30)) == ()
