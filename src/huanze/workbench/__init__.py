"""Floor 7: staff home, ledger, problem page, overview. Reads everything, writes nothing."""
