"""What each address expects of each person; ``tests/workbench/test_every_door.py`` tries them all.

A module of this folder holds the addresses of one part of the site: ``DOORS`` by address name, and ``made(cast)``, which
writes the objects those addresses point at and returns them by the names used in ``Door.args``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cast import ADMINISTRATORS, PEOPLE

STRANGER = "stranger"
OFFICE = {"clerk", "office_head"}
TOWN = {"town_liaison", "town_head"}
ACCEPTORS = {"lead_liaison", "lead_head", "second_liaison", "second_head"}
ABOVE = {"leader", "mayor", "approver", "congress_leader", "cppcc_leader", "discipline_officer", "supervisor"}
INSIDE = OFFICE | TOWN | ACCEPTORS | ABOVE
"""Those who see the problem of the town: its own bodies, and the bodies that answer for the whole district."""
BUSINESS = {username for username, *_ in PEOPLE}
ROLE = {username: role for username, _, role in ADMINISTRATORS}
EVERYONE = BUSINESS | set(ROLE)


@dataclass(frozen=True)
class Door:
    """``door``: anyone, signed_in, business, or a kind of administrator. ``may``: of those, who finds the object."""

    door: str
    status: int = 200
    post: bool = False
    args: tuple[Any, ...] = ()
    may: frozenset[str] = frozenset(EVERYONE)
    other: Mapping[str, int] = field(default_factory=dict)

    def expects(self, who: str) -> int:
        if self.door == "anyone":
            return self.other.get(who, self.status)
        if who == STRANGER:
            return 302
        passes = self.door == "signed_in" or self.door == ROLE.get(who, "business") or (self.door == "manage" and who in ROLE)
        if not passes:
            return 403
        return self.other.get(who, self.status if who in self.may else 404)


def of(*who: str | set[str]) -> frozenset[str]:
    return frozenset(name for w in who for name in ({w} if isinstance(w, str) else w))


def same(who: set[str], status: int) -> dict[str, int]:
    return dict.fromkeys(who, status)


def business(status: int = 200, *args: Any, post: bool = False, may: frozenset[str] = frozenset(EVERYONE), other: Mapping[str, int] | None = None) -> Door:
    return Door("business", status, post, args, may, other or {})
