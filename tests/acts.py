"""Steps as the people of the cast take them. ``reach`` brings a fresh problem to any state by the shortest honest way."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

from PIL import Image

from cast import Cast
from huanze.base import clock
from huanze.evidence import services as evidence
from huanze.evidence.selectors import of_object as evidence_of
from huanze.orgs.models import User
from huanze.problems.models import Objection, PlanItem, Problem
from huanze.problems.services.door import problem_transition
from huanze.problems.services.register import register_problem
from huanze.rules.lifecycle import State
from huanze.rules.verdicts import Refusal

DAY = date(2025, 4, 1)
"""The day on which a test's story begins unless it says otherwise: an ordinary Tuesday."""

WAY_FORMS: dict[str, dict[str, str]] = {
    "overseer": {"overseer": "陶监督长", "found_on": "2025-03-28", "nature": "重点"},
    "petition": {"petition_no": "XF2025-18", "received_on": "2025-03-27", "reason": "群众反映强烈"},
    "other": {"how": "日常巡查发现"},
}
HANDED_DOWN = {"document": "环督〔2025〕8号", "received_on": "2025-03-28"}


def data(cast: Cast, **over: Any) -> dict[str, Any]:
    """What the office writes on the registration form; what is not the district's own was handed down."""
    above = {"way": "handed_down", "way_form": HANDED_DOWN} if over.get("source", "own_check") != "own_check" else {}
    return {
        "title": "禾丰镇东河污水直排", "description": "沿河三处生活污水未纳管，晴天有水流出。", "region": cast.town.pk,
        "place": "东河二号桥", "source": "own_check", "way": "other", "found_on": "2025-03-28", "field": "水务",
        "way_form": WAY_FORMS["other"],
    } | above | over  # fmt: skip


def register(cast: Cast, *, by: User | None = None, **over: Any) -> Problem:
    return ok(register_problem(acting_user=by or cast.clerk, data=data(cast, **over)))


def ok(answer: Any) -> Any:
    assert not isinstance(answer, Refusal), f"{answer.code}: {answer.reason}"
    return answer


def refused(answer: Any, code: str, *words: str) -> Refusal:
    assert isinstance(answer, Refusal), "should have been refused"
    assert answer.code == code, answer
    for word in words:
        assert word in answer.reason, answer.reason
    return answer


def attempt(problem: Problem, name: str, user: User, /, **inputs: Any) -> Problem | Refusal:
    return problem_transition(problem_id=problem.pk, name=name, acting_user=user, inputs=inputs)


def take(problem: Problem, name: str, user: User, /, **inputs: Any) -> Problem:
    return ok(attempt(problem, name, user, **inputs))


def assignment(cast: Cast, **over: Any) -> dict[str, Any]:
    return {
        "main_unit": cast.town_gov.pk, "supervising": [cast.housing.pk, cast.farming.pk], "leader_post": cast.post_of(cast.leader).pk,
        "instruction": "请按期完成整改",
    } | over  # fmt: skip


def plan(**over: Any) -> dict[str, Any]:
    return {
        "kind": "immediate", "target": "确保全部消除污水直排", "deadline": "2025-06-30",
        "measures": [{"text": "新建污水管网12公里"}, {"text": "拆除违法排口3处"}],
        "steps": [{"text": "完成设计", "due": "2025-04-30"}, {"text": "完成施工", "due": "2025-06-20"}],
    } | over  # fmt: skip


def picture(colour: int = 90, *, name: str = "现场.jpg", by: User) -> Any:
    image = Image.effect_noise((320, 240), colour)
    out = BytesIO()
    image.save(out, "PNG" if name.endswith("png") else "JPEG")
    return ok(evidence.store(stream=out.getvalue(), name=name, acting_user=by))


def materials(cast: Cast, problem: Problem, *, skip: tuple[str, ...] = ()) -> None:
    """Everything XQ-16 asks to be handed in, at one point, less what ``skip`` names."""
    for n, role in enumerate(("before", "during", "after")):
        if role not in skip:
            file = picture(40 + 30 * n, by=cast.town_liaison)
            take(problem, "attach", cast.town_liaison, file=file.pk, role=role, point="东河二号桥")
    for role, name in (("form", "验收销号登记表.txt"), ("support", "整改台账.txt")):
        if role not in skip:
            file = ok(evidence.store(stream=f"{role}{problem.pk}".encode(), name=name, acting_user=cast.town_liaison))
            take(problem, "attach", cast.town_liaison, file=file.pk, role=role)


def finish_work(cast: Cast, problem: Problem) -> None:
    rows = [{"id": i.pk, "progress": "已完成", "done_on": clock.today().isoformat()} for i in PlanItem.objects.filter(plan__problem=problem)]
    take(problem, "report_progress", cast.town_liaison, percent=100, text="全部完成", items=rows)


def _rectifying(cast: Cast, p: Problem) -> None:
    take(p, "approve_plan", cast.approver, document="青整改〔2025〕3号")


def _applied(cast: Cast, p: Problem) -> None:
    finish_work(cast, p)
    materials(cast, p)
    if p.adoption.pack.code == "zb":
        take(p, "self_accept", cast.town_head, opinion="已全面完成整改")
    take(p, "apply", cast.town_head, statement="整改全部完成")


def _signing(cast: Cast, p: Problem) -> None:
    for unit, person in ((cast.housing, cast.lead_liaison), (cast.farming, cast.second_liaison)):
        take(p, "record_view", person, organisation=unit.pk, verdict="pass", opinion="现场核查到位")
    take(p, "pass_acceptance", cast.lead_liaison, opinion="联合验收合格")


PATH = (
    (State.ASSIGNED, lambda c, p: take(p, "assign", c.clerk, **assignment(c))),
    (State.PLANNING, lambda c, p: take(p, "receive", c.town_liaison)),
    (State.PLAN_REVIEW, lambda c, p: (take(p, "save_plan", c.town_liaison, **plan()), take(p, "submit_plan", c.town_head))),
    (State.RECTIFYING, _rectifying),
    (State.APPLIED, _applied),
    (State.ACCEPTING, lambda c, p: take(p, "start_acceptance", c.lead_liaison)),
    (State.SIGNING, _signing),
    (State.CONFIRMING, lambda c, p: take(p, "sign", c.lead_head, sealed=True)),
    (State.FILING, lambda c, p: take(p, "confirm", c.leader)),
    (State.CLOSED, lambda c, p: take(p, "file", c.clerk, filing_number="备2025-01")),
)


def reach(cast: Cast, state: State, problem: Problem | None = None, **over: Any) -> Problem:
    """A problem in ``state``; registered by the office unless one is given (which must stand at 登记)."""
    problem = problem or register(cast, **over)
    if state is not State.REGISTERED:
        for target, go in PATH:
            go(cast, problem)
            if target is state:
                break
    problem = Problem.objects.get(pk=problem.pk)
    assert problem.state == state
    return problem


def later(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _still_there(p: Problem) -> int:
    """The first material not withdrawn yet; 0 where there is none."""
    return evidence_of("problem", p.pk).values_list("pk", flat=True).first() or 0


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
        "apply": {"statement": words, "picture_note": words}, "start_acceptance": {}, "record_view": {"verdict": "pass", "opinion": words},
        "pass_acceptance": {"opinion": words, "dissent_answer": words}, "sign": {"sealed": True}, "confirm": {}, "file": {"filing_number": "备1"},
        "upper_pass": {"document": "某号", "opinion": words}, "upper_fail": {"document": "某号", "opinion": words},
        "self_accept": {"opinion": words}, "urge": {"text": words}, "merge": {"target": Problem.objects.order_by("pk")[0].number, "reason": words},
        "attach": {"file": picture(60, by=cast.town_liaison).pk, "role": "support"} if name == "attach" else {},
        "withdraw_material": {"material": _still_there(p), "reason": words},
        "spot_check": {"day": today.isoformat(), "form": "open", "led_by": "某", "participants": "某", "findings": words},
        "leader_supervise": {"body": "congress", "leader": "某", "started_on": today.isoformat(), "scheme": words},
        "look_back": {"day": today.isoformat(), "finding": "steady", "text": words},
        "rebound": {"title": "反弹的问题", "description": words, "found_on": today.isoformat()},
        "answer_objection": {"objection": objection.pk if objection else 0, "answer": words},
    }  # fmt: skip
    return given.get(name, {"reason": words} if name in ("decline", "recall", "withdraw_plan", "withdraw_change", "resume", "withdraw_application") else {"opinion": words})
