"""What is read from the chain: one object's history, and the audit administrator's pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from huanze.audit.models import Entry
from huanze.base import clock


@dataclass(frozen=True, slots=True)
class Page:
    """Entries newest first; ``older`` is the key for the next page, None on the last."""

    entries: list[Entry]
    older: int | None


def timeline(object_type: str, object_id: str | int) -> QuerySet[Entry]:
    """Everything recorded about one object, oldest first."""
    return Entry.objects.filter(object_type=object_type, object_id=str(object_id)).order_by("seq")


def page(
    *,
    before: int | None = None,
    size: int = 50,
    actor: str = "",
    action: str = "",
    object_type: str = "",
    object_id: str = "",
    day: date | None = None,
) -> Page:
    """A page by key, so the thousandth costs what the first does. Empty filters don't filter."""
    wanted = {"actor": actor, "action": action, "object_type": object_type, "object_id": object_id}
    rows = Entry.objects.filter(**{name: value for name, value in wanted.items() if value})
    if day is not None:
        rows = rows.filter(at__gte=clock.day_start(day), at__lt=clock.day_start(day + timedelta(days=1)))
    if before is not None:
        rows = rows.filter(seq__lt=before)
    found = list(rows.order_by("-seq")[: size + 1])
    return Page(found[:size], found[size - 1].seq if len(found) > size else None)
