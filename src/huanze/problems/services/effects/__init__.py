"""What each step writes besides the state. Importing this package fills ``door.EFFECTS``."""

from huanze.problems.services.effects import acceptance, assign, change, checks, closing, plan

__all__ = ["acceptance", "assign", "change", "checks", "closing", "plan"]
