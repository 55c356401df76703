"""What a reading gives: the text as read and the facts found in it, each with its place and its rule.

Spans are character offsets into `Document.text`, the repaired text. `to_json` writes the form in which documents
are annotated; `span`, `rule` and `confidence` come on top.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Span = tuple[int, int]
Confidence = Literal["high", "low"]


class UnreadableError(Exception):
    """The bytes hold no document that can be read. The message is for the user, in Chinese."""


@dataclass(frozen=True)
class Repair:
    """One thing that was put right, so that a person can check it. `at` is an offset in the text before repair."""

    kind: str
    at: int
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Where a fact stands and which rule found it. `low` asks a person to look."""

    span: Span
    rule: str
    confidence: Confidence = "high"


@dataclass(frozen=True, kw_only=True)
class Clause(Fact):
    id: str
    level: int
    heading: str | None
    text: str
    sign: str  # the kind of numbering: 章 节 条 一 (一) 1 (1) ①
    number: int


@dataclass(frozen=True)
class Unit:
    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Responsibility(Fact):
    clause: str
    segment: int
    open_list: bool
    units: tuple[Unit, ...]


@dataclass(frozen=True, kw_only=True)
class Obligation(Fact):
    clause: str
    kind: str
    value: str | dict[str, Any]
    snippet: str
    obliged: tuple[str, ...] = ()
    report_to: tuple[str, ...] = ()
    copy_to: tuple[str, ...] = ()
    publish: str | None = None
    reported_practice: bool = False
    task: str | None = None  # of a row of a table: what it says is to be done


@dataclass(frozen=True, kw_only=True)
class Recipient(Fact):
    clause: str
    type: str  # 抄送 or 抄报
    units: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Threshold(Fact):
    clause: str
    metric: str
    op: str
    value: float | int
    effect: str
    snippet: str


@dataclass(frozen=True, kw_only=True)
class Deduction(Fact):
    """Points taken off for an event; `points` is a positive whole number."""

    clause: str
    points: int
    event: str
    snippet: str


@dataclass(frozen=True, kw_only=True)
class Citation(Fact):
    clause: str
    number: str
    title: str | None


@dataclass(frozen=True)
class Collaborator:
    relation: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Item(Fact):
    clause: str
    dept: str
    no: int
    text: str
    collaborators: tuple[Collaborator, ...]
    explicit_lead: bool


@dataclass(frozen=True, kw_only=True)
class Publicity(Fact):
    start: str | None
    end: str | None
    stated_working_days: int | None
    contact: str | None
    phone: str | None


@dataclass(frozen=True, kw_only=True)
class Problem(Fact):
    no: str | None
    responsible: tuple[str, ...]
    supervising: tuple[str, ...]
    deadline: str | None
    term: str | None = None  # the time limit as written; 立行立改 and 长期坚持 have no day


@dataclass(frozen=True, kw_only=True)
class Pair(Fact):
    """A measure and the work done for it, by the ids of their clauses."""

    measure: str
    work: str
    heading: str | None


@dataclass(frozen=True, kw_only=True)
class Alias(Fact):
    """A short name the document itself gives, or one a list of departments makes plain."""

    name: str
    short: str


@dataclass(frozen=True)
class Head:
    title: str | None = None
    doc_number: str | None = None
    date: str | None = None
    issuers: tuple[str, ...] = ()
    main_recipient: tuple[str, ...] = ()
    disclosure: str | None = None
    spans: dict[str, Span] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    name: str
    form: str  # txt, docx, pdf or html
    encoding: str | None
    text: str
    repairs: tuple[Repair, ...]
    head: Head
    clauses: tuple[Clause, ...] = ()
    responsibilities: tuple[Responsibility, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    citations: tuple[Citation, ...] = ()
    cited_titles: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    publicity: Publicity | None = None
    problems: tuple[Problem, ...] = ()
    pairs: tuple[Pair, ...] = ()
    aliases: tuple[Alias, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The annotated form: plain lists, dicts, text and numbers only."""
        head = self.head
        out: dict[str, Any] = {
            "file": self.name,
            "form": self.form,
            "encoding": self.encoding,
            "title": head.title,
            "doc_number": head.doc_number,
            "date": head.date,
            "issuers": list(head.issuers),
            "main_recipient": list(head.main_recipient),
            "disclosure": head.disclosure,
            "head_spans": {key: list(span) for key, span in head.spans.items()},
        }
        for key in ("clauses", "responsibilities", "obligations", "recipients", "thresholds", "deductions", "items", "problems", "pairs", "aliases"):
            out[key] = [plain(row) for row in getattr(self, key)]
        for row in out["responsibilities"]:
            row["in_text"] = row["segment"] == 0
        out["cited_doc_numbers"] = [plain(row) for row in self.citations]
        out["cited_titles"] = list(self.cited_titles)
        out["publicity"] = plain(self.publicity) if self.publicity else None
        out["repairs"] = [plain(row) for row in self.repairs]
        out["text"] = self.text
        return out


def plain(value: Any) -> Any:
    """A frozen row as JSON values."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if hasattr(value, "__dataclass_fields__"):
        return {key: plain(getattr(value, key)) for key in value.__dataclass_fields__}
    return value
