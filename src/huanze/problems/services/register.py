"""登记: a problem enters the ledger by one of the ways its rules name (XQ-5, XQ-6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from huanze.audit.services import record
from huanze.base import clock
from huanze.evidence import services as evidence
from huanze.evidence.models import File
from huanze.notices.services import notify
from huanze.orgs import selectors as orgs
from huanze.orgs.models import Holding, Organisation, Region, User
from huanze.policies import selectors as policies
from huanze.problems import search
from huanze.problems.inputs import Register, check
from huanze.problems.models import NumberSeries, Participant, Problem, StatusChange
from huanze.problems.services.context import holders_of_hats
from huanze.problems.services.step import Step
from huanze.rules.cycles import belongs_to, quarter
from huanze.rules.lifecycle import AWAITED, Hat, State
from huanze.rules.packs.checking import lacking_for_rectification
from huanze.rules.packs.schema import FormField, Pack, Source, Way
from huanze.rules.verdicts import Refusal

FILES = ("file", "pictures")
SELF_CHECK = "self_check"


def register_problem(
    *,
    acting_user: User,
    data: Mapping[str, Any],
    files: Mapping[str, Sequence[File]] | None = None,
    counted_in: str = "",
) -> Problem | Refusal:
    """Put a problem on the ledger. ``files`` maps a file field of the way's form to stored files.

    ``counted_in`` names the quarter a self-check item counts in, as ``2025Q1``; without it the day of the
    report decides, which only the office may put before today. The version of the rules
    in force today stays with the problem for life (J7).
    """
    given = check(Register, dict(data))
    if isinstance(given, Refusal):
        return given
    today = clock.today()
    region = Region.objects.filter(pk=given.region).first()
    if region is None:
        return _wrong("region", "所在区域", "没有这个区域，请重新选择")
    if given.found_on > today:
        return _wrong("found_on", "发现日期", "不能晚于今天")
    office = orgs.office_of(region)
    adoption = policies.pack_for(region, today)
    if office is None or adoption is None:
        return Refusal("no_rule", f"{region}尚未采用规则包或没有整改办，请联系系统管理员")
    pack = policies.pack(adoption.pack)
    if lacking := lacking_for_rectification(pack):
        return Refusal("no_rule", f"{region}现行的“{pack.title}”没有规定{'、'.join(lacking)}，不能据以登记问题；请采用含整改程序的规则包")
    source = next((s for s in pack.sources if s.key == given.source), None)
    way = pack.way(given.way)
    if source is None or way is None:
        return _wrong(*(("source", "问题来源") if source is None else ("way", "发现途径")), "不在现行规则所列范围内，请重新选择")
    if pack.handed_down and (source.level != office.region.level) != (way == pack.handed_down):
        return _wrong("source", "问题来源", f"“{source.label}”不能按“{way.label}”登记；上级交办的按“{pack.handed_down.label}”，自己发现的按发现途径")
    holding = _registrar(acting_user, office, region, source)
    if isinstance(holding, Refusal):
        return holding
    form = _way_form(way, given.way_form, files or {})
    if isinstance(form, Refusal):
        return form
    if way.key == SELF_CHECK and pack.self_check and not counted_in:
        reported = date.fromisoformat(form["reported_on"]) if form.get("reported_on") else today
        if reported > today or (reported < today and holding.post.organisation_id != office.pk):
            return _wrong("way_form.reported_on", "报送日期", "应为今天；以前报送的，由整改办按收到日期登记")
        counted_in = quarter(belongs_to(pack.self_check.days, reported))
    with transaction.atomic():
        problem = Problem(
            **given.model_dump(exclude={"region", "way_form", "source", "way"}), region=region, region_path=region.path,
            source=source.key, level=source.level, way=way.key, way_form=form, counted_in=counted_in, office=office,
            adoption=adoption, state_since=today, created_by=acting_user, number=next_number(office, today),
        )  # fmt: skip
        put = _put(problem, holding, acting_user, files or {}, way)
        if isinstance(put, Refusal):
            transaction.set_rollback(True)
        return put


def _wrong(field: str, label: str, why: str) -> Refusal:
    return Refusal("inputs", f"{label}：{why}", fields={field: why})


def _registrar(user: User, office: Organisation, region: Region, source: Source) -> Holding | Refusal:
    """Who may register: the office anything of its region; any other body there only what it found itself."""
    holdings = orgs.posts_of(user)
    own = next((h for h in holdings if h.post.organisation_id == office.pk), None)
    if own:
        return own
    lo, hi = orgs.subtree(office.region)
    near = next((h for h in holdings if lo <= h.post.organisation.region.path < hi), None)
    if near is None:
        return Refusal("wrong_actor", f"只有{office}和本区域各单位可以登记{region}的问题", "XQ-6")
    if source.level != office.region.level:
        return Refusal("wrong_actor", f"“{source.label}”由{office}登记，各单位登记自查发现的问题", source.clause, {"source": f"由{office}登记"})
    return near


def _way_form(way: Way, given: Mapping[str, Any], files: Mapping[str, Sequence[File]]) -> dict[str, Any] | Refusal:
    """The way's own fields, checked one by one against the pack."""
    kept: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    known = {f.key: f for f in way.fields}
    for key in set(given) - set(known):
        wrong[f"way_form.{key}"] = f"“{way.label}”没有这一项"
    for field in way.fields:
        if field.kind in FILES:
            kept[field.key] = [f.name for f in files.get(field.key, ())]
            if field.required and not kept[field.key]:
                wrong[f"way_form.{field.key}"] = f"请上传{field.label}"
            continue
        value, why = _value(field, given.get(field.key))
        if why:
            wrong[f"way_form.{field.key}"] = why
        kept[field.key] = value
    if wrong:
        labels = {f"way_form.{k}": f.label for k, f in known.items()}
        return Refusal("inputs", "；".join(f"{labels.get(k, k)}：{v}" for k, v in wrong.items()), way.clause, wrong)
    return kept


def _value(field: FormField, value: Any) -> tuple[Any, str]:
    """The value as kept, and what is wrong with it."""
    text = str(value if value is not None else "").strip()
    if not text:
        return "", "必填" if field.required else ""
    if field.kind == "date":
        try:
            return date.fromisoformat(text).isoformat(), ""
        except ValueError:
            return text, "日期格式应为2026-01-31"
    if field.kind == "number" and not text.replace(".", "", 1).isdigit():
        return text, "应为数字"
    return (text, "") if len(text) <= 2000 else (text[:2000], "内容太长")


def next_number(office: Organisation, day: date) -> str:
    """The office's next number of the year, as ``341203-2026-0001`` (a park's office has its id for a code)."""
    NumberSeries.objects.get_or_create(office=office, year=day.year)
    series = NumberSeries.objects.select_for_update().get(office=office, year=day.year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{office.region.code or f'B{office.pk}'}-{day.year}-{series.last:04d}"


def _put(problem: Problem, holding: Holding, user: User, files: Mapping[str, Sequence[File]], way: Way) -> Problem | Refusal:
    problem.save()
    Participant.objects.create(problem=problem, organisation=holding.post.organisation, role=Participant.Role.FINDER)
    search.index([problem])
    labels = {f.key: f.label for f in way.fields}
    for key, kept in files.items():
        for file in kept:
            kept_as = evidence.attach(
                file=file, object_type="problem", object_id=problem.pk, role="support", note=labels.get(key, key), acting_user=user
            )
            if isinstance(kept_as, Refusal):
                return kept_as
    said = {"source": problem.source, "way": problem.way, "number": problem.number}
    StatusChange.objects.create(
        problem=problem, name="register", from_state="", to_state=State.REGISTERED, day=problem.state_since, at=clock.now(),
        actor=user, post=holding.post, hat=Hat.OFFICE if holding.post.organisation_id == problem.office_id else "finder",
        inputs=said, clause=way.clause,
    )  # fmt: skip
    record(
        action="problem.register", object_type="problem", object_id=str(problem.pk), actor=user.username, actor_name=user.name,
        hat=str(holding.post), payload=said | {"title": problem.title, "clause": way.clause},
    )  # fmt: skip
    notify(
        recipients=holders_of_hats(problem, AWAITED[State.REGISTERED]) - {user.pk}, subject_type="problem", subject_id=problem.pk,
        kind="register", text=f"{problem.number} {problem.title}：登记", url=f"/problems/{problem.pk}/", clause=way.clause, day=problem.state_since,
    )  # fmt: skip
    return problem


def register_rebound(step: Step) -> Problem | Refusal:
    """A new problem for what came back, linked to the closed one; it lives under the rules of today."""
    old, given = step.problem, step.inputs
    if given.found_on > step.today or (old.closed_on and given.found_on < old.closed_on):
        return _wrong("found_on", "发现日期", "应在原问题销号之后、今天之前")
    adoption = policies.pack_for(old.region, step.today)
    if adoption is None:
        return Refusal("no_rule", f"{old.region}尚未采用规则包，请联系系统管理员")
    pack = policies.pack(adoption.pack)
    if lacking := lacking_for_rectification(pack):
        return Refusal("no_rule", f"{old.region}现行的“{pack.title}”没有规定{'、'.join(lacking)}，不能据以立新案")
    way = _other_way(pack)
    problem = Problem(
        number=next_number(old.office, step.today), title=given.title, description=given.description, region=old.region,
        region_path=old.region_path, place=old.place, lat=old.lat, lon=old.lon, source=old.source, level=old.level,
        round=old.round, batch=old.batch, source_document=old.source_document, way=way.key, way_form={}, found_on=given.found_on,
        field=old.field, office=old.office, adoption=adoption, state_since=step.today, created_by=step.user, rebound_of=old,
    )  # fmt: skip
    holding = next(h for h in orgs.posts_of(step.user) if h.post.organisation_id == old.office_id)
    return _put(problem, holding, step.user, {}, way)


def _other_way(pack: Pack) -> Way:
    """The last way of the list is the document's catch-all: found by other means."""
    return next((w for w in pack.ways if w.key == "other"), pack.ways[-1])
