"""Who leads a matter told in plain words: items ranked, and departments by their best item. Pure; no model, no network.

Two things speak for an item. The *lexicon* says which subjects the text is about, and an item that names the subject,
of a department in whose field it lies, gets that subject's weight. *Common characters*: pairs of characters that text
and item share, the rarer the heavier (BM25), so that official words find their item without any lexicon. An item in
which a department only assists makes no lead. Where nothing fits well enough, or what the text is about lies outside
every list, the answer is nobody.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from heapq import nlargest
from math import log

from huanze.duties.ranking_stress import asking, stress
from huanze.duties.ranking_words import OUTSIDE, Lexicon, Topic, lexicon

LONGEST = 4_000
"""Characters of a matter that are read. A letter says what it is about long before that."""
LEADS = {"lead": 1.0, "joint_lead": 0.95, "helped": 0.7}
"""``helped``: told by another department's list, which says that it assists this one."""
HELPS = {"assist": 0.45, "join": 0.35}
OWN, NAMED, BESIDE, IN_FIELD = 1.0, 0.7, 0.4, 0.35
"""How much of a subject's weight an item gets: of the field and naming it; naming it while no item of the field does, or
beside one that does; of the field without naming it."""
BESIDES = 0.4
"""What each subject of an item beyond its strongest one counts."""
COMMON = 0.35
"""The share of common characters beside the lexicon."""
SHORT = 80
"""Characters up to which each word of a matter is meant. A letter tells of this and that besides."""
WHOLE, LIKEST = 1.0, 20
"""What a title said in full adds; of how many of the likest items that is asked."""
ENOUGH, ENOUGH_OF_A_LETTER = 0.25, 0.45
"""A score below this is no answer."""
STRAY = 0.6
"""What a word from outside every list counts in a letter."""
WORTH_SHOWING = 0.12
ALSO = 0.15
"""What a department's other items add to its best one."""
HALF = 2.0
"""The sum of words at which a subject gets half its weight."""
DAMPED = 12.0
HITS, ITEMS = 6, 3
K1, B, COMMONEST = 1.2, 0.5, 0.3
FEW = 100
"""In a shorter list than this, what is rare cannot be told from the list itself."""
_SENTENCE = re.compile(r"[。！？!?；;\n]+")
_RUN = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a list. ``gist``: more of what it says; ``co_units``: others named in it, by the list's own words."""

    key: str
    department: str
    title: str
    gist: str = ""
    relation: str = "lead"
    clause: str = ""
    co_units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """An item that fits, and the words of the text that say so."""

    entry: Entry
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A department with its best items."""

    department: str
    score: float
    fits: tuple[Fit, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Departments that lead, best first; those that would only help; the words that lie outside every list."""

    hits: tuple[Hit, ...] = ()
    helpers: tuple[Hit, ...] = ()
    outside: tuple[str, ...] = ()

    @property
    def nobody(self) -> bool:
        """Nobody leads; there may be departments that would help."""
        return not self.hits

    @property
    def departments(self) -> tuple[str, ...]:
        """Whom the matter concerns, best first: those that lead, then those that help."""
        return tuple(hit.department for hit in (*self.hits, *self.helpers))


@dataclass(frozen=True, slots=True)
class Index:
    """Entries made ready to be asked. Build it once for a list; it never changes."""

    entries: tuple[Entry, ...]
    words: Lexicon
    postings: Mapping[str, tuple[tuple[int, float], ...]]
    topics: Mapping[int, tuple[tuple[int, float], ...]]
    """By number of the topic: entries and their share of its weight."""

    @classmethod
    def build(cls, entries: Iterable[Entry]) -> Index:
        known = lexicon()
        rows = _with_partners(tuple(entries), known)
        return cls(rows, known, _postings(rows), _shares(rows, known))

    def rank(self, text: str) -> Ranking:
        """Who leads what ``text`` tells of. Any text is a matter; an empty one is nobody's."""
        said = unicodedata.normalize("NFKC", text)[:LONGEST]
        heard = _hear(said, self.words.topics)
        speaking: dict[int, list[float]] = defaultdict(list)
        why: dict[int, dict[str, None]] = defaultdict(dict)
        for number, (weight, words) in heard.items():
            for i, share in self.topics.get(number, ()):
                speaking[i].append(weight * share)
                why[i] |= dict.fromkeys(words)
        scores = self._common(said.lower())
        for i, weights in speaking.items():
            scores[i] += max(weights) * (1 - BESIDES) + sum(weights) * BESIDES
        outside = [(weight, words) for n, (weight, words) in heard.items() if self.words.topics[n].field == OUTSIDE]
        return self._ranking(said, scores, why, outside)

    def _common(self, said: str) -> dict[int, float]:
        """BM25 over pairs of characters, as a share of what the best item gets; weak likeness stays weak.

        A title of which nearly all is said, such as that of an earlier decision on the same matter, counts by itself.
        """
        found: dict[int, float] = defaultdict(float)
        asked = set(_pairs(said))
        for pair in asked:
            for i, weight in self.postings.get(pair, ()):
                found[i] += weight
        most = max(found.values(), default=0.0) + DAMPED
        scores = defaultdict(float, {i: COMMON * score / most for i, score in found.items()})
        for i in nlargest(LIKEST, found, key=found.__getitem__):
            title = set(_pairs(self.entries[i].title.lower()))
            scores[i] += WHOLE * (len(title & asked) / len(title)) ** 2 if title else 0.0
        return scores

    def _ranking(
        self, said: str, scores: Mapping[int, float], why: Mapping[int, Mapping[str, None]], outside: Sequence[tuple[float, tuple[str, ...]]]
    ) -> Ranking:
        by_department: dict[str, list[Fit]] = defaultdict(list)
        for i, score in sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])):
            entry = self.entries[i]
            if score >= WORTH_SHOWING and len(by_department[entry.department]) < ITEMS:
                words = _telling(why.get(i, ())) or _shared(said, entry)
                by_department[entry.department].append(Fit(entry, score, words))
        enough = ENOUGH if len(said) <= SHORT else ENOUGH_OF_A_LETTER
        leads = [h for d, fits in by_department.items() if (h := _hit(d, fits, LEADS)) and h.score >= enough]
        helps = [h for d, fits in by_department.items() if (h := _hit(d, fits, HELPS)) and h.score >= enough]
        leads.sort(key=lambda h: -h.score)
        helps.sort(key=lambda h: -h.score)
        beyond = max((weight for weight, _ in outside), default=0.0)
        if leads and (beyond if len(said) <= SHORT else beyond * STRAY) >= leads[0].score:
            leads = []
        known = {h.department for h in leads}
        return Ranking(
            tuple(leads[:HITS]), tuple(h for h in helps if h.department not in known)[:HITS],
            _telling(w for _, words in outside for w in words),
        )  # fmt: skip


def _with_partners(entries: tuple[Entry, ...], known: Lexicon) -> tuple[Entry, ...]:
    """The entries, and beside them the same items as the partner's: who leads together, and who is being assisted."""
    by_field: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        by_field[known.field_of(entry.department)].add(entry.department)
    said = {"joint_lead": "joint_lead", "assist": "helped"}
    found = list(entries)
    for entry in entries:
        for name in entry.co_units if entry.relation in said else ():
            partners = by_field.get(known.field_of(name) or "-", set()) - {entry.department}
            if len(partners) == 1:
                found.append(replace(entry, department=partners.pop(), relation=said[entry.relation], co_units=(entry.department,)))
    return tuple(found)


def _hit(department: str, fits: Sequence[Fit], relations: Mapping[str, float]) -> Hit | None:
    """A department by its items of these relations: the best one counts, the others a little."""
    own = [f for f in fits if f.entry.relation in relations]
    if not own:
        return None
    weighed = [f.score * relations[f.entry.relation] for f in own]
    return Hit(department, weighed[0] + ALSO * sum(weighed[1:]), tuple(own))


def _hear(said: str, topics: Sequence[Topic]) -> dict[int, tuple[float, tuple[str, ...]]]:
    """By number of the topic: its weight between 0 and 1, and the words that speak for it."""
    sentences = [s for s in _SENTENCE.split(said) if s]
    asked = asking(sentences)
    heard: dict[int, tuple[float, tuple[str, ...]]] = {}
    for number, topic in enumerate(topics):
        found = [(p.weight * stress(words, said, asked), words) for p in topic.patterns if (words := p.found(said, sentences))]
        if found:
            weight, telling = _weigh(found)
            heard[number] = (topic.share * weight / (weight + HALF), telling)
    return heard


def _weigh(found: Sequence[tuple[float, tuple[str, ...]]]) -> tuple[float, tuple[str, ...]]:
    """The sum of what was found, heavier and longer first; what lies within words already counted adds nothing."""
    total = 0.0
    counted: dict[str, None] = {}
    for weight, words in sorted(found, key=lambda pair: (-pair[0], -sum(map(len, pair[1])))):
        if not all(any(word in known for known in counted) for word in words):
            total += weight
            counted |= dict.fromkeys(words)
    return total, tuple(counted)


def _shares(entries: Sequence[Entry], known: Lexicon) -> dict[int, tuple[tuple[int, float], ...]]:
    """Which items each subject means: in its field, those that name the first of its terms that any of them names.

    Where no item of the field names any, each of them gets a little.
    """
    texts = [e.title + e.gist for e in entries]
    fields = [known.field_of(e.department) for e in entries]
    shares: dict[int, tuple[tuple[int, float], ...]] = {}
    for number, topic in enumerate(known.topics):
        own = {i for i, name in enumerate(fields) if name == topic.field}
        naming = [{i for i, text in enumerate(texts) if term in text} for term in topic.terms]
        inside = next((found & own for found in naming if found & own), set())
        others = set().union(*naming) - own
        found = [(i, OWN) for i in inside] + [(i, BESIDE if inside else NAMED) for i in others]
        shares[number] = tuple(found if inside else found + [(i, IN_FIELD) for i in own])
    return shares


def _postings(entries: Sequence[Entry]) -> dict[str, tuple[tuple[int, float], ...]]:
    """For each pair of characters the items that hold it, each with its BM25 weight."""
    bags = [Counter(_pairs(f"{e.title}{e.gist}".lower())) for e in entries]
    lengths = [sum(bag.values()) for bag in bags]
    mean = sum(lengths) / len(lengths) if lengths else 1.0
    held = Counter(pair for bag in bags for pair in bag)
    rows: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for i, bag in enumerate(bags):
        for pair, n in bag.items():
            rare = log(1 + (max(len(entries), FEW) - held[pair] + 0.5) / (held[pair] + 0.5))
            rows[pair].append((i, rare * n * (K1 + 1) / (n + K1 * (1 - B + B * lengths[i] / mean))))
    return {pair: tuple(found) for pair, found in rows.items() if held[pair] <= max(COMMONEST * len(entries), 5)}


def _pairs(text: str) -> Iterator[str]:
    for run in _RUN.findall(text):
        if run.isascii():
            yield run
        else:
            yield from map("".join, zip(run, run[1:], strict=False))


def _telling(words: Iterable[str]) -> tuple[str, ...]:
    """The words without those that others hold, and without single characters if there are others."""
    known = list(dict.fromkeys(words))
    whole = [w for w in known if not any(w != other and w in other for other in known)]
    return tuple([w for w in whole if len(w) > 1] or whole)


def said_of(title: str, text: str) -> float:
    """The share of a title's pairs of characters that a text has, 0 to 1."""
    wanted = set(_pairs(title.lower()))
    return len(wanted & set(_pairs(text.lower()))) / len(wanted) if wanted else 0.0


def _shared(said: str, entry: Entry) -> tuple[str, ...]:
    """The longest runs of two characters or more that text and item share, longest first, at most four."""
    text, found, at = entry.title + entry.gist, [], 0
    while at < len(said) - 1:
        end = at + 2
        if said[at:end] not in text or not _RUN.fullmatch(said[at:end]):
            at += 1
            continue
        while end < len(said) and said[at : end + 1] in text:
            end += 1
        found.append(said[at:end])
        at = end
    return tuple(sorted(dict.fromkeys(found), key=len, reverse=True)[:4])


@lru_cache(maxsize=16)
def _built(entries: tuple[Entry, ...]) -> Index:
    return Index.build(entries)


def index_of(entries: Iterable[Entry]) -> Index:
    """``Index.build``, remembered by what the entries say: the same ones are made ready once in a process."""
    return _built(tuple(entries))
