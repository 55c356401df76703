"""A fixed plan changes only on request, and never downwards without the deciding body's reason (XQ-7, XQ-16)."""

from datetime import date

import pytest

from acts import DAY, attempt, plan, reach, refused, take
from huanze.base import clock
from huanze.problems.models import ChangeRequest, LadderStep, Problem
from huanze.problems.selectors import timeline
from huanze.problems.services.sweep import sweep
from huanze.rules.lifecycle import State

pytestmark = [pytest.mark.django_db, pytest.mark.row("E5")]


@pytest.fixture(autouse=True)
def _first_of_april():
    with clock.at(DAY):
        yield


@pytest.fixture
def running(cast):
    return reach(cast, State.RECTIFYING)


def ask(problem, user, **over):
    return take(problem, "request_change", user, reason="现场情况变化", plan=plan(**over))


def test_a_stricter_plan_is_approved_and_becomes_the_plan(cast, running):
    ask(running, cast.town_head, deadline="2025-06-15", steps=[{"text": "完成施工", "due": "2025-06-10"}, {"text": "完成设计", "due": "2025-04-20"}])
    assert ChangeRequest.objects.get().lowered == []
    now = take(running, "approve_change", cast.approver, document="青整改调〔2025〕1号")
    assert (now.deadline, now.plan.version, now.state) == (date(2025, 6, 15), 2, "rectifying")


def test_before_after_reason_and_count_are_kept(cast, running):
    ask(running, cast.town_head, target="确保全部消除污水直排并建立巡查制度")
    take(running, "refuse_change", cast.approver, opinion="不必调整")
    ask(running, cast.town_head, target="确保全部消除污水直排并每月公布")
    first, second = ChangeRequest.objects.order_by("pk")
    assert (first.count, second.count) == (1, 2)
    assert (first.state, first.opinion) == ("refused", "不必调整")
    assert first.before["target"] == "确保全部消除污水直排" and "巡查" in first.after["target"] and first.reason == "现场情况变化"


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"deadline": "2025-07-01"}, "推迟至2025-07-01"),
        ({"target": "力争全部消除污水直排"}, "力争"),
        ({"measures": [{"text": "新建污水管网10公里"}, {"text": "拆除违法排口3处"}]}, "10公里"),
        ({"measures": [{"text": "新建污水管网12公里"}]}, "取消措施"),
    ],
)
def test_a_lowered_plan_is_refused_unless_the_deciding_body_says_why(cast, running, over, said):
    ask(running, cast.town_head, **over)
    assert said in ";".join(ChangeRequest.objects.get().lowered)
    refused(attempt(running, "approve_change", cast.approver, document="某号"), "not_ready", said)
    assert Problem.objects.get(pk=running.pk).plan.version == 1
    take(running, "approve_change", cast.approver, document="某号", override_reason="汛期停工，属不可抗力")
    assert ChangeRequest.objects.get().override_reason == "汛期停工，属不可抗力"


def test_an_extension_is_a_later_date_and_so_needs_the_reason(cast, running):
    refused(attempt(running, "request_extension", cast.town_head, reason="施工受阻", deadline="2025-06-30"), "inputs", "2025-06-30")
    take(running, "request_extension", cast.town_head, reason="施工受阻", deadline="2025-07-01")
    refused(attempt(running, "approve_change", cast.approver, document="某号"), "not_ready")
    now = take(running, "approve_change", cast.approver, document="某号", override_reason="连续强降雨")
    assert now.deadline == date(2025, 7, 1)


def test_one_request_at_a_time_and_no_application_meanwhile(cast, running):
    ask(running, cast.town_head, deadline="2025-07-10")
    refused(attempt(running, "request_extension", cast.town_head, reason="再延", deadline="2025-08-01"), "not_ready", "尚未审定")
    refused(attempt(running, "apply", cast.town_head, statement="完成"), "not_ready", "尚未审定")
    take(running, "withdraw_change", cast.town_head, reason="按原方案执行")
    assert ChangeRequest.objects.get().state == "withdrawn"


def test_the_same_plan_is_no_change(cast, running):
    refused(attempt(running, "request_change", cast.town_head, reason="试试", plan=plan()), "inputs", "相同")


@pytest.mark.parametrize("who", ["town_liaison", "clerk", "lead_head", "neighbour_head"])
def test_only_the_units_head_asks(cast, running, who):
    refused(attempt(running, "request_change", getattr(cast, who), reason="调整", plan=plan(target="确保消除")), "wrong_actor")


@pytest.mark.parametrize("who", ["town_head", "clerk", "leader", "lead_head"])
def test_only_the_deciding_body_decides(cast, running, who):
    ask(running, cast.town_head, deadline="2025-06-20", steps=[{"text": "完成施工", "due": "2025-06-10"}, {"text": "完成设计", "due": "2025-04-20"}])
    refused(attempt(running, "approve_change", getattr(cast, who), document="某号", override_reason="理由"), "wrong_actor")


@pytest.mark.row("E3")
def test_the_lead_acceptor_changes_only_with_approval(cast, running):
    new = [cast.farming.pk, cast.housing.pk]
    refused(attempt(running, "request_reorder", cast.clerk, reason="职责调整", supervising=[cast.farming.pk]), "inputs", "不能增减")
    take(running, "request_reorder", cast.clerk, reason="职责调整", supervising=new)
    assert running.participants.get(rank=1).organisation == cast.housing
    refused(attempt(running, "approve_change", cast.clerk, document="某号"), "wrong_actor")
    take(running, "approve_change", cast.approver, document="某号")
    assert running.participants.get(rank=1).organisation == cast.farming


@pytest.mark.row("F1")
def test_a_step_proposed_under_the_old_deadline_lapses_and_is_proposed_under_the_new_one(cast, running):
    """On 10 June the deadline of 30 June is near; moved to 5 July it is near again the same day."""
    with clock.at(date(2025, 6, 10)):
        sweep(on=date(2025, 6, 10))
        take(running, "request_extension", cast.town_head, reason="施工受阻", deadline="2025-07-05")
        take(running, "approve_change", cast.approver, document="某号", override_reason="连续强降雨")
    steps = LadderStep.objects.filter(problem=running, step="prompt").order_by("pk")
    assert [(s.state, str(s.deadline)) for s in steps] == [("lapsed", "2025-06-30"), ("proposed", "2025-07-05")]


@pytest.mark.row("E3")
def test_who_asked_withdraws(cast, running):
    take(running, "request_reorder", cast.clerk, reason="职责调整", supervising=[cast.farming.pk, cast.housing.pk])
    refused(attempt(running, "withdraw_change", cast.town_head, reason="不同意调整"), "wrong_actor", "整改办")
    take(running, "withdraw_change", cast.clerk, reason="不再调整")
    ask(running, cast.town_head, deadline="2025-07-10")
    refused(attempt(running, "withdraw_change", cast.clerk, reason="不同意延期"), "wrong_actor", "主体责任单位")


@pytest.mark.parametrize(
    ("over", "named"),
    [({"target": ""}, "目标任务"), ({"steps": []}, "倒排计划"), ({"deadline": "2025-06-19"}, "完成施工"), ({"common": True}, "长效机制")],
)
def test_a_changed_plan_is_as_complete_as_the_first(cast, running, over, named):
    refused(attempt(running, "request_change", cast.town_head, reason="调整", plan=plan(**over)), "inputs", named)
    assert not ChangeRequest.objects.exists()


def test_dropping_the_lasting_mechanism_lowers_the_plan(cast):
    problem = reach(cast, State.PLANNING)
    take(problem, "save_plan", cast.town_liaison, **plan(common=True, mechanism="每月巡查一次", inference="排查全镇排口"))
    take(problem, "submit_plan", cast.town_head)
    take(problem, "approve_plan", cast.approver, document="某号")
    ask(problem, cast.town_head)
    assert "取消长效机制“每月巡查一次”" in ChangeRequest.objects.get().lowered


def test_the_special_reason_for_lowering_is_read_on_the_timeline(cast, running):
    take(running, "request_extension", cast.town_head, reason="工期不足", deadline="2025-08-31")
    take(running, "approve_change", cast.approver, document="青整改〔2025〕9号", override_reason="汛期确难施工")
    assert "特别理由：汛期确难施工" in timeline(running)[0].text
