"""A file as it was sent, and where it serves as evidence."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class File(models.Model):
    """One upload. Equal bytes sent twice are two rows and one stored file, since each sending is a fact."""

    sm3 = models.CharField("杂凑值", max_length=64, db_index=True)
    size = models.BigIntegerField("字节数")
    media_type = models.CharField("类型", max_length=100)
    name = models.CharField("文件名", max_length=150)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人", related_name="+")
    uploaded_at = models.DateTimeField("上传时间")
    captured_at = models.DateTimeField("拍摄时间", null=True, blank=True)
    device = models.CharField("拍摄设备", max_length=100, blank=True)
    lat = models.FloatField("纬度(WGS 84)", null=True, blank=True)
    lon = models.FloatField("经度(WGS 84)", null=True, blank=True)
    phash = models.CharField("感知杂凑值", max_length=32, blank=True)
    width = models.PositiveIntegerField("宽", null=True, blank=True)
    height = models.PositiveIntegerField("高", null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")


class Band(models.Model):
    """A sixteenth-bit slice of a picture's perceptual hash, so like pictures are found by index.

    Eight slices: two hashes that differ in at most seven bits have at least one slice in common.
    """

    file = models.ForeignKey(File, models.CASCADE, related_name="bands")
    key = models.IntegerField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["key", "file"], name="band_by_key")]

    def __str__(self) -> str:
        return f"{self.key:05x}"


class Evidence(models.Model):
    """A file put to use: for which object, as what, at which point (点位)."""

    class Role(models.TextChoices):
        BEFORE = "before", "整改前照片"
        DURING = "during", "整改中照片"
        AFTER = "after", "整改后照片"
        FORM = "form", "验收销号登记表"
        SUPPORT = "support", "其他支撑材料"
        PLAN = "plan", "整改方案"
        UPPER = "upper", "上级验收文件"
        REPORT = "report", "其他报告"

    file = models.ForeignKey(File, models.PROTECT, verbose_name="文件", related_name="uses")
    object_type = models.CharField("对象类别", max_length=40)
    object_id = models.CharField("对象编号", max_length=64)
    role = models.CharField("材料类别", max_length=10, choices=Role)
    point = models.CharField("点位", max_length=100, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="提交人", related_name="+")
    added_at = models.DateTimeField("提交时间")
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="撤回人", related_name="+", null=True, blank=True
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["object_type", "object_id", "role"], name="evidence_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.point}"
