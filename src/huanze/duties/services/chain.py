"""A version on its way: signed step by step, sent back, published, and its public page confirmed (A2, B1).

The steps are the pack's (``selectors.course``). Each is signed by a named person with an opinion; nobody signs out of
turn, twice, or for a body he has no post in. Publication ends the version before it and opens the duty to update the
public page, which stays open until a person confirms the page.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from huanze.base import clock
from huanze.duties.models import ChainStep, ListVersion
from huanze.duties.selectors.course import DRAFT, PUBLISH, Course, Signer, Step, course, hat_for
from huanze.duties.selectors.lists import BREAKDOWN_DUTY, PAGE_DUTY, SUBJECT
from huanze.duties.services.lists import lock, url_of, write_down
from huanze.notices.services import cancel, notify
from huanze.obligations import services as obligations
from huanze.orgs.models import Holding, Post, User
from huanze.orgs.selectors import holders_of, holds, office_of
from huanze.policies import selectors as policies
from huanze.policies.services import FARTHEST
from huanze.rules.calendar import chinese_date
from huanze.rules.deadlines import Due, due
from huanze.rules.packs.schema import Pack
from huanze.rules.verdicts import Refusal

State = ListVersion.State
UPDATE_CLOCK, BREAKDOWN_FORM = "list_update", "breakdown"
DAY = timedelta(days=1)
WEB = URLValidator(schemes=["http", "https"])


@transaction.atomic
def sign(*, version: ListVersion, step: str, opinion: str, acting_user: User) -> ListVersion | Refusal:
    """Pass ``step`` in the name of the body the person leads. The last approval makes the version ready to publish."""
    locked = lock(version.pk)
    found = _turn(locked, step, acting_user)
    if isinstance(found, Refusal):
        return found
    now, signer, hat, standing = found
    if step == PUBLISH:
        return Refusal("wrong_state", "公开由本部门填写生效日期后办理，请在“公开”页面办理")
    if not opinion.strip():
        return Refusal("inputs", "请填写意见", now.clause, {"opinion": "请填写意见"})
    if step == DRAFT and not locked.items.exists():
        return Refusal("not_ready", "清单还没有事项，请先填写事项再报送", now.clause)
    _signature(standing, now, signer, hat, acting_user, opinion, ChainStep.Result.PASSED)
    _advance(locked)
    write_down("sign", locked, acting_user, hat, {"step": step, "by": signer.name, "opinion": opinion.strip(), "clause": now.clause})
    return locked


@transaction.atomic
def send_back(*, version: ListVersion, step: str, opinion: str, acting_user: User) -> ListVersion | Refusal:
    """Send a version back to the draft from an approving step. A new round begins; what was signed stays on record."""
    locked = lock(version.pk)
    found = _turn(locked, step, acting_user)
    if isinstance(found, Refusal):
        return found
    now, signer, hat, standing = found
    if step in (DRAFT, PUBLISH):
        return Refusal("wrong_state", f"“{now.label}”由本部门办理，没有退回；不再办理的，请撤回这一版")
    if not opinion.strip():
        return Refusal("inputs", "请填写退回的理由和修改要求", now.clause, {"opinion": "请填写退回的理由和修改要求"})
    _signature(standing, now, signer, hat, acting_user, opinion, ChainStep.Result.RETURNED)
    locked.state = State.DRAFT
    locked.save(update_fields=["state"])
    cancel(subject_type=SUBJECT, subject_id=locked.pk, why="已退回")
    _tell(locked, [locked.item_list.organisation_id], tuple(Post.Rank), "list_returned", f"{locked}被退回：{opinion.strip()}", now.clause)
    write_down("send_back", locked, acting_user, hat, {"step": step, "by": signer.name, "opinion": opinion.strip(), "clause": now.clause})
    return locked


@transaction.atomic
def publish(*, version: ListVersion, from_day: date, opinion: str, acting_user: User, page_url: str = "") -> ListVersion | Refusal:
    """Put an approved version in force from a day on. The former one ends the day before."""
    locked = lock(version.pk)
    found = _turn(locked, PUBLISH, acting_user)
    if isinstance(found, Refusal):
        return found
    now, signer, hat, standing = found
    former = ListVersion.objects.filter(item_list=locked.item_list, state=State.PUBLISHED, until_day=None).first()
    wrong = _unfit(former, from_day, opinion, page_url)
    if wrong:
        return Refusal("inputs", "；".join(wrong.values()), now.clause, wrong)
    _signature(standing, now, signer, hat, acting_user, opinion, ChainStep.Result.PASSED)
    if former is not None:
        ListVersion.objects.filter(pk=former.pk).update(until_day=from_day - DAY)
    locked.state, locked.from_day, locked.page_url = State.PUBLISHED, from_day, page_url.strip()
    locked.save(update_fields=["state", "from_day", "page_url"])
    _open_duties(locked, acting_user)
    text = f"{locked}自{chinese_date(from_day)}起施行，请更新公开页面，并把各事项落实到科室和责任人"
    _tell(locked, [locked.item_list.organisation_id], tuple(Post.Rank), "list_published", text, now.clause)
    write_down("publish", locked, acting_user, hat, {"from": from_day, "ends": former.number if former else None, "clause": now.clause})
    return locked


@transaction.atomic
def confirm_page(*, version: ListVersion, url: str, day: date, acting_user: User) -> ListVersion | Refusal:
    """Say on which day the public page shows this version; that settles the duty to update it, this one's and the earlier ones'."""
    locked = lock(version.pk)
    hat = holds(acting_user, organisations=[locked.item_list.organisation_id], ranks=list(Post.Rank))
    if hat is None:
        return Refusal("wrong_actor", f"公开页面由{locked.item_list.organisation}的人员确认")
    if locked.state != State.PUBLISHED:
        return Refusal("wrong_state", f"第{locked.number}版{locked.get_state_display()}，公开以后才能确认页面")
    if locked.page_day:
        return Refusal("already", f"公开页面已于{chinese_date(locked.page_day)}确认更新")
    wrong = _bad_url(url, required=True)
    signed = locked.steps.filter(step=PUBLISH, result=ChainStep.Result.PASSED).values_list("signed_on", flat=True).last()
    first = min(d for d in (signed, locked.from_day) if d)
    if not first <= day <= clock.today():
        wrong["day"] = f"更新日期应在{chinese_date(first)}至今天之间"
    if wrong:
        return Refusal("inputs", "；".join(wrong.values()), fields=wrong)
    locked.page_url, locked.page_day = url.strip(), day
    locked.save(update_fields=["page_url", "page_day"])
    settle(locked, PAGE_DUTY, f"第{locked.number}版已于{chinese_date(day)}在公开页面更新", acting_user)
    write_down("confirm_page", locked, acting_user, hat, {"url": locked.page_url, "day": day})
    return locked


def settle(version: ListVersion, duty: str, note: str, acting_user: User) -> None:
    """What this version's duty and those of the versions before it asked for is done."""
    owed = ListVersion.objects.filter(item_list=version.item_list, number__lte=version.number, state=State.PUBLISHED)
    for pk in owed.order_by("number").values_list("pk", flat=True):
        obligations.settle(subject_type=SUBJECT, subject_id=pk, duty=duty, note=note, acting_user=acting_user)


# ---- inside


def _turn(version: ListVersion, step: str, user: User) -> tuple[Step, Signer, Holding, Course] | Refusal:
    """The step whose turn it is and the person's hat for it, or why he may not sign it now."""
    standing = course(version)
    now = standing.current
    known = next((s for s in standing.steps if s.key == step), None)
    if known is None or now is None:
        return Refusal("wrong_state", f"第{version.number}版{version.get_state_display()}，没有待签署的环节")
    if known.key != now.key:
        return Refusal("wrong_state", f"现在的环节是“{now.label}”，“{known.label}”{'已经签署' if known.done else '还没有轮到'}", known.clause)
    mine = hat_for(now, user)
    return (now, *mine, standing) if mine else _not_his(now, user)


def _not_his(now: Step, user: User) -> Refusal:
    if now.missing:
        names = "、".join(now.missing)
        return Refusal("unplaced", f"本地没有单位对应“{names}”，请由整改办先在“文件用语”中认定", now.clause)
    for signer in now.signers:
        if signer.signed and holds(user, organisations=[unit.pk for unit in signer.organisations], ranks=now.ranks):
            return Refusal("already", f"{signer.name}已由{signer.signed.signed_by}签署，等待其他单位", now.clause)
    rank = "主要负责人" if now.key == DRAFT else "负责人"
    return Refusal("wrong_actor", f"“{now.label}”应由{now.awaits}的{rank}签署", now.clause)


def _signature(standing: Course, now: Step, signer: Signer, hat: Holding, user: User, opinion: str, result: str) -> None:
    ChainStep.objects.create(
        version=standing.version, round=standing.round, step=now.key, label=now.label[:60], by=signer.name[:120], clause=now.clause,
        result=result, opinion=opinion.strip()[:500], signed_by=user, hat=str(hat.post)[:120], signed_on=clock.today(),
    )  # fmt: skip
    people = [person for users in holders_of([unit.pk for unit in signer.organisations]).values() for person in users]
    kinds = [f"list_{now.key}"[:40], "list_returned"]
    cancel(subject_type=SUBJECT, subject_id=standing.version.pk, why="已签署", kinds=kinds, recipients=people)


def _advance(version: ListVersion) -> None:
    """The state after a signature, and word to those whose turn it is."""
    now = course(version).current
    if now is None:
        return
    version.state = State.APPROVED if now.key == PUBLISH else State.DRAFT if now.key == DRAFT else State.IN_CHAIN
    version.save(update_fields=["state"])
    units = [unit.pk for signer in now.waiting for unit in signer.organisations]
    _tell(version, units, now.ranks, f"list_{now.key}", f"{version}待办“{now.label}”", now.clause)
    if now.missing and (office := office_of(version.item_list.region)):
        names = "、".join(now.missing)
        _tell(version, [office.pk], tuple(Post.Rank), "list_unplaced", f"{version}待{names}签署，本地没有单位对应，请认定“{names}”是哪个单位", now.clause)


def _tell(version: ListVersion, organisations: Collection[int], ranks: Collection[str], kind: str, text: str, clause: str) -> None:
    people = {user.pk for users in holders_of(organisations, ranks).values() for user in users}
    notify(
        recipients=sorted(people), subject_type=SUBJECT, subject_id=version.pk, kind=kind[:40], text=text, url=url_of(version), clause=clause,
        day=clock.today(), again=True,
    )  # fmt: skip


def _unfit(former: ListVersion | None, from_day: date, opinion: str, page_url: str) -> dict[str, str]:
    wrong = _bad_url(page_url, required=False, name="page_url")
    if not opinion.strip():
        wrong["opinion"] = "请填写意见"
    if from_day > clock.today() + FARTHEST:
        wrong["from_day"] = "生效日期最晚定在十年以内"
    elif former is not None and former.from_day is not None and from_day <= former.from_day:
        wrong["from_day"] = f"生效日期应当晚于第{former.number}版的{chinese_date(former.from_day)}"
    return wrong


def _bad_url(url: str, *, required: bool, name: str = "url") -> dict[str, str]:
    if not url.strip():
        return {name: "请填写公开页面的网址"} if required else {}
    try:
        WEB(url.strip())
    except ValidationError:
        return {name: "网址应以http://或者https://开头，请核对"}
    return {name: "网址最多500个字"} if len(url.strip()) > 500 else {}


def _open_duties(version: ListVersion, user: User) -> None:
    """A published version owes two things: the public page, and an inner unit and a person for each item."""
    pack = policies.pack(version.adoption.pack)
    unit, by = version.item_list.organisation, _page_due(version, pack)
    signed = next((row.clause for row in version.steps.filter(step=PUBLISH) if row.clause), "")
    obligations.open_one(
        adoption=version.adoption, organisation=unit, duty=PAGE_DUTY, what=f"更新{version}的公开页面", clause=by.term.clause if by else signed,
        subject_type=SUBJECT, subject_id=version.pk, due=by.on if by else None, provisional=bool(by and by.provisional), url=url_of(version),
        publish=True, acting_user=user,
    )  # fmt: skip
    if clause := breakdown_clause(pack):
        obligations.open_one(
            adoption=version.adoption, organisation=unit, duty=BREAKDOWN_DUTY, what=f"把{version}的各事项落实到科室和责任人", clause=clause,
            subject_type=SUBJECT, subject_id=version.pk, due=None, url=f"/duties/{unit.pk}/", acting_user=user,
        )  # fmt: skip


def _page_due(version: ListVersion, pack: Pack) -> Due | None:
    """Counted from the day the list changes, or from today if that lies behind; none where the documents set no term."""
    update = pack.clocks.get(UPDATE_CLOCK)
    if update is None or version.from_day is None:
        return None
    term = update.term(policies.effective_settings(version.adoption))
    return due(term, max(version.from_day, clock.today()), policies.calendar())


def breakdown_clause(pack: Pack) -> str:
    """The clause that asks for an inner unit and a person for each item, if the pack has one."""
    form = pack.forms.get(BREAKDOWN_FORM)
    return form.clause if form else next((duty.clause for duty in pack.duties if duty.key == BREAKDOWN_FORM), "")
