"""Reads of the room: packs in force and the calendar here; documents, drafts and namings in modules of their own."""

from huanze.policies.selectors.packs import (
    calendar,
    effective_settings,
    known_year,
    known_years,
    pack,
    pack_for,
    text_hash,
)

__all__ = ["calendar", "effective_settings", "known_year", "known_years", "pack", "pack_for", "text_hash"]
