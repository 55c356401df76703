"""Floor 7: the public site. Not furnished yet."""
