"""Lists and items, who leads, committees, reminders, checks of new policy documents."""

from huanze.duties.models.committees import Committee, CommitteeMember, CommitteeTask, Meeting
from huanze.duties.models.deciding import DecisionSignature, Determination, View
from huanze.duties.models.lists import Assignment, ChainStep, Item, ItemList, ItemUnit, ListVersion
from huanze.duties.models.policy_checks import CheckedItem, PolicyCheck
from huanze.duties.models.reminders import Reminder

__all__ = [
    "Assignment", "ChainStep", "CheckedItem", "Committee", "CommitteeMember", "CommitteeTask", "DecisionSignature", "Determination", "Item", "ItemList",
    "ItemUnit", "ListVersion", "Meeting", "PolicyCheck", "Reminder", "View",
]  # fmt: skip
