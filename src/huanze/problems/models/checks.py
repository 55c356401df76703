"""Checks on the spot, supervision led by leaders, and looking back after the end."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from huanze.base import clock
from huanze.orgs.models import Organisation
from huanze.problems.models.acceptance import Acceptance
from huanze.problems.models.problem import Problem


class SpotCheck(models.Model):
    """明查暗访 led by people's-congress or CPPCC leaders, with the letter of findings (XQ-10)."""

    class Form(models.TextChoices):
        OPEN = "open", "明查"
        COVERT = "covert", "暗访"

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="spot_checks")
    day = models.DateField("日期")
    form = models.CharField("方式", max_length=6, choices=Form)
    led_by = models.CharField("带队领导", max_length=60)
    participants = models.CharField("参加单位", max_length=200)
    findings = models.TextField("检查情况")
    letter_to = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="函告单位")
    letter_number = models.CharField("函告文号", max_length=60, blank=True)
    major = models.BooleanField("重大问题", default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["day", "id"]


class LeaderSupervision(models.Model):
    """领衔督办: a leader of the congress or the CPPCC takes a named problem (XQ-12)."""

    class Body(models.TextChoices):
        CONGRESS = "congress", "人大"
        CPPCC = "cppcc", "政协"

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="leader_supervisions")
    body = models.CharField("机关", max_length=10, choices=Body)
    leader = models.CharField("领衔领导", max_length=60)
    started_on = models.DateField("开始日期")
    scheme = models.TextField("督办方案")
    result = models.TextField("督办情况", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["started_on", "id"]


class LookBack(models.Model):
    """回头看 of a closed problem; a rebound opens a new problem that points back.

    Who applied and who accepted answers for it (XQ-18): ``fault`` says what went wrong with ``acceptance``, the last
    attempt, and ``answerable`` is the unit on which that falls, nobody where there is no fault.
    """

    class Finding(models.TextChoices):
        STEADY = "steady", "整改成效稳定"
        REBOUND = "rebound", "出现反弹"

    class Fault(models.TextChoices):
        NONE = "none", "无责任"
        UNFINISHED = "unfinished", "未彻底完成即申请验收"
        LAX = "lax", "验收把关不严"

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="look_backs")
    day = models.DateField("日期")
    finding = models.CharField("结论", max_length=8, choices=Finding)
    text = models.TextField("核查情况")
    fault = models.CharField("责任认定", max_length=10, choices=Fault, default=Fault.NONE)
    acceptance = models.ForeignKey(Acceptance, models.CASCADE, related_name="look_backs", verbose_name="所涉验收")
    answerable = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="责任单位")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["day", "id"]

    @property
    def fault_clause(self) -> str:
        """The paragraph of the rules that names the unit answerable."""
        return {"unfinished": "XQ-18/1", "lax": "XQ-18/2"}.get(self.fault, "")
