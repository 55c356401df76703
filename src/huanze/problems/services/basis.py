"""Saying which item makes which unit responsible for a problem, and taking it back (A6). No guess is stored by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from huanze.audit.services import record
from huanze.base import clock
from huanze.duties.models import Determination, Item
from huanze.duties.ranking import Entry
from huanze.duties.selectors.desk import DECISION, ITEM, desk
from huanze.orgs.models import Holding, User
from huanze.problems.models import DutyBasis, Problem
from huanze.problems.selectors.basis import may_say
from huanze.rules.verdicts import Refusal

NOTE = 300


@transaction.atomic
def choose(*, problem: Problem, key: str, why: str, acting_user: User, note: str = "") -> DutyBasis | Refusal:
    """Say that the entry ``key`` of the place's desk is why its unit answers for the problem."""
    locked = Problem.objects.select_for_update(of=("self",)).select_related("office__region").get(pk=problem.pk)
    hat = may_say(acting_user, locked)
    if hat is None:
        return _not_his(locked)
    note = note.strip()
    wrong = _wrong(why, note)
    if wrong:
        return Refusal("inputs", "；".join(wrong.values()), fields=wrong)
    known = desk(locked.office.region)
    entry = known.entry(key)
    if entry is None:
        return Refusal("gone", "清单已经更新，没有这一事项，请刷新后重新选择", fields={"key": "没有这一事项"})
    unit = known.units.get(entry.department)
    if unit is None:
        text = f"本地没有单位对应“{entry.department}”，请由整改办先在“文件用语”中认定"
        return Refusal("unplaced", text, entry.clause, {"key": text})
    if DutyBasis.objects.filter(problem=locked, organisation=unit, key=key, withdrawn_on=None).exists():
        return Refusal("already", f"{unit}的这一事项已经认定", entry.clause, {"key": "已经认定"})
    made = DutyBasis.objects.create(
        problem=locked, organisation=unit, key=key, text=entry.title, relation=entry.relation, source=known.sources[key], clause=entry.clause,
        why=why, note=note, said_by=acting_user, said_hat=str(hat.post)[:120], said_on=clock.today(), **_row_of(entry),
    )  # fmt: skip
    _record("choose", made, acting_user, hat, {"key": key, "why": why, "relation": entry.relation})
    return made


@transaction.atomic
def withdraw(*, basis: DutyBasis, why: str, acting_user: User) -> DutyBasis | Refusal:
    """Take it back, with the reason. The row stays."""
    row = DutyBasis.objects.select_for_update(of=("self",)).select_related("problem__office", "organisation").get(pk=basis.pk)
    hat = may_say(acting_user, row.problem)
    if hat is None:
        return _not_his(row.problem)
    if row.withdrawn_on is not None:
        return Refusal("already", f"已于{row.withdrawn_on}撤回", row.clause)
    why = why.strip()
    if not why or len(why) > NOTE:
        text = f"请填写撤回的原因，不超过{NOTE}字"
        return Refusal("inputs", text, row.clause, {"why": text})
    row.withdrawn_by, row.withdrawn_on, row.withdrawn_why = acting_user, clock.today(), why
    row.save(update_fields=["withdrawn_by", "withdrawn_on", "withdrawn_why"])
    _record("withdraw", row, acting_user, hat, {"key": row.key, "why": why})
    return row


def _row_of(entry: Entry) -> dict[str, Any]:
    """The row an entry comes from, where it is one of ours."""
    kind, _, rest = entry.key.partition(":")
    number = rest.partition("+")[0]
    if kind == ITEM:
        return {"item": Item.objects.get(pk=number)}
    return {"determination": Determination.objects.get(pk=number)} if kind == DECISION else {}


def _wrong(why: str, note: str) -> dict[str, str]:
    wrong = {} if why in DutyBasis.Why.values else {"why": "请选择理由"}
    if why == DutyBasis.Why.OTHER and not note:
        wrong["note"] = "选择“其他”的，请写明理由"
    if len(note) > NOTE:
        wrong["note"] = f"说明最多{NOTE}字"
    return wrong


def _not_his(problem: Problem) -> Refusal:
    return Refusal("wrong_actor", f"责任依据由{problem.office}或者参与该问题的单位认定")


def _record(action: str, row: DutyBasis, user: User, hat: Holding, payload: Mapping[str, Any]) -> None:
    record(
        action=f"basis.{action}", object_type="problem", object_id=row.problem_id, actor=user.username, actor_name=user.name, hat=str(hat.post),
        payload={"basis": row.pk, "organisation": row.organisation_id, "clause": row.clause, **payload},
    )  # fmt: skip
