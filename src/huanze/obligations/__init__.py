"""Floor 3: what falls due: reports, meetings, inspections, updates; and the object for what did not happen."""
