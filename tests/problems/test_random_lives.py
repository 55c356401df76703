"""Random lives: people of the cast press whatever they like on whatever day, and no invariant ever breaks.

Steps are drawn from the table, people from the cast, inputs sensible or spoilt. Many presses are refused,
as they should be; what matters is that nothing half-done is left and every life stays a path through the table.
"""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from acts import picture, register, sensible
from cast import make_cast
from huanze.audit.models import Entry
from huanze.base import clock
from huanze.evidence import services as evidence
from huanze.problems.models import Problem, StatusChange
from huanze.problems.services.door import problem_transition
from huanze.problems.services.sweep import sweep
from huanze.rules.lifecycle import TABLE, State
from huanze.rules.verdicts import Refusal
from huanze.site.world.invariants import broken

NAMES = sorted({t.name for t in TABLE})
PEOPLE = (
    "clerk", "office_head", "town_liaison", "town_head", "lead_liaison", "lead_head", "second_liaison", "leader", "approver",
    "neighbour_liaison", "audit_admin", "other_clerk",
)  # fmt: skip
FORWARD = {
    State.REGISTERED: ("assign", "clerk"), State.ASSIGNED: ("receive", "town_liaison"), State.PLANNING: ("submit_plan", "town_head"),
    State.PLAN_REVIEW: ("approve_plan", "approver"), State.RECTIFYING: ("apply", "town_head"), State.APPLIED: ("start_acceptance", "lead_liaison"),
    State.ACCEPTING: ("pass_acceptance", "lead_liaison"), State.SIGNING: ("sign", "lead_head"), State.CONFIRMING: ("confirm", "leader"),
    State.UPPER_ACCEPTANCE: ("upper_pass", "clerk"), State.FILING: ("file", "clerk"), State.CLOSED: ("look_back", "clerk"),
}  # fmt: skip


def prepare(cast: Any, p: Problem, name: str, today: date) -> None:
    """Before going forward, do what that step asks for, as the people in charge would."""
    if name == "submit_plan":
        problem_transition(problem_id=p.pk, name="save_plan", acting_user=cast.town_liaison, inputs=sensible(cast, p, "save_plan", today))
    if name == "apply":
        problem_transition(problem_id=p.pk, name="report_progress", acting_user=cast.town_liaison, inputs=sensible(cast, p, "report_progress", today))
        for n, role in enumerate(("before", "during", "after", "form", "support")):
            content = f"{role}{p.pk}".encode()
            file = picture(40 + 20 * n, by=cast.town_liaison) if n < 3 else evidence.store(stream=content, name=f"{role}.txt", acting_user=cast.town_liaison)
            problem_transition(problem_id=p.pk, name="attach", acting_user=cast.town_liaison, inputs={"file": file.pk, "role": role, "point": "一号"})
    if name == "pass_acceptance":
        for person in (cast.lead_liaison, cast.second_liaison):
            problem_transition(problem_id=p.pk, name="record_view", acting_user=person, inputs={"verdict": "pass", "opinion": "现场到位"})


PRESS = st.one_of(
    st.just(("forward", None, 0)),
    st.tuples(st.sampled_from(NAMES), st.sampled_from(PEOPLE), st.integers(0, 9)),
)
LIFE = st.lists(st.tuples(PRESS, st.integers(0, 12)), min_size=8, max_size=30)


class RandomLives(TestCase):
    @pytest.mark.row("G6", "J1")
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(life=LIFE, source=st.sampled_from(["own_check", "province_inspection"]))
    def test_no_life_breaks_an_invariant(self, life: list[Any], source: str) -> None:
        cast, day = make_cast(), date(2025, 4, 1)
        with clock.at(day):
            problem = register(cast, source=source)
            register(cast)
        for (name, who, spoil), wait in life:
            day += timedelta(days=wait)
            with clock.at(day):
                if wait % 3:
                    sweep(on=day)
                self.press(cast, problem, name, who, spoil, day)
        with clock.at(day):
            sweep(on=day)
        assert broken() == []

    def press(self, cast: Any, problem: Problem, name: str, who: str | None, spoil: int, day: date) -> None:
        now = Problem.objects.get(pk=problem.pk)
        if name == "forward":
            name, who = FORWARD.get(State(now.state), ("look_back", "clerk"))
            prepare(cast, now, name, day)
        inputs = sensible(cast, now, name, day)
        if spoil == 9:
            inputs = dict.fromkeys(inputs, "") | {"不认识": "x"}
        before = (StatusChange.objects.count(), Entry.objects.count())
        answer = problem_transition(problem_id=now.pk, name=name, acting_user=getattr(cast, who or "clerk"), inputs=inputs)
        after = (StatusChange.objects.count(), Entry.objects.count())
        if isinstance(answer, Refusal):
            assert answer.reason and after == before
            assert Problem.objects.get(pk=now.pk).state == now.state
        else:
            assert after[0] > before[0] and after[1] > before[1]
