"""Acceptance, signatures and publicity of one attempt (XQ-16 to XQ-18, ZB)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from huanze.base import clock
from huanze.orgs.models import Organisation, Post
from huanze.problems.models.problem import Problem


class Acceptance(models.Model):
    """One attempt: applied for, gathered, passed or failed. ``due_on``: acceptors gathered by then (XQ-17)."""

    class Outcome(models.TextChoices):
        OPEN = "open", "进行中"
        PASSED = "passed", "合格"
        FAILED = "failed", "不合格"
        RETURNED = "returned", "退回补正"
        WITHDRAWN = "withdrawn", "已撤回"

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="acceptances")
    attempt = models.PositiveSmallIntegerField("第几次")
    preliminary = models.BooleanField("预验收", default=False)
    lead = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="牵头监管（验收）单位")
    applied_on = models.DateField("申请日期")
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    statement = models.TextField("整改完成情况")
    due_on = models.DateField("组织验收时限")
    due_provisional = models.BooleanField("时限暂定", default=False)
    gathered_on = models.DateField("组织验收日期", null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN)
    outcome_on = models.DateField("结论日期", null=True)
    opinion = models.TextField("验收意见", blank=True)
    dissent_answer = models.TextField("对不同意见的处理", blank=True)
    upper_document = models.CharField("上级验收文号", max_length=100, blank=True)
    upper_opinion = models.TextField("上级验收意见", blank=True)
    filing_number = models.CharField("备案号", max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["problem", "attempt"], name="one_acceptance_an_attempt")]
        indexes = [models.Index(fields=["outcome", "due_on"], name="acceptance_clock")]


class AcceptorView(models.Model):
    """What one accepting unit said; a later view replaces it on screen, never in the record."""

    class Verdict(models.TextChoices):
        PASS = "pass", "同意通过"
        FAIL = "fail", "不同意通过"

    acceptance = models.ForeignKey(Acceptance, models.CASCADE, related_name="views")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    verdict = models.CharField("结论", max_length=4, choices=Verdict)
    opinion = models.TextField("意见")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]


class Signature(models.Model):
    """A name put to an acceptance: the head's with the seal, the leader's in charge."""

    class Step(models.TextChoices):
        HEAD = "sign", "牵头单位主要负责人签字盖章"
        LEADER = "confirm", "分管领导签字确认"

    acceptance = models.ForeignKey(Acceptance, models.CASCADE, related_name="signatures")
    step = models.CharField(max_length=8, choices=Step)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    opinion = models.TextField("意见", blank=True)
    sealed = models.BooleanField("已盖章", default=False)
    refused = models.BooleanField("不予签字", default=False)
    day = models.DateField("日期")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]


class Publicity(models.Model):
    """The days on which a finished rectification is shown to the public; both ends included (ZB)."""

    acceptance = models.OneToOneField(Acceptance, models.CASCADE, related_name="publicity")
    starts_on = models.DateField("公示开始")
    ends_on = models.DateField("公示结束")
    ends_provisional = models.BooleanField("暂定", default=False)
    channel = models.CharField("公示渠道", max_length=200)
    phone = models.CharField("联系电话", max_length=40)
    opinion = models.TextField("自我验收意见")


class Objection(models.Model):
    publicity = models.ForeignKey(Publicity, models.CASCADE, related_name="objections")
    received_on = models.DateField("收到日期")
    text = models.TextField("异议内容")
    answered_on = models.DateField("答复日期", null=True)
    answer = models.TextField("答复", blank=True)
    upheld = models.BooleanField("异议成立", default=False)

    class Meta:
        ordering = ["id"]
