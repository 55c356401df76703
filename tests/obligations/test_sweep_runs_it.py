"""The morning loop and ``huanze sweep`` run what falls due together with the problems."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner

from calendars import STUDY, in_force
from huanze.base import clock
from huanze.obligations.models import Occurrence
from huanze.site.commands.sweep import sweep
from huanze.site.morning import Morning

pytestmark = [pytest.mark.django_db, pytest.mark.row("D10")]


def test_the_command_tells_what_fell_due(cast):
    in_force(cast, STUDY, on=date(2025, 2, 10))
    with clock.at(date(2025, 4, 1)):
        said = json.loads(CliRunner().invoke(sweep, ["--json"]).stdout)
    assert said["due"]["due_missed"] == 1
    with clock.at(date(2025, 7, 1)):
        words = CliRunner().invoke(sweep, ["--on", "2025-07-01"]).stdout
        assert "应办事项：开出1，应办未办1。" in words
        assert "应办事项" not in CliRunner().invoke(sweep, ["--on", "2025-07-01"]).stdout


def test_the_morning_loop_runs_it(cast):
    in_force(cast, STUDY, on=date(2025, 2, 10))
    with clock.at(clock.moment(date(2025, 4, 1), 6)):
        Morning().beat()
    assert Occurrence.objects.get(due="2025-03-31").missed_on == date(2025, 4, 1)
