"""What the calendar does by itself each morning: opens further ahead, puts on record what did not happen, reminds.

Everything is dated to its legal day, however late it runs: a miss is that of the day after its due day. It may run twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Count

from huanze.audit.services import Act, record_many
from huanze.base import clock
from huanze.notices.models import Notice
from huanze.notices.services import notify_many
from huanze.obligations.models import Occurrence
from huanze.obligations.services.acts import SUBJECT, UNIT, page
from huanze.obligations.services.calendar import HORIZON, keeper_of, open_until, replace_unplaced
from huanze.orgs.models import Post, Region
from huanze.orgs.selectors import holders_of
from huanze.orgs.services import SYSTEM_USERNAME
from huanze.policies.models import Adoption

DAY = timedelta(days=1)
SOON = timedelta(days=7)
CHUNK = 2_000
MISSED_URL = "/due/list/?state=missed"


def run_day(day: date) -> Counter[str]:
    """What falls to a legal day. Never ahead of the clock, for a duty is not missed before its day is over.

    Counts: ``due_opened``, ``due_placed``, ``due_missed``.
    """
    day, counts = min(day, clock.today()), Counter[str]()
    for region in Region.objects.filter(pk__in=_unplaced_regions()):
        counts["due_placed"] += replace_unplaced(region)
    for adoption in running():
        counts["due_opened"] += open_until(adoption=adoption, until=max(clock.today(), adoption.from_day) + HORIZON)
    missed = _mark_missed(day)
    counts["due_missed"] += missed.total()
    _tell_offices({*missed, day})
    _remind(day)
    return +counts


def running() -> list[Adoption]:
    """The adoption in force in each place, and those already decided for later; without the text of their packs."""
    rows = Adoption.objects.select_related("pack", "region").defer("pack__content").order_by("region", "from_day")
    found: list[Adoption] = []
    for _, group in groupby(rows, key=lambda a: a.region_id):
        history = list(group)
        found += [a for a, after in zip(history, [*history[1:], None], strict=True) if after is None or after.from_day > clock.today()]
    return found


def _unplaced_regions() -> list[int]:
    waiting = Occurrence.objects.filter(unplaced=True, done_on=None, ended_on=None)
    return list(waiting.order_by().values_list("region", flat=True).distinct())


# ---- what did not happen


def _mark_missed(day: date) -> Counter[date]:
    """Put on record what was due before ``day`` and is not done, and tell the units. Returns how many for each day of a miss."""
    owed = Occurrence.objects.filter(due__lt=day, done_on=None, ended_on=None, missed_on=None).order_by("due", "pk")
    marked, left = Counter[date](), True
    while left:
        with transaction.atomic():
            rows = list(owed.select_for_update(of=("self",)).select_related("organisation")[:CHUNK])
            for row in rows:
                row.missed_on = row.due + DAY if row.due else None
            for missed_on, group in groupby(rows, key=lambda row: row.missed_on):
                Occurrence.objects.filter(pk__in=[row.pk for row in group]).update(missed_on=missed_on)
            notify_many(_to_units(rows, "due_missed", "未按期办理"))
            record_many([_act(row) for row in rows])
        marked.update(row.missed_on for row in rows if row.missed_on)
        left = len(rows) == CHUNK
    return marked


def _act(row: Occurrence) -> Act:
    said = {"what": row.what, "period": row.period, "organisation": row.organisation_id, "due": row.due, "clause": row.clause}
    return Act("obligations.missed", SUBJECT, row.pk, SYSTEM_USERNAME, "系统", "system", said)


def _tell_offices(days: Collection[date]) -> None:
    """To whoever keeps the calendar of a place, one notice for each day of a miss; a repeat is dropped."""
    missed = Occurrence.objects.filter(missed_on__in=days).order_by().values_list("region", "missed_on")
    found = [(place, day, n, units) for place, day, n, units in missed.annotate(Count("pk"), Count("organisation", distinct=True)) if day]
    keepers = {place.pk: keeper_of(place) for place in Region.objects.filter(pk__in={place for place, *_ in found})}
    people = holders_of({keeper.pk for keeper in keepers.values() if keeper}, tuple(Post.Rank))
    notify_many(
        Notice(
            recipient=user, subject_type="due_day", subject_id=place, kind="due_missed", url=MISSED_URL, day=day,
            text=f"{day - DAY}到期的应办事项有{n}项未按期办理，涉及{units}个单位",
        )
        for place, day, n, units in found
        if (keeper := keepers[place])
        for user in people[keeper.pk]
    )  # fmt: skip


# ---- reminders


def _remind(day: date) -> None:
    """A week before and on the day itself. One that is a day too late reminds nobody and is left out."""
    if day < clock.today():
        return
    for ahead, kind, words in ((SOON, "due_soon", "7天后到期"), (timedelta(0), "due_today", "今天到期")):
        due = Occurrence.objects.filter(due=day + ahead, done_on=None, ended_on=None, missed_on=None).select_related("organisation").order_by("pk")
        rows = list(due[:CHUNK])
        while rows:
            notify_many(_to_units(rows, kind, words))
            rows = list(due.filter(pk__gt=rows[-1].pk)[:CHUNK])


def _to_units(rows: Sequence[Occurrence], kind: str, words: str) -> list[Notice]:
    people = holders_of({row.organisation_id for row in rows}, UNIT)
    return [
        Notice(
            recipient=user, subject_type=SUBJECT, subject_id=row.pk, kind=kind, text=f"{row}{words}（期限{row.due}）"[:300],
            url=row.url or page(row.pk), clause=row.clause, day=row.missed_on or clock.today(),
        )
        for row in rows
        for user in people[row.organisation_id]
    ]  # fmt: skip
