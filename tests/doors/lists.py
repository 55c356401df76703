"""The addresses of duty lists, their versions, the map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from acts import ok
from cast import Cast
from doors import BUSINESS, OFFICE, Door, business, of, same
from huanze.duties.services import lists
from listed import in_force, wording

HOUSING = {"lead_liaison", "lead_head"}
HERE = frozenset(BUSINESS - {"other_clerk"})
"""Everyone of the district sees what its departments published; the other district does not."""
MAKING = of(HOUSING, OFFICE, {"leader", "mayor", "approver"})
"""Who sees a draft: its department, the office, and the bodies that answer for the place."""


def theirs(who: set[str], seen: frozenset[str], status: int = 200, *args: Any, post: bool = False) -> Door:
    """Seen by ``seen``, done by ``who``; the others of those who see it are told that it is not theirs."""
    return business(status, *args, post=post, may=seen, other=same(set(seen - who), 403))


DOORS: Mapping[str, Door] = {
    "item_lists": business(),
    "item_errors": business(),
    "duty_map": business(),
    "item_list": business(200, "listed_unit", may=HERE),
    "list_start": theirs(HOUSING, HERE, 200, "listed_unit"),
    "list_version": business(200, "list_published", may=HERE),
    "list_compare": business(200, "list_making", may=MAKING),
    "list_draft": theirs(HOUSING, MAKING, 200, "list_making"),
    "list_item_new": theirs(HOUSING, MAKING, 200, "list_making"),
    "list_item": theirs(HOUSING, MAKING, 200, "item_making"),
    "list_item_remove": theirs(HOUSING, MAKING, 302, "item_making", post=True),
    "list_item_move": theirs(HOUSING, MAKING, 302, "item_making", post=True),
    "list_withdraw": theirs({"lead_head"}, MAKING, 200, "list_making"),
    "list_sign": theirs({"lead_head"}, MAKING, 200, "list_making"),
    "list_publish": theirs({"lead_head"}, HERE, 200, "list_published"),
    "list_page": theirs(HOUSING, HERE, 200, "list_published"),
    "item_assign": theirs({"lead_head"}, HERE, 200, "item_published"),
}


def made(cast: Cast) -> dict[str, Any]:
    """A published list of the housing bureau and a draft of the next version."""
    published = in_force(cast, "housing", "监管排水许可")
    making = ok(lists.start(organisation=cast.housing, acting_user=cast.lead_liaison))
    item = ok(lists.add_item(version=making, wording=wording("指导绿色建筑"), acting_user=cast.lead_liaison))
    return {
        "listed_unit": cast.housing, "list_published": published, "list_making": making, "item_making": item, "item_published": published.items.get(),
    }  # fmt: skip
