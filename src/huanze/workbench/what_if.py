"""What adopting a pack version would change in a place: nothing is written.

Open problems stay under the version they began under; what changes is the calendar of duties, who is meant by the
document's words, and what the place must decide for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count

from huanze.base import clock
from huanze.obligations.services.calendar import counted_from
from huanze.orgs.models import Organisation, Region
from huanze.orgs.selectors import subtree
from huanze.policies import selectors
from huanze.policies.models import Adoption, PackVersion
from huanze.policies.selectors.naming import who
from huanze.problems.models import Problem
from huanze.problems.models.problem import ENDED
from huanze.rules.packs import loader
from huanze.rules.packs.checking import lacking_for_rectification
from huanze.rules.packs.differing import Table, differ
from huanze.rules.packs.schema import Duty, LeftOpen, Pack
from huanze.rules.recurring import slots, told
from huanze.workbench.views.drafts_naming import Line, lines

AHEAD = timedelta(days=365)
SHOWN = 8
Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Staying:
    """Open problems that go on under the version they began under."""

    version: str
    since: date
    count: int


@dataclass(frozen=True, slots=True)
class Side:
    """A duty as one pack has it here: its days in the next twelve months and the units that owe it."""

    days: tuple[date, ...]
    units: tuple[str, ...]
    unknown: tuple[str, ...]
    clause: str
    told: str

    @property
    def shown(self) -> tuple[date, ...]:
        return self.days[:SHOWN]

    @property
    def more(self) -> int:
        return max(len(self.days) - SHOWN, 0)


@dataclass(frozen=True, slots=True)
class Change:
    """A duty before and after; ``kind`` is comes, goes, moves (its days), passes (to other units) or stays."""

    what: str
    before: Side | None
    after: Side | None

    @property
    def kind(self) -> str:
        if self.before is None or self.after is None:
            return "comes" if self.before is None else "goes"
        if self.before.days != self.after.days:
            return "moves"
        return "passes" if self.before.units != self.after.units else "stays"

    @property
    def label(self) -> str:
        return {"comes": "新增", "goes": "不再", "moves": "改期", "passes": "改单位", "stays": "不变"}[self.kind]

    @property
    def colour(self) -> str:
        return {"comes": "green", "goes": "red", "moves": "amber", "passes": "amber", "stays": "grey"}[self.kind]


@dataclass(frozen=True, slots=True)
class Term:
    """A term the text leaves open, what would hold here, and what holds now (None where it is new)."""

    term: LeftOpen
    value: Any
    now: Any
    local: bool

    @property
    def label(self) -> str:
        return _say(self.value)

    @property
    def now_label(self) -> str:
        return "—" if self.now is None else _say(self.now)


def _say(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(map(_say, value))
    return dict(Organisation.Kind.choices).get(str(value), str(value))


@dataclass(frozen=True, slots=True)
class WhatIf:
    """All of it, for one region, one version and one day."""

    region: Region
    from_day: date
    current: Adoption | None
    staying: list[Staying]
    changes: list[Change]
    unanswered: list[Line]
    terms: list[Term]
    table: Table | None
    lacking: tuple[str, ...]

    @property
    def open_count(self) -> int:
        return sum(row.count for row in self.staying)

    @property
    def changed(self) -> list[Change]:
        return [c for c in self.changes if c.kind != "stays"]

    @property
    def unchanged(self) -> int:
        return len(self.changes) - len(self.changed)


def what_if(*, region: Region, version: PackVersion, from_day: date, local: Settings) -> WhatIf:
    """What would follow if the region adopted the version from that day with these local values. Raises PackError for an unfit value."""
    current = selectors.pack_for(region, from_day)
    old = selectors.pack(current.pack) if current else None
    new = selectors.pack(version)
    chosen = loader.settings(new, local)
    known = selectors.effective_settings(current) if current else {}
    return WhatIf(
        region=region, from_day=from_day, current=current, staying=_staying(region),
        changes=_changes(current, region, new, chosen, max(from_day, clock.today())), unanswered=[line for line in lines(region, new) if line.asks],
        terms=[Term(term, chosen[key], known.get(key), key in local) for key, term in new.left_open.items()],
        table=differ([old, new]) if old else None, lacking=lacking_for_rectification(new),
    )  # fmt: skip


def _staying(region: Region) -> list[Staying]:
    lo, hi = subtree(region)
    open_ones = Problem.objects.filter(region_path__gte=lo, region_path__lt=hi).exclude(state__in=ENDED)
    rows = open_ones.values_list("adoption__pack__title", "adoption__from_day").annotate(n=Count("pk")).order_by("adoption__from_day")
    return [Staying(title, since, n) for title, since, n in rows]


def _changes(current: Adoption | None, region: Region, new: Pack, chosen: Settings, since: date) -> list[Change]:
    old = selectors.pack(current.pack) if current else None
    known = selectors.effective_settings(current) if current else {}
    before = {d.key: d for d in old.duties} if old else {}
    after = {d.key: d for d in new.duties}
    units = who(region, {name for d in (*before.values(), *after.values()) for name in d.obliged})
    made = []
    for key in [*after, *(k for k in before if k not in after)]:
        duty, then, now = after.get(key) or before[key], None, None
        begun = counted_from(current, before[key]) if current and key in before else since
        if key in before:
            then = _side(before[key], known, begun, since, units)
        if key in after:
            runs_on = key in before and _months(before[key], known) == _months(duty, chosen) and before[key].clause == duty.clause
            now = _side(duty, chosen, begun if runs_on else since, since, units)
        made.append(Change(duty.what, then, now))
    order = ("comes", "moves", "passes", "goes", "stays")
    return sorted(made, key=lambda change: order.index(change.kind))


def _months(duty: Duty, settings: Settings) -> int | None:
    return int(loader.resolve(duty.value.every, settings)) if duty.value.every is not None else None


def _side(duty: Duty, settings: Settings, begun: date, since: date, units: Mapping[str, list[Organisation]]) -> Side:
    days = tuple(slot.due for slot in slots(duty, begun, since + AHEAD, settings) if slot.due >= since)
    owners = dict.fromkeys(unit.short_name for name in duty.obliged for unit in units[name])
    return Side(days, tuple(owners), tuple(name for name in duty.obliged if not units[name]), duty.clause, told(duty, settings))
