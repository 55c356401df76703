"""The story so far: who lives where, how keen each unit is, what was done and what was refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from huanze.rules.verdicts import Refusal
from huanze.site.world.district import District


@dataclass(slots=True)
class Year:
    """What happened: counts of steps and refusals, and the district they happened in."""

    district: District
    rng: Random
    problems: int
    steps: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    diligence: dict[int, float] = field(default_factory=dict)
    pace: dict[int, float] = field(default_factory=dict)
    changing: set[int] = field(default_factory=set)
    """Problems with a request for change waiting to be decided this morning."""

    def keenness(self, organisation_id: int) -> float:
        return self.diligence.setdefault(organisation_id, self.rng.choice((0.3, 0.55, 0.7, 0.85, 0.95)))

    def note(self, name: str, answer: object) -> bool:
        """Count an act. A refusal is an answer too: people press buttons that are closed."""
        if isinstance(answer, Refusal):
            self.refusals[f"{name}: {answer.code}"] += 1
            return False
        self.steps[name] += 1
        return True
