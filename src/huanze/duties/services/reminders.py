"""The lead reminds a co-operating unit that lags, and reports upward when that does not help (HB-8, JX-6).

The documents set no day for a reply. ``DAYS`` working days are our local default, and every page says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction

from huanze.audit.services import record
from huanze.base import clock
from huanze.duties.models import Reminder
from huanze.duties.selectors.reminders import (
    DETERMINATION,
    ITEM,
    TASK,
    WORKS,
    Matter,
    matter,
    report_bodies,
    rule_here,
)
from huanze.notices.services import cancel, notify
from huanze.orgs.models import Holding, Organisation, Post, User
from huanze.orgs.selectors import holders_of, holds, office_of
from huanze.policies import selectors as policies
from huanze.policies.models import Adoption
from huanze.rules.calendar import chinese_date
from huanze.rules.deadlines import Due, Term, due
from huanze.rules.packs.schema import Duty
from huanze.rules.verdicts import Refusal

SUBJECT = "reminder"
DAYS = 5
LONGEST = 2_000


# ---- sent


def reply_due(clause: str) -> Due:
    """The day for a reply to a reminder of today, as it is counted."""
    return due(Term(DAYS, "workday", after="reminded", clause=clause, left_open=True), clock.today(), policies.calendar())


def may_send(about: Matter, user: User) -> tuple[Holding, Adoption, Duty] | Refusal:
    """Whether a person may remind in the name of a lead of this matter."""
    found = rule_here(about.region)
    if found is None:
        return Refusal("no_rule", f"{about.region}现行规则没有牵头部门提醒配合部门的条款，不能发出提醒")
    adoption, duty = found
    hat = holds(user, organisations=[unit.pk for unit in about.leads], ranks=list(WORKS))
    if hat is None:
        leads = "、".join(unit.short_name for unit in about.leads) or "牵头部门"
        return Refusal("wrong_actor", f"提醒由本事项的牵头部门（{leads}）的联络员或者主要负责人发出", duty.clause)
    if not about.units:
        return Refusal("not_ready", "本事项没有配合部门，或者文件用语还没有认定指哪个单位，没有可以提醒的对象", duty.clause)
    return hat, adoption, duty


@transaction.atomic
def send(*, kind: str, pk: int, unit: Organisation, text: str, acting_user: User) -> Reminder | Refusal:
    """Remind a co-operating unit of an item (``kind`` item), a decided matter (determination) or a committee's task (task)."""
    about = matter(kind, pk)
    if about is None:
        return Refusal("not_found", "该事项不在现行清单、决定或者任务中，请刷新页面")
    found = may_send(about, acting_user)
    if isinstance(found, Refusal):
        return found
    hat, adoption, duty = found
    # One row of the unit is locked, so that two clerks of a lead do not send the same reminder at once.
    Organisation.objects.select_for_update().get(pk=unit.pk)
    wrong = _wrong_text("text", "提醒内容", text)
    if unit.pk not in {other.pk for other in about.units}:
        wrong["unit"] = f"被提醒单位：{unit}不是本事项的配合部门"
    elif (open_one := _open(about, unit)) is not None:
        wrong["unit"] = f"被提醒单位：{chinese_date(open_one.sent_on)}已就本事项提醒过{unit}，请先了结那一次"
    if wrong:
        return Refusal("inputs", "；".join(wrong.values()), duty.clause, wrong)
    made = Reminder.objects.create(
        region=about.region, adoption=adoption, clause=duty.clause, lead=hat.post.organisation, unit=unit, matter=about.text[:500],
        text=text.strip(), sent_by=acting_user, sent_on=clock.today(), reply_due=reply_due(duty.clause).on, **_subject(about),
    )  # fmt: skip
    said = f"{made.lead}提醒：{made.matter}。请于{chinese_date(made.reply_due)}前答复"
    _tell(made, "reminder_sent", said, [unit.pk])
    _note("send", made, acting_user, hat, {"unit": unit.pk, "text": made.text, "reply_due": made.reply_due})
    return made


def _subject(about: Matter) -> dict[str, int]:
    return {{ITEM: "item_id", DETERMINATION: "determination_id", TASK: "task_id"}[about.kind]: about.pk}


def _open(about: Matter, unit: Organisation) -> Reminder | None:
    return Reminder.objects.filter(unit=unit, lead__in=about.leads, settled_on=None, **_subject(about)).first()


# ---- answered, settled


def may_reply(reminder: Reminder, user: User) -> Holding | Refusal:
    hat = holds(user, organisations=[reminder.unit_id], ranks=list(WORKS))
    if hat is None:
        return Refusal("wrong_actor", f"答复由{reminder.unit}的联络员或者主要负责人填写", reminder.clause)
    if reminder.settled_on or reminder.replied_on:
        done = f"已于{chinese_date(reminder.replied_on)}答复" if reminder.replied_on else f"已于{chinese_date(reminder.settled_on)}了结"
        return Refusal("wrong_state", f"本提醒{done}，不能再答复", reminder.clause)
    return hat


@transaction.atomic
def reply(*, reminder: Reminder, text: str, acting_user: User) -> Reminder | Refusal:
    """The unit answers, in time or late, even after it was reported; once."""
    row = _locked(reminder)
    hat = may_reply(row, acting_user)
    if isinstance(hat, Refusal):
        return hat
    if wrong := _wrong_text("reply", "答复", text):
        return Refusal("inputs", wrong["reply"], row.clause, wrong)
    row.reply, row.replied_by, row.replied_on = text.strip(), acting_user, clock.today()
    row.save(update_fields=["reply", "replied_by", "replied_on"])
    cancel(subject_type=SUBJECT, subject_id=row.pk, why="已答复", kinds=["reminder_sent"])
    _tell(row, "reminder_replied", f"{row.unit}已答复提醒：{row.matter}", [row.lead_id])
    _note("reply", row, acting_user, hat, {"reply": row.reply, "late": row.replied_on > row.reply_due})
    return row


def may_settle(reminder: Reminder, user: User) -> Holding | Refusal:
    hat = holds(user, organisations=[reminder.lead_id], ranks=list(WORKS))
    if hat is None:
        return Refusal("wrong_actor", f"了结由牵头部门{reminder.lead}办理", reminder.clause)
    if reminder.settled_on:
        return Refusal("wrong_state", f"本提醒已于{chinese_date(reminder.settled_on)}了结", reminder.clause)
    return hat


@transaction.atomic
def settle(*, reminder: Reminder, acting_user: User) -> Reminder | Refusal:
    """The lead says that the matter moves again, with or without a reply, before or after a report."""
    row = _locked(reminder)
    hat = may_settle(row, acting_user)
    if isinstance(hat, Refusal):
        return hat
    row.settled_on = clock.today()
    row.save(update_fields=["settled_on"])
    cancel(subject_type=SUBJECT, subject_id=row.pk, why="已了结")
    _tell(row, "reminder_settled", f"{row.lead}已了结提醒：{row.matter}", [row.unit_id])
    _note("settle", row, acting_user, hat, {})
    return row


# ---- reported upward


def may_report(reminder: Reminder, user: User) -> Holding | Refusal:
    """The head of the lead, once the unit has replied to no avail or the day for a reply is over."""
    hat = holds(user, organisations=[reminder.lead_id], ranks=[Post.Rank.HEAD])
    if hat is None:
        return Refusal("wrong_actor", f"向党委和政府报告由牵头部门{reminder.lead}的主要负责人签发", reminder.clause)
    if reminder.reported_on or reminder.settled_on:
        return Refusal("wrong_state", f"本提醒{reminder.standing[0]}，不能再上报", reminder.clause)
    if reminder.replied_on is None and clock.today() <= reminder.reply_due:
        return Refusal("not_ready", f"答复期限是{chinese_date(reminder.reply_due)}（含当日），期限届满仍未答复，或者答复后仍不推进的，才能上报", reminder.clause)
    return hat


@transaction.atomic
def report(*, reminder: Reminder, words: str, acting_user: User) -> Reminder | Refusal:
    """Report to the Party committee and the government of the place. ``words``: why reminding did not help.

    The history of the reminder is written into the report as it stands.
    """
    row = _locked(reminder)
    hat = may_report(row, acting_user)
    if isinstance(hat, Refusal):
        return hat
    if wrong := _wrong_text("words", "报告内容", words):
        return Refusal("inputs", wrong["words"], row.clause, wrong)
    rule = rule_here(row.region)
    bodies, unknown = report_bodies(row.region, rule[1]) if rule else ([], ["同级党委和政府"])
    if unknown:
        return Refusal("not_ready", f"本地没有找到“{'、'.join(unknown)}”，请整改办先认定这些文件用语指哪个单位", row.clause)
    row.report = report_text(row, bodies, words)
    row.reported_by, row.reported_on = acting_user, clock.today()
    row.save(update_fields=["report", "reported_by", "reported_on"])
    row.reported_to.set(bodies)
    said = f"{row.lead}报告：{row.unit}推进不力，{row.matter}"
    _tell(row, "reminder_reported", said, [unit.pk for unit in bodies], (Post.Rank.HEAD,))
    office = office_of(row.region)
    _tell(row, "reminder_reported", said, [row.unit_id, *([office.pk] if office else [])])
    _note("report", row, acting_user, hat, {"to": [unit.pk for unit in bodies], "words": words.strip()})
    return row


def report_text(reminder: Reminder, bodies: Sequence[Organisation], words: str) -> str:
    """The report as it goes up: to whom, what the lead says, and what has happened."""
    asked = f"{chinese_date(reminder.sent_on)}，{reminder.lead.name}就“{reminder.matter}”提醒{reminder.unit.name}，请其于{chinese_date(reminder.reply_due)}前答复：{reminder.text}"
    answered = f"{chinese_date(reminder.replied_on)}，{reminder.unit.name}答复：{reminder.reply}" if reminder.replied_on else f"截至{chinese_date(clock.today())}，{reminder.unit.name}没有答复。"
    title = policies.pack(reminder.adoption.pack_id).document.title
    lines = [
        f"{'、'.join(unit.name for unit in bodies)}：", words.strip(), "提醒和答复的经过：", f"一、{asked}", f"二、{answered}",
        f"依据《{title}》（{reminder.clause}）报告。", f"{reminder.lead.name}　{chinese_date(clock.today())}",
    ]  # fmt: skip
    return "\n".join(lines)


# ---- inside
def url_of(reminder: Reminder) -> str:
    return f"/committees/reminders/{reminder.pk}/"


def _locked(reminder: Reminder) -> Reminder:
    rows = Reminder.objects.select_for_update(of=("self",)).select_related("lead", "unit", "region", "adoption")
    return rows.get(pk=reminder.pk)


def _wrong_text(name: str, label: str, text: str) -> dict[str, str]:
    return {} if 0 < len(text.strip()) <= LONGEST else {name: f"{label}：请填写，不超过{LONGEST}字"}


def _tell(row: Reminder, kind: str, text: str, organisations: Collection[int], ranks: Collection[str] = WORKS) -> None:
    people = [user for users in holders_of(organisations, ranks).values() for user in users]
    notify(recipients=people, subject_type=SUBJECT, subject_id=row.pk, kind=kind, text=text, url=url_of(row), clause=row.clause, day=clock.today())


def _note(action: str, row: Reminder, user: User, hat: Holding, payload: Mapping[str, Any]) -> None:
    record(
        action=f"reminders.{action}", object_type=SUBJECT, object_id=row.pk, actor=user.username, actor_name=user.name, hat=str(hat.post),
        payload={"matter": row.matter, "clause": row.clause, **payload},
    )  # fmt: skip
