"""What goes out with an export. ``verify.py`` needs nothing of ours, and the platform itself runs the same code."""
