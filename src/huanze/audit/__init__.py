"""Floor 1: the append-only SM3 chain."""
