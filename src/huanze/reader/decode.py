"""Bytes → text. What the bytes are is told by the bytes first, by the name second."""

from __future__ import annotations

import codecs
import re

from huanze.reader import from_docx, from_html, from_pdf
from huanze.reader.model import UnreadableError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FOREIGN = (
    (b"\xd0\xcf\x11\xe0", "旧版 Word（.doc）文件读不了，请另存为 .docx 后再试。"),
    (b"{\\rtf", "RTF 文件读不了，请另存为 .docx 后再试。"),
    (b"\x89PNG", "图片读不了，请先转成文字。"),
    (b"\xff\xd8\xff", "图片读不了，请先转成文字。"),
    (b"Rar!", "压缩包读不了，请解压后逐份选取。"),
    (b"7z\xbc\xaf", "压缩包读不了，请解压后逐份选取。"),
)


def decode(data: bytes, name: str) -> tuple[str, str, str | None]:
    """(text, form, encoding). Form is txt, docx, pdf or html. Raises UnreadableError."""
    if not data.strip():
        raise UnreadableError("文件是空的，请确认选对了文件。")
    if reason := next((why for head, why in FOREIGN if data.startswith(head)), None):
        raise UnreadableError(reason)
    if data[:4] == b"PK\x03\x04":
        return from_docx.text_of(data), "docx", None
    if b"%PDF-" in data[:1024]:
        return from_pdf.text_of(data), "pdf", None
    if name.lower().endswith((".pdf", ".docx")):
        raise UnreadableError(f"文件名是 {name[name.rindex('.'):].lower()}，内容却不是，可能已损坏或改过扩展名，请找到原文件再传。")
    text, encoding = characters(data)
    if name.lower().endswith((".html", ".htm", ".shtml", ".xhtml")) or from_html.looks_like(text):
        return from_html.text_of(text), "html", encoding
    return text, "txt", encoding


def characters(data: bytes) -> tuple[str, str]:
    """(text, encoding): byte order mark, declared charset, strict UTF-8, strict GB18030, UTF-16 by its zeros."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            if (text := _strict(data, encoding)) is not None:
                return text, encoding
            break
    zeros = data[:4000].count(0)
    candidates = ["utf-8", "gb18030"] if not zeros else ["utf-16-le", "utf-16-be"]
    declared = re.search(rb"charset=[\"']?([\w-]+)", data[:2048])
    if declared and declared.group(1).lower() == b"big5":
        candidates.insert(1, "big5")
    for encoding in candidates:
        text = _strict(data, encoding)
        if text is not None and _plausible(text):
            return text, encoding
    raise UnreadableError("认不出文件的文字编码，请另存为 UTF-8 文本或 .docx 后再试。")


def _strict(data: bytes, encoding: str) -> str | None:
    """The text, or None. A document cut at the end of the file loses its last, broken character only."""
    for tail in range(4):
        try:
            return data[: len(data) - tail].decode(encoding)
        except UnicodeError as error:
            if not isinstance(error, UnicodeDecodeError) or error.start < len(data) - 4:
                return None
    return None


def _plausible(text: str) -> bool:
    """Text, not a program or an image: hardly any control or private-use characters."""
    head = text[:20_000]
    odd = sum(1 for char in head if (char < " " and char not in "\t\n\r\f\v\x1c\x1d\x1e\x1f") or "\ue000" <= char <= "\uf8ff")
    return odd * 20 <= len(head)

