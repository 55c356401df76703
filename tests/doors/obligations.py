"""The addresses of what falls due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from acts import ok, picture
from cast import Cast
from doors import ABOVE, BUSINESS, INSIDE, OFFICE, TOWN, Door, business, of, same
from huanze.evidence import services as evidence
from huanze.obligations.models import Occurrence

SEES = of(OFFICE, TOWN, ABOVE)
"""Its own people, and the bodies that answer for the whole district."""
DOORS: Mapping[str, Door] = {
    "due": business(),
    "due_list": business(),
    "due_ics": business(),
    "due_one": business(200, "due_one", may=SEES),
    "due_complete": business(200, "due_one", may=SEES, other=same(set(SEES) - TOWN, 403)),
    "due_end": business(200, "due_one", may=SEES, other=same(set(SEES) - OFFICE, 403)),
    "due_proof": business(200, "due_one", "due_proof", may=SEES),
}
assert SEES <= BUSINESS & INSIDE


def made(cast: Cast) -> dict[str, Any]:
    """A duty of the town, open, with a file."""
    row = Occurrence.objects.create(
        adoption=cast.adoption, region=cast.district, organisation=cast.town_gov, duty="study", what="专题研究生态环境保护", kind="recurring",
        clause="XQ-3", named="禾丰镇人民政府", period="2025年第二季度", opens_on=date(2025, 4, 1), due=date(2025, 6, 30),
    )  # fmt: skip
    proof = ok(
        evidence.attach(file=picture(by=cast.town_liaison), object_type="occurrence", object_id=row.pk, role="report", acting_user=cast.town_liaison)
    )
    return {"due_one": row, "due_proof": proof}
