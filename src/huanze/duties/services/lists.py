"""Making a version of a department's list: begun, its items written, or withdrawn. Only while it is a draft (A1).

A version that was published never changes, nor do its items; the next one begins as a copy of it, item by item, each
keeping its ``lineage``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from huanze.audit.services import record
from huanze.base import clock
from huanze.duties.models import Item, ItemList, ItemUnit, ListVersion
from huanze.duties.models.lists import Relation
from huanze.duties.selectors.lists import MAKING, SUBJECT, offered
from huanze.duties.selectors.scope import MAKES_LISTS
from huanze.duties.subjects import classify, names
from huanze.notices.services import cancel
from huanze.orgs.models import Holding, Organisation, Post, User
from huanze.orgs.selectors import holds
from huanze.policies import selectors as policies
from huanze.policies.models import Adoption, PolicyDocument
from huanze.rules.packs.schema import Item as PackItem
from huanze.rules.verdicts import Refusal

OFFSET = 1_000_000
"""Numbers are moved out of the way before they are given anew, for no two items of a version may share one."""
State = ListVersion.State
OTHERS: Mapping[str, str] = {Relation.LEAD: Relation.ASSIST, Relation.JOINT_LEAD: Relation.JOINT_LEAD, Relation.ASSIST: Relation.LEAD, Relation.JOIN: Relation.LEAD}
"""What the others in an item are when the document names them beside the department: who assists, assists a lead."""


@dataclass(frozen=True, slots=True)
class Other:
    """Another unit in an item: an organisation of the place, or the document's words for units; ``what``: its part."""

    relation: str
    organisation: Organisation | None = None
    name: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """What an item says. ``fields`` empty: the topics are read from the text."""

    text: str
    relation: str
    basis: str
    clause: str
    text_says: str = ""
    fields: Sequence[str] = ()
    units: Sequence[Other] = ()


# ---- a version begun or withdrawn


@transaction.atomic
def start(
    *, organisation: Organisation, acting_user: User, from_pack: bool = True, reason: str = "", document: PolicyDocument | None = None
) -> ListVersion | Refusal:
    """Begin a draft: a copy of the version in force; the first one from the pack's own items for this department.

    With ``from_pack`` false the first draft is empty. The chain is that of the rules in force today, for good.
    """
    hat = holds(acting_user, organisations=[organisation.pk], ranks=list(Post.Rank))
    if hat is None:
        return Refusal("wrong_actor", f"{organisation}的清单由本部门编制，请与其联络员联系")
    if organisation.kind not in MAKES_LISTS or not organisation.active:
        return Refusal("wrong_state", f"{organisation}不是编制具体事项清单的部门，或者已停用")
    adoption = policies.pack_for(organisation.region, clock.today())
    if adoption is None:
        return Refusal("no_rule", f"{organisation.region}还没有施行任何规则，不能编制清单，请先由整改办等主要负责人决定施行")
    held, _ = ItemList.objects.get_or_create(organisation=organisation, defaults={"region": organisation.region})
    held = ItemList.objects.select_for_update().get(pk=held.pk)
    if (open_one := held.versions.filter(state__in=MAKING).first()) is not None:
        return Refusal("already", f"第{open_one.number}版正在{open_one.get_state_display()}，请先办完或者撤回")
    last = held.versions.filter(state=State.PUBLISHED, until_day=None).first()
    number = (held.versions.aggregate(top=Max("number"))["top"] or 0) + 1
    version = ListVersion.objects.create(
        item_list=held, number=number, adoption=adoption, based_on=last, document=document, reason=reason.strip()[:300],
        page_url=last.page_url if last else "", made_by=acting_user,
    )  # fmt: skip
    copied = _copy(last, version) if last else _offer(adoption, version, organisation) if from_pack else 0
    write_down("start", version, acting_user, hat, {"based_on": last.number if last else None, "items": copied, "reason": version.reason})
    return version


@transaction.atomic
def withdraw(*, version: ListVersion, reason: str, acting_user: User) -> ListVersion | Refusal:
    """Give up a version that was not published. It stays on record with its history."""
    locked = lock(version.pk)
    hat = holds(acting_user, organisations=[locked.item_list.organisation_id], ranks=[Post.Rank.HEAD, Post.Rank.DEPUTY])
    if hat is None:
        return Refusal("wrong_actor", f"撤回由{locked.item_list.organisation}负责人办理")
    if locked.state not in MAKING:
        return Refusal("wrong_state", f"第{locked.number}版{locked.get_state_display()}，不能撤回")
    if not reason.strip():
        return Refusal("inputs", "请填写撤回的原因", fields={"reason": "请填写撤回的原因"})
    locked.state, locked.reason = State.WITHDRAWN, reason.strip()[:300]
    locked.save(update_fields=["state", "reason"])
    cancel(subject_type=SUBJECT, subject_id=locked.pk, why="已撤回")
    write_down("withdraw", locked, acting_user, hat, {"reason": locked.reason})
    return locked


# ---- items


@transaction.atomic
def add_item(*, version: ListVersion, wording: Wording, acting_user: User) -> Item | Refusal:
    """Put a new item at the end of a draft."""
    found = _draft(version.pk, acting_user)
    if isinstance(found, Refusal):
        return found
    locked, hat = found
    if (wrong := _wrong(wording)) is not None:
        return wrong
    top = locked.items.aggregate(top=Max("no"))["top"] or 0
    item = Item(version=locked, no=top + 1)
    _write(item, wording)
    write_down("add_item", locked, acting_user, hat, {"no": item.no, "text": item.text, "relation": item.relation})
    return item


@transaction.atomic
def change_item(*, item: Item, wording: Wording, acting_user: User) -> Item | Refusal:
    """Write an item of a draft anew, its other units included; it stays the same item (``lineage``)."""
    found = _draft(item.version_id, acting_user)
    if isinstance(found, Refusal):
        return found
    locked, hat = found
    current = locked.items.filter(pk=item.pk).first()
    if current is None:
        return Refusal("not_found", "该事项已删除，请刷新页面")
    if (wrong := _wrong(wording)) is not None:
        return wrong
    before = {"text": current.text, "relation": current.relation}
    _write(current, wording)
    after = {"text": current.text, "relation": current.relation}
    write_down("change_item", locked, acting_user, hat, {"no": current.no, "before": before, "after": after})
    return current


@transaction.atomic
def remove_item(*, item: Item, acting_user: User) -> ListVersion | Refusal:
    """Take an item out of a draft; those after it move up."""
    found = _draft(item.version_id, acting_user)
    if isinstance(found, Refusal):
        return found
    locked, hat = found
    current = locked.items.filter(pk=item.pk).first()
    if current is None:
        return Refusal("not_found", "该事项已删除，请刷新页面")
    said = {"no": current.no, "text": current.text}
    current.delete()
    _renumber(locked, list(locked.items.order_by("no")))
    write_down("remove_item", locked, acting_user, hat, said)
    return locked


@transaction.atomic
def move_item(*, item: Item, to: int, acting_user: User) -> ListVersion | Refusal:
    """Give an item of a draft the number ``to``; the others make room."""
    found = _draft(item.version_id, acting_user)
    if isinstance(found, Refusal):
        return found
    locked, hat = found
    order = list(locked.items.order_by("no"))
    current = next((row for row in order if row.pk == item.pk), None)
    if current is None or not 1 <= to <= len(order):
        return Refusal("inputs", f"序号应在1至{len(order)}之间，请刷新页面后再试")
    said = {"from": current.no, "to": to, "text": current.text}
    order.remove(current)
    order.insert(to - 1, current)
    _renumber(locked, order)
    write_down("move_item", locked, acting_user, hat, said)
    return locked


# ---- shared with the other modules of the slice


def lock(version_id: int) -> ListVersion:
    """The version under lock, with its list and department."""
    rows = ListVersion.objects.select_for_update(of=("self",)).select_related("item_list__organisation__region", "item_list__region", "adoption__pack")
    return rows.defer("adoption__pack__content").get(pk=version_id)


def write_down(action: str, version: ListVersion, user: User, hat: Holding, payload: Mapping[str, Any]) -> None:
    """The audit entry of one act on a version."""
    said = {"organisation": version.item_list.organisation_id, "number": version.number, **payload}
    record(
        action=f"lists.{action}", object_type=SUBJECT, object_id=version.pk, actor=user.username, actor_name=user.name, hat=str(hat.post),
        payload=said,
    )  # fmt: skip


def url_of(version: ListVersion) -> str:
    return f"/duties/versions/{version.pk}/"


# ---- inside


def _draft(version_id: int, user: User) -> tuple[ListVersion, Holding] | Refusal:
    locked = lock(version_id)
    hat = holds(user, organisations=[locked.item_list.organisation_id], ranks=list(Post.Rank))
    if hat is None:
        return Refusal("wrong_actor", f"清单由{locked.item_list.organisation}的人员编制")
    if locked.state == State.PUBLISHED:
        return Refusal("wrong_state", f"第{locked.number}版已公开，不得改动；需要调整的，请编制新的一版")
    if locked.state != State.DRAFT:
        return Refusal("wrong_state", f"第{locked.number}版{locked.get_state_display()}，退回后才能修改")
    return locked, hat


def _wrong(wording: Wording) -> Refusal | None:
    wrong: dict[str, str] = {}
    for name, value, limit, label in (
        ("text", wording.text, 500, "事项"), ("basis", wording.basis, 200, "依据文件"), ("clause", wording.clause, 60, "依据条款"),
    ):  # fmt: skip
        if not value.strip():
            wrong[name] = f"请填写{label}"
        elif len(value.strip()) > limit:
            wrong[name] = f"{label}最多{limit}个字"
    if wording.relation not in Relation.values:
        wrong["relation"] = "请选择牵头、会同牵头、配合或者参与"
    if unknown := set(wording.fields) - set(names()):
        wrong["fields"] = f"没有“{'、'.join(sorted(unknown))}”这个领域"
    for unit in wording.units:
        if unit.relation not in Relation.values or not (unit.organisation or unit.name.strip()):
            wrong["units"] = "其他单位：每一行都要选择单位（或者写明文件用语）和关系"
    return Refusal("inputs", "；".join(wrong.values()), fields=wrong) if wrong else None


def _write(item: Item, wording: Wording) -> None:
    item.text, item.relation, item.text_says = wording.text.strip(), wording.relation, wording.text_says.strip()[:60]
    item.basis, item.clause = wording.basis.strip(), wording.clause.strip()
    item.fields = list(wording.fields) or classify(item.text)
    item.save()
    item.units.all().delete()
    ItemUnit.objects.bulk_create(_unit(item, unit) for unit in wording.units)


def _unit(item: Item, unit: Other) -> ItemUnit:
    return ItemUnit(item=item, organisation=unit.organisation, name=unit.name.strip()[:120], relation=unit.relation, what=unit.what.strip()[:200])


def _renumber(version: ListVersion, order: Sequence[Item]) -> None:
    version.items.update(no=F("no") + OFFSET)
    for no, item in enumerate(order, start=1):
        item.no = no
    Item.objects.bulk_update(order, ["no"])


def _copy(old: ListVersion, new: ListVersion) -> int:
    """Every item with its units and its lineage."""
    items = list(old.items.prefetch_related("units__organisation").order_by("no"))
    kept = ("lineage", "no", "text", "relation", "text_says", "basis", "clause", "fields")
    made = Item.objects.bulk_create(Item(version=new, **{name: getattr(item, name) for name in kept}) for item in items)
    pairs = zip(items, made, strict=True)
    ItemUnit.objects.bulk_create(
        ItemUnit(item=copy, organisation=unit.organisation, name=unit.name, relation=unit.relation, what=unit.what)
        for item, copy in pairs
        for unit in item.units.all()
    )
    return len(made)


def _offer(adoption: Adoption, version: ListVersion, unit: Organisation) -> int:
    """The items that the document in force lists for this department, as the draft to begin with."""
    offer = offered(unit, adoption)
    basis = f"{offer.document.title}（{offer.document.number}）" if offer.document.number else offer.document.title
    for no, item in enumerate(offer.items, start=1):
        units = [*_named(item, offer.meant), *(Other(part.relation, unit, what=part.what) for part in item.also)]
        _write(Item(version=version, no=no), Wording(item.title, item.relation, basis[:200], item.clause, item.text_says, units=units))
    return len(offer.items)


def _named(item: PackItem, meant: Mapping[str, Sequence[Organisation]]) -> list[Other]:
    """The document's co-units: the one organisation that a name means here beside the words; words for several stand alone."""
    relation = OTHERS[item.relation]
    return [Other(relation, meant[name][0] if len(meant[name]) == 1 else None, name) for name in item.co_units]

