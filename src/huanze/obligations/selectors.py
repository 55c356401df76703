"""Reads of the room: what a person may see of it, how much stands where, a month's days, a list page by page."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Min, Q, QuerySet

from huanze.base import clock, counting
from huanze.base.counting import Walked
from huanze.obligations.models import Occurrence
from huanze.orgs.models import Organisation, Region, User
from huanze.orgs.selectors import scope_of

PAGE = 50
CAP = 500
"""So far is counted; more is “500+”."""
SOON = timedelta(days=30)

LISTS: Mapping[str, str] = {
    "todo": "待办", "missed": "应办未办", "done": "已办", "standing": "没有期限", "ended": "不再适用", "unplaced": "未落到单位", "all": "全部有期限的",
}  # fmt: skip
ORDER: Mapping[str, tuple[str, bool]] = {
    "todo": ("due", False), "missed": ("due", True), "done": ("done_on", True), "standing": ("opens_on", False), "ended": ("ended_on", True),
    "unplaced": ("opens_on", False), "all": ("due", False),
}  # fmt: skip
"""The day by which each list is in order, set on every row of it; and whether the latest stands first."""


def visible(user: User) -> QuerySet[Occurrence]:
    """What a person may see: the duties of his units; for a body that answers for a place, all of the place and its units."""
    scope = scope_of(user)
    if scope.empty:
        return Occurrence.objects.none()
    if not scope.region_ranges:
        return Occurrence.objects.filter(organisation__in=sorted(scope.organisation_ids))
    # So much is seen that a list is walked in its order until the page is full, not gathered and sorted.
    seen = Q(_unit__in=sorted(scope.organisation_ids))
    for lo, hi in scope.region_ranges:
        places = Region.objects.filter(path__gte=lo, path__lt=hi)
        seen |= Q(_place__in=places) | Q(_unit__in=Organisation.objects.filter(region__in=places))
    return Occurrence.objects.alias(_unit=Walked("organisation"), _place=Walked("region")).filter(seen)


def in_list(which: str) -> Q:
    """The rows of a list of ``LISTS``. What was missed stays in its list when it is made good (D10); the rest is in one list."""
    open_ = Q(done_on=None, ended_on=None)
    return {
        "todo": open_ & Q(due__isnull=False, unplaced=False),
        "missed": Q(due__lt=clock.today()) & (Q(missed_on__isnull=False) | open_),
        "done": Q(done_on__isnull=False),
        "standing": open_ & Q(due=None, unplaced=False),
        "ended": Q(ended_on__isnull=False),
        "unplaced": open_ & Q(unplaced=True),
        "all": Q(due__isnull=False),
    }[which]


def counts(seen: QuerySet[Occurrence]) -> dict[str, counting.Count]:
    """How many rows each list has, one short walk each; for 应办未办 those still to be made good."""
    return {which: still_missed(seen) if which == "missed" else counting.count(_in_order(seen, which), CAP) for which in LISTS if which != "all"}


def still_missed(seen: QuerySet[Occurrence]) -> counting.Count:
    """How many duties are past their day and not made good."""
    return counting.count(seen.filter(done_on=None, ended_on=None, due__lt=clock.today()).order_by("due", "pk"), CAP)


def _in_order(seen: QuerySet[Occurrence], which: str, *, back: bool = False) -> QuerySet[Occurrence]:
    column, latest_first = ORDER[which]
    sign = "-" if latest_first is not back else ""
    return seen.filter(in_list(which)).order_by(f"{sign}{column}", f"{sign}id")


def units(seen: QuerySet[Occurrence]) -> QuerySet[Organisation]:
    """The units that have rows, by place."""
    return Organisation.objects.filter(pk__in=seen.order_by().values("organisation")).order_by("region__path", "pk")


@dataclass(frozen=True, slots=True)
class Entry:
    """One duty on one day of a calendar, of one unit or of several alike."""

    due: date
    duty: str
    what: str
    period: str
    pk: int
    rows: int
    open: int
    missed: int

    @property
    def title(self) -> str:
        return f"{self.what}（{self.period}）" if self.period else self.what

    @property
    def state(self) -> str:
        return "missed" if self.missed else "todo" if self.open else "done"


def entries(seen: QuerySet[Occurrence], first: date, last: date) -> list[Entry]:
    """What falls due from ``first`` to ``last``, the same duty of several units as one entry. One query."""
    today, still = clock.today(), Q(done_on=None)
    rows = seen.filter(due__gte=first, due__lte=last, ended_on=None).order_by("due", "what", "period")
    found = rows.values("due", "duty", "what", "period").annotate(
        first=Min("id"), rows=Count("pk"), open=Count("pk", filter=still), missed=Count("pk", filter=still & Q(due__lt=today))
    )
    return [
        Entry(r["due"], r["duty"], r["what"], r["period"], r["first"], r["rows"], r["open"], r["missed"])
        for r in found
        if r["due"]
    ]


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Occurrence]
    before: str
    after: str


def page(seen: QuerySet[Occurrence], which: str, *, after: str = "", before: str = "", size: int = PAGE) -> Page:
    """A page of a list by its day and id, so that the last costs what the first does. A mark that is none is left out of account."""
    column, latest_first = ORDER[which]
    mark = _mark(after) or _mark(before)
    back = mark is not None and _mark(after) is None
    side = "lt" if latest_first is not back else "gt"
    rows = _in_order(seen, which, back=back).select_related("organisation", "region", "done_by")
    if mark is not None:
        rows = rows.filter(Q(**{f"{column}__{side}": mark[0]}) | Q(**{column: mark[0], f"id__{side}": mark[1]}))
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    if back:
        found.reverse()
    first, last = (f"{getattr(row, column)}.{row.pk}" for row in (found[0], found[-1])) if found else ("", "")
    return Page(found, first if (more if back else mark) else "", last if back or more else "")


def _mark(text: str) -> tuple[date, int] | None:
    day, _, pk = text.partition(".")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    try:
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return None


def pressing(organisation_ids: Collection[int], size: int) -> tuple[list[Occurrence], int]:
    """For the first page: what these units missed and have not made good, then what is due within thirty days; and how many in all."""
    owed = Occurrence.objects.filter(organisation__in=sorted(organisation_ids), done_on=None, ended_on=None, due__lte=clock.today() + SOON)
    return list(owed.order_by("due", "pk").select_related("organisation")[:size]), owed.count()


def of_calendar(organisation_ids: Collection[int]) -> QuerySet[Occurrence]:
    """What a calendar program takes over: a month back, everything ahead, without what no longer applies."""
    rows = Occurrence.objects.filter(organisation__in=sorted(organisation_ids), ended_on=None, due__gte=clock.today() - SOON)
    return rows.order_by("due", "pk").select_related("organisation")
