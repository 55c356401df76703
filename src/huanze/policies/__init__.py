"""Floor 2: pack versions, the place that runs under them, calendar years."""
