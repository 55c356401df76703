"""Saying who a document's words mean in a place, and taking it back."""

from __future__ import annotations

from django.db import transaction

from huanze.audit.services import record
from huanze.orgs.models import Holding, Organisation, Post, Region, User
from huanze.orgs.selectors import ancestry, posts_of, subtree
from huanze.policies.models import Naming
from huanze.rules import names as words
from huanze.rules.verdicts import Refusal

LONGEST = words.LONGEST


def may_name(user: User, region: Region) -> Holding | None:
    """The holding by which a person may say who is meant in a place: liaison or head of its office, or of one above."""
    above = set(ancestry(region))
    return next(
        (
            h
            for h in posts_of(user)
            if h.post.organisation.kind == Organisation.Kind.COMMISSION_OFFICE
            and h.post.rank in {Post.Rank.LIAISON, Post.Rank.HEAD}
            and h.post.organisation.region.path in above
        ),
        None,
    )


@transaction.atomic
def name_unit(*, region: Region, name: str, organisation: Organisation | None = None, kind: str = "", acting_user: User) -> Naming | Refusal:
    """Say that ``name`` means one organisation of the place, or all of a kind there. A name may be given several."""
    holding = may_name(acting_user, region)
    if holding is None:
        return Refusal("not_allowed", "只有本级或者上级整改办的经办人、主要负责人可以认定文件用语指哪个单位")
    # The place is locked, so that two who say the same at once do not both say it.
    Region.objects.select_for_update().get(pk=region.pk)
    name = name.strip()
    if (wrong := _wrong(region, name, organisation, kind)) is not None:
        return wrong
    if Naming.objects.filter(region=region, name=name, organisation=organisation, kind=kind).exists():
        return Refusal("nothing_new", f"“{name}”已经这样认定过，不需要再认定", fields={"organisation": "已经这样认定过"})
    made = Naming.objects.create(region=region, name=name, organisation=organisation, kind=kind, decided_by=acting_user)
    _record("name_unit", made, acting_user, holding)
    return made


def _wrong(region: Region, name: str, organisation: Organisation | None, kind: str) -> Refusal | None:
    if not name or len(name) > LONGEST:
        return Refusal("invalid", f"请写明文件用语，不超过{LONGEST}字", fields={"name": f"请写明文件用语，不超过{LONGEST}字"})
    if bool(organisation) == bool(kind) or (kind and kind not in Organisation.Kind.values):
        text = "请选定一个单位，或者选定一类单位，二者选一"
        return Refusal("invalid", text, fields={"organisation": text})
    if organisation is not None:
        lo, hi = subtree(region)
        path = organisation.region.path
        if not organisation.active or not (lo <= path < hi or path in ancestry(region)):
            text = f"{organisation.name}不是本地或者上级在用的单位"
            return Refusal("invalid", text, fields={"organisation": text})
    return None


@transaction.atomic
def withdraw(*, naming: Naming, acting_user: User) -> Naming | Refusal:
    """Take a naming back. What was opened under it stays where it is."""
    row = Naming.objects.select_for_update(of=("self",)).select_related("region", "organisation").filter(pk=naming.pk).first()
    if row is None:
        return Refusal("gone", "这条认定已被撤回")
    holding = may_name(acting_user, row.region)
    if holding is None:
        return Refusal("not_allowed", "只有本级或者上级整改办的经办人、主要负责人可以撤回认定")
    _record("withdraw_naming", row, acting_user, holding)
    row.delete()
    return row


def _record(action: str, row: Naming, acting_user: User, holding: Holding) -> None:
    payload = {"region": row.region.name, "name": row.name, "organisation": row.organisation.name if row.organisation else "", "kind": row.kind}
    record(
        action=f"policies.{action}", object_type="naming", object_id=row.pk, actor=acting_user.username, actor_name=acting_user.name,
        hat=str(holding.post), payload=payload,
    )  # fmt: skip
