"""The chain's three verbs: record an act, seal a day, verify the whole.

The layout of the bytes is in ``docs/algorithms/audit-chain.md``; ``line`` is its only writer.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.db import transaction
from django.db.models import Max

from huanze.audit.exports.verify import GENESIS, Mark, first_break
from huanze.audit.models import DailyHead, Entry, Head
from huanze.base import clock

CHINA = timezone(timedelta(hours=8))
CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Act:
    """What happened. ``at`` None means now; ``payload`` holds plain values, dates and enumerations."""

    action: str
    object_type: str
    object_id: str | int
    actor: str
    actor_name: str = ""
    hat: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """The chain holds, from its first entry to ``hash`` at ``entries``."""

    entries: int
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that does not hold, and why, in Chinese."""

    seq: int
    why: str

    def __bool__(self) -> bool:
        return False


def record(
    *,
    action: str,
    object_type: str,
    object_id: str | int,
    actor: str,
    actor_name: str = "",
    hat: str = "",
    payload: Mapping[str, Any],
    at: datetime | None = None,
) -> Entry:
    """Append one act in the caller's transaction. Three queries; do it last, for it holds the head's lock."""
    return record_many([Act(action, object_type, object_id, actor, actor_name, hat, payload, at)])[0]


def record_many(acts: Sequence[Act]) -> list[Entry]:
    """Append many acts in order with one lock of the head.

    Raises RuntimeError outside a transaction, since an act and its record stand or fall together.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit entry belongs to the transaction of the change it records")
    if not acts:
        return []
    head = _locked_head()
    entries = []
    for act in acts:
        entry = _entry(act, seq=head.seq + 1, prev=head.hash)
        head.seq, head.hash = entry.seq, entry.hash
        entries.append(entry)
    Entry.objects.bulk_create(entries)
    head.save(force_update=True, update_fields=["seq", "hash"])
    return entries


def seal_day(day: date) -> DailyHead:
    """Store the head as the end of a legal day. A day is sealed once; later calls return the first seal."""
    head = Head.objects.filter(pk=1).first() or Head(seq=0, hash=GENESIS)
    sealed, _ = DailyHead.objects.get_or_create(day=day, defaults={"seq": head.seq, "hash": head.hash})
    return sealed


def verify() -> Verified | Broken:
    """Walk the whole chain in constant memory, with the code that a stranger runs on an export.

    Writers need not stop: each seal read was true of the chain before the head read after it.
    """
    held = marks()
    end = held[-1]
    broken = first_break(chain(until=end.seq), held, sm3)
    if broken:
        return Broken(broken.seq, broken.why)
    top = Entry.objects.aggregate(top=Max("seq"))["top"] or 0
    head = marks()[-1]
    if top > head.seq:
        return Broken(head.seq + 1, f"链的末端在第{head.seq}条，其后却还有记录。")
    return Verified(end.seq, end.hash)


def marks() -> list[Mark]:
    """The daily seals in order and the head last."""
    days = [Mark(d.day.isoformat(), d.seq, d.hash) for d in DailyHead.objects.order_by("day")]
    head = Head.objects.filter(pk=1).first() or Head(seq=0, hash=GENESIS)
    return [*days, Mark("head", head.seq, head.hash)]


def chain(*, until: int) -> Iterator[tuple[bytes, str]]:
    """The line and recorded hash of each entry up to ``until``, read in chunks by key."""
    rows = Entry.objects.filter(seq__lte=until).order_by("seq")
    chunk = list(rows[:CHUNK])
    while chunk:
        for entry in chunk:
            yield line(entry), entry.hash
        chunk = list(rows.filter(seq__gt=chunk[-1].seq)[:CHUNK])


def line(entry: Entry) -> bytes:
    """The bytes of an entry that SM3 is taken of: one JSON object, keys sorted, no spaces, UTF-8.

    The stored text of the payload goes in as it is, so a change of even a space in it shows.
    """
    front = {
        "action": entry.action,
        "actor": entry.actor,
        "actor_name": entry.actor_name,
        "at": entry.at.astimezone(CHINA).isoformat(timespec="microseconds"),
        "hat": entry.hat,
        "object_id": entry.object_id,
        "object_type": entry.object_type,
    }
    back = f'"payload":{entry.payload},"prev":"{entry.prev}","seq":{entry.seq}}}'
    return f"{_json(front)[:-1]},{back}".encode("utf-8", "surrogatepass")


def sm3(data: bytes) -> str:
    """SM3 of GB/T 32905-2016, in hex."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


def _locked_head() -> Head:
    head = Head.objects.select_for_update().filter(pk=1).first()
    if head is None:
        Head.objects.get_or_create(pk=1, defaults={"seq": 0, "hash": GENESIS})
        head = Head.objects.select_for_update().get(pk=1)
    return head


def _entry(act: Act, *, seq: int, prev: str) -> Entry:
    entry = Entry(
        seq=seq,
        at=(act.at or clock.now()).astimezone(UTC),
        actor=_nfc(act.actor),
        actor_name=_nfc(act.actor_name),
        hat=_nfc(act.hat),
        action=act.action,
        object_type=act.object_type,
        object_id=str(act.object_id),
        payload=_json(_plain(act.payload)),
        prev=prev,
    )
    entry.hash = sm3(line(entry))
    return entry


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _nfc(text: str) -> str:
    # A lone surrogate has no UTF-8 form; text that came by a broken form must not stop the act.
    return unicodedata.normalize("NFC", text).encode("utf-8", "replace").decode()


def _plain(value: Any) -> Any:
    """Values as JSON knows them; anything else as its text."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return _nfc(str(value))
        case Mapping():
            return {_nfc(str(k)): _plain(v) for k, v in value.items()}
        case list() | tuple():
            return [_plain(v) for v in value]
        case set() | frozenset():
            return sorted(_plain(v) for v in value)
        case date():
            return value.isoformat()
        case _:
            return _nfc(str(value))
