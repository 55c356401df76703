"""The monthly dispatch (XQ-9): opened on the 1st, cut off by the pack's day, what is missing put on record.

Who owes a return is read from the spans of states as they were when the day began, so a sweep that runs
days late opens and closes the same rows as one that ran on the day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from huanze.audit.services import record
from huanze.base import clock
from huanze.notices.models import Notice
from huanze.notices.services import notify_many
from huanze.orgs.models import Organisation, Post, User
from huanze.orgs.selectors import holds
from huanze.orgs.services import SYSTEM_USERNAME
from huanze.policies import selectors as policies
from huanze.problems.models import DispatchReturn, DispatchRound, Omission, Participant, StatusChange
from huanze.problems.services.context import rules_of
from huanze.problems.services.door import problem_transition
from huanze.problems.services.happenings import EVERYONE, UNIT, Directory
from huanze.rules.lifecycle import STATE_LABELS, WORK, State
from huanze.rules.packs import loader
from huanze.rules.packs.schema import Dispatch, FormField
from huanze.rules.verdicts import Refusal

CHUNK = 5_000
SUBJECT = "dispatch"
URL = "/dispatch/"
DAY = timedelta(days=1)


# ---- the rounds, run by the sweep


def run_day(day: date, *, first_ever: bool) -> Counter[str]:
    """What the dispatch owes on a legal day: close the rounds cut off the day before, open those of a new month."""
    counts, directory = Counter[str](), Directory()
    for round_ in DispatchRound.objects.filter(closed=False, cutoff__lt=day).select_related("office"):
        counts["dispatch_missing"] += _close(round_, directory)
    if day.day == 1 or first_ever:
        for office in _offices(day.replace(day=1)):
            counts["dispatch_opened"] += _open(office, day, directory)
    return counts


def at_work(day: date) -> QuerySet[StatusChange]:
    """The spans that show which problems were being worked off when ``day`` began; one span a problem."""
    spans = StatusChange.objects.filter(moved=True, to_state__in=WORK, day__lt=day)
    return spans.filter(Q(left_on=None) | Q(left_on__gte=day))


def _offices(day: date) -> list[Organisation]:
    ids = at_work(day).order_by().values("problem__office")
    return list(Organisation.objects.filter(pk__in=ids).select_related("region").order_by("pk"))


@transaction.atomic
def _open(office: Organisation, day: date, directory: Directory) -> int:
    """Open the office's round of the month with a row for each unit of each problem at work on the 1st."""
    first = day.replace(day=1)
    adoption = policies.pack_for(office.region, first)
    rules = policies.pack(adoption.pack).dispatch if adoption else None
    if adoption is None or rules is None:
        return 0
    cutoff = first.replace(day=int(loader.resolve(rules.cutoff, policies.effective_settings(adoption))))
    if day > cutoff:  # the platform came into use after the cut-off: nobody could have known of this round
        return 0
    round_, new = DispatchRound.objects.get_or_create(
        office=office, month=f"{first:%Y-%m}", defaults={"opens_on": first, "cutoff": cutoff}
    )
    if not new:
        return 0
    opened, units = 0, set[int]()
    for parts in _parts(office, first):
        rows = [DispatchReturn(round=round_, problem_id=p, organisation_id=o, role=role) for p, o, role in parts]
        DispatchReturn.objects.bulk_create(rows, ignore_conflicts=True)
        opened += len(rows)
        units |= {row.organisation_id for row in rows}
    text = f"请于{cutoff}前报送{first.year}年{first.month}月整改调度"
    _tell(round_, "dispatch_open", dict.fromkeys(units, text), rules.clause, first, directory)
    _note("dispatch.open", round_, {"opened": opened, "units": len(units), "cutoff": cutoff, "clause": rules.clause})
    return opened


def _parts(office: Organisation, day: date) -> Iterable[list[tuple[int, int, str]]]:
    """Problem, unit and role of everyone who takes part in the office's problems at work, in chunks by key."""
    roles = (Participant.Role.MAIN, Participant.Role.SUPERVISING)
    mine = Exists(at_work(day).filter(problem=OuterRef("problem"), problem__office=office))
    wanted = Participant.objects.filter(mine, role__in=roles).order_by("pk").values_list("pk", "problem_id", "organisation_id", "role")
    rows = list(wanted[:CHUNK])
    while rows:
        yield [(problem, unit, role) for _, problem, unit, role in rows]
        rows = list(wanted.filter(pk__gt=rows[-1][0])[:CHUNK])


@transaction.atomic
def _close(round_: DispatchRound, directory: Directory) -> int:
    """Put every return that was not in by the cut-off on record, dated the day after; its unit owns it.

    A problem that was no longer at work then has nothing to report. A return that came late but before
    this ran is an omission all the same, made good on the day it came.
    """
    day = round_.cutoff + DAY
    if not DispatchRound.objects.filter(pk=round_.pk, closed=False).update(closed=True):
        return 0
    adoption = policies.pack_for(round_.office.region, round_.opens_on)
    rules = policies.pack(adoption.pack).dispatch if adoption else None
    clause = rules.clause if rules else ""
    late = DispatchReturn.objects.filter(Q(submitted_on=None) | Q(submitted_on__gt=round_.cutoff), round=round_)
    late = late.filter(Exists(at_work(day).filter(problem=OuterRef("problem")))).order_by("pk")
    missing = Counter[int]()
    rows = list(late[:CHUNK])
    while rows:
        Omission.objects.bulk_create(
            [
                Omission(
                    kind=Omission.Kind.DISPATCH, organisation_id=row.organisation_id, office_id=round_.office_id, problem_id=row.problem_id,
                    period=round_.month, day=day, clause=clause, made_good_on=row.submitted_on,
                )
                for row in rows
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        missing.update(row.organisation_id for row in rows)
        rows = list(late.filter(pk__gt=rows[-1].pk)[:CHUNK])
    texts = {unit: f"{round_.month}整改调度有{n}项未按期报送" for unit, n in missing.items()}
    if texts:
        texts[round_.office_id] = f"{round_.month}整改调度共{missing.total()}项未按期报送，涉及{len(missing)}个单位"
    _tell(round_, "dispatch_missing", texts, clause, day, directory)
    _note("dispatch.close", round_, {"missing": missing.total(), "units": len(missing), "clause": clause})
    return missing.total()


def _tell(round_: DispatchRound, kind: str, texts: Mapping[int, str], clause: str, day: date, directory: Directory) -> None:
    directory.learn((unit, day) for unit in texts)
    notify_many(
        Notice(recipient_id=user, subject_type=SUBJECT, subject_id=round_.pk, kind=kind, text=text, url=URL, clause=clause, day=day)
        for unit, text in texts.items()
        for user in directory.people(unit, EVERYONE if unit == round_.office_id else UNIT, day)
    )


def _note(action: str, round_: DispatchRound, payload: Mapping[str, Any]) -> None:
    """One entry a round: the rows themselves are set-based and can be counted again from the spans."""
    record(
        action=action, object_type=SUBJECT, object_id=round_.pk, actor=SYSTEM_USERNAME, actor_name="系统", hat="system",
        payload={"office": round_.office_id, "month": round_.month, **payload},
    )  # fmt: skip


# ---- the returns, handed in by people


@dataclass(frozen=True, slots=True)
class Prefill:
    """What a return starts from: the last answers of the same unit, and how the problem stands now."""

    answers: Mapping[str, str]
    percent: int
    uncertain: bool


def owed_returns(organisation_ids: Collection[int]) -> QuerySet[DispatchReturn]:
    """Returns these organisations have not handed in, for problems still at work."""
    owed = DispatchReturn.objects.filter(organisation__in=organisation_ids, submitted_on=None, problem__state__in=WORK)
    return owed.select_related("round", "problem", "organisation").order_by("round__cutoff", "problem__sort_day", "pk")


def prefills(returns: Collection[DispatchReturn]) -> dict[int, Prefill]:
    """For each return, by id; one query for all. Entered once: what was said last month need not be typed again."""
    keys = {(r.problem_id, r.organisation_id, r.role) for r in returns}
    earlier = DispatchReturn.objects.filter(problem__in={k[0] for k in keys}, organisation__in={k[1] for k in keys})
    last: dict[tuple[int, int, str], dict[str, str]] = {}
    for row in earlier.exclude(submitted_on=None).order_by("round__month").only("problem", "organisation", "role", "answers"):
        last[row.problem_id, row.organisation_id, row.role] = row.answers
    return {
        r.pk: Prefill(r.answers or last.get((r.problem_id, r.organisation_id, r.role), {}), r.problem.percent, r.problem.uncertain)
        for r in returns
    }


def fields_of(return_: DispatchReturn) -> tuple[FormField, ...]:
    """The four fields of this role, by the rules the problem lives under."""
    rules = _rules(return_)
    if rules is None:
        return ()
    return rules.main_fields if return_.role == Participant.Role.MAIN else rules.supervising_fields


def _rules(return_: DispatchReturn) -> Dispatch | None:
    return rules_of(return_.problem).pack.dispatch


class _Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal


def submit_dispatch(
    *,
    return_id: int,
    acting_user: User,
    answers: Mapping[str, str],
    percent: int | None = None,
    uncertain: bool | None = None,
) -> DispatchReturn | Refusal:
    """Hand a return in; until the cut-off it may be handed in again.

    While a problem is under rectification the main unit's ``percent`` and ``uncertain`` go on through the
    door as the step 报告进展, an accepting unit's ``uncertain`` as 报告风险; None leaves them as they are.
    """
    try:
        with transaction.atomic():
            return _submit(return_id, acting_user, answers, percent, uncertain)
    except _Refused as refused:
        return refused.refusal


def _submit(return_id: int, user: User, answers: Mapping[str, str], percent: int | None, uncertain: bool | None) -> DispatchReturn:
    wanted = DispatchReturn.objects.select_for_update(of=("self",)).select_related("round", "organisation", "problem__adoption__pack")
    row = wanted.defer("problem__adoption__pack__content").filter(pk=return_id).first()
    if row is None:
        raise _Refused(Refusal("not_found", "没有这份调度表，请刷新后再报"))
    holding = holds(user, organisations=[row.organisation_id], ranks=[Post.Rank.LIAISON, Post.Rank.HEAD])
    if holding is None:
        raise _Refused(Refusal("wrong_actor", f"本表应由{row.organisation}的联络员或主要负责人报送", _clause(row)))
    today, problem = clock.today(), row.problem
    if State(problem.state) not in WORK:
        raise _Refused(Refusal("wrong_state", f"问题已转入“{STATE_LABELS[State(problem.state)]}”，不需要再报调度", _clause(row)))
    if row.submitted_on and today > row.round.cutoff:
        raise _Refused(Refusal("already", f"已于{row.submitted_on}报送，截止日{row.round.cutoff}之后不能修改", _clause(row)))
    said = _checked(row, answers, percent)
    row.answers, row.submitted_on, row.submitted_by, row.late = said, today, user, today > row.round.cutoff
    row.percent = percent if row.role == Participant.Role.MAIN else None
    row.save()
    Omission.objects.filter(
        kind=Omission.Kind.DISPATCH, organisation_id=row.organisation_id, problem_id=row.problem_id, period=row.round.month, made_good_on=None
    ).update(made_good_on=today)
    _pass_on(row, user, said, percent, uncertain)
    record(
        action="problem.dispatch", object_type="problem", object_id=row.problem_id, actor=user.username, actor_name=user.name,
        hat=str(holding.post), payload={"month": row.round.month, "role": row.role, "answers": said, "late": row.late, "clause": _clause(row)},
    )  # fmt: skip
    return row


def _clause(row: DispatchReturn) -> str:
    rules = _rules(row)
    return rules.clause if rules else ""


def _checked(row: DispatchReturn, answers: Mapping[str, str], percent: int | None) -> dict[str, str]:
    """The answers by the pack's keys; every field must be said."""
    fields = fields_of(row)
    said = {f.key: str(answers.get(f.key, "")).strip() for f in fields}
    wrong = {f.key: "必填" for f in fields if f.required and not said[f.key]}
    wrong |= {f.key: "内容太长，请在2000字以内" for f in fields if len(said[f.key]) > 2000}
    wrong |= {key: "不认识的内容" for key in answers if key not in said}
    if percent is not None and not 0 <= percent <= 100:
        wrong["percent"] = "应为0至100的整数"
    if wrong:
        labels = {f.key: f.label for f in fields} | {"percent": "完成比例(%)"}
        text = "；".join(f"{labels.get(key, key)}：{why}" for key, why in wrong.items())
        raise _Refused(Refusal("inputs", text, _clause(row), wrong))
    return said


def _pass_on(row: DispatchReturn, user: User, said: Mapping[str, str], percent: int | None, uncertain: bool | None) -> None:
    """Facts of the problem change by its own door only."""
    labels = {f.key: f.label for f in fields_of(row)}
    text = "；".join(f"{labels[key]}：{value}" for key, value in said.items())[:4000]
    problem, risk = row.problem, row.problem.uncertain if uncertain is None else uncertain
    if row.role == Participant.Role.MAIN:
        if problem.state != State.RECTIFYING or percent is None:
            return
        done = problem_transition(
            problem_id=problem.pk, name="report_progress", acting_user=user, inputs={"percent": percent, "text": text, "uncertain": risk}
        )
    elif risk != problem.uncertain:
        done = problem_transition(problem_id=problem.pk, name="report_risk", acting_user=user, inputs={"text": text, "uncertain": risk})
    else:
        return
    if isinstance(done, Refusal):
        raise _Refused(done)
    row.problem = done
