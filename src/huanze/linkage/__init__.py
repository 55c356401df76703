"""Floor 6: crime, public interest, damage, courts, legislation. Not furnished yet."""
