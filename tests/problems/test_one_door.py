"""No code but the door assigns a state (habit 3)."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "huanze"
BELOW = ("policies/", "obligations/", "duties/")
"""Rooms that may not import problems; their rows have states of their own."""
ASSIGNS = re.compile(
    r"^\s*(?:\w+\.)*(?:problem|locked|row|p)\.state\b[^=\n(]*=(?!=)|Problem\.objects[^\n]*\.update\([^)]*\bstate\s*=", re.M
)


@pytest.mark.row("G6")
def test_only_the_door_assigns_a_state():
    found = {p.relative_to(SOURCE).as_posix() for p in SOURCE.rglob("*.py") if ASSIGNS.search(p.read_text(encoding="utf-8"))}
    found = {name for name in found if not name.startswith(BELOW)}
    assert found == {"problems/services/door.py"}
