"""Regions, organisations, posts and the people who hold them.

Work is owed by posts, never by persons: when a person leaves, the work stays where it is.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from treebeard.mp_tree import MP_Node

from huanze.base import clock


class Region(MP_Node):  # type: ignore[misc]
    """A place in the tree province, city, county, town. A park has no GB/T 2260 code of its own."""

    class Level(models.TextChoices):
        NATION = "nation", "国家"
        PROVINCE = "province", "省"
        CITY = "city", "市"
        COUNTY = "county", "县（市、区）"
        TOWN = "town", "镇（街道）"
        PARK = "park", "园区"

    name = models.CharField("名称", max_length=60)
    code = models.CharField("行政区划代码", max_length=12, blank=True, db_index=True)
    level = models.CharField("层级", max_length=10, choices=Level)

    node_order_by: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A unit that can be responsible, accept, approve or oversee."""

    class Kind(models.TextChoices):
        PARTY_COMMITTEE = "party_committee", "党委"
        GOVERNMENT = "government", "政府"
        LEADING_GROUP = "leading_group", "整改工作领导小组"
        COMMISSION_OFFICE = "commission_office", "整改工作领导小组办公室（环委会办公室）"
        DEPARTMENT = "department", "部门"
        TOWN = "town", "镇（街道）"
        PARK = "park", "园区"
        DISCIPLINE = "discipline", "纪委监委"
        CONGRESS = "congress", "人大"
        CPPCC = "cppcc", "政协"
        SUPERVISION_OFFICE = "supervision_office", "督查室"
        COURT = "court", "法院"
        PROCURATORATE = "procuratorate", "检察院"
        OTHER = "other", "其他单位"

    name = models.CharField("全称", max_length=100)
    short_name = models.CharField("简称", max_length=40)
    kind = models.CharField("类别", max_length=20, choices=Kind)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="所在区域", related_name="organisations")
    active = models.BooleanField("在用", default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="organisation_named_once_in_region")]
        indexes = [models.Index(fields=["region", "kind"], name="organisation_by_kind")]

    def __str__(self) -> str:
        return self.short_name


class InnerUnit(models.Model):
    """科室、股、处室: where work inside an organisation lands."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="inner_units")
    name = models.CharField("名称", max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="inner_unit_named_once")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post in an organisation. ``fields`` are the fields of work a leader is in charge of (分管领域)."""

    class Rank(models.TextChoices):
        HEAD = "head", "主要负责人"
        DEPUTY = "deputy", "分管负责人"
        LIAISON = "liaison", "联络员（经办人）"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    inner_unit = models.ForeignKey(InnerUnit, models.SET_NULL, null=True, blank=True, related_name="posts")
    title = models.CharField("职务", max_length=60)
    rank = models.CharField("职级", max_length=10, choices=Rank)
    fields = models.JSONField("分管领域", default=list, blank=True)
    active = models.BooleanField("在用", default=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "rank"], name="post_by_rank")]

    def __str__(self) -> str:
        return f"{self.organisation}{self.title}"


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person's account. ``admin_role`` makes an administrator of it, and then no post may be held (三员分立)."""

    class AdminRole(models.TextChoices):
        SYSTEM = "system", "系统管理员"
        SECURITY = "security", "安全保密管理员"
        AUDIT = "audit", "安全审计员"

    username = models.CharField("用户名", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40)
    phone = models.CharField("手机号", max_length=20, blank=True)
    email = models.EmailField("电子邮箱", blank=True)
    admin_role = models.CharField("管理员类别", max_length=10, choices=AdminRole, blank=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须修改初始密码", default=False)
    created_at = models.DateTimeField("建立时间", default=clock.now)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if fields is None or "admin_role" in fields:
            self.refuse_administrator_with_post()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        self.refuse_administrator_with_post()

    def refuse_administrator_with_post(self) -> None:
        """GB/T 22239 8.1.4: an administrator does no business. A trigger of the database says the same."""
        if self.admin_role and self.pk and self.holdings.exists():
            raise ValidationError({"admin_role": "该账号任有或者任过职务，不能兼任管理员，请为管理员另建专用账号"})

    @property
    def is_administrator(self) -> bool:
        return bool(self.admin_role)


class HoldingQuerySet(models.QuerySet["Holding"]):
    def on(self, day: date) -> HoldingQuerySet:
        """Holdings in force on a day, both ends included."""
        return self.filter(Q(until_day=None) | Q(until_day__gte=day), from_day__lte=day, user__is_active=True, post__active=True)


class Holding(models.Model):
    """A person holds a post from a day to a day; ``delegated_from`` names the holding it stands in for."""

    user = models.ForeignKey(User, models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    from_day = models.DateField("自")
    until_day = models.DateField("至", null=True, blank=True)
    delegated_from = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="delegations", verbose_name="受谁委托")
    reason = models.CharField("事由", max_length=200, blank=True)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_day=None) | Q(until_day__gte=F("from_day")), name="holding_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["user", "from_day"], name="holding_by_user"), models.Index(fields=["post", "from_day"], name="holding_by_post")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.refuse_administrator()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        self.refuse_administrator()

    def refuse_administrator(self) -> None:
        """The other side of ``User.refuse_administrator_with_post``; a trigger of the database says the same."""
        if self.user.is_administrator:
            raise ValidationError({"user": f"{self.user.name}是{self.user.get_admin_role_display()}，管理员不得担任业务职务"})


class HandOver(models.Model):
    """The open work of a post passed from one person to the next, with a receipt (岗位交接)."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="hand_overs")
    giver = models.ForeignKey(User, models.PROTECT, related_name="hand_overs_given")
    taker = models.ForeignKey(User, models.PROTECT, related_name="hand_overs_taken")
    day = models.DateField("交接日")
    note = models.TextField("交接说明", blank=True)
    items = models.JSONField("交接事项", default=list)
    received_at = models.DateTimeField("接收时间", null=True, blank=True)
