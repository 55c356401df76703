"""Floor 0, pure: an official document in; clauses, units with roles, duties and deadlines out. docs/reader.md"""

from __future__ import annotations

import re

from huanze.reader import rows
from huanze.reader.citations import aliases, cited_numbers, cited_titles
from huanze.reader.clauses import Tree
from huanze.reader.decode import decode
from huanze.reader.deductions import deductions
from huanze.reader.head import read_head
from huanze.reader.items import items
from huanze.reader.model import Document, UnreadableError
from huanze.reader.notices import problems, publicity
from huanze.reader.obligations import obligations, recipients
from huanze.reader.pairs import pairs
from huanze.reader.repair import repair
from huanze.reader.responsibilities import responsibilities
from huanze.reader.signs import fold
from huanze.reader.thresholds import thresholds

__all__ = ["Document", "UnreadableError", "read"]


def _year(title: str | None) -> int | None:
    """The one year a title speaks of."""
    years = set(re.findall(r"20\d\d", fold(title or "")))
    return int(years.pop()) if len(years) == 1 else None


def read(data: bytes, name: str) -> Document:
    """Read one document. `name` is its file name. Raises UnreadableError, with the reason in Chinese."""
    raw, form, encoding = decode(data, name)
    text, repairs = repair(raw)
    if not text.strip():
        raise UnreadableError("文件里没有文字。")
    plain = fold(text)
    tree = Tree(text, plain)
    head = read_head(text, plain, tree)
    duties = obligations(text, plain, tree, _year(head.title))
    troubles = rows.problems(plain, tree) or problems(text, plain, tree, head.title, duties)
    charges = responsibilities(plain, tree, of_problems=bool(troubles))
    return Document(
        name=name,
        form=form,
        encoding=encoding,
        text=text,
        repairs=repairs,
        head=head,
        clauses=tuple(tree.clauses),
        responsibilities=tuple(sorted([*charges, *rows.responsibilities(plain, tree)], key=lambda row: row.span)),
        obligations=tuple(duties),
        recipients=tuple(recipients(plain, tree)),
        thresholds=tuple(thresholds(plain, tree)),
        deductions=tuple(deductions(text, plain, tree)),
        citations=tuple(cited_numbers(text, plain, tree, head.doc_number)),
        cited_titles=tuple(cited_titles(text, head.title)),
        items=tuple(sorted([*items(tree), *rows.items(text, plain, tree)], key=lambda row: row.span)),
        publicity=publicity(text, plain),
        problems=tuple(troubles),
        pairs=tuple(pairs(tree.clauses)),
        aliases=tuple(aliases(plain)),
    )
