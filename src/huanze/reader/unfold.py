"""A page that was flattened into one long line, where a blank stands for each line break.

The words between blanks show what they are; a break goes around those that stand on a line of their own.

| words | |
|---|---|
| 某政发〔2023〕2号; 2023年5月18日; (此件公开发布) | always |
| 某县人民政府 | before a date, alone or with other bodies |
| 某县考核办法; 关于某事的通知 | before 为…, 根据…, a number, addressees, a numbering; or after a date |
| 各县政府,各部门: | after a title or a number |
| 附件, 附件2, 抄送:某局 | always |
| 一、… (一)… 第一条 | before |
"""

from __future__ import annotations

import re

from huanze.reader.numbering import AT_START, opens
from huanze.reader.signs import DATE, fold
from huanze.reader.words import CODE, ORDER, ORG_LINE, TITLE_END

LONG = 150  # characters; a shorter line is a paragraph, and its blanks are its own
NUMBER = re.compile(rf"(?:{CODE}|{ORDER})")
PUBLIC = re.compile(r"\((?:此|本)件?[^()]{2,12}\)")
ANNEX = re.compile(r"附\s?[件表录]\s?\d{0,2}")
COPIES = re.compile(r"抄[送报]:")
ADDRESSED = re.compile(r"各[^。;]{2,120}:|[^。;]{2,60}(?:政府|部门|单位|[厅局委办]):")
BEGINS = re.compile(r"为|根据|按照|依据|近年|近日|日前|现将|经|各|第一[编章条部]|一、|目录|\(")


def unfold(line: str) -> list[str]:
    """The lines that a flattened line held."""
    if len(line) <= LONG or not re.search("[ \u3000]", line):
        return [line]
    pieces = [(match.start(), fold(match.group())) for match in re.finditer(r"[^ \u3000]+", line)]
    words = [piece for _, piece in pieces]
    own = _own_lines(words)
    out: list[str] = []
    begin = 0
    for index in range(1, len(words)):
        if own[index] or own[index - 1] or (opens(words[index]) and not _bare_sign(words[index - 1]) and words[index - 1][-1] not in ",、"):
            out.append(line[begin : pieces[index][0]].rstrip(" \u3000"))
            begin = pieces[index][0]
    return [*out, line[begin:]]


def _bare_sign(words: str) -> bool:
    """第一条, whose words stand behind a blank."""
    return AT_START.fullmatch(words) is not None


def _own_lines(words: list[str]) -> list[bool]:
    """Which pieces stand on lines of their own."""
    own = [bool(NUMBER.fullmatch(piece) or DATE.fullmatch(piece) or PUBLIC.fullmatch(piece) or ANNEX.fullmatch(piece) or COPIES.match(piece)) for piece in words]
    for index in range(len(words) - 2, -1, -1):  # bodies above their date
        below = words[index + 1]
        if (DATE.fullmatch(below) or (own[index + 1] and ORG_LINE.match(below))) and ORG_LINE.match(words[index]):
            own[index] = True
    for index, piece in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        last = words[index - 1] if index else ""
        title = 4 <= len(piece) <= 70 and TITLE_END.search(piece) and not re.search("[。,;:]", piece) and not opens(piece)
        if title and (BEGINS.match(following) or NUMBER.fullmatch(following) or DATE.fullmatch(last) or PUBLIC.fullmatch(last) or ANNEX.fullmatch(last)) or index and own[index - 1] and ADDRESSED.fullmatch(piece):
            own[index] = True
    return own
