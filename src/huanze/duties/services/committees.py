"""Special committees (专业委员会): requested by a lead department, approved by the commission, worked in, dissolved (HB-9, JX-6).

``ACTS`` says what may be done in which state and by whom; buttons, pages and these services all ask ``allowed``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from huanze.audit.services import record
from huanze.base import clock
from huanze.duties.models import Committee, CommitteeMember, CommitteeTask, Meeting
from huanze.duties.selectors.committees import (
    Ruling,
    current_members,
    leads_any,
    may_join,
    places_below,
    ruling,
)
from huanze.duties.selectors.scope import MAKES_LISTS
from huanze.notices.services import notify
from huanze.obligations import services as obligations
from huanze.orgs.models import Holding, Organisation, Post, Region, User
from huanze.orgs.selectors import holders_of, holds
from huanze.policies.services import FARTHEST
from huanze.rules.calendar import chinese_date
from huanze.rules.verdicts import Refusal

SUBJECT, TASK_SUBJECT, TASK_DUTY = "committee", "committee_task", "committee_task"
WORKS = (Post.Rank.LIAISON, Post.Rank.HEAD)
State = Committee.State


@dataclass(frozen=True, slots=True)
class Act:
    """In which state an act is open, who takes it, and how a refusal names it."""

    state: str
    by: str
    label: str


ACTS: Mapping[str, Act] = {
    "decide": Act(State.REQUESTED, "approver", "批准或者不批准"),
    "members": Act(State.ACTIVE, "lead", "调整成员"),
    "meeting": Act(State.ACTIVE, "lead", "记录会议"),
    "task": Act(State.ACTIVE, "lead", "交办任务"),
    "dissolve": Act(State.ACTIVE, "approver", "撤销"),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for. ``members`` without the lead; ``pilot_places`` only for a pilot."""

    name: str
    field: str
    why: str
    members: Sequence[Organisation]
    pilot: bool = False
    pilot_places: Sequence[Region] = ()


# ---- who may


def may_request(organisation: Organisation, user: User) -> tuple[Ruling, Holding] | Refusal:
    """Whether a person may ask for a committee led by this department."""
    rule = ruling(organisation.region)
    if rule is None:
        return Refusal("no_rule", f"{organisation.region}现行规则没有设立专业委员会的条款，不能申请设立")
    clause = rule.clause.clause
    hat = holds(user, organisations=[organisation.pk], ranks=list(WORKS))
    if hat is None or organisation.kind not in MAKES_LISTS:
        return Refusal("wrong_actor", "设立专业委员会由牵头部门的联络员或者主要负责人提出", clause)
    if rule.leads_only and not leads_any(organisation):
        return Refusal("not_ready", f"只有具体事项的牵头部门可以提出设立，{organisation}还没有已公开的牵头事项，请先公布本部门具体事项清单", clause)
    if not rule.approvers:
        return Refusal("not_ready", f"本地没有找到批准设立的“{rule.approver}”，请整改办先认定这一文件用语指哪个单位", clause)
    return rule, hat


def allowed(committee: Committee, act: str, user: User) -> Holding | Refusal:
    """The hat by which a person may take an act on a committee as it stands now."""
    wanted = ACTS[act]
    if wanted.by == "lead":
        hat = holds(user, organisations=[committee.lead_id], ranks=list(WORKS))
        told = f"{wanted.label}由牵头部门{committee.lead}办理"
    else:
        rule = ruling(committee.region, committee.adoption)
        bodies = rule.approvers if rule else ()
        hat = holds(user, organisations=[unit.pk for unit in bodies], ranks=[Post.Rank.HEAD])
        told = f"{wanted.label}由{'、'.join(unit.name for unit in bodies) or '环委会'}主要负责人办理"
    if hat is None:
        return Refusal("wrong_actor", told, committee.clause)
    if committee.state != wanted.state:
        return Refusal("wrong_state", f"{committee}{committee.get_state_display()}，不能{wanted.label}，请刷新页面", committee.clause)
    return hat


# ---- requested and decided


@transaction.atomic
def request(*, lead: Organisation, plan: Plan, acting_user: User) -> Committee | Refusal:
    """Ask for a committee. Its members count from the day it is approved."""
    # The place is locked, so that no two departments take one name at once.
    Region.objects.select_for_update().get(pk=lead.region_id)
    found = may_request(lead, acting_user)
    if isinstance(found, Refusal):
        return found
    rule, hat = found
    if wrong := _wrong_plan(lead, plan, rule):
        return Refusal("inputs", "；".join(wrong.values()), rule.clause.clause, wrong)
    today = clock.today()
    made = Committee.objects.create(
        region=lead.region, adoption=rule.adoption, clause=rule.clause.clause, name=plan.name.strip(), field=plan.field.strip(), lead=lead,
        pilot=plan.pilot, why=plan.why.strip(), requested_by=acting_user, requested_on=today,
    )  # fmt: skip
    made.pilot_places.set(plan.pilot_places)
    CommitteeMember.objects.bulk_create(CommitteeMember(committee=made, organisation=unit, from_day=today) for unit in plan.members)
    text = f"{lead}申请设立{made}，请审批"
    _tell(made, "committee_requested", text, [unit.pk for unit in rule.approvers], ranks=(Post.Rank.HEAD,))
    _note("request", made, acting_user, hat, {"name": made.name, "members": [unit.pk for unit in plan.members], "pilot": made.pilot})
    return made


def _wrong_plan(lead: Organisation, plan: Plan, rule: Ruling) -> dict[str, str]:
    wrong = _lengths({"name": ("名称", plan.name, 100), "field": ("领域", plan.field, 200), "why": ("设立理由", plan.why, 2_000)})
    open_ones = Committee.objects.filter(region=lead.region, name=plan.name.strip(), state__in=[State.REQUESTED, State.ACTIVE])
    if "name" not in wrong and open_ones.exists():
        wrong["name"] = "名称：本地已有同名的专业委员会，请换一个名称"
    if bad := _bad_members(lead, plan.members):
        wrong["members"] = bad
    below = set(places_below(lead.region).values_list("pk", flat=True)) if plan.pilot_places else set()
    if plan.pilot and not rule.clause.pilot:
        wrong["pilot"] = f"试点：{rule.clause.clause}没有规定试点"
    elif plan.pilot and not plan.pilot_places:
        wrong["pilot_places"] = "试点地区：请至少选择一个"
    elif not plan.pilot and plan.pilot_places:
        wrong["pilot_places"] = "试点地区：不是试点的，不选试点地区"
    elif any(place.pk not in below for place in plan.pilot_places):
        wrong["pilot_places"] = f"试点地区：只能选择{lead.region}以下的地区"
    return wrong


def _bad_members(lead: Organisation, members: Sequence[Organisation]) -> str:
    if not members:
        return "成员部门：请至少选择一个本部门以外的单位"
    known = set(may_join(lead.region, without=[lead.pk]).filter(pk__in=[unit.pk for unit in members]).values_list("pk", flat=True))
    strangers = [unit.short_name for unit in members if unit.pk not in known]
    return f"成员部门：{'、'.join(strangers)}不是{lead.region}在用的其他单位" if strangers else ""


@transaction.atomic
def decide(*, committee: Committee, approve: bool, basis: str, opinion: str, acting_user: User) -> Committee | Refusal:
    """Approve or refuse, by the head of the body that the rule names. ``basis``: number of the paper, needed to approve."""
    row = _locked(committee)
    hat = allowed(row, "decide", acting_user)
    if isinstance(hat, Refusal):
        return hat
    wrong = _lengths({"basis": ("批准文号", basis, 200)} if approve or basis.strip() else {}) | _lengths({"opinion": ("意见", opinion, 500)})
    if wrong:
        return Refusal("inputs", "；".join(wrong.values()), row.clause, wrong)
    today = clock.today()
    row.state = State.ACTIVE if approve else State.REFUSED
    row.decided_by, row.decided_hat, row.decided_on = acting_user, str(hat.post)[:120], today
    row.basis, row.opinion = basis.strip(), opinion.strip()
    row.save(update_fields=["state", "decided_by", "decided_hat", "decided_on", "basis", "opinion"])
    members = [unit.pk for unit in current_members(row)]
    if approve:
        row.members.update(from_day=today)
    said = f"{row}已批准成立（{row.basis}）" if approve else f"{row}未获批准：{row.opinion}"
    _tell(row, "committee_decided", said, [row.lead_id, *(members if approve else [])])
    _note("decide", row, acting_user, hat, {"approve": approve, "basis": row.basis, "opinion": row.opinion})
    return row


@transaction.atomic
def dissolve(*, committee: Committee, why: str, acting_user: User) -> Committee | Refusal:
    """End a committee. Its open tasks must be done first, so that nothing is left without a table to sit at."""
    row = _locked(committee)
    hat = allowed(row, "dissolve", acting_user)
    if isinstance(hat, Refusal):
        return hat
    if wrong := _lengths({"why": ("撤销理由", why, 500)}):
        return Refusal("inputs", "；".join(wrong.values()), row.clause, wrong)
    if left := row.tasks.filter(done_on=None).count():
        return Refusal("not_ready", f"还有{left}项任务没有完成，请先由承担单位办结并填报，再撤销", row.clause)
    members = [unit.pk for unit in current_members(row)]
    row.state, row.dissolved_on, row.dissolved_by, row.dissolved_why = State.DISSOLVED, clock.today(), acting_user, why.strip()
    row.save(update_fields=["state", "dissolved_on", "dissolved_by", "dissolved_why"])
    row.members.filter(until_day=None).update(until_day=row.dissolved_on)
    _tell(row, "committee_dissolved", f"{row}已撤销：{row.dissolved_why}", [row.lead_id, *members])
    _note("dissolve", row, acting_user, hat, {"why": row.dissolved_why})
    return row


# ---- members, meetings, tasks


@transaction.atomic
def change_members(
    *, committee: Committee, day: date, join: Sequence[Organisation] = (), leave: Sequence[Organisation] = (), acting_user: User
) -> Committee | Refusal:
    """Take units in from a day and let others go with that day as their last. What was stays on record."""
    row = _locked(committee)
    hat = allowed(row, "members", acting_user)
    if isinstance(hat, Refusal):
        return hat
    here = {m.organisation_id: m for m in row.members.filter(until_day=None)}
    if wrong := _wrong_change(row, here, day, join, leave):
        return Refusal("inputs", "；".join(wrong.values()), row.clause, wrong)
    row.members.filter(organisation__in=leave, until_day=None).update(until_day=day)
    CommitteeMember.objects.bulk_create(CommitteeMember(committee=row, organisation=unit, from_day=day) for unit in join)
    _tell(row, "committee_joined", f"您单位自{day}起为{row}成员部门，牵头部门是{row.lead}", [unit.pk for unit in join])
    _tell(row, "committee_left", f"您单位自{day}起不再是{row}成员部门", [unit.pk for unit in leave])
    _note("members", row, acting_user, hat, {"day": day, "join": [unit.pk for unit in join], "leave": [unit.pk for unit in leave]})
    return row


def _wrong_change(
    row: Committee, here: Mapping[int, CommitteeMember], day: date, join: Sequence[Organisation], leave: Sequence[Organisation]
) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not join and not leave:
        wrong["join"] = "请选择加入或者退出的单位"
    if join and (bad := _bad_members(row.lead, join)):
        wrong["join"] = bad
    elif again := [unit.short_name for unit in join if unit.pk in here]:
        wrong["join"] = f"加入：{'、'.join(again)}已是成员部门"
    if strangers := [unit.short_name for unit in leave if unit.pk not in here]:
        wrong["leave"] = f"退出：{'、'.join(strangers)}不是成员部门"
    elif len(here) - len(leave) + len(join) < 1:
        wrong["leave"] = "退出：至少要保留一个成员部门；不再需要的，请撤销委员会"
    first = max([row.decided_on or day, *(here[unit.pk].from_day for unit in leave if unit.pk in here)])
    if not first <= day <= clock.today():
        wrong["day"] = f"日期：应在{first}至今天之间"
    return wrong


@transaction.atomic
def record_meeting(
    *, committee: Committee, day: date, topics: Sequence[str], attended: Sequence[Organisation], decisions: str, acting_user: User
) -> Meeting | Refusal:
    """Write down a meeting: what was on the table, which units came, what was decided."""
    row = _locked(committee)
    hat = allowed(row, "meeting", acting_user)
    if isinstance(hat, Refusal):
        return hat
    said = [topic.strip() for topic in topics if topic.strip()]
    wrong = _lengths({"decisions": ("议定事项", decisions, 5_000)})
    if not said or any(len(topic) > 200 for topic in said):
        wrong["topics"] = "议题：请至少写一项，每项一行，不超过200字"
    members = set(row.members.filter(from_day__lte=day).exclude(until_day__lt=day).values_list("organisation", flat=True))
    if not attended or any(unit.pk not in members | {row.lead_id} for unit in attended):
        wrong["attended"] = "到会单位：请至少选择一个，且须是当日的牵头部门或者成员部门"
    if not (row.decided_on or day) <= day <= clock.today():
        wrong["day"] = f"会议日期：应在{chinese_date(row.decided_on)}至今天之间"
    if wrong:
        return Refusal("inputs", "；".join(wrong.values()), row.clause, wrong)
    made = Meeting.objects.create(committee=row, day=day, topics=said, decisions=decisions.strip(), recorded_by=acting_user)
    made.attended.set(attended)
    _note("meeting", row, acting_user, hat, {"day": day, "topics": said, "attended": [unit.pk for unit in attended]})
    return made


@transaction.atomic
def add_task(
    *, committee: Committee, organisation: Organisation, what: str, due: date, meeting: Meeting | None = None, acting_user: User
) -> CommitteeTask | Refusal:
    """Give a task to a member or to the lead itself. It becomes a duty of that unit, with its day."""
    row = _locked(committee)
    hat = allowed(row, "task", acting_user)
    if isinstance(hat, Refusal):
        return hat
    wrong = _lengths({"what": ("任务", what, 200)})
    if organisation.pk not in {row.lead_id, *(unit.pk for unit in current_members(row))}:
        wrong["organisation"] = "承担单位：须是牵头部门或者现在的成员部门"
    if not clock.today() <= due <= clock.today() + FARTHEST:
        wrong["due"] = "期限：应在今天至十年以内"
    if meeting is not None and meeting.committee_id != row.pk:
        wrong["meeting"] = "来自会议：不是本委员会的会议"
    if wrong:
        return Refusal("inputs", "；".join(wrong.values()), row.clause, wrong)
    made = CommitteeTask.objects.create(committee=row, meeting=meeting, organisation=organisation, what=what.strip(), due=due)
    obligations.open_one(
        adoption=row.adoption, organisation=organisation, duty=TASK_DUTY, what=made.what, clause=row.clause, subject_type=TASK_SUBJECT,
        subject_id=made.pk, due=due, url=url_of(row), acting_user=acting_user,
    )  # fmt: skip
    _note("task", row, acting_user, hat, {"task": made.pk, "organisation": organisation.pk, "what": made.what, "due": due})
    return made


def may_report(task: CommitteeTask, user: User) -> Holding | Refusal:
    """The hat by which a person may report a task as done: any post of the unit that owns it."""
    hat = holds(user, organisations=[task.organisation_id], ranks=list(Post.Rank))
    if hat is None:
        return Refusal("wrong_actor", f"本任务由{task.organisation}填报完成情况", task.committee.clause)
    if task.done_on:
        return Refusal("wrong_state", f"本任务已于{chinese_date(task.done_on)}办结", task.committee.clause)
    return hat


@transaction.atomic
def report_done(*, task: CommitteeTask, result: str, acting_user: User) -> CommitteeTask | Refusal:
    """The owner says what was done; that settles the duty."""
    row = CommitteeTask.objects.select_for_update(of=("self",)).select_related("committee__region", "committee__lead", "organisation").get(pk=task.pk)
    hat = may_report(row, acting_user)
    if isinstance(hat, Refusal):
        return hat
    if wrong := _lengths({"result": ("完成情况", result, 500)}):
        return Refusal("inputs", "；".join(wrong.values()), row.committee.clause, wrong)
    row.done_on, row.done_by, row.result = clock.today(), acting_user, result.strip()
    row.save(update_fields=["done_on", "done_by", "result"])
    obligations.settle(subject_type=TASK_SUBJECT, subject_id=row.pk, duty=TASK_DUTY, note=row.result, acting_user=acting_user)
    _tell(row.committee, f"committee_task_{row.pk}", f"{row.organisation}已办结：{row.what}", [row.committee.lead_id])
    _note("task_done", row.committee, acting_user, hat, {"task": row.pk, "result": row.result, "late": row.late})
    return row


# ---- inside


def url_of(committee: Committee) -> str:
    return f"/committees/{committee.pk}/"


def _locked(committee: Committee) -> Committee:
    rows = Committee.objects.select_for_update(of=("self",)).select_related("region", "adoption", "lead__region")
    return rows.get(pk=committee.pk)


def _lengths(said: Mapping[str, tuple[str, str, int]]) -> dict[str, str]:
    """What is wrong with texts that must be there: ``{field: (label, text, most)}``."""
    return {name: f"{label}：请填写，不超过{most}字" for name, (label, text, most) in said.items() if not 0 < len(text.strip()) <= most}


def _tell(row: Committee, kind: str, text: str, organisations: Sequence[int], ranks: Sequence[str] = WORKS) -> None:
    people = [user for users in holders_of(organisations, ranks).values() for user in users]
    notify(recipients=people, subject_type=SUBJECT, subject_id=row.pk, kind=kind[:40], text=text, url=url_of(row), clause=row.clause, day=clock.today())


def _note(action: str, row: Committee, user: User, hat: Holding, payload: Mapping[str, Any]) -> None:
    record(
        action=f"committees.{action}", object_type=SUBJECT, object_id=row.pk, actor=user.username, actor_name=user.name, hat=str(hat.post),
        payload={"committee": row.name, "clause": row.clause, **payload},
    )  # fmt: skip
