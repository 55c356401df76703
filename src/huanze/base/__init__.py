"""Floor 1, ground: the clock every service reads, and nothing else that needs a database."""
