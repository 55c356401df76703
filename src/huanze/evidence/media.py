"""What a file is by its content, and why it may not come in.

The name is believed only as far as the content agrees with it. Nothing is unpacked or run here.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import filetype
from django.conf import settings

from huanze.evidence import picture
from huanze.rules.verdicts import Refusal

MB = 1024 * 1024
LIMITS = {"picture": 20 * MB, "document": 50 * MB, "video": 200 * MB}
"""Bytes by group; a site overrides them with EVIDENCE_LIMITS in its settings."""
GROUPS = {"picture": "图片", "document": "文档", "video": "视频"}
UNPACKED = 500 * MB
RATIO = 200
MEMBERS = 10_000
HEAD = 8192
ALLOWED = "可以上传 JPG、PNG、WEBP 图片，PDF、DOCX、XLSX、OFD、TXT 文档和 MP4 视频"


@dataclass(frozen=True, slots=True)
class Kind:
    media_type: str
    group: str
    endings: tuple[str, ...]


JPEG = Kind("image/jpeg", "picture", ("jpg", "jpeg"))
PNG = Kind("image/png", "picture", ("png",))
WEBP = Kind("image/webp", "picture", ("webp",))
PDF = Kind("application/pdf", "document", ("pdf",))
DOCX = Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "document", ("docx",))
XLSX = Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "document", ("xlsx",))
OFD = Kind("application/ofd", "document", ("ofd",))
TXT = Kind("text/plain", "document", ("txt",))
MP4 = Kind("video/mp4", "video", ("mp4",))
PAGE = Kind("application/octet-stream", "document", ("html", "htm"))
"""A web page that a caller has read through: kept, and given back only to be saved, under a type no browser opens."""

PLAIN = {k.media_type: k for k in (JPEG, PNG, WEBP, PDF, MP4)} | {"image/apng": PNG, "video/x-m4v": MP4}
PACKED = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "OFD.xml": OFD}
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\0asm", b"dex\n")
ACTIVE = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml", b"<head", b"<body", b"<iframe", b"<?php", b"mime-version:")
ADVICE = {
    "image/heic": "请在手机相机设置中选择“兼容性最佳”或另存为 JPG 后上传。",
    "image/avif": "请另存为 JPG 后上传。",
    "image/gif": "请另存为 PNG 后上传。",
    "image/bmp": "请另存为 PNG 后上传。",
    "image/tiff": "请另存为 JPG 后上传。",
    "video/quicktime": "请转换为 MP4 后上传。",
    "video/x-msvideo": "请转换为 MP4 后上传。",
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def limits() -> dict[str, int]:
    return LIMITS | getattr(settings, "EVIDENCE_LIMITS", {})


def identify(path: Path, *, name: str, size: int) -> Kind | Refusal:
    """The kind of a file that may come in, or why it may not."""
    if size == 0:
        return Refusal("file_empty", f"文件“{name}”是空的，请检查后重新上传。")
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    kind = _kind(path, head, name)
    if not isinstance(kind, Kind):
        return kind
    limit = limits()[kind.group]
    if size > limit:
        return too_large(name, kind.group, limit)
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending not in kind.endings:
        return Refusal(
            "file_extension", f"文件“{name}”的内容是 {kind.endings[0].upper()}，与扩展名不符，请改为“.{kind.endings[0]}”或检查是否选错文件。"
        )
    if kind.group == "picture" and (why := picture.damage(path)):
        return Refusal("file_damaged", f"图片“{name}”{why}")
    return kind


def too_large(name: str, group: str, limit: int) -> Refusal:
    return Refusal("file_too_large", f"文件“{name}”超过{GROUPS[group]}的大小限制（{limit / MB:g} MB），请压缩或拆分后上传。")


def _kind(path: Path, head: bytes, name: str) -> Kind | Refusal:
    if head.startswith(PROGRAMS):
        return Refusal("file_program", f"文件“{name}”是程序或脚本，不得上传。{ALLOWED}。")
    if head.startswith(b"PK"):
        return _packed(path, name)
    if head.startswith(OLE):
        return Refusal("file_type", f"文件“{name}”是旧版 Office 格式，请另存为 DOCX、XLSX 或 PDF 后上传。")
    guess = filetype.guess_mime(head)
    if guess in PLAIN:
        return PLAIN[guess]
    if guess is None and head.startswith(b"%PDF-"):
        return PDF
    if guess is None and _is_text(path):
        if any(mark in head.lower() for mark in ACTIVE):
            return Refusal("file_active", f"文件“{name}”是网页、矢量图或脚本，打开时可能运行其中的内容，不得上传。{ALLOWED}。")
        return TXT
    return Refusal("file_type", f"文件“{name}”的类型不能上传。{ADVICE.get(guess or '', ALLOWED + '。')}")


def _packed(path: Path, name: str) -> Kind | Refusal:
    """DOCX, XLSX and OFD are archives; the list of members says which, and whether it is a bomb."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return Refusal("file_damaged", f"文件“{name}”已损坏，打不开，请重新保存后上传。")
    whole, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    if len(members) > MEMBERS or whole > UNPACKED or whole > RATIO * max(packed, 1) + MB:
        return Refusal("file_bomb", f"文件“{name}”展开后过大，可能是压缩炸弹，不得上传。")
    names = {m.filename for m in members}
    if any(n.lower().endswith("vbaproject.bin") for n in names):
        return Refusal("file_macro", f"文件“{name}”含有宏，请另存为不含宏的 DOCX、XLSX 或 PDF 后上传。")
    found = [kind for member, kind in PACKED.items() if member in names]
    if len(found) == 1 and (found[0] is OFD or "[Content_Types].xml" in names):
        return found[0]
    return Refusal("file_type", f"文件“{name}”是压缩包或不认识的格式，请将其中的文件逐个上传。{ALLOWED}。")


def _is_text(path: Path) -> bool:
    """Strict UTF-8, else strict GB18030, without control characters."""
    if path.stat().st_size > limits()["document"]:
        return False
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(ord(c) < 32 and c not in "\t\n\r\f" or ord(c) == 127 for c in text)
    return False
