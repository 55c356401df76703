"""The text of a document with a mark for every fact, cut into parts that a page can bear."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from huanze.policies.models import Fact

PART = 30_000
"""Characters of a part. Some forty pages of a document, and some five hundred facts."""
SIGNS = {
    "head": "首", "clause": "§", "responsibility": "责", "obligation": "时", "recipient": "送", "threshold": "限", "deduction": "扣", "item": "项",
    "citation": "引", "publicity": "示", "problem": "题", "alias": "称",
}  # fmt: skip
"""A character for each kind, so that nobody depends on the colour."""


@dataclass(frozen=True, slots=True)
class Part:
    """Characters ``start`` to ``end`` of the text, the ``number``-th of ``count`` parts."""

    start: int
    end: int
    number: int
    count: int
    starts: tuple[int, ...]


def part_at(text: str, offset: int) -> Part:
    """The part in which an offset lies. Parts end with a line where there is one."""
    starts = [0]
    while len(text) - starts[-1] > PART:
        cut = text.rfind("\n", starts[-1] + PART // 2, starts[-1] + PART)
        starts.append(cut + 1 if cut >= 0 else starts[-1] + PART)
    number = max(1, bisect_right(starts, max(0, offset)))
    ends = [*starts[1:], len(text)]
    return Part(starts[number - 1], ends[number - 1], number, len(starts), tuple(starts))


def marked(text: str, part: Part, facts: Sequence[Fact], clauses: Sequence[Fact]) -> SafeString:
    """The part as HTML: a block for each clause, in it the text with a mark for each of ``facts``.

    Not a character is added, so that a selection in the page tells its place in the text. What lies under several facts
    is marked for the shortest; the mark names them all.
    """
    heads = {c.start: c for c in clauses if part.start <= c.start < part.end}
    starts = sorted({part.start, *heads})
    inner = sorted((f for f in facts if f.kind != Fact.Kind.CLAUSE and f.end > f.start), key=lambda f: f.start)
    blocks = (
        _block(start, heads.get(start), format_html_join("", "{}", ((p,) for p in _pieces(text, start, end, inner))))
        for start, end in pairwise([*starts, part.end])
    )
    return format_html_join("", "{}", ((block,) for block in blocks))


def _block(start: int, clause: Fact | None, html: SafeString) -> SafeString:
    if clause is None:
        return format_html('<div class="hz-block" data-start="{}">{}</div>', start, html)
    return format_html(
        '<div class="hz-block hz-clause-block" data-start="{}" id="m-{}" data-facts="{}"><a class="hz-gutter hz-plain" href="#f-{}" aria-label="{}"></a>{}</div>',
        start, clause.pk, clause.pk, clause.pk, f"条款{clause.clause}的审定项", html,
    )  # fmt: skip


def _pieces(text: str, start: int, end: int, facts: Sequence[Fact]) -> Iterator[SafeString]:
    """The text between two offsets in runs that lie under the same facts."""
    here = [f for f in facts[: bisect_right(facts, end - 1, key=lambda f: f.start)] if f.end > start]
    edges = sorted({start, end, *(max(f.start, start) for f in here), *(min(f.end, end) for f in here)})
    for low, high in pairwise(edges):
        over = [f for f in here if f.start <= low and f.end >= high]
        yield _run(text[low:high], over, [f for f in over if max(f.start, start) == low])


def _run(words: str, over: Sequence[Fact], beginning: Iterable[Fact]) -> SafeString:
    if not over:
        return format_html("{}", words)
    holds = [f for f in over if f.decision != Fact.Decision.DROPPED] or over
    fact = min(holds, key=lambda f: (f.end - f.start, f.order))
    same = [f for f in holds if (f.start, f.end) == (fact.start, fact.end)]
    anchors = format_html_join("", '<i id="m-{}" class="hz-at"></i>', ((f.pk,) for f in beginning))
    return anchors + format_html(
        '<a class="hz-mark hz-plain hz-k-{}" href="#f-{}" data-facts="{}" data-sign="{}" data-decision="{}">{}</a>',
        fact.kind, fact.pk, " ".join(str(f.pk) for f in over), "".join(dict.fromkeys(SIGNS[f.kind] for f in same)), fact.decision, words,
    )  # fmt: skip
