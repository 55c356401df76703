"""Floor 3: lists, items, who leads, committees. Not furnished yet."""
