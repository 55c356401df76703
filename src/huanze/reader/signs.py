"""Signs shared by every stage: one form of widths, Chinese numerals, dates, brackets, sentences.

`fold` keeps the length of the text, so that an offset in the folded text is an offset in the text.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator

_CODES = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,
    ord("﹝"): ord("〔"),
    ord("﹞"): ord("〕"),
    ord("–"): ord("—"),
    ord("―"): ord("—"),
    ord("－"): ord("-"),
    ord("～"): ord("~"),
    ord("〜"): ord("~"),
    ord("〈"): ord("<"),
    ord("〉"): ord(">"),
    ord("「"): ord("“"),
    ord("」"): ord("”"),
}
_FOLD = {chr(wide): chr(narrow) for wide, narrow in _CODES.items()}
_WIDE = frozenset(_FOLD)

DIGITS = {sign: n for n, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "Ｏ": 0, "两": 2}
NUMERAL = "[一二三四五六七八九十百千零〇]"
NUMBER = r"(?:\d{1,4}|[一二两三四五六七八九十]{1,3})"

OPEN = {"(": ")", "[": "]", "〔": "〕", "【": "】", "《": "》", "<": ">"}


def fold(text: str) -> str:
    """Full-width letters, digits and punctuation as half-width; every character stays in its place."""
    if len(text) < 200:
        return text.translate(_CODES)
    for char in _WIDE.intersection(text):  # a replace per sign in use is far quicker than a table look-up per character
        text = text.replace(char, _FOLD[char])
    return text


def ordinary(char: str) -> str:
    """The ordinary character for a radical or compatibility form that a PDF copy left (⼀ → 一)."""
    other = unicodedata.normalize("NFKC", char)
    return other if len(other) == 1 else char


def number(sign: str) -> int:
    """The value of 21, ２１ or 二十一; 0 if it is none."""
    if sign.isdecimal():
        return int(sign)
    total, digit = 0, 0
    for char in sign:
        if char == "千":
            total, digit = total + (digit or 1) * 1000, 0
        elif char == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif char == "十":
            total, digit = total + (digit or 1) * 10, 0
        elif char in DIGITS:
            digit = DIGITS[char]
        else:
            return 0
    return total + digit


_Y = r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
_DOT = r"((?:19|20)\d{2})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{1,2})(?!\d)"
_CN = r"([二一][〇零○九ОO一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
DATE = re.compile(f"{_Y}|{_DOT}|{_CN}")


def iso(year: int, month: int, day: int) -> str | None:
    """An ISO date, or None for a day that does not exist."""
    if not (1 <= month <= 12 and 1900 <= year <= 2200 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


def month_end(year: int, month: int) -> str | None:
    """The last day of a month."""
    return iso(year, month, monthrange(year, month)[1]) if 1 <= month <= 12 and 1900 <= year <= 2200 else None


def date_of(match: re.Match[str]) -> str | None:
    """The ISO date of a match of `DATE`."""
    y, m, d, y2, m2, d2, y3, m3, d3 = match.groups()[-9:]
    if y3:
        return iso(int("".join(str(DIGITS.get(c, 0)) for c in y3)), number(m3), number(d3))
    return iso(int(y or y2), int(m or m2), int(d or d2))


def brackets(text: str, opening: str = "([【〔", *, longest: int = 400) -> Iterator[tuple[int, int]]:
    """Outermost bracket pairs as (start, end), end after the closing sign. Unclosed ones are left out."""
    stack: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for match in re.finditer(r"[()\[\]【】〔〕\n]", text):
        char, at = match.group(), match.start()
        if char == "\n":
            stack.clear()
        elif char in OPEN:
            stack.append((OPEN[char], at))
        else:
            depth = next((i for i in range(len(stack) - 1, max(-1, len(stack) - 9), -1) if stack[i][0] == char), None)
            if depth is not None:
                start = stack[depth][1]
                del stack[depth:]
                while pairs and pairs[-1][0] > start:
                    pairs.pop()
                if text[start] in opening and at - start <= longest:
                    pairs.append((start, at + 1))
    yield from pairs


def split_top(text: str, signs: str) -> list[tuple[int, int]]:
    """Spans of the pieces between `signs` that stand outside any bracket."""
    out, depth, start = [], 0, 0
    for at, char in enumerate(text):
        if char in "([〔《<":
            depth += 1
        elif char in ")]〕》>":
            depth = max(0, depth - 1)
        elif char in signs and depth == 0:
            out.append((start, at))
            start = at + 1
    out.append((start, len(text)))
    return out


def squeeze(text: str) -> str:
    """The text without white space."""
    return re.sub(r"\s+", "", text)
