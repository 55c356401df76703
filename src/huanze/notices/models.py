"""What people are told: a line in the outbox, gathered into one digest a person a day."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from huanze.base import clock


class Notice(models.Model):
    """One matter one person should know. Cancelled when the matter moves on before it was sent."""

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENT = "sent", "已发送"
        CANCELLED = "cancelled", "已取消"

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    text = models.CharField("内容", max_length=300)
    url = models.CharField(max_length=200, blank=True)
    clause = models.CharField("依据", max_length=40, blank=True)
    day = models.DateField("所属日")
    urgent = models.BooleanField("立即发送", default=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)
    cancelled_why = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "subject_type", "subject_id", "kind", "day"], name="notice_said_once"),
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], condition=Q(state="waiting"), name="notice_waiting_by_subject"),
            models.Index(fields=["recipient", "-created_at"], name="notice_of_person"),
            models.Index(fields=["state", "day"], name="notice_by_state"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notice_unread"),
        ]


class Digest(models.Model):
    """What was sent to one person over one channel on one day, kept as proof. Urgent ones stand alone.

    ``attempts`` counts tries. Tried, not sent and no ``error``: the sender died in between, the outcome is
    unknown, and it is not tried again, because nobody is told the same thing twice.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests")
    day = models.DateField()
    channel = models.CharField(max_length=20)
    urgent = models.BooleanField(default=False)
    body = models.TextField()
    notices = models.ManyToManyField(Notice, related_name="digests")
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "day", "channel"], condition=Q(urgent=False), name="one_digest_a_person_a_day_a_channel"
            ),
        ]
        indexes = [models.Index(fields=["retry_at"], condition=Q(sent_at=None), name="digest_to_send")]
