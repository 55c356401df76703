"""The addresses of the “who leads?” desk, determinations, and the items behind a problem."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from acts import DAY
from cast import Cast
from doors import ABOVE, INSIDE, OFFICE, TOWN, Door, business, of, same
from huanze.duties.models import Determination
from huanze.problems.models import DutyBasis, Problem

SEES = of(OFFICE, TOWN, ABOVE)
"""A matter raised by the town and not yet decided: the town, and the bodies that answer for the whole district."""
DOORS: Mapping[str, Door] = {
    "leads": business(),
    "determinations": business(),
    "determination_new": business(),
    "determination": business(200, "determination", may=SEES),
    "determination_step": business(200, "determination", "consult", may=SEES, other=same(TOWN | ABOVE, 403)),
    "problem_basis": business(200, "problem", may=of(INSIDE)),
    "basis_withdraw": business(200, "basis", may=of(INSIDE), other=same(ABOVE, 403)),
}


def made(cast: Cast) -> dict[str, Any]:
    raised = Determination.objects.create(
        number="2025-牵头-001", region=cast.district, adoption=cast.adoption, chain="lead_decision", matter="保温材料废料的处理", why="无人牵头",
        raised_by=cast.town_liaison, raised_for=cast.town_gov, raised_on=DAY,
    )  # fmt: skip
    basis = DutyBasis.objects.create(
        problem=Problem.objects.get(), organisation=cast.housing, key="pack:JX-A/6/2", text="指导监督城镇排水", relation="lead", source="清单",
        clause="JX-A/6/2", why="trade", said_by=cast.clerk, said_hat="整改办经办人", said_on=DAY,
    )  # fmt: skip
    return {"determination": raised, "basis": basis}
