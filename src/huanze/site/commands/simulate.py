"""``huanze simulate``: a year in the invented district on a clock of its own, through the real services."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click


@click.command(help="用真实的业务规则推演一段时间，末尾汇总并检查各项不变条件。数据放在临时目录，不影响本站。")
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 3650), help="推演多少天。")
@click.option("--seed", default=7, show_default=True, type=int, help="随机种子；相同的种子得到相同的结果。")
@click.option("--problems", default=60, show_default=True, type=click.IntRange(0, 5000), help="大约发现多少个问题。")
@click.option("--from", "first", default="2025-01-01", show_default=True, type=click.DateTime(["%Y-%m-%d"]), help="从哪一天开始。")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="把推演的数据留在这个空目录里。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def simulate(days: int, seed: int, problems: int, first: datetime, data: Path | None, as_json: bool) -> None:
    with _home(data) as home:
        summary = _live(home, first.date(), days, seed, problems)
    click.echo(json.dumps(summary, ensure_ascii=False, indent=2) if as_json else _words(summary))
    if summary["broken"]:
        raise SystemExit(1)


@contextmanager
def _home(data: Path | None) -> Iterator[Path]:
    """A directory of its own; an existing one must be empty, so that nobody's data is mixed with a story."""
    if data is None:
        with tempfile.TemporaryDirectory(prefix="huanze-simulate-") as home:
            yield Path(home)
        return
    if data.exists() and any(data.iterdir()):
        raise click.ClickException(f"目录 {data} 里已有文件，请换一个空目录。")
    data.mkdir(parents=True, exist_ok=True)
    yield data


def _live(home: Path, first: date, days: int, seed: int, problems: int) -> dict[str, Any]:
    import os

    os.environ.pop("HUANZE_DATABASE_URL", None)
    from huanze.site.boot import boot

    boot(home)
    from django.core.management import call_command
    from django.db import connection

    from huanze.site.world.district import found
    from huanze.site.world.play import play
    from huanze.site.world.summary import summarise

    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    last = first + timedelta(days=days - 1)
    with _bar(days) as step:
        year = play(found(first), first=first, last=last, seed=seed, problems=problems, each_day=lambda _: step())
    summary = summarise(year, first=first, last=last, seed=seed, seconds=round(time.perf_counter() - began, 1))
    connection.close()
    return summary


@contextmanager
def _bar(days: int) -> Iterator[Any]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("推演", BarColumn(), MofNCompleteColumn(), "天", TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=days)
        yield lambda: bar.advance(task)


def _words(summary: dict[str, Any]) -> str:
    lines = [
        f"{summary['first']}至{summary['last']}，种子{summary['seed']}，用时{summary['seconds']}秒",
        "状态：" + "、".join(f"{k}{v}" for k, v in summary["states"].items()),
        "步骤：" + "、".join(f"{k} {v}" for k, v in summary["steps"].items()),
        "被拒：" + ("、".join(f"{k} {v}" for k, v in summary["refusals"].items()) or "无"),
        "督促：" + ("、".join(f"{k}{v}" for k, v in summary["ladder"].items()) or "无"),
        "应办未办：" + ("、".join(f"{k}{v}" for k, v in summary["omissions"].items()) or "无"),
        f"审计记录{summary['audit_entries']}条，检查不变条件{summary['checked']}项",
    ]
    lines += [f"未通过：{said}" for said in summary["broken"]] or ["不变条件全部成立"]
    return "\n".join(lines)
