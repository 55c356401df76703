"""Accounts, administrators, and who holds which post when (J6).

The system administrator keeps accounts and gives no rights; the security administrator gives rights and
keeps no accounts; the security auditor only reads the chain. An account is an administrator's or a
person's at work, never both, also not one after the other while holdings are on record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from axes.utils import reset as axes_reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from huanze.base import clock
from huanze.orgs.models import HandOver, Holding, Post, User
from huanze.orgs.structure import invalid, not_administrator, refused, write_down
from huanze.rules.verdicts import Refusal

SYSTEM, SECURITY = User.AdminRole.SYSTEM, User.AdminRole.SECURITY
SYSTEM_USERNAME = "system"
ONE_PERSON = (Post.Rank.HEAD, Post.Rank.DEPUTY)


def _lock(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def system_user() -> User:
    """The named account under which the system itself acts (habit 4). Nobody can sign in with it."""
    user, _ = User.objects.get_or_create(username=SYSTEM_USERNAME, defaults={"name": "系统", "is_active": False, "password": "!"})
    return user


@transaction.atomic
def create_account(
    *, username: str, name: str, password: str, phone: str = "", email: str = "", acting_user: User
) -> User | Refusal:
    """Open an account without any right; its first password must be changed at the first sign-in."""
    if (refusal := not_administrator(acting_user, SYSTEM)) is not None:
        return refusal
    user = User(username=username.strip(), name=name.strip(), phone=phone.strip(), email=email.strip(), must_change_password=True)
    if (refusal := refused(_reserved(user), invalid(user), _weak(password, user))) is not None:
        return refusal
    user.set_password(password)
    user.save()
    write_down("create_account", user, acting_user, {"username": user.username, "name": user.name})
    return user


def _reserved(user: User) -> Refusal | None:
    if user.username.casefold() != SYSTEM_USERNAME:
        return None
    return Refusal("invalid", f"用户名“{SYSTEM_USERNAME}”由系统自己使用", fields={"username": "请另取用户名"})


def _weak(password: str, user: User) -> Refusal | None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        reason = "；".join(error.messages)
        return Refusal("weak_password", reason, fields={"password": reason})
    return None


@transaction.atomic
def found_administrators(*, people: Mapping[str, tuple[str, str, str]]) -> list[User] | Refusal:
    """The first administrators of a new site: kind → (username, name, password). Only while there is none."""
    if set(people) != set(User.AdminRole.values) or len({username for username, _, _ in people.values()}) != len(people):
        return Refusal("invalid", "系统管理员、安全保密管理员、安全审计员应当由三个不同的账号担任")
    if User.objects.exclude(admin_role="").exists():
        return Refusal("already_founded", "系统已有管理员，新的管理员由安全保密管理员任命")
    founded = []
    for role, (username, name, password) in people.items():
        user = User(username=username, name=name, admin_role=role, must_change_password=True)
        if (refusal := refused(_reserved(user), invalid(user), _weak(password, user))) is not None:
            transaction.set_rollback(True)
            return refusal
        user.set_password(password)
        user.save()
        write_down("found_administrator", user, user, {"role": role})
        founded.append(user)
    return founded


@transaction.atomic
def change_contact(*, user: User, phone: str, email: str, acting_user: User) -> User | Refusal:
    """Phone and e-mail: by the person, or by the system administrator."""
    if user.pk != acting_user.pk and (refusal := not_administrator(acting_user, SYSTEM)) is not None:
        return refusal
    locked = _lock(user)
    locked.phone, locked.email = phone.strip(), email.strip()
    if (refusal := invalid(locked)) is not None:
        return refusal
    locked.save(update_fields=["phone", "email"])
    write_down("change_contact", locked, acting_user, {})
    return locked


@transaction.atomic
def set_active(*, user: User, active: bool, acting_user: User) -> User | Refusal:
    """Close an account, or open it again. Who stands in for the person stops standing in the same day."""
    if (refusal := not_administrator(acting_user, SYSTEM)) is not None:
        return refusal
    locked = _lock(user)
    if (refusal := _reserved(locked)) is not None:
        return refusal
    if locked.pk == acting_user.pk:
        return Refusal("not_allowed", "不能停用或者启用自己的账号，请由另一名系统管理员办理")
    if not active and (refusal := _last_of_its_kind(locked)) is not None:
        return refusal
    locked.is_active = active
    locked.save(update_fields=["is_active"])
    if not active:
        for holding in Holding.objects.filter(user=locked):
            _end_stand_ins(holding, clock.today() - timedelta(days=1))
    write_down("set_active", locked, acting_user, {"active": active})
    return locked


@transaction.atomic
def reset_password(*, user: User, password: str, acting_user: User) -> User | Refusal:
    """Set a new first password, which the person must change; every open session of the account ends."""
    if (refusal := not_administrator(acting_user, SYSTEM)) is not None:
        return refusal
    locked = _lock(user)
    if (refusal := _reserved(locked)) is not None:
        return refusal
    if locked.pk == acting_user.pk:
        return Refusal("not_allowed", "不能重置自己的密码，请在“修改密码”中办理")
    if (refusal := _weak(password, locked)) is not None:
        return refusal
    locked.set_password(password)
    locked.must_change_password = True
    locked.save(update_fields=["password", "must_change_password"])
    write_down("reset_password", locked, acting_user, {})
    return locked


@transaction.atomic
def release_lockout(*, username: str, acting_user: User) -> int | Refusal:
    """Let a name that was locked out after wrong passwords try again; returns how many records were cleared."""
    if (refusal := not_administrator(acting_user, SECURITY)) is not None:
        return refusal
    user = User.objects.filter(username=username).first()
    if user is None:
        return Refusal("not_found", f"没有用户名为“{username}”的账号")
    cleared: int = axes_reset(username=username)
    write_down("release_lockout", user, acting_user, {"cleared": cleared})
    return cleared


@transaction.atomic
def set_admin_role(*, user: User, role: str, acting_user: User) -> User | Refusal:
    """Make an account an administrator's (``role``), or an ordinary one again (``""``)."""
    if (refusal := not_administrator(acting_user, SECURITY)) is not None:
        return refusal
    # All of a kind are locked, so that two people cannot take away the last two at once.
    list(User.objects.select_for_update().exclude(admin_role="").order_by("pk").values_list("pk"))
    locked = _lock(user)
    if (refusal := _reserved(locked)) is not None:
        return refusal
    if role and role not in User.AdminRole.values:
        return Refusal("invalid", "没有这一类管理员", fields={"role": "请在列表中选择"})
    if locked.pk == acting_user.pk:
        return Refusal("not_allowed", "不能调整自己的管理员身份，请由另一名安全保密管理员办理")
    if role and locked.admin_role and locked.admin_role != role:
        return Refusal("one_role", f"{locked.name}已是{locked.get_admin_role_display()}，一人只能担任一类管理员，请另建专用账号")
    if role and locked.holdings.exists():
        return Refusal("holds_post", f"{locked.name}任有或者任过业务职务，不能担任管理员，请另建专用账号")
    if not role and (refusal := _last_of_its_kind(locked)) is not None:
        return refusal
    before, locked.admin_role = locked.admin_role, role
    locked.save(update_fields=["admin_role"])
    write_down("set_admin_role", locked, acting_user, {"before": before, "after": role})
    return locked


def _last_of_its_kind(user: User) -> Refusal | None:
    others = User.objects.filter(admin_role=user.admin_role, is_active=True).exclude(pk=user.pk)
    if user.admin_role and user.is_active and not others.exists():
        return Refusal("last_administrator", f"{user.name}是最后一名在用的{user.get_admin_role_display()}，请先任命另一名")
    return None


def _overlap(holdings: Any, first: date, last: date | None) -> Any:
    still = holdings.filter(Q(until_day=None) | Q(until_day__gte=first))
    return still.filter(from_day__lte=last) if last else still


@transaction.atomic
def assign_post(
    *, user: User, post: Post, from_day: date, until_day: date | None = None, reason: str = "", acting_user: User
) -> Holding | Refusal:
    """Give a person a post from a day on. A head's or deputy's post has one holder at a time."""
    if (refusal := not_administrator(acting_user, SECURITY)) is not None:
        return refusal
    person, place = _lock(user), Post.objects.select_for_update().get(pk=post.pk)
    if (refusal := _unfit(person, place, from_day, until_day)) is not None:
        return refusal
    holding = Holding.objects.create(user=person, post=place, from_day=from_day, until_day=until_day, reason=reason.strip())
    payload = {"user": person.username, "post": place.pk, "from": from_day, "until": until_day, "reason": holding.reason}
    write_down("assign_post", holding, acting_user, payload)
    return holding


def _unfit(user: User, post: Post, first: date, last: date | None) -> Refusal | None:
    if (refusal := _reserved(user)) is not None:
        return refusal
    if user.is_administrator:
        return Refusal("is_administrator", f"{user.name}是{user.get_admin_role_display()}，管理员不得担任业务职务，请另选人员")
    if not user.is_active:
        return Refusal("inactive", f"{user.name}的账号已停用，请先由系统管理员启用")
    if not post.active:
        return Refusal("inactive", "该职务已停用，请先由系统管理员启用")
    if last and last < first:
        return Refusal("invalid", "止日不能早于起日", fields={"until_day": "止日不能早于起日"})
    now = _overlap(Holding.objects.filter(post=post, delegated_from=None), first, last)
    if now.filter(user=user).exists():
        return Refusal("already_held", f"{user.name}在这段时间已担任该职务")
    if post.rank in ONE_PERSON and (other := now.select_related("user").first()):
        return Refusal("already_held", f"该职务在这段时间由{other.user.name}担任，请先办理其免职")
    return None


@transaction.atomic
def end_holding(*, holding: Holding, day: date, reason: str = "", acting_user: User) -> Holding | Refusal:
    """Let a person hold a post until ``day``, that day included. Those standing in for them end with it."""
    if (refusal := not_administrator(acting_user, SECURITY)) is not None:
        return refusal
    return _end(holding, day, reason, acting_user, "end_holding", "")


@transaction.atomic
def end_delegation(*, delegation: Holding, day: date, acting_user: User) -> Holding | Refusal:
    """The one who was stood in for takes the work back after ``day``. One that has not begun by then is undone."""
    original = delegation.delegated_from
    if original is None or original.user_id != acting_user.pk:
        return Refusal("not_allowed", "只有委托人本人可以收回委托")
    if day < delegation.from_day:
        write_down("undo_delegation", delegation, acting_user, {"from": delegation.from_day}, str(delegation.post))
        delegation.delete()
        return delegation
    return _end(delegation, day, "", acting_user, "end_delegation", str(delegation.post))


def _end(holding: Holding, day: date, reason: str, acting_user: User, action: str, hat: str) -> Holding | Refusal:
    locked = Holding.objects.select_for_update().get(pk=holding.pk)
    if locked.until_day and locked.until_day < clock.today():
        return Refusal("already_ended", f"该任职已于{locked.until_day.isoformat()}结束")
    if day < locked.from_day:
        return Refusal("invalid", "止日不能早于起日", fields={"day": f"止日不能早于起日{locked.from_day.isoformat()}"})
    before, locked.until_day = locked.until_day, day
    locked.save(update_fields=["until_day"])
    _end_stand_ins(locked, day)
    write_down(action, locked, acting_user, {"before": before, "until": day, "reason": reason.strip()}, hat)
    return locked


def _end_stand_ins(holding: Holding, day: date) -> None:
    later = Holding.objects.filter(delegated_from=holding)
    later.filter(from_day__gt=day).delete()
    later.filter(Q(until_day=None) | Q(until_day__gt=day)).update(until_day=day)


@transaction.atomic
def delegate(*, holding: Holding, to: User, from_day: date, until_day: date, reason: str, acting_user: User) -> Holding | Refusal:
    """The holder of a post lets a colleague of the same organisation stand in, for a time."""
    if holding.user_id != acting_user.pk:
        return Refusal("not_allowed", "只有任职者本人可以委托他人代行")
    original = Holding.objects.select_for_update().select_related("post__organisation").get(pk=holding.pk)
    person = _lock(to)
    if (refusal := refused(_may_not_delegate(original, from_day, until_day), _may_not_stand_in(original, person, from_day, until_day))) is not None:
        return refusal
    made = Holding.objects.create(
        user=person, post=original.post, from_day=from_day, until_day=until_day, delegated_from=original, reason=reason.strip()
    )
    payload = {"to": person.username, "post": original.post_id, "from": from_day, "until": until_day, "reason": made.reason}
    write_down("delegate", made, acting_user, payload, str(original.post))
    return made


def _may_not_delegate(original: Holding, first: date, last: date) -> Refusal | None:
    if original.delegated_from_id:
        return Refusal("no_redelegation", "受托代行的职务不得再委托他人，请由委托人另行委托")
    if first < clock.today():
        return Refusal("invalid", "委托不能追溯", fields={"from_day": "起日不能早于今天"})
    if last < first:
        return Refusal("invalid", "止日不能早于起日", fields={"until_day": "止日不能早于起日"})
    if first < original.from_day or (original.until_day and last > original.until_day):
        return Refusal("invalid", "委托期间超出任职期间", fields={"until_day": "委托期间应当在本人任职期间之内"})
    if _overlap(Holding.objects.filter(delegated_from=original), first, last).exists():
        return Refusal("already_delegated", "这段时间已委托他人代行，请先收回")
    return None


def _may_not_stand_in(original: Holding, person: User, first: date, last: date) -> Refusal | None:
    if person.pk == original.user_id:
        return Refusal("invalid", "不能委托给本人", fields={"to": "请选择本单位其他人员"})
    if person.is_administrator or not person.is_active:
        return Refusal("invalid", f"{person.name}不能受托，其账号是管理员账号或者已停用", fields={"to": "请选择本单位其他人员"})
    own = Holding.objects.filter(user=person, post__organisation=original.post.organisation, post__active=True, delegated_from=None)
    if not own.filter(Q(until_day=None) | Q(until_day__gte=last), from_day__lte=first).exists():
        text = f"{person.name}在委托期间不在{original.post.organisation}任职，只能委托本单位人员"
        return Refusal("other_organisation", text, fields={"to": text})
    return None


@transaction.atomic
def hand_over(
    *, post: Post, giver: User, taker: User, day: date, note: str, items: Sequence[Mapping[str, Any]], acting_user: User
) -> HandOver | Refusal:
    """The leaving holder lists the post's open work for the next one, who must sign for it.

    ``items`` are plain rows as ``{"title": …, "url": …, "due": …}``, given by the room whose work it is.
    """
    if giver.pk != acting_user.pk:
        return Refusal("not_allowed", "岗位交接由移交人本人发起")
    own = Holding.objects.filter(post=post, delegated_from=None)
    if not own.filter(user=giver, from_day__lte=day).exists():
        return Refusal("not_holder", "您没有担任过该职务，不能移交", fields={"post": "请选择本人担任的职务"})
    if giver.pk == taker.pk or not own.filter(Q(until_day=None) | Q(until_day__gte=day), user=taker, user__is_active=True).exists():
        text = f"{taker.name}没有被任命到该职务，请先由安全保密管理员办理任职"
        return Refusal("not_holder", text, fields={"taker": text})
    if HandOver.objects.filter(post=post, giver=giver, taker=taker, received_at=None).exists():
        return Refusal("already_open", f"已有一份移交给{taker.name}的清单等待接收")
    made = HandOver.objects.create(post=post, giver=giver, taker=taker, day=day, note=note.strip(), items=[dict(i) for i in items])
    write_down("hand_over", made, acting_user, {"post": post.pk, "taker": taker.username, "day": day, "items": len(items)}, str(post))
    return made


@transaction.atomic
def receive_hand_over(*, hand_over: HandOver, acting_user: User) -> HandOver | Refusal:
    """The next holder signs for the list, once."""
    locked = HandOver.objects.select_for_update().get(pk=hand_over.pk)
    if locked.taker_id != acting_user.pk:
        return Refusal("not_allowed", "岗位交接由接收人本人签收")
    if locked.received_at:
        return Refusal("already_received", "该清单已签收，不需要重复办理")
    locked.received_at = clock.now()
    locked.save(update_fields=["received_at"])
    write_down("receive_hand_over", locked, acting_user, {"items": len(locked.items)}, str(locked.post))
    return locked
