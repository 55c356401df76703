"""The quarterly self-check (XQ-6(二)): opened with the quarter, due on paper and electronically by the cut-off.

A return counts in the quarter only when both versions came by the cut-off day; items of a later one
go on the next quarter's list. A return that was not in is on record as an omission of its unit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from huanze.audit.services import record
from huanze.base import clock
from huanze.evidence import services as evidence
from huanze.evidence.models import Evidence, File
from huanze.notices.models import Notice
from huanze.notices.services import cancel, notify_many
from huanze.orgs.models import Holding, Organisation, Post, User
from huanze.orgs.selectors import holds, organisations_in
from huanze.orgs.services import SYSTEM_USERNAME
from huanze.policies import selectors as policies
from huanze.problems.inputs import Register, check
from huanze.problems.models import Omission, SelfCheckReturn
from huanze.problems.services.happenings import EVERYONE, UNIT, Directory
from huanze.problems.services.register import SELF_CHECK, register_problem
from huanze.rules.cycles import belongs_to, quarter
from huanze.rules.packs.schema import Pack, SelfCheck
from huanze.rules.verdicts import Refusal

SUBJECT = "self_check"
URL = "/self-check/"
DAY = timedelta(days=1)


def quarter_start(cutoff: date) -> date:
    return date(cutoff.year, (cutoff.month - 1) // 3 * 3 + 1, 1)


# ---- opened and closed by the sweep


def run_day(day: date, *, first_ever: bool) -> Counter[str]:
    """What the self-check owes on a legal day: omissions the day after a cut-off, new returns on a quarter's first day."""
    counts, directory = Counter[str](), Directory()
    offices = list(Organisation.objects.filter(kind=Organisation.Kind.COMMISSION_OFFICE, active=True).select_related("region"))
    for office in offices:
        pack = _pack(office, day)
        if pack is None or pack.self_check is None:
            continue
        cutoff = belongs_to(pack.self_check.days, day)
        if day == quarter_start(cutoff) or (first_ever and day > quarter_start(cutoff)):
            counts["self_check_opened"] += _open(office, offices, pack.self_check, cutoff, directory)
        if belongs_to(pack.self_check.days, day - DAY) == day - DAY:
            counts["self_check_missing"] += _close(office, pack.self_check, day - DAY, directory)
    return counts


def _pack(office: Organisation, day: date) -> Pack | None:
    adoption = policies.pack_for(office.region, day)
    return policies.pack(adoption.pack) if adoption else None


@transaction.atomic
def _open(office: Organisation, offices: Sequence[Organisation], rules: SelfCheck, cutoff: date, directory: Directory) -> int:
    rows = [SelfCheckReturn(office=office, organisation=unit, cutoff=cutoff) for unit in _reporters(office, offices, rules.kinds)]
    known = set(SelfCheckReturn.objects.filter(office=office, cutoff=cutoff).values_list("organisation_id", flat=True))
    new = [row for row in rows if row.organisation_id not in known]
    SelfCheckReturn.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        text = f"请于{cutoff}前报送{quarter(cutoff)}自查情况（纸质盖章版和电子版）"
        _tell(office, {row.organisation_id: text for row in new}, "self_check_open", cutoff, quarter_start(cutoff), rules.clause, directory)
        _note("self_check.open", office, cutoff, {"opened": len(new), "clause": rules.clause})
    return len(new)


def _reporters(office: Organisation, offices: Sequence[Organisation], kinds: Sequence[str]) -> Iterator[Organisation]:
    """Units of these kinds in the office's region that no nearer office answers for."""
    nearer = [o.region.path for o in offices if o.region.path != office.region.path and o.region.path.startswith(office.region.path)]
    for unit in organisations_in(office.region, kinds):
        if not any(unit.region.path.startswith(path) for path in nearer):
            yield unit


@transaction.atomic
def _close(office: Organisation, rules: SelfCheck, cutoff: date, directory: Directory) -> int:
    late = [row for row in SelfCheckReturn.objects.filter(office=office, cutoff=cutoff) if not _in_time(row)]
    rows = [
        Omission(
            kind=Omission.Kind.SELF_CHECK, organisation_id=row.organisation_id, office=office, period=quarter(cutoff), day=cutoff + DAY,
            clause=rules.clause, made_good_on=_complete_on(row),
        )
        for row in late
    ]  # fmt: skip
    Omission.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        texts = {row.organisation_id: f"{quarter(cutoff)}自查情况未按期报齐纸质盖章版和电子版" for row in late}
        texts[office.pk] = f"{quarter(cutoff)}自查有{len(rows)}个单位未按期报齐"
        _tell(office, texts, "self_check_missing", cutoff, cutoff + DAY, rules.clause, directory)
        _note("self_check.close", office, cutoff, {"missing": len(rows), "clause": rules.clause})
    return len(rows)


def _tell(
    office: Organisation, texts: Mapping[int, str], kind: str, cutoff: date, day: date, clause: str, directory: Directory
) -> None:
    ids = dict(SelfCheckReturn.objects.filter(office=office, cutoff=cutoff).values_list("organisation_id", "pk"))
    directory.learn((unit, day) for unit in texts)
    notify_many(
        Notice(recipient_id=user, subject_type=SUBJECT, subject_id=ids.get(unit, 0), kind=kind, text=text, url=URL, clause=clause, day=day)
        for unit, text in texts.items()
        for user in directory.people(unit, EVERYONE if unit == office.pk else UNIT, day)
    )


def _note(action: str, office: Organisation, cutoff: date, payload: Mapping[str, Any]) -> None:
    record(
        action=action, object_type=SUBJECT, object_id=f"{office.pk}-{quarter(cutoff)}", actor=SYSTEM_USERNAME, actor_name="系统", hat="system",
        payload={"office": office.pk, "cutoff": cutoff, **payload},
    )  # fmt: skip


# ---- handed in by people


def _complete_on(row: SelfCheckReturn) -> date | None:
    """The day on which the later of the two versions came."""
    return max(row.submitted_on, row.paper_on) if row.submitted_on and row.paper_on else None


def _in_time(row: SelfCheckReturn) -> bool:
    complete = _complete_on(row)
    return complete is not None and complete <= row.cutoff


@dataclass(frozen=True, slots=True)
class Counted:
    """Which quarter's list a return enters if its last version comes on a given day, said in one sentence."""

    quarter: str
    cutoff: date
    in_time: bool
    sentence: str


def preview_counted_in(return_: SelfCheckReturn, on: date | None = None) -> Counted | Refusal:
    """Shown before submission: where the items will count if paper and electronic version are in ``on`` (today)."""
    on = on or clock.today()
    pack = _pack(return_.office, return_.cutoff)
    if pack is None or pack.self_check is None:
        return Refusal("no_rule", f"{return_.office}适用的规则包没有规定季度自查，请联系系统管理员")
    counts_with = belongs_to(pack.self_check.days, on)
    in_time = on <= return_.cutoff
    own = quarter(return_.cutoff)
    if in_time:
        counts_with = return_.cutoff
        text = f"纸质盖章版和电子版均在{return_.cutoff}（含当日）前报到的，列入{own}问题清单。"
    else:
        text = f"已过{own}截止日{return_.cutoff}，所报问题列入下一季度（{quarter(counts_with)}）问题清单。"
    return Counted(quarter(counts_with), counts_with, in_time, text)


def submit_self_check(
    *, return_id: int, acting_user: User, items: Sequence[Mapping[str, Any]] = (), nil: bool = False, electronic: bool = True
) -> SelfCheckReturn | Refusal:
    """Hand in the electronic version. ``items``: ``title, description, region, field`` and, where known,
    ``place, lat, lon, found_on``; ``nil``: nothing was found, which is to be said and not left out.

    The items become registered problems when the stamped paper is in as well.
    """
    with transaction.atomic():
        answer = _submit(return_id, acting_user, items, nil, electronic)
        if isinstance(answer, Refusal):
            transaction.set_rollback(True)
        return answer


def _submit(return_id: int, user: User, items: Sequence[Mapping[str, Any]], nil: bool, electronic: bool) -> SelfCheckReturn | Refusal:
    row = _locked(return_id)
    if row is None:
        return _not_found()
    pack = _pack(row.office, row.cutoff)
    holding = holds(user, organisations=[row.organisation_id], ranks=[Post.Rank.LIAISON, Post.Rank.HEAD])
    if pack is None or pack.self_check is None or holding is None:
        return Refusal("wrong_actor", f"本表应由{row.organisation}的联络员或主要负责人报送", _clause(pack))
    if row.counted_in:
        return Refusal("already", f"已于{_complete_on(row)}报齐，列入{row.counted_in}问题清单，不能修改", _clause(pack))
    if nil == bool(items):
        return Refusal("inputs", "请填写自查问题；没有发现问题的，请勾选零报告", _clause(pack), {"items": "填写问题或勾选零报告，二者选一"})
    if not electronic:
        return Refusal("inputs", "电子版：请确认随表报送电子版", _clause(pack), {"electronic": "请确认报送电子版"})
    today = clock.today()
    wrong = _wrong_items(row, pack, items, today)
    if wrong:
        return Refusal("inputs", "；".join(wrong.values()), _clause(pack), wrong)
    row.items, row.nil, row.electronic = [dict(item) for item in items], nil, True
    row.submitted_on, row.submitted_by = today, user
    row.save()
    kept = _keep_electronic(row, user)
    if isinstance(kept, Refusal):
        return kept
    _record("self_check.submit", row, user, holding, {"items": len(items), "nil": nil, "clause": _clause(pack)})
    return _complete(row, pack, user)


def receive_paper(*, return_id: int, acting_user: User, day: date, scan: File | None = None) -> SelfCheckReturn | Refusal:
    """The office writes down the day on which the stamped paper came, with a scan of it if there is one."""
    with transaction.atomic():
        answer = _receive(return_id, acting_user, day, scan)
        if isinstance(answer, Refusal):
            transaction.set_rollback(True)
        return answer


def _receive(return_id: int, user: User, day: date, scan: File | None) -> SelfCheckReturn | Refusal:
    row = _locked(return_id)
    if row is None:
        return _not_found()
    pack = _pack(row.office, row.cutoff)
    holding = holds(user, organisations=[row.office_id], ranks=list(Post.Rank))
    if pack is None or pack.self_check is None or holding is None:
        return Refusal("wrong_actor", f"纸质版由{row.office}签收", _clause(pack))
    if row.paper_on:
        return Refusal("already", f"纸质盖章版已于{row.paper_on}签收", _clause(pack))
    if not quarter_start(row.cutoff) <= day <= clock.today():
        why = f"应在{quarter_start(row.cutoff)}至今天之间"
        return Refusal("inputs", f"收到日期：{why}", _clause(pack), {"day": why})
    row.paper_on = day
    row.save(update_fields=["paper_on"])
    if scan is not None:
        kept = evidence.attach(file=scan, object_type=SUBJECT, object_id=row.pk, role="form", acting_user=user)
        if isinstance(kept, Refusal):
            return kept
    _record("self_check.paper", row, user, holding, {"day": day, "clause": _clause(pack)})
    return _complete(row, pack, user)


def _locked(return_id: int) -> SelfCheckReturn | None:
    wanted = SelfCheckReturn.objects.select_for_update(of=("self",)).select_related("office__region", "organisation__region")
    return wanted.filter(pk=return_id).first()


def _not_found() -> Refusal:
    return Refusal("not_found", "没有这份自查表，请刷新后再办")


def _clause(pack: Pack | None) -> str:
    return pack.self_check.clause if pack and pack.self_check else ""


def _record(action: str, row: SelfCheckReturn, user: User, holding: Holding, payload: Mapping[str, Any]) -> None:
    said = {"organisation": row.organisation_id, "quarter": quarter(row.cutoff), **payload}
    record(
        action=action, object_type=SUBJECT, object_id=row.pk, actor=user.username, actor_name=user.name, hat=str(holding.post), payload=said
    )


# ---- items become problems


def _problem_data(row: SelfCheckReturn, pack: Pack, item: Mapping[str, Any], reported_on: date, counted_in: str) -> dict[str, Any]:
    """What registration is given for an item: a problem the place found itself, by the way of self-check."""
    source = next((s.key for s in pack.sources if s.level == row.office.region.level), pack.sources[-1].key)
    way = next(w for w in pack.ways if w.key == SELF_CHECK)
    form = {"quarter": counted_in, "reported_on": reported_on.isoformat()}
    return {
        "found_on": reported_on.isoformat(), **item, "source": source, "way": SELF_CHECK,
        "way_form": {f.key: form[f.key] for f in way.fields if f.key in form},
    }  # fmt: skip


def _wrong_items(row: SelfCheckReturn, pack: Pack, items: Sequence[Mapping[str, Any]], today: date) -> dict[str, str]:
    """Every item is checked when it is handed in, though it is registered when the paper is in too."""
    wrong: dict[str, str] = {}
    for no, item in enumerate(items):
        checked = check(Register, _problem_data(row, pack, item, today, quarter(row.cutoff)))
        if isinstance(checked, Refusal):
            wrong |= {f"items.{no}.{where}": f"第{no + 1}项：{checked.reason}" for where in checked.fields}
    return wrong


def _keep_electronic(row: SelfCheckReturn, user: User) -> File | Refusal:
    """The electronic version as a file of its own, so that what was handed in stays as it was."""
    lines = [f"{row.organisation.name} {quarter(row.cutoff)}自查情况", f"报送日期：{row.submitted_on}"]
    lines += [f"{no}. {item['title']}：{item['description']}" for no, item in enumerate(row.items, start=1)] or ["零报告"]
    kept = evidence.store(stream="\n".join(lines).encode(), name=f"{quarter(row.cutoff)}自查情况电子版.txt", acting_user=user)
    if isinstance(kept, Refusal):
        return kept
    attached = evidence.attach(file=kept, object_type=SUBJECT, object_id=row.pk, role="support", acting_user=user)
    return attached if isinstance(attached, Refusal) else kept


def _complete(row: SelfCheckReturn, pack: Pack, user: User) -> SelfCheckReturn | Refusal:
    """Once both versions are in: fix the quarter, make the omission good, register the items."""
    complete = _complete_on(row)
    if complete is None:
        return row
    counted = preview_counted_in(row, complete)
    if isinstance(counted, Refusal):
        return counted
    row.counted_in = counted.quarter
    row.save(update_fields=["counted_in"])
    omitted = Omission.objects.filter(kind=Omission.Kind.SELF_CHECK, organisation_id=row.organisation_id, period=quarter(row.cutoff))
    if counted.in_time:  # the paper came in time and was only written down late: nothing was omitted
        omitted.delete()
    else:
        omitted.filter(made_good_on=None).update(made_good_on=complete)
    cancel(subject_type=SUBJECT, subject_id=row.pk, why="已报齐")
    return _register_items(row, pack, user, complete)


def _register_items(row: SelfCheckReturn, pack: Pack, user: User, complete: date) -> SelfCheckReturn | Refusal:
    """Registered in the name of who handed them in while he holds a post of the unit, else of who completes them."""
    finder = row.submitted_by
    held = finder is not None and holds(finder, organisations=[row.organisation_id], ranks=list(Post.Rank)) is not None
    kept = {e.role: e.file for e in Evidence.objects.filter(object_type=SUBJECT, object_id=str(row.pk)).select_related("file").order_by("pk")}
    files = {key: [kept[role]] for key, role in (("electronic", "support"), ("stamped", "form")) if role in kept}
    for item in row.items:
        made = register_problem(
            acting_user=finder if held and finder else user, data=_problem_data(row, pack, item, complete, row.counted_in),
            files=files, counted_in=row.counted_in,
        )  # fmt: skip
        if isinstance(made, Refusal):
            return made
    return row
