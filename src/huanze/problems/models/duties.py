"""What recurs around problems: dispatch, self-check, the ladder, and the object for what did not happen."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from huanze.base import clock
from huanze.orgs.models import Organisation
from huanze.problems.models.problem import Participant, Problem


class DispatchRound(models.Model):
    """One month's dispatch of an office (XQ-9). Opened and closed on legal days by the sweep."""

    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    month = models.CharField("月份", max_length=7)
    opens_on = models.DateField("开始")
    cutoff = models.DateField("截止")
    closed = models.BooleanField("已结", default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "month"], name="one_dispatch_a_month")]


class DispatchReturn(models.Model):
    """What one unit owes for one problem in one month: four fields by role (XQ-9)."""

    round = models.ForeignKey(DispatchRound, models.CASCADE, related_name="returns")
    problem = models.ForeignKey(Problem, models.CASCADE, related_name="dispatch_returns")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Participant.Role)
    answers = models.JSONField("内容", default=dict)
    percent = models.PositiveSmallIntegerField("完成比例", null=True)
    submitted_on = models.DateField("提交日期", null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    late = models.BooleanField("逾期", default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "problem", "organisation", "role"], name="one_dispatch_return")]
        indexes = [models.Index(fields=["organisation", "submitted_on"], name="dispatch_owed"), models.Index(fields=["problem"], name="dispatch_of_problem")]


class SelfCheckReturn(models.Model):
    """A unit's quarterly self-check: stamped paper and electronic; late items count in the next quarter (XQ-6(二))."""

    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="self_checks")
    cutoff = models.DateField("截止日")
    submitted_on = models.DateField("提交日期", null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    electronic = models.BooleanField("电子版", default=False)
    paper_on = models.DateField("纸质盖章版收到日期", null=True)
    nil = models.BooleanField("零报告", default=False)
    items = models.JSONField("自查问题", default=list)
    counted_in = models.CharField("计入季度", max_length=7, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "organisation", "cutoff"], name="one_self_check_a_quarter")]


class LadderStep(models.Model):
    """A step of 提示、警示、督办、通报、约谈: proposed by the system, issued by a person (XQ-13).

    ``deadline`` is the deadline it was proposed under: another deadline begins another run of steps.
    """

    class Step(models.TextChoices):
        PROMPT = "prompt", "提示"
        WARN = "warn", "警示"
        SUPERVISE = "supervise", "督办"
        CIRCULATE = "circulate", "通报"
        INTERVIEW = "interview", "约谈"

    class State(models.TextChoices):
        PROPOSED = "proposed", "系统建议"
        ISSUED = "issued", "已发出"
        DISMISSED = "dismissed", "不予采纳"
        LAPSED = "lapsed", "情形已消除"

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="ladder_steps")
    step = models.CharField("步骤", max_length=10, choices=Step)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    deadline = models.DateField("所对应的完成时限", null=True)
    day = models.DateField("建议日")
    because = models.JSONField("理由", default=list)
    clause = models.CharField("依据", max_length=40)
    issued_on = models.DateField("发出日期", null=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    document = models.CharField("文号", max_length=100, blank=True)
    opinion = models.TextField("意见", blank=True)
    exception = models.CharField("越级理由", max_length=300, blank=True)
    ended_on = models.DateField("终止日期", null=True)
    ended_why = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["problem", "step"], condition=Q(state="proposed"), name="one_open_proposal_a_step")]
        indexes = [models.Index(fields=["state", "day"], name="ladder_by_state")]
        ordering = ["day", "id"]


class Omission(models.Model):
    """A duty that did not happen: with an owner and a date, never an empty cell (D10)."""

    class Kind(models.TextChoices):
        DISPATCH = "dispatch", "月度调度未报"
        SELF_CHECK = "self_check", "季度自查未报"
        ACCEPTANCE = "acceptance", "未按期组织验收"
        OVERDUE = "overdue", "逾期未完成整改"

    kind = models.CharField("事项", max_length=12, choices=Kind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="omissions", verbose_name="责任单位")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    problem = models.ForeignKey(Problem, models.CASCADE, null=True, related_name="omissions")
    period = models.CharField("所属期", max_length=10)
    day = models.DateField("应办未办日")
    clause = models.CharField("依据", max_length=40)
    made_good_on = models.DateField("补办日期", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "organisation", "problem", "period"], condition=Q(problem__isnull=False), name="omission_once_a_problem"),
            models.UniqueConstraint(fields=["kind", "organisation", "period"], condition=Q(problem__isnull=True), name="omission_once_a_unit"),
        ]
        indexes = [models.Index(fields=["organisation", "made_good_on"], name="omissions_open"), models.Index(fields=["problem"], name="omissions_of_problem")]


class SweepDay(models.Model):
    """A legal day the sweep has finished, with what it did."""

    day = models.DateField(primary_key=True)
    finished_at = models.DateTimeField(default=clock.now)
    summary = models.JSONField(default=dict)
