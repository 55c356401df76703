"""The numbering of official documents, one row per sign, outermost first.

| rank | sign | read as | not read |
|---|---|---|---|
| 0–2 | 第一编 第一章 第一节 | opening a line, or run together with 第一条 | a reference: 第一章所列 |
| 3 | 第一条 第1条 | | 第十五条、第十六条所列, 第三条第二款 |
| 4 | 一、 一. | | 一、二级, 党政同责、一岗双责 |
| 5 | (一) （一） ㈠ | | 第(一)项 |
| 6 | 1. 1、 １． | 1.2018年底前 | 3.5万吨, 1.2.3 |
| 7 | (1) 1) ⑴ | | (2023) |
| 8 | ① | | |
| – | 问题一:, 任务3: | opening a line | 任务一览 |
| – | 县教育局, 部门:县教育局 | a line over a list that begins at 1, if there are several | |
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from huanze.reader.signs import NUMERAL, number

SIGNS = ("编", "章", "节", "条", "一", "问题", "部门", "(一)", "机关", "1", "(1)", "①")
OVER_LIST = {"(一)": "部门", "1": "机关", "(1)": "机关"}  # a department's line without a number, by the sign of the list under it
UNNUMBERED = tuple(dict.fromkeys(OVER_LIST.values()))
RANK = {sign: rank for rank, sign in enumerate(SIGNS)}

# 第三条规定的, 第三条中的 refer; 第三条 中小企业… and 第三条及时… open an article
_REFERENCE = (
    rf"(?!第(?:{NUMERAL}{{1,8}}|\d{{1,3}})[条款项章节编]|和|及(?!时)|至|所[列称述规指]|规定|的|之|中(?=的|所|关于|规定|有关|第|,)|以[上下内外及前后]|或|与|\s*(?:、|,第)|\([一二三四五六七八九十]+\)项)"
)
_BODY = (
    rf"(?P<part>第\s*(?:{NUMERAL}{{1,5}}|\d{{1,3}})\s*(?P<level>[编章节]|部分)){_REFERENCE}"
    rf"|(?P<article>第\s*(?:{NUMERAL}{{1,8}}|\d{{1,3}})\s*条(?:之{NUMERAL})?){_REFERENCE}"
    rf"|(?P<one>[一二三四五六七八九十百]{{1,4}})\s?(?:、|[.](?!\d))(?![一二三四五六七八九十]?[级类是来方])"
    rf"|\(\s*(?P<cn>[一二三四五六七八九十百]{{1,4}})\s*\)(?![项款])[、.]?|(?P<cn1>[㈠-㈩])"
    rf"|(?P<digit>\d{{1,3}})\s*(?:[.](?!\d(?!\d{{3}}\s*年))|、)"
    rf"|\(\s*(?P<paren>\d{{1,3}})\s*\)(?!项)[、.]?|(?P<half>\d{{1,2}})\)|(?P<paren1>[⑴-⒇])"
    rf"|(?P<circle>[①-⑳])"
)
_NAMED = r"(?P<named>(?:问题|任务|整改任务|事项)\s?(?:[一二三四五六七八九十]{1,3}|\d{1,3}))\s*(?:[:.、]|$)"
AT_START = re.compile(rf"[ \t]*(?:{_BODY}|{_NAMED})", re.MULTILINE)
INSIDE = re.compile(rf"(?<=[。;:!?】)” \t])(?=[第(\d一二三四五六七八九十百㈠-㈩⑴-⒇①-⑳])(?:{_BODY})")
RUN_TOGETHER = re.compile(
    rf"(?P<part>第(?:{NUMERAL}{{1,5}}|\d{{1,3}})(?P<level>[编章节]))(?=[^。,;\n]{{1,25}}第{NUMERAL}{{1,8}}条)"
    rf"|(?P<article>第(?:{NUMERAL}{{1,8}}|\d{{1,3}})条)(?=【)"
    rf"|(?<=[章节])[^。,;:\n第]{{1,25}}(?P<article2>第(?:{NUMERAL}{{1,8}}|\d{{1,3}})条)"
)

SIGN = re.compile(r"^(?:[\s:】)”]|【[^】]*】|第[一二三四五六七八九十百]+条|\([一二三四五六七八九十\d]{1,3}\)|[一二三四五六七八九十]{1,3}、|\d{1,2}\s?[.、])+")  # as it opens a sentence


@dataclass(frozen=True)
class Mark:
    """One numbering sign in the text: `start` is where it stands, `end` where its words begin."""

    sign: str
    number: int
    label: str  # as an id writes it: 第一章, 一, (一), 6, (1)
    start: int
    end: int
    opens_line: bool


def mark_of(match: re.Match[str], *, opens_line: bool) -> Mark | None:
    """The mark that a match of one of the patterns stands for."""
    groups = {key: value for key, value in match.groupdict().items() if value}
    name = next(key for key in groups if key != "level")
    raw = re.sub(r"\s+", "", groups[name])
    start = match.start(name)
    if name == "part":
        sign = {"部分": "章"}.get(groups["level"], groups["level"])
        return _mark(sign, number(raw[1 : -len(groups["level"])]), raw, start, match.end(), opens_line)
    if name in ("article", "article2"):
        return _mark("条", number(raw[1 : raw.index("条")]), raw, start, match.end(), opens_line)
    if name == "named":
        return _mark("问题", number(raw.lstrip("整改问题任务事项")), raw, start, match.end(), opens_line)
    start = match.end() - len(match.group().lstrip())
    match name:
        case "one":
            return _mark("一", number(raw), raw, start, match.end(), opens_line)
        case "cn":
            return _mark("(一)", number(raw), f"({raw})", start, match.end(), opens_line)
        case "cn1":
            value = ord(raw) - ord("㈠") + 1
            return _mark("(一)", value, f"({'一二三四五六七八九十'[value - 1]})", start, match.end(), opens_line)
        case "digit":
            return _mark("1", int(raw), raw, start, match.end(), opens_line)
        case "paren" | "half":
            return _mark("(1)", int(raw), f"({int(raw)})", start, match.end(), opens_line)
        case "paren1":
            value = ord(raw) - ord("⑴") + 1
            return _mark("(1)", value, f"({value})", start, match.end(), opens_line)
        case _:
            return _mark("①", ord(raw) - ord("①") + 1, raw, start, match.end(), opens_line)


def _mark(sign: str, value: int, label: str, start: int, end: int, opens_line: bool) -> Mark | None:
    return Mark(sign, value, label, start, end, opens_line) if value else None


def opens(line: str) -> bool:
    """Whether a folded line begins with a numbering sign."""
    return AT_START.match(line) is not None
