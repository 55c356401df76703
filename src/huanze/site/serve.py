"""Starts the web server beside the morning loop and ends both together."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from types import FrameType

PORT_SECONDS = 5
START_SECONDS = 60
STOP_SECONDS = 20
WORKERS = 2
THREADS = 4
PR_SET_PDEATHSIG = 1


def wait_for_port(host: str, port: int) -> bool:
    """Whether a server can listen there; a server that is just ending is waited for."""
    deadline = time.monotonic() + PORT_SECONDS
    while not _port_is_free(host, port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def _port_is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def start_web(host: str, port: int) -> subprocess.Popen[bytes]:
    """Granian as a child that never outlives us, not even when we are killed outright."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--no-ws", "--log-level", "warning"]
    command += ["--respawn-failed-workers", "--workers-kill-timeout", "5", "huanze.site.wsgi:application"]
    parent = os.getpid()
    # Safe after fork: one call into the C library that was loaded before it.
    library = ctypes.CDLL(None) if sys.platform == "linux" else None

    def tie_to_parent() -> None:
        if library is not None:
            library.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

    return subprocess.Popen(command, preexec_fn=tie_to_parent, start_new_session=True)  # noqa: S603 - our own words


def wait_until_open(web: subprocess.Popen[bytes], host: str, port: int) -> bool:
    """True once the server answers; False when it ended or did not answer in time."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and web.poll() is None:
        try:
            socket.create_connection((target, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def end(web: subprocess.Popen[bytes]) -> None:
    """Ask the server to finish what it is doing; kill what does not listen."""
    if web.poll() is None:
        web.terminate()
        with suppress(subprocess.TimeoutExpired):
            web.wait(STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(web.pid, signal.SIGKILL)


class Stop(threading.Event):
    """Set by SIGTERM and SIGINT."""

    def listen(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._heard)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        self.set()

