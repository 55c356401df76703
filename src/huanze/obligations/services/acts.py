"""What people, and the rooms above, do about a duty: open one, settle it, have done it, say that it no longer applies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from huanze.audit.services import record
from huanze.base import clock
from huanze.evidence import services as evidence
from huanze.evidence.models import Evidence, File
from huanze.notices.services import cancel, notify
from huanze.obligations.models import Occurrence
from huanze.orgs.models import Holding, Organisation, Post, User
from huanze.orgs.selectors import ancestry, holders_of, holds, posts_of
from huanze.policies.models import Adoption
from huanze.rules.calendar import chinese_date
from huanze.rules.verdicts import Refusal

SUBJECT = "occurrence"
UNIT: tuple[str, ...] = (Post.Rank.LIAISON, Post.Rank.HEAD)
"""Who of a unit is told."""
NOTE, WHY = 500, 200


def page(pk: int) -> str:
    """The address of a duty's own page. Rooms below the screens know it, as they know what the bar links to."""
    return f"/due/{pk}/"


@transaction.atomic
def open_one(
    *,
    adoption: Adoption,
    organisation: Organisation,
    duty: str,
    what: str,
    clause: str,
    subject_type: str,
    subject_id: int,
    due: date | None,
    url: str,
    acting_user: User,
    provisional: bool = False,
    publish: bool = False,
    kind: str = "event",
) -> Occurrence:
    """Open a duty that something just brought about, and tell the unit. While one is open for the same thing, it stays the one.

    ``due`` None: the documents set no term.

    ``url``: the page on which it is done; with one, only ``settle`` ends it. Empty: the unit says itself that it did it.
    """
    Adoption.objects.select_for_update().get(pk=adoption.pk)
    same = Occurrence.objects.filter(organisation=organisation, duty=duty, subject_type=subject_type, subject_id=subject_id)
    still = same.filter(done_on=None, ended_on=None).first()
    if still is not None:
        return still
    made = Occurrence.objects.create(
        adoption=adoption, region=adoption.region, organisation=organisation, duty=duty, what=what, kind=kind, clause=clause,
        period=f"第{same.count() + 1}次", opens_on=clock.today(), due=due, provisional=provisional, publish=publish,
        subject_type=subject_type, subject_id=subject_id, url=url,
    )  # fmt: skip
    notify(
        recipients=holders_of([organisation.pk], UNIT)[organisation.pk], subject_type=SUBJECT, subject_id=made.pk, kind="due_opened",
        text=f"请于{chinese_date(due)}前办理：{what}" if due else f"请办理：{what}", url=url or page(made.pk), clause=clause, day=clock.today(),
    )  # fmt: skip
    _record("obligations.open_one", made, acting_user, {"due": due, "subject": subject_type, "id": subject_id})
    return made


@transaction.atomic
def settle(*, subject_type: str, subject_id: int, duty: str, note: str, acting_user: User) -> int:
    """The thing was done on its own page: what is open for it is done. Whether the person may is that page's question. Returns how many."""
    rows = Occurrence.objects.select_for_update().filter(
        subject_type=subject_type, subject_id=subject_id, duty=duty, done_on=None, ended_on=None
    )
    found = list(rows.order_by("pk"))
    for row in found:
        _done(row, note, acting_user)
        _record("obligations.settle", row, acting_user, {"note": row.note})
    return len(found)


@transaction.atomic
def complete(*, occurrence: Occurrence, note: str, acting_user: User, file: File | None = None) -> Occurrence | Refusal:
    """The unit says that it did it, what and how, with a file as proof if there is one."""
    row, note = _locked(occurrence), note.strip()
    holding = may_complete(row, acting_user)
    if isinstance(holding, Refusal):
        return holding
    if not 0 < len(note) <= NOTE:
        text = f"请写明何时怎样办理，不超过{NOTE}字"
        return Refusal("inputs", f"办理情况：{text}", row.clause, {"note": text})
    _done(row, note, acting_user)
    if file is not None:
        kept = evidence.attach(
            file=file, object_type=SUBJECT, object_id=row.pk, role=Evidence.Role.REPORT, acting_user=acting_user, hat=str(holding.post),
        )  # fmt: skip
        if isinstance(kept, Refusal):
            transaction.set_rollback(True)
            return kept
    _record("obligations.complete", row, acting_user, {"note": note, "late": row.missed_on is not None}, holding)
    return row


def may_complete(row: Occurrence, user: User) -> Holding | Refusal:
    """The holding by which a person may say today that a duty is done, or why not."""
    holding = holds(user, organisations=[row.organisation_id], ranks=list(Post.Rank))
    if row.finished:
        return _finished(row)
    if row.unplaced:
        return Refusal("not_ready", f"“{row.named}”指哪个单位尚未认定，请先由整改办认定，再由责任单位办理", row.clause)
    if holding is None:
        return Refusal("wrong_actor", f"本事项由{row.organisation}办理，您不在该单位任职", row.clause)
    if row.url:
        return Refusal("wrong_state", "本事项在所关联的页面办理，办完即自动办结，请点击“去办理”", row.clause)
    if row.standing:
        return Refusal("wrong_state", "本事项没有期限，须长期坚持，不需要办结", row.clause)
    if row.opens_on > clock.today():
        return Refusal("not_ready", f"本事项自{chinese_date(row.opens_on)}开始，尚不能办结", row.clause)
    return holding


@transaction.atomic
def end(*, occurrence: Occurrence, why: str, acting_user: User) -> Occurrence | Refusal:
    """The office says that a duty does not apply to a unit. A miss that is on record stays on record."""
    row, why = _locked(occurrence), why.strip()
    holding = may_end(row, acting_user)
    if isinstance(holding, Refusal):
        return holding
    if not 0 < len(why) <= WHY:
        text = f"请写明不再适用的原因，不超过{WHY}字"
        return Refusal("inputs", f"原因：{text}", row.clause, {"why": text})
    row.missed_on = row.missed_on or _missed_on(row)
    row.ended_on, row.ended_why = clock.today(), why
    row.save(update_fields=["missed_on", "ended_on", "ended_why"])
    cancel(subject_type=SUBJECT, subject_id=row.pk, why="事项不再适用")
    _record("obligations.end", row, acting_user, {"why": why}, holding)
    return row


def may_end(row: Occurrence, user: User) -> Holding | Refusal:
    """The holding by which a person may end a duty, in the office of its place or of one above; or why not."""
    above = ancestry(row.region)
    offices = [h for h in posts_of(user) if h.post.organisation.kind == Organisation.Kind.COMMISSION_OFFICE and h.post.rank in UNIT]
    holding = next((h for h in offices if h.post.organisation.region.path in above), None)
    if holding is None:
        return Refusal("wrong_actor", "只有本级或者上级整改办的经办人、主要负责人可以认定事项不再适用", row.clause)
    return _finished(row) if row.finished else holding


def _locked(occurrence: Occurrence) -> Occurrence:
    rows = Occurrence.objects.select_for_update(of=("self",)).select_related("organisation", "region")
    return rows.get(pk=occurrence.pk)


def _finished(row: Occurrence) -> Refusal:
    text = f"本事项已于{chinese_date(row.done_on)}办结" if row.done_on else f"本事项自{chinese_date(row.ended_on)}起不再适用：{row.ended_why}"
    return Refusal("wrong_state", text, row.clause)


def _done(row: Occurrence, note: str, user: User) -> None:
    """Done today. If that is late, the miss goes on record now, whether the sweep came by or not."""
    row.missed_on = row.missed_on or _missed_on(row)
    row.done_on, row.done_by, row.note = clock.today(), user, note[:NOTE]
    row.save(update_fields=["missed_on", "done_on", "done_by", "note"])
    cancel(subject_type=SUBJECT, subject_id=row.pk, why="事项已办结")


def _missed_on(row: Occurrence) -> date | None:
    if row.due is None or row.due >= clock.today():
        return None
    return date.fromordinal(row.due.toordinal() + 1)


def _record(action: str, row: Occurrence, user: User, payload: Mapping[str, Any], holding: Holding | None = None) -> None:
    said = {"what": row.what, "period": row.period, "organisation": row.organisation_id, "clause": row.clause, **payload}
    record(
        action=action, object_type=SUBJECT, object_id=row.pk, actor=user.username, actor_name=user.name,
        hat=str(holding.post) if holding else "", payload=said,
    )  # fmt: skip
