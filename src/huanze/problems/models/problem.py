"""A problem, the units that take part in it, and what became of it step by step."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from huanze.base import clock
from huanze.orgs.models import Organisation, Post, Region
from huanze.policies.models import Adoption
from huanze.rules.lifecycle import FINAL, STATE_LABELS, State

STATES = [(s.value, STATE_LABELS[s]) for s in State]
NO_DEADLINE = date(9999, 12, 31)
ENDED = tuple(s.value for s in State if s in FINAL)


class Problem(models.Model):
    """A problem in the 1+1+N ledger (XQ-5). Only ``services.door`` assigns ``state``."""

    class Level(models.TextChoices):
        NATIONAL = "national", "中央和国家层面"
        PROVINCE = "province", "省级层面"
        CITY = "city", "市级"
        COUNTY = "county", "区级"

    class Light(models.TextChoices):
        NONE = "none", "未亮灯"
        GREEN = "green", "绿灯"
        AMBER = "amber", "黄灯"
        RED = "red", "红灯"

    number = models.CharField("问题编号", max_length=40, unique=True)
    title = models.CharField("问题名称", max_length=120)
    description = models.TextField("问题描述")
    region = models.ForeignKey(Region, models.PROTECT, related_name="problems", verbose_name="所在区域")
    region_path = models.CharField(max_length=64)
    place = models.CharField("具体地点", max_length=200, blank=True)
    lat = models.FloatField("纬度（WGS84）", null=True, blank=True)
    lon = models.FloatField("经度（WGS84）", null=True, blank=True)

    source = models.CharField("问题来源", max_length=40)
    level = models.CharField("来源层级", max_length=10, choices=Level)
    round = models.CharField("轮次", max_length=40, blank=True)
    batch = models.CharField("批次", max_length=40, blank=True)
    source_document = models.CharField("来源文号", max_length=100, blank=True)
    way = models.CharField("发现途径", max_length=40)
    way_form = models.JSONField("途径登记内容", default=dict, blank=True)
    found_on = models.DateField("发现日期")
    counted_in = models.CharField("计入季度", max_length=7, blank=True)
    field = models.CharField("行业领域", max_length=40)

    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="整改办")
    main_unit = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="problems_owed", verbose_name="主体责任单位")
    leader_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="分管领导")
    approver = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="方案审定单位")
    adoption = models.ForeignKey(Adoption, models.PROTECT, related_name="problems", verbose_name="适用制度版本")

    state = models.CharField("状态", max_length=20, choices=STATES, default=State.REGISTERED)
    state_version = models.PositiveIntegerField(default=0)
    state_since = models.DateField("进入现状态日期")
    closed_on = models.DateField("销号日期", null=True, blank=True)
    attempt = models.PositiveSmallIntegerField("验收次数", default=0)

    plan_start = models.DateField("整改起始", null=True, blank=True)
    deadline = models.DateField("完成时限", null=True, blank=True)
    sort_day = models.DateField(default=NO_DEADLINE)
    percent = models.PositiveSmallIntegerField("完成比例", default=0)
    percent_on = models.DateField("进展日期", null=True, blank=True)
    uncertain = models.BooleanField("如期完成存在不确定性", default=False)
    light = models.CharField("灯色", max_length=6, choices=Light, default=Light.NONE)
    next_moment = models.DateField("下一应办时点", null=True, blank=True)

    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from", verbose_name="并入")
    rebound_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="rebounds", verbose_name="反弹自")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="percent_at_most_100"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="problem_state_known"),
            models.CheckConstraint(condition=~Q(state=State.CLOSED) | Q(closed_on__isnull=False), name="closed_problem_has_its_day"),
            models.CheckConstraint(condition=~Q(state=State.MERGED) | Q(merged_into__isnull=False), name="merged_problem_has_its_target"),
        ]
        indexes = [
            # What a walk or a count asks of each row lies in the index behind its order, so that the table is left alone.
            models.Index(fields=["sort_day", "id", "region_path", "state", "light", "source", "level"], name="ledger"),
            models.Index(fields=["state", "sort_day", "id", "region_path"], name="ledger_by_state"),
            models.Index(fields=["light", "sort_day", "id", "region_path", "state"], name="ledger_by_light"),
            # Nearly all that is looked for is open, and most of what there is is closed: these hold the open ones only.
            models.Index(fields=["sort_day", "id", "region_path", "state"], name="open_ledger", condition=~Q(state__in=ENDED)),
            models.Index(fields=["source", "sort_day", "id"], name="open_by_source", condition=~Q(state__in=ENDED)),
            models.Index(fields=["main_unit", "sort_day", "id"], name="open_by_main_unit", condition=~Q(state__in=ENDED)),
            models.Index(fields=["region_path", "sort_day", "id"], name="open_by_region", condition=~Q(state__in=ENDED)),
            models.Index(fields=["next_moment", "id"], name="owed_moments", condition=Q(next_moment__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        return State(self.state) not in FINAL


class NumberSeries(models.Model):
    """The last number an office gave out in a year. Locked while the next one is taken, so no number is given twice."""

    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "year"], name="one_series_a_year")]


class Participant(models.Model):
    """An organisation's part in a problem; what a department may see hangs on it.

    Supervising (accepting) units are ranked; rank 1 leads the acceptance (XQ-16).
    """

    class Role(models.TextChoices):
        MAIN = "main", "主体责任单位"
        SUPERVISING = "supervising", "监管（验收）责任单位"
        FINDER = "finder", "发现单位"

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="participants")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="participations")
    role = models.CharField("角色", max_length=12, choices=Role)
    rank = models.PositiveSmallIntegerField("排序", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["problem", "organisation", "role"], name="participant_once_a_role"),
            models.UniqueConstraint(fields=["problem", "rank"], condition=Q(role="supervising"), name="supervising_rank_once"),
            models.UniqueConstraint(fields=["problem"], condition=Q(role="main"), name="one_main_unit"),
        ]
        indexes = [models.Index(fields=["organisation", "role", "problem"], name="participant_by_part")]
        ordering = ["rank"]


class StatusChange(models.Model):
    """One step of a life. ``from_state == to_state`` for steps that leave the state; ``left_on`` closes a state's span."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="changes")
    name = models.CharField("步骤", max_length=30)
    from_state = models.CharField(max_length=20, choices=STATES, blank=True)
    to_state = models.CharField(max_length=20, choices=STATES)
    day = models.DateField("日期")
    left_on = models.DateField("离开日期", null=True, blank=True)
    moved = models.BooleanField("状态变化", default=True)
    at = models.DateTimeField("时间", default=clock.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="岗位")
    hat = models.CharField(max_length=20)
    inputs = models.JSONField("内容", default=dict)
    clause = models.CharField("依据", max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["problem", "at"], name="timeline"),
            models.Index(fields=["to_state", "day", "left_on"], name="state_spans", condition=Q(moved=True)),
            models.Index(fields=["actor", "-at"], name="done_by_person"),
        ]
