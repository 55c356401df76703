"""Pieces of the business pages: the line of 序时进度, bars of the overview."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from huanze.base import clock
from huanze.problems.models import Problem
from huanze.rules.lifecycle import WORK
from huanze.rules.progress import elapsed_percent

register = template.Library()
WORDS = {"green": "绿灯", "amber": "黄灯", "red": "红灯", "none": "未亮灯"}


@register.simple_tag
def line(problem: Problem) -> SafeString:
    """Done against the share of the time gone: a bar, and a mark where the work should be by today (序时进度)."""
    elapsed = elapsed_of(problem)
    if elapsed is None:
        return format_html('<span class="hz-no">{}%</span>', problem.percent)
    behind = problem.percent < elapsed
    said = f"完成{problem.percent}%，时间进度{elapsed}%"
    return format_html(
        '<span class="hz-progress"><svg class="hz-line" viewBox="0 0 100 12" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="hz-line-track" y="3" width="100" height="6"></rect><rect class="{}" y="3" width="{}" height="6"></rect>'
        '<rect class="hz-line-now" x="{}" width="1.2" height="12"></rect></svg><span aria-hidden="true">{}%</span></span>',
        said, "hz-line-behind" if behind else "hz-line-done", problem.percent, min(elapsed, 98.8), problem.percent,
    )  # fmt: skip


def elapsed_of(problem: Problem, today: date | None = None) -> int | None:
    """The share of the time gone in percent, while a plan runs; None before and after."""
    if problem.plan_start is None or problem.deadline is None or problem.state not in WORK:
        return None
    return elapsed_percent(problem.plan_start, problem.deadline, today or clock.today())


@register.simple_tag
def left(problem: Problem) -> str:
    """How far the deadline is, in plain days: 还剩12天, 今天到期, 逾期3天."""
    if problem.deadline is None or not problem.is_open:
        return ""
    days = (problem.deadline - clock.today()).days
    if days == 0:
        return "今天到期"
    return f"还剩{days}天" if days > 0 else f"逾期{-days}天"


@register.simple_tag
def overdue(problem: Problem) -> bool:
    return problem.deadline is not None and problem.state in WORK and problem.deadline < clock.today()


@register.simple_tag
def bar(counts: Sequence[tuple[str, int]], most: int) -> SafeString:
    """One row of a bar chart: ``(light, count)`` side by side, drawn to the scale of the longest row."""
    x, parts = 0.0, []
    for light, count in counts:
        width = 100 * count / most if most else 0
        parts.append((light, round(x, 2), round(width, 2)))
        x += width
    said = "，".join(f"{WORDS.get(light, light)}{count}" for light, count in counts if count)
    drawn = format_html_join("", '<rect class="hz-bar-{}" x="{}" width="{}" height="10"></rect>', parts)
    return format_html('<svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>', said or "无", drawn)
