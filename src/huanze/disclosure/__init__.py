"""Floor 1: what was published, where, from when to when. Not furnished yet."""
