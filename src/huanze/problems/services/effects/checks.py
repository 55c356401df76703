"""Spot checks, supervision led by leaders, and looking back (XQ-10, XQ-12, XQ-18)."""

from __future__ import annotations

from huanze.notices.services import notify
from huanze.orgs.models import Organisation, Post
from huanze.orgs.selectors import holders_of
from huanze.problems.models import LeaderSupervision, LookBack, SpotCheck
from huanze.problems.services.context import organisation
from huanze.problems.services.effects.acceptance import current
from huanze.problems.services.register import register_rebound
from huanze.problems.services.step import Step, effect
from huanze.rules.lifecycle import Hat
from huanze.rules.verdicts import Refusal

Fault = LookBack.Fault


@effect("spot_check")
def spot_check(step: Step) -> Refusal | None:
    given = step.inputs
    if given.day > step.today:
        return Refusal("inputs", "检查日期：不能晚于今天", fields={"day": "不能晚于今天"})
    letter_to = organisation(given.letter_to) if given.letter_to else None
    if bool(letter_to) != bool(given.letter_number):
        why = "函告单位与函告文号应同时填写"
        return Refusal("inputs", why, fields={"letter_number": why})
    if letter_to and letter_to.pk not in {step.problem.main_unit_id, *step.acceptors}:
        why = "函告对象应为本问题的主体责任单位或监管（验收）责任单位"
        return Refusal("inputs", f"函告单位：{why}", fields={"letter_to": why})
    SpotCheck.objects.create(problem=step.problem, by=step.user, **given.model_dump(exclude={"letter_to"}), letter_to=letter_to)
    if given.major:
        _report_upwards(step)
    return None


def _report_upwards(step: Step) -> None:
    """A grave finding is told to the heads of the Party committee and the government (XQ-10)."""
    problem, above = step.problem, (Organisation.Kind.PARTY_COMMITTEE, Organisation.Kind.GOVERNMENT)
    bodies = Organisation.objects.filter(kind__in=above, region=problem.office.region, active=True)
    people = holders_of(list(bodies.values_list("pk", flat=True)), ranks=[Post.Rank.HEAD], day=step.today)
    notify(
        recipients={person.pk for held in people.values() for person in held}, subject_type="problem", subject_id=problem.pk,
        kind="major_finding", text=f"{problem.number} {problem.title}：盯办抽查发现重大问题", url=f"/problems/{problem.pk}/",
        clause=step.rules.machine.clause(step.row), day=step.today, urgent=True,
    )  # fmt: skip


@effect("leader_supervise")
def leader_supervise(step: Step) -> Refusal | None:
    if step.inputs.started_on > step.today:
        return Refusal("inputs", "开始日期：不能晚于今天", fields={"started_on": "不能晚于今天"})
    LeaderSupervision.objects.create(problem=step.problem, by=step.user, **step.inputs.model_dump())
    return None


@effect("look_back")
def look_back(step: Step) -> Refusal | None:
    closed = step.problem.closed_on
    if step.inputs.day > step.today or (closed and step.inputs.day < closed):
        why = f"应在销号日期{closed.isoformat() if closed else ''}至今天之间"
        return Refusal("inputs", f"核查日期：{why}", fields={"day": why})
    if step.inputs.finding == LookBack.Finding.REBOUND and step.hat is not Hat.OFFICE:
        return Refusal("wrong_actor", "反弹由整改办核查认定并立新案，请将核查情况函告整改办", step.row.clause)
    if why := _wrong_fault(step.inputs.finding, step.inputs.fault):
        return Refusal("inputs", f"责任认定：{why}", step.row.clause, {"fault": why})
    attempt = current(step.problem)
    answerable = {Fault.UNFINISHED: step.problem.main_unit, Fault.LAX: attempt.lead}.get(step.inputs.fault)
    said = step.inputs.model_dump() | {"fault": step.inputs.fault or Fault.NONE}
    found = LookBack.objects.create(problem=step.problem, by=step.user, acceptance=attempt, answerable=answerable, **said)
    if found.finding == LookBack.Finding.REBOUND:
        step.said["fault"] = Fault(found.fault).label
    if answerable:
        step.said["answerable"] = answerable.short_name
        _call_to_account(step, found, answerable)
    return None


def _wrong_fault(finding: str, fault: str | None) -> str:
    """A rebound has its cause looked for; what is steady leaves nobody to answer for it."""
    if finding == LookBack.Finding.REBOUND:
        return "" if fault else "结论为“出现反弹”的，请认定责任；查明无责任的，请选择“无责任”"
    return "结论为“整改成效稳定”的，不认定责任，请选择“无责任”或者不选" if fault not in (None, Fault.NONE) else ""


def _call_to_account(step: Step, found: LookBack, answerable: Organisation) -> None:
    """The unit that answers for it and the office are told (XQ-18)."""
    problem = step.problem
    unit = holders_of([answerable.pk], ranks=[Post.Rank.HEAD, Post.Rank.LIAISON], day=step.today)[answerable.pk]
    office = holders_of([problem.office_id], day=step.today)[problem.office_id]
    notify(
        recipients={person.pk for person in (*unit, *office)} - {step.user.pk}, subject_type="problem", subject_id=problem.pk, kind="look_back",
        text=f"{problem.number} {problem.title}：回头看发现反弹，认定{Fault(found.fault).label}，责任单位为{answerable.short_name}",
        url=f"/problems/{problem.pk}/", clause=found.fault_clause, day=step.today,
    )  # fmt: skip


@effect("rebound")
def rebound(step: Step) -> Refusal | None:
    """A closed problem stays closed: what came back is a new problem that points at it."""
    opened = register_rebound(step)
    if isinstance(opened, Refusal):
        return opened
    step.said["opened"] = opened.number
    return None
