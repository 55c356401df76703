"""Floor 7: deductions, thresholds, weights, commendations. Not furnished yet."""
