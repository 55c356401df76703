"""The invented district lives through the real services; the same seed tells the same story, and nothing breaks."""

from datetime import date

import pytest

from huanze.audit.models import Entry
from huanze.base import clock
from huanze.problems.models import Problem, StatusChange, SweepDay
from huanze.site.world.district import CannotFound, found
from huanze.site.world.invariants import broken
from huanze.site.world.play import play
from huanze.site.world.summary import summarise

pytestmark = [pytest.mark.django_db, pytest.mark.row("G6", "J1", "D10")]
FIRST, LAST = date(2025, 3, 1), date(2025, 4, 20)


@pytest.fixture
def district():
    return found(FIRST)


def test_seven_weeks_of_work_break_no_invariant(district):
    year = play(district, first=FIRST, last=LAST, seed=7, problems=14)
    told = summarise(year, first=FIRST, last=LAST, seed=7, seconds=0)
    assert told["broken"] == [] and told["refusals"] == {}
    assert told["problems"] >= 14 and told["steps"]["approve_plan"] > 3
    assert SweepDay.objects.count() == 51
    assert told["audit_entries"] == Entry.objects.count() > 100


def test_the_invariants_see_a_life_that_left_the_table(district):
    play(district, first=FIRST, last=date(2025, 3, 20), seed=7, problems=4)
    assert broken() == []
    victim = Problem.objects.filter(state="rectifying").first() or Problem.objects.exclude(state="registered").first()
    StatusChange.objects.filter(problem=victim).latest("pk").delete()
    Problem.objects.filter(pk=victim.pk).update(state="closed", closed_on=date(2025, 3, 20))
    said = "；".join(broken())
    assert victim.number in said and "签字" in said and "应当相等" in said


def test_a_district_is_founded_only_on_an_empty_site(district):
    with pytest.raises(CannotFound, match="空站"), clock.at(FIRST):
        found(FIRST)
