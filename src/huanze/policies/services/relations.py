"""What documents have to do with each other: found in their citations, said by a person, linked when both are kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q

from huanze.base import clock
from huanze.orgs.models import User
from huanze.orgs.selectors import ancestry, subtree
from huanze.policies.models import Fact, PolicyDocument, Relation
from huanze.policies.services.hands import blank, not_there, of_hands, said
from huanze.reader import Document
from huanze.rules.verdicts import Refusal

IMPLEMENTS = re.compile(r"贯彻(?:执行|落实|实施)*(?:好|了)?[《〈<]([^》〉>]{4,120})[》〉>]")
OPENING = 600
"""Characters after the head in which a document says what it carries out."""
Found = tuple[str, str, str, str]
"""Kind, number, title and clause of a relation."""


def plain_number(number: str) -> str:
    """One form of a document's number: 某发[2023] 5 号 → 某发〔2023〕5号."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", number))
    return re.sub(r"[(\[【<]((?:19|20)\d\d)[)\]】>]", r"〔\1〕", text)[:80]


def plain_title(title: str) -> str:
    """One form of a title: no marks around it, one form of widths and of the marks inside."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", title)).strip("《》")
    return text.translate(str.maketrans("<>", "〈〉")).replace("《", "〈").replace("》", "〉")[:300]


# ---- found by the machine


def keep_found(document: PolicyDocument, reading: Document) -> None:
    """Write the relations that a reading gives. Part of keeping a document, in its transaction."""
    rows = [Relation(document=document, kind=k, number=n, title=t, clause=c) for k, n, t, c in _found(reading)]
    Relation.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def _found(reading: Document) -> Iterator[Found]:
    shorts = {plain_title(alias.short) for alias in reading.aliases}
    own = plain_title(reading.head.title or "")
    carried = {plain_title(t) for t in IMPLEMENTS.findall(reading.head.title or "")}
    start = reading.head.spans.get("title", (0, 0))[1]
    carried |= {plain_title(t) for t in IMPLEMENTS.findall(reading.text[start : start + OPENING])}
    numbered: set[str] = set()
    for citation in reading.citations:
        title = plain_title(citation.title or "")
        kind = Relation.Kind.IMPLEMENTS if title and title in carried else Relation.Kind.CITES
        numbered.add(title)
        yield kind, plain_number(citation.number), title, citation.clause[:60]
    for cited in dict.fromkeys(map(plain_title, reading.cited_titles)):
        if cited and cited not in shorts and cited != own and cited not in numbered:
            yield (Relation.Kind.IMPLEMENTS if cited in carried else Relation.Kind.CITES), "", cited, ""
    for title in sorted(carried - shorts - numbered - {own, *map(plain_title, reading.cited_titles)}):
        yield Relation.Kind.IMPLEMENTS, "", title, ""


def follow_citations(document: PolicyDocument) -> None:
    """After a person changed a citation: the relations by number that the machine found say what the facts say now."""
    said_now: dict[str, Mapping[str, Any]] = {}
    for fact in Fact.objects.filter(document=document, kind=Fact.Kind.CITATION).exclude(decision=Fact.Decision.DROPPED):
        if number := plain_number(fact.value.get("number") or ""):
            said_now.setdefault(number, fact.value)
    machine = Relation.objects.filter(document=document, said_by=None).exclude(number="")
    machine.exclude(number__in=said_now).delete()
    kept = set(Relation.objects.filter(document=document, number__in=said_now).values_list("number", flat=True))
    for number, value in said_now.items():
        if number not in kept:
            row = Relation(document=document, kind=Relation.Kind.CITES, number=number, title=plain_title(value.get("title") or ""))
            row.clause = (value.get("clause") or "")[:60]
            row.save(force_insert=True)
    link(document)


# ---- linked when both are kept


def link(document: PolicyDocument) -> int:
    """Tie what this document cites to the documents kept here or above, and what others cite to this one."""
    count = _tie(Relation.objects.filter(document=document, target=None, said_by=None), _kept_for(document))
    lo, hi = subtree(document.region)
    below = Relation.objects.filter(target=None, document__region__path__gte=lo, document__region__path__lt=hi).exclude(document=document)
    number = plain_number(document.number)
    waiting = below.filter(Q(number=number) | Q(number="") if number else Q(number=""))
    return count + _tie(waiting, [document])


def _kept_for(document: PolicyDocument) -> list[PolicyDocument]:
    """The documents a document may mean: of its own place and those above, the nearest last so that it wins."""
    kept = PolicyDocument.objects.filter(region__path__in=ancestry(document.region)).exclude(pk=document.pk)
    return list(kept.only("pk", "number", "title", "region").order_by("region__depth", "pk"))


def _tie(waiting: Iterable[Relation], kept: Iterable[PolicyDocument]) -> int:
    by_number = {plain_number(d.number): d for d in kept if d.number}
    by_title = {plain_title(d.title): d for d in kept}
    tied = []
    for relation in waiting:
        found = by_number.get(relation.number) if relation.number else by_title.get(plain_title(relation.title))
        if found is not None:
            relation.target = found
            tied.append(relation)
    return Relation.objects.bulk_update(tied, ["target"], batch_size=500) if tied else 0


# ---- said by a person


@transaction.atomic
def say(*, document_id: int, kind: str, acting_user: User, target: PolicyDocument | None = None, number: str = "", title: str = "") -> Relation | Refusal:
    """Say what a document has to do with another: one kept here (``target``), or one named by number or title."""
    hands = of_hands(document_id, acting_user)
    if isinstance(hands, Refusal):
        return hands
    number, title = plain_number(target.number if target else number), plain_title(target.title if target else title)
    if kind not in Relation.Kind.values:
        return blank("kind", "关系", "请从列表中选择")
    if not number and not title:
        return blank("title", "文件", "请选择已保存的文件，或者填写文号、标题")
    if target is not None and target.pk == hands.document.pk:
        return blank("target", "文件", "不能与自身建立关系")
    row, new = Relation.objects.get_or_create(
        document=hands.document, kind=kind, number=number, title=title, defaults={"target": target, "said_by": acting_user, "said_at": clock.now()}
    )
    if not new:
        return Refusal("already", f"已经写明“{row.get_kind_display()}”这份文件，不需要再写", fields={"title": "已经写明"})
    link(hands.document)
    said("relate_documents", hands, {"kind": kind, "number": number, "title": title, "target": target.pk if target else None})
    return Relation.objects.get(pk=row.pk)


@transaction.atomic
def unsay(*, relation_id: int, acting_user: User) -> PolicyDocument | Refusal:
    """Take a relation away that does not hold. It stays in the audit chain."""
    relation = Relation.objects.filter(pk=relation_id).first()
    if relation is None:
        return not_there()
    hands = of_hands(relation.document_id, acting_user)
    if isinstance(hands, Refusal):
        return hands
    relation.delete()
    said("unrelate_documents", hands, {"kind": relation.kind, "number": relation.number, "title": relation.title, "machine": relation.said_by_id is None})
    return hands.document
