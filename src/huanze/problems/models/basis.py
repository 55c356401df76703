"""Which item of a list, or which decision, makes a unit responsible for a problem, and why (三管三必须; A6, E3)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from huanze.base import clock
from huanze.duties.models import Determination, Item
from huanze.duties.models.lists import Relation
from huanze.orgs.models import Organisation
from huanze.problems.models.problem import Problem


class DutyBasis(models.Model):
    """A person's word that this item is why this unit answers for the problem. One taken back stays, with the reason.

    ``text``, ``relation`` and ``clause`` are as they read on that day; ``item`` or ``determination`` points at the row
    they come from. Both are empty for an item of a document's annex, which ``clause`` names.
    """

    class Why(models.TextChoices):
        TRADE = "trade", "管行业必须管环保"
        DEVELOPMENT = "development", "管发展必须管环保"
        PRODUCTION = "production", "管生产经营必须管环保"
        OTHER = "other", "其他"

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="bases")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="责任部门")
    key = models.CharField("事项代码", max_length=60)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+", verbose_name="清单事项")
    determination = models.ForeignKey(Determination, models.PROTECT, null=True, related_name="+", verbose_name="牵头决定")
    text = models.CharField("事项", max_length=500)
    relation = models.CharField("关系", max_length=10, choices=Relation)
    source = models.CharField("出处", max_length=300)
    clause = models.CharField("依据条款", max_length=300)
    why = models.CharField("理由", max_length=12, choices=Why)
    note = models.CharField("说明", max_length=300, blank=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="认定人")
    said_hat = models.CharField("职务", max_length=120)
    said_on = models.DateField("认定日期")
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="撤回人")
    withdrawn_on = models.DateField("撤回日期", null=True)
    withdrawn_why = models.CharField("撤回原因", max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["problem", "organisation", "key"], condition=Q(withdrawn_on=None), name="basis_once_a_problem"),
        ]
