"""What plain people say and what a list calls it: the lexicon of ``words/*.yaml``, read once.

A topic is a subject of an official list (``terms``) with the plain words by which people mean it. ``strong`` words
settle a matter, ``fair`` ones speak for it, ``faint`` ones are often said by the way and only add to others. A word is found as it stands in the text; one with blanks needs each of its
parts in the same sentence; ``{name}`` stands for any word of a class. No department and no place is named: a department
is known by its field of work, and a field by parts of names (``base.yaml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent / "words"
OUTSIDE = "outside"
"""The field of matters that no department leads in protecting the environment."""
STRONG, FAIR, FAINT = 3.0, 1.0, 0.3
GENERAL = 0.8
"""The weight of a subject that stands behind all others, such as pollution of whatever kind."""
_CLASS = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Parts that must all stand in one sentence; of each part, any of its spellings."""

    parts: tuple[tuple[str, ...], ...]
    weight: float

    def found(self, said: str, sentences: Sequence[str]) -> tuple[str, ...]:
        """The spellings found, one a part, or nothing. ``sentences`` are those of ``said``."""
        whole = self._in(said)
        if len(self.parts) == 1 or not whole:
            return whole
        return next((words for sentence in sentences if (words := self._in(sentence))), ())

    def _in(self, text: str) -> tuple[str, ...]:
        words: list[str] = []
        for spellings in self.parts:
            for word in spellings:
                if word in text:
                    words.append(word)
                    break
            else:
                return ()
        return tuple(words)


@dataclass(frozen=True, slots=True)
class Topic:
    field: str
    terms: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Lexicon:
    fields: Mapping[str, tuple[str, ...]]
    topics: tuple[Topic, ...]

    def field_of(self, department: str) -> str:
        """The field of work a department's name tells of; empty where it tells of none."""
        return next((key for key, names in self.fields.items() if any(n in department for n in names)), "")


@cache
def lexicon() -> Lexicon:
    """The shipped words. Raises ValueError for a class that is not there: the data is ours and must be whole."""
    yaml = YAML(typ="safe")
    base = yaml.load(FOLDER.joinpath("base.yaml").read_text(encoding="utf-8"))
    classes = {name: tuple(words) for name, words in base["classes"].items()}
    topics = tuple(
        _topic(path.stem, row, classes)
        for path in sorted(FOLDER.glob("*.yaml"))
        if path.stem != "base"
        for row in yaml.load(path.read_text(encoding="utf-8"))
    )
    return Lexicon({key: tuple(names) for key, names in base["fields"].items()}, topics)


def _topic(field: str, row: Mapping[str, Any], classes: Mapping[str, tuple[str, ...]]) -> Topic:
    terms = tuple(row["terms"])
    faint = _words(row.get("faint", ""))
    weighed = [(w, STRONG) for w in _words(row.get("strong", ""))] + [(w, FAINT) for w in faint]
    weighed += [(w, FAIR) for w in (*_words(row.get("fair", "")), *terms) if w not in faint]
    return Topic(field, terms, tuple(_pattern(word, weight, classes) for word, weight in weighed), GENERAL if row.get("general") else 1.0)


def _words(text: str) -> list[str]:
    """Words parted by 、; a line may end after any of them."""
    return [word.strip() for word in text.split("、") if word.strip()]


def _pattern(word: str, weight: float, classes: Mapping[str, tuple[str, ...]]) -> Pattern:
    return Pattern(tuple(tuple(_spellings(part, classes)) for part in word.split()), weight)


def _spellings(part: str, classes: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """``养{animal}场`` as 养猪场, 养鸡场 and so on."""
    pieces = _CLASS.split(part)
    unknown = set(pieces[1::2]) - set(classes)
    if unknown:
        raise ValueError(f"no such class of words: {sorted(unknown)}")
    choices = [classes[piece] if i % 2 else (piece,) for i, piece in enumerate(pieces)]
    return map("".join, product(*choices))
