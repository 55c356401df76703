"""Spot checks, leader-led supervision, materials (XQ-10, XQ-12, XQ-16)."""

import pytest

from acts import DAY, attempt, picture, reach, refused, take
from huanze.base import clock
from huanze.evidence.models import Evidence
from huanze.notices.models import Notice
from huanze.rules.lifecycle import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _first_of_april():
    with clock.at(DAY):
        yield


CHECK = {"day": "2025-04-01", "form": "covert", "led_by": "区人大吕代", "participants": "整改办、住建局", "findings": "一处点位未按方案施工"}


@pytest.mark.row("E8")
def test_a_spot_check_is_kept_with_its_letter_and_the_units_are_told(cast):
    problem = reach(cast, State.RECTIFYING)
    take(problem, "spot_check", cast.clerk, **CHECK, letter_to=cast.town_gov.pk, letter_number="青整改函〔2025〕4号")
    kept = problem.spot_checks.get()
    assert (kept.letter_to, kept.form, kept.led_by) == (cast.town_gov, "covert", "区人大吕代")
    told = set(Notice.objects.filter(kind="spot_check").values_list("recipient__username", flat=True))
    assert told == {"town_liaison", "town_head", "lead_liaison", "second_liaison"}


@pytest.mark.row("E8")
@pytest.mark.parametrize(
    "over", [{"day": "2025-04-02"}, {"letter_number": "函1号"}, {"led_by": ""}, {"findings": ""}], ids=["tomorrow", "letter to nobody", "no leader", "nothing found"]
)
def test_a_spot_check_that_lacks_something_is_refused(cast, over):
    problem = reach(cast, State.RECTIFYING)
    refused(attempt(problem, "spot_check", cast.clerk, **(CHECK | over)), "inputs")
    assert not problem.spot_checks.exists()


def test_a_letter_goes_only_to_a_unit_of_the_problem(cast):
    problem = reach(cast, State.RECTIFYING)
    over = {"letter_to": cast.neighbour_gov.pk, "letter_number": "函1号"}
    refused(attempt(problem, "spot_check", cast.clerk, **CHECK, **over), "inputs", "函告")


@pytest.mark.row("E9")
def test_a_leader_takes_a_named_problem(cast):
    problem = reach(cast, State.RECTIFYING)
    given = {"body": "cppcc", "leader": "施协", "started_on": "2025-04-01", "scheme": "每月现场督办一次"}
    take(problem, "leader_supervise", cast.clerk, **given)
    assert (problem.leader_supervisions.get().body, problem.leader_supervisions.get().leader) == ("cppcc", "施协")
    refused(attempt(problem, "leader_supervise", cast.town_head, **given), "wrong_actor")


@pytest.mark.row("G1")
def test_materials_are_attached_by_those_who_take_part(cast):
    problem = reach(cast, State.RECTIFYING)
    file = picture(by=cast.town_liaison)
    take(problem, "attach", cast.town_liaison, file=file.pk, role="before", point="东河二号桥")
    assert Evidence.objects.get().point == "东河二号桥"
    refused(attempt(problem, "attach", cast.neighbour_liaison, file=file.pk, role="after"), "wrong_actor")


def test_a_file_that_is_not_ones_own_is_not_attached(cast):
    problem = reach(cast, State.RECTIFYING)
    foreign = picture(by=cast.neighbour_liaison)
    refused(attempt(problem, "attach", cast.town_liaison, file=foreign.pk, role="before"), "inputs", "重新上传")


def test_urging_tells_everyone_who_has_a_part(cast):
    problem = reach(cast, State.RECTIFYING)
    take(problem, "urge", cast.clerk, text="请加快进度")
    told = set(Notice.objects.filter(kind="urge").values_list("recipient__username", flat=True))
    assert told == {"town_liaison", "town_head", "lead_liaison", "second_liaison"}


@pytest.mark.row("E8")
def test_a_grave_finding_is_told_to_the_heads_of_committee_and_government(cast):
    problem = reach(cast, State.RECTIFYING)
    take(problem, "spot_check", cast.clerk, **CHECK)
    assert not Notice.objects.filter(kind="major_finding").exists()
    take(problem, "spot_check", cast.clerk, **(CHECK | {"major": True}))
    assert [n.recipient for n in Notice.objects.filter(kind="major_finding", urgent=True)] == [cast.mayor]
