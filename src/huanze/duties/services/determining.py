"""A matter nobody leads, until an opinion is formed: raised, taken up, units asked, views written, or closed (A3).

Any unit raises a matter. Whoever does the work under the pack's chain asks units for their views, each with a day, and
forms an opinion when every view is in or its day has passed. A written view is never changed. ``deciding`` goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from huanze.audit.services import record
from huanze.base import clock
from huanze.duties.models import Determination, View
from huanze.duties.selectors.determinations import Standing, place_of, procedure, ruling, standing, view_term
from huanze.notices.services import cancel, notify
from huanze.orgs.models import Holding, Organisation, Post, Region, User
from huanze.orgs.selectors import ancestry, holders_of, holds, subtree
from huanze.rules.calendar import chinese_date
from huanze.rules.verdicts import Refusal

State, Stance = Determination.State, View.Stance
SUBJECT = "determination"
ANYONE: tuple[str, ...] = tuple(Post.Rank)
OPEN = (State.RAISED, State.CONSULTING, State.OPINION)
MATTER, WHY = 500, 300
LONGEST_VIEW = timedelta(days=90)


def url_of(determination: Determination) -> str:
    return f"/leads/determinations/{determination.pk}/"


# ---- raised


@transaction.atomic
def raise_matter(*, organisation: Organisation, matter: str, why: str, acting_user: User) -> Determination | Refusal:
    """Raise a matter that nobody leads, in the name of one's unit. It is numbered in the place its office answers for."""
    hat = holds(acting_user, organisations=[organisation.pk], ranks=ANYONE)
    if hat is None:
        return Refusal("wrong_actor", f"只有{organisation}的人员可以代表{organisation}提出事项")
    matter, why = " ".join(matter.split()), why.strip()
    wrong = _wrong_text({"matter": (matter, MATTER, "事项"), "why": (why, 5_000, "提出理由")})
    if wrong:
        return Refusal("inputs", "；".join(wrong.values()), fields=wrong)
    region = Region.objects.select_for_update().get(pk=place_of(organisation).pk)
    found = ruling(region)
    if found is None:
        return Refusal("no_rule", f"{region.name}施行的制度没有规定由谁明确牵头部门，请由整改办先施行有这一规定的制度")
    same = Determination.objects.filter(region=region, matter=matter).exclude(state=State.CLOSED).first()
    if same is not None:
        return Refusal("already", f"这一事项已经提出，编号{same.number}，现为“{same.get_state_display()}”", fields={"matter": f"已经提出，编号{same.number}"})
    adoption, chain = found
    made = Determination.objects.create(
        number=_number(region), region=region, adoption=adoption, chain=chain, matter=matter, why=why, raised_by=acting_user,
        raised_for=organisation, raised_on=clock.today(),
    )  # fmt: skip
    known = procedure(region, adoption, chain)
    if known.handler:
        tell(made, [known.handler.pk], "lead_raised", f"{organisation}提出{matter}没有部门牵头，请组织研究", known.clause)
    write_down("raise", made, hat, acting_user, {"matter": matter, "chain": chain, "clause": known.clause})
    return made


def _number(region: Region) -> str:
    """The next of the place's year: 2025-牵头-003. The place's row is locked by the caller."""
    year = clock.today().year
    start = f"{year}-牵头-"
    given = Determination.objects.filter(region=region, number__startswith=start).values_list("number", flat=True)
    last = max((int(number.removeprefix(start)) for number in given), default=0)
    return f"{start}{last + 1:03}"


# ---- taken up: units are asked, and answer


@transaction.atomic
def consult(
    *, determination: Determination, organisations: Collection[Organisation], acting_user: User, due: date | None = None
) -> Determination | Refusal:
    """Ask units for their views by a day; without one, by the pack's term or our default. More may be asked later."""
    row, now = lock(determination)
    hat = _handling(row, now, acting_user, (State.RAISED, State.CONSULTING))
    if isinstance(hat, Refusal):
        return hat
    clause = now.procedure.clause_of("consult", "coordinate", "study")
    units = list({o.pk: o for o in organisations}.values())
    day = due or view_term(row.adoption, clock.today()).due
    wrong = _wrong_units(row, units, now) | _wrong_day(day)
    if wrong:
        return Refusal("inputs", "；".join(wrong.values()), clause, wrong)
    View.objects.bulk_create(View(determination=row, organisation=unit, asked_on=clock.today(), due=day) for unit in units)
    row.state = State.CONSULTING
    row.save(update_fields=["state"])
    untell(row, ["lead_raised"], "已征求意见")
    tell(row, [o.pk for o in units], "lead_view_asked", f"请于{day}前就{row.matter}由谁牵头提出书面意见", clause)
    write_down("consult", row, hat, acting_user, {"organisations": [o.pk for o in units], "due": day, "clause": clause})
    return row


def _wrong_units(row: Determination, units: list[Organisation], now: Standing) -> dict[str, str]:
    if not units:
        return {"organisations": "请选择征求意见的单位"}
    asked = {v.organisation_id for v in now.views}
    twice = [o.short_name for o in units if o.pk in asked]
    if twice:
        return {"organisations": f"已经征求过{'、'.join(twice)}的意见"}
    strange = [o.short_name for o in units if not of_the_place(o, row.region)]
    return {"organisations": f"{'、'.join(strange)}不是本地在用的单位"} if strange else {}


def _wrong_day(day: date) -> dict[str, str]:
    today = clock.today()
    if today < day <= today + LONGEST_VIEW:
        return {}
    return {"due": f"答复期限应在明天至{chinese_date(today + LONGEST_VIEW)}之间"}


@transaction.atomic
def give_view(
    *, determination: Determination, stance: str, text: str, acting_user: User, proposes: Organisation | None = None
) -> View | Refusal:
    """Write the view of one's own unit: it leads, another leads, or none. What was written stays as it is."""
    row, now = lock(determination)
    clause = now.procedure.clause_of("consult")
    asked = [v for v in now.views if holds(acting_user, organisations=[v.organisation_id], ranks=ANYONE)]
    if not asked:
        return Refusal("wrong_actor", "没有就这一事项征求您单位的意见", clause)
    view = next((v for v in asked if v.given_on is None), None)
    if view is None:
        return Refusal("already", f"{asked[0].organisation}的意见已于{chinese_date(asked[0].given_on)}由{asked[0].given_by}提出，不能改动", clause)
    if row.state != State.CONSULTING:
        return _wrong_state(row, clause)
    wrong = _wrong_view(view, stance, proposes, text.strip())
    if wrong:
        return Refusal("inputs", "；".join(wrong.values()), clause, wrong)
    hat = holds(acting_user, organisations=[view.organisation_id], ranks=ANYONE)
    view.stance, view.proposes, view.text = stance, proposes, text.strip()
    view.given_by, view.given_on = acting_user, clock.today()
    view.save()
    untell(row, ["lead_view_asked"], "已提出意见", [view.organisation_id])
    if now.procedure.handler:
        tell(row, [now.procedure.handler.pk], f"lead_view_{view.pk}", f"{view.organisation}对{row.number}的意见：{view.get_stance_display()}", clause)
    payload = {"organisation": view.organisation_id, "stance": stance, "proposes": proposes.pk if proposes else None, "clause": clause}
    write_down("view", row, hat, acting_user, payload)
    return view


def _wrong_view(view: View, stance: str, proposes: Organisation | None, text: str) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if stance not in Stance.values:
        wrong["stance"] = "请选择意见"
    if stance == Stance.OTHER and proposes is None:
        wrong["proposes"] = "请写明应由哪个单位牵头"
    if stance == Stance.OTHER and proposes is not None and (proposes.pk == view.organisation_id or not proposes.active):
        wrong["proposes"] = "请选择本单位以外在用的单位；由本单位牵头的，请选“本单位牵头”"
    if stance in (Stance.SELF, Stance.NONE) and proposes is not None:
        wrong["proposes"] = "只有认为应由其他单位牵头时才填写"
    if stance != Stance.NONE and not text:
        wrong["text"] = "请写明理由"
    return wrong


# ---- the opinion, or the end of it


@transaction.atomic
def form_opinion(
    *, determination: Determination, proposed_lead: Organisation, opinion: str, acting_user: User
) -> Determination | Refusal:
    """The office's opinion, once every view is in or its day has passed. It goes to those who decide."""
    row, now = lock(determination)
    hat = _handling(row, now, acting_user, (State.CONSULTING,))
    if isinstance(hat, Refusal):
        return hat
    clause = now.procedure.clause_of("opinion", "coordinate", "study")
    if now.waiting:
        units = "、".join(f"{v.organisation}（{chinese_date(v.due)}前）" for v in now.waiting)
        return Refusal("not_ready", f"尚待答复：{units}；全部答复或者期限届满后再形成意见", clause)
    wrong = {} if opinion.strip() else {"opinion": "请填写意见"}
    if not of_the_place(proposed_lead, row.region):
        wrong["proposed_lead"] = f"{proposed_lead}不是本地在用的单位"
    if wrong:
        return Refusal("inputs", "；".join(wrong.values()), clause, wrong)
    row.proposed_lead, row.opinion, row.state = proposed_lead, opinion.strip(), State.OPINION
    row.save(update_fields=["proposed_lead", "opinion", "state"])
    bodies = [o.pk for body in now.procedure.deciders for o in body.organisations]
    untell(row, None, "已形成意见")
    tell(row, bodies, f"lead_opinion_{now.round}", f"{row.number}拟由{proposed_lead}牵头{row.matter}，请审定", clause, (Post.Rank.HEAD,))
    write_down("opinion", row, hat, acting_user, {"proposed_lead": proposed_lead.pk, "round": now.round, "clause": clause})
    return row


@transaction.atomic
def close(*, determination: Determination, existing_lead: Organisation, why: str, acting_user: User) -> Determination | Refusal:
    """Not taken up, because a unit leads it already: which one, and by what (不予受理)."""
    row, now = lock(determination)
    hat = _handling(row, now, acting_user, (State.RAISED, State.CONSULTING))
    if isinstance(hat, Refusal):
        return hat
    wrong = _wrong_text({"why": (why.strip(), WHY - 60, "现有牵头部门的依据")})
    if wrong:
        return Refusal("inputs", "；".join(wrong.values()), now.procedure.clause, wrong)
    row.state, row.closed_why = State.CLOSED, f"已由{existing_lead.name[:50]}牵头：{why.strip()}"
    row.save(update_fields=["state", "closed_why"])
    untell(row, None, "不予受理")
    told = {row.raised_for_id, *(v.organisation_id for v in now.views)}
    tell(row, told, "lead_closed", f"{row.number}不予受理：{row.closed_why}", now.procedure.clause)
    write_down("close", row, hat, acting_user, {"existing_lead": existing_lead.pk, "why": why.strip()})
    return row


# ---- shared with ``deciding``


def lock(determination: Determination) -> tuple[Determination, Standing]:
    """The row, locked, and where it stands."""
    rows = Determination.objects.select_for_update(of=("self",)).select_related(
        "region", "adoption__pack", "adoption__region", "raised_for", "lead", "proposed_lead"
    ).defer("adoption__pack__content")
    row = rows.get(pk=determination.pk)
    return row, standing(row)


def _handling(row: Determination, now: Standing, user: User, states: Iterable[str]) -> Holding | Refusal:
    handler = now.procedure.handler
    if handler is None:
        return Refusal("unplaced", f"{row.region.name}没有承办明确牵头工作的单位，请系统管理员先建立整改办", now.procedure.clause)
    hat = holds(user, organisations=[handler.pk], ranks=ANYONE)
    if hat is None:
        return Refusal("wrong_actor", f"此项由{handler}办理", now.procedure.clause)
    return hat if row.state in states else _wrong_state(row, now.procedure.clause)


def _wrong_state(row: Determination, clause: str) -> Refusal:
    return Refusal("wrong_state", f"{row.number}现为“{row.get_state_display()}”，不能办理这一步", clause)


def _wrong_text(given: Mapping[str, tuple[str, int, str]]) -> dict[str, str]:
    """By field: what is empty or too long. ``given``: text, longest, name."""
    empty = {name: f"请填写{label}" for name, (text, _, label) in given.items() if not text}
    return empty | {name: f"{label}最多{most}字，现有{len(text)}字" for name, (text, most, label) in given.items() if len(text) > most}


def of_the_place(unit: Organisation, region: Region) -> bool:
    """A unit in use in the place, below it, or above it."""
    lo, hi = subtree(region)
    path = unit.region.path
    return unit.active and (lo <= path < hi or path in ancestry(region))


def tell(
    row: Determination, organisations: Iterable[int], kind: str, text: str, clause: str, ranks: Collection[str] = ANYONE
) -> None:
    people = {u.pk for users in holders_of(list(organisations), ranks).values() for u in users}
    notify(
        recipients=sorted(people), subject_type=SUBJECT, subject_id=row.pk, kind=kind[:40], text=text, url=url_of(row), clause=clause,
        day=clock.today(), again=True,
    )  # fmt: skip


def untell(row: Determination, kinds: Collection[str] | None, why: str, organisations: Collection[int] | None = None) -> None:
    """What was asked of people, of these units or of all, is done: who was not told yet is not told."""
    people = None if organisations is None else [u for users in holders_of(organisations, ANYONE).values() for u in users]
    cancel(subject_type=SUBJECT, subject_id=row.pk, why=why, kinds=kinds, recipients=people)


def write_down(action: str, row: Determination, hat: Holding | None, user: User, payload: Mapping[str, Any]) -> None:
    record(
        action=f"determinations.{action}", object_type=SUBJECT, object_id=row.pk, actor=user.username, actor_name=user.name,
        hat=str(hat.post) if hat else "", payload={"number": row.number, **payload},
    )  # fmt: skip
