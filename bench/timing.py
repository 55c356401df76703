"""Medians, side by side: what the platform does, and the same work in plain SQL on the same database."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter
from typing import Any

FEWEST, LONGEST = 3, 8.0
"""What is slow is run less often, but never less than so many times: seconds in all."""

Work = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One measured thing. ``unit`` is ms (less is better) or /s (more is better); ``floor`` is plain SQL, if any."""

    what: str
    ours: float
    floor: float | None
    unit: str
    aim: str = ""

    @property
    def ratio(self) -> float | None:
        return self.ours / self.floor if self.floor else None

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"ratio": self.ratio}

    def __str__(self) -> str:
        floor = "" if self.floor is None else f"{self.floor:>12,.2f}"
        ratio = "" if self.ratio is None else f"{self.ratio:>8.2f}"
        return f"{self.what:<58}{self.ours:>12,.2f}{floor:>13}{ratio:>9}  {self.unit:<4}{self.aim}"


HEADER = f"{'':<58}{'ours':>12}{'plain SQL':>13}{'ratio':>9}  unit aim"


def compare(what: str, ours: Work, floor: Work | None, *, rounds: int, aim: str = "") -> Line:
    """Milliseconds for one run of each, taken in turn so that whatever else the machine does hits both."""
    mine, plain = list[float](), list[float]()
    ours()
    if floor:
        floor()
    gc.collect()
    for _ in range(rounds):
        mine.append(_took(ours))
        if floor:
            plain.append(_took(floor))
        if len(mine) >= FEWEST and sum(mine) + sum(plain) > LONGEST:
            break
    return Line(what, median(mine) * 1000, median(plain) * 1000 if plain else None, "ms", aim)


def rates(what: str, ours: Callable[[int], Any], floor: Callable[[int], Any] | None, *, each: int, rounds: int, aim: str = "") -> Line:
    """How many a second: ``rounds`` times ``each`` calls with a running number."""
    mine, plain, n = list[float](), list[float](), 0
    for _ in range(rounds):
        for work, told in ((ours, mine), (floor, plain)):
            if work:
                since = perf_counter()
                for i in range(n, n + each):
                    work(i)
                told.append(each / (perf_counter() - since))
        n += each
    return Line(what, median(mine), median(plain) if plain else None, "/s", aim)


def _took(work: Work) -> float:
    since = perf_counter()
    work()
    return perf_counter() - since
