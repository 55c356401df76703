"""The chain as rows. Triggers of the first migration refuse to change or remove any of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One act. It knows the actor only as text, so it outlives accounts and posts."""

    seq = models.BigIntegerField("序号", primary_key=True)
    at = models.DateTimeField("时间")
    actor = models.CharField("用户名", max_length=40)
    actor_name = models.CharField("姓名", max_length=40, blank=True)
    hat = models.CharField("身份", max_length=100, blank=True)
    action = models.CharField("操作", max_length=60)
    object_type = models.CharField("对象类别", max_length=40)
    object_id = models.CharField("对象编号", max_length=64)
    payload = models.TextField("内容")
    prev = models.CharField("前一条的杂凑值", max_length=64)
    hash = models.CharField("杂凑值", max_length=64)

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["object_type", "object_id", "seq"], name="entry_by_object"),
            models.Index(fields=["actor", "seq"], name="entry_by_actor"),
            models.Index(fields=["action", "seq"], name="entry_by_action"),
            models.Index(fields=["at"], name="entry_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"


class Head(models.Model):
    """Where the chain ends. There is one row; to append is to hold its lock."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField("序号", default=0)
    hash = models.CharField("杂凑值", max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="audit_has_one_head"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash}"


class DailyHead(models.Model):
    """The head as it stood when a legal day was sealed."""

    day = models.DateField("日期", primary_key=True)
    seq = models.BigIntegerField("序号")
    hash = models.CharField("杂凑值", max_length=64)

    class Meta:
        ordering: ClassVar[list[str]] = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.seq} {self.hash}"
