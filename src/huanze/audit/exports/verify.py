#!/usr/bin/env python3
"""Check an exported audit chain with nothing but Python 3.7 or later: python3 verify.py [DIR]

检查导出的审计链，只需 Python 3.7 及以上：python3 verify.py [目录]

Each line of ``chain-*.jsonl`` is one entry; its bytes without the line feed are what SM3
(GB/T 32905-2016) is taken of. The line itself carries the hash of the entry before it. The hashes
are the lines of ``chain-*.sm3``. ``heads.txt`` says where the chain stood each day and at its end.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

GENESIS = "0" * 64
TAIL = re.compile(rb',"prev":"([0-9a-f]{64})","seq":(\d{1,18})\}$')


class Mark(NamedTuple):
    """The chain had this hash at this entry; ``label`` is a day, or ``head`` for its end."""

    label: str
    seq: int
    hash: str


class Break(NamedTuple):
    """The first entry that does not hold, and why."""

    seq: int
    why: str


def _rotate(x: int, n: int) -> int:
    n %= 32
    return (x << n | x >> (32 - n)) & 0xFFFFFFFF


def _compress(v: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    w = [int.from_bytes(block[i : i + 4], "big") for i in range(0, 64, 4)]
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ _rotate(w[j - 3], 15)
        w.append(x ^ _rotate(x, 15) ^ _rotate(x, 23) ^ _rotate(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = v
    for j in range(64):
        t = 0x79CC4519 if j < 16 else 0x7A879D8A
        ss1 = _rotate((_rotate(a, 12) + e + _rotate(t, j)) & 0xFFFFFFFF, 7)
        ss2 = ss1 ^ _rotate(a, 12)
        ff = a ^ b ^ c if j < 16 else a & b | a & c | b & c
        gg = e ^ f ^ g if j < 16 else e & f | ~e & g
        tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
        tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
        a, b, c, d = tt1, a, _rotate(b, 9), c
        e, f, g, h = tt2 ^ _rotate(tt2, 9) ^ _rotate(tt2, 17), e, _rotate(f, 19), g
    return tuple(x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h)))  # noqa: B905 - Python 3.7 has no strict


def plain_sm3(data: bytes) -> str:
    """SM3 in hex, in plain Python, for a machine whose OpenSSL lacks it. About 100 kB a second."""
    v: tuple[int, ...] = (
        0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
    )
    padded = data + b"\x80" + b"\0" * (-(len(data) + 9) % 64) + (8 * len(data)).to_bytes(8, "big")
    for i in range(0, len(padded), 64):
        v = _compress(v, padded[i : i + 64])
    return "".join(f"{x:08x}" for x in v)


def sm3(data: bytes) -> str:
    """SM3 in hex, by the OpenSSL under Python where it has it."""
    try:
        return hashlib.new("sm3", data).hexdigest()
    except ValueError:
        return plain_sm3(data)


def first_break(
    chain: Iterable[tuple[bytes, str]], marks: Iterable[Mark], digest: Callable[[bytes], str] = sm3
) -> Break | None:
    """The first entry that does not hold, or None when all do.

    ``chain`` gives each entry's line and recorded hash in order; ``marks`` the daily heads and last the head.
    """
    ordered = sorted(marks, key=lambda m: (m.seq, m.label == "head"))
    for mark in ordered:
        if mark.label == "head" and mark != ordered[-1]:
            return Break(mark.seq + 1, f"链的末端在第{mark.seq}条，{_named(ordered[-1])}却在第{ordered[-1].seq}条：末端被回退。")
    seq, last = 0, GENESIS
    for line, recorded in chain:
        broken = _mark_break(ordered, seq, last) or _entry_break(line, recorded, seq + 1, last, digest)
        if broken:
            return broken
        if not ordered:
            return Break(seq + 1, f"链的末端在第{seq}条，其后却还有记录。")
        seq, last = seq + 1, recorded
    broken = _mark_break(ordered, seq, last)
    if ordered and not broken:
        return Break(seq + 1, f"链到第{seq}条为止，{_named(ordered[0])}却在第{ordered[0].seq}条：第{seq + 1}条起缺失。")
    return broken


def _mark_break(waiting: list[Mark], seq: int, last: str) -> Break | None:
    """Take the marks at ``seq`` off the list and compare them with the chain there."""
    while waiting and waiting[0].seq == seq:
        mark = waiting.pop(0)
        if mark.hash != last:
            return Break(max(seq, 1), f"第{seq}条与{_named(mark)}不符：此条或此前的记录被整段改写。")
    return None


def _named(mark: Mark) -> str:
    return "链的末端" if mark.label == "head" else f"{mark.label}的日终封存"


def _entry_break(line: bytes, recorded: str, seq: int, last: str, digest: Callable[[bytes], str]) -> Break | None:
    tail = TAIL.search(line)
    if tail and int(tail[2]) > seq:
        return Break(seq, f"第{seq}条缺失，其后是第{int(tail[2])}条。")
    if tail is None or digest(line) != recorded:
        return Break(seq, f"第{seq}条的内容与其杂凑值不符：内容或杂凑值被改动。")
    if int(tail[2]) < seq:
        return Break(seq, f"第{seq}条的位置上是第{int(tail[2])}条：次序被调换或有多出的记录。")
    if tail[1].decode() != last:
        if seq == 1:
            return Break(1, "第1条所记的前一条杂凑值不是起始值：首条被整条改写。")
        return Break(seq - 1, f"第{seq - 1}条的杂凑值与第{seq}条所记的不符：第{seq - 1}条被整条改写。")
    return None


def read_chain(folder: Path) -> Iterator[tuple[bytes, str]]:
    """Each line with its recorded hash; where a hash is missing, an empty one."""
    for part in sorted(folder.glob("chain-*.jsonl")):
        sums = part.with_suffix(".sm3")
        hashes = iter(sums.read_bytes().split(b"\n") if sums.exists() else ())
        with part.open("rb") as lines:
            for line in lines:
                yield line.rstrip(b"\n"), next(hashes, b"").decode("ascii", "replace")


def read_marks(folder: Path) -> list[Mark]:
    """The lines of ``heads.txt``: day or ``head``, number, hash."""
    rows = (folder / "heads.txt").read_text("utf-8").split("\n")
    return [Mark(label, int(seq), value) for label, seq, value in (row.split() for row in rows if row.strip())]


def check(folder: Path) -> tuple[bool, str]:
    """Whether the export holds, and the sentence that says so."""
    try:
        marks = read_marks(folder)
        if not marks or marks[-1].label != "head":
            return False, "heads.txt 没有以 head 开头的末行，导出不完整。"
        broken = first_break(read_chain(folder), marks)
    except OSError as error:
        return False, f"读不出 {error.filename}，请确认目录是完整的审计链导出，并且有权读取。"
    except ValueError:
        return False, "heads.txt 的内容不是“日期 序号 杂凑值”，导出不完整或被改动。"
    if broken:
        return False, f"审计链在第{broken.seq}条断开：{broken.why}"
    return True, f"审计链完整：共{marks[-1].seq}条，末端杂凑值 {marks[-1].hash}。"


if __name__ == "__main__":
    holds, sentence = check(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
    (sys.stdout if holds else sys.stderr).write(sentence + "\n")
    sys.exit(0 if holds else 1)
