"""Who leads where nobody does (明确牵头部门): raised, units consulted, opinion, decision, publication; dissent is kept (A3)."""

from __future__ import annotations

from django.conf import settings as site_settings
from django.db import models

from huanze.base import clock
from huanze.orgs.models import Organisation, Region
from huanze.policies.models import Adoption

USER = site_settings.AUTH_USER_MODEL


class Determination(models.Model):
    """One matter for which a lead is to be determined. The pack's chain (`chain`) says who decides."""

    class State(models.TextChoices):
        RAISED = "raised", "已提出"
        CONSULTING = "consulting", "征求意见"
        OPINION = "opinion", "已形成意见"
        DECIDED = "decided", "已决定"
        PUBLISHED = "published", "已公开"
        CLOSED = "closed", "不予受理"

    number = models.CharField("编号", max_length=30)
    region = models.ForeignKey(Region, models.PROTECT, related_name="determinations")
    adoption = models.ForeignKey(Adoption, models.PROTECT, related_name="+")
    chain = models.CharField("程序", max_length=40)
    matter = models.CharField("事项", max_length=500)
    why = models.TextField("提出理由")
    raised_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="提出人")
    raised_for = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="提出单位")
    raised_on = models.DateField("提出日期")
    state = models.CharField("状态", max_length=12, choices=State, default=State.RAISED)
    opinion = models.TextField("办公室意见", blank=True)
    proposed_lead = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="建议牵头部门")
    lead = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="determinations_led", verbose_name="牵头部门")
    co_units = models.ManyToManyField(Organisation, related_name="+", verbose_name="配合部门")
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name="决定人")
    decided_hat = models.CharField("职务", max_length=120, blank=True)
    decided_on = models.DateField("决定日期", null=True)
    basis = models.CharField("决定文号", max_length=200, blank=True)
    reason = models.TextField("决定理由", blank=True)
    page_url = models.URLField("公开页面", max_length=500, blank=True)
    published_on = models.DateField("公开日期", null=True)
    closed_why = models.CharField("不予受理的原因", max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "number"], name="determination_numbered_once_a_place")]
        indexes = [models.Index(fields=["region", "state", "id"], name="determination_by_state")]

    def __str__(self) -> str:
        return f"{self.number} {self.matter}"

    @property
    def is_decided(self) -> bool:
        return self.state in (self.State.DECIDED, self.State.PUBLISHED)


class View(models.Model):
    """What a consulted unit wrote. A view that wants another lead than was decided is a dissent and stays on record."""

    class Stance(models.TextChoices):
        SELF = "self", "本单位牵头"
        OTHER = "other", "其他单位牵头"
        NONE = "none", "没有意见"

    determination = models.ForeignKey(Determination, models.CASCADE, related_name="views")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="单位")
    asked_on = models.DateField("征求日期")
    due = models.DateField("答复期限")
    stance = models.CharField("意见", max_length=8, choices=Stance, blank=True)
    proposes = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="建议牵头单位")
    text = models.TextField("书面意见", blank=True)
    given_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name="答复人")
    given_on = models.DateField("答复日期", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["determination", "organisation"], name="view_once_a_unit")]

    @property
    def wants_id(self) -> int | None:
        """The unit that should lead by this view, if it says."""
        return self.organisation_id if self.stance == self.Stance.SELF else self.proposes_id

    @property
    def dissents(self) -> bool:
        """Another lead was decided than this view wanted (不同意见)."""
        return self.determination.is_decided and self.wants_id not in (None, self.determination.lead_id)


class DecisionSignature(models.Model):
    """What one deciding body made of the office's opinion. The chain may name several (省委、省政府): each signs.

    A body that returns the opinion begins a new round; what was signed before stays on record.
    """

    class Result(models.TextChoices):
        PASSED = "passed", "同意"
        RETURNED = "returned", "退回"

    determination = models.ForeignKey(Determination, models.CASCADE, related_name="signatures")
    round = models.PositiveIntegerField("轮次", default=1)
    by = models.CharField("文件用语", max_length=120)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="决定机关")
    result = models.CharField("结果", max_length=10, choices=Result)
    opinion = models.TextField("意见")
    signed_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="签署人")
    hat = models.CharField("职务", max_length=120)
    signed_on = models.DateField("日期")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["determination", "round", "by"], name="decision_signed_once_a_body")]
