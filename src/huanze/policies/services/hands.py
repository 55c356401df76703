"""Who may work on a document kept by a place, and the row they work on, locked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from huanze.audit.services import record
from huanze.orgs.models import Holding, Organisation, User
from huanze.orgs.selectors import posts_of
from huanze.policies.models import PolicyDocument
from huanze.rules.verdicts import Refusal


@dataclass(frozen=True, slots=True)
class Hands:
    """A document in the hands of a person, who acts by a post."""

    document: PolicyDocument
    user: User
    holding: Holding


def not_there() -> Refusal:
    return Refusal("not_found", "没有这份文件，请刷新后再办")


def blank(field: str, label: str, why: str) -> Refusal:
    return Refusal("inputs", f"{label}：{why}", fields={field: why})


def hat_for(user: User, document: PolicyDocument) -> Holding | None:
    """The post by which a person may work on a document: one in the unit that keeps it, or in the office of its place."""
    return next((h for h in posts_of(user) if _works_on(h.post.organisation, document)), None)


def _works_on(unit: Organisation, document: PolicyDocument) -> bool:
    office = unit.kind == Organisation.Kind.COMMISSION_OFFICE and unit.region_id == document.region_id
    return unit.pk == document.kept_by_id or office


def of_hands(document_id: int, user: User, *, with_text: bool = False) -> Hands | Refusal:
    """Lock a document for a person who may work on it. In the caller's transaction."""
    found = PolicyDocument.objects.select_for_update(of=("self",)).select_related("region", "kept_by")
    document = (found if with_text else found.defer("text")).filter(pk=document_id).first()
    if document is None:
        return not_there()
    holding = hat_for(user, document)
    if holding is None:
        return Refusal("wrong_actor", f"本文件由保存它的{document.kept_by}和{document.region}整改办的人员审阅，您只能查看")
    return Hands(document, user, holding)


def reason_given(why: str, label: str = "理由", most: int = 300) -> Refusal | None:
    if 0 < len(why.strip()) <= most:
        return None
    text = f"请填写，不超过{most}字"
    return Refusal("inputs", f"{label}：{text}", fields={"why": text})


def said(action: str, hands: Hands, payload: Mapping[str, Any]) -> None:
    """Write an act on a document into the chain; the last thing a service does."""
    user = hands.user
    record(
        action=f"policies.{action}", object_type="policydocument", object_id=hands.document.pk, actor=user.username, actor_name=user.name,
        hat=str(hands.holding.post), payload=payload,
    )  # fmt: skip
