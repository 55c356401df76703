"""Reads of documents: what a person may see, what holds, what a person changed, and what documents have to do with each other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from huanze.audit.models import Entry
from huanze.orgs.models import Organisation, User
from huanze.orgs.selectors import ancestry, posts_of, scope_of
from huanze.policies.models import Fact, PolicyDocument, Relation
from huanze.policies.shapes import FIELDS
from huanze.policies.words import words
from huanze.policies.written import shown

Decision = Fact.Decision
HOLDS = (Decision.ACCEPTED, Decision.CORRECTED, Decision.ADDED)
CHANGED = (Decision.CORRECTED, Decision.ADDED, Decision.DROPPED)
PAGE = 50


def visible_documents(user: User) -> QuerySet[PolicyDocument]:
    """The documents of the places a person works in and those above them, and of the places within his scope."""
    paths: set[str] = set()
    for holding in posts_of(user):
        paths.update(ancestry(holding.post.organisation.region))
    wanted = Q(region__path__in=paths)
    for lo, hi in scope_of(user).region_ranges:
        wanted |= Q(region__path__gte=lo, region__path__lt=hi)
    return PolicyDocument.objects.filter(wanted).select_related("region", "kept_by").defer("text", "repairs")


def keepers(user: User) -> list[Organisation]:
    """The organisations in whose name a person may keep a document."""
    return list({h.post.organisation_id: h.post.organisation for h in posts_of(user) if h.post.organisation.active}.values())


@dataclass(frozen=True, slots=True)
class Row:
    """A document in a list, with how many facts it has and how many are undecided."""

    document: PolicyDocument
    total: int
    open: int


@dataclass(frozen=True, slots=True)
class Page:
    """Documents, the latest first, and the keys to go on from."""

    rows: list[Row]
    before: int | None
    after: int | None


def documents_page(
    user: User, *, text: str = "", status: str = "", stage: str = "", after: int | None = None, before: int | None = None
) -> Page:
    """One page of what a person may see: three queries, however many there are."""
    found = visible_documents(user).select_related("added_by")
    if text:
        found = found.filter(Q(title__icontains=text) | Q(number__icontains=text))
    if status:
        found = found.filter(status=status)
    if stage:
        found = found.filter(stage=stage)
    if before is not None:
        rows = list(found.filter(pk__gt=before).order_by("pk")[: PAGE + 1])
        more, rows = len(rows) > PAGE, rows[:PAGE][::-1]
        return Page(_counted(rows), rows[0].pk if rows and more else None, rows[-1].pk if rows else None)
    rows = list((found.filter(pk__lt=after) if after is not None else found).order_by("-pk")[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    return Page(_counted(rows), rows[0].pk if rows and after is not None else None, rows[-1].pk if rows and more else None)


def _counted(documents: list[PolicyDocument]) -> list[Row]:
    facts = Fact.objects.filter(document__in=documents).order_by().values("document")
    found = facts.annotate(total=Count("pk"), open=Count("pk", filter=Q(decision=Decision.OPEN)))
    counts = {row["document"]: (row["total"], row["open"]) for row in found}
    return [Row(document, *counts.get(document.pk, (0, 0))) for document in documents]


# ---- the facts of a document


def facts_of(
    document: PolicyDocument, *, show: str = "", kind: str = "", since: int = 0, until: int | None = None
) -> QuerySet[Fact]:
    """Facts in the order of the text; ``show`` is open, doubtful or changed; ``since`` and ``until`` bound where they begin."""
    found = document.facts.select_related("decided_by").filter(start__gte=since).order_by("order")
    if until is not None:
        found = found.filter(start__lt=until)
    narrowed = {
        "open": Q(decision=Decision.OPEN), "doubtful": Q(decision=Decision.OPEN, doubtful=True), "changed": Q(decision__in=CHANGED),
    }.get(show)  # fmt: skip
    if narrowed is not None:
        found = found.filter(narrowed)
    return found.filter(kind=kind) if kind else found


def next_open(document: PolicyDocument, after: int) -> Fact | None:
    """The first undecided fact that begins at an offset or later; if there is none, the first of all."""
    undecided = document.facts.filter(decision=Decision.OPEN).order_by("order")
    return undecided.filter(start__gte=after).first() or undecided.first()


def accepted(document: PolicyDocument) -> list[Fact]:
    """What holds: accepted, corrected or added, in the order of the text. Open and dropped facts are not in it."""
    return list(document.facts.filter(decision__in=HOLDS).order_by("order"))


def head_of(facts: Iterable[Fact]) -> dict[str, Any]:
    """The head as the facts given say it: title, doc_number, date (ISO), issuers, main_recipient, disclosure."""
    head: dict[str, Any] = dict.fromkeys((field.name for field in FIELDS["head"]), None)
    for fact in facts:
        if fact.kind == Fact.Kind.HEAD:
            head |= fact.value
    return head


@dataclass(frozen=True, slots=True)
class Counts:
    """How far the review of a document is."""

    total: int
    open: int
    doubtful: int
    changed: int
    by_kind: Mapping[str, int]

    @property
    def sure(self) -> int:
        return self.open - self.doubtful

    @property
    def decided(self) -> int:
        return self.total - self.open


def counts_of(document: PolicyDocument) -> Counts:
    """Counted in one query."""
    total = open_ = doubtful = changed = 0
    by_kind: dict[str, int] = {}
    for row in document.facts.order_by().values("kind", "decision", "doubtful").annotate(n=Count("pk")):
        n = row["n"]
        total += n
        open_ += n * (row["decision"] == Decision.OPEN)
        doubtful += n * (row["decision"] == Decision.OPEN and row["doubtful"])
        changed += n * (row["decision"] in CHANGED)
        by_kind[row["kind"]] = by_kind.get(row["kind"], 0) + n
    return Counts(total, open_, doubtful, changed, by_kind)


# ---- what a person changed


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a fact: as the machine read it and as a person decided."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that a person corrected, added or dropped. ``machine`` is empty for what was added, ``now`` for what was dropped."""

    fact: Fact
    machine: str
    now: str
    changes: tuple[Change, ...]


def differences(document: PolicyDocument) -> list[Difference]:
    """The machine's reading against what was decided, in the order of the text. Facts left as read are not in it."""
    found = []
    for fact in facts_of(document, show="changed"):
        dropped = fact.decision == Decision.DROPPED
        machine, now = words(fact.kind, fact.machine), "" if dropped else words(fact.kind, fact.value)
        changes = _changes(fact) if fact.decision == Decision.CORRECTED else ()
        found.append(Difference(fact, machine, now, tuple(changes)))
    return found


def _changes(fact: Fact) -> Iterable[Change]:
    before, after = shown(fact.kind, fact.machine or {}), shown(fact.kind, fact.value)
    for field in FIELDS[fact.kind]:
        old, new = before[field.name], after[field.name]
        if old != new:
            yield Change(field.label, _plain(field.form, field.choices, old), _plain(field.form, field.choices, new))


def _plain(form: str, choices: tuple[tuple[str, str], ...], text: str) -> str:
    if form == "yes":
        return "是" if text else "否"
    return dict(choices).get(text, text)


# ---- what documents have to do with each other


def cites(document: PolicyDocument, user: User) -> list[Relation]:
    """What this document says of others; one that the person may not see is told by number and title only."""
    rows = list(document.relations.select_related("target", "said_by").defer("target__text", "target__repairs").order_by("kind", "pk"))
    seen = set(visible_documents(user).filter(pk__in=[r.target_id for r in rows if r.target_id]).values_list("pk", flat=True))
    for row in rows:
        if row.target_id not in seen:
            row.target = None
    return rows


def cited_by(document: PolicyDocument, user: User) -> list[Relation]:
    """What documents that the person may see say of this one."""
    rows = document.related_from.filter(document__in=visible_documents(user).values("pk")).select_related("document", "said_by")
    return list(rows.defer("document__text", "document__repairs").order_by("kind", "pk"))


# ---- what was done to a document

ACTS = {
    "policies.keep_document": "保存并读取", "policies.accept_sure_facts": "一并采纳", "policies.accept_document": "审定", "policies.reopen_document": "退回审阅",
    "policies.document_status": "认定效力", "policies.relate_documents": "写明关系", "policies.unrelate_documents": "取消关系",
}  # fmt: skip
HISTORY = 50


@dataclass(frozen=True, slots=True)
class Happened:
    """One act on a document, as its page tells it."""

    at: datetime
    who: str
    hat: str
    title: str
    text: str


def history(document: PolicyDocument) -> list[Happened]:
    """What was done to the document as a whole, the latest first; decisions on single facts are told by ``differences``."""
    rows = Entry.objects.filter(object_type="policydocument", object_id=str(document.pk), action__in=ACTS).order_by("-seq")[:HISTORY]
    return [Happened(row.at, row.actor_name, row.hat, ACTS[row.action], _told(json.loads(row.payload))) for row in rows]


def _told(payload: Mapping[str, Any]) -> str:
    parts = [f"{payload['count']}项" if "count" in payload else "", f"找到{payload['facts']}项" if "sha256" in payload else ""]
    if "to" in payload:
        parts.append(f"{PolicyDocument.Status(payload['from']).label} → {PolicyDocument.Status(payload['to']).label}")
    if payload.get("other"):
        parts.append(f"《{payload['other']}》")
    if "kind" in payload:
        parts.append(f"{Relation.Kind(payload['kind']).label}{payload['number']}{f'《{title}》' if (title := payload['title']) else ''}")
    return "，".join(part for part in (*parts, payload.get("why", "")) if part)
