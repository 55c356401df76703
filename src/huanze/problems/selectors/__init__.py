"""Reads, one per question that management asks. Every one begins at ``visible``."""

from huanze.problems.selectors.filters import LedgerFilter
from huanze.problems.selectors.home import HomeLists, home_list, home_lists
from huanze.problems.selectors.ledger import Counts, Page, facets, ledger_counts, ledger_page
from huanze.problems.selectors.overview import Overview, overview
from huanze.problems.selectors.scope import visible
from huanze.problems.selectors.timeline import TimelineEntry, timeline

__all__ = [
    "Counts", "HomeLists", "LedgerFilter", "Overview", "Page", "TimelineEntry", "facets", "home_list",
    "home_lists", "ledger_counts", "ledger_page", "overview", "timeline", "visible",
]  # fmt: skip
