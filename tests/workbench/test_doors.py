"""Every address of the site stands behind a door, save the few that everyone must reach."""

from __future__ import annotations

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

pytestmark = pytest.mark.row("J6")

FOR_EVERYONE = {"home", "sign_in", "sign_in_code", "sign_out", "change_password", "second_factor"}


def addresses(resolver: URLResolver) -> list[URLPattern]:
    found: list[URLPattern] = []
    for entry in resolver.url_patterns:
        found += addresses(entry) if isinstance(entry, URLResolver) else [entry]
    return found


def test_no_address_is_without_a_door() -> None:
    open_ones = {p.name or str(p.pattern) for p in addresses(get_resolver()) if not hasattr(p.callback, "door")}
    assert open_ones <= FOR_EVERYONE
