"""The nouns of the rectification loop; see each module."""

from huanze.problems.models.acceptance import Acceptance, AcceptorView, Objection, Publicity, Signature
from huanze.problems.models.basis import DutyBasis
from huanze.problems.models.checks import LeaderSupervision, LookBack, SpotCheck
from huanze.problems.models.duties import (
    DispatchReturn,
    DispatchRound,
    LadderStep,
    Omission,
    SelfCheckReturn,
    SweepDay,
)
from huanze.problems.models.personal import SavedView, Watch
from huanze.problems.models.plan import ChangeRequest, Plan, PlanItem
from huanze.problems.models.problem import NumberSeries, Participant, Problem, StatusChange

__all__ = [
    "Acceptance", "AcceptorView", "ChangeRequest", "DispatchReturn", "DispatchRound", "DutyBasis", "LadderStep", "LeaderSupervision",
    "LookBack", "NumberSeries", "Objection", "Omission", "Participant", "Plan", "PlanItem", "Problem", "Publicity", "SavedView",
    "SelfCheckReturn", "Signature", "SpotCheck", "StatusChange", "SweepDay", "Watch",
]  # fmt: skip
