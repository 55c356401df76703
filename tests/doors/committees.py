"""The addresses of committees, reminders and checks of new policy documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from cast import Cast
from doors import ABOVE, BUSINESS, OFFICE, Door, business, of, same
from huanze.duties.models import CheckedItem, Committee, CommitteeMember, CommitteeTask, PolicyCheck, Reminder
from huanze.evidence.models import File
from huanze.policies.models import PolicyDocument
from listed import adopt

HERE = frozenset(BUSINESS - {"other_clerk"})
"""Everyone of the district sees its committees."""
HOUSING, WATER = {"lead_liaison", "lead_head"}, {"water_liaison", "water_head"}
SIDES = of(HOUSING, WATER, OFFICE)
CHECKS = of(HOUSING, OFFICE, ABOVE)


def theirs(who: set[str], seen: frozenset[str], status: int, *args: Any, post: bool = False) -> Door:
    """Seen by ``seen``, done by ``who``; the others of those who see it are told that it is not theirs."""
    return business(status, *args, post=post, may=seen, other=same(set(seen - who), 403))


DOORS: Mapping[str, Door] = {
    "committees": business(),
    "committee_new": business(422),  # the rules in force here have no clause on committees
    "committee": business(200, "committee", may=HERE),
    "committee_decide": theirs({"approver"}, HERE, 200, "committee_asked"),
    "committee_members": theirs(HOUSING, HERE, 200, "committee"),
    "committee_meeting": theirs(HOUSING, HERE, 200, "committee"),
    "committee_task": theirs(HOUSING, HERE, 200, "committee"),
    "committee_dissolve": theirs({"approver"}, HERE, 200, "committee"),
    "committee_task_done": theirs(WATER, HERE, 200, "committee_task"),
    "reminders": business(),
    "reminder_new": business(),
    "reminder": business(200, "reminder", may=SIDES),
    "reminder_reply": theirs(WATER, SIDES, 200, "reminder"),
    "reminder_report": theirs({"lead_head"}, SIDES, 200, "reminder"),
    "reminder_settle": theirs(HOUSING, SIDES, 302, "reminder", post=True),
    "policy_checks": business(),
    "policy_check_new": business(422, "checked_paper", may=HERE),  # nor a clause on new policy documents
    "policy_check": business(200, "policy_check", may=CHECKS),
    "policy_check_item": theirs(HOUSING | OFFICE, CHECKS, 302, "policy_check", 1, post=True),
    "policy_check_close": theirs(HOUSING | OFFICE, CHECKS, 200, "policy_check"),
}


def made(cast: Cast) -> dict[str, Any]:
    """A committee asked for and one at work, under rules still to come; a reminder past its day; a check with a gap."""
    adoption, day = adopt(cast, "hb", date(2099, 1, 1)), date(2025, 3, 3)
    common = {"region": cast.district, "adoption": adoption, "lead": cast.housing}
    asked = Committee.objects.create(
        clause="HB-9", name="扬尘治理专业委员会", field="扬尘", why="统筹", requested_by=cast.lead_head, requested_on=day, **common
    )  # fmt: skip
    active = Committee.objects.create(
        clause="HB-9", name="水环境治理专业委员会", field="污水", why="统筹", requested_by=cast.lead_head, requested_on=day, state="active",
        decided_by=cast.approver, decided_on=day, **common,
    )  # fmt: skip
    CommitteeMember.objects.create(committee=active, organisation=cast.water, from_day=day)
    task = CommitteeTask.objects.create(committee=active, organisation=cast.water, what="排查排口", due=date(2025, 4, 30))
    reminder = Reminder.objects.create(
        clause="HB-8", unit=cast.water, task=task, matter="排查排口", text="请推进", sent_by=cast.lead_head, sent_on=day, reply_due=date(2025, 3, 10), **common
    )
    at = datetime(2025, 3, 3, tzinfo=UTC)
    file = File.objects.create(sm3="c" * 64, name="方案.txt", size=1, media_type="text/plain", uploaded_by=cast.lead_head, uploaded_at=at)
    paper = PolicyDocument.objects.create(
        region=cast.district, kept_by=cast.housing, file=file, sha256="c" * 64, title="堆场扬尘治理方案", form="txt", text="建立台账。", reader="1", added_by=cast.lead_head,
    )  # fmt: skip
    check = PolicyCheck.objects.create(
        region=cast.district, adoption=adoption, clause="HB-7", document=paper, organisation=cast.housing, made_by=cast.lead_head, made_at=at
    )
    CheckedItem.objects.create(check_of=check, no=1, clause="一", start=0, end=5, text="建立台账。", verdict="no_unit")
    return {
        "committee_asked": asked, "committee": active, "committee_task": task, "reminder": reminder, "checked_paper": paper, "policy_check": check,
    }  # fmt: skip
