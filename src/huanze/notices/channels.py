"""The ways a digest leaves the site. A channel sends one text to one person, or raises Undelivered.

HUANZE_CHANNELS names them, separated by spaces: ``email``; ``hook=https://…``, the gateway of an SMS or
work-chat service; ``file=/path``, JSON lines, for tests and for sites without a network. Without it
letters are sent where HUANZE_EMAIL_URL names a server. In-site needs no channel: stored is delivered.
HUANZE_SITE_URL, as ``https://huanze.example``, makes the links whole.
"""

from __future__ import annotations

import json
import os
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from smtplib import SMTPException
from typing import Protocol

from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage

HOOK_SECONDS = 10


class Undelivered(Exception):
    """The channel did not take the text; the message says why."""


class Person(Protocol):
    """What a channel knows of a recipient."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One digest for one person. ``key`` is the same at every try, so that a receiver can drop a repeat."""

    key: str
    subject: str
    body: str


class Channel(Protocol):
    @property
    def name(self) -> str: ...

    def reaches(self, person: Person) -> bool: ...

    def send(self, person: Person, letter: Letter) -> None: ...


@dataclass(frozen=True, slots=True)
class Email:
    """Letters through the SMTP server of the site's settings."""

    name: str = "email"

    def reaches(self, person: Person) -> bool:
        return bool(person.email)

    def send(self, person: Person, letter: Letter) -> None:
        headers = {"Message-ID": f"<{letter.key}@huanze>", "Auto-Submitted": "auto-generated"}
        message = EmailMessage(letter.subject, letter.body, to=[person.email], headers=headers)
        try:
            message.send()
        except (SMTPException, OSError) as error:
            raise Undelivered(f"邮件服务器未接收：{error}") from error


@dataclass(frozen=True, slots=True)
class WebHook:
    """An HTTP gateway that passes texts on to phones or a work chat: POST of key, phone, name, subject, body."""

    url: str
    name: str = "hook"

    def reaches(self, person: Person) -> bool:
        return bool(person.phone)

    def send(self, person: Person, letter: Letter) -> None:
        said = {"key": letter.key, "phone": person.phone, "name": person.name, "subject": letter.subject, "body": letter.body}
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked where the channel is made
            self.url, json.dumps(said, ensure_ascii=False).encode(), {"Content-Type": "application/json; charset=utf-8"}
        )
        try:
            with urllib.request.urlopen(request, timeout=HOOK_SECONDS) as answer:  # noqa: S310
                answer.read(1)
        except (OSError, HTTPException) as error:
            raise Undelivered(f"消息网关未接收：{error}") from error


@dataclass(frozen=True, slots=True)
class FileChannel:
    """JSON lines in a file that something else carries on."""

    path: Path
    name: str = "file"

    def reaches(self, person: Person) -> bool:
        return True

    def send(self, person: Person, letter: Letter) -> None:
        line = json.dumps({"to": person.name, "key": letter.key, "subject": letter.subject, "body": letter.body}, ensure_ascii=False)
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        except OSError as error:
            raise Undelivered(f"不能写入{self.path.name}：{error.strerror}") from error


def configured() -> dict[str, Channel]:
    """The channels of this site by name, in-site left out. Raises ImproperlyConfigured for a name unknown."""
    letters = "email" if os.environ.get("HUANZE_EMAIL_URL") else ""
    made = [_channel(word) for word in os.environ.get("HUANZE_CHANNELS", letters).split()]
    return {channel.name: channel for channel in made}


def _channel(word: str) -> Channel:
    name, _, value = word.partition("=")
    if name == "email" and not value:
        return Email()
    if name == "hook" and value.startswith(("https://", "http://")):
        return WebHook(value)
    if name == "file" and value:
        return FileChannel(Path(value))
    raise ImproperlyConfigured(f"HUANZE_CHANNELS 中的“{word}”写法不对。应为 email、hook=https://… 或 file=/路径，以空格分隔。")


def whole_url(path: str) -> str:
    """A link that can be opened from outside, or nothing where the site's own address is not set."""
    site = os.environ.get("HUANZE_SITE_URL", "").rstrip("/")
    return f"{site}{path}" if site and path else ""
