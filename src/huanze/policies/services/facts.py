"""What a person decides about each fact: accept, correct, drop, add. The machine's reading is never written over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from huanze.base import clock
from huanze.orgs.models import User
from huanze.policies import shapes
from huanze.policies.models import Fact, PolicyDocument
from huanze.policies.services import relations
from huanze.policies.services.documents import take_head
from huanze.policies.services.hands import Hands, blank, not_there, of_hands, reason_given, said
from huanze.policies.words import words
from huanze.rules.verdicts import Refusal

Decision = Fact.Decision
PLACES = {"引言", "尾部", "版记", "附件注"}
"""Names the reader gives to what stands in no clause."""
FAR = 2**30
"""Beyond the order of any fact, so that rows can be moved out of each other's way."""
SIGNS = ((r"第.+章$", "章"), (r"第.+节$", "节"), (r"第.+条$", "条"), (r"\([一二三四五六七八九十百]+\)$", "(一)"), (r"[一二三四五六七八九十百]+$", "一"), (r"\(\d+\)$", "(1)"), (r"\d+$", "1"))


@transaction.atomic
def accept(*, fact_id: int, acting_user: User) -> Fact | Refusal:
    """The machine read it right."""
    found = _of(fact_id, acting_user)
    if isinstance(found, Refusal):
        return found
    fact, hands = found
    if fact.decision not in (Decision.OPEN, Decision.DROPPED):
        return Refusal("wrong_state", f"这一项已经{fact.get_decision_display()}，不需要再采纳")
    if fact.machine is None:
        return _decide(fact, hands, Decision.ADDED, fact.value, "")
    return _decide(fact, hands, Decision.ACCEPTED, fact.machine, "")


@transaction.atomic
def correct(*, fact_id: int, value: Mapping[str, Any], acting_user: User, why: str = "") -> Fact | Refusal:
    """The machine read it wrong; ``value`` is the whole of what holds. A value equal to the machine's is an acceptance."""
    found = _of(fact_id, acting_user)
    if isinstance(found, Refusal):
        return found
    fact, hands = found
    new = dict(value)
    for refusal in (_wrong(hands.document, fact.kind, new, known=fact.machine or {}), _too_long(why)):
        if refusal is not None:
            return refusal
    if fact.machine is None:
        return _decide(fact, hands, Decision.ADDED, new, why)
    return _decide(fact, hands, Decision.ACCEPTED if new == fact.machine else Decision.CORRECTED, new, why)


@transaction.atomic
def drop(*, fact_id: int, why: str, acting_user: User) -> Fact | Refusal:
    """It is no fact of this document. Nothing is deleted; the reason stands beside it."""
    found = _of(fact_id, acting_user)
    if isinstance(found, Refusal):
        return found
    fact, hands = found
    if fact.kind == Fact.Kind.HEAD and "title" in fact.value:
        return Refusal("wrong_state", "文件不能没有标题；标题读错的，请更正")
    if (refusal := reason_given(why, "剔除的理由")) is not None:
        return refusal
    return _decide(fact, hands, Decision.DROPPED, fact.value, why)


@transaction.atomic
def reopen(*, fact_id: int, acting_user: User) -> Fact | Refusal:
    """Back to how the machine read it, undecided. What a person added comes back as it was added."""
    found = _of(fact_id, acting_user)
    if isinstance(found, Refusal):
        return found
    fact, hands = found
    if fact.machine is None:
        if fact.decision != Decision.DROPPED:
            return Refusal("wrong_state", "这一项是人工补充的，可以更正或者剔除")
        return _decide(fact, hands, Decision.ADDED, fact.value, "")
    if fact.decision == Decision.OPEN:
        return Refusal("wrong_state", "这一项还没有处理")
    return _decide(fact, hands, Decision.OPEN, fact.machine, "")


@transaction.atomic
def add(*, document_id: int, kind: str, start: int, end: int, value: Mapping[str, Any], acting_user: User) -> Fact | Refusal:
    """Add what the machine missed, at its place in the text; the head has ``settle_head``."""
    hands = _reviewing(document_id, acting_user, with_text=True)
    if isinstance(hands, Refusal):
        return hands
    document = hands.document
    if kind not in Fact.Kind.values or kind == Fact.Kind.HEAD:
        return blank("kind", "类别", "请从列表中选择；标题、文号等在文件头中填写")
    if not 0 <= start < end <= len(document.text):
        return blank("quote", "原文", "正文中没有这段文字，请照抄正文，或者在正文中选取")
    new = _whole(kind, dict(value), document.text[start:end])
    if "clause" in new and not new["clause"]:
        new["clause"] = clause_at(document, start)
    if (refusal := _wrong(document, kind, new, known={})) is not None:
        return refusal
    fact = Fact(document=document, kind=kind, start=start, end=end, machine=None, value=new, order=_make_room(document, start))
    return _decide(fact, hands, Decision.ADDED, new, "")


@transaction.atomic
def accept_all_sure(*, document_id: int, acting_user: User) -> int | Refusal:
    """Accept every open fact that the reader did not doubt. Returns how many; doubtful ones stay open."""
    hands = _reviewing(document_id, acting_user)
    if isinstance(hands, Refusal):
        return hands
    count = hands.document.facts.filter(decision=Decision.OPEN, doubtful=False).update(
        decision=Decision.ACCEPTED, decided_by=acting_user, decided_at=clock.now()
    )
    if count == 0:
        return Refusal("not_ready", "没有可以一并采纳的：其余各项存疑或者已经处理，请逐项审定")
    said("accept_sure_facts", hands, {"count": count})
    return count


@transaction.atomic
def settle_head(*, document_id: int, head: Mapping[str, Any], acting_user: User) -> PolicyDocument | Refusal:
    """Decide the whole head at once: what was left is accepted, changed corrected, filled in added, emptied dropped."""
    hands = _reviewing(document_id, acting_user)
    if isinstance(hands, Refusal):
        return hands
    document = hands.document
    if (refusal := _wrong(document, Fact.Kind.HEAD, head, known={})) is not None:
        return refusal
    mine = {next(iter(fact.value)): fact for fact in document.facts.filter(kind=Fact.Kind.HEAD)}
    for key, value in head.items():
        _settle(hands, key, value, mine.get(key))
    return document


def _settle(hands: Hands, key: str, value: Any, fact: Fact | None) -> None:
    if fact is None:
        if value not in (None, "", []):
            fact = Fact(document=hands.document, kind=Fact.Kind.HEAD, start=0, end=0, machine=None, order=_make_room(hands.document, 0))
            _decide(fact, hands, Decision.ADDED, {key: value}, "")
        return
    if value in (None, "", []):
        if fact.decision != Decision.DROPPED:
            _decide(fact, hands, Decision.DROPPED, fact.value, "文件上没有")
        return
    decision = Decision.ADDED if fact.machine is None else Decision.ACCEPTED if fact.machine == {key: value} else Decision.CORRECTED
    if (decision, {key: value}) != (fact.decision, fact.value):
        _decide(fact, hands, decision, {key: value}, "")


def clause_at(document: PolicyDocument, offset: int) -> str:
    """The clause an offset stands in, by the clauses that hold; 引言 before the first."""
    before = document.facts.filter(kind=Fact.Kind.CLAUSE, start__lte=offset).exclude(decision=Decision.DROPPED).order_by("-start", "-order")
    return before.values_list("clause", flat=True).first() or "引言"


# ---- what they share


def _reviewing(document_id: int, user: User, *, with_text: bool = False) -> Hands | Refusal:
    hands = of_hands(document_id, user, with_text=with_text)
    if not isinstance(hands, Refusal) and hands.document.stage == PolicyDocument.Stage.ACCEPTED:
        return Refusal("wrong_state", "本文件已经审定，不能再改；需要改动的，请先退回审阅")
    return hands


def _of(fact_id: int, user: User) -> tuple[Fact, Hands] | Refusal:
    """The fact with its document locked."""
    document_id = Fact.objects.filter(pk=fact_id).values_list("document_id", flat=True).first()
    if document_id is None:
        return not_there()
    hands = _reviewing(document_id, user)
    return hands if isinstance(hands, Refusal) else (Fact.objects.get(pk=fact_id), hands)


def _too_long(why: str) -> Refusal | None:
    return reason_given(why, "说明") if why.strip() else None


def _wrong(document: PolicyDocument, kind: str, value: Mapping[str, Any], *, known: Mapping[str, Any]) -> Refusal | None:
    wrong = shapes.wrong(kind, value, known=known, clauses=_clauses(document))
    if kind == Fact.Kind.CLAUSE and value.get("id") != known.get("id") and value.get("id") in _clauses(document):
        wrong["id"] = "文件中已有这一条款号"
    if not wrong:
        return None
    labels = {field.name: field.label for field in shapes.FIELDS[kind]}
    return Refusal("inputs", "；".join(f"{labels.get(name, name)}：{why}" for name, why in wrong.items()), fields=wrong)


def _clauses(document: PolicyDocument) -> set[str]:
    """The clauses a fact may stand in: those read and not dropped, and the places that are none."""
    live = document.facts.filter(kind=Fact.Kind.CLAUSE).exclude(decision=Decision.DROPPED)
    return set(live.values_list("clause", flat=True)) | PLACES


def _decide(fact: Fact, hands: Hands, decision: Decision, value: Mapping[str, Any], why: str) -> Fact:
    """The one place where a decision on a fact is written."""
    before = fact.value if fact.pk else None
    fact.decision, fact.value, fact.why = decision, dict(value), why.strip()
    fact.clause = str(value.get("id" if fact.kind == Fact.Kind.CLAUSE else "clause") or fact.clause)[:60]
    fact.decided_by, fact.decided_at = (None, None) if decision == Decision.OPEN else (hands.user, clock.now())
    fact.save()
    if fact.kind == Fact.Kind.HEAD:
        _head_follows(hands.document)
    elif fact.kind == Fact.Kind.CITATION:
        relations.follow_citations(hands.document)
    payload = {"fact": fact.pk, "kind": fact.kind, "clause": fact.clause, "decision": decision.value, "value": words(fact.kind, fact.value)[:300]}
    said("decide_fact", hands, payload | ({"before": words(fact.kind, before)[:300]} if before and before != fact.value else {}) | ({"why": fact.why} if why else {}))
    return fact


def _head_follows(document: PolicyDocument) -> None:
    """The document is known by its head as decided so far, and is tied to others by it."""
    head: dict[str, Any] = {}
    for value in document.facts.filter(kind=Fact.Kind.HEAD).exclude(decision=Decision.DROPPED).values_list("value", flat=True):
        head |= value
    before = (document.title, document.number)
    take_head(document, head)
    document.save(update_fields=["title", "number", "date", "issuers"])
    if (document.title, document.number) != before:
        relations.link(document)


def _whole(kind: str, value: dict[str, Any], words_there: str) -> dict[str, Any]:
    """What an added fact carries besides what the person wrote, so that it has the shape of a machine's row."""
    if kind == Fact.Kind.RESPONSIBILITY:
        return {"segment": 0, "in_text": True} | value
    if kind in (Fact.Kind.OBLIGATION, Fact.Kind.THRESHOLD, Fact.Kind.DEDUCTION):
        return {"snippet": words_there[:300]} | value
    if kind == Fact.Kind.CLAUSE:
        last = str(value.get("id", "")).rpartition("/")[2]
        return {"sign": next((sign for pattern, sign in SIGNS if re.match(pattern, last)), ""), "number": 0} | value
    return value


def _make_room(document: PolicyDocument, start: int) -> int:
    """The order of a new fact at an offset: after all that begin there or before; the rest moves up by one."""
    at = document.facts.filter(start__lte=start).order_by("-order").values_list("order", flat=True).first() or 0
    later = document.facts.filter(order__gt=at)
    # In two steps, since a row moved by one would meet the next, which has not moved yet.
    later.update(order=F("order") + FAR)
    document.facts.filter(order__gt=FAR).update(order=F("order") - FAR + 1)
    return at + 1
