"""Huanze 环责: from an official document to work that gets done, checked and shown."""

__version__ = "0.1.0"
