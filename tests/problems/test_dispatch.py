"""月度调度: who owes a return, the cut-off on both sides, and what a late sweep finds (D7, D10, XQ-9)."""

from datetime import date

import pytest

from acts import DAY, ok, reach, refused, take
from huanze.base import clock
from huanze.notices.models import Notice
from huanze.problems.models import DispatchReturn, DispatchRound, Omission, Problem, StatusChange
from huanze.problems.services.dispatch import fields_of, owed_returns, prefills, submit_dispatch
from huanze.problems.services.sweep import sweep
from huanze.rules.lifecycle import State

pytestmark = [pytest.mark.django_db, pytest.mark.row("D7")]

ANSWERS = {"organising": "镇长每周调度", "measures_done": "管网完成6公里", "difficulties": "暂无", "next_steps": "继续施工"}
GUIDANCE = {"guidance": "每周现场指导", "acceptance_progress": "尚未申请验收", "difficulties": "暂无", "next_steps": "持续跟进"}


@pytest.fixture(autouse=True)
def _first_of_april():
    with clock.at(DAY):
        yield


@pytest.fixture
def problem(cast) -> Problem:
    """Approved on 1 April, so at work on 1 May; the sweep has run since."""
    problem = reach(cast, State.RECTIFYING)
    run(date(2025, 4, 2), date(2025, 5, 1))
    return problem


def run(first: date, last: date) -> None:
    for day in clock.days(first, last):
        with clock.at(clock.moment(day, 6)):
            sweep(on=day)


def of(unit) -> DispatchReturn:
    return DispatchReturn.objects.select_related("problem", "round").get(organisation=unit)


def submit(unit, person, answers=ANSWERS, **more):
    return submit_dispatch(return_id=of(unit).pk, acting_user=person, answers=answers, **more)


def test_on_the_first_of_the_month_each_unit_of_each_problem_at_work_owes_a_return(cast, problem):
    reach(cast, State.PLANNING)
    round_ = DispatchRound.objects.get(month="2025-05")
    assert (round_.office, round_.opens_on, round_.cutoff, round_.closed) == (cast.office, date(2025, 5, 1), date(2025, 5, 25), False)
    owed = {(r.organisation, r.role, r.problem) for r in round_.returns.all()}
    assert owed == {(cast.town_gov, "main", problem), (cast.housing, "supervising", problem), (cast.farming, "supervising", problem)}
    assert Notice.objects.filter(kind="dispatch_open", recipient=cast.town_liaison, day=date(2025, 5, 1)).count() == 1
    assert not Notice.objects.filter(kind="dispatch_open", recipient=cast.neighbour_liaison).exists()
    assert [r.problem for r in owed_returns([cast.town_gov.pk])] == [problem]


def test_four_fields_for_each_role(cast, problem):
    assert [f.key for f in fields_of(of(cast.town_gov))] == list(ANSWERS)
    assert [f.key for f in fields_of(of(cast.farming))] == list(GUIDANCE)


def test_a_problem_that_began_on_the_first_is_asked_next_month(cast):
    reach(cast, State.RECTIFYING)  # on 1 April
    run(date(2025, 4, 1), date(2025, 4, 2))
    assert not DispatchRound.objects.exists()
    run(date(2025, 4, 3), date(2025, 5, 1))
    assert DispatchRound.objects.get().month == "2025-05"


def test_the_main_units_return_carries_its_progress_through_the_door(cast, problem):
    with clock.at(date(2025, 5, 8)):
        row = ok(submit(cast.town_gov, cast.town_liaison, percent=45, uncertain=False))
    assert (row.answers, row.percent, row.submitted_on, row.late) == (ANSWERS, 45, date(2025, 5, 8), False)
    problem.refresh_from_db()
    assert (problem.percent, problem.percent_on, problem.light) == (45, date(2025, 5, 8), "green")
    change = StatusChange.objects.get(problem=problem, name="report_progress")
    assert change.actor == cast.town_liaison
    assert "管网完成6公里" in change.inputs["text"]


@pytest.mark.row("F1")
def test_an_accepting_unit_reports_a_risk_through_the_door(cast, problem):
    with clock.at(date(2025, 5, 8)):
        ok(submit(cast.farming, cast.second_liaison, GUIDANCE, uncertain=True))
    problem.refresh_from_db()
    assert problem.uncertain
    assert StatusChange.objects.get(problem=problem, name="report_risk").actor == cast.second_liaison


@pytest.mark.parametrize("who", ["lead_liaison", "neighbour_liaison", "clerk", "system_admin", "approver"])
def test_nobody_reports_for_another_unit(cast, problem, who):
    with clock.at(date(2025, 5, 8)):
        refused(submit(cast.town_gov, getattr(cast, who), percent=45), "wrong_actor", "禾丰镇")
    assert of(cast.town_gov).submitted_on is None


@pytest.mark.parametrize("left_out", list(ANSWERS))
def test_every_one_of_the_four_fields_is_asked_for(cast, problem, left_out):
    with clock.at(date(2025, 5, 8)):
        answer = refused(submit(cast.town_gov, cast.town_liaison, ANSWERS | {left_out: "  "}, percent=45), "inputs", "必填")
    assert set(answer.fields) == {left_out}
    problem.refresh_from_db()
    assert problem.percent == 0


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_percentage_out_of_range_is_refused(cast, problem, percent):
    with clock.at(date(2025, 5, 8)):
        assert "percent" in refused(submit(cast.town_gov, cast.town_liaison, percent=percent), "inputs").fields


@pytest.mark.row("D10")
def test_the_cut_off_day_is_in_time_and_the_next_is_late(cast, problem):
    with clock.at(date(2025, 5, 25)):
        assert not ok(submit(cast.town_gov, cast.town_liaison, percent=45)).late
    run(date(2025, 5, 2), date(2025, 5, 26))
    with clock.at(date(2025, 5, 26)):
        late = ok(submit(cast.housing, cast.lead_liaison, GUIDANCE))
    assert late.late
    assert DispatchRound.objects.get().closed
    found = {(o.organisation, o.day, o.period, o.made_good_on, o.clause) for o in Omission.objects.filter(kind="dispatch")}
    assert found == {
        (cast.housing, date(2025, 5, 26), "2025-05", date(2025, 5, 26), "XQ-9"),
        (cast.farming, date(2025, 5, 26), "2025-05", None, "XQ-9"),
    }
    assert Notice.objects.filter(kind="dispatch_missing", recipient=cast.second_liaison).count() == 1
    assert Notice.objects.get(kind="dispatch_missing", recipient=cast.clerk).text.startswith("2025-05整改调度共2项")


@pytest.mark.row("D10")
def test_a_return_that_came_late_before_the_sweep_ran_is_on_record_all_the_same(cast, problem):
    with clock.at(date(2025, 5, 27)):
        ok(submit(cast.housing, cast.lead_liaison, GUIDANCE))
        assert not Omission.objects.filter(kind="dispatch").exists()
    with clock.at(date(2025, 5, 29)):
        sweep(on=date(2025, 5, 29))
    omission = Omission.objects.get(kind="dispatch", organisation=cast.housing)
    assert (omission.day, omission.made_good_on) == (date(2025, 5, 26), date(2025, 5, 27))


def test_a_late_sweep_asks_those_who_were_at_work_on_the_first(cast):
    problem = reach(cast, State.RECTIFYING)
    run(date(2025, 4, 2), date(2025, 4, 30))
    with clock.at(date(2025, 5, 1)):
        later = reach(cast, State.RECTIFYING)  # began on the 1st itself
        take(problem, "merge", cast.clerk, target=later.number, reason="同一处排口")  # and this one ended on it
    with clock.at(date(2025, 5, 4)):
        sweep(on=date(2025, 5, 4))
    assert {r.problem for r in DispatchReturn.objects.all()} == {problem}
    run(date(2025, 5, 5), date(2025, 5, 26))
    assert not Omission.objects.filter(kind="dispatch").exists(), "a problem that has ended has nothing to report"


def test_a_return_may_be_corrected_until_the_cut_off_and_not_after(cast, problem):
    with clock.at(date(2025, 5, 8)):
        ok(submit(cast.housing, cast.lead_liaison, GUIDANCE))
    with clock.at(date(2025, 5, 25)):
        again = ok(submit(cast.housing, cast.lead_head, GUIDANCE | {"difficulties": "资金缺口"}))
        assert again.answers["difficulties"] == "资金缺口"
    with clock.at(date(2025, 5, 26)):
        refused(submit(cast.housing, cast.lead_liaison, GUIDANCE), "already", "2025-05-25")


def test_what_was_said_last_month_need_not_be_typed_again(cast, problem):
    with clock.at(date(2025, 5, 8)):
        ok(submit(cast.town_gov, cast.town_liaison, percent=45))
    run(date(2025, 5, 2), date(2025, 6, 1))
    june = DispatchReturn.objects.select_related("problem", "round").get(organisation=cast.town_gov, round__month="2025-06")
    filled = prefills([june])[june.pk]
    assert (filled.answers, filled.percent, filled.uncertain) == (ANSWERS, 45, False)
    assert june.answers == {}, "prefilled on the form, not handed in"


def test_a_problem_no_longer_at_work_needs_no_return(cast, problem):
    other = reach(cast, State.ASSIGNED)
    with clock.at(date(2025, 5, 9)):
        take(problem, "merge", cast.clerk, target=other.number, reason="同一处排口")
        refused(submit(cast.town_gov, cast.town_liaison, percent=45), "wrong_state", "并案")


def test_a_return_that_is_not_there(cast):
    refused(submit_dispatch(return_id=0, acting_user=cast.clerk, answers={}), "not_found")
