"""The lead reminds a unit that lags, and reports upward when that does not help (A9)."""

from __future__ import annotations

from django.conf import settings as site_settings
from django.db import models

from huanze.base import clock
from huanze.duties.models.committees import CommitteeTask
from huanze.duties.models.deciding import Determination
from huanze.duties.models.lists import Item
from huanze.orgs.models import Organisation, Region
from huanze.policies.models import Adoption

USER = site_settings.AUTH_USER_MODEL


class Reminder(models.Model):
    """A reminder of the lead to a co-operating unit about an item, a decided matter or a committee's task."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    adoption = models.ForeignKey(Adoption, models.PROTECT, related_name="+")
    clause = models.CharField("依据", max_length=40)
    lead = models.ForeignKey(Organisation, models.PROTECT, related_name="reminders_sent", verbose_name="牵头部门")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="reminders_received", verbose_name="被提醒单位")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="reminders", verbose_name="具体事项")
    determination = models.ForeignKey(Determination, models.PROTECT, null=True, related_name="reminders", verbose_name="决定事项")
    task = models.ForeignKey(CommitteeTask, models.PROTECT, null=True, related_name="reminders", verbose_name="委员会任务")
    matter = models.CharField("事项", max_length=500)
    text = models.TextField("提醒内容")
    sent_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="发出人")
    sent_on = models.DateField("发出日期")
    reply_due = models.DateField("答复期限")
    reply = models.TextField("答复", blank=True)
    replied_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name="答复人")
    replied_on = models.DateField("答复日期", null=True)
    settled_on = models.DateField("了结日期", null=True)
    reported_to = models.ManyToManyField(Organisation, related_name="+", verbose_name="报告对象")
    report = models.TextField("报告内容", blank=True)
    reported_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name="报告人")
    reported_on = models.DateField("报告日期", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(item__isnull=False, determination=None, task=None)
                | models.Q(item=None, determination__isnull=False, task=None)
                | models.Q(item=None, determination=None, task__isnull=False),
                name="reminder_about_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["lead", "settled_on", "id"], name="reminder_by_lead"),
            models.Index(fields=["unit", "settled_on", "id"], name="reminder_by_unit"),
        ]

    def __str__(self) -> str:
        return self.matter

    @property
    def overdue(self) -> bool:
        """The day for a reply is over and there was none."""
        return self.replied_on is None and self.settled_on is None and clock.today() > self.reply_due

    @property
    def standing(self) -> tuple[str, str]:
        """Where it stands, with a colour."""
        if self.settled_on:
            return "已了结", "green"
        if self.reported_on:
            return "已上报", "violet"
        if self.replied_on:
            return "已答复", "blue"
        return ("逾期未答复", "red") if self.overdue else ("待答复", "amber")
