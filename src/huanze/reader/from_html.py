"""A saved web page → its text, one line per block, without scripts and page furniture."""

from __future__ import annotations

import re

from lxml import etree
from lxml import html as tree

from huanze.reader.model import UnreadableError

DROP = {"script", "style", "noscript", "nav", "footer", "header", "form", "button", "select", "iframe", "svg", "template"}
BLOCK = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "section", "article", "td", "th", "title"}
LOOKS = re.compile(r"<(?:!doctype html|html|head|body|div|p|table)[\s>/]", re.IGNORECASE)


def looks_like(text: str) -> bool:
    """Whether text is a web page rather than a document that mentions one."""
    return text.lstrip()[:1] == "<" and LOOKS.search(text[:2000]) is not None


def text_of(source: str) -> str:
    """The page's text. Cells of a table row are parted by tabs."""
    cleaned = re.sub(r"^\s*<\?xml[^>]*\?>", "", source).replace("\x00", "")
    try:
        root = tree.document_fromstring(cleaned, parser=tree.HTMLParser(huge_tree=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise UnreadableError("网页里没有文字，请确认保存完整。") from None
    out: list[str] = []
    skip = 0
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            skip += tag in DROP
            if tag in BLOCK:
                out.append("\t" if tag in ("td", "th") else "\n")
            if not skip and tag != "title" and node.text:
                out.append(re.sub(r"[\r\n]+\s*", "", node.text))
            continue
        if event == "end":
            skip -= tag in DROP
            if tag in BLOCK and tag not in ("td", "th"):
                out.append("\n")
        if not skip and node.tail:
            out.append(re.sub(r"[\r\n]+\s*", "", node.tail))
    lines = (line.strip(" \t\u3000") for line in "".join(out).split("\n"))
    return "\n".join(line for line in lines if line)
