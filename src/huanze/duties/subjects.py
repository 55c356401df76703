"""Topics of items by the words they contain; the words are data (``subjects.yaml``), and a person may choose otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

OTHER = "综合"
AT_MOST = 3


@cache
def topics() -> Mapping[str, tuple[str, ...]]:
    """Each topic with its words, in the order of the map."""
    held = YAML(typ="safe").load((Path(__file__).parent / "subjects.yaml").read_text(encoding="utf-8"))
    return {topic: tuple(words) for topic, words in held.items()}


def names() -> list[str]:
    """Every topic an item may have, the rest last."""
    return [*topics(), OTHER]


def classify(text: str) -> list[str]:
    """At most three topics of a text, those with the most words in it first; 综合 where no word is known."""
    found = {topic: sum(word in text for word in words) for topic, words in topics().items()}
    ranked = sorted((topic for topic, count in found.items() if count), key=lambda topic: -found[topic])
    return ranked[:AT_MOST] or [OTHER]
