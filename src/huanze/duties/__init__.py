"""Floor 4: lists, items, who leads, committees."""
