"""What each step writes besides the state. Importing this package fills ``EFFECTS``."""

from huanze.problems.services.effects import acceptance, assign, change, checks, closing, materials, plan
from huanze.problems.services.step import EFFECTS

__all__ = ["EFFECTS", "acceptance", "assign", "change", "checks", "closing", "materials", "plan"]
