"""After days off the sweep leaves what daily runs would have left, whatever people did meanwhile (habit 5)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acts import DAY, finish_work, materials, reach
from huanze.base import clock
from huanze.problems.models import DispatchReturn, LadderStep, Omission, Problem, SelfCheckReturn, SweepDay
from huanze.problems.services.dispatch import submit_dispatch
from huanze.problems.services.door import problem_transition
from huanze.problems.services.sweep import sweep
from huanze.rules.lifecycle import State

FIRST, LAST = date(2025, 5, 29), date(2025, 7, 3)
SPAN = (LAST - FIRST).days

Act = tuple[int, str, int, int]
"""Days after FIRST, what is done, to which problem, and a number for it."""

acts = st.lists(
    st.tuples(st.integers(0, SPAN), st.sampled_from(["progress", "risk", "extend", "apply", "withdraw", "dispatch"]), st.integers(0, 1), st.integers(0, 100)),
    max_size=8,
)
runs = st.sets(st.integers(0, SPAN - 1), max_size=12)
"""Days on which the late platform was up; the first of a month must be among them for anyone to see that month's return."""


@pytest.fixture
def world(cast):
    """Two problems under rectification since 1 April, swept to the eve of the story."""
    with clock.at(DAY):
        reach(cast, State.RECTIFYING)
        reach(cast, State.RECTIFYING)
    for day in (date(2025, 4, 2), FIRST - timedelta(days=1)):
        with clock.at(clock.moment(day, 6)):
            sweep(on=day)
    return cast


@pytest.mark.django_db
@pytest.mark.row("D10", "F1")
def test_days_off_leave_what_daily_runs_would_have_left(world):
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(acts, runs)
    def same(story: list[Act], up: set[int]) -> None:
        daily = lived(world, story, lambda day: True)
        late = lived(world, story, lambda day: day == LAST or day.day == 1 or (day - FIRST).days in up)
        assert late == daily

    same()


def lived(cast, story: list[Act], runs_on: Callable[[date], bool]) -> dict[str, object]:
    """Live from FIRST to LAST, then forget it all; what it left."""
    with transaction.atomic():
        for day in clock.days(FIRST, LAST):
            if runs_on(day):
                with clock.at(clock.moment(day, 6)):
                    sweep(on=day)
            with clock.at(clock.moment(day, 9)):
                for after, what, which, n in story:
                    if FIRST + timedelta(days=after) == day:
                        act(cast, Problem.objects.order_by("pk")[which], what, n)
        left = snapshot()
        transaction.set_rollback(True)
    return left


def act(cast, problem: Problem, what: str, n: int) -> None:
    """One act of a person; where the table does not allow it, it is refused alike in both lives."""

    def go(name: str, user, **inputs) -> object:
        return problem_transition(problem_id=problem.pk, name=name, acting_user=user, inputs=inputs)

    match what:
        case "progress":
            go("report_progress", cast.town_liaison, percent=n, text="进展情况", uncertain=n % 3 == 0)
        case "risk":
            go("report_risk", cast.second_liaison, text="存在风险", uncertain=n % 2 == 0)
        case "extend":
            go("request_extension", cast.town_head, reason="汛期停工", deadline=str(clock.today() + timedelta(days=n)))
            go("approve_change", cast.approver, document="1号", override_reason="汛期停工属实")
        case "apply" if problem.state == State.RECTIFYING:
            finish_work(cast, problem)
            materials(cast, problem)
            go("apply", cast.town_head, statement="整改全部完成")
        case "withdraw":
            go("withdraw_application", cast.town_head, reason="尚有遗漏")
        case "dispatch":
            owed = DispatchReturn.objects.filter(problem=problem, organisation=cast.town_gov).order_by("-round__month").first()
            said = dict.fromkeys(("organising", "measures_done", "difficulties", "next_steps"), "按计划推进")
            if owed:
                submit_dispatch(return_id=owed.pk, acting_user=cast.town_liaison, answers=said, percent=n)


def snapshot() -> dict[str, object]:
    """Everything but ids, and moments at which rows were written."""

    def rows(model, *fields: str) -> list[tuple[object, ...]]:
        return sorted(model.objects.values_list(*fields), key=repr)

    return {
        "problems": rows(Problem, "number", "state", "state_version", "light", "next_moment", "percent", "deadline", "uncertain"),
        "ladder": rows(LadderStep, "problem__number", "step", "state", "deadline", "day", "because", "clause", "ended_on", "ended_why"),
        "omissions": rows(Omission, "kind", "organisation", "office", "problem__number", "period", "day", "clause", "made_good_on"),
        "dispatch": rows(DispatchReturn, "round__month", "round__closed", "problem__number", "organisation", "role", "submitted_on", "late", "percent"),
        "self_check": rows(SelfCheckReturn, "organisation", "cutoff", "counted_in"),
        "days": rows(SweepDay, "day"),
    }
