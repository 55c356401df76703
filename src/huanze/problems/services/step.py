"""One step as its effect sees it, and the register of effects that the door asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from huanze.orgs.models import Post, User
from huanze.problems.models import Participant, Problem
from huanze.problems.services.context import Governing, Worn
from huanze.rules.lifecycle import Hat, Transition
from huanze.rules.verdicts import Refusal


@dataclass(slots=True)
class Step:
    """What an effect is given: the locked problem, the row, the checked inputs, who acts and under which rules."""

    problem: Problem
    row: Transition
    inputs: Any
    user: User
    worn: Worn
    hat: Hat
    post: Post | None
    rules: Governing
    parts: list[Participant]
    today: date
    said: dict[str, Any] = field(default_factory=dict)
    """What the effect adds to the record of the step, as shown on the timeline."""

    @property
    def acceptors(self) -> list[int]:
        ranked = sorted(self.parts, key=lambda p: p.rank)
        return [p.organisation_id for p in ranked if p.role == Participant.Role.SUPERVISING]


Effect: TypeAlias = Callable[[Step], Refusal | None]
EFFECTS: dict[str, Effect] = {}


def effect(*names: str) -> Callable[[Effect], Effect]:
    """Register what a step writes besides the state. A step without an effect only moves."""

    def put(function: Effect) -> Effect:
        for name in names:
            EFFECTS[name] = function
        return function

    return put
