"""Pack versions, the places that run under them, and the calendar years that were loaded.

A version is its content hash and never changes (habit 8). A case points at the adoption's version it
started under, so a later version leaves it alone (J7).
"""

from __future__ import annotations

from django.conf import settings as site_settings
from django.db import models

from huanze.base import clock
from huanze.orgs.models import Region


class PackVersion(models.Model):
    """A published rule pack: the whole of it, overlays applied, with the local settings of nobody."""

    code = models.CharField("代码", max_length=40)
    version = models.DateField("版本日期")
    title = models.CharField("名称", max_length=200)
    content_hash = models.CharField("内容摘要", max_length=64, unique=True)
    content = models.TextField("内容")
    published_at = models.DateTimeField("发布时间", default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["code", "version"], name="pack_version_by_code")]

    def __str__(self) -> str:
        return f"{self.title}({self.version.isoformat()})"


class Adoption(models.Model):
    """A region runs under a pack version from a day on, with its own values for what the text leaves open."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="adoptions")
    pack = models.ForeignKey(PackVersion, models.PROTECT, related_name="adoptions")
    from_day = models.DateField("自")
    settings = models.JSONField("本地设定", default=dict)
    decided_by = models.ForeignKey(site_settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="决定人")
    basis = models.CharField("依据", max_length=200)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "from_day"], name="one_adoption_a_region_a_day")]


class CalendarYear(models.Model):
    """Public holidays and make-up days of a year as an administrator loaded them, with the notice cited."""

    year = models.PositiveSmallIntegerField("年份", primary_key=True)
    content = models.TextField("内容")
    content_hash = models.CharField("内容摘要", max_length=64)
    notice = models.CharField("依据", max_length=200)
    loaded_by = models.ForeignKey(site_settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField(default=clock.now)
