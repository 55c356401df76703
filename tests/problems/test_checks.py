"""Spot checks, leader-led supervision, materials (XQ-10, XQ-12, XQ-16)."""

from datetime import date

import pytest

from acts import DAY, attempt, materials, picture, reach, refused, take
from huanze.base import clock
from huanze.evidence.models import Evidence
from huanze.notices.models import Notice
from huanze.orgs.models import Holding
from huanze.problems.models import Problem
from huanze.problems.selectors import timeline
from huanze.problems.services.gaps import pack_gaps
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


def _uploaded(cast, problem, by, role="before"):
    take(problem, "attach", by, file=picture(by=by).pk, role=role, point="东河二号桥")
    return Evidence.objects.latest("pk")


@pytest.mark.row("G1")
def test_a_wrong_upload_is_taken_back_counts_no_more_and_stays_on_record(cast):
    problem = reach(cast, State.RECTIFYING)
    materials(cast, problem)
    assert not any("整改后" in gap for gap in pack_gaps(problem))
    wrong = Evidence.objects.get(role="after")
    take(problem, "withdraw_material", cast.town_liaison, material=wrong.pk, reason="传错了点位")
    wrong.refresh_from_db()
    assert (wrong.withdrawn_by, wrong.withdrawn_at, wrong.withdrawn_reason) == (cast.town_liaison, clock.now(), "传错了点位")
    assert any("整改后" in gap for gap in pack_gaps(problem))
    assert Problem.objects.get(pk=problem.pk).state == "rectifying"
    told = next(e for e in timeline(problem) if e.title == "撤回材料")
    assert (told.text, told.clause, told.moved) == (f"传错了点位；材料：{wrong.file.name}", "XQ-16", False)


@pytest.mark.row("G1")
def test_a_material_is_taken_back_by_the_unit_that_sent_it_and_by_nobody_else(cast):
    problem = reach(cast, State.RECTIFYING)
    of_town, of_lead = _uploaded(cast, problem, cast.town_liaison), _uploaded(cast, problem, cast.lead_liaison)
    for person in (cast.lead_liaison, cast.clerk, cast.second_liaison):
        refused(attempt(problem, "withdraw_material", person, material=of_town.pk, reason="传错了"), "inputs", "本单位")
    refused(attempt(problem, "withdraw_material", cast.town_head, material=of_lead.pk, reason="传错了"), "inputs", "本单位")
    refused(attempt(problem, "withdraw_material", cast.neighbour_head, material=of_town.pk, reason="传错了"), "wrong_actor")
    take(problem, "withdraw_material", cast.town_head, material=of_town.pk, reason="传错了")
    take(problem, "withdraw_material", cast.lead_head, material=of_lead.pk, reason="传错了")
    assert not Evidence.objects.filter(withdrawn_at=None).exists()


@pytest.mark.row("G1")
def test_a_successor_takes_back_what_his_predecessor_sent_and_a_unit_not_what_came_before_it(cast):
    problem = reach(cast, State.RECTIFYING)
    sent = _uploaded(cast, problem, cast.town_liaison)
    Holding.objects.filter(user=cast.town_liaison).update(until_day=date(2025, 4, 1))
    with clock.at(date(2025, 4, 2)):
        # The liaison works for the lead unit from now on: what he sent for the town is not theirs.
        Holding.objects.create(user=cast.town_liaison, post=cast.post_of(cast.lead_liaison), from_day=date(2025, 4, 2))
        refused(attempt(problem, "withdraw_material", cast.lead_head, material=sent.pk, reason="传错了"), "inputs", "本单位")
        Holding.objects.create(user=cast.neighbour_liaison, post=cast.post_of(cast.town_liaison), from_day=date(2025, 4, 2))
        take(problem, "withdraw_material", cast.neighbour_liaison, material=sent.pk, reason="传错了")


@pytest.mark.row("G1")
def test_what_was_taken_back_or_is_elsewhere_is_not_taken_back_and_a_reason_is_needed(cast):
    problem, other = reach(cast, State.RECTIFYING), reach(cast, State.RECTIFYING)
    mine, elsewhere = _uploaded(cast, problem, cast.town_liaison), _uploaded(cast, other, cast.town_liaison)
    for reason in ("", "错", "错" * 301):
        refused(attempt(problem, "withdraw_material", cast.town_liaison, material=mine.pk, reason=reason), "inputs", "撤回原因")
    for material in (elsewhere.pk, 0, -1, 10**30):
        refused(attempt(problem, "withdraw_material", cast.town_liaison, material=material, reason="传错了"), "inputs", "材料")
    take(problem, "withdraw_material", cast.town_liaison, material=mine.pk, reason="错" * 300)
    refused(attempt(problem, "withdraw_material", cast.town_liaison, material=mine.pk, reason="传错了"), "withdrawn", "已经撤回")


@pytest.mark.row("G1", "G6")
def test_once_applied_for_materials_stay(cast):
    problem = reach(cast, State.APPLIED)
    kept = Evidence.objects.filter(role="before").get()
    refused(attempt(problem, "withdraw_material", cast.town_liaison, material=kept.pk, reason="传错了"), "wrong_state")
