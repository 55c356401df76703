"""Which measure each report of work answers, in a notice of a finished rectification (ZB: 整改措施 beside 工作开展情况).

| measures under | work under | paired by |
|---|---|---|
| 整改措施, 措施 | 工作开展情况, 落实情况, 完成情况, 进展情况 | the number; `low` where the headings differ |
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from huanze.reader.model import Clause, Pair

MEASURES = re.compile(r"措施(?!.*情况)")
WORK = re.compile(r"(?:开展|落实|完成|进展|整改)情况")


def pairs(clauses: Sequence[Clause]) -> Iterator[Pair]:
    """Each measure with the work done for it, in order. Sections that stand side by side, with as many parts each."""
    for first, second in _sections(clauses):
        measures, work = _parts(first, clauses), _parts(second, clauses)
        if not measures or [c.number for c in measures] != [c.number for c in work]:
            continue
        for measure, done in zip(measures, work, strict=True):
            same = measure.heading is not None and measure.heading == done.heading
            yield Pair(
                span=done.span, rule="measure-and-work", confidence="high" if same else "low", measure=measure.id, work=done.id,
                heading=measure.heading,
            )  # fmt: skip


def _sections(clauses: Sequence[Clause]) -> Iterator[tuple[Clause, Clause]]:
    last: dict[tuple[int, str], Clause] = {}
    for clause in clauses:
        heading, place = clause.heading or "", (clause.level, clause.id.rpartition("/")[0])
        if MEASURES.search(heading):
            last[place] = clause
        elif WORK.search(heading) and place in last:
            yield last.pop(place), clause


def _parts(section: Clause, clauses: Sequence[Clause]) -> list[Clause]:
    """The clauses right under a section. Where a numbering runs on, an id does not name its parent; then there are none."""
    return [c for c in clauses if c.id.startswith(f"{section.id}/") and c.level == section.level + 1]
