"""XQ-7: a fixed plan may not be lowered. What counts as lower, and what does not."""

from datetime import date

import pytest

from huanze.rules.lowering import PlanText, lowered

pytestmark = pytest.mark.row("E5")


def plan(*, deadline="2025-06-30", target="确保全部消除黑臭水体", measures=("新建污水管网12公里", "拆除违法排口3处"), dated=()):
    return PlanText(date.fromisoformat(deadline) if deadline else None, target, tuple(measures), tuple(dated))


def test_the_same_plan_is_not_lower():
    assert lowered(plan(), plan()) == ()


def test_a_day_later_is_lower_and_a_day_earlier_is_not():
    assert lowered(plan(), plan(deadline="2025-07-01")) == ("完成时限由2025-06-30推迟至2025-07-01",)
    assert lowered(plan(), plan(deadline="2025-06-29")) == ()
    assert lowered(plan(), plan(deadline=None)) == ("完成时限由2025-06-30推迟至不设时限",)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("确保全部消除黑臭水体", "力争全部消除黑臭水体"),
        ("确保全部消除黑臭水体", "确保基本消除黑臭水体"),
        ("确保水质达标", "推动水质改善"),
        ("必须关停3家企业", "原则上关停3家企业"),
        ("2025年底前完成整治", "2025年底前基本完成整治"),
        ("严禁生活污水直排", "减少生活污水直排"),
        ("彻底清理固体废物", "初步清理固体废物"),
        ("立即停止填埋", "尽快停止填埋"),
    ],
)
def test_a_softened_verb_is_found(before, after):
    said = lowered(plan(target=before), plan(target=after))
    assert said and said[0].startswith("目标任务中")
    assert lowered(plan(target=after), plan(target=before)) == ()


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("新建污水管网12公里", "新建污水管网11公里", True),
        ("新建污水管网12公里", "新建污水管网13公里", False),
        ("总磷浓度控制在0.2mg/L以下", "总磷浓度控制在0.3mg/L以下", True),
        ("总磷浓度控制在0.2mg/L以下", "总磷浓度控制在0.1mg/L以下", False),
        ("收集率达到95%以上", "收集率达到90%以上", True),
        ("收集率达到95%以上", "收集率达到96%以上", False),
        ("按〔2021〕12号文件清理排口5处", "按〔2020〕11号文件清理排口5处", False),
        ("2025年6月底前清理排口5处", "2024年5月底前清理排口5处", False),
    ],
)
def test_a_smaller_number_is_found_and_a_stricter_one_is_not(before, after, found):
    assert bool(lowered(plan(measures=[before]), plan(measures=[after]))) is found


def test_a_measure_that_is_gone_is_found():
    assert lowered(plan(), plan(measures=["新建污水管网12公里"])) == ("取消措施“拆除违法排口3处”",)


def test_more_measures_in_another_order_are_not_lower():
    assert lowered(plan(), plan(measures=["建立巡查制度", "拆除违法排口3处", "新建污水管网12公里"])) == ()


def test_a_stage_moved_later_is_found():
    before = plan(dated=[("完成管网一期", date(2025, 3, 31))])
    assert lowered(before, plan(dated=[("完成管网一期", date(2025, 4, 1))])) == ("阶段“完成管网一期”由2025-03-31推迟至2025-04-01",)
    assert lowered(before, plan(dated=[("完成管网一期", date(2025, 3, 30))])) == ()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("清理排口5处，投入资金80万元", "清理排口4处", "降为4处"),
        ("清理排口5处", "清理排口", "不再列明“5处”"),
        ("清理排口5处，新建管网12公里", "新建管网12公里，清理排口5处", ""),
        ("清理排口5处、鱼塘3处", "清理鱼塘3处、排口5处", ""),
        ("清理5处排口", "清理5处违法排口", ""),
        ("清理排口5处", "清理排口5处，新建管网2公里", ""),
    ],
)
def test_numbers_are_paired_by_unit_and_one_left_out_is_found(before, after, said):
    found = "；".join(lowered(plan(measures=[before]), plan(measures=[after])))
    assert said in found if said else not found


def test_a_promise_that_is_gone_is_found():
    before = PlanText(date(2025, 6, 30), "确保消除", (), passages=(("长效机制", "每月巡查一次"),))
    assert lowered(before, PlanText(date(2025, 6, 30), "", (), passages=before.passages)) == ("取消目标任务“确保消除”",)
    assert lowered(before, PlanText(date(2025, 6, 30), "确保消除", ())) == ("取消长效机制“每月巡查一次”",)
