"""Telling people: into the outbox in the transaction of the change, out of it in a second step (habit 5).

A person gets one digest a day on each channel, after DIGEST_HOUR, and urgent matters at once. Nothing is
sent twice: the sender takes a digest by compare-and-set before it sends, and one taken by a sender that
died is left as it is, its outcome unknown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from huanze.base import clock
from huanze.notices.channels import Channel, Letter, Undelivered, configured, whole_url
from huanze.notices.models import Digest, Notice

SITE = "site"
DIGEST_HOUR = 7
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""How long to wait after the first, second … failure. After one failure more the digest is given up."""
DOWN_AFTER = 3
"""Failures in a row after which a channel is left alone until the next run."""
PEOPLE_AT_ONCE = 200
LINES = 50

Waiting, Cancelled, Sent = Notice.State.WAITING, Notice.State.CANCELLED, Notice.State.SENT


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one run did: digests written, sent, and not sent this time."""

    written: int
    sent: int
    failed: int


def notify(
    *,
    recipients: Iterable[Any],
    subject_type: str,
    subject_id: int,
    kind: str,
    text: str,
    url: str = "",
    clause: str = "",
    day: date,
    urgent: bool = False,
    again: bool = False,
) -> int:
    """Put one matter in the outbox for each recipient (users or their ids); a repeat on the same day is dropped.

    ``again``: one that was cancelled that day waits once more, for a matter that can come back.
    """
    ids = dict.fromkeys(getattr(person, "pk", person) for person in recipients)
    if again:
        gone = Notice.objects.filter(recipient__in=ids, subject_type=subject_type, subject_id=subject_id, kind=kind, day=day, state=Cancelled)
        gone.update(state=Waiting, cancelled_why="", text=text[:300])
    return notify_many(
        Notice(
            recipient_id=pk, subject_type=subject_type, subject_id=subject_id, kind=kind, text=text[:300], url=url,
            clause=clause, day=day, urgent=urgent,
        )
        for pk in ids
    )  # fmt: skip


def notify_many(notices: Iterable[Notice]) -> int:
    """Put many unsaved notices in the outbox with one insert; those already said are dropped."""
    rows = list(notices)
    if rows:
        Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1_000)
    return len(rows)


def cancel(
    *, subject_type: str, subject_id: int, why: str, kinds: Collection[str] | None = None, recipients: Iterable[Any] | None = None
) -> int:
    """The matter moved on, for these people or for all: what was not sent yet is not sent. Returns how many."""
    return cancel_many(subject_type=subject_type, subject_ids=[subject_id], why=why, kinds=kinds, recipients=recipients)


def cancel_many(
    *, subject_type: str, subject_ids: Collection[int], why: str, kinds: Collection[str] | None = None, recipients: Iterable[Any] | None = None
) -> int:
    """``cancel`` for many subjects with one update."""
    waiting = Notice.objects.filter(subject_type=subject_type, subject_id__in=subject_ids, state=Waiting)
    if kinds is not None:
        waiting = waiting.filter(kind__in=kinds)
    if recipients is not None:
        waiting = waiting.filter(recipient__in=[getattr(person, "pk", person) for person in recipients])
    return waiting.update(state=Cancelled, cancelled_why=why[:100])


def mark_read(*, user: Any, ids: Collection[int] | None = None) -> int:
    """A person read notices of theirs: these, or all. Notices of others stay as they are."""
    unread = Notice.objects.filter(recipient=user, read_at=None).exclude(state=Cancelled)
    if ids is not None:
        unread = unread.filter(pk__in=ids)
    return unread.update(read_at=clock.now())


def deliver(now: datetime | None = None) -> Delivery:
    """Write the digests that are due and send them. Safe to run at any time, twice, and by two at once.

    Must not be called in a transaction: a letter that was sent cannot be rolled back.
    """
    now = now or clock.now()
    channels = configured()
    _drop_for_the_departed()
    written = _write(now, channels, urgent=True)
    if now.astimezone(clock.ZONE).hour >= DIGEST_HOUR:
        written += _write(now, channels, urgent=False)
    results: list[bool | None] = []
    failures = dict.fromkeys(channels, 0)
    for digest in _to_send(channels, now):
        # A server that is down would cost its time limit for each person; the rest stays due for the next run.
        if failures[digest.channel] < DOWN_AFTER:
            results.append(_send(digest, channels[digest.channel], now))
            failures[digest.channel] = failures[digest.channel] + 1 if results[-1] is False else 0
    return Delivery(written, results.count(True), results.count(False))


def _drop_for_the_departed() -> None:
    gone = Notice.objects.filter(state=Waiting, recipient__in=get_user_model().objects.filter(is_active=False))
    gone.update(state=Cancelled, cancelled_why="账号已停用")


def _due(now: datetime, urgent: bool) -> QuerySet[Notice]:
    today = now.astimezone(clock.ZONE).date()
    due = Notice.objects.filter(state=Waiting, urgent=urgent, day__lte=today)
    return due if urgent else due.exclude(recipient__in=Digest.objects.filter(day=today, urgent=False).values("recipient"))


def _write(now: datetime, channels: dict[str, Channel], *, urgent: bool) -> int:
    written = 0
    while people := list(_due(now, urgent).order_by("recipient").values_list("recipient", flat=True).distinct()[:PEOPLE_AT_ONCE]):
        try:
            written += _write_for(people, now, channels, urgent)
        except IntegrityError:
            break  # another process writes the same people's digests at this moment
    return written


@transaction.atomic
def _write_for(people: Sequence[int], now: datetime, channels: dict[str, Channel], urgent: bool) -> int:
    rows = _due(now, urgent).filter(recipient__in=people).select_for_update(of=("self",)).select_related("recipient")
    made: list[tuple[Digest, list[Notice]]] = []
    for _, group in groupby(rows.order_by("recipient", "-urgent", "pk"), key=lambda n: n.recipient_id):
        notices = list(group)
        person = notices[0].recipient
        names = [SITE, *(name for name, channel in channels.items() if channel.reaches(person))]
        made += [(_digest(person, name, notices, now, urgent), notices) for name in names]
    Digest.objects.bulk_create([digest for digest, _ in made])
    link = Digest.notices.through
    link.objects.bulk_create([link(digest_id=d.pk, notice_id=n.pk) for d, notices in made for n in notices], batch_size=1_000)
    sent = {n.pk for _, notices in made for n in notices}
    Notice.objects.filter(recipient__in=people, pk__in=sent, state=Waiting).update(state=Sent)
    return len(made)


def _digest(person: Any, channel: str, notices: Sequence[Notice], now: datetime, urgent: bool) -> Digest:
    day = now.astimezone(clock.ZONE).date()
    stored_is_sent = channel == SITE
    return Digest(
        recipient=person,
        day=day,
        channel=channel,
        urgent=urgent,
        body=_body(person.name, day, notices, urgent),
        attempts=1 if stored_is_sent else 0,
        sent_at=now if stored_is_sent else None,
        retry_at=None if stored_is_sent else now,
    )


def _body(name: str, day: date, notices: Sequence[Notice], urgent: bool) -> str:
    kind = "紧急事项" if urgent else "事项提醒"
    lines = [f"{name}：您有{len(notices)}项{kind}（{day.year}年{day.month}月{day.day}日）。", ""]
    for number, notice in enumerate(notices[:LINES], 1):
        basis = f"（依据{notice.clause}）" if notice.clause else ""
        lines.append(f"{number}. {notice.text}{basis}")
        if link := whole_url(notice.url):
            lines.append(f"   {link}")
    if len(notices) > LINES:
        lines.append(f"另有{len(notices) - LINES}项，请登录环责查看。")
    return "\n".join([*lines, "", "本消息由环责自动发送，请勿直接回复。"])


def _to_send(channels: dict[str, Channel], now: datetime) -> list[Digest]:
    due = Digest.objects.filter(Q(retry_at__lte=now), sent_at=None, channel__in=channels)
    return list(due.select_related("recipient").order_by("-urgent", "pk"))


def _send(digest: Digest, channel: Channel, now: datetime) -> bool | None:
    """True when sent, False when it failed, None when another sender took it."""
    mine = Digest.objects.filter(pk=digest.pk, attempts=digest.attempts, retry_at__isnull=False, sent_at=None)
    if not mine.update(attempts=F("attempts") + 1, retry_at=None, error=""):
        return None
    subject = "环责紧急提醒" if digest.urgent else f"环责每日提醒（{digest.day.isoformat()}）"
    try:
        channel.send(digest.recipient, Letter(f"digest-{digest.pk}-{digest.day.isoformat()}", subject, digest.body))
    except Undelivered as error:
        again = now + WAITS[digest.attempts] if digest.attempts < len(WAITS) else None
        Digest.objects.filter(pk=digest.pk).update(error=str(error)[:300], retry_at=again)
        return False
    Digest.objects.filter(pk=digest.pk).update(sent_at=now)
    return True
