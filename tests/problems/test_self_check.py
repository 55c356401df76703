"""季度自查: who owes a return, both versions by the cut-off day, and the next quarter for what is late (D6, D10)."""

from datetime import date

import pytest

from acts import ok, refused
from huanze.base import clock
from huanze.evidence import services as evidence
from huanze.problems.models import Omission, Problem, SelfCheckReturn
from huanze.problems.services.self_check import preview_counted_in, receive_paper, submit_self_check
from huanze.problems.services.sweep import sweep

pytestmark = [pytest.mark.django_db, pytest.mark.row("D6")]

NEW_YEAR = date(2025, 1, 1)


@pytest.fixture(autouse=True)
def _opened(cast):
    run(NEW_YEAR, NEW_YEAR)


def run(first: date, last: date) -> None:
    for day in clock.days(first, last):
        with clock.at(clock.moment(day, 6)):
            sweep(on=day)


def of(unit) -> SelfCheckReturn:
    return SelfCheckReturn.objects.select_related("office__region", "organisation").get(organisation=unit, cutoff=date(2025, 3, 10))


def item(cast, **over):
    return {"title": "河道旁堆放建筑垃圾", "description": "约二十方建筑垃圾堆在河岸。", "region": cast.town.pk, "field": "水务"} | over


def hand_in(cast, day: date, items=None, **more):
    with clock.at(day):
        items = [item(cast)] if items is None else items
        return submit_self_check(return_id=of(cast.town_gov).pk, acting_user=cast.town_liaison, items=items, nil=not items, electronic=True, **more)


def paper(cast, day: date, *, written: date | None = None, by=None, scan=None):
    with clock.at(written or day):
        return receive_paper(return_id=of(cast.town_gov).pk, acting_user=by or cast.clerk, day=day, scan=scan)


def test_on_the_first_of_the_quarter_towns_park_and_departments_owe_a_return(cast):
    owed = {r.organisation for r in SelfCheckReturn.objects.filter(office=cast.office)}
    assert owed == {cast.town_gov, cast.neighbour_gov, cast.park_centre, cast.housing, cast.farming, cast.water}
    assert {r.cutoff for r in SelfCheckReturn.objects.all()} == {date(2025, 3, 10)}
    run(date(2025, 1, 2), date(2025, 4, 1))
    assert SelfCheckReturn.objects.filter(cutoff=date(2025, 6, 10)).count() == 6


@pytest.mark.parametrize(
    ("electronic", "stamped", "counted"),
    [
        (date(2025, 3, 10), date(2025, 3, 10), "2025Q1"),
        (date(2025, 3, 11), date(2025, 3, 10), "2025Q2"),
        (date(2025, 3, 10), date(2025, 3, 11), "2025Q2"),
        (date(2025, 3, 1), date(2025, 6, 10), "2025Q2"),
        (date(2025, 3, 1), date(2025, 6, 11), "2025Q3"),
    ],
)
def test_both_versions_by_the_cut_off_count_in_the_quarter_and_later_ones_in_the_next(cast, electronic, stamped, counted):
    first, second = sorted([(electronic, hand_in), (stamped, paper)], key=lambda x: x[0])
    assert not Problem.objects.exists()
    ok(first[1](cast, first[0]))
    assert not Problem.objects.exists(), "one version alone is not a return"
    row = ok(second[1](cast, second[0]))
    assert row.counted_in == counted
    problem = Problem.objects.get()
    assert (problem.counted_in, problem.way, problem.source, problem.title) == (counted, "self_check", "own_check", "河道旁堆放建筑垃圾")
    assert (problem.way_form["quarter"], problem.created_by) == (counted, cast.town_liaison)


@pytest.mark.parametrize(
    ("on", "counted", "in_time", "word"),
    [(date(2025, 3, 10), "2025Q1", True, "含当日"), (date(2025, 3, 11), "2025Q2", False, "下一季度"), (date(2025, 1, 2), "2025Q1", True, "2025Q1")],
)
def test_the_quarter_is_shown_before_submission(cast, on, counted, in_time, word):
    shown = ok(preview_counted_in(of(cast.town_gov), on))
    assert (shown.quarter, shown.in_time) == (counted, in_time)
    assert word in shown.sentence


@pytest.mark.row("D10")
def test_a_return_not_in_by_the_cut_off_is_an_omission_of_its_unit(cast):
    ok(hand_in(cast, date(2025, 3, 7), items=[]))
    ok(paper(cast, date(2025, 3, 10)))
    with clock.at(date(2025, 3, 9)):
        ok(submit_self_check(return_id=of(cast.housing).pk, acting_user=cast.lead_liaison, nil=True))
    run(date(2025, 1, 2), date(2025, 3, 10))
    assert not Omission.objects.exists()
    run(date(2025, 3, 11), date(2025, 3, 11))
    found = {o.organisation for o in Omission.objects.filter(kind="self_check", period="2025Q1", day=date(2025, 3, 11), clause="XQ-6/2")}
    assert found == {cast.neighbour_gov, cast.park_centre, cast.housing, cast.farming, cast.water}, "electronic alone does not do"
    with clock.at(date(2025, 3, 14)):
        ok(receive_paper(return_id=of(cast.housing).pk, acting_user=cast.clerk, day=date(2025, 3, 13)))
    assert Omission.objects.get(organisation=cast.housing).made_good_on == date(2025, 3, 13)


@pytest.mark.row("D10")
def test_a_late_sweep_finds_the_same_omission(cast):
    ok(hand_in(cast, date(2025, 3, 12)))
    ok(paper(cast, date(2025, 3, 13)))
    with clock.at(date(2025, 3, 20)):
        sweep(on=date(2025, 3, 20))
    omission = Omission.objects.get(organisation=cast.town_gov)
    assert (omission.day, omission.made_good_on) == (date(2025, 3, 11), date(2025, 3, 13))


@pytest.mark.row("D10")
def test_paper_that_came_in_time_and_was_written_down_late_is_no_omission(cast):
    ok(hand_in(cast, date(2025, 3, 10)))
    run(date(2025, 1, 2), date(2025, 3, 12))
    assert Omission.objects.filter(organisation=cast.town_gov).exists()
    row = ok(paper(cast, date(2025, 3, 10), written=date(2025, 3, 12)))
    assert row.counted_in == "2025Q1"
    assert not Omission.objects.filter(organisation=cast.town_gov).exists()


def test_finding_nothing_is_said_and_not_left_out(cast):
    with clock.at(date(2025, 3, 1)):
        refused(submit_self_check(return_id=of(cast.town_gov).pk, acting_user=cast.town_liaison), "inputs", "零报告")
        both = {"items": [item(cast)], "nil": True}
        refused(submit_self_check(return_id=of(cast.town_gov).pk, acting_user=cast.town_liaison, **both), "inputs", "零报告")
    assert ok(hand_in(cast, date(2025, 3, 1), items=[])).nil


def test_a_bad_item_is_named_when_it_is_handed_in(cast):
    answer = refused(hand_in(cast, date(2025, 3, 1), items=[item(cast), item(cast, title="")]), "inputs", "第2项")
    assert list(answer.fields) == ["items.1.title"]
    assert of(cast.town_gov).submitted_on is None


def test_the_scan_of_the_stamped_paper_goes_with_the_problem(cast):
    with clock.at(date(2025, 3, 3)):
        scan = ok(evidence.store(stream=b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n", name="盖章件.pdf", acting_user=cast.clerk))
    ok(hand_in(cast, date(2025, 3, 2)))
    ok(paper(cast, date(2025, 3, 3), scan=scan))
    assert Problem.objects.get().way_form["stamped"] == ["盖章件.pdf"]


@pytest.mark.parametrize("who", ["neighbour_liaison", "clerk", "lead_liaison", "audit_admin"])
def test_nobody_hands_in_for_another_unit(cast, who):
    with clock.at(date(2025, 3, 1)):
        refused(submit_self_check(return_id=of(cast.town_gov).pk, acting_user=getattr(cast, who), nil=True), "wrong_actor")


@pytest.mark.parametrize("who", ["town_liaison", "other_clerk", "leader", "system_admin"])
def test_only_the_office_receives_the_paper(cast, who):
    refused(paper(cast, date(2025, 3, 3), by=getattr(cast, who)), "wrong_actor", "整改办")


@pytest.mark.parametrize(("day", "ok_"), [(date(2024, 12, 31), False), (date(2025, 1, 1), True), (date(2025, 3, 4), True), (date(2025, 3, 5), False)])
def test_the_day_of_the_paper_lies_in_the_quarter_and_not_ahead(cast, day, ok_):
    answer = paper(cast, day, written=date(2025, 3, 4))
    assert bool(answer) is ok_


def test_a_complete_return_is_not_changed_any_more(cast):
    ok(hand_in(cast, date(2025, 3, 1)))
    ok(paper(cast, date(2025, 3, 3)))
    refused(hand_in(cast, date(2025, 3, 5)), "already", "2025Q1")
    refused(paper(cast, date(2025, 3, 5)), "already")
    assert Problem.objects.count() == 1
