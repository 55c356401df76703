"""``huanze sweep``: what it prints and how it exits."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from huanze.base import clock
from huanze.problems.models import SweepDay
from huanze.site.commands.sweep import sweep

pytestmark = pytest.mark.django_db


def run(*args: str, day: date = date(2025, 4, 7)):
    with clock.at(day):
        return CliRunner().invoke(sweep, args)


def test_a_day_is_run_and_told_in_json(cast):
    result = run("--on", "2025-04-07", "--json")
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert (said["on"], said["stopped"], [d["day"] for d in said["days"]]) == ("2025-04-07", False, ["2025-04-07"])
    assert said["totals"]["self_check_opened"] == 6
    again = run("--on", "2025-04-07", "--json")
    assert (again.exit_code, json.loads(again.stdout)["days"]) == (0, [])


def test_without_a_day_it_is_today_and_told_in_words(cast):
    result = run()
    assert result.exit_code == 0
    assert "2025-04-07：到时点的问题0件，开出自查表6" in result.stdout
    assert SweepDay.objects.get().day == date(2025, 4, 7)
    assert "没有需要执行的" in run().stdout


def test_a_day_that_is_none_is_a_wrong_call(cast):
    result = run("--on", "2025-02-30")
    assert (result.exit_code, SweepDay.objects.count()) == (2, 0)


def test_a_day_ahead_is_run_with_a_warning(cast):
    result = run("--on", "2025-04-09", "--json")
    assert result.exit_code == 0
    assert "晚于今天" in result.stderr
