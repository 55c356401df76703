"""State × step × person through the real door: only those the table names get through, everyone else is refused."""

import pytest
from django.db import transaction

from acts import DAY, reach, sensible
from huanze.base import clock
from huanze.problems.models import Problem, StatusChange
from huanze.problems.services.context import rules_of
from huanze.problems.services.door import problem_transition
from huanze.rules.lifecycle import TABLE, Hat, State
from huanze.rules.verdicts import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.row("J6", "G6", "E3")]

NAMES = sorted({t.name for t in TABLE})
H = Hat
HATS = {
    "clerk": {H.OFFICE}, "office_head": {H.OFFICE}, "town_liaison": {H.MAIN}, "town_head": {H.MAIN, H.MAIN_HEAD},
    "lead_liaison": {H.LEAD, H.ACCEPTOR}, "lead_head": {H.LEAD, H.LEAD_HEAD, H.ACCEPTOR}, "second_liaison": {H.ACCEPTOR},
    "second_head": {H.ACCEPTOR}, "leader": {H.LEADER}, "approver": {H.APPROVER}, "mayor": set(), "water_liaison": set(),
    "neighbour_head": set(), "discipline_officer": set(), "congress_leader": set(), "other_clerk": set(),
    "system_admin": set(), "security_admin": set(), "audit_admin": set(),
}  # fmt: skip
"""What each of the cast is to the problem once it is assigned; before that only the office is anything to it."""

STATES = [
    State.REGISTERED, State.ASSIGNED, State.PLANNING, State.PLAN_REVIEW, State.RECTIFYING, State.APPLIED, State.ACCEPTING,
    State.SIGNING, State.CONFIRMING, State.FILING, State.CLOSED,
]  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_every_person_at_every_step(cast, state):
    with clock.at(DAY):
        problem = reach(cast, state)
        machine = rules_of(problem).machine
        for name in NAMES:
            row, inputs = machine.row(state, name), sensible(cast, problem, name, DAY)
            for who, hats in HATS.items():
                worn = hats if state is not State.REGISTERED else hats & {H.OFFICE}
                answer = pressed(problem, name, getattr(cast, who), inputs)
                if row is None:
                    assert answer == "wrong_state", (name, who)
                elif not row.actors & worn:
                    assert answer == "wrong_actor", (name, who)
                else:
                    assert answer not in ("wrong_state", "wrong_actor"), (name, who)
        assert Problem.objects.get(pk=problem.pk).state == state


def pressed(problem, name, user, inputs) -> str:
    """The refusal's code, or empty when the step was taken; either way it is taken back."""
    before = StatusChange.objects.count()
    with transaction.atomic():
        answer = problem_transition(problem_id=problem.pk, name=name, acting_user=user, inputs=inputs)
        taken = not isinstance(answer, Refusal)
        assert (StatusChange.objects.count() > before) is taken
        transaction.set_rollback(True)
    return "" if taken else answer.code
