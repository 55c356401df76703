"""Regions, organisations, inner units and posts: the system administrator keeps them (J6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models, transaction

from huanze.audit.services import record
from huanze.orgs.models import InnerUnit, Organisation, Post, Region, User
from huanze.rules.verdicts import Refusal

ORDER: Final = tuple(Region.Level)


def not_administrator(acting_user: User, role: str) -> Refusal | None:
    """The refusal for anyone who is not an active administrator of this kind."""
    if acting_user.is_active and acting_user.admin_role == role:
        return None
    return Refusal("not_allowed", f"此项操作只能由{User.AdminRole(role).label}办理，请与其联系")


def refused(*checks: Refusal | None) -> Refusal | None:
    """The first refusal among the checks. A refusal is falsy, so ``or`` would lose it."""
    return next((check for check in checks if check is not None), None)


def write_down(action: str, subject: models.Model, acting_user: User, payload: dict[str, Any], hat: str = "") -> None:
    """The audit entry of one act in this room."""
    record(
        action=f"orgs.{action}",
        object_type=subject._meta.model_name or "",
        object_id=subject.pk,
        actor=acting_user.username,
        actor_name=acting_user.name,
        hat=hat or (User.AdminRole(acting_user.admin_role).label if acting_user.admin_role else ""),
        payload=payload,
    )


def invalid(subject: models.Model) -> Refusal | None:
    """The model's own checks as a refusal with a reason per field."""
    try:
        subject.full_clean(exclude=["path", "depth", "numchild", "password"])
    except ValidationError as error:
        fields = {name: "；".join(texts) for name, texts in error.message_dict.items()}
        return Refusal("invalid", "填写有误：" + "；".join(fields.values()), fields=fields)
    return None


@transaction.atomic
def create_region(*, name: str, level: str, code: str = "", parent: Region | None, acting_user: User) -> Region | Refusal:
    """Add a place below ``parent`` (None: the top). A place lies below a higher level; a park may lack a code."""
    if (refusal := not_administrator(acting_user, User.AdminRole.SYSTEM)) is not None:
        return refusal
    region = Region(name=name.strip(), level=level, code=code.strip())
    if (refusal := invalid(region)) is not None:
        return refusal
    if (refusal := _misplaced(region, parent)) is not None:
        return refusal
    created: Region = Region.objects.add_child(parent, instance=region) if parent else Region.objects.add_root(instance=region)
    write_down("create_region", created, acting_user, {"name": created.name, "level": level, "code": created.code, "path": created.path})
    return created


def _misplaced(region: Region, parent: Region | None) -> Refusal | None:
    if region.code and not (region.code.isascii() and region.code.isdigit()):
        return Refusal("invalid", "行政区划代码只能是数字", "GB/T 2260", {"code": "行政区划代码只能是数字，没有代码的请留空"})
    siblings = Region.objects.get_children(parent) if parent else Region.objects.get_root_nodes()
    if siblings.filter(name=region.name).exists():
        return Refusal("invalid", f"同一上级下已有“{region.name}”", fields={"name": "同一上级下已有同名区域"})
    if parent and ORDER.index(Region.Level(parent.level)) >= min(ORDER.index(Region.Level(region.level)), ORDER.index(Region.Level.TOWN)):
        text = f"{region.get_level_display()}不能设在{parent.get_level_display()}之下"
        return Refusal("invalid", text, fields={"level": text})
    return None


@transaction.atomic
def create_organisation(*, name: str, short_name: str, kind: str, region: Region, acting_user: User) -> Organisation | Refusal:
    """Add a unit in a region."""
    if (refusal := not_administrator(acting_user, User.AdminRole.SYSTEM)) is not None:
        return refusal
    organisation = Organisation(name=name.strip(), short_name=short_name.strip() or name.strip(), kind=kind, region=region)
    if (refusal := invalid(organisation)) is not None:
        return refusal
    organisation.save()
    write_down("create_organisation", organisation, acting_user, {"name": organisation.name, "kind": kind, "region": region.pk})
    return organisation


@transaction.atomic
def change_organisation(
    *, organisation: Organisation, name: str, short_name: str, active: bool, acting_user: User
) -> Organisation | Refusal:
    """Rename a unit, or take it out of use; it stays in the records of what it did."""
    if (refusal := not_administrator(acting_user, User.AdminRole.SYSTEM)) is not None:
        return refusal
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    before = {"name": locked.name, "short_name": locked.short_name, "active": locked.active}
    locked.name, locked.short_name, locked.active = name.strip(), short_name.strip() or name.strip(), active
    if (refusal := invalid(locked)) is not None:
        return refusal
    locked.save()
    after = {"name": locked.name, "short_name": locked.short_name, "active": active}
    write_down("change_organisation", locked, acting_user, {"before": before, "after": after})
    return locked


@transaction.atomic
def create_inner_unit(*, organisation: Organisation, name: str, acting_user: User) -> InnerUnit | Refusal:
    """Add a 科室 or 股 to a unit."""
    if (refusal := not_administrator(acting_user, User.AdminRole.SYSTEM)) is not None:
        return refusal
    unit = InnerUnit(organisation=organisation, name=name.strip())
    if (refusal := invalid(unit)) is not None:
        return refusal
    unit.save()
    write_down("create_inner_unit", unit, acting_user, {"name": unit.name, "organisation": organisation.pk})
    return unit


@transaction.atomic
def create_post(
    *,
    organisation: Organisation,
    title: str,
    rank: str,
    fields: Sequence[str] = (),
    inner_unit: InnerUnit | None = None,
    acting_user: User,
) -> Post | Refusal:
    """Add a post. ``fields`` are the fields of work (分管领域) a leader answers for."""
    if (refusal := not_administrator(acting_user, User.AdminRole.SYSTEM)) is not None:
        return refusal
    if inner_unit and inner_unit.organisation_id != organisation.pk:
        return Refusal("invalid", "内设机构不属于该单位", fields={"inner_unit": "请选择该单位的内设机构"})
    post = Post(
        organisation=organisation, inner_unit=inner_unit, title=title.strip(), rank=rank, fields=[f.strip() for f in fields if f.strip()]
    )
    if (refusal := invalid(post)) is not None:
        return refusal
    post.save()
    write_down("create_post", post, acting_user, {"title": post.title, "rank": rank, "organisation": organisation.pk, "fields": post.fields})
    return post


@transaction.atomic
def set_post_active(*, post: Post, active: bool, acting_user: User) -> Post | Refusal:
    """Take a post out of use or back. Its holdings stay as they are and count only while it is in use."""
    if (refusal := not_administrator(acting_user, User.AdminRole.SYSTEM)) is not None:
        return refusal
    locked = Post.objects.select_for_update().get(pk=post.pk)
    locked.active = active
    locked.save(update_fields=["active"])
    write_down("set_post_active", locked, acting_user, {"active": active})
    return locked
