"""A person at a browser without a browser: cookies, the token of a form, answers as they come. Standard library only."""

from __future__ import annotations

import http.client
import re
from collections.abc import Mapping
from http.cookies import SimpleCookie
from secrets import token_hex
from urllib.parse import urlencode

from cast import PASSWORD

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
VERSION = re.compile(r'name="version" value="(\d+)"')
FORM = "application/x-www-form-urlencoded"


class Person:
    """Asks one server one thing at a time, each over a connection of its own. ``NotThere`` when no whole answer came."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = FORM) -> tuple[int, str, str]:
        """(status, place it sends one on to, text)."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = kind
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            raise NotThere from error
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer.status, answer.headers.get("Location", ""), text

    def post(self, path: str, fields: Mapping[str, str], file: tuple[str, bytes] | None = None) -> tuple[int, str, str]:
        """Open the form, then send it as the page would: with its token and the version it was drawn from."""
        status, place, page = self.ask("GET", path)
        if status != 200:
            return status, place, page
        sent = {"csrfmiddlewaretoken": TOKEN.search(page)[1], **fields}  # type: ignore[index]
        if version := VERSION.search(page):
            sent["version"] = version[1]
        if file is None:
            return self.ask("POST", path, urlencode(sent).encode())
        return self.ask("POST", path, *_multipart(sent, file))

    def sign_in(self, username: str) -> None:
        status, place, _ = self.post("/sign-in/?next=/account/password/", {"username": username, "password": PASSWORD})
        assert (status, place) == (302, "/account/password/"), f"{username} was not let in: {status} {place}"


class NotThere(Exception):
    """The server went away before it answered."""


def _multipart(fields: Mapping[str, str], file: tuple[str, bytes]) -> tuple[bytes, str]:
    edge = token_hex(12)
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()]
    name, content = file
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    return b"".join(parts) + head.encode() + content + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"
