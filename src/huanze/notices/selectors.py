"""What a person was told."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from huanze.notices.models import Digest, Notice


def inbox(user: Any, *, unread: bool = False) -> QuerySet[Notice]:
    """A person's notices, newest first. One that waits for tomorrow's digest can be read here today."""
    found = Notice.objects.filter(recipient=user).exclude(state=Notice.State.CANCELLED)
    return (found.filter(read_at=None) if unread else found).order_by("-created_at", "-pk")


def unread_count(user: Any) -> int:
    return inbox(user, unread=True).count()


def given_up() -> QuerySet[Digest]:
    """Digests that were tried, are not sent and will not be tried again: failed too often, or outcome unknown."""
    return Digest.objects.filter(sent_at=None, retry_at=None, attempts__gt=0).select_related("recipient").order_by("-pk")
