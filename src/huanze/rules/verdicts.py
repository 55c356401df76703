"""What a rule answers: a refusal with its reason, or a verdict that explains itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

Clause: TypeAlias = str
"""Code of a document and the number of its clause, as ``XQ-17``; packs give the document's name."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something may not be done: never silence (habit 4).

    ``code`` is for programs; ``reason`` says in Chinese what is wrong, where and what to do next.
    ``fields`` holds the reason per input when the input is at fault.
    """

    code: str
    reason: str
    clause: Clause = ""
    fields: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a condition holds, and the Chinese sentences that show why."""

    holds: bool
    because: tuple[str, ...]
    clause: Clause = ""

    def __bool__(self) -> bool:
        return self.holds
