"""The addresses of what falls due."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cast import Cast
from doors import Door

DOORS: Mapping[str, Door] = {}


def made(cast: Cast) -> dict[str, Any]:
    return {}
