"""How much words found in a text are meant: what is asked for, what is only the place it happened. Pure.

A petition tells of many things. What it asks for stands in the sentence that asks; where it happened stands before words
such as 旁边; and words that belong together stand near each other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

ASKED = 1.3
"""What words in a sentence that asks count."""
PLACE = 0.3
"""What a word that only tells the place counts."""
NEAR, CLOSE, APART = 24, 12, 0.6
"""Characters within which parts of a pattern belong together; where a part is a single character; what they count beyond."""
_ASKING = re.compile(r"[请求]|希望|要求|反映|投诉|举报|谁来|谁管|谁负责|归谁|哪个部门|哪个单位|哪家|管管|管一管|查处|找谁|牵头")
_PLACE = re.compile(r".{0,1}的?(?:旁边|边上|附近|对面|隔壁|门口|后面|前面|背后|那边|斜对过|下面的|上面的)")


def asking(sentences: Sequence[str]) -> tuple[str, ...]:
    """The sentences that ask for something; none where all of them do, since then nothing stands out."""
    found = tuple(s for s in sentences if _ASKING.search(s))
    return found if len(found) < len(sentences) else ()


def stress(words: Sequence[str], said: str, asked: Sequence[str]) -> float:
    """By what the weight of ``words``, all found in ``said``, is multiplied. ``asked`` are the sentences of ``asking``."""
    if len(words) == 1 and _only_a_place(words[0], said):
        return PLACE
    factor = ASKED if any(all(word in sentence for word in words) for sentence in asked) else 1.0
    return factor if len(words) == 1 or _near(words, said) else factor * APART


def _only_a_place(word: str, said: str) -> bool:
    """Whether each time the word stands, a word such as 旁边 follows at once."""
    at = said.find(word)
    while at >= 0:
        if not _PLACE.match(said, at + len(word)):
            return False
        at = said.find(word, at + 1)
    return True


def _near(words: Sequence[str], said: str) -> bool:
    """Whether all the words stand near some place at which the longest of them stands."""
    longest = max(words, key=len)
    reach = NEAR if min(map(len, words)) > 1 else CLOSE
    at = said.find(longest)
    while at >= 0:
        around = said[max(0, at - reach) : at + len(longest) + reach]
        if all(word in around for word in words):
            return True
        at = said.find(longest, at + 1)
    return False
