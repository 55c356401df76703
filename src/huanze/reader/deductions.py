"""Points that an assessment takes off, each with the event it is taken off for.

| as written | read as |
|---|---|
| 被通报为典型案例的,每个问题扣减10分 | 10, 被通报为典型案例 |
| 未按时报送扣2分,漏报一次扣1分 | 2, 未按时报送; 1, 漏报一次 |
| 有下列情形之一的,每次扣5分:(一)甲;(二)乙 | 5, 甲; 5, 乙, each in the clause of its item |
| 被甲或者乙通报的,扣3分 | one event: it shares one sum |

Not read: limits of a sum (累计扣减分值达到10分以上, 最多扣20分, 扣10分为止), what was taken off (被扣5分的), ranges
(扣2至5分), points that are not whole (扣0.5分), points given (加5分).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from huanze.reader.clauses import Tree, walk
from huanze.reader.model import Deduction
from huanze.reader.numbering import SIGN
from huanze.reader.signs import number

POINTS = re.compile(
    r"(?<![不被免])(?:扣减|扣除|扣罚|扣|(?<=[次个项起件处例家条的,])减)\s*(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})\s*分"
    r"(?![以之钟贝类值的]|\s*[—\-~至]|为止|封顶|为限)"
)
LIMIT = re.compile(r"(?:最多|最高|至多|不超过|累计|合计|总共|封顶|上限)[^,。;:]{0,6}$")
EACH = re.compile(r"^(?:每|发现|出现|发生|有|一|1|个|次|项|起|件|处|例|家|条|问题|案件|的|再|另|均|各|直接|分别|一次性|视为|予以|在[^,]{0,10}中)+$")
BELOW = re.compile(r"(?:下列|以下)(?:情形|情况|行为|问题|事项)")
LABEL = re.compile(r"^(?:[^,;:]{0,30}:)+")


def deductions(text: str, plain: str, tree: Tree) -> list[Deduction]:
    """Every sum of points taken off, in order."""
    children = {clause.id: below for clause, below in walk(tree.clauses)}
    out: list[Deduction] = []
    last = 0
    for match in POINTS.finditer(plain):
        place = tree.place(match.start())
        start = max(tree.sentence(match.start())[0], tree.start_at(match.start()), last)
        before = plain[start : match.start()]
        if place == "版记" or LIMIT.search(before):
            continue
        last = match.end()
        points = number(match["n"])
        shared = BELOW.search(before) and plain[match.end() : match.end() + 8].find(":") >= 0
        if points and shared and children.get(place):
            for child in children[place]:
                event = SIGN.sub("", child.text).strip(" 。;；,，\n").removesuffix("的")
                out.append(Deduction(clause=child.id, points=points, event=event, snippet=child.text.strip(), span=child.span, rule="points-shared"))
        elif points and (found := _event(text, plain, start, match.start())):
            event, begins = found
            snippet = text[begins : match.end()].strip()
            out.append(Deduction(clause=place, points=points, event=event, snippet=snippet, span=match.span(), rule="points"))
    return out


def _event(text: str, plain: str, start: int, end: int) -> tuple[str, int] | None:
    """(event, where it begins): the words before the sum, without their number, label and 每个问题."""
    words = plain[start:end]
    for lead in _leads(words):
        start, words = start + lead, words[lead:]
    kept = words.rstrip(" ,、")
    tail = max(kept.rfind(","), kept.rfind("、"))
    if tail >= 0 and EACH.match(kept[tail + 1 :].strip()):
        kept = kept[:tail].rstrip(" ,、")
    elif (each := re.search(r"的(?:每|一)[^,]{0,6}$", kept)) and EACH.match(each.group()[1:]):
        kept = kept[: each.start() + 1]
    kept = kept.removesuffix("的")
    return (text[start : start + len(kept)], start) if len(kept) > 1 else None


def _leads(words: str) -> Iterator[int]:
    """Lengths of what stands before the event: blanks and commas, a number, a label."""
    for pattern in (re.compile(r"^[\s,、]+"), SIGN, LABEL):
        if match := pattern.match(words):
            yield match.end()
            words = words[match.end() :]
