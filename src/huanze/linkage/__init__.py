"""Floor 5: crime, public interest, damage, courts, legislation. Not furnished yet."""
