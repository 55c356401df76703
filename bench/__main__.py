"""Found the districts, fill them, measure, tell. Run by ``script/bench``, which gives it a site of its own."""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
from datetime import UTC, datetime
from pathlib import Path

import django


def main() -> None:
    asked = argparse.ArgumentParser(prog="bench")
    asked.add_argument("--problems", type=int, default=1_000_000)
    asked.add_argument("--rounds", type=int, default=15)
    asked.add_argument("--json", type=Path)
    given = asked.parse_args()
    django.setup()
    told = _measure(given.problems, given.rounds)
    if given.json:
        given.json.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def _measure(problems: int, rounds: int) -> dict[str, object]:
    from django.core.management import call_command
    from django.db import connection

    from bench.fill import fill
    from bench.lives import TODAY
    from bench.reads import Reads
    from bench.timing import HEADER
    from bench.world import found
    from bench.writes import Writes
    from huanze.base import clock

    call_command("migrate", verbosity=0)
    districts = found()
    fill(districts, problems)
    load = os.getloadavg()[0]
    said = f"{connection.vendor}, {problems:,} problems, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    print(f"{said}\n{HEADER}")
    lines = []
    with clock.at(TODAY):
        for part in (Reads(districts, rounds), Writes(districts)):
            for line in part.lines():
                lines.append(line)
                print(line, flush=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"most memory the process ever held: {memory:.0f} MiB\n")
    return {"site": said, "lines": [line.as_json() for line in lines], "memory_mib": round(memory)}


main()
