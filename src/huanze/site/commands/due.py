"""`huanze due`: when a term ends, and how it was counted. Needs no database: uses the shipped years."""

from __future__ import annotations

import json
from datetime import date, datetime

import click

from huanze.rules.calendar import CalendarError, shipped_calendar
from huanze.rules.deadlines import Due, Term, Unit
from huanze.rules.deadlines import due as count


def _start(_ctx: click.Context, _param: click.Parameter, value: str) -> date | datetime:
    """A day, or a moment for a term in hours."""
    try:
        return datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(
            f"“{value}”不是日期，请写成 2025-04-30，按小时计算的写成 2025-04-30T14:30"
        ) from None


def _whole(_ctx: click.Context, _param: click.Parameter, value: str) -> int:
    """A whole number; its limits are the term's own business."""
    try:
        return int(value)
    except ValueError:
        raise click.BadParameter(f"“{value[:40]}”不是整数") from None


@click.command()
@click.option(
    "--from",
    "start",
    metavar="日期",
    callback=_start,
    required=True,
    help="起算日，如 2025-04-30；按小时计算时为时刻。",
)
@click.option(
    "--days", "n", metavar="数", callback=_whole, required=True, help="期限数，单位由 --unit 指定。"
)
@click.option(
    "--unit",
    metavar="单位",
    default="workday",
    help="workday（工作日，默认）、day（自然日）、hour（小时）、month（月）或 year（年）。",
)
@click.option("--count-first", is_flag=True, help="起算日当日计入。")
@click.option("--roll", is_flag=True, help="届满日遇休息日的，顺延至下一个工作日。")
@click.option("--explain", is_flag=True, help="逐日说明。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def due(
    *,
    start: date | datetime,
    n: int,
    unit: Unit,
    count_first: bool,
    roll: bool,
    explain: bool,
    as_json: bool,
) -> None:
    """计算期限届满日，可逐日说明。所需年份的放假安排未载入时标明“暂定”。"""
    try:
        term = Term(n, unit, after="", clause="", count_first=count_first, roll=roll)
        result = count(term, start, shipped_calendar())
    except CalendarError as error:
        raise click.ClickException(str(error)) from error
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(_as_json(result, explain=explain), ensure_ascii=False, indent=2))
        return
    moment = f" {result.at:%H:%M}" if result.at else ""
    click.echo(f"{result.on}{moment}{'（暂定）' if result.provisional else ''}")
    click.echo(result.summary())
    for step in result.explain() if explain else ():
        number = f"第{step.counted}" if step.counted else "－"
        click.echo(f"{step.day}  {number}\t{step.reason}")


def _as_json(result: Due, *, explain: bool) -> dict[str, object]:
    answer: dict[str, object] = {
        "from": result.start.isoformat(),
        "due": result.on.isoformat(),
        "at": result.at.isoformat() if result.at else None,
        "provisional": result.provisional,
        "missing_years": list(result.missing),
        "summary": result.summary(),
    }
    if explain:
        answer["steps"] = [
            {"day": step.day.isoformat(), "counted": step.counted, "reason": step.reason}
            for step in result.explain()
        ]
    return answer
