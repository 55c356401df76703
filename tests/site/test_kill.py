"""kill -9 of the web server while people post: what was acknowledged is there, and nothing is half there (J1)."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from secrets import token_hex
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.urls import reverse

from huanze.base import clock
from huanze.site import serve
from posting import NotThere, Person

CHANGES = 200
KILLS = 5
SEED = 20260101
PROGRAM = Path(__file__).parents[1] / "killed_site.py"


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A data directory for the server alone, and on PostgreSQL a database of its own in the same cluster."""
    monkeypatch.setenv("HUANZE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PYTHONPATH", str(PROGRAM.parent), prepend=os.pathsep)
    url = os.environ.get("HUANZE_DATABASE_URL", "")
    if not url:
        yield
        return
    name = f"huanze_kill_{token_hex(4)}"
    with closing(psycopg.connect(url, autocommit=True)) as cluster:
        cluster.execute(f"CREATE DATABASE {name}")
        monkeypatch.setenv("HUANZE_DATABASE_URL", urlunsplit(urlsplit(url)._replace(path=f"/{name}")))
        yield
        cluster.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(what: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, str(PROGRAM), what], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


class Server:
    """The real web server, killed with all its workers and started again by turns."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.open = Event()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert serve.wait_for_port("127.0.0.1", self.port)
        self.process = serve.start_web("127.0.0.1", self.port)
        assert serve.wait_until_open(self.process, "127.0.0.1", self.port)
        self.open.set()

    def kill(self) -> None:
        self.open.clear()
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)


class Posts:
    """The changes still to be sent, and what became of those that were: acknowledged, or never answered."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.sent = 0
        self.acknowledged: list[str] = []
        self.unanswered: list[str] = []
        self.wrong: list[str] = []

    def next(self) -> str | None:
        with self.lock:
            if self.sent == CHANGES or self.wrong:
                return None
            self.sent += 1
            return f"第{self.sent:03}件"


Send = Callable[[Person, str], tuple[int, str, str]]


def work(server: Server, posts: Posts, person: Person, send: Send) -> None:
    """Send one change after another. One that got no answer is left; the person goes on when the server is back."""
    while (words := posts.next()) is not None:
        server.open.wait(60)
        try:
            status, _, page = send(person, words)
        except NotThere:
            posts.unanswered.append(words)
        else:
            (posts.acknowledged if status == 302 else posts.wrong).append(words if status == 302 else f"{words} {status} {page[:2000]}")


def senders(site: dict[str, Any]) -> dict[str, Send]:
    """What each person posts: urging, reports of progress, files, and new problems."""
    first, second = site["problems"]
    at = lambda problem, name: reverse("act", args=[problem, name])  # noqa: E731
    new = {
        "description": "沿河三处生活污水未纳管。", "region": str(site["region"]), "source": "own_check", "found_on": clock.today().isoformat(),
        "field": "水务", "way_form.how": "日常巡查发现", "similar_seen": "1",
    }  # fmt: skip
    return {
        "office_head": lambda who, words: who.post(at(first, "urge"), {"text": words}),
        "town_liaison": lambda who, words: who.post(at(second, "report_progress"), {"text": words, "percent": str(int(words[1:4]) % 100)}),
        "lead_liaison": lambda who, words: who.post(
            at(first, "attach"), {"role": "support", "note": words}, file=(f"{words}.txt", f"台账{words}".encode())
        ),
        "clerk": lambda who, words: who.post(reverse("register", args=["other"]), {"title": f"东河污水直排{words}", **new}),
    }


@pytest.mark.row("J1")
def test_what_was_acknowledged_survives_kill_9_and_nothing_is_half_done(own_data: None):
    site, server, posts, dice = run("prepare"), Server(), Posts(), random.Random(SEED)
    server.start()
    try:
        crowd = []
        for username, send in senders(site).items():
            person = Person(server.port)
            person.sign_in(username)
            crowd.append(Thread(target=work, args=(server, posts, person, send), daemon=True))
        for thread in crowd:
            thread.start()
        for moment in sorted(dice.sample(range(10, CHANGES - 10), KILLS)):
            while posts.sent < moment and any(t.is_alive() for t in crowd):
                crowd[0].join(0.005)
            if posts.wrong:
                break
            crowd[0].join(dice.random() / 20)  # anywhere within a request
            server.kill()
            server.start()
        for thread in crowd:
            thread.join(60)
    finally:
        server.kill()

    assert posts.wrong == []
    assert len(posts.acknowledged) + len(posts.unanswered) == CHANGES
    assert 0 < len(posts.unanswered) <= KILLS * len(crowd)
    left = run("look")
    assert left["wrong"] == []
    told = Counter(words[-5:] for words in left["rows"])
    assert told == Counter(words[-5:] for words in left["chain"])
    assert not [words for words in posts.acknowledged if told[words] != 1]
    assert not [words for words in posts.unanswered if told[words] > 1]
