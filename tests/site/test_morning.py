"""The morning loop: the sweep once a day from six on, the letters at every beat, and no error ends it."""

from __future__ import annotations

from datetime import date, datetime

from huanze.base import clock
from huanze.site.morning import Morning


class Day:
    """Counts what the loop asked for; ``broken`` days fail."""

    def __init__(self, broken: set[date] | None = None) -> None:
        self.swept: list[date] = []
        self.delivered = 0
        self.broken = broken or set()
        self.loop = Morning(sweep=self.sweep, deliver=self.deliver)

    def sweep(self, day: date) -> None:
        self.swept.append(day)
        if day in self.broken:
            raise RuntimeError("database is away")

    def deliver(self) -> None:
        self.delivered += 1

    def beat(self, day: int, hour: int, minute: int = 0) -> None:
        with clock.at(datetime(2025, 6, day, hour, minute, tzinfo=clock.ZONE)):
            self.loop.beat()


def test_nothing_is_swept_before_six():
    it = Day()

    it.beat(3, 5, 59)
    assert it.swept == []
    it.beat(3, 6, 0)
    assert it.swept == [date(2025, 6, 3)]


def test_a_day_is_swept_once_and_the_next_day_again():
    it = Day()

    for hour in (6, 7, 12, 23):
        it.beat(3, hour)
    it.beat(4, 0)
    it.beat(4, 6)

    assert it.swept == [date(2025, 6, 3), date(2025, 6, 4)]
    assert it.delivered == 6


def test_a_sweep_that_failed_is_tried_at_the_next_beat():
    it = Day(broken={date(2025, 6, 3)})

    it.beat(3, 6, 0)
    it.broken.clear()
    it.beat(3, 6, 1)
    it.beat(3, 6, 2)

    assert it.swept == [date(2025, 6, 3), date(2025, 6, 3)]
    assert it.delivered == 3
