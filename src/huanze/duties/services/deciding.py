"""The decision on who leads, and what follows it: signed by each body the chain names, then published (A3, B1).

The decision is that of the bodies the pack names; each of them signs by its head, and the first to sign sets what the
others agree to. A body that does not agree returns the opinion. A view that wanted another lead stays on record as a
dissent. Where the chain has a step of publication, the decision opens the duty to publish it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from huanze.base import clock
from huanze.duties.models import DecisionSignature, Determination
from huanze.duties.selectors.determinations import DECIDE, PUBLISH, Body, Standing, publishers
from huanze.duties.services.determining import (
    ANYONE,
    SUBJECT,
    lock,
    of_the_place,
    tell,
    untell,
    url_of,
    write_down,
)
from huanze.obligations import services as obligations
from huanze.orgs.models import Holding, Organisation, Post, User
from huanze.orgs.selectors import holds
from huanze.policies import selectors as policies
from huanze.rules.calendar import chinese_date
from huanze.rules.deadlines import Term, due
from huanze.rules.verdicts import Refusal

State, Result = Determination.State, DecisionSignature.Result
PUBLISH_DUTY, UPDATE_CLOCK, PUBLISH_DAYS = "lead_publish", "list_update", 20
"""Where the pack sets no term for the page, so many working days: our default."""
WEB = URLValidator(schemes=["http", "https"])
BASIS, URL = 200, 500


@transaction.atomic
def decide(
    *, determination: Determination, lead: Organisation, basis: str, reason: str, acting_user: User,
    co_units: Collection[Organisation] = (),
) -> Determination | Refusal:  # fmt: skip
    """Sign the decision in the name of the body the person heads. With the last body's signature it is decided."""
    row, now = lock(determination)
    found = _turn(row, now, acting_user)
    if isinstance(found, Refusal):
        return found
    body, hat = found
    clause = now.procedure.clause_of(DECIDE)
    wrong = _wrong_decision(row, lead, co_units, basis.strip(), reason.strip())
    if wrong:
        return Refusal("inputs", "；".join(wrong.values()), clause, wrong)
    if row.lead is not None and row.lead_id != lead.pk:
        text = f"在先签署的决定由{row.lead}牵头；不同意的，请退回并写明意见"
        return Refusal("differs", text, clause, {"lead": text})
    _sign(row, now, body, hat, acting_user, reason, Result.PASSED)
    if row.lead is None:
        row.lead, row.basis, row.reason = lead, basis.strip(), reason.strip()
        row.save(update_fields=["lead", "basis", "reason"])
        row.co_units.set(co_units)
    if not [b for b in now.unsigned if b.name != body.name]:
        _decided(row, now, hat, acting_user, clause)
    write_down("decide", row, hat, acting_user, {"lead": lead.pk, "by": body.name, "basis": row.basis, "state": row.state, "clause": clause})
    return row


def _decided(row: Determination, now: Standing, hat: Holding, user: User, clause: str) -> None:
    row.state, row.decided_by, row.decided_hat, row.decided_on = State.DECIDED, user, str(hat.post)[:120], clock.today()
    row.save(update_fields=["state", "decided_by", "decided_hat", "decided_on"])
    units = (row.lead_id, row.raised_for_id, *(v.organisation_id for v in now.views), *row.co_units.values_list("pk", flat=True))
    told = {pk for pk in units if pk} | ({now.procedure.handler.pk} if now.procedure.handler else set())
    tell(row, told, "lead_decided", f"{row.number}已决定：{row.matter}由{row.lead}牵头", clause)
    if now.procedure.publishes:
        _open_publication(row, now, user)


def _open_publication(row: Determination, now: Standing, user: User) -> None:
    owner = next(iter(publishers(row, now.procedure)), None)
    if owner is None:
        return
    pack = policies.pack(row.adoption.pack)
    clock_ = pack.clocks.get(UPDATE_CLOCK)
    term = clock_.term(policies.effective_settings(row.adoption)) if clock_ else Term(PUBLISH_DAYS, "workday", after="decided", clause="")
    last = due(term, clock.today(), policies.calendar())
    obligations.open_one(
        adoption=row.adoption, organisation=owner, duty=PUBLISH_DUTY, what=f"公开{row.number}牵头部门的决定",
        clause=now.procedure.clause_of(PUBLISH), subject_type=SUBJECT, subject_id=row.pk, due=last.on, provisional=last.provisional,
        url=url_of(row), publish=True, acting_user=user,
    )  # fmt: skip


@transaction.atomic
def send_back(*, determination: Determination, opinion: str, acting_user: User) -> Determination | Refusal:
    """Return the opinion to be formed again. Signatures of this round no longer count, and stay on record."""
    row, now = lock(determination)
    found = _turn(row, now, acting_user)
    if isinstance(found, Refusal):
        return found
    body, hat = found
    clause = now.procedure.clause_of(DECIDE)
    if not opinion.strip():
        return Refusal("inputs", "请填写退回的意见", clause, {"opinion": "请填写退回的意见"})
    _sign(row, now, body, hat, acting_user, opinion, Result.RETURNED)
    untell(row, None, "已退回")
    row.state, row.lead, row.basis, row.reason = State.CONSULTING, None, "", ""
    row.save(update_fields=["state", "lead", "basis", "reason"])
    row.co_units.clear()
    if now.procedure.handler:
        tell(row, [now.procedure.handler.pk], f"lead_returned_{now.round}", f"{row.number}被{body.name}退回：{opinion.strip()}", clause)
    write_down("send_back", row, hat, acting_user, {"by": body.name, "round": now.round, "opinion": opinion.strip(), "clause": clause})
    return row


@transaction.atomic
def publish(*, determination: Determination, url: str, day: date, acting_user: User) -> Determination | Refusal:
    """Say on which page and day the decision was made public. That settles the duty to publish it."""
    row, now = lock(determination)
    clause = now.procedure.clause_of(PUBLISH)
    if not now.procedure.publishes:
        return Refusal("no_step", "适用的程序没有规定公开这一环节，决定作出即告结束", now.procedure.clause)
    owners = publishers(row, now.procedure)
    hat = holds(acting_user, organisations=[o.pk for o in owners], ranks=ANYONE)
    if hat is None:
        return Refusal("wrong_actor", f"决定由{'、'.join(o.short_name for o in owners)}公开", clause)
    if row.state != State.DECIDED or row.decided_on is None:
        return Refusal("wrong_state", f"{row.number}现为“{row.get_state_display()}”，不能办理公开", clause)
    wrong = _wrong_page(url.strip())
    if not row.decided_on <= day <= clock.today():
        wrong["day"] = f"公开日期应在{chinese_date(row.decided_on)}至今天之间"
    if wrong:
        return Refusal("inputs", "；".join(wrong.values()), clause, wrong)
    row.page_url, row.published_on, row.state = url.strip(), day, State.PUBLISHED
    row.save(update_fields=["page_url", "published_on", "state"])
    obligations.settle(subject_type=SUBJECT, subject_id=row.pk, duty=PUBLISH_DUTY, note=f"已于{day}公开：{row.page_url}", acting_user=acting_user)
    tell(row, [row.raised_for_id], "lead_published", f"{row.number}的决定已公开：{row.page_url}", clause)
    write_down("publish", row, hat, acting_user, {"url": row.page_url, "day": day, "clause": clause})
    return row


# ---- inside


def _turn(row: Determination, now: Standing, user: User) -> tuple[Body, Holding] | Refusal:
    """The body in whose name the person may sign now, and the hat; or why not."""
    clause = now.procedure.clause_of(DECIDE)
    if row.state != State.OPINION:
        return Refusal("wrong_state", f"{row.number}现为“{row.get_state_display()}”，形成意见以后才能决定", clause)
    for body in now.unsigned:
        hat = holds(user, organisations=[o.pk for o in body.organisations], ranks=[Post.Rank.HEAD])
        if hat is not None:
            return body, hat
    signed = [b for b in now.procedure.deciders if b not in now.unsigned]
    if any(holds(user, organisations=[o.pk for o in b.organisations], ranks=[Post.Rank.HEAD]) for b in signed):
        return Refusal("already", f"您代表的机关已经签署，等待{'、'.join(b.name for b in now.unsigned)}签署", clause)
    if now.procedure.missing:
        return Refusal("unplaced", f"本地没有单位对应“{'、'.join(now.procedure.missing)}”，请由整改办先在“文件用语”中认定", clause)
    return Refusal("wrong_actor", f"由{'、'.join(b.name for b in now.unsigned)}的主要负责人决定", clause)


def _sign(row: Determination, now: Standing, body: Body, hat: Holding, user: User, opinion: str, result: str) -> None:
    DecisionSignature.objects.create(
        determination=row, round=now.round, by=body.name[:120], organisation=hat.post.organisation, result=result, opinion=opinion.strip(),
        signed_by=user, hat=str(hat.post)[:120], signed_on=clock.today(),
    )  # fmt: skip
    untell(row, [f"lead_opinion_{now.round}"], "已签署", [unit.pk for unit in body.organisations])


def _wrong_decision(row: Determination, lead: Organisation, co_units: Collection[Organisation], basis: str, reason: str) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not of_the_place(lead, row.region):
        wrong["lead"] = f"{lead}不是本地在用的单位"
    if lead.pk in {o.pk for o in co_units}:
        wrong["co_units"] = f"{lead}是牵头部门，不再列为配合部门"
    if not basis or len(basis) > BASIS:
        wrong["basis"] = f"请填写决定的文号或者会议，不超过{BASIS}字"
    if not reason:
        wrong["reason"] = "请填写决定的理由"
    return wrong


def _wrong_page(url: str) -> dict[str, str]:
    try:
        WEB(url)
    except ValidationError:
        return {"url": "请填写公开页面的网址，以http://或者https://开头"}
    return {"url": f"网址最多{URL}个字"} if len(url) > URL else {}
