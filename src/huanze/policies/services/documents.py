"""Documents: kept as they came and as they were read, reviewed to the end, and in or out of force."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import PurePath
from typing import Any, BinaryIO

from django.db import transaction

from huanze import __version__, reader
from huanze.base import clock
from huanze.evidence import media
from huanze.evidence import services as evidence
from huanze.orgs.models import Holding, Organisation, Region, User
from huanze.orgs.selectors import posts_of
from huanze.policies.models import Fact, PackDraft, PolicyDocument, Relation
from huanze.policies.services import relations
from huanze.policies.services.hands import Hands, blank, of_hands, reason_given, said
from huanze.reader import Document, UnreadableError
from huanze.rules.calendar import chinese_date
from huanze.rules.verdicts import Refusal

LARGEST = 20 * media.MB
BATCH = 500
REPAIRS_KEPT = 2_000
READ_BY_US = {"html": media.PAGE, "txt": media.TXT}
"""What is kept as it was read, whatever its bytes look like: it is never shown in place, only given back to be saved."""
ROWS = {
    "clauses": Fact.Kind.CLAUSE, "responsibilities": Fact.Kind.RESPONSIBILITY, "obligations": Fact.Kind.OBLIGATION, "recipients": Fact.Kind.RECIPIENT,
    "thresholds": Fact.Kind.THRESHOLD, "deductions": Fact.Kind.DEDUCTION, "items": Fact.Kind.ITEM, "cited_doc_numbers": Fact.Kind.CITATION,
    "problems": Fact.Kind.PROBLEM, "aliases": Fact.Kind.ALIAS,
}  # fmt: skip
RANK = {kind: number for number, kind in enumerate(Fact.Kind)}
HEAD_KEYS = ("title", "doc_number", "date", "issuers", "main_recipient", "disclosure")


def keep(*, stream: BinaryIO, name: str, region: Region, kept_by: Organisation, source: str, acting_user: User) -> PolicyDocument | Refusal:
    """Read a document and keep it with what was found: by anyone with a post in ``kept_by``, a body of that very place.

    The same bytes are kept once in a place. What cannot be read is not kept.
    """
    holding = _keeper(acting_user, kept_by)
    if holding is None or kept_by.region_id != region.pk:
        return Refusal("wrong_actor", f"您没有在{kept_by}任职，不能以该单位名义保存文件" if kept_by.region_id == region.pk else f"{kept_by}不是{region}的单位")
    if len(source.strip()) > 300:
        return blank("source", "来源", "不超过300字")
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        return Refusal("file_too_large", f"文件“{name}”超过20 MB，请拆分后分别上传，或者另存为文字后再试", fields={"file": "超过20 MB"})
    sha256 = hashlib.sha256(data).hexdigest()
    if (twin := _twin(region, sha256)) is not None:
        return twin
    try:
        reading = reader.read(data, name)
    except UnreadableError as error:
        return Refusal("unreadable", f"文件“{name}”没有读成：{error}", fields={"file": str(error)})
    return _keep(data, name, reading, sha256, Hands(_document(reading, name, region, kept_by, source, sha256), acting_user, holding))


def _keeper(user: User, kept_by: Organisation) -> Holding | None:
    return next((h for h in posts_of(user) if h.post.organisation_id == kept_by.pk and kept_by.active), None)


def _twin(region: Region, sha256: str) -> Refusal | None:
    twin = PolicyDocument.objects.filter(region=region, sha256=sha256).select_related("added_by").defer("text").first()
    if twin is None:
        return None
    day = chinese_date(twin.added_at.astimezone(clock.ZONE).date())
    return Refusal("already", f"这份文件已由{twin.added_by}于{day}保存为{twin}，不需要再次上传", fields={"file": "已经保存过"})


def _document(reading: Document, name: str, region: Region, kept_by: Organisation, source: str, sha256: str) -> PolicyDocument:
    # PostgreSQL keeps no NUL, and a repair tells what was taken out.
    repairs = [{"kind": r.kind, "at": r.at, "before": r.before.replace("\0", "␀"), "after": r.after} for r in reading.repairs[:REPAIRS_KEPT]]
    document = PolicyDocument(
        region=region, kept_by=kept_by, sha256=sha256, source=source.strip(), title=PurePath(name).stem[:300], form=reading.form,
        encoding=reading.encoding or "", text=reading.text, repairs=repairs, reader=__version__, added_at=clock.now(),
    )  # fmt: skip
    take_head(document, {key: getattr(reading.head, key) for key in HEAD_KEYS})
    return document


def take_head(document: PolicyDocument, head: Mapping[str, Any]) -> None:
    """Let a document be known by what its head says: title, number, day, issuers."""
    document.title = (head.get("title") or document.title)[:300]
    document.number = relations.plain_number(head.get("doc_number") or "")
    document.date = date.fromisoformat(head["date"]) if head.get("date") else None
    document.issuers = list(head.get("issuers") or ())


def _keep(data: bytes, name: str, reading: Document, sha256: str, hands: Hands) -> PolicyDocument | Refusal:
    document = hands.document
    with transaction.atomic():
        # A second person may have kept the same bytes while ours were being read.
        Region.objects.select_for_update().get(pk=document.region_id)
        if (twin := _twin(document.region, sha256)) is not None:
            return twin
        file = evidence.store(stream=data, name=name, acting_user=hands.user, kind=READ_BY_US.get(reading.form))
        if isinstance(file, Refusal):
            return Refusal(file.code, file.reason, fields={"file": file.reason})
        document.file, document.added_by = file, hands.user
        document.save(force_insert=True)
        rows = list(_facts(document, reading))
        Fact.objects.bulk_create(rows, batch_size=BATCH)
        relations.keep_found(document, reading)
        relations.link(document)
        said("keep_document", hands, {"title": document.title, "number": document.number, "sha256": sha256, "facts": len(rows), "reader": document.reader})
    return document


# ---- the facts of a reading


def _facts(document: PolicyDocument, reading: Document) -> Iterator[Fact]:
    """A row for each fact in the order of the text; a clause goes before what stands in it."""
    places = Places((c.span[0], c.id) for c in reading.clauses)
    found = sorted([*_head_facts(reading), *_row_facts(reading, places)], key=lambda f: (f.start, RANK[Fact.Kind(f.kind)], f.end))
    for order, fact in enumerate(found, 1):
        fact.document, fact.order = document, order
        yield fact


class Places:
    """The clause an offset stands in: the last one that begins before it."""

    def __init__(self, clauses: Iterator[tuple[int, str]]) -> None:
        known = sorted(clauses)
        self.starts, self.ids = [start for start, _ in known], [name for _, name in known]

    def of(self, offset: int) -> str:
        at = bisect_right(self.starts, offset)
        return self.ids[at - 1] if at else ""


def _head_facts(reading: Document) -> Iterator[Fact]:
    for key in HEAD_KEYS:
        value = getattr(reading.head, key)
        if value:
            said = list(value) if isinstance(value, tuple) else value
            start, end = reading.head.spans.get(key) or _find(reading.text, said)
            yield _fact(Fact.Kind.HEAD, {key: said}, start, end, rule="head", clause="")


def _find(text: str, said: str | list[str]) -> tuple[int, int]:
    """Where the words of a head fact stand that came without a place; nowhere is (0, 0)."""
    wanted = said if isinstance(said, str) else said[0]
    at = text.find(wanted)
    return (at, at + len(wanted)) if at >= 0 else (0, 0)


def _row_facts(reading: Document, places: Places) -> Iterator[Fact]:
    rows = reading.to_json()
    for key, kind in ROWS.items():
        for row in rows[key]:
            yield _row_fact(kind, row, places)
    if rows["publicity"]:
        yield _row_fact(Fact.Kind.PUBLICITY, rows["publicity"], places)


def _row_fact(kind: Fact.Kind, row: dict[str, Any], places: Places) -> Fact:
    start, end = row.pop("span")
    rule, low = row.pop("rule"), row.pop("confidence") == "low"
    clause = row["id"] if kind == Fact.Kind.CLAUSE else row.get("clause", places.of(start))
    return _fact(kind, row, start, max(start, end), rule=rule, clause=clause, doubtful=low)


def _fact(kind: Fact.Kind, value: dict[str, Any], start: int, end: int, *, rule: str, clause: str, doubtful: bool = False) -> Fact:
    return Fact(kind=kind, machine=value, value=value, start=start, end=end, rule=rule[:60], clause=clause[:60], doubtful=doubtful)


# ---- reviewed to the end


@transaction.atomic
def finish(*, document_id: int, acting_user: User) -> PolicyDocument | Refusal:
    """Declare a document reviewed. Every fact must have been decided; the refusal says how many are open and where."""
    hands = of_hands(document_id, acting_user)
    if isinstance(hands, Refusal):
        return hands
    document = hands.document
    if document.stage == PolicyDocument.Stage.ACCEPTED:
        return Refusal("wrong_state", "本文件已经审定，不需要再次审定")
    open_facts = document.facts.filter(decision=Fact.Decision.OPEN)
    if count := open_facts.count():
        where = dict.fromkeys(clause or "文件头" for clause in open_facts.values_list("clause", flat=True)[:200])
        places = "、".join(list(where)[:8])
        return Refusal("not_ready", f"还有{count}项没有审定，在{places}{'等处' if len(where) > 8 else ''}。请逐项采纳、更正或者剔除")
    document.stage, document.accepted_by, document.accepted_at = PolicyDocument.Stage.ACCEPTED, acting_user, clock.now()
    document.save(update_fields=["stage", "accepted_by", "accepted_at"])
    said("accept_document", hands, {"title": document.title, "facts": document.facts.exclude(decision=Fact.Decision.DROPPED).count()})
    return document


@transaction.atomic
def reopen(*, document_id: int, why: str, acting_user: User) -> PolicyDocument | Refusal:
    """Take a document back into review, as long as no pack made of it was submitted or passed."""
    hands = of_hands(document_id, acting_user)
    if isinstance(hands, Refusal):
        return hands
    document = hands.document
    if document.stage != PolicyDocument.Stage.ACCEPTED:
        return Refusal("wrong_state", "本文件正在审阅，不需要退回")
    if (refusal := reason_given(why)) is not None:
        return refusal
    made = document.drafts.filter(state__in=[PackDraft.State.SUBMITTED, PackDraft.State.PASSED]).first()
    if made is not None:
        return Refusal("wrong_state", f"据此拟定的规则包“{made.code}”{made.get_state_display()}，不能退回审阅；需要改动的，请先退回该规则包，或者保存新的文本另行审定")
    document.stage, document.accepted_by, document.accepted_at = PolicyDocument.Stage.REVIEWING, None, None
    document.save(update_fields=["stage", "accepted_by", "accepted_at"])
    said("reopen_document", hands, {"title": document.title, "why": why.strip()})
    return document


# ---- in and out of force

NEEDS_OTHER = {PolicyDocument.Status.REPLACED: "替代它的文件", PolicyDocument.Status.ALIAS: "同一文件的另一文本"}
SAID_BY_OTHER = {PolicyDocument.Status.REPLACED: Relation.Kind.REPLACES, PolicyDocument.Status.REPEALED: Relation.Kind.REPEALS}


@transaction.atomic
def set_status(*, document_id: int, status: str, why: str, acting_user: User, other: PolicyDocument | None = None) -> PolicyDocument | Refusal:
    """Say whether a document is in force. ``other`` is the one that replaces or repeals it, or whose text it is too."""
    hands = of_hands(document_id, acting_user)
    if isinstance(hands, Refusal):
        return hands
    document = hands.document
    if (refusal := _wrong_status(document, status, why, other)) is not None:
        return refusal
    # A relation said with the status before no longer holds.
    Relation.objects.filter(target=document, kind__in=SAID_BY_OTHER.values()).exclude(said_by=None).delete()
    Relation.objects.filter(document=document, kind=Relation.Kind.ALIAS).exclude(said_by=None).delete()
    if other is not None:
        _tell_relation(document, PolicyDocument.Status(status), other, acting_user)
    before, document.status = document.status, status
    document.save(update_fields=["status"])
    said("document_status", hands, {"from": before, "to": status, "why": why.strip(), "other": other.title if other else None})
    return document


def _wrong_status(document: PolicyDocument, status: str, why: str, other: PolicyDocument | None) -> Refusal | None:
    if status not in PolicyDocument.Status.values:
        return blank("status", "效力", "请从列表中选择")
    if status == document.status:
        return blank("status", "效力", f"本文件已经是“{document.get_status_display()}”")
    if other is not None and other.pk == document.pk:
        return blank("other", "相关文件", "不能选择本文件自身")
    needed = NEEDS_OTHER.get(PolicyDocument.Status(status))
    if needed and other is None:
        return blank("other", "相关文件", f"请选择{needed}；还没有保存的，请先上传")
    return reason_given(why)


def _tell_relation(document: PolicyDocument, status: PolicyDocument.Status, other: PolicyDocument, user: User) -> None:
    """Replaced and repealed are told of the other document, another text of this one."""
    kind = SAID_BY_OTHER.get(status)
    if status == PolicyDocument.Status.IN_FORCE:
        return
    subject, target = (other, document) if kind else (document, other)
    Relation.objects.update_or_create(
        document=subject, kind=kind or Relation.Kind.ALIAS, number=relations.plain_number(target.number), title=relations.plain_title(target.title),
        defaults={"target": target, "said_by": user, "said_at": clock.now()},
    )  # fmt: skip
