"""Verbs of the room: the calendar of a pack in force, single duties and what people do about them, the daily run."""

from huanze.obligations.services.acts import complete, end, open_one, settle
from huanze.obligations.services.calendar import HORIZON, open_until, put_in_force, replace_unplaced
from huanze.obligations.services.daily import run_day

__all__ = ["HORIZON", "complete", "end", "open_one", "open_until", "put_in_force", "replace_unplaced", "run_day", "settle"]
