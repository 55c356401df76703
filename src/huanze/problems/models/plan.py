"""The rectification plan as a list (XQ-7), locked once decided, changed only on request."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from huanze.base import clock
from huanze.problems.models.problem import Problem


class Plan(models.Model):
    class Kind(models.TextChoices):
        IMMEDIATE = "immediate", "立行立改"
        LONG_TERM = "long_term", "长期整改"
        LEGACY = "legacy", "历史遗留"

    problem = models.OneToOneField(Problem, models.CASCADE, related_name="plan")
    kind = models.CharField("任务类型", max_length=10, choices=Kind, default=Kind.IMMEDIATE)
    target = models.TextField("目标任务", blank=True)
    deadline = models.DateField("完成时限", null=True, blank=True)
    risk_control = models.TextField("风险防控措施", blank=True)
    common = models.BooleanField("共性问题", default=False)
    mechanism = models.TextField("长效机制", blank=True)
    inference = models.TextField("举一反三措施", blank=True)
    version = models.PositiveSmallIntegerField("版本", default=1)
    approved_on = models.DateField("审定日期", null=True, blank=True)
    approval_document = models.CharField("印发文号", max_length=100, blank=True)
    updated_at = models.DateTimeField(default=clock.now)

    @property
    def locked(self) -> bool:
        return self.approved_on is not None


class PlanItem(models.Model):
    """A measure, a step of the backward schedule, or a stage target; measures pair with progress one by one (ZB)."""

    class Kind(models.TextChoices):
        MEASURE = "measure", "重点措施"
        STEP = "step", "倒排计划"
        STAGE = "stage", "阶段目标"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="items")
    kind = models.CharField(max_length=8, choices=Kind)
    no = models.PositiveSmallIntegerField("序号")
    text = models.TextField("内容")
    due = models.DateField("时限", null=True, blank=True)
    progress = models.TextField("落实情况", blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "kind", "no"], name="plan_item_numbered_once")]
        ordering = ["kind", "no"]


class ChangeRequest(models.Model):
    """A request to change a locked plan, to extend it or to reorder the acceptors, with before and after (E5)."""

    class Kind(models.TextChoices):
        PLAN = "plan", "调整方案"
        EXTENSION = "extension", "延期"
        REORDER = "reorder", "调整验收单位顺序"

    class State(models.TextChoices):
        OPEN = "open", "待审定"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"
        WITHDRAWN = "withdrawn", "已撤回"

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="change_requests")
    kind = models.CharField("类型", max_length=10, choices=Kind)
    count = models.PositiveSmallIntegerField("第几次")
    before = models.JSONField("调整前")
    after = models.JSONField("调整后")
    reason = models.TextField("理由")
    lowered = models.JSONField("降低标准之处", default=list)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_on = models.DateField("申请日期")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField("审定日期", null=True)
    opinion = models.TextField("审定意见", blank=True)
    override_reason = models.TextField("特别理由", blank=True)
    document = models.CharField("批准文号", max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["problem"], condition=Q(state="open"), name="one_open_change")]
        ordering = ["id"]
