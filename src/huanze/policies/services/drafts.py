"""A pack drafted from the accepted facts of a document: one person submits it, another passes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from huanze.audit.services import record
from huanze.base import clock
from huanze.notices.services import cancel, notify
from huanze.orgs.models import Holding, Post, Region, User
from huanze.orgs.selectors import holders_of, office_of, organisations_in
from huanze.policies.models import Fact, PackDraft, PackVersion, PolicyDocument
from huanze.policies.selectors.documents import accepted
from huanze.policies.selectors.drafts import (
    DECIDES,
    checked,
    drafting_holding,
    parent_pack,
    reviewing_holding,
)
from huanze.policies.selectors.packs import text_hash
from huanze.rules.packs import drafting, loader
from huanze.rules.packs.parts import Level
from huanze.rules.packs.reading import PackError
from huanze.rules.packs.schema import Pack
from huanze.rules.verdicts import Refusal

CODE: Final = re.compile(r"[a-z]{2,8}")
LONGEST: Final = 200_000
TOO_LONG: Final = "规则包不能超过二十万字，请按文件的部分分别拟定"
LONGEST_OPINION: Final = 500
LEVELS: Final[Mapping[str, Level]] = {"nation": "national", "province": "province", "city": "city"}
"""The pack level of a region's level; counties, towns and parks are ``county``."""

State = PackDraft.State
OPEN: Final = (State.DRAFT, State.RETURNED)
ONLY_OFFICE: Final = "只有本级或者上级整改办的人员可以拟定规则包"


@transaction.atomic
def make(*, document: PolicyDocument, code: str, parent: str, acting_user: User) -> PackDraft | Refusal:
    """Draft a pack from the accepted facts of a document that has been settled. By people of the place's office."""
    region = document.region
    holding = drafting_holding(acting_user, region)
    if holding is None:
        return Refusal("not_allowed", ONLY_OFFICE)
    if document.stage != PolicyDocument.Stage.ACCEPTED:
        return Refusal("not_ready", "文件还没有审定，请先逐条处理读出的事实并审定")
    if not CODE.fullmatch(code):
        text = "代码用2至8个小写英文字母，如 qh"
        return Refusal("invalid", text, fields={"code": text})
    if (wrong := _wrong_parent(code, parent, region)) is not None:
        return wrong
    drafted = drafting.draft(
        head=_head(document), facts=_facts(document), code=code, level=LEVELS.get(region.level, "county"), parent=parent or None,
        version=document.date or clock.today(), over=parent_pack(parent, region) if parent else None,
    )  # fmt: skip
    if len(drafted.text) > LONGEST:
        return Refusal("too_long", TOO_LONG)
    made = PackDraft.objects.create(
        document=document, code=code, parent=parent, machine=drafted.text, text=drafted.text, made_by=acting_user,
        notes=[{"clause": note.clause, "text": note.text} for note in drafted.notes],
    )  # fmt: skip
    _record("make_draft", made, acting_user, holding, {"document": document.pk, "code": code, "parent": parent, "notes": len(drafted.notes)})
    return made


def _wrong_parent(code: str, parent: str, region: Region) -> Refusal | None:
    if not parent:
        return None
    text = "上级规则包不能是自己" if parent == code else ""
    try:
        parent_pack(parent, region)
    except PackError as error:
        text = text or error.problems[0]
    return Refusal("invalid", text, fields={"parent": text}) if text else None


def _head(document: PolicyDocument) -> drafting.Head:
    return drafting.Head(title=document.title, number=document.number or None, date=document.date, issuers=tuple(document.issuers))


def _facts(document: PolicyDocument) -> list[drafting.Found]:
    held = (f for f in accepted(document) if f.kind != Fact.Kind.HEAD)
    return [drafting.Found(kind=f.kind, clause=f.clause, value=f.value, start=f.start, end=f.end) for f in held]


@transaction.atomic
def edit(*, draft: PackDraft, text: str, seen: str, acting_user: User) -> PackDraft | Refusal:
    """Save what a person made of a draft, fit or not. ``seen`` is the SHA-256 of the text the person began from."""
    row = _locked(draft)
    holding = drafting_holding(acting_user, row.document.region)
    if holding is None:
        return Refusal("not_allowed", ONLY_OFFICE)
    if row.state not in OPEN:
        return Refusal("wrong_state", f"规则包{row.get_state_display()}，不能修改")
    text = text.replace("\r\n", "\n")
    if len(text) > LONGEST:
        return Refusal("too_long", TOO_LONG, fields={"text": TOO_LONG})
    if "\x00" in text:
        return Refusal("invalid", "规则包里有不能保存的字符（空字符），请删去", fields={"text": "有不能保存的字符（空字符），请删去"})
    if seen != text_hash(row.text):
        reason = "这份规则包在您打开之后被另一位同事改过，您的修改没有保存。请把您的文字另存，打开最新的一稿对照后再改"
        return Refusal("stale", reason, fields={"text": reason})
    if text != row.text:
        before, row.text = text_hash(row.text), text
        row.save(update_fields=["text"])
        _record("edit_draft", row, acting_user, holding, {"before": before, "after": text_hash(text)})
    return row


@transaction.atomic
def submit(*, draft: PackDraft, acting_user: User) -> PackDraft | Refusal:
    """Hand a fit draft to a second person."""
    row = _locked(draft)
    region = row.document.region
    holding = drafting_holding(acting_user, region)
    if holding is None:
        return Refusal("not_allowed", ONLY_OFFICE)
    if row.state not in OPEN:
        return Refusal("wrong_state", f"规则包{row.get_state_display()}，不需要再送审")
    # Locked, so that nobody takes the document back into review at this moment.
    document = PolicyDocument.objects.select_for_update().only("stage").get(pk=row.document_id)
    if document.stage != PolicyDocument.Stage.ACCEPTED:
        return Refusal("not_ready", f"《{row.document.title}》已退回审阅，规则包所依据的事实可能改动，请重新审定文件以后再送审")
    made = _fit(row)
    if isinstance(made, Refusal):
        return made
    row.state, row.submitted_by, row.submitted_at = State.SUBMITTED, acting_user, clock.now()
    row.reviewed_by = row.reviewed_at = None
    row.save(update_fields=["state", "submitted_by", "submitted_at", "reviewed_by", "reviewed_at"])
    _tell(row, _reviewers(region) - {acting_user.pk}, "draft_submitted", f"《{row.document.title}》的规则包待您复核")
    _record("submit_draft", row, acting_user, holding, {"text": text_hash(row.text), "hash": loader.content_hash(made)})
    return row


@transaction.atomic
def send_back(*, draft: PackDraft, opinion: str, acting_user: User) -> PackDraft | Refusal:
    """Return a submitted draft for changes, saying which. By a second person."""
    ready = _reviewing(draft, opinion, acting_user)
    if isinstance(ready, Refusal):
        return ready
    row, holding = ready
    if not opinion.strip():
        return Refusal("invalid", "请写明退回的理由和需要修改的地方", fields={"opinion": "请写明退回的理由和需要修改的地方"})
    _reviewed(row, State.RETURNED, opinion, acting_user)
    _record("return_draft", row, acting_user, holding, {"text": text_hash(row.text), "opinion": row.opinion})
    return row


@transaction.atomic
def pass_(*, draft: PackDraft, opinion: str, acting_user: User) -> PackDraft | Refusal:
    """Pass a submitted draft: the pack is published as a version under its content hash. By a second person."""
    ready = _reviewing(draft, opinion, acting_user)
    if isinstance(ready, Refusal):
        return ready
    row, holding = ready
    made = _fit(row)
    if isinstance(made, Refusal):
        return made
    row.version, _ = PackVersion.objects.get_or_create(
        content_hash=loader.content_hash(made),
        defaults={"code": made.code, "version": made.version, "title": made.title[:200], "content": loader.to_json(made)},
    )
    _reviewed(row, State.PASSED, opinion, acting_user)
    _record("pass_draft", row, acting_user, holding, {"text": text_hash(row.text), "hash": row.version.content_hash, "opinion": row.opinion})
    return row


def _locked(draft: PackDraft) -> PackDraft:
    locked = PackDraft.objects.select_for_update(of=("self",)).select_related("document__region", "submitted_by", "made_by")
    return locked.get(pk=draft.pk)


def _fit(row: PackDraft) -> Pack | Refusal:
    """The pack of a draft if it is fit and says of itself what the draft says."""
    result = checked(row.text, row.document.region)
    if result.pack is None or result.faults:
        first = result.faults[0]
        where = f"第{first.line}行：" if first.line else ""
        reason = f"规则包有{len(result.faults)}处错误，改正后才能送审。{where}{first.words}"
        return Refusal("unfit", reason, fields={"text": reason})
    if result.pack.code != row.code or (result.pack.parent or "") != row.parent:
        reason = f"规则包的 code 应为 {row.code}，parent 应为 {row.parent or '空'}，与起草时一致"
        return Refusal("unfit", reason, fields={"text": reason})
    return result.pack


def _reviewing(draft: PackDraft, opinion: str, acting_user: User) -> tuple[PackDraft, Holding] | Refusal:
    row = _locked(draft)
    holding = reviewing_holding(acting_user, row.document.region)
    if holding is None:
        return Refusal("not_allowed", "只有整改办的另一位人员，或者整改办、领导小组、政府、党委的主要负责人可以复核")
    if row.state != State.SUBMITTED:
        return Refusal("wrong_state", f"规则包{row.get_state_display()}，不在待复核状态")
    if row.submitted_by_id == acting_user.pk:
        return Refusal("same_person", "这份规则包由您送审，须由另一位人员复核")
    if len(opinion) > LONGEST_OPINION or "\x00" in opinion:
        text = f"复核意见不超过{LONGEST_OPINION}字，也不能有空字符"
        return Refusal("invalid", text, fields={"opinion": text})
    return row, holding


def _reviewed(row: PackDraft, state: str, opinion: str, acting_user: User) -> None:
    row.state, row.opinion, row.reviewed_by, row.reviewed_at = state, opinion.strip(), acting_user, clock.now()
    row.save(update_fields=["state", "opinion", "reviewed_by", "reviewed_at", "version"])
    cancel(subject_type="packdraft", subject_id=row.pk, why="已复核", kinds=["draft_submitted"])
    people = {pk for pk in (row.submitted_by_id, row.made_by_id) if pk is not None} - {acting_user.pk}
    _tell(row, people, "draft_reviewed", f"《{row.document.title}》的规则包：{row.get_state_display()}")


def _reviewers(region: Region) -> set[int]:
    """Whom a submitted draft concerns: everyone in the office of the place, and the heads of its deciding bodies."""
    office = office_of(region)
    bodies = [unit.pk for unit in organisations_in(region, DECIDES) if unit.region_id == region.pk]
    people = [user for users in holders_of(bodies, (Post.Rank.HEAD,)).values() for user in users]
    people += [user for users in holders_of([office.pk]).values() for user in users] if office else []
    return {user.pk for user in people}


def _tell(row: PackDraft, people: set[int], kind: str, text: str) -> None:
    notify(
        recipients=sorted(people), subject_type="packdraft", subject_id=row.pk, kind=kind, text=text,
        url=f"/packs/drafts/{row.pk}/", day=clock.today(), again=True,
    )  # fmt: skip


def _record(action: str, row: PackDraft, acting_user: User, holding: Holding, payload: Mapping[str, Any]) -> None:
    record(
        action=f"policies.{action}", object_type="packdraft", object_id=row.pk, actor=acting_user.username,
        actor_name=acting_user.name, hat=str(holding.post), payload=payload,
    )  # fmt: skip
