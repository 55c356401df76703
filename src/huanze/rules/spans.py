"""Sets of days as sorted, disjoint, inclusive spans of day numbers (``date.toordinal``)."""

from __future__ import annotations

from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
Spans: TypeAlias = tuple[Span, ...]

FIRST, LAST = 1, 3_652_059
"""The day numbers of 0001-01-01 and 9999-12-31."""

ALWAYS: Spans = ((FIRST, LAST),)
NEVER: Spans = ()


def between(first: int, last: int) -> Spans:
    """The days from ``first`` to ``last``, both included; none when they are the wrong way round."""
    first, last = max(first, FIRST), min(last, LAST)
    return ((first, last),) if first <= last else NEVER


def union(a: Spans, b: Spans) -> Spans:
    if not a or not b:
        return a or b
    made: list[Span] = []
    for lo, hi in sorted(a + b):
        if made and lo <= made[-1][1] + 1:
            if hi > made[-1][1]:
                made[-1] = (made[-1][0], hi)
        else:
            made.append((lo, hi))
    return tuple(made)


def intersect(a: Spans, b: Spans) -> Spans:
    if a is ALWAYS or not b:
        return b
    if b is ALWAYS or not a:
        return a
    if len(a) == len(b) == 1:
        (lo, hi), (from_, to) = a[0], b[0]
        lo, hi = (lo if lo > from_ else from_), (hi if hi < to else to)
        return ((lo, hi),) if lo <= hi else NEVER
    made: list[Span] = []
    i = j = 0
    while i < len(a) and j < len(b):
        lo, hi = max(a[i][0], b[j][0]), min(a[i][1], b[j][1])
        if lo <= hi:
            made.append((lo, hi))
        if a[i][1] < b[j][1]:
            i += 1
        else:
            j += 1
    return tuple(made)


def complement(a: Spans) -> Spans:
    made: list[Span] = []
    lo = FIRST
    for first, last in a:
        if lo < first:
            made.append((lo, first - 1))
        lo = last + 1
    if lo <= LAST:
        made.append((lo, LAST))
    return tuple(made)


def contains(a: Spans, day: int) -> bool:
    return any(lo <= day <= hi for lo, hi in a)


def next_edge(a: Spans, after: int) -> int:
    """The first day later than ``after`` on which membership changes; past LAST when it never does."""
    for lo, hi in a:
        if lo > after:
            return lo
        if hi >= after:
            return hi + 1
    return LAST + 1
