"""Floor 6: deductions, thresholds, weights, commendations. Not furnished yet."""
