"""Whose move it is, and what that person does: one function per state, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from huanze.evidence.models import Evidence
from huanze.orgs.models import User
from huanze.problems.models import Participant, PlanItem, Problem
from huanze.rules.lifecycle import State
from huanze.site.world.district import FIELDS
from huanze.site.world.stories import FAULTS, STORIES, VIEWS
from huanze.site.world.year import Year

Move = tuple[User, str, dict[str, Any]]
TERMS = {"immediate": (45, 110), "long_term": (150, 260), "legacy": (110, 220)}


def next_move(year: Year, problem: Problem, day: date) -> Move | None:
    """The step somebody takes on this problem today, or None when nobody stirs."""
    return MOVES[State(problem.state)](year, problem, day)


def _awake(year: Year, organisation_id: int | None, share: float = 1.0) -> bool:
    return organisation_id is not None and year.rng.random() < year.keenness(organisation_id) * share


def _person(year: Year, organisation_id: int | None, rank: str) -> User | None:
    name = next((n for n, p in year.district.posts.items() if p.organisation_id == organisation_id and p.rank == rank), None)
    return year.district.users[name] if name else None


def _supervising(problem: Problem) -> list[int]:
    return list(problem.participants.filter(role=Participant.Role.SUPERVISING).values_list("organisation_id", flat=True))


def _leader(year: Year, field: str) -> str:
    return next(n for n, p in year.district.posts.items() if field in p.fields)


def registered(year: Year, problem: Problem, day: date) -> Move | None:
    rng, district = year.rng, year.district
    if rng.random() > 0.5:
        return None
    office = district.users["zgb"]
    if rng.random() < 0.04 and problem.source == "own_check":
        return office, "decline", {"reason": "经核实不属于突出生态环境问题，转日常监管处理"}
    twin = Problem.objects.filter(title=problem.title, state=State.RECTIFYING).exclude(pk=problem.pk).first()
    if twin:
        return office, "merge", {"target": twin.number, "reason": "与在办问题地点、情形相同"}
    town = next(u for u in district.units.values() if u.region_id == problem.region_id and u.kind in ("town", "park"))
    lead = district.units[FIELDS[problem.field]]
    others = rng.sample([u for u in district.units.values() if u.kind == "department" and u.pk != lead.pk], rng.randint(0, 2))
    given = {
        "main_unit": town.pk, "supervising": [lead.pk, *(u.pk for u in others)],
        "leader_post": district.posts[_leader(year, problem.field)].pk, "instruction": "请按时限完成整改，定期报告进展。",
    }  # fmt: skip
    return office, "assign", given


def assigned(year: Year, problem: Problem, day: date) -> Move | None:
    if not _awake(year, problem.main_unit_id):
        return None
    user = _person(year, problem.main_unit_id, "liaison")
    if user is None:
        return None
    if year.rng.random() < 0.03:
        better = year.rng.choice([u for u in year.district.units.values() if u.kind == "department"])
        return user, "refuse_assignment", {"better_unit": better.pk, "basis": "部门生态环境保护责任清单", "reason": "问题点位不在我单位管辖范围"}
    return user, "receive", {}


def planning(year: Year, problem: Problem, day: date) -> Move | None:
    if not _awake(year, problem.main_unit_id, 0.6):
        return None
    plan = getattr(problem, "plan", None)
    if plan is None or plan.deadline is None or plan.deadline < day + timedelta(days=10):
        user = _person(year, problem.main_unit_id, "liaison")
        return (user, "save_plan", _plan(year, problem, day)) if user else None
    head = _person(year, problem.main_unit_id, "head")
    return (head, "submit_plan", {}) if head else None


def _plan(year: Year, problem: Problem, day: date) -> dict[str, Any]:
    rng = year.rng
    story = next((s for s in STORIES if s.title.format(where="", n="") in problem.title), STORIES[0])
    low, high = TERMS[story.kind]
    deadline = day + timedelta(days=rng.randint(low, high))
    measures = [{"text": m.format(n=rng.randint(2, 12))} for m in story.measures]
    plan: dict[str, Any] = {
        "kind": story.kind, "target": story.target, "deadline": deadline.isoformat(), "measures": measures, "common": rng.random() < 0.2,
    }  # fmt: skip
    third = (deadline - day) / 3
    dated = [
        {"text": "完成现场排查和设计", "due": (day + third).isoformat()},
        {"text": "完成主体工程", "due": (day + third * 2).isoformat()},
        {"text": "完成收尾和资料整理", "due": deadline.isoformat()},
    ]
    plan["stages" if story.kind == "long_term" else "steps"] = dated
    if story.kind == "legacy":
        plan["risk_control"] = "整改期间设置围挡和截排水设施，每周巡查一次。"
    if plan["common"]:
        plan |= {"mechanism": "建立巡查和通报制度。", "inference": "对同类点位全面排查。"}
    return plan


def plan_review(year: Year, problem: Problem, day: date) -> Move | None:
    user = year.district.users[year.rng.choice(("zuzhang", "fuzuzhang"))]
    if year.rng.random() > 0.4:
        return None
    if year.rng.random() < 0.12:
        return user, "return_plan", {"opinion": "措施不够具体，请补充后再报。"}
    return user, "approve_plan", {"document": f"清整改〔{day.year}〕{problem.pk}号"}


def rectifying(year: Year, problem: Problem, day: date) -> Move | None:
    rng = year.rng
    if rng.random() < 0.006:
        return _check(year, problem, day)
    if problem.pk in year.changing:
        return _decide(year, problem.change_requests.get(state="open").lowered, day) if rng.random() < 0.4 else None
    if not _awake(year, problem.main_unit_id, 0.35):
        return None
    user, head = _person(year, problem.main_unit_id, "liaison"), _person(year, problem.main_unit_id, "head")
    if user is None or head is None or problem.deadline is None:
        return None
    left = (problem.deadline - day).days
    if problem.percent < 70 and 0 < left < 20 and rng.random() < 0.15:
        later = problem.deadline + timedelta(days=rng.randint(20, 60))
        return head, "request_extension", {"reason": "施工受阻，如期完成存在困难", "deadline": later.isoformat()}
    sent_back = problem.attempt > 0 and (problem.percent_on or day) <= problem.state_since
    if sent_back or problem.percent < 100 or problem.plan.items.filter(done_on=None).exists():
        return user, "report_progress", _progress(year, problem, day)
    return materials(year, problem, user, head)


def next_paper(year: Year, problem: Problem) -> Move | None:
    """Who has begun to upload goes on until the application is in."""
    user, head = _person(year, problem.main_unit_id, "liaison"), _person(year, problem.main_unit_id, "head")
    return materials(year, problem, user, head) if user and head else None


def _progress(year: Year, problem: Problem, day: date) -> dict[str, Any]:
    start, end = problem.plan_start or day, problem.deadline or day
    pace = year.pace.setdefault(problem.pk, year.rng.choice((0.75, 1.1, 1.3, 1.5, 1.8)))
    share = (day - start).days / max((end - start).days, 1)
    percent = min(100, max(problem.percent, round(share * pace * 100) + year.rng.randint(0, 6)))
    percent = 100 if percent >= 95 else percent
    items = list(PlanItem.objects.filter(plan__problem=problem))
    done = len(items) if percent == 100 else int(len(items) * percent / 100)
    rows = [
        {"id": i.pk, "progress": "已完成" if n < done else "正在实施", "done_on": (i.done_on or day).isoformat() if n < done else None}
        for n, i in enumerate(items)
    ]
    return {"percent": percent, "text": f"已完成{percent}%，现场施工正常。", "uncertain": share - percent / 100 > 0.35, "items": rows}


def materials(year: Year, problem: Problem, user: User, head: User) -> Move:
    """Before, during and after of each point, the form and the ledger; then the head applies."""
    have = set(Evidence.objects.filter(object_type="problem", object_id=str(problem.pk), withdrawn_at=None).values_list("role", "point"))
    for point in ("1号点位", "2号点位")[: 1 + problem.pk % 2]:
        for role in ("before", "during", "after"):
            if (role, point) not in have:
                return user, "attach", {"role": role, "point": point}
    for role in ("form", "support"):
        if not any(r == role for r, _ in have):
            return user, "attach", {"role": role, "point": ""}
    return head, "apply", {"statement": "各项措施已全部完成，现场整改到位。", "picture_note": "照片系同一角度拍摄，已与现场核对。"}


def _check(year: Year, problem: Problem, day: date) -> Move:
    office, rng = year.district.users["zgb"], year.rng
    if rng.random() < 0.4:
        body = rng.choice(("congress", "cppcc"))
        leader = year.district.users["renda" if body == "congress" else "zhengxie"].name
        return office, "leader_supervise", {"body": body, "leader": leader, "started_on": day.isoformat(), "scheme": "每月现场督办一次，直至销号。"}
    said = {
        "day": day.isoformat(), "form": rng.choice(("open", "covert")), "led_by": f"区人大{year.district.users['renda'].name}", "participants": "整改办、行业部门",
        "findings": rng.choice(("现场正在施工，进度偏慢。", "措施已落实，未见明显问题。", "一处点位未按方案施工。")),
    }  # fmt: skip
    return office, "spot_check", said


def _decide(year: Year, lowered: list[str], day: date) -> Move:
    user = year.district.users["zuzhang"]
    if year.rng.random() < 0.4:
        return user, "refuse_change", {"opinion": "理由不充分，按原方案执行。"}
    given = {"document": f"清整改调〔{day.year}〕{year.rng.randint(1, 99)}号", "opinion": "同意调整"}
    return user, "approve_change", given | ({"override_reason": "汛期停工属不可抗力，整改标准不降"} if lowered else {})


def applied(year: Year, problem: Problem, day: date) -> Move | None:
    lead = _supervising(problem)[0]
    user = _person(year, lead, "liaison")
    if user is None or not _awake(year, lead, 0.5):
        return None
    if year.rng.random() < 0.06:
        return user, "return_application", {"opinion": "登记表漏填监管单位，请补正。"}
    return user, "start_acceptance", {"note": "组织现场核查"}


def accepting(year: Year, problem: Problem, day: date) -> Move | None:
    rng = year.rng
    attempt = problem.acceptances.order_by("-attempt")[0]
    said = set(attempt.views.values_list("organisation_id", flat=True))
    units = _supervising(problem)
    for unit in units:
        if unit not in said:
            user = _person(year, unit, "liaison")
            if user is None or not _awake(year, unit):
                return None
            bad = rng.random() < 0.08
            return user, "record_view", {"verdict": "fail" if bad else "pass", "opinion": rng.choice(FAULTS if bad else VIEWS)}
    user = _person(year, units[0], "liaison")
    if user is None or not _awake(year, units[0]):
        return None
    if attempt.views.filter(verdict="fail").exists() and rng.random() < 0.7:
        return user, "fail_acceptance", {"opinion": rng.choice(FAULTS)}
    answer = "所提问题已当场整改并复核。" if attempt.views.filter(verdict="fail").exists() else ""
    return user, "pass_acceptance", {"opinion": "经联合验收，整改措施全部落实，验收合格。", "dissent_answer": answer}


def signing(year: Year, problem: Problem, day: date) -> Move | None:
    head = _person(year, _supervising(problem)[0], "head")
    if head is None or year.rng.random() > 0.5:
        return None
    if year.rng.random() < 0.04:
        return head, "refuse_signature", {"opinion": "请补充第三方检测报告后再签。"}
    return head, "sign", {"opinion": "同意", "sealed": True}


def confirming(year: Year, problem: Problem, day: date) -> Move | None:
    if year.rng.random() > 0.35:
        return None
    return year.district.users[_leader(year, problem.field)], "confirm", {"opinion": "同意销号"}


def upper_acceptance(year: Year, problem: Problem, day: date) -> Move | None:
    if year.rng.random() > 0.08:
        return None
    name = "upper_fail" if year.rng.random() < 0.15 else "upper_pass"
    said = "上级核查通过。" if name == "upper_pass" else "上级核查发现整改不彻底。"
    return year.district.users["zgb"], name, {"document": f"云环督〔{day.year}〕{problem.pk}号", "opinion": said}


def publicity(year: Year, problem: Problem, day: date) -> Move | None:
    office = year.district.users["zgb"]
    attempt = problem.acceptances.order_by("-attempt")[0]
    if not hasattr(attempt, "publicity"):
        return office, "open_publicity", {"starts_on": day.isoformat(), "channel": "区政府门户网站", "phone": "0990-1234567", "opinion": "达到销号标准"}
    return (office, "close_publicity", {}) if day > attempt.publicity.ends_on else None


def filing(year: Year, problem: Problem, day: date) -> Move | None:
    if year.rng.random() > 0.5:
        return None
    return year.district.users["zgb"], "file", {"filing_number": f"备{day:%Y%m%d}-{problem.pk}"}


def self_accepted(year: Year, problem: Problem, day: date) -> Move | None:
    return next_paper(year, problem)


MOVES: dict[State, Callable[[Year, Problem, date], Move | None]] = {
    State.REGISTERED: registered, State.ASSIGNED: assigned, State.PLANNING: planning, State.PLAN_REVIEW: plan_review,
    State.RECTIFYING: rectifying, State.SELF_ACCEPTED: self_accepted, State.APPLIED: applied, State.ACCEPTING: accepting,
    State.SIGNING: signing, State.CONFIRMING: confirming, State.UPPER_ACCEPTANCE: upper_acceptance,
    State.PUBLICITY: publicity, State.FILING: filing,
}  # fmt: skip
