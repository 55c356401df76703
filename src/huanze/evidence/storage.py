"""Files by the hash of their content: DATA/evidence/ab/cd/abcd…, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives import hashes
from django.conf import settings

CHUNK = 1 << 20


class TooLarge(Exception):
    """The stream is longer than any file may be."""


def root() -> Path:
    return Path(settings.DATA_DIR) / "evidence"


def path_of(sm3: str) -> Path:
    """Where the bytes with this hash are."""
    return root() / sm3[:2] / sm3[2:4] / sm3


def cache_of(sm3: str, side: int) -> Path:
    """Where the thumbnail is. The folder can be deleted at any time."""
    return Path(settings.DATA_DIR) / "thumbnails" / sm3[:2] / f"{sm3}-{side}.jpg"


@contextmanager
def incoming(stream: BinaryIO, limit: int) -> Iterator[tuple[Path, str, int]]:
    """Write a stream to a temporary file: its path, SM3 and size. It is gone after the block unless kept."""
    root().mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=root(), prefix=".incoming-")
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            sm3, size = _copy(stream, out, limit)
        yield path, sm3, size
    finally:
        path.unlink(missing_ok=True)


def keep(path: Path, sm3: str) -> None:
    """Give the file its place; the same bytes already there stay."""
    target = path_of(sm3)
    if not target.exists():
        place(path, target)


def place(path: Path, target: Path) -> None:
    """Move a file written to the end, so that a power cut leaves the old state or the new."""
    target.parent.mkdir(parents=True, exist_ok=True)
    path.chmod(0o640)
    os.replace(path, target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _copy(stream: BinaryIO, out: BinaryIO, limit: int) -> tuple[str, int]:
    digest, size = hashes.Hash(hashes.SM3()), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise TooLarge
        digest.update(chunk)
        out.write(chunk)
    out.flush()
    os.fsync(out.fileno())
    return digest.finalize().hex(), size
