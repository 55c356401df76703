"""One digest a person a day on each channel, urgent matters at once, nothing twice, nothing that was cancelled."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured

from cast import Cast
from huanze.base import clock
from huanze.notices import channels, services
from huanze.notices.models import Digest, Notice
from huanze.notices.selectors import given_up, inbox, unread_count
from huanze.notices.services import Delivery, cancel, deliver, mark_read, notify

pytestmark = pytest.mark.django_db
DAY = date(2025, 6, 2)
NIGHT, MORNING, NOON = (clock.moment(DAY, hour) for hour in (6, 8, 12))
NEXT = clock.moment(date(2025, 6, 3), 8)


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site whose only channel is a file of JSON lines."""
    path = tmp_path / "out.jsonl"
    monkeypatch.setenv("HUANZE_CHANNELS", f"file={path}")
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def say(*people: Any, subject: int = 1, kind: str = "urge", text: str = "XQ-2025-001 请报送方案", day: date = DAY, urgent: bool = False) -> None:
    notify(
        recipients=people, subject_type="problem", subject_id=subject, kind=kind, text=text, url=f"/problems/{subject}/",
        clause="XQ-9", day=day, urgent=urgent,
    )  # fmt: skip


def test_a_repeat_on_the_same_day_is_dropped_and_another_day_is_not(cast: Cast) -> None:
    say(cast.clerk, cast.clerk.pk)
    say(cast.clerk)
    assert Notice.objects.count() == 1
    say(cast.clerk, day=date(2025, 6, 3))
    assert Notice.objects.count() == 2


def test_telling_many_takes_one_insert(cast: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        say(cast.clerk, cast.office_head, cast.town_liaison, cast.town_head)


def test_matters_of_the_day_go_out_as_one_digest(cast: Cast, box: Path) -> None:
    say(cast.clerk, subject=1)
    say(cast.clerk, subject=2)
    say(cast.town_head, subject=2)
    assert deliver(NIGHT) == Delivery(0, 0, 0)
    assert deliver(MORNING) == Delivery(4, 2, 0)
    letters = lines(box)
    assert [letter["to"] for letter in letters] == ["周敏", "王立镇"]
    assert "您有2项" in letters[0]["body"]
    assert "依据XQ-9" in letters[0]["body"]
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


def test_what_comes_later_waits_for_the_next_morning(cast: Cast, box: Path) -> None:
    say(cast.clerk, subject=1)
    deliver(MORNING)
    say(cast.clerk, subject=2)
    assert deliver(NOON) == Delivery(0, 0, 0)
    assert deliver(NEXT) == Delivery(2, 1, 0)
    assert len(lines(box)) == 2


def test_a_notice_of_tomorrow_is_not_sent_today(cast: Cast, box: Path) -> None:
    say(cast.clerk, day=date(2025, 6, 3))
    assert deliver(NOON).written == 0
    assert deliver(NEXT).written == 2


def test_urgent_matters_go_at_once_at_any_hour_and_leave_the_digest_its_turn(cast: Cast, box: Path) -> None:
    say(cast.clerk, subject=1, urgent=True)
    assert deliver(NIGHT) == Delivery(2, 1, 0)
    say(cast.clerk, subject=2, urgent=True)
    say(cast.clerk, subject=3)
    assert deliver(MORNING) == Delivery(4, 2, 0)
    assert [letter["subject"] for letter in lines(box)] == ["环责紧急提醒", "环责紧急提醒", "环责每日提醒（2025-06-02）"]


def test_running_it_again_sends_nothing(cast: Cast, box: Path) -> None:
    say(cast.clerk)
    deliver(MORNING)
    assert deliver(MORNING) == Delivery(0, 0, 0)
    assert deliver(NOON) == Delivery(0, 0, 0)
    assert len(lines(box)) == 1


def test_what_was_cancelled_is_not_sent(cast: Cast, box: Path) -> None:
    say(cast.clerk, subject=1, kind="urge")
    say(cast.clerk, subject=1, kind="near")
    say(cast.clerk, subject=2)
    assert cancel(subject_type="problem", subject_id=1, why="已报送方案", kinds=["urge"]) == 1
    assert cancel(subject_type="problem", subject_id=2, why="已办结") == 1
    deliver(MORNING)
    (letter,) = lines(box)
    assert "您有1项" in letter["body"]
    assert cancel(subject_type="problem", subject_id=1, why="已办结") == 0, "what was sent stays as it was"


def test_a_person_whose_matters_were_all_cancelled_hears_nothing(cast: Cast, box: Path) -> None:
    say(cast.clerk)
    cancel(subject_type="problem", subject_id=1, why="已办结")
    assert deliver(MORNING) == Delivery(0, 0, 0)


def test_a_closed_account_is_not_written_to(cast: Cast, box: Path) -> None:
    say(cast.clerk)
    cast.clerk.is_active = False
    cast.clerk.save()
    assert deliver(MORNING) == Delivery(0, 0, 0)
    assert Notice.objects.get().cancelled_why == "账号已停用"


def test_a_failure_is_tried_again_after_a_while_and_given_up_in_the_end(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "missing" / "out.jsonl"
    monkeypatch.setenv("HUANZE_CHANNELS", f"file={path}")
    say(cast.clerk)
    at = MORNING
    assert deliver(at) == Delivery(2, 0, 1)
    assert deliver(at) == Delivery(0, 0, 0), "not before the wait is over"
    for wait in services.WAITS[:-1]:
        at += wait
        assert deliver(at) == Delivery(0, 0, 1)
    digest = Digest.objects.get(channel="file")
    assert "out.jsonl" in digest.error
    path.parent.mkdir()
    at += services.WAITS[-1]
    assert deliver(at) == Delivery(0, 1, 0)
    digest.refresh_from_db()
    assert (digest.attempts, digest.error, digest.sent_at) == (5, "", at)


def test_a_channel_that_is_down_is_left_alone_until_the_next_run(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "missing" / "out.jsonl"
    monkeypatch.setenv("HUANZE_CHANNELS", f"file={path}")
    say(cast.clerk, cast.office_head, cast.town_head, cast.town_liaison, cast.leader)
    assert deliver(MORNING) == Delivery(10, 0, 3)
    path.parent.mkdir()
    assert deliver(MORNING) == Delivery(0, 2, 0), "those not tried are due at once"
    assert deliver(MORNING + services.WAITS[0]) == Delivery(0, 3, 0)


def test_after_the_fifth_failure_it_is_listed_as_given_up(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUANZE_CHANNELS", f"file={tmp_path / 'missing' / 'out'}")
    say(cast.clerk)
    at: datetime = MORNING
    for wait in (timedelta(0), *services.WAITS):
        at += wait
        deliver(at)
    assert deliver(at + timedelta(days=1)) == Delivery(0, 0, 0)
    assert [d.recipient for d in given_up()] == [cast.clerk]


def test_a_digest_whose_sender_died_is_not_sent_twice(cast: Cast, box: Path) -> None:
    say(cast.clerk)
    deliver(MORNING)
    Digest.objects.filter(channel="file").update(sent_at=None)
    assert deliver(NEXT) == Delivery(0, 0, 0)
    assert len(lines(box)) == 1
    assert given_up().count() == 1


def test_two_senders_never_both_send(cast: Cast, box: Path) -> None:
    say(cast.clerk)
    deliver(NIGHT)
    services._write(MORNING, channels.configured(), urgent=False)
    taken = Digest.objects.get(channel="file")
    (channel,) = channels.configured().values()
    assert services._send(taken, channel, MORNING) is True
    assert services._send(taken, channel, MORNING) is None
    assert len(lines(box)) == 1


def test_email_goes_to_those_with_an_address(cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setenv("HUANZE_CHANNELS", "email")
    monkeypatch.setenv("HUANZE_SITE_URL", "https://huanze.example/")
    cast.town_head.email = ""
    cast.town_head.save()
    say(cast.clerk, cast.town_head)
    assert deliver(MORNING) == Delivery(3, 1, 0)
    (letter,) = mail.outbox
    assert letter.to == ["clerk@example.test"]
    assert "https://huanze.example/problems/1/" in letter.body


@pytest.fixture
def gateway() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A message gateway on the loopback that keeps what it is sent; a body with 失败 it refuses."""
    seen: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            refuse = "失败" in said["body"]
            if not refuse:
                seen.append(said)
            self.send_response(503 if refuse else 200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/sms", seen
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_web_hook_posts_phone_and_text(cast: Cast, monkeypatch: pytest.MonkeyPatch, gateway: tuple[str, list[dict[str, Any]]]) -> None:
    url, seen = gateway
    monkeypatch.setenv("HUANZE_CHANNELS", f"hook={url}")
    say(cast.clerk)
    say(cast.town_head, text="失败的一条")
    assert deliver(MORNING) == Delivery(4, 1, 1)
    assert [(s["phone"], s["name"]) for s in seen] == [("13800000001", "周敏")]
    assert seen[0]["key"].startswith("digest-")


@pytest.mark.parametrize("value", ["pigeon", "hook=ftp://x", "hook=file:///etc/passwd", "file=", "email=x"])
def test_a_channel_written_wrongly_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUANZE_CHANNELS", value)
    with pytest.raises(ImproperlyConfigured, match="HUANZE_CHANNELS"):
        channels.configured()


def test_without_channels_the_inbox_is_what_there_is(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUANZE_CHANNELS", raising=False)
    monkeypatch.delenv("HUANZE_EMAIL_URL", raising=False)
    say(cast.clerk)
    assert deliver(MORNING) == Delivery(1, 0, 0)
    assert Digest.objects.get().sent_at == MORNING


def test_the_inbox_is_ones_own_and_shows_what_waits_but_not_what_was_cancelled(cast: Cast) -> None:
    say(cast.clerk, cast.town_head, subject=1)
    say(cast.clerk, subject=2)
    cancel(subject_type="problem", subject_id=2, why="已办结")
    assert [n.subject_id for n in inbox(cast.clerk)] == [1]
    other = inbox(cast.town_head).get()
    assert mark_read(user=cast.clerk, ids=[other.pk]) == 0
    assert mark_read(user=cast.clerk) == 1
    assert unread_count(cast.clerk) == 0
    assert unread_count(cast.town_head) == 1


def test_a_long_digest_names_how_many_more_there_are(cast: Cast, box: Path) -> None:
    for number in range(53):
        say(cast.clerk, subject=number)
    deliver(MORNING)
    (letter,) = lines(box)
    assert "您有53项" in letter["body"]
    assert "另有3项" in letter["body"]


def test_hundreds_of_people_are_written_to_without_a_query_each(cast: Cast, box: Path, django_assert_max_num_queries: Any) -> None:
    people = [getattr(cast, name) for name in ("clerk", "office_head", "town_head", "town_liaison", "leader", "approver")]
    for number in range(20):
        say(*people, subject=number)
    with django_assert_max_num_queries(20):
        services._write(MORNING, {}, urgent=False)
    assert Digest.objects.count() == 6
