"""What a pack may hold. Every value that binds anybody names the clause it comes from (habits 8, 9).

Units: points are whole numbers, percentages 0 to 100, days of the year ``MM-DD``. ``{setting: key}``
stands wherever the document left a term open; ``left_open`` says what was left open and the default.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from huanze.rules.deadlines import Term
from huanze.rules.packs.notice import Notice, Statistic
from huanze.rules.packs.parts import (
    BoolOr,
    ClauseId,
    DayOfMonthOr,
    Freq,
    IntOr,
    Key,
    Level,
    MonthDays,
    MonthsOr,
    Name,
    Names,
    Part,
    Scalar,
    Setting,
    TextOr,
    Unit,
    When,
    Words,
)


class Document(Part):
    title: str
    number: str | None = None
    date: dt.date | None = None
    issuers: Names = ()
    note: str = ""


class UnitRole(Part):
    name: str
    role: Literal["lead", "joint_lead", "responsible", "assist", "join", "supervise", "recipient"]


class ClauseText(Part):
    """One clause of the document: what it says in our words, and who it names. ``open_list``: the names end in 等."""

    gist: Words
    heading: str = ""
    units: tuple[UnitRole, ...] = ()
    open_list: bool = False


class LeftOpen(Part):
    """A term the document left open (``term``), what a place must decide (``meaning``), and our default."""

    term: str
    meaning: Words
    clause: ClauseId
    unit: Unit
    default: Scalar
    min: int | None = None
    max: int | None = None


class Source(Part):
    """A class of source; ``group`` is how the document shows it in its 1+1+N."""

    key: Key
    label: str
    level: Level
    group: Literal["1", "N"]
    clause: ClauseId


class FormField(Part):
    key: Key
    label: str
    kind: Literal["text", "date", "org", "orgs", "person", "file", "pictures", "number", "bool", "choice", "list", "pairs"]
    required: bool = True


class Form(Part):
    """Something to be filled in: the plan, the application for acceptance, the public notice."""

    label: str
    fields: tuple[FormField, ...]
    clause: ClauseId


class Way(Part):
    """A way of finding problems, with its own form and proof."""

    key: Key
    label: str
    fields: tuple[FormField, ...]
    cadence: Freq | None = None
    by: Names = ()
    clause: ClauseId


class TaskKind(Part):
    """A kind of task and what its plan must hold beyond the common list."""

    key: Literal["immediate", "long_term", "legacy"]
    label: str
    plan_fields: tuple[FormField, ...]
    clause: ClauseId


class Lifecycle(Part):
    """Optional stages switched on, and the document's own clause for each step of the table."""

    stages: tuple[Literal["self_acceptance", "publicity"], ...] = ()
    upper_acceptance_for: tuple[Level, ...] = ()
    approver_for: dict[Level, TextOr] = {}
    clauses: dict[str, ClauseId] = {}


class Clock(Part):
    """n units after the event ``after``, ``since`` in words. ``at_most``: must happen by then; ``at_least``: must last that long."""

    label: str
    since: str = ""
    n: IntOr
    unit: Literal["workday", "day", "hour", "month", "year"]
    after: Key
    count_first: BoolOr = False
    bound: Literal["at_most", "at_least"] = "at_most"
    clause: ClauseId

    def term(self, chosen: Mapping[str, Any]) -> Term:
        """The clock as a deadline, local settings (``loader.settings``) put in their places."""
        n: int = chosen[self.n.setting] if isinstance(self.n, Setting) else self.n
        first: bool = chosen[self.count_first.setting] if isinstance(self.count_first, Setting) else self.count_first
        return Term(
            n, self.unit, after=self.after, clause=self.clause, count_first=first,
            left_open=isinstance(self.n, Setting), first_left_open=isinstance(self.count_first, Setting),
        )  # fmt: skip


class DutyValue(Part):
    """``every``: at least once in so many months, where the document only says “regularly”. ``on``: by that one day."""

    freq: Freq | None = None
    min: Annotated[int, Field(ge=1, le=60)] = 1
    every: MonthsOr | None = None
    due: MonthDays = ()
    on: dt.date | None = None


class CopyTo(Part):
    type: Literal["抄送", "抄报"]
    units: Names


class Duty(Part):
    """What recurs: a report, a meeting, an inspection; with its day or its frequency."""

    key: Key
    what: Words
    kind: Literal["annual_report", "recurring", "fixed_dates", "deadline"]
    value: DutyValue
    obliged: Names
    report_to: Names = ()
    copy_to: tuple[CopyTo, ...] = ()
    publish: bool = False
    clause: ClauseId


class Dispatch(Part):
    """The return on progress, from the main unit and from the supervising units. ``cutoff``: day of the month."""

    freq: Freq
    cutoff: DayOfMonthOr
    main_fields: tuple[FormField, ...]
    supervising_fields: tuple[FormField, ...]
    clause: ClauseId


class SelfCheck(Part):
    """The quarterly return. ``by``: the document's words for who owes it; ``kinds``: which organisations those are."""

    days: MonthDays
    by: Names
    kinds: Annotated[tuple[Literal["town", "park", "department"], ...], Field(min_length=1)]
    forms: tuple[Literal["paper_stamped", "electronic"], ...]
    late: Literal["next_quarter"]
    clause: ClauseId


class LadderStep(Part):
    """One way of urging, when it is proposed, who issues it to whom. ``again``: how often it may recur."""

    step: Literal["prompt", "warn", "supervise", "circulate", "interview"]
    label: str
    when: When
    addressee: Names
    issued_by: Names
    joint_with: Names = ()
    report_to: Names = ()
    publish: bool = False
    again: Literal["never", "monthly"] = "never"
    clause: ClauseId


class Deduction(Part):
    key: Key
    event: Words
    points: Annotated[int, Field(gt=0)]
    per: Literal["each"] = "each"
    clause: ClauseId


class PassThrough(Part):
    """Points lost above because of a unit are passed down to it, as many as were lost above."""

    event: Words
    who: str
    points: Literal["as_scored_above"] = "as_scored_above"
    both_roles: Literal["combined", "higher"] | None = None
    clause: ClauseId


class Threshold(Part):
    """What follows when the running total reaches ``at`` points; ``below``: where the next one takes over."""

    effect: Key
    at: Annotated[int, Field(gt=0)]
    below: int | None = None
    op: Literal[">="] = ">="
    label: str
    addressee: str
    issued_by: str = ""
    also: tuple[Literal["written_self_criticism", "public"], ...] = ()
    report_to: Names = ()
    clause: ClauseId


class Use(Part):
    """Where the result of the assessment counts; ``weight`` in percent when the document or the place sets one."""

    key: Key
    label: str
    weight: IntOr | None = None
    clause: ClauseId


class Ground(Part):
    key: Key
    label: str
    transfer_to: Names = ()
    clause: ClauseId


class Incentive(Part):
    """What speaks for a unit or a person: commendation, exemption from blame, training, support, promotion."""

    key: Key
    kind: Literal["commend", "exempt", "train", "support", "promote"]
    label: Words
    by: Names
    clause: ClauseId


class Fallback(Part):
    """What governs a matter that no item covers."""

    what: Words
    documents: Names
    clause: ClauseId


Relation: TypeAlias = Literal["lead", "joint_lead", "assist", "join"]


class ItemPart(Part):
    """A part of an item in which the department's relation differs from that of the item."""

    relation: Relation
    what: Words


class Item(Part):
    """One concrete item of a department. ``text_says``: the verb in the text, which may differ from the list's heading."""

    dept: Name
    no: int
    title: Words
    relation: Relation
    text_says: str = ""
    co_units: Names = ()
    also: tuple[ItemPart, ...] = ()
    clause: ClauseId


class Area(Part):
    """A basin, city circle or air channel that cuts across districts. ``unified``: what its places must have in common."""

    key: Key
    kind: Literal["basin1", "basin2", "city_circle", "air_channel"]
    label: str
    lead: str = ""
    count: int | None = None
    members: Names = ()
    tasks: Names = ()
    unified: Names = ()
    clause: ClauseId


class Committee(Part):
    key: Key
    label: str
    what: Words
    asked_by: Names = ()
    approved_by: str = ""
    pilot: bool = False
    clause: ClauseId


class ApprovalStep(Part):
    step: Key
    label: str
    by: TextOr
    clause: ClauseId


class Pack(Part):
    """One issuing document as data. See docs/packs.md for how one is written."""

    code: Annotated[str, Field(pattern=r"^[a-z]{2,8}$")]
    version: dt.date
    title: Annotated[str, Field(min_length=1, max_length=200)]
    level: Level
    parent: str | None = None
    document: Document
    clauses: Annotated[dict[ClauseId, ClauseText], Field(min_length=1)]
    left_open: dict[Key, LeftOpen] = {}
    sources: tuple[Source, ...] = ()
    ways: tuple[Way, ...] = ()
    handed_down: Way | None = None
    kinds: tuple[TaskKind, ...] = ()
    forms: dict[Key, Form] = {}
    lifecycle: Lifecycle = Lifecycle()
    clocks: dict[Key, Clock] = {}
    duties: tuple[Duty, ...] = ()
    dispatch: Dispatch | None = None
    self_check: SelfCheck | None = None
    ladder: tuple[LadderStep, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    pass_through: tuple[PassThrough, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    uses: tuple[Use, ...] = ()
    grounds: tuple[Ground, ...] = ()
    incentives: tuple[Incentive, ...] = ()
    items: tuple[Item, ...] = ()
    fallback: Fallback | None = None
    areas: tuple[Area, ...] = ()
    committees: tuple[Committee, ...] = ()
    approval_chains: dict[Key, tuple[ApprovalStep, ...]] = {}
    statistics: tuple[Statistic, ...] = ()
    notice: Notice | None = None
    generic: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()

    def way(self, key: str) -> Way | None:
        """A way of finding by its key, or the form for what is handed down from above."""
        known = (*self.ways, self.handed_down) if self.handed_down else self.ways
        return next((w for w in known if w.key == key), None)

    def clause_name(self, clause: str) -> str:
        """The clause as a screen shows it: its number and our gist."""
        text = self.clauses.get(clause)
        return f"{clause} {text.gist}" if text else clause
