"""The verbs of the rectification loop. ``door`` is the only one that moves a problem."""
