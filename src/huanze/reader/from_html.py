"""A saved web page → its text, one line per block, without scripts and page furniture.

A table of data is a line per row, its cells parted by tabs; a table that only lays the page out is lines as any other.
"""

from __future__ import annotations

import re

from lxml import etree
from lxml import html as tree

from huanze.reader.model import UnreadableError

DROP = {"script", "style", "noscript", "nav", "footer", "header", "form", "button", "select", "iframe", "svg", "template"}
BLOCK = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "section", "article", "td", "th", "title"}
LOOKS = re.compile(r"<(?:!doctype html|html|head|body|div|p|table)[\s>/]", re.IGNORECASE)
LONGEST_CELL = 1500  # characters; a longer one lays out the page
WIDEST = 30  # columns that one cell may span


def looks_like(text: str) -> bool:
    """Whether text is a web page rather than a document that mentions one."""
    return text.lstrip()[:1] == "<" and LOOKS.search(text[:2000]) is not None


def text_of(source: str) -> str:
    """The page's text. Raises UnreadableError."""
    cleaned = re.sub(r"^\s*<\?xml[^>]*\?>", "", source).replace("\x00", "")
    try:
        root = tree.document_fromstring(cleaned, parser=tree.HTMLParser(huge_tree=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise UnreadableError("网页里没有文字，请确认保存完整。") from None
    for table in [node for node in root.iter("table") if _is_data(node)]:
        _flatten(table)
    out: list[str] = []
    skip = 0
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            skip += tag in DROP
            if tag in BLOCK:
                out.append("\n")
            if not skip and tag != "title" and node.text:
                out.append(re.sub(r"[\r\n]+\s*", "", node.text))
            continue
        if event == "end":
            skip -= tag in DROP
            if tag in BLOCK:
                out.append("\n")
        if not skip and node.tail:
            out.append(re.sub(r"[\r\n]+\s*", "", node.tail))
    lines = (line.strip(" \u3000").rstrip("\t") for line in "".join(out).split("\n"))
    return "\n".join(line if "\t" in line.strip("\t") else line.strip("\t") for line in lines if line.strip())


def _is_data(table: etree._Element) -> bool:
    """Whether a table holds data: no table in it, rows of several cells, none as long as a page."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    rows = [_cells(row) for row in table.iter("tr")]
    wide = [row for row in rows if len(row) > 1]
    return len(wide) > 1 and all(len(_words(cell)) <= LONGEST_CELL for row in wide for cell in row)


def _cells(row: etree._Element) -> list[etree._Element]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _words(cell: etree._Element) -> str:
    """The words of a cell on one line."""
    for block in cell.iter("br", "p", "div", "li"):
        block.tail = f" {block.tail or ''}"
    return re.sub(r"\s+", " ", "".join(str(piece) for piece in cell.itertext())).strip()


def _flatten(table: etree._Element) -> None:
    """Put every row on one line, cells in their columns: one that spans rows leaves the cells below it empty."""
    below: dict[int, int] = {}
    for row in table.iter("tr"):
        line: list[str] = []
        cells = _cells(row)
        for cell in cells:
            while below.get(len(line), 0) > 0:
                below[len(line)] -= 1
                line.append("")
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            for column in range(len(line), len(line) + across):
                below[column] = down - 1
            line += [_words(cell), *[""] * (across - 1)]
        for column in [column for column in below if column >= len(line)]:
            below[column] = max(0, below[column] - 1)
        for child in list(row):
            row.remove(child)
        row.text = "\t".join(line)


def _span(cell: etree._Element, name: str) -> int:
    value = str(cell.get(name, "1"))
    return min(int(value), WIDEST) if value.isdigit() and int(value) > 0 else 1
