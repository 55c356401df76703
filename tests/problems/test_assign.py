"""交办、签收、退回、转办、并案 (XQ-3, XQ-4, XQ-7)."""

import pytest

from acts import DAY, assignment, attempt, reach, refused, register, take
from huanze.base import clock
from huanze.notices.models import Notice
from huanze.problems.models import Participant, Problem, StatusChange
from huanze.rules.lifecycle import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _first_of_april():
    with clock.at(DAY):
        yield


def units(problem):
    rows = problem.participants.exclude(role="finder").order_by("role", "rank")
    return [(p.role, p.rank, p.organisation.short_name) for p in rows]


@pytest.mark.row("E3")
def test_one_main_unit_and_an_ordered_list_the_first_of_which_leads(cast):
    problem = take(register(cast), "assign", cast.clerk, **assignment(cast))
    assert units(problem) == [("main", 0, "禾丰镇"), ("supervising", 1, "住建局"), ("supervising", 2, "农业农村局")]
    assert (problem.main_unit, problem.approver) == (cast.town_gov, cast.leading_group)


@pytest.mark.row("E3")
@pytest.mark.parametrize(
    ("over", "field"),
    [({"supervising": []}, "supervising"), ({"main_unit": 0}, "main_unit"), ({"leader_post": 0}, "leader_post"), ({"deadline": "2025-03-31"}, "deadline")],
)
def test_an_assignment_that_lacks_somebody_is_refused(cast, over, field):
    answer = attempt(register(cast), "assign", cast.clerk, **assignment(cast, **over))
    assert field in refused(answer, "inputs").fields


def test_a_unit_may_not_be_listed_twice(cast):
    twice = assignment(cast, supervising=[cast.housing.pk, cast.housing.pk])
    refused(attempt(register(cast), "assign", cast.clerk, **twice), "inputs", "重复")


def test_the_unit_is_told_and_the_reminder_to_the_office_is_cancelled(cast):
    problem = take(register(cast), "assign", cast.clerk, **assignment(cast))
    waiting = Notice.objects.filter(subject_id=problem.pk, state="waiting")
    assert {n.recipient for n in waiting} == {cast.town_liaison, cast.town_head}
    assert Notice.objects.get(kind="register").state == "cancelled"


@pytest.mark.parametrize("who", ["town_liaison", "lead_liaison", "neighbour_liaison", "leader", "other_clerk", "system_admin"])
def test_only_the_office_assigns(cast, who):
    refused(attempt(register(cast), "assign", getattr(cast, who), **assignment(cast)), "wrong_actor", "整改办经办人")


def test_a_unit_that_refuses_names_the_better_one(cast):
    problem = reach(cast, State.ASSIGNED)
    own = attempt(problem, "refuse_assignment", cast.town_liaison, better_unit=cast.town_gov.pk, basis="清单", reason="不在辖区")
    refused(own, "inputs", "本单位以外")
    back = take(problem, "refuse_assignment", cast.town_liaison, better_unit=cast.neighbour_gov.pk, basis="区划图", reason="点位在柳湾镇")
    assert (back.state, back.main_unit) == ("registered", None)
    assert StatusChange.objects.get(name="refuse_assignment").inputs["better_unit"] == "柳湾镇"
    assert Participant.objects.filter(problem=problem).values_list("role", flat=True).get() == "finder"


def test_a_problem_is_reassigned_until_its_plan_is_handed_in(cast):
    problem = reach(cast, State.PLANNING)
    moved = take(problem, "reassign", cast.clerk, **assignment(cast, main_unit=cast.neighbour_gov.pk), reason="属地调整")
    assert (moved.state, moved.main_unit) == ("assigned", cast.neighbour_gov)
    refused(attempt(reach(cast, State.PLAN_REVIEW), "reassign", cast.clerk, **assignment(cast), reason="属地调整"), "wrong_state", "报审")


def test_a_neighbour_cannot_sign_for_it(cast):
    refused(attempt(reach(cast, State.ASSIGNED), "receive", cast.neighbour_liaison), "wrong_actor")


def test_merging_points_at_an_open_problem_of_the_same_office(cast):
    first, second = register(cast), register(cast)
    refused(attempt(second, "merge", cast.clerk, target="990102-2025-9999", reason="重复"), "inputs", "990102-2025-9999")
    refused(attempt(second, "merge", cast.clerk, target=second.number, reason="重复"), "inputs", "自身")
    merged = take(second, "merge", cast.clerk, target=first.number, reason="同一问题重复登记")
    assert (merged.state, merged.merged_into) == ("merged", first)
    refused(attempt(first, "merge", cast.clerk, target=second.number, reason="重复"), "inputs", "已办结")


def test_declining_needs_a_reason(cast):
    problem = register(cast)
    assert "reason" in refused(attempt(problem, "decline", cast.clerk, reason=" "), "inputs").fields
    assert take(problem, "decline", cast.clerk, reason="不属于突出问题").state == "not_listed"


def test_of_two_people_pressing_the_second_is_told(cast):
    from huanze.problems.services.door import problem_transition

    problem = register(cast)
    seen = problem.state_version
    take(problem, "assign", cast.clerk, **assignment(cast))
    late = problem_transition(
        problem_id=problem.pk, name="decline", acting_user=cast.office_head, inputs={"reason": "不列入"}, expected_version=seen
    )
    refused(late, "stale", "刷新")
    assert Problem.objects.get(pk=problem.pk).state == "assigned"


@pytest.mark.row("G6", "G3")
def test_a_problem_handed_down_does_not_end_in_one_the_district_found(cast):
    upper, own = register(cast, source="province_inspection"), register(cast)
    refused(attempt(upper, "merge", cast.clerk, target=own.number, reason="重复"), "inputs", "来源层级较低", upper.get_level_display())
    assert take(own, "merge", cast.clerk, target=upper.number, reason="重复").merged_into == upper


@pytest.mark.row("G6")
def test_a_problem_handed_down_is_declined_only_with_the_word_of_those_above(cast):
    upper = register(cast, source="central_inspection")
    assert "document" in refused(attempt(upper, "decline", cast.clerk, reason="不属于本区"), "inputs", "上级同意").fields
    declined = take(upper, "decline", cast.clerk, reason="不属于本区", document="省督办函〔2025〕9号")
    assert (declined.state, declined.changes.get(name="decline").inputs["document"]) == ("not_listed", "省督办函〔2025〕9号")
