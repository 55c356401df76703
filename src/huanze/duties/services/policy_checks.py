"""Checking a new policy document before it is issued: does each concrete item name who is responsible and who leads (A4).

The machine says what it finds (`rules.policy_check`); a person sets aside what is no item, notes how each gap was
settled, and closes the check with an opinion.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from huanze.audit.services import record
from huanze.base import clock
from huanze.duties.models import CheckedItem, PolicyCheck
from huanze.duties.selectors.policy_checks import UNFIT, WORKS, Verdict, drafters, rule_here
from huanze.orgs.models import Holding, Organisation, User
from huanze.orgs.selectors import ancestry, holds
from huanze.policies.models import Adoption, Fact, PolicyDocument
from huanze.policies.selectors.documents import visible_documents
from huanze.rules.calendar import chinese_date
from huanze.rules.packs.schema import Form
from huanze.rules.policy_check import Checked, Listed, Part, Said, Unit, answer, check
from huanze.rules.verdicts import Refusal

SUBJECT = "policy_check"
BATCH = 500
TEXT = 500
MOST = 1_000
"""More items than anyone works through on one sheet."""


# ---- begun


def may_start(document: PolicyDocument, user: User) -> tuple[Adoption, Form, list[Organisation]] | Refusal:
    """The rule for a document, and the units in whose name a person may check it."""
    rule = rule_here(document.region)
    if rule is None:
        return Refusal("no_rule", f"{document.region}现行规则没有要求政策文件写明责任部门和牵头部门的条款，不需要自查")
    adoption, form = rule
    units = drafters(document, user)
    if not units:
        return _not_his(form.clause, "起草单位")
    if document.checks.filter(state=PolicyCheck.State.OPEN).exists():
        return Refusal("already", f"{document}正在自查，请先办结", form.clause)
    return adoption, form, units


@transaction.atomic
def start(*, document_id: int, organisation: Organisation, acting_user: User) -> PolicyCheck | Refusal:
    """Check a kept document in the name of the unit that drafts it, as its facts stand now. One open check a document."""
    if not visible_documents(acting_user).filter(pk=document_id).exists():
        return Refusal("not_found", "没有这份文件，请刷新页面")
    document = PolicyDocument.objects.select_for_update(of=("self",)).select_related("region", "kept_by").get(pk=document_id)
    may = may_start(document, acting_user)
    if isinstance(may, Refusal):
        return may
    adoption, form, units = may
    hat = _hat_of(organisation, acting_user)
    if hat is None or organisation.pk not in {unit.pk for unit in units}:
        return _not_his(form.clause, str(organisation))
    found = read(document)
    if not found:
        return Refusal("not_ready", "没有从文件中读到条款，无法自查，请先在文件页面补充条款", form.clause)
    if len(found) > MOST:
        return Refusal("not_ready", f"文件读出{len(found)}项，超过{MOST}项，请按部分拆分后分别保存、自查", form.clause)
    made = PolicyCheck.objects.create(
        region=document.region, adoption=adoption, clause=form.clause, document=document, organisation=organisation, made_by=acting_user,
        made_at=clock.now(),
    )  # fmt: skip
    CheckedItem.objects.bulk_create([_item(made, no, row) for no, row in enumerate(found, start=1)], batch_size=BATCH)
    _note("start", made, acting_user, hat, {"document": document.pk, "items": len(found), "unfit": sum(r.verdict in UNFIT for r in found)})
    return made


def _not_his(clause: str, unit: str) -> Refusal:
    return Refusal("wrong_actor", f"自查由{unit}的联络员或者主要负责人办理，也可以由整改办代办", clause)


def _hat_of(organisation: Organisation, user: User) -> Holding | None:
    """By a post of the unit itself, or else of the office that answers for its place or of one above."""
    own = holds(user, organisations=[organisation.pk], ranks=list(WORKS))
    if own is not None:
        return own
    above = ancestry(organisation.region)
    offices = Organisation.objects.filter(kind=Organisation.Kind.COMMISSION_OFFICE, active=True, region__path__in=above)
    return holds(user, organisations=set(offices.values_list("pk", flat=True)), ranks=list(WORKS))


def read(document: PolicyDocument) -> list[Checked]:
    """What the document's facts say, those that a person dropped left out. Guesses inside sentences count once confirmed."""
    parts: list[Part] = []
    said: list[Said] = []
    listed: list[Listed] = []
    kinds = (Fact.Kind.CLAUSE, Fact.Kind.RESPONSIBILITY, Fact.Kind.ITEM)
    for fact in document.facts.filter(kind__in=kinds).exclude(decision=Fact.Decision.DROPPED).order_by("start", "order"):
        value = fact.value
        if fact.kind == Fact.Kind.CLAUSE:
            parts.append(Part(value.get("id") or fact.clause, int(value.get("level") or 1), value.get("heading") or "", fact.start, fact.end))
        elif fact.kind == Fact.Kind.ITEM:
            beside = tuple(other["name"] for other in value.get("collaborators") or ())
            listed.append(Listed(value.get("clause") or fact.clause, value.get("dept") or "", beside))
        elif not fact.doubtful or fact.decision != Fact.Decision.OPEN:
            units = tuple(Unit(unit["name"], unit["role"]) for unit in value.get("units") or ())
            said.append(Said(fact.start, fact.end, units, bool(value.get("open_list"))))
    return check(document.text, parts, said, listed)


def _item(made: PolicyCheck, no: int, row: Checked) -> CheckedItem:
    return CheckedItem(
        check_of=made, no=no, clause=row.clause[:60], start=row.start, end=row.end, text=_short(row.text), verdict=row.verdict, settled=row.why,
        units=[{"name": unit.name, "role": unit.role} for unit in row.units], leads=list(row.leads),
    )  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= TEXT else text[: TEXT - 1] + "…"


# ---- worked through


def may_work(row: PolicyCheck, user: User) -> Holding | Refusal:
    """The hat by which a person works on a check: the drafting unit's liaison or head, or the office's."""
    hat = _hat_of(row.organisation, user)
    if hat is None:
        return _not_his(row.clause, str(row.organisation))
    if row.state != PolicyCheck.State.OPEN:
        return Refusal("wrong_state", f"本次自查已于{chinese_date(row.closed_on)}办结，不能再改", row.clause)
    return hat


@transaction.atomic
def set_aside(*, item: CheckedItem, why: str, acting_user: User) -> CheckedItem | Refusal:
    """Say that a stretch is no concrete item, and why."""
    return _work(item, acting_user, "set_aside", why, "原因", verdict=Verdict.NOT_AN_ITEM)


@transaction.atomic
def bring_back(*, item: CheckedItem, acting_user: User) -> CheckedItem | Refusal:
    """Say that what was set aside is a concrete item after all; its verdict follows from the units it names."""
    _, verdict = answer(tuple(Unit(unit["name"], unit["role"]) for unit in item.units))
    return _work(item, acting_user, "bring_back", "", "", verdict=verdict)


@transaction.atomic
def note(*, item: CheckedItem, settled: str, acting_user: User) -> CheckedItem | Refusal:
    """Write how a gap was settled: which clause of the next draft now names whom."""
    return _work(item, acting_user, "note", settled, "处理", verdict="")


def _work(item: CheckedItem, user: User, action: str, words: str, label: str, *, verdict: str) -> CheckedItem | Refusal:
    row = _locked(item.check_of_id)
    hat = may_work(row, user)
    if isinstance(hat, Refusal):
        return hat
    current = row.items.filter(pk=item.pk).first()
    if current is None:
        return Refusal("not_found", "没有这一项，请刷新页面", row.clause)
    aside = current.verdict == Verdict.NOT_AN_ITEM
    if aside is not (action == "bring_back") or (action == "note" and current.verdict not in UNFIT):
        return Refusal("wrong_state", f"这一项现在是“{current.get_verdict_display()}”，请刷新页面", row.clause)
    if label and not 0 < len(words.strip()) <= 300:
        return Refusal("inputs", f"{label}：请填写，不超过300字", row.clause, {"words": f"{label}：请填写，不超过300字"})
    before = current.verdict
    current.verdict, current.settled = verdict or current.verdict, words.strip()
    current.save(update_fields=["verdict", "settled"])
    _note(action, row, user, hat, {"no": current.no, "clause_of": current.clause, "before": before, "after": current.verdict, "words": current.settled})
    return current


@transaction.atomic
def close(*, check_: PolicyCheck, opinion: str, acting_user: User) -> PolicyCheck | Refusal:
    """End a check with an opinion. Each gap must have a note of how it was settled."""
    row = _locked(check_.pk)
    hat = may_work(row, acting_user)
    if isinstance(hat, Refusal):
        return hat
    if not 0 < len(opinion.strip()) <= 500:
        return Refusal("inputs", "结论：请填写，不超过500字", row.clause, {"opinion": "结论：请填写，不超过500字"})
    left = list(row.items.filter(verdict__in=UNFIT, settled="").values_list("no", flat=True))
    if left:
        shown = "、".join(str(no) for no in left[:8]) + ("等" if len(left) > 8 else "")
        return Refusal("not_ready", f"还有{len(left)}项没有写明怎样处理（第{shown}项），请逐项填写后再办结", row.clause)
    row.state, row.opinion, row.closed_by, row.closed_on = PolicyCheck.State.DONE, opinion.strip(), acting_user, clock.today()
    row.save(update_fields=["state", "opinion", "closed_by", "closed_on"])
    _note("close", row, acting_user, hat, {"opinion": row.opinion})
    return row


# ---- inside


def _locked(pk: int) -> PolicyCheck:
    rows = PolicyCheck.objects.select_for_update(of=("self",)).select_related("organisation__region", "document", "region")
    return rows.defer("document__text", "document__repairs").get(pk=pk)


def _note(action: str, row: PolicyCheck, user: User, hat: Holding, payload: Mapping[str, Any]) -> None:
    record(
        action=f"policy_checks.{action}", object_type=SUBJECT, object_id=row.pk, actor=user.username, actor_name=user.name, hat=str(hat.post),
        payload={"title": row.document.title, "clause": row.clause, **payload},
    )  # fmt: skip
