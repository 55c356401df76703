"""Floor 8: staff home, ledger, problem page, overview. Reads everything, writes nothing."""
