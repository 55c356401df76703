"""Verbs of the room: packs and calendar years here, documents, facts, drafts and namings in modules of their own."""

from huanze.policies.services.packs import (
    FARTHEST,
    TOO_FAR,
    DayChange,
    Preview,
    adopt,
    deciding_posts,
    load_calendar_year,
    preview_calendar_year,
    publish_shipped,
)

__all__ = ["FARTHEST", "TOO_FAR", "DayChange", "Preview", "adopt", "deciding_posts", "load_calendar_year", "preview_calendar_year", "publish_shipped"]
