"""The calendar that a pack in force opens: every duty, for every unit its words mean here, as far ahead as we look.

Opening is safe to repeat: what is there is left alone. It also takes over from the rules that were in force before:
a row that the new rules hold too stays as it is, one they no longer hold ends. A unit owes a duty of a clause once in a
period, also when the rules of two places one above the other both hold it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeAlias

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from huanze.audit.services import record
from huanze.base import clock
from huanze.notices.services import cancel_many
from huanze.obligations.models import Occurrence
from huanze.obligations.services.acts import SUBJECT
from huanze.orgs.models import Organisation, Region, User
from huanze.orgs.selectors import office_of, subtree
from huanze.orgs.services import SYSTEM_USERNAME
from huanze.policies import selectors as policies
from huanze.policies import services as adopting
from huanze.policies.models import Adoption, PackVersion
from huanze.policies.selectors.naming import ROLE, who
from huanze.rules.calendar import chinese_date
from huanze.rules.names import LEVEL_OF, fits
from huanze.rules.packs.loader import resolve
from huanze.rules.packs.schema import Duty, Pack
from huanze.rules.recurring import Slot, slots, timed
from huanze.rules.verdicts import Refusal

HORIZON = timedelta(days=400)
"""How far ahead a calendar is open: a year's report is on it from the day of the last one."""
DAY = timedelta(days=1)
BATCH = 1_000
SUCCEED = (Organisation.Kind.LEADING_GROUP, Organisation.Kind.GOVERNMENT, Organisation.Kind.PARTY_COMMITTEE)

LEVELS: list[str] = Region.Level.values
OF_A_PLACE = re.compile(r"(自治区|省(?![、，和市])|市(?![、，和县区场容民]|政(?!府)))")
"""The word for one place in front of a name; not the 市 of 市场监管局, nor that of 市、县党委."""

Key: TypeAlias = tuple[str, str, int, str, date | None, str]
"""Duty, clause, owner, period, due day; and the document's words where nobody was found for them."""
KEY = ("duty", "clause", "organisation_id", "period", "due", "unplaced", "named")


@transaction.atomic
def put_in_force(
    *, region: Region, pack_version: PackVersion, from_day: date, settings: Mapping[str, Any], basis: str, acting_user: User
) -> Adoption | Refusal:
    """Let a place run under a pack from a day on (``policies.services.adopt``, with its refusals), and open its calendar."""
    made = adopting.adopt(
        region=region, pack_version=pack_version, from_day=from_day, settings=settings, basis=basis, acting_user=acting_user
    )
    if not isinstance(made, Refusal):
        open_until(adoption=made, until=max(clock.today(), from_day) + HORIZON)
    return made


@transaction.atomic
def open_until(*, adoption: Adoption, until: date) -> int:
    """Open what an adoption asks for from today to ``until``, but no further than the next adoption. Returns how many rows.

    What was due before today is not opened: nobody could have known of it.
    """
    after = Adoption.objects.filter(region=adoption.region_id, from_day__gt=adoption.from_day).order_by("from_day").first()
    until = min(until, after.from_day - DAY) if after else until
    first = max(adoption.from_day, clock.today())
    if until < first:
        return 0
    wanted = {owed.key: owed for owed in _owed(adoption, first, until)}
    ahead = Occurrence.objects.filter(Q(due__gte=first) | Q(due=None), region=adoption.region_id, subject_type="")
    ended = _end_superseded(adoption, ahead, wanted.keys(), until)
    known = _known({owed.unit.pk for owed in wanted.values()}, Q(adoption=adoption) | Q(ended_on=None))
    new = [owed for key, owed in wanted.items() if key not in known]
    _open(adoption, new)
    if new or ended:
        _note("obligations.open", adoption, {"opened": len(new), "unplaced": sum(owed.unplaced for owed in new), "ended": ended, "until": until})
    return len(new)


@transaction.atomic
def replace_unplaced(region: Region) -> int:
    """Give what the office holds for want of an owner to the units meant, now that somebody said who they are.

    For the place and all below it; only what is not past its day, since nobody else could have done the rest. Returns how many.
    """
    lo, hi = subtree(region)
    waiting = Occurrence.objects.select_for_update(of=("self",)).filter(
        Q(due__gte=clock.today()) | Q(due=None), region__path__gte=lo, region__path__lt=hi, unplaced=True, done_on=None, ended_on=None
    )
    rows = list(waiting.select_related("region", "adoption__region").order_by("region", "pk"))
    meant = {place: who(place, {r.named for r in rows if r.region_id == place.pk}) for place in {r.region for r in rows}}
    answered = [(row, units) for row in rows if (units := meant[row.region][row.named])]
    made = [_for(row, unit) for row, units in answered for unit in units if unit.pk != row.organisation_id]
    known = _known({row.organisation_id for row in made}, Q(ended_on=None))
    new = {key: row for row in made if (key := _key_of(row)) not in known}
    Occurrence.objects.bulk_create(new.values(), ignore_conflicts=True, batch_size=BATCH)
    for row, units in answered:
        if row.organisation_id in {unit.pk for unit in units}:
            row.unplaced = False
        else:
            row.ended_on, row.ended_why = clock.today(), f"已落到{'、'.join(map(str, units))}"[:200]
    Occurrence.objects.bulk_update([row for row, _ in answered], ["unplaced", "ended_on", "ended_why"], batch_size=BATCH)
    if answered:
        _note("obligations.place", answered[0][0].adoption, {"placed": len(answered), "named": sorted({r.named for r, _ in answered})})
    return len(answered)


# ---- what the rules ask for


class _Owed(NamedTuple):
    """One duty of one unit at one time; of whoever keeps the calendar where nobody was found. No ``time``: it stands all the time."""

    duty: Duty
    time: Slot | None
    unit: Organisation
    named: str
    unplaced: bool

    @property
    def key(self) -> Key:
        period, due = (self.time.period, self.time.due) if self.time else ("", None)
        return _key(self.duty.key, self.duty.clause, self.unit.pk, period, due, self.unplaced, self.named)


def _owed(adoption: Adoption, first: date, until: date) -> Iterator[_Owed]:
    """All that units of the place and below owe from ``first`` to ``until``. A unit named twice owes a duty once.

    Words nobody answers to leave it with the keeper, but not those that speak of a place above, whose own rules see to them,
    nor for a duty that stands all the time those for a part in a case, which is known when the case comes.
    """
    pack, place = policies.pack(adoption.pack), adoption.region
    duties = [duty for duty in pack.duties if not _has_own_procedure(pack, duty)]
    meant = who(place, {name for duty in duties for name in duty.obliged})
    keeper = keeper_of(place)
    for duty in duties:
        times, seen = _times(adoption, duty, first, until), set[int]()
        for name in duty.obliged:
            units = [unit for unit in meant[name] if unit.pk not in seen and unit.region.path.startswith(place.path)]
            seen |= {unit.pk for unit in units}
            kept = keeper if not meant[name] and not _speaks_of_above(name, place) else None
            for time in times:
                yield from (_Owed(duty, time, unit, name, False) for unit in units)
                if kept and (time or not ROLE.search(name)):
                    yield _Owed(duty, time, kept, name, True)


def _speaks_of_above(name: str, place: Region) -> bool:
    """Whether words name a unit of a place above: 省财政厅 in a city."""
    found = OF_A_PLACE.match(name)
    if found is None or fits(found[1], place=place.name, level=place.level):
        return False
    return LEVELS.index(LEVEL_OF[found[1]]) < LEVELS.index(place.level)


def _has_own_procedure(pack: Pack, duty: Duty) -> bool:
    """The monthly dispatch and the quarterly self-check are run in ``problems`` (decision 4)."""
    return duty.clause in {part.clause for part in (pack.dispatch, pack.self_check) if part}


def _times(adoption: Adoption, duty: Duty, first: date, until: date) -> Sequence[Slot | None]:
    """The slots due from ``first`` on; for a duty that stands all the time, a single None."""
    if not timed(duty):
        return [None]
    found = slots(duty, counted_from(adoption, duty), until, policies.effective_settings(adoption))
    return [slot for slot in found if slot.due >= first]


def counted_from(adoption: Adoption, duty: Duty) -> date:
    """The day from which “once in so many months” is counted: it runs on through new rules that leave it as it was."""
    day, months = adoption.from_day, _every(adoption, duty)
    if months is None:
        return day
    before = Adoption.objects.filter(region=adoption.region_id, from_day__lt=day).order_by("-from_day")
    for earlier in before.select_related("pack").defer("pack__content"):
        if _every(earlier, duty) != months:
            break
        day = earlier.from_day
    return day


def _every(adoption: Adoption, duty: Duty) -> int | None:
    """Once in how many months an adoption asks for a duty; None if not so, or not at all."""
    same = next((d for d in policies.pack(adoption.pack).duties if (d.key, d.clause) == (duty.key, duty.clause)), None)
    return int(resolve(same.value.every, policies.effective_settings(adoption))) if same and same.value.every is not None else None


def _open(adoption: Adoption, new: Sequence[_Owed]) -> None:
    """Write the rows, a thousand at a time; one that is there already is left alone.

    Units that owe the same at the same time differ in the unit only, so what a row holds is worked out once for all of
    them: a hundred thousand rows as objects would take the time several times over.
    """
    if not new:
        return
    quote = connection.ops.quote_name
    unit = Occurrence._meta.get_field("organisation")
    fields = [f for f in Occurrence._meta.concrete_fields if not f.primary_key and f is not unit]
    columns = ", ".join(quote(str(f.column)) for f in (*fields, unit))
    one = f"({', '.join(['%s'] * (len(fields) + 1))})"
    said: dict[tuple[int, Slot | None, str, bool], list[Any]] = {}

    def values(owed: _Owed) -> list[Any]:
        key = (id(owed.duty), owed.time, owed.named, owed.unplaced)
        if key not in said:
            row = _row(adoption, owed)
            said[key] = [f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields]
        return [*said[key], owed.unit.pk]

    with connection.cursor() as cursor:
        for start in range(0, len(new), BATCH):
            rows = [values(owed) for owed in new[start : start + BATCH]]
            cursor.execute(
                f"INSERT INTO {quote(Occurrence._meta.db_table)} ({columns}) VALUES {', '.join([one] * len(rows))} ON CONFLICT DO NOTHING",  # noqa: S608 - our own names
                [value for row in rows for value in row],
            )


def _row(adoption: Adoption, owed: _Owed) -> Occurrence:
    duty, time = owed.duty, owed.time
    return Occurrence(
        adoption=adoption, region_id=adoption.region_id, organisation=owed.unit, duty=duty.key, what=duty.what, kind=duty.kind, clause=duty.clause,
        named=owed.named, unplaced=owed.unplaced, period=time.period if time else "", due=time.due if time else None,
        opens_on=max(time.opens, adoption.from_day) if time else adoption.from_day, report_to=list(duty.report_to),
        copy_to=[part.model_dump(mode="json") for part in duty.copy_to], publish=duty.publish,
    )  # fmt: skip


def _for(row: Occurrence, unit: Organisation) -> Occurrence:
    """The same duty for the unit that is meant."""
    kept = {f.attname: getattr(row, f.attname) for f in Occurrence._meta.concrete_fields if f.attname not in {"id", "opened_at"}}
    return Occurrence(**kept | {"organisation_id": unit.pk, "unplaced": False})


def keeper_of(region: Region) -> Organisation | None:
    """Who holds what nobody was found for: the office of the place, or of one above; else a body that answers for the place."""
    office = office_of(region)
    if office is not None:
        return office
    bodies = {o.kind: o for o in Organisation.objects.filter(region=region, active=True, kind__in=SUCCEED).order_by("-pk")}
    return next((bodies[kind] for kind in SUCCEED if kind in bodies), None)


# ---- what the rules before asked for


def _end_superseded(adoption: Adoption, ahead: QuerySet[Occurrence], wanted: Iterable[Key], until: date) -> int:
    """End the rows of earlier adoptions that this one no longer holds. What stands all the time stands until its first day."""
    wanted = set(wanted)
    earlier = ahead.filter(adoption__from_day__lt=adoption.from_day, done_on=None, ended_on=None, missed_on=None).exclude(due__gt=until)
    if adoption.from_day > clock.today():
        earlier = earlier.exclude(due=None)
    gone = [pk for pk, *values in earlier.values_list("pk", *KEY) if _key(*values) not in wanted]
    why = f"自{chinese_date(adoption.from_day)}起改按{adoption.pack.title}执行（{adoption.basis}）"[:200]
    for start in range(0, len(gone), BATCH):
        some = gone[start : start + BATCH]
        Occurrence.objects.filter(pk__in=some).update(ended_on=adoption.from_day, ended_why=why)
        cancel_many(subject_type=SUBJECT, subject_ids=some, why="事项不再适用")
    return len(gone)


def _known(units: Collection[int], which: Q) -> set[Key]:
    """The keys of what these units have on their calendars."""
    rows = Occurrence.objects.filter(Q(due__gte=clock.today()) | Q(due=None), which, organisation__in=units, subject_type="")
    return {_key(*values) for values in rows.values_list(*KEY)}


def _key(duty: str, clause: str, unit: int, period: str, due: date | None, unplaced: bool, named: str) -> Key:
    return duty, clause, unit, period, due, named if unplaced else ""


def _key_of(row: Occurrence) -> Key:
    return _key(row.duty, row.clause, row.organisation_id, row.period, row.due, row.unplaced, row.named)


def _note(action: str, adoption: Adoption, payload: Mapping[str, Any]) -> None:
    """One entry a run: the rows themselves can be counted again from the pack and the namings."""
    said = {"region": adoption.region.name, "pack": adoption.pack.code, **payload}
    record(
        action=action, object_type="adoption", object_id=adoption.pk, actor=SYSTEM_USERNAME, actor_name="系统", hat="system", payload=said
    )  # fmt: skip
