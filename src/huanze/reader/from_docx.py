"""A .docx → its text with the numbers that Word draws but does not store (一、 (一) 1. 第一条)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from docx import Document as open_docx  # type: ignore[attr-defined, unused-ignore]
from docx.oxml.ns import qn
from lxml import etree

from huanze.reader.model import UnreadableError

LONGEST_CELL = 1500  # characters; a longer one lays out the page
WIDEST = 30  # columns that one cell may span
LARGEST = 200_000_000  # bytes unpacked; more is an attack, not a document
CHINESE = ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital", "taiwaneseCounting")


def text_of(data: bytes) -> str:
    """Paragraphs as lines, table rows as lines with tabs. Raises UnreadableError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
                raise UnreadableError("文件解开后过大，请拆分后再试。")
        document = open_docx(io.BytesIO(data))
        return "\n".join(_lines(document.element.body, _Numbers(document)))
    except UnreadableError:
        raise
    except Exception:  # a damaged package breaks in many ways inside the libraries; the user can do one thing
        raise UnreadableError("Word 文件打不开：文件已损坏或不是 .docx。") from None


def _lines(parent: Any, numbers: _Numbers) -> Iterator[str]:
    for node in parent:
        if node.tag == qn("w:p"):
            yield numbers.of(node) + _text(node)
        elif node.tag == qn("w:tbl"):
            yield from _table(node, numbers)
        elif node.tag == qn("w:sdt"):
            for content in node.iter(qn("w:sdtContent")):
                yield from _lines(content, numbers)


def _table(table: Any, numbers: _Numbers) -> Iterator[str]:
    """A line per row, cells parted by tabs in their columns; a row of one long cell only lays out the page."""
    for row in table.iterchildren(qn("w:tr")):
        cells = [cell for cell in row.iter(qn("w:tc")) if cell.getparent() is row or cell.getparent().tag == qn("w:sdtContent")]
        if len(cells) == 1 or any(sum(len(_text(p)) for p in cell.iter(qn("w:p"))) > LONGEST_CELL for cell in cells):
            for cell in cells:
                yield from _lines(cell, numbers)
            continue
        line: list[str] = []
        for cell in cells:
            words = " ".join(numbers.of(p) + _text(p) for p in cell.iter(qn("w:p")))
            span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
            across = int(span.get(qn("w:val"), "1")) if span is not None else 1
            line += [re.sub(r"\s+", " ", words).strip(), *[""] * (min(across, WIDEST) - 1)]
        yield "\t".join(line)


def _text(paragraph: Any) -> str:
    out = []
    for node in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br")):
        if node.tag == qn("w:t"):
            out.append(node.text or "")
        elif node.tag == qn("w:br"):
            out.append("\n")
        elif node.getparent().tag == qn("w:r"):
            out.append(" ")
    return "".join(out)


class _Numbers:
    """Counts list paragraphs as Word does: per list and level, deeper levels start again."""

    def __init__(self, document: Any) -> None:
        self.levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self.counts: dict[str, list[int]] = {}
        self.styles: dict[str, tuple[str, int]] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        abstract = {node.get(qn("w:abstractNumId")): node for node in root.iter(qn("w:abstractNum"))}
        for num in root.iter(qn("w:num")):
            link = num.find(qn("w:abstractNumId"))
            source = abstract.get(link.get(qn("w:val"))) if link is not None else None
            for level in source.iter(qn("w:lvl")) if source is not None else ():
                key = (num.get(qn("w:numId")), int(level.get(qn("w:ilvl"), "0")))
                self.levels[key] = (
                    _value(level, "w:numFmt", "decimal"),
                    _value(level, "w:lvlText", ""),
                    int(_value(level, "w:start", "1")),
                )
        for style in document.styles.element.iter(qn("w:style")):
            if (place := _place(style)) is not None:
                self.styles[style.get(qn("w:styleId"))] = place

    def of(self, paragraph: Any) -> str:
        """The number drawn before a paragraph, or nothing."""
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        place = _place(paragraph) or (self.styles.get(style.get(qn("w:val"))) if style is not None else None)
        if place is None or place not in self.levels:
            return ""
        listing, depth = place
        counts = self.counts.setdefault(listing, [])
        del counts[depth + 1 :]
        while len(counts) <= depth:
            counts.append(self.levels.get((listing, len(counts)), ("", "", 1))[2] - 1)
        counts[depth] += 1
        drawn = self.levels[place][1]
        for level, count in enumerate(counts):
            drawn = drawn.replace(f"%{level + 1}", _drawn(count, self.levels.get((listing, level), ("decimal", "", 1))[0]))
        return "" if self.levels[place][0] in ("bullet", "none") else drawn


def _place(node: Any) -> tuple[str, int] | None:
    inner = node.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    listing = inner.find(qn("w:numId")) if inner is not None else None
    if inner is None or listing is None:
        return None
    depth = inner.find(qn("w:ilvl"))
    return listing.get(qn("w:val")), int(depth.get(qn("w:val"), "0")) if depth is not None else 0


def _value(node: etree._Element, tag: str, default: str) -> str:
    found = node.find(qn(tag))
    return str(found.get(qn("w:val"), default)) if found is not None else default


def _drawn(count: int, form: str) -> str:
    if form in CHINESE:
        return chinese(count)
    if form.startswith("decimalEnclosedCircle") and 1 <= count <= 20:
        return chr(0x245F + count)
    return str(count)


def chinese(count: int) -> str:
    """21 → 二十一; up to 99, beyond that in digits."""
    if not 0 < count < 100:
        return str(count)
    tens, ones = divmod(count, 10)
    digits = " 一二三四五六七八九"
    return ((digits[tens] if tens > 1 else "") + "十" if tens else "") + (digits[ones] if ones else "")
