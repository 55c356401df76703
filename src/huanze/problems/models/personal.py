"""What a person keeps for himself: saved views of the ledger and watched problems."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from huanze.base import clock
from huanze.problems.models.problem import Problem


class SavedView(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField("名称", max_length=40)
    query = models.CharField("条件", max_length=600)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_named_once")]


class Watch(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="watches")
    problem = models.ForeignKey(Problem, models.CASCADE, related_name="watches")
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "problem"], name="watched_once")]
