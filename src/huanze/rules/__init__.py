"""Floor 0, pure: calendar, deadlines, lifecycles, conditions, escalation, scoring, packs. No Django, no clock, no I/O but the pack loader."""
