"""交办、转办、退回、并案: who answers for a problem (XQ-3, XQ-4, XQ-7)."""

from __future__ import annotations

from collections.abc import Sequence

from huanze.orgs.models import Organisation, Post
from huanze.orgs.selectors import ancestry
from huanze.problems.models import Participant, Problem
from huanze.problems.services.context import organisation
from huanze.problems.services.step import Step, effect
from huanze.rules.lifecycle import FINAL, State
from huanze.rules.packs.parts import Setting
from huanze.rules.verdicts import Refusal

RANK = tuple(Problem.Level.values)
"""Levels of source from the highest to the lowest."""


@effect("assign", "reassign")
def assign(step: Step) -> Refusal | None:
    problem, given = step.problem, step.inputs
    main = organisation(given.main_unit)
    if main is None:
        return Refusal("inputs", "主体责任单位：没有这个单位或已停用，请重新选择", fields={"main_unit": "没有这个单位或已停用"})
    units = supervising_units(given.supervising)
    if isinstance(units, Refusal):
        return units
    leader = Post.objects.filter(pk=given.leader_post, active=True, organisation__kind=Organisation.Kind.GOVERNMENT).first()
    if leader is None:
        return Refusal("inputs", "分管领导：请选择政府分管领导岗位", fields={"leader_post": "请选择政府分管领导岗位"})
    if given.deadline and given.deadline < step.today:
        return Refusal("inputs", "要求完成时限：不能早于今天", fields={"deadline": "不能早于今天"})
    approver = approving_body(problem, step)
    if approver is None:
        return Refusal("no_approver", "本区域尚未建立方案审定单位，请联系系统管理员在“组织机构”中添加", step.row.clause)
    problem.main_unit, problem.leader_post, problem.approver = main, leader, approver
    if given.deadline:
        problem.deadline = problem.sort_day = given.deadline
    step.parts = write_participants(problem, main_unit=main, supervising=units)
    step.said["main_unit"], step.said["leader_post"] = main.short_name, leader.title
    step.said["supervising"] = [u.short_name for u in units]
    return None


def supervising_units(ids: Sequence[int]) -> list[Organisation] | Refusal:
    """The organisations in the order given, or the refusal that names what is wrong."""
    found = {o.pk: o for o in Organisation.objects.filter(pk__in=ids, active=True)}
    if len(found) != len(set(ids)) or len(set(ids)) != len(ids):
        why = "有单位不存在、已停用或重复"
        return Refusal("inputs", f"监管（验收）责任单位：{why}，请重新选择", fields={"supervising": why})
    return [found[pk] for pk in ids]


def write_participants(problem: Problem, *, main_unit: Organisation, supervising: Sequence[Organisation]) -> list[Participant]:
    """Replace the main unit and the ordered supervising units; the finder stays. Returns the new rows."""
    Participant.objects.filter(problem=problem).exclude(role=Participant.Role.FINDER).delete()
    rows = [Participant(problem=problem, organisation=main_unit, role=Participant.Role.MAIN)]
    rows += [
        Participant(problem=problem, organisation=unit, role=Participant.Role.SUPERVISING, rank=rank)
        for rank, unit in enumerate(supervising, start=1)
    ]
    return Participant.objects.bulk_create(rows)


def approving_body(problem: Problem, step: Step) -> Organisation | None:
    """The nearest body of the kind the pack names for this source level (XQ-7)."""
    named = {str(level): body for level, body in step.rules.pack.lifecycle.approver_for.items()}.get(problem.level)
    kind = step.rules.settings[named.setting] if isinstance(named, Setting) else named or Organisation.Kind.LEADING_GROUP
    near = Organisation.objects.filter(kind=kind, active=True, region__path__in=ancestry(problem.region))
    return near.order_by("-region__depth", "pk").first()


@effect("recall", "refuse_assignment")
def take_back(step: Step) -> Refusal | None:
    """The problem is nobody's again; a unit that refuses must name the better owner (its own name will not do)."""
    if step.row.name == "refuse_assignment":
        better = organisation(step.inputs.better_unit)
        if better is None or better.pk == step.problem.main_unit_id:
            why = "请指明本单位以外的责任单位"
            return Refusal("inputs", f"应由哪个单位承担：{why}", fields={"better_unit": why})
        step.said["better_unit"] = better.short_name
    step.said["main_unit"] = step.problem.main_unit.short_name if step.problem.main_unit else ""
    step.problem.participants.exclude(role=Participant.Role.FINDER).delete()
    step.problem.main_unit = step.problem.leader_post = step.problem.approver = None
    return None


@effect("decline")
def decline(step: Step) -> Refusal | None:
    """What was handed down is left out only with the word of those above (XQ-15: every problem goes through acceptance)."""
    if step.problem.level == step.problem.office.region.level or step.inputs.document:
        return None
    why = f"本问题来自{step.problem.get_level_display()}，不予列入须经上级同意，请填写上级同意的文号"
    return Refusal("inputs", why, "XQ-15", {"document": why})


@effect("merge")
def merge(step: Step) -> Refusal | None:
    number = step.inputs.target
    target = Problem.objects.select_for_update().filter(number=number, office=step.problem.office).first()
    why = ""
    if target is None:
        why = f"没有编号为“{number}”的问题，请核对编号"
    elif target.pk == step.problem.pk:
        why = "不能并入自身"
    elif State(target.state) in FINAL:
        why = f"“{number}”已办结，不能再并入"
    elif RANK.index(target.level) > RANK.index(step.problem.level):
        # Else a problem handed down would end without the acceptance its source asks for (XQ-15, XQ-17).
        why = f"本问题来自{step.problem.get_level_display()}，不能并入来源层级较低的“{number}”；请将“{number}”并入本问题"
    if why or target is None:
        return Refusal("inputs", f"并入问题的编号：{why}", fields={"target": why})
    step.problem.merged_into = target
    return None
