"""方案: the list, the three kinds of task, who approves, and the lock (XQ-7, XQ-8)."""

from datetime import date

import pytest

from acts import DAY, assignment, attempt, plan, reach, refused, register, take
from huanze.base import clock
from huanze.problems.models import PlanItem, Problem
from huanze.rules.lifecycle import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _first_of_april():
    with clock.at(DAY):
        yield


@pytest.mark.row("E4")
@pytest.mark.parametrize(
    ("left_out", "named"), [("target", "目标任务"), ("deadline", "完成时限"), ("measures", "重点措施"), ("steps", "倒排计划")]
)
def test_a_plan_without_one_of_its_parts_is_not_handed_in(cast, left_out, named):
    problem = reach(cast, State.PLANNING)
    given = plan()
    given.pop(left_out)
    take(problem, "save_plan", cast.town_liaison, **given)
    refused(attempt(problem, "submit_plan", cast.town_head), "not_ready", named)


@pytest.mark.row("E6")
@pytest.mark.parametrize(
    ("kind", "lacking", "extra"),
    [
        ("immediate", "倒排计划", {"steps": [{"text": "完成施工", "due": "2025-06-20"}]}),
        ("long_term", "阶段性目标", {"stages": [{"text": "完成一期", "due": "2025-05-31"}]}),
        ("legacy", "风险防控", {"risk_control": "设置围挡并每周巡查"}),
    ],
)
def test_each_kind_of_task_asks_for_its_own(cast, kind, lacking, extra):
    problem = reach(cast, State.PLANNING)
    bare = plan(kind=kind, steps=[])
    take(problem, "save_plan", cast.town_liaison, **bare)
    refused(attempt(problem, "submit_plan", cast.town_head), "not_ready", lacking)
    take(problem, "save_plan", cast.town_liaison, **(bare | extra))
    assert take(problem, "submit_plan", cast.town_head).state == "plan_review"


@pytest.mark.row("E4")
def test_a_common_problem_asks_for_a_mechanism_and_wider_application(cast):
    problem = reach(cast, State.PLANNING)
    take(problem, "save_plan", cast.town_liaison, **plan(common=True))
    refused(attempt(problem, "submit_plan", cast.town_head), "not_ready", "长效机制", "举一反三")
    take(problem, "save_plan", cast.town_liaison, **plan(common=True, mechanism="建立巡查制度", inference="排查全镇排口"))
    assert take(problem, "submit_plan", cast.town_head).state == "plan_review"


def test_a_stage_may_end_on_the_deadline_and_not_a_day_later(cast):
    problem = reach(cast, State.PLANNING)
    take(problem, "save_plan", cast.town_liaison, **plan(steps=[{"text": "完成施工", "due": "2025-07-01"}]))
    refused(attempt(problem, "submit_plan", cast.town_head), "not_ready", "晚于完成时限")
    take(problem, "save_plan", cast.town_liaison, **plan(steps=[{"text": "完成施工", "due": "2025-06-30"}]))
    assert take(problem, "submit_plan", cast.town_head).state == "plan_review"


def test_the_head_hands_it_in_not_the_liaison(cast):
    problem = reach(cast, State.PLANNING)
    take(problem, "save_plan", cast.town_liaison, **plan())
    refused(attempt(problem, "submit_plan", cast.town_liaison), "wrong_actor", "主要负责人")


@pytest.mark.row("E4")
def test_who_approves_depends_on_the_source_level_and_is_a_local_setting(cast):
    from huanze.policies.models import Adoption

    with clock.at(date(2025, 4, 1)):
        Adoption.objects.create(
            region=cast.district, pack=cast.pack_version, from_day=date(2025, 4, 1), decided_by=cast.approver,
            basis="青整改〔2025〕2号", settings={"approver_own": "commission_office"},
        )  # fmt: skip
        own = take(register(cast), "assign", cast.clerk, **assignment(cast))
        upper = take(register(cast, source="central_inspection"), "assign", cast.clerk, **assignment(cast))
    assert (own.approver, upper.approver) == (cast.office, cast.leading_group)


@pytest.mark.row("E4", "E5")
def test_approval_locks_the_plan_and_starts_the_clock(cast):
    problem = reach(cast, State.PLAN_REVIEW)
    with clock.at(date(2025, 4, 10)):
        running = take(problem, "approve_plan", cast.approver, document="青整改〔2025〕3号")
        assert (running.plan_start, running.deadline) == (date(2025, 4, 10), date(2025, 6, 30))
        assert running.plan.locked and running.plan.approval_document == "青整改〔2025〕3号"
        refused(attempt(problem, "save_plan", cast.town_liaison, **plan(target="另定目标")), "wrong_state", "整改中")


@pytest.mark.parametrize("who", ["clerk", "town_head", "lead_head", "leader", "audit_admin"])
def test_only_the_deciding_body_approves(cast, who):
    refused(attempt(reach(cast, State.PLAN_REVIEW), "approve_plan", getattr(cast, who), document="某号"), "wrong_actor")


def test_a_plan_whose_deadline_has_passed_is_not_approved(cast):
    problem = reach(cast, State.PLAN_REVIEW)
    with clock.at(date(2025, 7, 1)):
        refused(attempt(problem, "approve_plan", cast.approver, document="某号"), "not_ready", "时限已过")
    with clock.at(date(2025, 6, 30)):
        assert take(problem, "approve_plan", cast.approver, document="某号").state == "rectifying"


@pytest.mark.row("E7")
def test_progress_is_kept_measure_by_measure(cast):
    problem = reach(cast, State.RECTIFYING)
    first = PlanItem.objects.filter(plan__problem=problem, kind="measure").first()
    row = {"id": first.pk, "progress": "管网完成6公里", "done_on": None}
    now = take(problem, "report_progress", cast.town_liaison, percent=40, text="施工正常", items=[row])
    assert (now.percent, now.percent_on) == (40, DAY)
    first.refresh_from_db()
    assert first.progress == "管网完成6公里"


def test_progress_of_another_plan_or_of_tomorrow_is_refused(cast):
    problem, other = reach(cast, State.RECTIFYING), reach(cast, State.RECTIFYING)
    foreign = PlanItem.objects.filter(plan__problem=other).first()
    own = PlanItem.objects.filter(plan__problem=problem).first()
    for row in ({"id": foreign.pk}, {"id": own.pk, "done_on": "2025-04-02"}):
        refused(attempt(problem, "report_progress", cast.town_liaison, percent=10, text="进展", items=[row]), "inputs")
    assert Problem.objects.get(pk=problem.pk).percent == 0


@pytest.mark.parametrize("percent", [-1, 101, "多半"])
def test_a_share_is_between_0_and_100(cast, percent):
    problem = reach(cast, State.RECTIFYING)
    assert "percent" in refused(attempt(problem, "report_progress", cast.town_liaison, percent=percent, text="进展"), "inputs").fields


@pytest.mark.row("E4", "E5")
@pytest.mark.parametrize(("deadline", "late"), [("2025-06-30", False), ("2025-07-01", True)])
def test_a_plan_ends_no_later_than_the_assignment_asks(cast, deadline, late):
    problem = register(cast)
    take(problem, "assign", cast.clerk, **assignment(cast, deadline="2025-06-30"))
    take(problem, "receive", cast.town_liaison)
    take(problem, "save_plan", cast.town_liaison, **plan(deadline=deadline))
    answer = attempt(problem, "submit_plan", cast.town_head)
    if late:
        refused(answer, "not_ready", "2025-06-30", "请改早")
    else:
        assert answer.state == "plan_review"
