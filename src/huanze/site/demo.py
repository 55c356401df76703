"""The demo: the invented district after a year of work, so that every stage has something in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from huanze.base import clock
from huanze.site.world.district import PASSWORD, found
from huanze.site.world.play import play

DAYS = 365
PROBLEMS = 60
SEED = 2026

ACCOUNTS = (
    ("zgb", "整改办经办人", "登记、交办、备案、调度"),
    ("zuzhang", "领导小组组长", "审定方案和调整"),
    ("zhen1", "白鹭镇联络员", "签收、编方案、报进展"),
    ("zhen1z", "白鹭镇镇长", "报审方案、申请验收"),
    ("ju1", "住建局联络员", "组织验收"),
    ("ju1z", "住建局局长", "签字盖章"),
    ("fuqu1", "副区长", "签字确认"),
    ("xitong", "系统管理员", "机构、账号、日历"),
    ("anquan", "安全保密管理员", "任职、授权"),
    ("shenji", "安全审计员", "查看和核验审计链"),
)
"""Accounts shown on the sign-in page of a demo and printed by ``huanze up``; all have the same password."""


def load(*, last: date | None = None, progress: Callable[[int, int], None] | None = None) -> None:
    """Found the district a year before ``last`` (today) and live that year. Needs an empty site."""
    last = last or clock.today()
    first = last - timedelta(days=DAYS)
    district = found(first)

    def told(day: date) -> None:
        if progress:
            progress((day - first).days, DAYS)

    play(district, first=first, last=last, seed=SEED, problems=PROBLEMS, each_day=told)


def accounts() -> list[tuple[str, str, str]]:
    """(user name, password, who) for the operator's terminal and the sign-in page of a demo."""
    return [(username, PASSWORD, f"{who}：{does}") for username, who, does in ACCOUNTS]
