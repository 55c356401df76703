"""Which short texts say nearly the same thing.

A text is the set of its pairs of neighbouring characters; a pair that few texts have weighs more than one that many
have, so “督促责任和措施”, which every department's list repeats, makes no two items alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from math import log
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

_RUN = re.compile(r"[0-9a-z]+|[^\W_0-9a-z]+")
_FILLING = re.compile("[的等]")
_HOW = re.compile(r"^(?:(?:与|同|由|和)[^，。；、]{2,12}?(?:共同|会同))?(?:牵头|会同|配合|参与|协助|负责|组织|指导|推进|推动|加强|督促|做好|开展)+")
"""The verb in front says how a department takes part, not in what."""


def grams(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text without its opening verb, 的 and 等; Latin words and numbers stay whole."""
    plain = _FILLING.sub("", unicodedata.normalize("NFKC", text).casefold().strip())
    rest = _HOW.sub("", plain)
    made: set[str] = set()
    for run in _RUN.findall(rest if len(rest) > 1 else plain):
        made.update([run] if run.isascii() or len(run) == 1 else (run[i : i + 2] for i in range(len(run) - 1)))
    return frozenset(made)


class Likeness(Generic[Key]):
    """A set of texts by key, ready to be asked which are alike. ``compared`` counts the pairs looked at."""

    def __init__(self, texts: Mapping[Key, str]) -> None:
        self._grams = {key: grams(text) for key, text in texts.items()}
        self._count = Counter(gram for held in self._grams.values() for gram in held)
        self._weight = {gram: log(1 + len(texts) / count) for gram, count in self._count.items()}
        self._unknown = log(1 + len(texts))
        self._by_gram: dict[str, list[Key]] = {}
        self.compared = 0

    def _sum(self, held: Iterable[str]) -> float:
        return sum(self._weight.get(gram, self._unknown) for gram in held)

    def groups(self, *, at_least: float) -> list[list[Key]]:
        """Keys whose texts are alike, each group in the order given: common weight over joint weight is ``at_least``."""
        same: dict[frozenset[str], list[Key]] = defaultdict(list)
        for key, held in self._grams.items():
            same[held].append(key)
        sets = [held for held in same if held]
        whole = [self._sum(held) for held in sets]
        leader = list(range(len(sets)))
        for a, b in self._candidates(sets, whole, at_least):
            root_a, root_b = _root(leader, a), _root(leader, b)
            if root_a != root_b and self._alike(sets[a] & sets[b], whole[a] + whole[b]) >= at_least:
                leader[max(root_a, root_b)] = min(root_a, root_b)
        joined: dict[int, list[Key]] = defaultdict(list)
        for n, held in enumerate(sets):
            joined[_root(leader, n)].extend(same[held])
        place = {key: n for n, key in enumerate(self._grams)}
        return [sorted(keys, key=place.__getitem__) for keys in joined.values() if len(keys) > 1]

    def holding(self, text: str, *, at_least: float) -> list[Key]:
        """Keys whose texts hold that share of this text's weight, the fullest first."""
        wanted = grams(text)
        whole = left = self._sum(wanted)
        near: dict[Key, None] = {}
        for gram in sorted(wanted, key=lambda g: (self._count[g], g)):
            near |= dict.fromkeys(self._postings().get(gram, ()))
            left -= self._weight.get(gram, self._unknown)
            if left < at_least * whole:  # a text with none of these has too little of the rest
                break
        shares = {key: self._sum(wanted & self._grams[key]) / whole for key in near}
        return sorted((key for key, share in shares.items() if share >= at_least), key=lambda key: -shares[key])

    def _candidates(self, sets: list[frozenset[str]], whole: list[float], at_least: float) -> Iterator[tuple[int, int]]:
        """Pairs that can be alike, each once (the prefix and position filters of set-similarity joins).

        With the pairs of characters of each text in one order, the rarest first, alike texts share one among those that
        carry the first 1 - ``at_least`` of their weight; and from the first shared one on, both must have enough left.
        """
        buckets: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for n, held in enumerate(sets):
            left, seen = whole[n], set[int]()
            for gram in sorted(held, key=lambda g: (self._count[g], g)):
                for other, rest in buckets[gram]:
                    if other not in seen:
                        seen.add(other)
                        if min(left, rest) * (1 + at_least) >= at_least * (whole[n] + whole[other]):
                            yield other, n
                buckets[gram].append((n, left))
                left -= self._weight[gram]
                if left < at_least * whole[n]:
                    break

    def _alike(self, common: frozenset[str], both: float) -> float:
        self.compared += 1
        shared = self._sum(common)
        return shared / (both - shared)

    def _postings(self) -> Mapping[str, list[Key]]:
        if not self._by_gram:
            for key, held in self._grams.items():
                for gram in held:
                    self._by_gram.setdefault(gram, []).append(key)
        return self._by_gram


def _root(leader: list[int], n: int) -> int:
    while leader[n] != n:
        leader[n] = leader[leader[n]]
        n = leader[n]
    return n
