"""What a unit has to do by a day because a clause says so (应办事项).

A row stands for one duty of one unit in one period. Done or not, it stays: a duty that did not happen is this row with
`missed_on`, its owner and its date, never an empty cell (D10).
"""

from __future__ import annotations

from django.conf import settings as site_settings
from django.db import models
from django.db.models import F, Q

from huanze.base import clock
from huanze.orgs.models import Organisation, Region
from huanze.policies.models import Adoption

STANDING = "recurring"
"""The kind of a pack's duties that come again; one of these without a day stands all the time."""
STATES = {"todo": "待办", "missed": "应办未办", "made_good": "已补办", "done": "已办", "standing": "长期", "ended": "不再适用"}


class Occurrence(models.Model):
    """One duty of one organisation in one period.

    `named` are the document's words for who owes it. Where nobody in the place was found for them, the office of the
    place owns the row and `unplaced` is true until someone says who is meant. `subject_type` and `subject_id` name the
    object that opened the duty, if it was not the calendar (a changed list opens the duty to update its page).
    """

    adoption = models.ForeignKey(Adoption, models.PROTECT, related_name="occurrences")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="occurrences", verbose_name="责任单位")
    duty = models.CharField("事项代码", max_length=60)
    what = models.CharField("事项", max_length=200)
    kind = models.CharField("类别", max_length=20)
    clause = models.CharField("依据", max_length=40)
    named = models.CharField("文件用语", max_length=120, blank=True)
    unplaced = models.BooleanField("未落到单位", default=False)
    period = models.CharField("所属期", max_length=20, blank=True)
    opens_on = models.DateField("开始日")
    due = models.DateField("期限", null=True)
    provisional = models.BooleanField("暂定", default=False)
    report_to = models.JSONField("报送", default=list)
    copy_to = models.JSONField("抄送抄报", default=list)
    publish = models.BooleanField("须公开", default=False)
    subject_type = models.CharField("对象类别", max_length=40, blank=True)
    subject_id = models.PositiveBigIntegerField("对象编号", default=0)
    url = models.CharField("办理页面", max_length=200, blank=True)
    done_on = models.DateField("办结日", null=True)
    done_by = models.ForeignKey(site_settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办结人")
    note = models.CharField("办理情况", max_length=500, blank=True)
    missed_on = models.DateField("应办未办日", null=True)
    ended_on = models.DateField("不再适用", null=True)
    ended_why = models.CharField("不再适用的原因", max_length=200, blank=True)
    opened_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["adoption", "duty", "organisation", "named", "period", "subject_type", "subject_id"], name="occurrence_once"
            ),
            models.CheckConstraint(condition=Q(missed_on=None) | Q(missed_on__gt=F("due")), name="occurrence_missed_after_due"),
        ]
        indexes = [
            models.Index(fields=["organisation", "due", "id"], name="occurrence_by_unit"),
            models.Index(fields=["due", "id"], condition=Q(done_on=None, ended_on=None, missed_on=None), name="occurrence_awaited"),
            models.Index(fields=["region", "due", "id"], name="occurrence_by_region"),
            models.Index(fields=["due", "id"], name="occurrence_by_due"),
            models.Index(fields=["due", "id"], condition=Q(done_on=None, ended_on=None), name="occurrence_open"),
            models.Index(fields=["done_on", "id"], condition=Q(done_on__isnull=False), name="occurrence_done"),
            models.Index(fields=["ended_on", "id"], condition=Q(ended_on__isnull=False), name="occurrence_ended"),
            models.Index(fields=["opens_on", "id"], condition=Q(done_on=None, ended_on=None, due=None), name="occurrence_standing"),
            models.Index(fields=["opens_on", "id"], condition=Q(done_on=None, ended_on=None, unplaced=True), name="occurrence_unplaced"),
            models.Index(fields=["subject_type", "subject_id"], name="occurrence_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.what}（{self.period}）" if self.period else self.what

    @property
    def finished(self) -> bool:
        return self.done_on is not None or self.ended_on is not None

    @property
    def standing(self) -> bool:
        """Owed all the time, without a day: done as need arises, never done with."""
        return self.due is None and self.kind == STANDING

    @property
    def state(self) -> str:
        """A key of STATES. A day that is past is missed, whether the sweep has put it on record or not."""
        if self.ended_on is not None:
            return "ended"
        if self.done_on is not None:
            return "made_good" if self.missed_on else "done"
        if self.due is not None and self.due < clock.today():
            return "missed"
        return "standing" if self.standing else "todo"

    @property
    def state_label(self) -> str:
        return STATES[self.state]
