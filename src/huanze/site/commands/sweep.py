"""``huanze sweep``: run the legal days that the daily sweep has not finished yet."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from huanze.problems.services.sweep import SweepSummary

LABELS = {
    "proposed": "提出督促建议", "lapsed": "建议因情形消除而终止", "overdue": "逾期", "overdue_over": "逾期情形消除",
    "acceptance": "未按期组织验收", "acceptance_over": "验收已组织", "publicity_over": "公示期满", "light_green": "转绿灯",
    "light_amber": "转黄灯", "light_red": "转红灯", "light_none": "灭灯", "dispatch_opened": "开出调度表", "dispatch_missing": "调度未报",
    "self_check_opened": "开出自查表", "self_check_missing": "自查未报齐", "recounted": "暂定日期重算", "notices": "写入提醒",
    "left_to_others": "他人正在办理，未重复处理",
}  # fmt: skip
DUE_LABELS = {"due_opened": "开出", "due_placed": "落到单位", "due_missed": "应办未办"}


@click.command(help="执行每日巡查：补齐到 --on 这一日（默认今天）为止尚未执行的各日。重复执行不会重复产生结果。")
@click.option("--on", "day", metavar="日期", type=click.DateTime(["%Y-%m-%d"]), help="巡查到哪一日，如 2026-01-31。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出结果。")
def sweep(day: datetime | None, as_json: bool) -> None:
    """Exit status: 0 all days finished, 1 stopped before the end or failed, 2 called wrongly."""
    from huanze.site.boot import boot

    boot()
    from huanze.base import clock

    on = day.date() if day else clock.today()
    if on > clock.today():
        click.echo(f"注意：{on} 晚于今天，将按当前情况提前推定。", err=True)
    due, summary = _run(on)
    if as_json:
        click.echo(json.dumps(summary.as_json() | {"due": due}, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join([*_told(summary), *_told_due(due)]))
    if summary.stopped:
        raise SystemExit(1)


def _run(on: date) -> tuple[dict[str, int], SweepSummary]:
    """What falls due, then the problems; the counts of the first and the summary of the second."""
    from django.db import OperationalError
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from huanze.obligations.services import run_day
    from huanze.problems.services.sweep import sweep as run

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar, _stoppable() as stopped:
        task = bar.add_task("每日巡查", total=None)

        def show(legal_day: date, problems: int) -> None:
            bar.update(task, description=f"{legal_day} 已处理{problems}件")

        try:
            due = dict(run_day(on))
            return due, run(on=on, progress=show, stop=lambda: bool(stopped))
        except OperationalError as error:
            raise click.ClickException(f"数据库暂时不可用：{error}。已完成的部分有效，请稍后再次执行。") from error


@contextmanager
def _stoppable() -> Iterator[list[int]]:
    """Ctrl-C and SIGTERM ask the sweep to stop after the chunk under way; what was done stays done."""
    asked: list[int] = []
    before = {s: signal.signal(s, lambda number, _: asked.append(number)) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _told(summary: SweepSummary) -> Iterator[str]:
    if not summary.days and not summary.stopped:
        yield f"{summary.on} 及以前的巡查此前已全部完成，没有需要执行的。"
    for day in summary.days:
        found = "，".join(f"{LABELS.get(kind, kind)}{n}" for kind, n in day.counts.items())
        yield f"{day.day}：到时点的问题{day.problems}件" + (f"，{found}" if found else "") + "。"
    if summary.stopped:
        yield "已中途停止；已完成的部分有效，再次执行即从中断处继续。"


def _told_due(due: dict[str, int]) -> Iterator[str]:
    if due:
        yield "应办事项：" + "，".join(f"{DUE_LABELS[kind]}{n}" for kind, n in due.items()) + "。"
