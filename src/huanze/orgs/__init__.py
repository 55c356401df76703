"""Floor 1: regions, organisations, posts, users, scope of sight."""
