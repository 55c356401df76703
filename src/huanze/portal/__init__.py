"""Floor 8: the public site. Not furnished yet."""
