"""提示、警示、督办、通报、约谈: proposed by the system, issued or turned down by a person of the office (XQ-13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction

from huanze.audit.services import record
from huanze.base import clock
from huanze.notices.services import cancel, notify
from huanze.orgs.models import Holding, Post, User
from huanze.orgs.selectors import holders_of, holds
from huanze.problems.models import LadderStep, Problem
from huanze.problems.services.context import Governing, rules_of
from huanze.problems.services.dossier import Known, gather, row_of
from huanze.problems.services.happenings import UNIT
from huanze.problems.services.moments import settle
from huanze.rules.escalation import Coming, rehearse
from huanze.rules.verdicts import Refusal

AHEAD = timedelta(days=180)
"""How far past the deadline, or past today when that is later, a rehearsal looks."""


def issue_step(
    *, step_id: int, acting_user: User, document: str, opinion: str = "", exception: str = ""
) -> LadderStep | Refusal:
    """Issue a proposed step under the number of its document. ``exception``: why an interview comes before its time."""
    document, opinion, exception = document.strip(), opinion.strip(), exception.strip()

    def put(case: _Case) -> Refusal | None:
        step = case.step
        if not document or len(document) > 100:
            return Refusal("inputs", "文号：必填，不超过100字", step.clause, {"document": "必填，不超过100字"})
        if len(exception) > 300:
            return Refusal("inputs", "越级理由：不超过300字", step.clause, {"exception": "不超过300字"})
        missing = missing_before(case.rules, case.known, step.step)
        if missing and not exception:
            why = f"本轮督促中尚未发出{'、'.join(missing)}；确需越级的，请写明理由"
            return Refusal("not_ready", why, step.clause, {"exception": why})
        step.state, step.issued_on, step.issued_by = LadderStep.State.ISSUED, clock.today(), case.user
        step.document, step.opinion, step.exception = document, opinion, exception if missing else ""
        case.said |= {"document": document, "opinion": opinion, "exception": step.exception, "before": chain(case.known)}
        return None

    return _act(step_id, acting_user, "ladder.issue", put)


def dismiss_step(*, step_id: int, acting_user: User, reason: str) -> LadderStep | Refusal:
    """Turn a proposal down with a reason; it is not proposed again before the deadline changes."""
    reason = reason.strip()

    def put(case: _Case) -> Refusal | None:
        step = case.step
        if not 2 <= len(reason) <= 300:
            return Refusal("inputs", "理由：必填，2至300字", step.clause, {"reason": "必填，2至300字"})
        step.state, step.ended_on, step.ended_why = LadderStep.State.DISMISSED, clock.today(), reason
        case.said |= {"reason": reason}
        return None

    return _act(step_id, acting_user, "ladder.dismiss", put)


@dataclass(slots=True)
class _Case:
    step: LadderStep
    user: User
    holding: Holding
    rules: Governing
    known: Known
    said: dict[str, object]


@transaction.atomic
def _act(step_id: int, user: User, action: str, put: Callable[[_Case], Refusal | None]) -> LadderStep | Refusal:
    """One act on a proposal: the problem is locked first, as everywhere, and brought up to date before and after."""
    found = LadderStep.objects.filter(pk=step_id).values_list("problem_id", flat=True).first()
    if found is None:
        return Refusal("not_found", "没有这条督促建议，请刷新后再办")
    wanted = Problem.objects.select_for_update(of=("self",)).select_related("adoption__pack", "office", "main_unit")
    problem = wanted.defer("adoption__pack__content").get(pk=found)
    rules = rules_of(problem)
    holding = holds(user, organisations=[problem.office_id], ranks=list(Post.Rank))
    if holding is None:
        return Refusal("wrong_actor", f"督促建议由{problem.office}办理", _clause(rules, step_id))
    settle(problem, through=clock.today())
    step = LadderStep.objects.get(pk=step_id)
    step.problem = problem
    case = _Case(step, user, holding, rules, gather([row_of(problem)])[problem.pk], {})
    refusal = put(case) if step.state == LadderStep.State.PROPOSED else _over(step)
    if refusal is not None:
        transaction.set_rollback(True)
        return refusal
    step.save()
    _after(case, action)
    return step


def _over(step: LadderStep) -> Refusal:
    why = f"（{step.ended_why}）" if step.ended_why else ""
    return Refusal("wrong_state", f"这条建议的状态为“{LadderStep.State(step.state).label}”{why}，不能再办理", step.clause)


def _clause(rules: Governing, step_id: int) -> str:
    name = LadderStep.objects.values_list("step", flat=True).get(pk=step_id)
    return next((s.clause for s in rules.pack.ladder if s.step == name), "")


def _after(case: _Case, action: str) -> None:
    """What an act on a step brings: its proposal's notices end, the unit is told, time is reckoned anew."""
    step, problem, today = case.step, case.step.problem, clock.today()
    problem.updated_at = clock.now()
    cancel(subject_type="problem", subject_id=problem.pk, why=LadderStep.State(step.state).label, kinds=[f"propose_{step.step}"])
    settle(problem, through=today, facts_changed=True)
    problem.save(update_fields=["light", "next_moment", "updated_at"])
    if step.state == LadderStep.State.ISSUED and problem.main_unit_id:
        label = LadderStep.Step(step.step).label
        notify(
            recipients=holders_of([problem.main_unit_id], UNIT)[problem.main_unit_id], subject_type="problem", subject_id=problem.pk,
            kind=f"ladder_{step.step}", text=f"{problem.number} {problem.title}：收到{label}（{step.document}）", url=f"/problems/{problem.pk}/",
            clause=step.clause, day=today, urgent=True,
        )  # fmt: skip
    record(
        action=action, object_type="problem", object_id=problem.pk, actor=case.user.username, actor_name=case.user.name,
        hat=str(case.holding.post), payload={"step": step.step, "step_id": step.pk, "clause": step.clause, **case.said},
    )  # fmt: skip


# ---- the chain, and what will come


def chain(known: Known) -> list[tuple[str, date]]:
    """The steps issued in this run, in the order in which they were: what is attached to an interview."""
    return sorted(known.issued.items(), key=lambda kv: kv[1])


def missing_before(rules: Governing, known: Known, step: str) -> list[str]:
    """Labels of the steps that an interview must come after and that were not issued in this run (XQ-13(五))."""
    if step != LadderStep.Step.INTERVIEW:
        return []
    before = [s for s in rules.pack.ladder if s.step != "interview"]
    return [s.label for s in before if s.step not in known.issued]


def rehearsal(problem: Problem, day: date | None = None) -> tuple[Coming, ...]:
    """What will come after ``day`` (today) if nothing moves, in order of day.

    Each step is taken as issued when it falls due, those that lie proposed now as issued today.
    """
    today, rules, row = day or clock.today(), rules_of(problem), row_of(problem)
    known = gather([row])[row.pk]
    coming: list[Coming] = []
    if row.deadline is not None:
        case = replace(known.case(row), issued={**known.issued, **dict.fromkeys(known.proposals, today)})
        coming += rehearse(rules.pack.ladder, case, rules.settings, today, max(today, row.deadline) + AHEAD)
    if known.attempt and known.attempt.due_on >= today:
        why = f"应于{known.attempt.due_on}前组织验收"
        coming.append(Coming(known.attempt.due_on + timedelta(days=1), "未按期组织验收", rules.pack.clocks["acceptance"].clause, (why,)))
    if known.publicity_ends and known.publicity_ends >= today:
        clause = rules.pack.clocks["publicity"].clause
        coming.append(Coming(known.publicity_ends + timedelta(days=1), "公示期满", clause, (f"公示至{known.publicity_ends}",)))
    return tuple(sorted(coming, key=lambda c: c.day))
