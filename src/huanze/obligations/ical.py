"""A unit's days as a calendar file (RFC 5545): whole days, lines ended by CRLF and folded at 75 octets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from huanze.obligations.models import Occurrence
from huanze.obligations.services.acts import page

DAY = timedelta(days=1)
OCTETS = 75
ENDS_A_LINE = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]")
"""What a calendar program might take for the end of a line, besides the two that are."""


def calendar(rows: Iterable[Occurrence], *, name: str, now: datetime, link: Callable[[str], str]) -> str:
    """The rows as a VCALENDAR. ``link`` makes a whole address of a path; what is not done yet reminds a week before."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Huanze//Obligations//ZH", "CALSCALE:GREGORIAN", f"X-WR-CALNAME:{_text(name)}"]
    for row in rows:
        lines += _event(row, now, link)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line))


def _event(row: Occurrence, now: datetime, link: Callable[[str], str]) -> Iterator[str]:
    if row.due is None:
        return
    title = str(row) if row.done_on is None else f"（{row.state_label}）{row}"
    about = [f"责任单位：{row.organisation.name}", f"依据：{row.clause}"]
    about += [f"报送：{'、'.join(row.report_to)}"] if row.report_to else []
    yield from ("BEGIN:VEVENT", f"UID:due-{row.pk}@huanze", f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    yield from (f"DTSTART;VALUE=DATE:{row.due:%Y%m%d}", f"DTEND;VALUE=DATE:{row.due + DAY:%Y%m%d}")
    yield from (f"SUMMARY:{_text(title)}", f"DESCRIPTION:{_text(chr(10).join(about))}", f"URL:{link(page(row.pk))}", "TRANSP:TRANSPARENT")
    if row.done_on is None:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(title)}", "TRIGGER:-P7D", "END:VALARM")
    yield "END:VEVENT"


def _text(value: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        value = value.replace(plain, escaped)
    return ENDS_A_LINE.sub(" ", value)


def _folded(line: str) -> Iterator[str]:
    """Pieces of at most 75 octets, never within a character; each but the first begins with a space."""
    piece, size = "", 0
    for char in line:
        width = len(char.encode())
        if size + width > OCTETS:
            yield piece
            piece, size = " ", 1
        piece, size = piece + char, size + width
    yield piece
