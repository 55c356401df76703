"""Verbs of the room: packs and calendar years here, documents, facts, drafts and namings in modules of their own."""

from huanze.policies.services.packs import (
    DayChange,
    Preview,
    adopt,
    deciding_posts,
    load_calendar_year,
    preview_calendar_year,
    publish_shipped,
)

__all__ = ["DayChange", "Preview", "adopt", "deciding_posts", "load_calendar_year", "preview_calendar_year", "publish_shipped"]
