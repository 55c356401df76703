"""``fill`` founds the districts and fills them; ``measure`` measures and tells. Two processes, so that memory is told apart.

Run by ``script/bench``, which gives them a site of their own.
"""

from __future__ import annotations

import json
import os
import platform
import resource
from datetime import UTC, datetime
from pathlib import Path

import click
import django


@click.group()
def main() -> None:
    django.setup()


@main.command()
@click.argument("problems", type=int)
def fill(problems: int) -> None:
    from django.core.management import call_command

    from bench import world
    from bench.fill import fill as write

    call_command("migrate", verbosity=0)
    world.found()
    write(world.districts(), problems)


@main.command()
@click.option("--rounds", type=int, default=15)
@click.option("--json", "told", type=click.Path(path_type=Path))
def measure(rounds: int, told: Path | None) -> None:
    from django.db import connection

    from bench.lives import TODAY
    from bench.reads import Reads
    from bench.timing import HEADER
    from bench.world import districts
    from bench.writes import Writes
    from huanze.base import clock
    from huanze.problems.models import Problem

    problems, load = Problem.objects.count(), os.getloadavg()[0]
    site = f"{connection.vendor}, {problems:,} problems, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}"
    click.echo(f"{site}\n{HEADER}")
    lines = []
    with clock.at(TODAY):
        for part in (Reads(districts(), rounds), Writes(districts())):
            for line in part.lines():
                lines.append(line.as_json())
                click.echo(str(line))
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            click.echo(f"# most memory held so far: {memory:.0f} MiB")
    if told:
        told.write_text(json.dumps({"site": site, "lines": lines, "memory_mib": round(memory)}, ensure_ascii=False, indent=1) + "\n")


main()
