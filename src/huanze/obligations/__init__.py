"""Floor 4: what recurs: reports, meetings, inspections. Not furnished yet."""
