"""五步督促: proposed by the system, issued or turned down by the office, the chain before an interview (F1, XQ-13)."""

from datetime import date

import pytest

from acts import DAY, ok, reach, refused, take
from huanze.audit.models import Entry
from huanze.base import clock
from huanze.notices.models import Notice
from huanze.policies.models import Adoption
from huanze.problems.models import LadderStep, Problem
from huanze.problems.services.ladder import dismiss_step, issue_step, rehearsal
from huanze.problems.services.sweep import sweep
from huanze.rules.lifecycle import State

pytestmark = [pytest.mark.django_db, pytest.mark.row("F1")]


@pytest.fixture(autouse=True)
def _first_of_april():
    with clock.at(DAY):
        yield


def run(first: date, last: date) -> None:
    for day in clock.days(first, last):
        with clock.at(clock.moment(day, 6)):
            sweep(on=day)


def proposal(step: str) -> LadderStep:
    return LadderStep.objects.get(step=step, state="proposed")


def issue(cast, step: str, day: date, *, by=None, document="青整改督〔2025〕1号", **more):
    with clock.at(day):
        return issue_step(step_id=proposal(step).pk, acting_user=by or cast.clerk, document=document, opinion="请立即整改", **more)


@pytest.fixture
def problem(cast) -> Problem:
    """Untouched since 1 April; 督办 is proposed on the 28th."""
    problem = reach(cast, State.RECTIFYING)
    run(date(2025, 4, 2), date(2025, 4, 28))
    return problem


def test_the_office_issues_a_step_and_the_unit_is_told(cast, problem):
    step = ok(issue(cast, "supervise", date(2025, 4, 28)))
    assert (step.state, step.issued_on, step.issued_by, step.document) == ("issued", date(2025, 4, 28), cast.clerk, "青整改督〔2025〕1号")
    assert Notice.objects.get(kind="ladder_supervise", recipient=cast.town_head).urgent
    assert Notice.objects.get(kind="propose_supervise", recipient=cast.clerk).state == "cancelled"
    entry = Entry.objects.get(action="ladder.issue")
    assert (entry.actor, entry.object_id) == ("clerk", str(problem.pk))
    run(date(2025, 4, 29), date(2025, 4, 30))
    assert LadderStep.objects.filter(step="supervise").count() == 1, "a step is not proposed twice in one run"


@pytest.mark.parametrize("who", ["town_head", "neighbour_head", "lead_head", "other_clerk", "security_admin"])
def test_nobody_but_the_office_issues_or_turns_down(cast, problem, who):
    refused(issue(cast, "supervise", date(2025, 4, 28), by=getattr(cast, who)), "wrong_actor", "整改办")
    with clock.at(date(2025, 4, 28)):
        refused(dismiss_step(step_id=proposal("supervise").pk, acting_user=getattr(cast, who), reason="不必"), "wrong_actor")


def test_a_step_without_a_document_number_is_refused(cast, problem):
    assert "document" in refused(issue(cast, "supervise", date(2025, 4, 28), document=" "), "inputs").fields


def test_a_step_turned_down_is_not_proposed_again_in_this_run(cast, problem):
    with clock.at(date(2025, 4, 28)):
        assert "reason" in refused(dismiss_step(step_id=proposal("supervise").pk, acting_user=cast.clerk, reason=""), "inputs").fields
        step = ok(dismiss_step(step_id=proposal("supervise").pk, acting_user=cast.clerk, reason="已现场约定整改时间"))
    assert (step.state, step.ended_on, step.ended_why) == ("dismissed", date(2025, 4, 28), "已现场约定整改时间")
    run(date(2025, 4, 29), date(2025, 5, 3))
    assert not LadderStep.objects.filter(step="supervise", state="proposed").exists()
    with clock.at(date(2025, 5, 3)):
        refused(issue_step(step_id=step.pk, acting_user=cast.clerk, document="1号"), "wrong_state", "不予采纳")


def test_circulars_come_month_by_month_and_the_rest_once(cast, problem):
    run(date(2025, 4, 29), date(2025, 5, 2))
    ok(issue(cast, "circulate", date(2025, 5, 2)))
    run(date(2025, 5, 3), date(2025, 5, 31))
    assert not LadderStep.objects.filter(step="circulate", state="proposed").exists()
    run(date(2025, 6, 1), date(2025, 6, 1))
    assert proposal("circulate").day == date(2025, 6, 1)


def test_an_interview_comes_fifteen_days_after_the_last_of_the_four(cast, problem):
    ok(issue(cast, "supervise", date(2025, 4, 28)))
    run(date(2025, 4, 29), date(2025, 5, 31))
    for step in ("circulate", "prompt", "warn"):
        ok(issue(cast, step, date(2025, 5, 31)))
    run(date(2025, 6, 1), date(2025, 6, 14))
    assert not LadderStep.objects.filter(step="interview").exists()
    run(date(2025, 6, 15), date(2025, 6, 15))
    assert proposal("interview").day == date(2025, 6, 15)
    ok(issue(cast, "interview", date(2025, 6, 16)))
    payload = Entry.objects.filter(action="ladder.issue").order_by("-seq")[0].payload
    for step in ("supervise", "circulate", "prompt", "warn"):
        assert step in payload, "the chain of earlier steps goes with the interview"


def test_an_interview_before_its_time_needs_a_reason_and_a_name(cast, problem):
    """A place may let the system propose it after 督办 alone; the person who leaves out the rest says why."""
    Adoption.objects.update(settings={"interview_chain": ["supervise"]})
    ok(issue(cast, "supervise", date(2025, 4, 28)))
    run(date(2025, 4, 29), date(2025, 5, 13))
    refused(issue(cast, "interview", date(2025, 5, 13)), "not_ready", "提示、警示、通报")
    step = ok(issue(cast, "interview", date(2025, 5, 13), by=cast.office_head, exception="群众反映强烈，须当面约谈"))
    assert (step.exception, step.issued_by) == ("群众反映强烈，须当面约谈", cast.office_head)


def test_a_proposal_no_longer_true_cannot_be_issued(cast, problem):
    step = proposal("supervise")
    with clock.at(date(2025, 4, 28)):
        take(problem, "report_progress", cast.town_liaison, percent=40, text="加快施工")
        refused(issue_step(step_id=step.pk, acting_user=cast.clerk, document="1号"), "wrong_state", "条件已不成立")
        refused(issue_step(step_id=0, acting_user=cast.clerk, document="1号"), "not_found")


def test_the_rehearsal_says_what_comes_when_and_by_which_clause(cast, problem):
    with clock.at(date(2025, 4, 29)):
        coming = {c.what: c for c in reversed(rehearsal(problem))}
    assert coming["通报"].day == date(2025, 5, 1)
    assert (coming["提示"].day, coming["提示"].clause) == (date(2025, 5, 31), "XQ-13/1")
    assert coming["逾期"].day == date(2025, 7, 1)
    assert coming["约谈"].clause == "XQ-13/5"
    days = [c.day for c in rehearsal(problem, date(2025, 4, 29))]
    assert days == sorted(days)


def test_the_rehearsal_of_an_application_names_the_acceptors_clock(cast):
    problem = reach(cast, State.APPLIED)
    missed = next(c for c in rehearsal(problem) if c.what == "未按期组织验收")
    assert (missed.day, missed.clause) == (date(2025, 4, 17), "XQ-17/1")
