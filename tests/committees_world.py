"""A district at work under HB: a committee with a meeting and tasks, reminders in each state, a check of a policy document."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from acts import ok
from cast import Cast
from huanze.base import clock
from huanze.duties.services import committees, policy_checks, reminders
from huanze.duties.services.committees import Plan
from huanze.duties.services.lists import Other
from huanze.policies.services import documents
from listed import adopt, drafted, through

DAY, LATER = date(2025, 4, 1), date(2025, 4, 10)
PAPER = """青禾区堆场扬尘治理工作方案
青禾住建〔2025〕6号
一、总体要求
（一）各镇、各部门应当守住环境底线。
二、重点任务
（二）建立堆场台账，逐处登记责任人、覆盖方式和整治期限。（住建局牵头，各镇人民政府负责落实）
（三）加强日常巡查，每周通报一次。（各有关部门按职责分工负责）
（四）推进堆场硬化和喷淋设施建设。
（五）开展联合整治。（住建局、水务局牵头）
（六）水务局应当每月公布抽查结果。
三、附则
（七）本方案自印发之日起施行。
青禾区住房和城乡建设局
2025年3月20日
"""


def lived(cast: Cast) -> dict[str, Any]:
    """The rows by name; the story is told from 1 to 10 April 2025."""
    with clock.at(DAY):
        units = [Other("assist", cast.water), Other("join", cast.farming)]
        items = through(cast, drafted(cast, "housing", "整治城市黑臭水体", "监管城镇污水处理设施运行", units=units), cast.lead_head).items.order_by("no")
        adopt(cast, "hb", DAY)
        found: dict[str, Any] = {"item": items[0], **_committees(cast)}
        found["waiting"] = _reminded(cast, items[0].pk, cast.farming)
        found["late"] = _reminded(cast, items[0].pk, cast.water)
        found["reported"] = _reminded(cast, items[1].pk, cast.water)
        ok(reminders.reply(reminder=found["waiting"], text="已安排两名技术员，月底前完成。", acting_user=cast.second_head))
        paper = ok(documents.keep(
            stream=io.BytesIO(PAPER.encode()), name="方案.txt", region=cast.district, kept_by=cast.housing, source="", acting_user=cast.lead_liaison
        ))  # fmt: skip
        found["paper"], found["check"] = paper, ok(policy_checks.start(document_id=paper.pk, organisation=cast.housing, acting_user=cast.lead_liaison))
    with clock.at(LATER):
        ok(reminders.report(reminder=found["reported"], words="两次电话催促仍未启动，影响汛前排查，请予协调。", acting_user=cast.lead_head))
    return found


def _reminded(cast: Cast, item: int, unit: Any) -> Any:
    text = "排口排查尚未启动，请于下周一前报送排查方案。"
    return ok(reminders.send(kind="item", pk=item, unit=unit, text=text, acting_user=cast.lead_liaison))


def _committees(cast: Cast) -> dict[str, Any]:
    plan = Plan(
        name="水环境治理专业委员会", field="城乡污水和黑臭水体", why="排水、供水、农村污水分属三个部门，需要一张桌子。", members=[cast.water, cast.farming],
        pilot=True, pilot_places=[cast.town],
    )  # fmt: skip
    asked = ok(committees.request(lead=cast.housing, plan=plan, acting_user=cast.lead_head))
    active = ok(committees.decide(committee=asked, approve=True, basis="青环委〔2025〕3号", opinion="同意设立，先行试点。", acting_user=cast.approver))
    meeting = ok(committees.record_meeting(
        committee=active, day=DAY, topics=["入河排污口排查", "汛前清淤"], attended=[cast.housing, cast.water], decisions="水务局月底前完成排查。\n住建局汇总。",
        acting_user=cast.lead_liaison,
    ))  # fmt: skip
    tasks = [
        ok(committees.add_task(committee=active, organisation=unit, what=what, due=due, meeting=meeting, acting_user=cast.lead_liaison))
        for unit, what, due in ((cast.water, "排查入河排污口", date(2025, 4, 8)), (cast.farming, "农村污水台账", date(2025, 4, 30)), (cast.housing, "汇总排查结果", date(2025, 4, 30)))
    ]  # fmt: skip
    ok(committees.report_done(task=tasks[2], result="已汇总成册", acting_user=cast.lead_liaison))
    waiting = ok(committees.request(lead=cast.housing, plan=Plan("扬尘治理专业委员会", "工地和堆场扬尘", "统筹", [cast.water]), acting_user=cast.lead_liaison))
    return {"active": active, "asked": waiting, "task": tasks[0], "other_task": tasks[1]}
