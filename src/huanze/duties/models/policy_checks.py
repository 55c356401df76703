"""A new policy document that touches the environment: does each concrete item name who is responsible and who leads (A4)."""

from __future__ import annotations

from django.conf import settings as site_settings
from django.db import models

from huanze.base import clock
from huanze.orgs.models import Organisation, Region
from huanze.policies.models import Adoption, PolicyDocument

USER = site_settings.AUTH_USER_MODEL


class PolicyCheck(models.Model):
    """One check of one document, drawn from the facts accepted in it at that time."""

    class State(models.TextChoices):
        OPEN = "open", "检查中"
        DONE = "done", "已办结"

    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    adoption = models.ForeignKey(Adoption, models.PROTECT, related_name="+")
    clause = models.CharField("依据", max_length=40)
    document = models.ForeignKey(PolicyDocument, models.PROTECT, related_name="checks")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="起草单位")
    state = models.CharField("状态", max_length=6, choices=State, default=State.OPEN)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="检查人")
    made_at = models.DateTimeField("检查时间", default=clock.now)
    opinion = models.CharField("结论", max_length=500, blank=True)
    closed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name="办结人")
    closed_on = models.DateField("办结日期", null=True)


class CheckedItem(models.Model):
    """A concrete item of the document and what is said of who does it."""

    class Verdict(models.TextChoices):
        FIT = "fit", "责任、牵头均已明确"
        NO_UNIT = "no_unit", "没有责任部门"
        NO_LEAD = "no_lead", "没有牵头部门"
        TWO_LEADS = "two_leads", "不止一个牵头部门"
        NOT_AN_ITEM = "not_an_item", "不是具体事项"

    check_of = models.ForeignKey(PolicyCheck, models.CASCADE, related_name="items")
    no = models.PositiveIntegerField("序号")
    clause = models.CharField("条款", max_length=60)
    start = models.PositiveIntegerField("起")
    end = models.PositiveIntegerField("止")
    text = models.CharField("内容", max_length=500)
    units = models.JSONField("责任部门", default=list)
    leads = models.JSONField("牵头部门", default=list)
    verdict = models.CharField("检查结果", max_length=12, choices=Verdict)
    settled = models.CharField("处理", max_length=300, blank=True)

    class Meta:
        ordering = ["check_of", "no"]
        constraints = [models.UniqueConstraint(fields=["check_of", "no"], name="checked_item_once")]
