"""A PDF with a text layer → its text, page by page. A scan without one is refused."""

from __future__ import annotations

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import PdfiumError

from huanze.reader.model import UnreadableError


def text_of(data: bytes) -> str:
    """The text layer; pages are parted by a line feed. Lines stay as the page breaks them; `repair` joins them."""
    try:
        document = pypdfium2.PdfDocument(data)
        pages = [document[n].get_textpage().get_text_range() for n in range(len(document))]
    except PdfiumError:
        raise UnreadableError("PDF 文件打不开：文件已损坏或设了密码。") from None
    text = "\n".join(pages).replace("\ufffe", "").replace("\uffff", "")
    if len(text.strip()) < 10:
        raise UnreadableError("PDF 里没有文字，可能是扫描件，请先做文字识别。")
    return text
