"""Writes the chain to a folder that a stranger can check without the platform."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from importlib.resources import files
from itertools import chain as joined
from itertools import islice
from pathlib import Path

from huanze.audit import services
from huanze.audit.exports.verify import Mark
from huanze.base import clock

PART = 50_000
COMPANIONS = ("README.md", "verify.py", "verify.sh")
FORMAT = "huanze-audit-1"


def export(folder: Path, *, progress: Callable[[int], None] = lambda more: None) -> Mark:
    """Write the chain up to its present head and return that head.

    ``progress`` is told how many more entries are written. The folder appears only when it is whole: all is written beside it first, and a run that was
    stopped leaves nothing but that side folder, which the next run replaces. Raises FileExistsError
    when the folder has something in it, OSError as the disk does.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(folder)
    side = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(side, ignore_errors=True)
    side.mkdir(parents=True)
    marks = services.marks()
    head = marks[-1]
    parts = _write_parts(side, head, progress)
    (side / "heads.txt").write_text("".join(f"{m.label} {m.seq} {m.hash}\n" for m in marks), "utf-8")
    manifest = {
        "format": FORMAT,
        "entries": head.seq,
        "head": head.hash,
        "exported_at": clock.now().isoformat(timespec="seconds"),
        "parts": parts,
    }
    (side / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", "utf-8")
    for name in COMPANIONS:
        (side / name).write_bytes(files("huanze.audit.exports").joinpath(name).read_bytes())
    if folder.exists():
        folder.rmdir()
    side.rename(folder)
    return head


def _write_parts(side: Path, head: Mark, progress: Callable[[int], None]) -> list[dict[str, str | int]]:
    parts: list[dict[str, str | int]] = []
    chain = services.chain(until=head.seq)
    while first := next(chain, None):
        name = f"chain-{len(parts) + 1:05d}"
        count = 0
        with (side / f"{name}.jsonl").open("wb") as lines, (side / f"{name}.sm3").open("w", encoding="ascii") as sums:
            for line, recorded in joined([first], islice(chain, PART - 1)):
                lines.write(line + b"\n")
                sums.write(recorded + "\n")
                count += 1
                if count % 1_000 == 0:
                    progress(1_000)
        parts.append({"name": name, "lines": count})
        progress(count % 1_000)
    return parts
