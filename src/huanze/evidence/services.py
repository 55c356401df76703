"""Taking files in, putting them to use as evidence, and giving out copies that are safe to show."""

from __future__ import annotations

import io
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from django.db import transaction

from huanze.audit.services import record
from huanze.base import clock
from huanze.evidence import media, picture, storage
from huanze.evidence.models import Band, Evidence, File
from huanze.rules.pictures import ROLES
from huanze.rules.verdicts import Refusal

THUMBNAIL = 320
COPY_TYPE = "image/jpeg"
PLAIN_BANDS = (0, 0xFFFF)
"""Slices of sky, water and walls: in so many pictures that they find nothing."""


class Person(Protocol):
    """Who acts, as far as this room needs to know."""

    @property
    def pk(self) -> Any: ...
    @property
    def username(self) -> str: ...
    @property
    def name(self) -> str: ...


def store(*, stream: BinaryIO | bytes, name: str, acting_user: Person, kind: media.Kind | None = None) -> File | Refusal:
    """Take a file in: check it by its content, keep its bytes, note what a picture says of itself.

    The bytes are on the disk before the row is written, so a row never points at nothing. ``kind`` is said by a caller
    that has read the whole file itself and found it to be that; else the content is asked.
    """
    name = _clean_name(name)
    source = io.BytesIO(stream) if isinstance(stream, bytes) else stream
    most = media.limits()["video"]
    try:
        with storage.incoming(source, most) as (path, sm3, size):
            found = kind or media.identify(path, name=name, size=size)
            if isinstance(found, Refusal):
                return found
            taken = picture.read(path) if found.group == "picture" else None
            storage.keep(path, sm3)
    except storage.TooLarge:
        return media.too_large(name, "video", most)
    file = File(
        sm3=sm3, size=size, media_type=found.media_type, name=name, uploaded_by_id=acting_user.pk, uploaded_at=clock.now()
    )
    return _save(file, taken, acting_user)


def attach(
    *, file: File, object_type: str, object_id: str | int, role: str, point: str = "", note: str = "", acting_user: Person, hat: str = ""
) -> Evidence | Refusal:
    """Put a file to use for an object. Whether the person may do so is the caller's question."""
    point, note = point.strip(), note.strip()
    wrong = _wrong_use(file, role, point, note)
    if wrong is not None:
        return wrong
    with transaction.atomic():
        evidence = Evidence.objects.create(
            file=file, object_type=object_type, object_id=str(object_id), role=role, point=point, note=note,
            added_by_id=acting_user.pk, added_at=clock.now(),
        )  # fmt: skip
        _record("evidence.attach", evidence, acting_user, hat=hat, note=note)
    return evidence


def withdraw(*, evidence: Evidence, reason: str, acting_user: Person, hat: str = "") -> Evidence | Refusal:
    """Take evidence back. The row and the bytes stay, with who took it back, when and why."""
    reason = reason.strip()
    if not 0 < len(reason) <= 300:
        return Refusal("reason", "撤回原因：请填写，不超过300字。", fields={"reason": "请填写，不超过300字"})
    with transaction.atomic():
        evidence = Evidence.objects.select_for_update().get(pk=evidence.pk)
        if evidence.withdrawn_at:
            return Refusal("withdrawn", "这份材料已经撤回，无需再次撤回。")
        evidence.withdrawn_at, evidence.withdrawn_reason = clock.now(), reason
        evidence.withdrawn_by_id = acting_user.pk
        evidence.save(update_fields=["withdrawn_at", "withdrawn_reason", "withdrawn_by"])
        _record("evidence.withdraw", evidence, acting_user, hat=hat, reason=reason)
    return evidence


def public_copy(file: File) -> bytes | Refusal:
    """A JPEG of a picture for anything public: pixels only, no place, time, device or comment."""
    return _copy(file, picture.clean_copy)


def thumbnail(file: File, *, side: int = THUMBNAIL) -> bytes | Refusal:
    """A small JPEG of a picture, at most ``side`` pixels long, kept for the next time; pixels only."""
    cached = storage.cache_of(file.sm3, side)
    if cached.exists():
        return cached.read_bytes()
    made = _copy(file, lambda path: picture.clean_copy(path, side))
    if isinstance(made, bytes):
        cached.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=cached.parent, delete=False) as out:
            out.write(made)
        storage.place(Path(out.name), cached)
    return made


def lost(file: File) -> Refusal:
    return Refusal("file_lost", f"文件“{file.name}”在存储中找不到，请联系系统管理员从备份恢复。")


def _save(file: File, taken: picture.Taken | None, acting_user: Person) -> File:
    if taken:
        file.width, file.height, file.captured_at, file.device = taken.width, taken.height, taken.captured_at, taken.device
        file.lat, file.lon, file.phash = taken.lat, taken.lon, taken.phash
    with transaction.atomic():
        file.save(force_insert=True)
        Band.objects.bulk_create(Band(file=file, key=key) for key in bands(file.phash))
        record(
            action="evidence.store", object_type="file", object_id=file.pk, actor=acting_user.username, actor_name=acting_user.name,
            payload={"sm3": file.sm3, "size": file.size, "media_type": file.media_type, "name": file.name},
        )  # fmt: skip
    return file


def bands(phash: str) -> list[int]:
    """The eight slices of 16 bits with their place, without those that any picture may have."""
    slices = [int(phash[i : i + 4], 16) for i in range(0, len(phash), 4)]
    return [place << 16 | value for place, value in enumerate(slices) if value not in PLAIN_BANDS]


def _record(action: str, evidence: Evidence, acting_user: Person, *, hat: str, **said: str) -> None:
    file = evidence.file
    record(
        action=action, object_type=evidence.object_type, object_id=evidence.object_id, actor=acting_user.username,
        actor_name=acting_user.name, hat=hat,
        payload={
            "evidence": evidence.pk, "file": file.pk, "sm3": file.sm3, "name": file.name, "role": evidence.role, "point": evidence.point,
        } | said,
    )  # fmt: skip


def _wrong_use(file: File, role: str, point: str, note: str) -> Refusal | None:
    if role not in Evidence.Role.values:
        return Refusal("role", "材料类别：没有这一类，请从列表中选择。", fields={"role": "请从列表中选择"})
    if role in ROLES and not file.is_picture:
        why = f"{ROLES[role]}照片应为 JPG、PNG 或 WEBP 图片，“{file.name}”不是图片"
        return Refusal("role", f"文件：{why}，请重新选择。", "XQ-16", {"file": why})
    for key, label, text, most in (("point", "点位", point, 100), ("note", "说明", note, 300)):
        if len(text) > most:
            return Refusal(key, f"{label}：不超过{most}字。", fields={key: f"不超过{most}字"})
    return None


def _copy(file: File, make: Callable[[Path], bytes]) -> bytes | Refusal:
    if not file.is_picture:
        return Refusal("not_picture", f"“{file.name}”不是图片，只有图片可以制作公开副本和缩略图。")
    try:
        return make(storage.path_of(file.sm3))
    except FileNotFoundError:
        return lost(file)


def _clean_name(name: str) -> str:
    """The last part of a path in NFC, without controls and marks that reverse its reading, ending kept."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    last = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"}).strip(" .") or "未命名"
    stem, dot, ending = last.rpartition(".")
    return last if len(last) <= 150 else f"{stem[: 149 - len(ending)]}{dot}{ending}"[-150:]
