"""Writes what the moments brought: steps of the ladder, omissions, notices and the audit entries, in bulk.

Everything is dated to the legal day of its moment, whenever it is written (habit 5).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from huanze.audit.services import Act, record_many
from huanze.notices.models import Notice
from huanze.notices.services import cancel_many, notify_many
from huanze.orgs.models import Holding, Post
from huanze.orgs.services import SYSTEM_USERNAME
from huanze.problems.models import LadderStep, Omission
from huanze.problems.services.context import Governing
from huanze.problems.services.dossier import Known, Row
from huanze.rules.escalation import LIGHT_LABELS
from huanze.rules.moments import Course, Event

EVERYONE: tuple[str, ...] = (Post.Rank.LIAISON, Post.Rank.DEPUTY, Post.Rank.HEAD)
UNIT: tuple[str, ...] = (Post.Rank.LIAISON, Post.Rank.HEAD)
LIAISON: tuple[str, ...] = (Post.Rank.LIAISON,)
WORSE = ("amber", "red")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One problem, what is on record of it, the rules it lives under and what the moments brought."""

    row: Row
    known: Known
    rules: Governing
    course: Course


class Directory:
    """Who holds the posts of a unit on a day. Each unit is read once a day."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, date], list[tuple[str, int]]] = {}

    def learn(self, wanted: Iterable[tuple[int, date]]) -> None:
        """Read the units not known yet: one query for each day among them."""
        new = defaultdict[date, set[int]](set)
        for organisation, day in wanted:
            if (organisation, day) not in self._known:
                new[day].add(organisation)
        for day, organisations in new.items():
            self._known |= {(organisation, day): [] for organisation in organisations}
            held = Holding.objects.on(day).filter(post__organisation__in=organisations)
            for organisation, rank, user in held.order_by("user_id").values_list("post__organisation", "post__rank", "user_id"):
                self._known[organisation, day].append((rank, user))

    def people(self, organisation: int, ranks: Collection[str], day: date) -> list[int]:
        return list(dict.fromkeys(user for rank, user in self._known[organisation, day] if rank in ranks))


@dataclass(slots=True)
class _Batch:
    """What is to be written, gathered problem by problem."""

    steps: list[LadderStep] = field(default_factory=list)
    lapses: dict[tuple[date, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    omissions: list[Omission] = field(default_factory=list)
    reopened: list[int] = field(default_factory=list)
    made_good: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))
    cancelled: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    acts: list[Act] = field(default_factory=list)


def write(outcomes: Sequence[Outcome], directory: Directory) -> Counter[str]:
    """Write all events of these problems in the caller's transaction; returns how many of each kind."""
    batch, counts = _Batch(), Counter[str]()
    eventful = [o for o in outcomes if o.course.events]
    for outcome in eventful:
        _events(batch, outcome)
        counts.update(f"light_{e.what}" if e.kind == "light" else e.kind for e in outcome.course.events)
    _store(batch)
    counts["notices"] = _tell(eventful, directory)
    record_many(batch.acts)
    return +counts


def _events(batch: _Batch, outcome: Outcome) -> None:
    row, known = outcome.row, outcome.known
    new = dict[str, LadderStep]()
    for event in outcome.course.events:
        match event.kind:
            case "proposed":
                new[event.what] = LadderStep(
                    problem_id=row.pk, step=event.what, deadline=row.deadline, day=event.day, because=list(event.because), clause=event.clause
                )
                batch.steps.append(new[event.what])
            case "lapsed":
                _lapse(batch, event, new.pop(event.what, None), known)
                batch.cancelled[f"propose_{event.what}", event.because[0]].append(row.pk)
            case "overdue" | "acceptance":
                _omit(batch, outcome, event)
            case "overdue_over" | "acceptance_over":
                kind = event.kind.removesuffix("_over")
                batch.made_good[event.day] += known.open_omissions.get(kind, [])
                batch.cancelled[kind, "情形已消除"].append(row.pk)
            case "light" if event.what not in WORSE:
                batch.cancelled["light", "情形已消除"].append(row.pk)
    _note(batch, outcome)


def _lapse(batch: _Batch, event: Event, unsaved: LadderStep | None, known: Known) -> None:
    if unsaved is None:
        batch.lapses[event.day, event.because[0]].append(known.proposals[event.what])
    else:
        unsaved.state, unsaved.ended_on, unsaved.ended_why = LadderStep.State.LAPSED, event.day, event.because[0]


def _omit(batch: _Batch, outcome: Outcome, event: Event) -> None:
    """Put the omission on record; one that was made good and is so again is opened again."""
    row, attempt, pack = outcome.row, outcome.known.attempt, outcome.rules.pack
    if event.kind == "overdue":
        owner, period = row.main_unit_id, str(row.deadline)
        clause = pack.forms["plan"].clause if "plan" in pack.forms else ""
    else:
        owner, period = (attempt.lead_id, f"第{attempt.number}次") if attempt else (None, "")
        clause = pack.clocks["acceptance"].clause
    if owner is None:
        return
    if (event.kind, period) in outcome.known.omissions:
        batch.reopened.append(outcome.known.omissions[event.kind, period])
        return
    batch.omissions.append(
        Omission(kind=event.kind, organisation_id=owner, office_id=row.office_id, problem_id=row.pk, period=period, day=event.day, clause=clause)
    )


def _note(batch: _Batch, outcome: Outcome) -> None:
    """The audit entry of a problem on which something went on record. A light alone is derived and leaves none."""
    lasting = [e for e in outcome.course.events if e.kind not in ("light", "publicity_over")]
    if lasting:
        said = [{"day": e.day, "kind": e.kind, "what": e.what, "because": e.because, "clause": e.clause} for e in lasting]
        payload = {"events": said, "light": [outcome.row.light, outcome.course.light]}
        batch.acts.append(Act("problem.moment", "problem", outcome.row.pk, SYSTEM_USERNAME, "系统", "system", payload))


def _store(batch: _Batch) -> None:
    # Lapses first: a step may lapse under the old deadline and be proposed under the new one on the same day.
    for (day, why), ids in batch.lapses.items():
        LadderStep.objects.filter(pk__in=ids, state=LadderStep.State.PROPOSED).update(state=LadderStep.State.LAPSED, ended_on=day, ended_why=why)
    LadderStep.objects.bulk_create(batch.steps)
    Omission.objects.bulk_create(batch.omissions)
    if batch.reopened:
        Omission.objects.filter(pk__in=batch.reopened).update(made_good_on=None)
    for day, ids in batch.made_good.items():
        if ids:
            Omission.objects.filter(pk__in=ids).update(made_good_on=day)
    for (kind, why), ids in batch.cancelled.items():
        cancel_many(subject_type="problem", subject_ids=ids, why=why, kinds=[kind])


# ---- who is told


def _tell(outcomes: Sequence[Outcome], directory: Directory) -> int:
    told = [line for outcome in outcomes for line in _lines(outcome)]
    directory.learn((organisation, day) for _, day, _, _, _, to in told for organisation, _ in to)
    return notify_many(
        Notice(
            recipient_id=user, subject_type="problem", subject_id=row.pk, kind=kind, day=day, clause=clause,
            text=f"{row.number} {row.title}：{text}"[:300], url=f"/problems/{row.pk}/",
        )
        for row, day, kind, text, clause, to in told
        for user in dict.fromkeys(u for organisation, ranks in to for u in directory.people(organisation, ranks, day))
    )  # fmt: skip


Line = tuple[Row, date, str, str, str, list[tuple[int, tuple[str, ...]]]]


def _lines(outcome: Outcome) -> Iterator[Line]:
    """One line for each thing somebody should know, with the units and ranks it goes to.

    A proposal that came and went while nobody ran the sweep is on record, but is no news.
    """
    row, known = outcome.row, outcome.known
    labels: dict[str, str] = {step.step: step.label for step in outcome.rules.pack.ladder}
    office = (row.office_id, EVERYONE)
    main = [(row.main_unit_id, UNIT)] if row.main_unit_id else []
    late_days = {e.day for e in outcome.course.events if e.kind == "overdue"}
    ends = {e.what: e.day for e in outcome.course.events if e.kind == "lapsed"}
    for e in outcome.course.events:
        match e.kind:
            case "proposed" if ends.get(e.what, e.day) <= e.day:
                yield row, e.day, f"propose_{e.what}", f"建议{labels[e.what]}", e.clause, [office]
            case "overdue":
                yield row, e.day, "overdue", f"完成时限{row.deadline}已过，尚未完成整改", e.clause, [*main, office]
            case "acceptance" if known.attempt:
                text = f"应于{known.attempt.due_on}前组织验收，尚未组织"
                yield row, e.day, "acceptance", text, outcome.rules.pack.clocks["acceptance"].clause, [(known.attempt.lead_id, UNIT), office]
            case "publicity_over":
                yield row, e.day, "publicity_over", f"公示期已于{known.publicity_ends}届满，可以办理公示结束", "", [office]
            case "light" if e.what in WORSE and e.day not in late_days and main:
                yield row, e.day, "light", f"转为{LIGHT_LABELS[e.what]}，完成时限{row.deadline}", "", [(main[0][0], LIAISON)]
