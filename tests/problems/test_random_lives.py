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

from acts import assignment, picture, plan, register
from cast import make_cast
from huanze.audit.models import Entry
from huanze.base import clock
from huanze.evidence import services as evidence
from huanze.problems.models import Objection, PlanItem, Problem, StatusChange
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


def sensible(cast: Any, p: Problem, name: str, today: date) -> dict[str, Any]:
    """What a careful person would write for this step."""
    words, soon = "现场情况属实", today + timedelta(days=40)
    dated = [{"text": "完成施工", "due": (today + timedelta(days=20)).isoformat()}]
    own_plan = plan(deadline=soon.isoformat(), steps=dated)
    items = [{"id": i.pk, "progress": "完成", "done_on": today.isoformat()} for i in PlanItem.objects.filter(plan__problem=p)]
    objection = Objection.objects.filter(publicity__acceptance__problem=p, answered_on=None).first()
    ranked = list(p.participants.filter(role="supervising").order_by("-rank").values_list("organisation_id", flat=True))
    given: dict[str, dict[str, Any]] = {
        "assign": assignment(cast), "reassign": assignment(cast) | {"reason": words}, "receive": {}, "submit_plan": {}, "close_publicity": {},
        "refuse_assignment": {"better_unit": cast.neighbour_gov.pk, "basis": "清单", "reason": words}, "save_plan": own_plan,
        "approve_plan": {"document": "某〔2025〕1号"}, "report_progress": {"percent": 100, "text": words, "items": items},
        "request_change": {"reason": words, "plan": plan(deadline=soon.isoformat(), target=words, steps=dated)},
        "request_extension": {"reason": words, "deadline": (today + timedelta(days=90)).isoformat()},
        "request_reorder": {"reason": words, "supervising": ranked}, "approve_change": {"document": "某〔2025〕2号", "override_reason": words},
        "apply": {"statement": words}, "start_acceptance": {}, "record_view": {"verdict": "pass", "opinion": words},
        "pass_acceptance": {"opinion": words, "dissent_answer": words}, "sign": {"sealed": True}, "confirm": {}, "file": {"filing_number": "备1"},
        "upper_pass": {"document": "某号", "opinion": words}, "upper_fail": {"document": "某号", "opinion": words},
        "self_accept": {"opinion": words}, "urge": {"text": words}, "merge": {"target": Problem.objects.order_by("pk")[0].number, "reason": words},
        "attach": {"file": picture(60, by=cast.town_liaison).pk, "role": "support"} if name == "attach" else {},
        "spot_check": {"day": today.isoformat(), "form": "open", "led_by": "某", "participants": "某", "findings": words},
        "leader_supervise": {"body": "congress", "leader": "某", "started_on": today.isoformat(), "scheme": words},
        "look_back": {"day": today.isoformat(), "finding": "steady", "text": words},
        "rebound": {"title": "反弹的问题", "description": words, "found_on": today.isoformat()},
        "answer_objection": {"objection": objection.pk if objection else 0, "answer": words},
    }  # fmt: skip
    return given.get(name, {"reason": words} if name in ("decline", "recall", "withdraw_plan", "withdraw_change", "resume", "withdraw_application") else {"opinion": words})


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
