"""The lists of concrete items of each department (具体事项清单): versions, items, relations, the approval chain, the persons.

A version that was published never changes; the next one is a new version (A1). `Item.lineage` is the same in each
version for what is the same item, so that versions can be compared item by item.
"""

from __future__ import annotations

import uuid

from django.conf import settings as site_settings
from django.db import models
from django.db.models import Q

from huanze.base import clock
from huanze.orgs.models import InnerUnit, Organisation, Region
from huanze.policies.models import Adoption, PolicyDocument

USER = site_settings.AUTH_USER_MODEL


class Relation(models.TextChoices):
    """What a department does in an item. 会同牵头 is a lead shared; 参与 is less than 配合."""

    LEAD = "lead", "牵头"
    JOINT_LEAD = "joint_lead", "会同牵头"
    ASSIST = "assist", "配合"
    JOIN = "join", "参与"


class ItemList(models.Model):
    """The list of one department in one place."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="item_lists")
    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="item_list", verbose_name="部门")
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.organisation.short_name}具体事项清单"


class ListVersion(models.Model):
    """One version of a list. `chain` is the pack's approval chain it goes through, pinned by `adoption`."""

    class State(models.TextChoices):
        DRAFT = "draft", "编制中"
        IN_CHAIN = "in_chain", "报审中"
        APPROVED = "approved", "已审定待公开"
        PUBLISHED = "published", "已公开"
        WITHDRAWN = "withdrawn", "已撤回"

    item_list = models.ForeignKey(ItemList, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField("版次")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    adoption = models.ForeignKey(Adoption, models.PROTECT, related_name="+")
    chain = models.CharField("审定程序", max_length=40, default="item_list")
    based_on = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="上一版")
    document = models.ForeignKey(PolicyDocument, models.PROTECT, null=True, related_name="list_versions", verbose_name="依据文件")
    reason = models.CharField("修订原因", max_length=300, blank=True)
    from_day = models.DateField("自", null=True)
    until_day = models.DateField("至", null=True)
    page_url = models.URLField("公开页面", max_length=500, blank=True)
    page_day = models.DateField("公开页面更新日", null=True)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="编制人")
    made_at = models.DateTimeField("编制时间", default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item_list", "number"], name="list_version_numbered_once"),
            models.UniqueConstraint(
                fields=["item_list"], condition=Q(state__in=["draft", "in_chain", "approved"]), name="one_list_version_in_the_making"
            ),
            models.UniqueConstraint(fields=["item_list"], condition=Q(state="published", until_day=None), name="one_list_version_in_force"),
        ]

    def __str__(self) -> str:
        return f"{self.item_list}第{self.number}版"


class Item(models.Model):
    """One concrete item of a department in a version. `text_says` is the verb of the text where it differs from the relation."""

    version = models.ForeignKey(ListVersion, models.CASCADE, related_name="items")
    lineage = models.UUIDField("同一事项", default=uuid.uuid4)
    no = models.PositiveIntegerField("序号")
    text = models.CharField("事项", max_length=500)
    relation = models.CharField("关系", max_length=10, choices=Relation)
    text_says = models.CharField("原文用语", max_length=60, blank=True)
    basis = models.CharField("依据文件", max_length=200)
    clause = models.CharField("依据条款", max_length=60)
    fields = models.JSONField("领域", default=list)

    class Meta:
        ordering = ["version", "no"]
        constraints = [
            models.UniqueConstraint(fields=["version", "no"], name="item_numbered_once"),
            models.UniqueConstraint(fields=["version", "lineage"], name="item_once_in_version"),
        ]

    def __str__(self) -> str:
        return f"{self.no}. {self.text}"


class ItemUnit(models.Model):
    """Another unit in an item, or a part of the item in which a unit's relation differs (`what`)."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="units")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="单位")
    name = models.CharField("文件用语", max_length=120, blank=True)
    relation = models.CharField("关系", max_length=10, choices=Relation)
    what = models.CharField("所及部分", max_length=200, blank=True)


class ChainStep(models.Model):
    """A step of the approval chain that was signed or sent back, by a named person, with a date and an opinion (A2)."""

    class Result(models.TextChoices):
        PASSED = "passed", "同意"
        RETURNED = "returned", "退回"

    version = models.ForeignKey(ListVersion, models.CASCADE, related_name="steps")
    round = models.PositiveIntegerField("轮次", default=1)
    step = models.CharField("环节", max_length=40)
    label = models.CharField("环节名称", max_length=60)
    by = models.CharField("文件用语", max_length=120)
    clause = models.CharField("依据", max_length=40)
    result = models.CharField("结果", max_length=10, choices=Result)
    opinion = models.CharField("意见", max_length=500)
    signed_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="签署人")
    hat = models.CharField("职务", max_length=120)
    signed_on = models.DateField("日期")

    class Meta:
        ordering = ["pk"]


class Assignment(models.Model):
    """An item broken down to an inner unit and a person (A5). It holds for the item in every later version until it ends."""

    item_list = models.ForeignKey(ItemList, models.CASCADE, related_name="assignments")
    lineage = models.UUIDField("同一事项")
    inner_unit = models.ForeignKey(InnerUnit, models.PROTECT, related_name="+", verbose_name="承担科室")
    person = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="责任人")
    from_day = models.DateField("自")
    until_day = models.DateField("至", null=True)
    set_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name="确定人")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item_list", "lineage"], condition=Q(until_day=None), name="one_assignment_an_item"),
        ]
