"""Tables: rows of cells parted by tabs, whose header row says what each column holds.

| column | headers |
|---|---|
| no | 序号 编号 |
| dept | 部门 单位名称 |
| lead, responsible, partner, supervising | 牵头单位; 责任单位; 配合单位; 督导单位, 监管(验收)单位 |
| term | 完成时限 整改时限 时间节点 |
| item, problem, task | 具体事项, 工作职责; 反馈问题; 重点任务, 具体措施 |

A row of cells is a header if it names what is to be done and who or when. Lines below it are its rows as long as they
hold tabs; a short line without one (一、水源保护) is a heading between rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from huanze.reader.model import Span
from huanze.reader.signs import squeeze
from huanze.reader.units import listed_units

Kind = Literal["item", "problem", "task"]

_BODY = r"(?:责任)?(?:单位|部门|主体)"
COLUMNS = (
    ("no", r"(?:问题|任务|项目|措施|事项)?(?:序号|编号|序)|项次|No\.?"),
    ("supervising", rf"(?:[省市县区]级|[省市县区]直)?(?:牵头)?(?:督导|督办|监管|验收|监督|督促|行业监管|行业主管|督导验收){_BODY}"),
    ("lead", rf"总?(?:牵头|主办|主责)(?:{_BODY})?"),
    ("partner", rf"(?:主要)?(?:配合|协同|参与|参加|协办|协助|会同){_BODY}"),
    ("responsible", rf"(?:整改)?(?:主体|属地)?(?:责任|承办|实施|落实|承担|整改){_BODY}|责任主体|责任分工"),
    ("term", r"(?:整改|完成|办理|办结|计划|工作|预计|拟)*(?:完成)?(?:时限|期限|时间|时间节点)(?:要求)?"),
    ("dept", r"(?:主管|职能|成员|有关|相关|[省市县区]直|[省市县区]级)?(?:部门|单位|机关)(?:名称)?"),
    ("item", r".{0,14}(?:事项|职责|责任内容|职责内容|职责任务|职责分工)"),
    ("problem", r".{0,10}问题(?:描述|内容|表现|情况|清单|概述)?|整改任务"),
    ("task", r".{0,8}(?:任务|任务内容|措施|举措|工作内容|内容|目标|项目|要求|重点工作)"),
)  # fmt: skip
HEADER = tuple((key, re.compile(pattern)) for key, pattern in COLUMNS)
NUMBERED = re.compile(r"\(?(\d{1,3}|[一二三四五六七八九十]{1,3})(?:[)、.]|$)")
ACTING = ("lead", "responsible", "dept")  # the columns of who must act, the first that is filled


@dataclass(frozen=True)
class Row:
    """One row: the spans of its cells by column. `no` is its number as written, or its place in the table."""

    no: str
    numbered: bool
    span: Span
    cells: dict[str, Span]


@dataclass(frozen=True)
class Table:
    kind: Kind
    rows: tuple[Row, ...]
    span: Span


def columns(cells: list[str]) -> dict[str, int] | None:
    """Which column holds what, if these cells are a header."""
    out: dict[str, int] = {}
    for index, cell in enumerate(cells):
        if key := _column(cell):
            out.setdefault(key, index)
    return out if kind_of(out) else None


def _column(words: str) -> str | None:
    """What a column with these words above it holds."""
    bare = re.sub(r"\([^()]{0,10}\)$", "", squeeze(words))
    return next((key for key, pattern in HEADER if 1 < len(bare) <= 16 and pattern.fullmatch(bare)), None)


def kind_of(found: dict[str, int]) -> Kind | None:
    """What a table with these columns lists, None if they make no table that is read."""
    acts = any(key in found for key in ("lead", "responsible"))
    if "problem" in found and (acts or "supervising" in found):
        return "problem"
    if "item" in found and (acts or "dept" in found):
        return "item"
    if ("task" in found or "item" in found) and (acts or "partner" in found or ("term" in found and "no" in found)):
        return "task"
    return "item" if "task" in found and "dept" in found else None


def tables(plain: str) -> list[Table]:
    """The tables of a folded text, in order."""
    out: list[Table] = []
    if "\t" not in plain:
        return out
    header: dict[str, int] = {}
    rows: list[Row] = []
    begin = end = at = 0
    lines = plain.split("\n")
    for index, line in enumerate(lines):
        cells = line.split("\t") if "\t" in line else []
        named = columns(cells) if cells else None
        follows = index + 1 < len(lines) and "\t" in lines[index + 1]
        if named and not (header and rows and _same(named, header)):
            _close(out, header, rows, (begin, end))
            header, rows, begin = named, [], at
        elif header and cells and not named:
            if not rows and (second := _second(cells)):
                header = {key: column for key, column in header.items() if column not in second.values()} | second
            elif sum(1 for cell in cells if cell.strip()) > 1:
                rows.append(_row(plain, at, cells, header, len(rows) + 1))
        elif header and not cells and not (len(line) < 40 and follows):
            _close(out, header, rows, (begin, end))
            header, rows = {}, []
        at += len(line) + 1
        end = min(at, len(plain)) if header else end
    _close(out, header, rows, (begin, end))
    return out


def _same(named: dict[str, int], header: dict[str, int]) -> bool:
    """Whether a header comes again at the top of the next page."""
    return named.items() <= header.items()


def _second(cells: list[str]) -> dict[str, int] | None:
    """A second header row under a merged cell (责任单位 over 牵头单位 and 配合单位)."""
    found = [(_column(cell), index) for index, cell in enumerate(cells) if cell.strip()]
    return {key: index for key, index in found if key} if found and all(key for key, _ in found) else None


def _close(out: list[Table], header: dict[str, int], rows: list[Row], span: Span) -> None:
    if rows and (kind := kind_of(header)):
        out.append(Table(kind, tuple(rows), span))


def _row(plain: str, at: int, cells: list[str], header: dict[str, int], ordinal: int) -> Row:
    spans: list[Span] = []
    start = at
    for cell in cells:
        lead = len(cell) - len(cell.lstrip())
        spans.append((start + lead, start + lead + len(cell.strip())))
        start += len(cell) + 1
    found = {key: spans[index] for key, index in header.items() if index < len(spans) and spans[index][0] < spans[index][1]}
    number = NUMBERED.match(plain, *found["no"]) if "no" in found else None
    if number is None and "no" not in header:
        content = next((found[key] for key in ("item", "problem", "task") if key in found), None)
        number = NUMBERED.match(plain, *content) if content else None
    return Row(number.group(1) if number else str(ordinal), number is not None, (at, start - 1), found)


def cell(plain: str, row: Row, key: str) -> str:
    """The words of a cell, nothing where the row has none."""
    return plain[slice(*row.cells[key])] if key in row.cells else ""


def names_of(plain: str, row: Row, *keys: str) -> tuple[str, ...]:
    """The units in the first of these columns that is filled."""
    words = next((found for key in keys if (found := cell(plain, row, key))), "")
    return tuple(re.sub(r"\((?:牵头|配合|负责)(?:单位|部门)?\)$", "", name) for name in listed_units(words)[0])
