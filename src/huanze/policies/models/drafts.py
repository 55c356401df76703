"""A pack in the making, and which unit of the place a document's words mean."""

from __future__ import annotations

from django.conf import settings as site_settings
from django.db import models
from django.db.models import F, Q

from huanze.base import clock
from huanze.orgs.models import Organisation, Region
from huanze.policies.models.documents import PolicyDocument
from huanze.policies.models.packs import PackVersion


class PackDraft(models.Model):
    """A pack drafted from the accepted facts of a document. One person submits it, another passes it.

    `machine` is the draft as it was made, `text` what the person made of it; both YAML. `notes` is what the machine
    could not carry over: a list of {clause, text}.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "起草中"
        SUBMITTED = "submitted", "待复核"
        RETURNED = "returned", "退回修改"
        PASSED = "passed", "复核通过"

    document = models.ForeignKey(PolicyDocument, models.PROTECT, related_name="drafts")
    code = models.CharField("规则包代码", max_length=8)
    parent = models.CharField("上级规则包", max_length=8, blank=True)
    machine = models.TextField("机拟稿")
    text = models.TextField("规则包")
    notes = models.JSONField("拟定时的提示", default=list)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    made_by = models.ForeignKey(site_settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="起草人")
    made_at = models.DateTimeField("起草时间", default=clock.now)
    submitted_by = models.ForeignKey(site_settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="送审人")
    submitted_at = models.DateTimeField("送审时间", null=True)
    reviewed_by = models.ForeignKey(site_settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="复核人")
    reviewed_at = models.DateTimeField("复核时间", null=True)
    opinion = models.CharField("复核意见", max_length=500, blank=True)
    version = models.ForeignKey(PackVersion, models.PROTECT, null=True, related_name="drafts", verbose_name="发布的版本")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("submitted_by")), name="draft_reviewed_by_a_second_person"
            ),
        ]
        indexes = [models.Index(fields=["document", "state"], name="draft_by_document")]


class Naming(models.Model):
    """Words of a document for a unit or a group of units, and who that is in this place: one organisation or all of a kind."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="namings")
    name = models.CharField("文件用语", max_length=120)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="单位")
    kind = models.CharField("一类单位", max_length=20, choices=Organisation.Kind, blank=True)
    decided_by = models.ForeignKey(site_settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="认定人")
    decided_at = models.DateTimeField("认定时间", default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(organisation=None, kind__gt="") | Q(organisation__isnull=False, kind=""), name="naming_one_or_a_kind"),
            models.UniqueConstraint(fields=["region", "name", "organisation"], condition=Q(organisation__isnull=False), name="naming_once_a_unit"),
            models.UniqueConstraint(fields=["region", "name", "kind"], condition=Q(organisation=None), name="naming_once_a_kind"),
        ]
        indexes = [models.Index(fields=["region", "name"], name="naming_by_name")]
