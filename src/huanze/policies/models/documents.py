"""An official document as it was read, the facts found in it, and what it has to do with other documents.

The machine's reading is kept as it was (`Fact.machine`); what a person decided stands beside it (`Fact.value`), so the
difference can always be shown.
"""

from __future__ import annotations

from django.conf import settings as site_settings
from django.db import models
from django.db.models import F, Q

from huanze.base import clock
from huanze.evidence.models import File
from huanze.orgs.models import Organisation, Region


class PolicyDocument(models.Model):
    """A document that a place keeps. `text` is the repaired text; spans of facts are offsets into it."""

    class Status(models.TextChoices):
        IN_FORCE = "in_force", "现行有效"
        REPEALED = "repealed", "已废止"
        REPLACED = "replaced", "已被替代"
        ALIAS = "alias", "另一文本"

    class Stage(models.TextChoices):
        REVIEWING = "reviewing", "审阅中"
        ACCEPTED = "accepted", "已审定"

    region = models.ForeignKey(Region, models.PROTECT, related_name="documents", verbose_name="所属区域")
    kept_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="保存单位")
    file = models.ForeignKey(File, models.PROTECT, related_name="+", verbose_name="原件")
    sha256 = models.CharField("内容摘要", max_length=64)
    source = models.CharField("来源", max_length=300, blank=True)
    title = models.CharField("标题", max_length=300)
    number = models.CharField("文号", max_length=80, blank=True, db_index=True)
    date = models.DateField("成文日期", null=True)
    issuers = models.JSONField("发文机关", default=list)
    form = models.CharField("格式", max_length=10)
    encoding = models.CharField("编码", max_length=40, blank=True)
    text = models.TextField("正文")
    repairs = models.JSONField("修补", default=list)
    reader = models.CharField("读取程序版本", max_length=20)
    status = models.CharField("效力", max_length=10, choices=Status, default=Status.IN_FORCE)
    stage = models.CharField("进度", max_length=10, choices=Stage, default=Stage.REVIEWING)
    added_by = models.ForeignKey(site_settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="录入人")
    added_at = models.DateTimeField("录入时间", default=clock.now)
    accepted_by = models.ForeignKey(site_settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审定人")
    accepted_at = models.DateTimeField("审定时间", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "sha256"], name="document_kept_once_in_region")]
        indexes = [models.Index(fields=["region", "status"], name="document_by_status")]

    def __str__(self) -> str:
        return f"《{self.title}》"


class Fact(models.Model):
    """One thing found in a document. `value` is what holds now; `machine` what the reader said, null if a person added it.

    The keys of both are those of the reader's rows (docs/reader.md) without span, rule and confidence.
    """

    class Kind(models.TextChoices):
        HEAD = "head", "文件头"
        CLAUSE = "clause", "条款"
        RESPONSIBILITY = "responsibility", "责任分工"
        OBLIGATION = "obligation", "时限和应办事项"
        RECIPIENT = "recipient", "抄送抄报"
        THRESHOLD = "threshold", "门槛和后果"
        DEDUCTION = "deduction", "扣分"
        ITEM = "item", "具体事项"
        CITATION = "citation", "引用文件"
        PUBLICITY = "publicity", "公示"
        PROBLEM = "problem", "整改问题"
        ALIAS = "alias", "简称"

    class Decision(models.TextChoices):
        OPEN = "open", "待定"
        ACCEPTED = "accepted", "采纳"
        CORRECTED = "corrected", "更正"
        ADDED = "added", "补充"
        DROPPED = "dropped", "剔除"

    document = models.ForeignKey(PolicyDocument, models.CASCADE, related_name="facts")
    order = models.PositiveIntegerField("次序")
    kind = models.CharField("类别", max_length=14, choices=Kind)
    clause = models.CharField("条款", max_length=60, blank=True)
    start = models.PositiveIntegerField("起")
    end = models.PositiveIntegerField("止")
    rule = models.CharField("规则", max_length=60, blank=True)
    doubtful = models.BooleanField("存疑", default=False)
    machine = models.JSONField("机读", null=True)
    value = models.JSONField("所定")
    decision = models.CharField("处理", max_length=10, choices=Decision, default=Decision.OPEN)
    why = models.CharField("说明", max_length=300, blank=True)
    decided_by = models.ForeignKey(site_settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="处理人")
    decided_at = models.DateTimeField("处理时间", null=True)

    class Meta:
        ordering = ["document", "order"]
        constraints = [
            models.UniqueConstraint(fields=["document", "order"], name="fact_order_once"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="fact_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["document", "kind", "order"], name="fact_by_kind")]


class Relation(models.Model):
    """What a document has to do with another: found in its citations, or said by a person. `target` once it is kept here."""

    class Kind(models.TextChoices):
        CITES = "cites", "引用"
        IMPLEMENTS = "implements", "贯彻落实"
        REPLACES = "replaces", "替代"
        REPEALS = "repeals", "废止"
        ALIAS = "alias", "同一文件"

    document = models.ForeignKey(PolicyDocument, models.CASCADE, related_name="relations")
    kind = models.CharField("关系", max_length=10, choices=Kind)
    target = models.ForeignKey(PolicyDocument, models.SET_NULL, null=True, related_name="related_from")
    number = models.CharField("文号", max_length=80, blank=True)
    title = models.CharField("标题", max_length=300, blank=True)
    clause = models.CharField("条款", max_length=60, blank=True)
    said_by = models.ForeignKey(site_settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="认定人")
    said_at = models.DateTimeField("认定时间", default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "kind", "number", "title"], name="relation_said_once")]
        indexes = [models.Index(fields=["number"], name="relation_by_number")]
