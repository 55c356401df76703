"""`huanze up` as an operator meets it: it starts, answers, and ends with everything it started."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

UP = [sys.executable, "-u", "-c", "from huanze.site.cli import main; main()", "up", "--no-demo"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """One running platform, and what it printed until it was open."""

    def __init__(self, data: Path, port: int) -> None:
        env = {key: value for key, value in os.environ.items() if key != "HUANZE_DATABASE_URL"}
        self.port = port
        self.log = data.parent / "up.log"
        self.process = subprocess.Popen(
            [*UP, "--data", str(data), "--port", str(port)], stdout=subprocess.PIPE, stderr=self.log.open("ab"), text=True, env=env
        )
        self.printed = ""
        for line in self.process.stdout or ():
            self.printed += line
            if "按 Ctrl+C 停止" in line:
                return
        pytest.fail(f"did not start: {self.printed}\n{self.log.read_text()}")

    def get(self, path: str) -> tuple[int, str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        self.process.communicate(timeout=40)
        return self.process.returncode

    def is_open(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def site(data: Path) -> Iterator[Site]:
    it = Site(data, free_port())
    yield it
    if it.process.poll() is None:
        it.end(signal.SIGTERM)


def test_the_first_start_founds_the_administrators_and_serves_pages_and_their_files(site: Site):
    assert re.findall(r"^  (\w+) / \S{15} / (\S+)$", site.printed, re.MULTILINE) == [
        ("sysadmin", "系统管理员"),
        ("secadmin", "安全保密管理员"),
        ("auditor", "安全审计员"),
    ]
    status, page = site.get("/sign-in/")
    assert status == 200
    for path in re.findall(r'(?:href|src)="(/static/[^"#]+)', page):
        assert site.get(path)[0] == 200, path
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", path), f"{path} could be cached for ever only under a hashed name"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_and_leaves_nothing_running(site: Site, number: int):
    assert site.end(number) == 0
    assert not site.is_open()


def test_a_second_start_keeps_the_data_and_prints_no_password(site: Site, data: Path):
    key = (data / "secret.key").read_text()
    site.end(signal.SIGTERM)

    again = Site(data, site.port)

    assert "密码" not in again.printed
    assert (data / "secret.key").read_text() == key
    assert again.end(signal.SIGTERM) == 0


def test_after_being_killed_outright_it_starts_again_on_the_same_port(site: Site, data: Path):
    site.end(signal.SIGKILL)

    again = Site(data, site.port)

    assert again.get("/sign-in/")[0] == 200
    assert again.end(signal.SIGTERM) == 0
