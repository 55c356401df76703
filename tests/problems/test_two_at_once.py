"""Two people press at the same moment: one step is taken, the other person is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import close_old_connections, connection

from acts import DAY, assignment, data, reach, register
from cast import make_cast
from huanze.base import clock
from huanze.problems.models import Acceptance, ChangeRequest, NumberSeries, Problem, StatusChange
from huanze.problems.services.door import problem_transition
from huanze.problems.services.register import register_problem
from huanze.rules.lifecycle import State
from huanze.rules.verdicts import Refusal
from huanze.site.world.invariants import broken

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.row("G6", "J1")]


def together(*acts):
    """Run the acts at once, each on a connection of its own; their answers in order."""
    gate = Barrier(len(acts))

    def run(act):
        close_old_connections()
        try:
            gate.wait(20)
            with clock.at(DAY):
                return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [f.result() for f in [pool.submit(run, act) for act in acts]]


def press(problem, name, user, **inputs):
    return lambda: problem_transition(
        problem_id=problem.pk, name=name, acting_user=user, inputs=inputs, expected_version=problem.state_version
    )


def one_of(answers):
    refused = [a for a in answers if isinstance(a, Refusal)]
    assert len(answers) - len(refused) == 1, answers
    return refused


def test_of_assigning_and_declining_at_once_one_happens():
    cast = make_cast()
    with clock.at(DAY):
        problem = register(cast)
    answers = together(press(problem, "assign", cast.clerk, **assignment(cast)), press(problem, "decline", cast.office_head, reason="不列入"))
    assert {r.code for r in one_of(answers)} <= {"stale", "wrong_state"}
    assert StatusChange.objects.filter(problem=problem).count() == 2
    assert broken() == []


def test_two_requests_for_change_at_once_leave_one():
    cast = make_cast()
    with clock.at(DAY):
        problem = reach(cast, State.RECTIFYING)
    ask = {"reason": "施工受阻", "deadline": "2025-08-01"}
    answers = together(*(press(problem, "request_extension", cast.town_head, **ask) for _ in range(3)))
    assert sum(not isinstance(a, Refusal) for a in answers) == 1
    assert ChangeRequest.objects.count() == 1


def test_passing_and_failing_at_once_give_one_outcome():
    cast = make_cast()
    with clock.at(DAY):
        problem = reach(cast, State.ACCEPTING)
        for person in (cast.lead_liaison, cast.second_liaison):
            problem_transition(problem_id=problem.pk, name="record_view", acting_user=person, inputs={"verdict": "pass", "opinion": "到位"})
    one_of(
        together(
            press(problem, "pass_acceptance", cast.lead_liaison, opinion="合格"), press(problem, "fail_acceptance", cast.lead_head, opinion="不合格")
        )
    )
    kept, now = Acceptance.objects.get(), Problem.objects.get(pk=problem.pk)
    assert (kept.outcome, now.state) in {("passed", "signing"), ("failed", "rectifying")}


def test_numbers_given_out_at_once_are_all_different():
    cast = make_cast()
    answers = together(*(lambda: register_problem(acting_user=cast.clerk, data=data(cast)) for _ in range(4)))
    assert {p.number for p in answers} == {f"990102-2025-000{n}" for n in range(1, 5)}
    assert NumberSeries.objects.get().last == 4
    assert broken() == []
