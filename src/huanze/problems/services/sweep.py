"""The daily sweep (habit 5): every legal day not finished yet, one after the other, each dated to itself.

See docs/algorithms/sweep.md for what it guarantees and why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Q

from huanze.audit.services import record, seal_day
from huanze.base import clock
from huanze.orgs.services import SYSTEM_USERNAME
from huanze.policies import selectors as policies
from huanze.policies.models import Adoption
from huanze.problems.models import Acceptance, Problem, Publicity, SweepDay
from huanze.problems.services import dispatch, self_check
from huanze.problems.services.context import Governing, rules_under
from huanze.problems.services.dossier import Row, gather
from huanze.problems.services.happenings import Directory, Outcome, write
from huanze.problems.services.moments import work_out
from huanze.rules.deadlines import due
from huanze.rules.lifecycle import State

CHUNK = 2_000
DAY = timedelta(days=1)

Progress = Callable[[date, int], None]
"""Told after each chunk: the legal day, and how many problems were done in it."""


@dataclass(frozen=True, slots=True)
class DaySummary:
    """One legal day: problems that had a moment, and what it brought by kind (``docs/algorithms/sweep.md``)."""

    day: date
    problems: int
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SweepSummary:
    """The days that were run; none when all up to ``on`` were finished before. ``stopped``: not to the end."""

    on: date
    days: tuple[DaySummary, ...] = ()
    stopped: bool = False

    def totals(self) -> dict[str, int]:
        total = Counter[str]()
        for day in self.days:
            total.update(day.counts)
        return dict(sorted(total.items()))

    def as_json(self) -> dict[str, object]:
        days = [asdict(d) | {"day": d.day.isoformat()} for d in self.days]
        return {"on": self.on.isoformat(), "stopped": self.stopped, "days": days, "totals": self.totals()}


def sweep(*, on: date, progress: Progress | None = None, stop: Callable[[], bool] | None = None) -> SweepSummary:
    """Run every legal day up to ``on`` that is not finished; the first run ever runs ``on`` alone.

    May be stopped between chunks (``stop`` returns True) or killed at any point, and run again: what was
    written stands, the rest is done then. Must not be called in a transaction of any length.
    """
    last = SweepDay.objects.order_by("-day").values_list("day", flat=True).first()
    done: list[DaySummary] = []
    for day in clock.days(last + DAY if last else on, on):
        summary = _run_day(day, first_ever=last is None, progress=progress, stop=stop or (lambda: False))
        if summary is None:
            return SweepSummary(on, tuple(done), stopped=True)
        done.append(summary)
    return SweepSummary(on, tuple(done))


def _run_day(day: date, *, first_ever: bool, progress: Progress | None, stop: Callable[[], bool]) -> DaySummary | None:
    counts = Counter[str]()
    counts["recounted"] = count_provisional_anew(day)
    counts.update(dispatch.run_day(day, first_ever=first_ever))
    counts.update(self_check.run_day(day, first_ever=first_ever))
    rules, directory, problems = Rules(), Directory(), 0
    for rows in due_rows(day):
        if stop():
            return None
        counts.update(_run_chunk(rows, day, rules, directory))
        problems += len(rows)
        if progress:
            progress(day, problems)
    return _finish(DaySummary(day, problems, dict(sorted((+counts).items()))))


def _finish(summary: DaySummary) -> DaySummary:
    """Write the day off. Of two sweeps at once, the later one finds the day there and leaves it."""
    with transaction.atomic():
        said = {"problems": summary.problems, "counts": summary.counts}
        _, new = SweepDay.objects.get_or_create(day=summary.day, defaults={"summary": said, "finished_at": clock.now()})
        if new:
            record(
                action="sweep.day", object_type="sweep", object_id=summary.day.isoformat(), actor=SYSTEM_USERNAME, actor_name="系统",
                hat="system", payload=said,
            )  # fmt: skip
            seal_day(summary.day - DAY)
    return summary


# ---- the problems


class Rules:
    """The rules of each adoption and source level, looked up once a day."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], Governing] = {}

    def of(self, row: Row) -> Governing:
        key = (row.adoption_id, row.level)
        if key not in self._known:
            adoption = Adoption.objects.select_related("pack").defer("pack__content").get(pk=row.adoption_id)
            self._known[key] = rules_under(adoption, row.level)
        return self._known[key]


def due_rows(day: date) -> Iterator[Sequence[Row]]:
    """Problems that owe a moment, chunk by chunk, along the index of owed moments."""
    owed = Problem.objects.filter(next_moment__lte=day).order_by("next_moment", "pk").values_list(*Row._fields)
    rows = [Row(*values) for values in owed[:CHUNK]]
    while rows:
        yield rows
        moment, pk = rows[-1].next_moment, rows[-1].pk
        # What was done has left the range, so reading on from the same moment skips nothing and rereads little.
        onward = owed.filter(Q(next_moment__gt=moment) | Q(pk__gt=pk), next_moment__gte=moment)
        rows = [Row(*values) for values in onward[:CHUNK]]


def _run_chunk(rows: Sequence[Row], day: date, rules: Rules, directory: Directory) -> Counter[str]:
    """Read and decide without a lock; write those that nobody touched meanwhile, in one short transaction."""
    known = gather(rows)
    outcomes = [work_out(row, known[row.pk], rules.of(row), first=row.next_moment, through=day) for row in rows]
    with transaction.atomic():
        same = _untouched(rows)
        kept = [o for o in outcomes if o.row.pk in same]
        counts = write(kept, directory)
        _store(kept)
    counts["left_to_others"] = len(rows) - len(kept)
    return counts


def _untouched(rows: Sequence[Row]) -> set[int]:
    """Compare: of the locked rows, those that still are as they were read.

    A person's step changes ``updated_at``, and brings the problem up to date itself, so it may be left out here.
    """
    locked = Problem.objects.select_for_update().filter(pk__in=[row.pk for row in rows]).order_by("pk")
    now = {pk: rest for pk, *rest in locked.values_list("pk", "state_version", "next_moment", "updated_at")}
    return {row.pk for row in rows if now.get(row.pk) == [row.state_version, row.next_moment, row.updated_at]}


def _store(outcomes: Sequence[Outcome]) -> None:
    """And set: light and next moment, one prepared statement for all of them."""
    table, adapt = connection.ops.quote_name(Problem._meta.db_table), connection.ops.adapt_datefield_value
    values = [(o.course.light, adapt(o.course.next_moment), o.row.pk) for o in outcomes]
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {table} SET light = %s, next_moment = %s WHERE id = %s", values)  # noqa: S608


# ---- dates that were provisional


def count_provisional_anew(day: date) -> int:
    """Count the dates again that a year now loaded may have moved, and have their problems looked at today (J5)."""
    calendar, moved = policies.calendar(), list[int]()
    waiting = Acceptance.objects.filter(due_provisional=True, outcome=Acceptance.Outcome.OPEN, gathered_on=None)
    shown = Publicity.objects.filter(ends_provisional=True, acceptance__problem__state=State.PUBLICITY)
    with transaction.atomic():
        for attempt in waiting.select_related("problem__adoption__pack").defer("problem__adoption__pack__content"):
            rules = rules_under(attempt.problem.adoption, attempt.problem.level)
            end = due(rules.pack.clocks["acceptance"].term(rules.settings), attempt.applied_on, calendar)
            if (end.on, end.provisional) != (attempt.due_on, True):
                attempt.due_on, attempt.due_provisional = end.on, end.provisional
                attempt.save(update_fields=["due_on", "due_provisional"])
                moved.append(attempt.problem_id)
        for publicity in shown.select_related("acceptance__problem__adoption__pack").defer("acceptance__problem__adoption__pack__content"):
            problem = publicity.acceptance.problem
            rules = rules_under(problem.adoption, problem.level)
            end = due(rules.pack.clocks["publicity"].term(rules.settings), publicity.starts_on, calendar)
            if (end.on, end.provisional) != (publicity.ends_on, True):
                publicity.ends_on, publicity.ends_provisional = end.on, end.provisional
                publicity.save(update_fields=["ends_on", "ends_provisional"])
                moved.append(problem.pk)
        Problem.objects.filter(pk__in=moved).update(next_moment=day, updated_at=clock.now())
    return len(moved)
