"""Where a fact stands: the reader's clause numbers as those of a pack.

| reader | pack |
|---|---|
| 第十七条, (十一), 七 | QH-17, QH-11, QH-7 |
| 第六条/(二), 二/(一) | QH-6/2, QH-2/1 |
| 附件/五/4, 附件2/三 | QH-A/5/4, QH-A2/3 |
| 第二章, or 二 beside running (一) (二) | QH-C2, QH-S2; listed only when facts stand there |
| 引言, 附件注 | QH-0, QH-A/0 |

A clause without numbered parts that says several things is cited by part: by the bracket that closes each part
with its units, else by paragraph, else by sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from huanze.rules.packs.drafting.model import Found

DIGITS = "零一二三四五六七八九"
HAN = re.compile(r"(?:(?P<h>[一二三四五六七八九]?)(?P<hundred>百))?零?(?:(?P<t>[一二三四五六七八九]?)(?P<ten>十))?(?P<o>[一二三四五六七八九]?)")
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
ROOTS = (("", r"第(.+)条"), ("P", r"[(（](.+)[)）]"), ("S", r"([一二三四五六七八九十百]+)"), ("N", r"(\d+)"))
"""Kinds of top-level numbers, the article first: the first kind there is counts bare, the others carry a letter."""
OTHER_ROOTS = (("C", r"第(.+)[章编]"), ("J", r"第(.+)节"), ("B", r"第(.+)部分"))
ANNEX = re.compile(r"附\s*[件表录]\s*(.*)")
BRACKET = re.compile(r"\s*[（(〔\[][^\n。]*?[)）〕\]](?=[\s。；;]|$|[^）)、，,])[。；;]?")
CLOSERS = "。；;"
PAIRS = {"（": "）", "(": ")", "“": "”", "《": "》"}


def number_of(sign: str) -> int | None:
    """The number in a sign: 十七, (二), 4, ③, 第二款 → 17, 2, 4, 3, 2; None when there is none."""
    bare = re.sub(r"[第条款项章节()（）.、\s]", "", sign)
    if bare.isdecimal():
        return int(bare)
    if len(bare) == 1 and bare in CIRCLED:
        return CIRCLED.index(bare) + 1
    match = HAN.fullmatch(bare)
    if not bare or not match:
        return None
    hundreds, tens, ones = (DIGITS.find(d) if d else 1 for d in (match["h"], match["t"], match["o"] or "零"))
    return (100 * hundreds if match["hundred"] else 0) + (10 * tens if match["ten"] else 0) + ones


class Places:
    """The clauses of one document, in order, and where each fact belongs."""

    def __init__(self, code: str, facts: Sequence[Found]) -> None:
        self.prefix = f"{code.upper()}-"
        self.clauses = {id_of(f): f for f in facts if f.kind == "clause"}
        self.begun = {f.start for f in self.clauses.values()}
        tops = [i.split("/")[0] for i in self.clauses]
        self.main = next((letter for letter, pattern in ROOTS if any(re.fullmatch(pattern, t) for t in tops)), "")
        self.parents = {i.rpartition("/")[0] for i in self.clauses}
        brackets: dict[str, list[int]] = {}
        for f in facts:
            if f.kind == "responsibility" and f.value.get("segment"):
                brackets.setdefault(f.clause, []).append(f.end)
        self.bracketed = {i for i, ends in brackets.items() if len(ends) > 1}
        self.cuts = {i: cuts(f, self.text_start(f), brackets.get(i, [])) for i, f in self.clauses.items() if i not in self.parents}

    def whole(self, clause: str) -> str | None:
        """The pack's number of a reader's clause; None where it stands outside the clauses, as in the colophon."""
        first, *rest = clause.split("/")
        if first == "附件注":
            return f"{self.prefix}A/0"
        root = "0" if first == "引言" else self._root(first)
        numbers = [number_of(r) for r in rest]
        if root is None or None in numbers:
            return None
        return self.prefix + "/".join([root, *map(str, numbers)])

    def _root(self, sign: str) -> str | None:
        if annex := ANNEX.fullmatch(sign):
            n = number_of(annex.group(1)) if annex.group(1) else None
            return f"A{n or ''}"
        for letter, pattern in (*ROOTS, *OTHER_ROOTS):
            if (match := re.fullmatch(pattern, sign)) and (n := number_of(match.group(1))):
                return str(n) if letter == self.main else f"{letter}{n}"
        return None

    def of(self, found: Found) -> str | None:
        """The number under which a fact is cited, down to the part of the clause it stands in."""
        whole = self.whole(found.clause)
        part = self.part(found)
        return f"{whole}/{part}" if whole and part else whole

    def text_start(self, clause: Found) -> int:
        """The offset at which a clause's text begins: its span also covers its sign, and the line's end if another follows."""
        text, sign = text_of(clause), id_of(clause).rpartition("/")[2]
        spare = clause.end - clause.start - len(text) - len(sign)
        return clause.end - len(text) - (1 if spare > 0 and clause.end in self.begun else 0)

    def part(self, found: Found) -> int:
        """Which part of its clause a fact stands in, from 1; 0 when the clause has no parts."""
        ends = self.cuts.get(found.clause, ())
        if len(ends) < 2:
            return 0
        at = max(found.end - 1, found.start) - self.text_start(self.clauses[found.clause])
        return next((i for i, end in enumerate(ends, 1) if at < end), len(ends))

    def around(self, found: Found) -> str:
        """The clause in whose text a fact stands that names none; empty when it stands in no clause."""
        around = [(c.start, i) for i, c in self.clauses.items() if c.start <= found.start < c.end]
        return max(around)[1] if around else ""

    def words(self, found: Found) -> str:
        """The text of the part of the clause in which a fact stands; empty when the clause is not known."""
        clause = self.clauses.get(found.clause)
        if clause is None:
            return ""
        text, part = text_of(clause), self.part(found)
        if not part:
            return text
        ends = (0, *self.cuts[found.clause])
        return text[ends[part - 1] : ends[part]]

    def before(self, found: Found) -> str:
        """The words from the beginning of a fact's clause to the fact."""
        clause = self.clauses.get(found.clause)
        return text_of(clause)[: max(0, found.start - self.text_start(clause))] if clause else ""

    def after(self, found: Found, *others: Found) -> str:
        """The words from a fact to the end of its part, or to the next of ``others`` there."""
        clause = self.clauses.get(found.clause)
        if clause is None:
            return str(found.value.get("snippet", ""))
        begins = self.text_start(clause)
        last = self.cuts.get(found.clause, ())
        part = self.part(found)
        stop = last[part - 1] if part else len(text_of(clause))
        stop = min([stop, *(o.start - begins for o in others if o.clause == found.clause and o.start > found.start)])
        return text_of(clause)[max(0, found.start - begins) : stop]

    def label(self, found: Found) -> str:
        """Where to look in the document, for comments."""
        part = self.part(found)
        return f"{found.clause}{f' 第{part}部分' if part else ''}，正文第{found.start + 1}—{found.end}字"


def id_of(clause: Found) -> str:
    return str(clause.value.get("id") or clause.clause)


def text_of(clause: Found) -> str:
    return str(clause.value.get("text") or "")


def cuts(clause: Found, begins: int, brackets: Sequence[int]) -> tuple[int, ...]:
    """Where the parts of a clause end, as offsets into its text, which begins at ``begins``; the last is its length. ``brackets``: where those with units end."""
    text = text_of(clause)
    if len(brackets) > 1:
        ends = sorted(min(e - begins, len(text)) for e in brackets)
        return (*ends[:-1], len(text))
    lines = [m.end() for m in re.finditer(r"[^\n]*\S[^\n]*(?:\n|$)", text)]
    if len(lines) > 1:
        return (*lines[:-1], len(text))
    return _sentences(text, len(str(clause.value.get("heading") or "")))


def _sentences(text: str, heading: int) -> tuple[int, ...]:
    """Ends of sentences and of half-sentences closed by a semicolon, with the bracket that follows; the heading is none."""
    ends: list[int] = []
    open_ = ""
    for i, sign in enumerate(text):
        if sign == open_[-1:]:
            open_ = open_[:-1]
        elif sign in PAIRS:
            open_ += PAIRS[sign]
        elif sign in CLOSERS and not open_ and i > heading + 1:
            bracket = BRACKET.match(text, i + 1)
            ends.append(bracket.end() if bracket else i + 1)
    if not ends or text[ends[-1] :].strip():
        ends.append(len(text))
    return (*ends[:-1], len(text))
