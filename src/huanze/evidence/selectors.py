"""What is read of evidence: an object's materials, and what its pictures give to think about."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from huanze.evidence.models import Band, Evidence
from huanze.rules.pictures import ROLES, Finding, Picture, findings


def of_object(object_type: str, object_id: str | int) -> QuerySet[Evidence]:
    """The materials of an object that were not withdrawn, in the order they came."""
    kept = Evidence.objects.filter(object_type=object_type, object_id=str(object_id), withdrawn_at=None)
    return kept.select_related("file").order_by("pk")


def taken_back(object_type: str, object_id: str | int) -> QuerySet[Evidence]:
    """The materials of an object that were withdrawn, with who withdrew them, the latest first."""
    gone = Evidence.objects.filter(object_type=object_type, object_id=str(object_id)).exclude(withdrawn_at=None)
    return gone.select_related("file", "added_by", "withdrawn_by").order_by("-withdrawn_at", "-pk")


def picture_findings(object_type: str, object_id: str | int) -> tuple[Finding, ...]:
    """What the pictures of an object say of each other and of like pictures anywhere else."""
    mine = list(of_object(object_type, object_id).filter(role__in=ROLES))
    return findings(_pictures(mine), _pictures(_alike(mine, object_type, str(object_id))))


def _alike(mine: list[Evidence], object_type: str, object_id: str) -> Iterable[Evidence]:
    """Evidence of other objects with the same bytes, or a slice of the perceptual hash in common."""
    others = Evidence.objects.filter(withdrawn_at=None).exclude(object_type=object_type, object_id=object_id).select_related("file")
    keys = Band.objects.filter(file__in={e.file_id for e in mine}).values_list("key", flat=True)
    near = Band.objects.filter(key__in=set(keys)).values("file")
    same = others.filter(file__sm3__in={e.file.sm3 for e in mine})
    return {e.pk: e for e in (*same, *others.filter(file__in=near))}.values()


def _pictures(rows: Iterable[Evidence]) -> list[Picture]:
    return [
        Picture(
            key=e.pk, name=e.file.name, sm3=e.file.sm3, role=e.role, point=e.point, phash=int(e.file.phash, 16) if e.file.phash else None,
            captured_at=e.file.captured_at, lat=e.file.lat, lon=e.file.lon, device=e.file.device,
        )  # fmt: skip
        for e in rows
    ]
