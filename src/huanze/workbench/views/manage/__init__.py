"""Screens of the three administrators. Each stands behind its own door (huanze.orgs.doors)."""
