"""Wakes Django for a command of the command line. Commands that need no database never call it."""

from __future__ import annotations

import os
from pathlib import Path


def boot(data: Path | None = None) -> None:
    """Load settings and models. ``data`` overrides HUANZE_DATA and must come before the first call."""
    if data is not None:
        os.environ["HUANZE_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huanze.site.settings")
    import django

    django.setup()
