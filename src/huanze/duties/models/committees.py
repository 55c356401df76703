"""Special committees (专业委员会): requested by a lead department, approved by the commission; members, meetings, tasks (A8)."""

from __future__ import annotations

from django.conf import settings as site_settings
from django.db import models

from huanze.base import clock
from huanze.orgs.models import Organisation, Region
from huanze.policies.models import Adoption

USER = site_settings.AUTH_USER_MODEL


class Committee(models.Model):
    class State(models.TextChoices):
        REQUESTED = "requested", "待批准"
        ACTIVE = "active", "运行中"
        REFUSED = "refused", "未批准"
        DISSOLVED = "dissolved", "已撤销"

    region = models.ForeignKey(Region, models.PROTECT, related_name="committees")
    adoption = models.ForeignKey(Adoption, models.PROTECT, related_name="+")
    clause = models.CharField("依据", max_length=40)
    name = models.CharField("名称", max_length=100)
    field = models.CharField("领域", max_length=200)
    lead = models.ForeignKey(Organisation, models.PROTECT, related_name="committees_led", verbose_name="牵头部门")
    pilot = models.BooleanField("试点", default=False)
    pilot_places = models.ManyToManyField(Region, related_name="+", verbose_name="试点地区")
    state = models.CharField("状态", max_length=10, choices=State, default=State.REQUESTED)
    why = models.TextField("设立理由")
    requested_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="申请人")
    requested_on = models.DateField("申请日期")
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    decided_hat = models.CharField("职务", max_length=120, blank=True)
    decided_on = models.DateField("批准日期", null=True)
    basis = models.CharField("批准文号", max_length=200, blank=True)
    opinion = models.CharField("意见", max_length=500, blank=True)
    dissolved_on = models.DateField("撤销日期", null=True)
    dissolved_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name="撤销人")
    dissolved_why = models.CharField("撤销理由", max_length=500, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "name"], condition=models.Q(state__in=["requested", "active"]), name="committee_named_once_at_a_time"),
        ]

    def __str__(self) -> str:
        return self.name


class CommitteeMember(models.Model):
    committee = models.ForeignKey(Committee, models.CASCADE, related_name="members")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="成员部门")
    from_day = models.DateField("自")
    until_day = models.DateField("至", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["committee", "organisation"], condition=models.Q(until_day=None), name="committee_member_once"),
        ]


class Meeting(models.Model):
    committee = models.ForeignKey(Committee, models.CASCADE, related_name="meetings")
    day = models.DateField("会议日期")
    topics = models.JSONField("议题", default=list)
    attended = models.ManyToManyField(Organisation, related_name="+", verbose_name="到会单位")
    decisions = models.TextField("议定事项")
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="记录人")
    recorded_at = models.DateTimeField(default=clock.now)


class CommitteeTask(models.Model):
    committee = models.ForeignKey(Committee, models.CASCADE, related_name="tasks")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="tasks", verbose_name="来自会议")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="承担单位")
    what = models.CharField("任务", max_length=300)
    due = models.DateField("期限")
    done_on = models.DateField("完成日期", null=True)
    result = models.CharField("完成情况", max_length=500, blank=True)
    done_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name="填报人")

    def __str__(self) -> str:
        return self.what

    @property
    def late(self) -> bool:
        """Not done by its day, or done after it."""
        return (self.done_on or clock.today()) > self.due
