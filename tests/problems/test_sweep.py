"""每日巡查: moments fall on their legal days, once, whoever runs the sweep and whenever (F1, D10, habit 5)."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from acts import DAY, finish_work, materials, ok, reach, take
from huanze.audit.models import Entry
from huanze.base import clock
from huanze.notices.models import Notice
from huanze.policies.services import load_calendar_year
from huanze.problems.models import Acceptance, LadderStep, Omission, Problem, SweepDay
from huanze.problems.services import moments
from huanze.problems.services.sweep import SweepSummary, sweep
from huanze.rules.lifecycle import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _first_of_april():
    with clock.at(DAY):
        yield


def live(first: date, last: date) -> SweepSummary | None:
    """Each day's sweep at six in the morning of that day."""
    summary = None
    for day in clock.days(first, last):
        with clock.at(clock.moment(day, 6)):
            summary = sweep(on=day)
    return summary


def steps(problem: Problem) -> list[tuple[str, str, str]]:
    return [(s.step, s.state, s.day.isoformat()) for s in LadderStep.objects.filter(problem=problem)]


@pytest.mark.row("F1")
def test_a_problem_nobody_works_on_climbs_the_ladder_day_by_day(cast):
    """Approved on 1 April, due on 30 June, nothing done: ninety days, so each percentage falls on a known day."""
    problem = reach(cast, State.RECTIFYING)
    assert (problem.light, problem.next_moment) == ("green", date(2025, 4, 10))
    expected = {
        date(2025, 4, 9): ("green", []),
        date(2025, 4, 10): ("amber", []),  # nine of ninety days: ten points behind
        date(2025, 4, 27): ("amber", []),
        date(2025, 4, 28): ("red", ["supervise"]),  # thirty points behind
        date(2025, 5, 1): ("red", ["supervise", "circulate"]),  # May is a month of circulars
        date(2025, 5, 30): ("red", ["supervise", "circulate"]),
        date(2025, 5, 31): ("red", ["supervise", "circulate", "prompt", "warn"]),  # thirty days left
        date(2025, 6, 30): ("red", ["supervise", "circulate", "prompt", "warn"]),
    }
    for day in clock.days(date(2025, 4, 2), date(2025, 6, 30)):
        live(day, day)
        if day in expected:
            problem.refresh_from_db()
            open_steps = list(LadderStep.objects.filter(problem=problem, state="proposed").order_by("pk").values_list("step", flat=True))
            assert (problem.light, open_steps) == expected[day], day
    live(date(2025, 7, 1), date(2025, 7, 1))
    # the deadline is past: what asked for days before it is no longer true
    assert steps(problem) == [
        ("supervise", "proposed", "2025-04-28"),
        ("circulate", "lapsed", "2025-05-01"),
        ("prompt", "lapsed", "2025-05-31"),
        ("warn", "lapsed", "2025-05-31"),
    ]
    lapsed = LadderStep.objects.get(problem=problem, step="prompt")
    assert (lapsed.ended_on, lapsed.ended_why) == (date(2025, 7, 1), "条件已不成立")
    step = LadderStep.objects.get(problem=problem, step="supervise")
    assert (step.clause, step.deadline) == ("XQ-13/3", date(2025, 6, 30))
    assert any("30个百分点" in why for why in step.because)
    assert Notice.objects.filter(kind="propose_supervise", recipient=cast.clerk, day=date(2025, 4, 28)).count() == 1


@pytest.mark.row("D10")
def test_the_day_after_the_deadline_the_main_unit_owns_an_omission(cast):
    problem = reach(cast, State.RECTIFYING)
    live(date(2025, 4, 2), date(2025, 6, 30))
    assert not Omission.objects.filter(problem=problem, kind="overdue").exists()
    live(date(2025, 7, 1), date(2025, 7, 5))
    omission = Omission.objects.get(problem=problem, kind="overdue")
    assert (omission.organisation, omission.office, omission.period) == (cast.town_gov, cast.office, "2025-06-30")
    assert (omission.day, omission.clause, omission.made_good_on) == (date(2025, 7, 1), "XQ-7/2", None)
    assert Notice.objects.filter(kind="overdue", recipient=cast.town_head, day=date(2025, 7, 1)).exists()
    assert not Notice.objects.filter(kind="overdue", recipient=cast.neighbour_head).exists()
    with clock.at(date(2025, 7, 8)):
        take(problem, "report_progress", cast.town_liaison, percent=90, text="基本完成")
        omission.refresh_from_db()
        assert omission.made_good_on is None, "progress alone does not make good what was due on a day"


@pytest.mark.row("D10")
def test_an_omission_is_made_good_on_the_day_the_work_is_accepted(cast):
    problem = reach(cast, State.ACCEPTING)
    live(date(2025, 7, 1), date(2025, 7, 1))
    with clock.at(date(2025, 7, 2)):
        for unit, person in ((cast.housing, cast.lead_liaison), (cast.farming, cast.second_liaison)):
            take(problem, "record_view", person, organisation=unit.pk, verdict="pass", opinion="现场核查到位")
        done = take(problem, "pass_acceptance", cast.lead_liaison, opinion="联合验收合格")
    assert Omission.objects.get(problem=problem, kind="overdue").made_good_on == date(2025, 7, 2)
    assert (done.light, done.next_moment) == ("none", None)
    assert not LadderStep.objects.filter(problem=problem, state="proposed").exists()


@pytest.mark.row("D10")
def test_acceptors_not_gathered_in_ten_working_days_are_on_record(cast):
    problem = reach(cast, State.APPLIED)
    assert Acceptance.objects.get(problem=problem).due_on == date(2025, 4, 16)  # 4 April is a holiday
    live(date(2025, 4, 2), date(2025, 4, 16))
    assert not Omission.objects.filter(kind="acceptance").exists()
    live(date(2025, 4, 17), date(2025, 4, 17))
    omission = Omission.objects.get(kind="acceptance")
    assert (omission.organisation, omission.day, omission.period) == (cast.housing, date(2025, 4, 17), "第1次")
    assert omission.clause == "XQ-17/1"
    with clock.at(date(2025, 4, 18)):
        take(problem, "start_acceptance", cast.lead_liaison)
    omission.refresh_from_db()
    assert omission.made_good_on == date(2025, 4, 18)


@pytest.mark.row("D10")
def test_acceptors_gathered_on_the_last_day_omit_nothing(cast):
    problem = reach(cast, State.APPLIED)
    with clock.at(date(2025, 4, 16)):
        take(problem, "start_acceptance", cast.lead_liaison)
    live(date(2025, 4, 17), date(2025, 4, 18))
    assert not Omission.objects.filter(kind="acceptance").exists()


@pytest.mark.row("F1")
def test_progress_makes_proposals_lapse_and_a_worse_report_brings_them_back(cast):
    problem = reach(cast, State.RECTIFYING)
    live(date(2025, 4, 2), date(2025, 4, 28))
    with clock.at(date(2025, 4, 28)):
        now = take(problem, "report_progress", cast.town_liaison, percent=40, text="加快施工")
        assert now.light == "green"
        assert steps(problem) == [("supervise", "lapsed", "2025-04-28")]
        assert Notice.objects.filter(kind="propose_supervise", state="waiting").count() == 0
    with clock.at(date(2025, 4, 29)):
        now = take(problem, "report_progress", cast.town_liaison, percent=0, text="返工重做")
        assert now.light == "red"
        assert steps(problem) == [("supervise", "lapsed", "2025-04-28"), ("supervise", "proposed", "2025-04-29")]


@pytest.mark.row("F1")
@pytest.mark.parametrize(("who", "name"), [("town_liaison", "report_progress"), ("second_liaison", "report_risk")])
def test_either_side_may_report_that_the_deadline_is_in_danger(cast, who, name):
    problem = reach(cast, State.RECTIFYING)
    with clock.at(date(2025, 6, 10)):
        take(problem, "report_progress", cast.town_liaison, percent=85, text="按计划推进")
        assert [s for s, state, _ in steps(problem) if state == "proposed"] == ["prompt"]
        more = {"percent": 85} if name == "report_progress" else {}
        take(problem, name, getattr(cast, who), text="连续降雨影响工期", uncertain=True, **more)
        assert ("warn", "proposed", "2025-06-10") in steps(problem)


@pytest.mark.row("F1")
def test_an_extension_ends_the_run_and_the_omission_and_begins_anew(cast):
    problem = reach(cast, State.RECTIFYING)
    live(date(2025, 4, 2), date(2025, 7, 2))
    with clock.at(date(2025, 7, 2)):
        take(problem, "request_extension", cast.town_head, reason="汛期停工", deadline="2025-09-30")
        take(problem, "approve_change", cast.approver, document="青整改〔2025〕9号", override_reason="汛期停工属实")
    assert Omission.objects.get(problem=problem, kind="overdue").made_good_on == date(2025, 7, 2)
    ended = LadderStep.objects.filter(problem=problem, step="supervise").order_by("pk")
    assert [(s.state, s.ended_why, s.deadline) for s in ended] == [
        ("lapsed", "完成时限已调整为2025-09-30", date(2025, 6, 30)),
        ("proposed", "", date(2025, 9, 30)),
    ]


def test_running_twice_changes_nothing(cast):
    problem = reach(cast, State.RECTIFYING)
    live(date(2025, 4, 2), date(2025, 5, 1))
    entries, days = Entry.objects.count(), SweepDay.objects.count()
    before = (Problem.objects.values().get(pk=problem.pk), list(LadderStep.objects.values()), Notice.objects.count())
    with clock.at(date(2025, 5, 1)):
        summary = sweep(on=date(2025, 5, 1))
    assert summary.days == ()
    assert (Entry.objects.count(), SweepDay.objects.count()) == (entries, days)
    assert (Problem.objects.values().get(pk=problem.pk), list(LadderStep.objects.values()), Notice.objects.count()) == before


def test_the_first_sweep_ever_runs_its_own_day_alone(cast):
    summary = live(date(2025, 4, 7), date(2025, 4, 7))
    assert summary is not None
    assert [d.day for d in summary.days] == [date(2025, 4, 7)]


def test_days_off_are_made_up_for_each_under_its_own_date(cast):
    problem = reach(cast, State.RECTIFYING)
    live(date(2025, 4, 2), date(2025, 4, 26))
    with clock.at(date(2025, 5, 2)):
        summary = sweep(on=date(2025, 5, 2))
    assert [d.day.day for d in summary.days] == [27, 28, 29, 30, 1, 2]
    assert steps(problem) == [("supervise", "proposed", "2025-04-28"), ("circulate", "proposed", "2025-05-01")]
    assert summary.totals()["light_red"] == 1


def test_a_sweep_stopped_before_its_first_chunk_is_finished_by_the_next(cast):
    problem = reach(cast, State.RECTIFYING)
    live(date(2025, 4, 2), date(2025, 4, 27))
    with clock.at(date(2025, 4, 28)):
        stopped = sweep(on=date(2025, 4, 28), stop=lambda: True)
        assert stopped.stopped
        assert not SweepDay.objects.filter(day=date(2025, 4, 28)).exists()
        told: list[tuple[date, int]] = []
        again = sweep(on=date(2025, 4, 28), progress=lambda day, n: told.append((day, n)))
    assert (again.stopped, told) == (False, [(date(2025, 4, 28), 1)])
    assert steps(problem) == [("supervise", "proposed", "2025-04-28")]


def test_the_number_of_queries_does_not_grow_with_the_problems(cast):
    reach(cast, State.RECTIFYING)
    live(date(2025, 4, 2), date(2025, 4, 27))
    counts = []
    for copies in (1, 4, 20):  # the first warms what is kept for the whole process
        _copies(Problem.objects.order_by("pk")[0], copies)
        with clock.at(date(2025, 4, 28)), CaptureQueriesContext(connection) as seen:
            sweep(on=date(2025, 4, 28))
        # rows go in by batches, as many as a statement may hold; everything else is asked once
        counts.append(sum(not q["sql"].startswith("INSERT") for q in seen))
        assert LadderStep.objects.filter(step="supervise").count() == Problem.objects.count()
        SweepDay.objects.filter(day=date(2025, 4, 28)).delete()
        LadderStep.objects.all().delete()
        Problem.objects.update(light="amber", next_moment=date(2025, 4, 28))
    assert counts[1] == counts[2]


def _copies(problem: Problem, n: int) -> None:
    for no in range(n):
        problem.pk, problem.number = None, f"X-{Problem.objects.count()}-{no}"
        problem.save()


def test_a_step_of_a_person_in_the_middle_of_a_sweep_wins(cast):
    """Read, decided, then a person acts, then written: what the person did stands and the sweep leaves it."""
    from huanze.problems.services import sweep as module

    problem = reach(cast, State.RECTIFYING)
    live(date(2025, 4, 2), date(2025, 4, 27))
    with clock.at(date(2025, 4, 28)):
        rows = next(module.due_rows(date(2025, 4, 28)))
        take(problem, "report_progress", cast.town_liaison, percent=40, text="加快施工")
        counts = module._run_chunk(rows, date(2025, 4, 28), module.Rules(), module.Directory())
    assert counts == {"left_to_others": 1}
    problem.refresh_from_db()
    assert (problem.light, problem.percent) == ("green", 40)


NEW_YEAR_2027 = """
year: 2027
notices: [{title: 假定的2027年放假安排, number: 假定〔2026〕1号, date: 2026-12-22}]
holidays: {元旦: [2027-01-01, 2027-01-02, 2027-01-03]}
workdays: []
"""


@pytest.mark.row("J5")
def test_a_provisional_date_is_counted_anew_when_its_year_is_loaded(cast):
    problem = reach(cast, State.RECTIFYING)
    with clock.at(date(2026, 12, 21)):
        finish_work(cast, problem)
        materials(cast, problem)
        take(problem, "apply", cast.town_head, statement="整改全部完成")
    first = Acceptance.objects.get(problem=problem)
    assert (first.due_on, first.due_provisional) == (date(2027, 1, 4), True)
    live(date(2026, 12, 22), date(2026, 12, 22))
    with clock.at(date(2026, 12, 22)):
        ok(load_calendar_year(NEW_YEAR_2027, cast.system_admin))
    live(date(2026, 12, 23), date(2026, 12, 23))
    again = Acceptance.objects.get(problem=problem)
    assert (again.due_on, again.due_provisional) == (date(2027, 1, 5), False)
    live(date(2026, 12, 24), date(2027, 1, 5))
    assert not Omission.objects.filter(kind="acceptance").exists()
    live(date(2027, 1, 6), date(2027, 1, 6))
    assert Omission.objects.get(kind="acceptance").day == date(2027, 1, 6)


@pytest.mark.row("E7")
def test_pace_is_ahead_on_or_behind_at_the_margin(cast):
    """Ten points are the margin: 45 of 90 days gone on 16 May."""
    problem = reach(cast, State.RECTIFYING)
    found = {}
    for percent in (40, 41, 59, 60):
        problem.percent = percent
        pace = moments.pace(problem, date(2025, 5, 16))
        assert pace is not None
        assert pace.elapsed == 50
        found[percent] = pace.standing
    assert found == {40: "behind", 41: "on", 59: "on", 60: "ahead"}
    assert moments.pace(reach(cast, State.PLANNING), date(2025, 5, 16)) is None
