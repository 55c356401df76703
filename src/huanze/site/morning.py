"""What the platform does by itself: the daily sweep each morning, and the letters that wait.

The loop remembers only the last day it swept. That is enough, because the sweep may run twice on a day and
catches up by itself on days when the platform was off.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from threading import Event

from django.db import close_old_connections

from huanze.base import clock

log = logging.getLogger("huanze.morning")
SWEEP_FROM_HOUR = 6
BEAT_SECONDS = 60


def sweep_day(day: date) -> object:
    """What falls due, then the problems: the first is finished for all days before by itself."""
    from huanze.obligations.services import run_day
    from huanze.problems.services.sweep import sweep

    return run_day(day), sweep(on=day)


def deliver_notices() -> object:
    from huanze.notices.services import deliver

    return deliver()


@dataclass
class Morning:
    """One beat looks at the clock and does what is due. ``swept`` is the last day that was swept."""

    sweep: Callable[[date], object] = sweep_day
    deliver: Callable[[], object] = deliver_notices
    swept: date | None = None

    def beat(self) -> None:
        """Errors are written to the log and tried again at the next beat; the loop lives on."""
        now = clock.now().astimezone(clock.ZONE)
        if self.swept != now.date() and now.hour >= SWEEP_FROM_HOUR and self._done(lambda: self.sweep(now.date()), "sweep"):
            self.swept = now.date()
        self._done(self.deliver, "delivery of notices")

    def run(self, stop: Event) -> None:
        """Beat once a minute until told to stop."""
        while not stop.is_set():
            close_old_connections()
            self.beat()
            stop.wait(BEAT_SECONDS)

    def _done(self, work: Callable[[], object], what: str) -> bool:
        try:
            work()
        except Exception:
            log.exception("%s failed; tried again in %s seconds", what, BEAT_SECONDS)
            return False
        return True
