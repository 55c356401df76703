"""A session ends by itself: half an hour without a click, eight hours at most."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huanze.base import clock

pytestmark = pytest.mark.django_db
PAGE = "/account/password/"


def at(hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2025, 6, 3, hour, minute, second, tzinfo=clock.ZONE)


def seen(client, when: datetime):
    with clock.at(when):
        return client.get(PAGE)


def test_half_an_hour_is_still_in_and_a_second_more_is_out(client, cast):
    client.force_login(cast.clerk)
    assert seen(client, at(9, 0)).status_code == 200
    assert seen(client, at(9, 30)).status_code == 200

    out = seen(client, at(10, 0, 1))
    assert out.status_code == 302
    assert out["Location"] == "/sign-in/"
    assert "超过 30 分钟没有操作" in client.get("/sign-in/").content.decode()
    assert seen(client, at(10, 1)).status_code == 302


def test_every_click_starts_the_half_hour_anew(client, cast):
    client.force_login(cast.clerk)

    assert [seen(client, at(9 + m // 60, m % 60)).status_code for m in (0, 25, 50, 75, 100)] == [200] * 5


def test_reading_within_a_minute_writes_nothing(client, cast):
    client.force_login(cast.clerk)
    seen(client, at(9, 0))

    with CaptureQueriesContext(connection) as asked:
        assert seen(client, at(9, 0, 59)).status_code == 200
    assert [query["sql"] for query in asked if not query["sql"].startswith("SELECT")] == []


def test_a_session_lives_a_working_day_at_most():
    assert settings.SESSION_COOKIE_AGE == 8 * 3600
    assert not settings.SESSION_SAVE_EVERY_REQUEST
