"""The ledger: filters, keyset pages, counts with a cap, the lists of the home page and the overview."""

from datetime import date

import pytest
from django.http import QueryDict

from acts import DAY, attempt, plan, reach, register, take
from huanze.base import clock
from huanze.problems import selectors
from huanze.problems.models import Problem, Watch
from huanze.problems.selectors import LedgerFilter, bounded
from huanze.problems.selectors.bounded import Count
from huanze.problems.services.sweep import sweep
from huanze.rules.lifecycle import State
from huanze.rules.verdicts import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.row("J4")]


@pytest.fixture(autouse=True)
def _first_of_april():
    with clock.at(DAY):
        yield


@pytest.fixture
def many(cast):
    """Twelve problems whose deadlines lie two a day, so that pages break inside a day."""
    made = [register(cast, title=f"第{n:02d}号沟渠污水直排") for n in range(12)]
    for n, p in enumerate(made):
        Problem.objects.filter(pk=p.pk).update(deadline=date(2025, 6, 1 + n // 2), sort_day=date(2025, 6, 1 + n // 2))
    return made


def titles(page):
    return [p.title[1:3] for p in page.rows]


def asked(**conditions):
    return LedgerFilter.from_query(conditions)


def test_pages_follow_one_another_both_ways_and_miss_nobody(cast, many):
    first = selectors.ledger_page(cast.clerk, asked(), size=5)
    second = selectors.ledger_page(cast.clerk, asked(), after=first.next, size=5)
    third = selectors.ledger_page(cast.clerk, asked(), after=second.next, size=5)
    assert [titles(p) for p in (first, second, third)] == [["00", "01", "02", "03", "04"], ["05", "06", "07", "08", "09"], ["10", "11"]]
    assert (first.previous, third.next) == (None, None)
    back = selectors.ledger_page(cast.clerk, asked(), after=third.previous, size=5)
    assert titles(back) == titles(second)
    assert selectors.ledger_page(cast.clerk, asked(), after=back.previous, size=5).previous is None


@pytest.mark.parametrize("cursor", ["n", "x2025-06-01.1", "n2025-13-01.1", "n2025-06-01.", "n2025-06-01.1e9", "n2025-06-01.-1", "；drop"])
def test_a_cursor_that_was_tampered_with_is_refused_in_words(cast, cursor):
    answer = selectors.ledger_page(cast.clerk, asked(), after=cursor)
    assert isinstance(answer, Refusal) and "第一页" in answer.reason


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"source": "own_check"}, 12), ({"source": "city_film"}, 0), ({"level": "county"}, 12), ({"level": "city"}, 0),
        ({"due_from": "2025-06-06"}, 2), ({"due_to": "2025-06-01"}, 2), ({"due_from": "2025-06-02", "due_to": "2025-06-03"}, 4),
        ({"states": ["registered"]}, 12), ({"states": ["closed"]}, 0), ({"group": "closed"}, 0), ({"group": "all"}, 12),
        ({"group": "closed", "states": ["registered"]}, 0), ({"light": "red"}, 0), ({"text": "沟渠"}, 12), ({"text": "第07号"}, 1), ({"text": "矿山"}, 0),
        ({"text": "990102-2025-0003"}, 1),
    ],
)  # fmt: skip
def test_each_condition_narrows_and_the_count_agrees(cast, many, conditions, found):
    wanted = asked(**conditions)
    assert len(selectors.ledger_page(cast.clerk, wanted).rows) == found
    assert selectors.ledger_counts(cast.clerk, wanted).total == Count(found)


def test_region_unit_watched_and_mine(cast):
    here, there = reach(cast, State.ASSIGNED), register(cast, region=cast.neighbour_town.pk)
    Watch.objects.create(user=cast.clerk, problem=there)

    def found(user, **conditions):
        return [p.pk for p in selectors.ledger_page(user, asked(**conditions)).rows]

    assert found(cast.clerk, region=str(cast.town.pk)) == [here.pk]
    assert set(found(cast.clerk, region=str(cast.district.pk))) == {here.pk, there.pk}
    assert found(cast.clerk, unit=str(cast.housing.pk)) == [here.pk] == found(cast.clerk, unit=str(cast.town_gov.pk))
    assert found(cast.clerk, unit=str(cast.office.pk)) == []
    assert found(cast.clerk, watched="1") == [there.pk]
    assert found(cast.town_liaison, mine="1") == [here.pk] and found(cast.lead_liaison, mine="1") == []


def test_closed_ones_are_shown_only_when_asked_for(cast):
    closed = reach(cast, State.CLOSED)
    assert selectors.ledger_page(cast.clerk, asked()).rows == ()
    assert [p.pk for p in selectors.ledger_page(cast.clerk, asked(group="closed")).rows] == [closed.pk]


def test_what_is_near_is_near_by_thirty_days(cast):
    problem = reach(cast, State.RECTIFYING)
    with clock.at(date(2025, 5, 30)):
        assert selectors.ledger_page(cast.clerk, asked(near="1")).rows == ()
    with clock.at(date(2025, 5, 31)):
        assert [p.pk for p in selectors.ledger_page(cast.clerk, asked(near="1")).rows] == [problem.pk]


def test_near_means_what_the_place_decided(cast):
    """青禾区 sets its own 10 days: 19 June is too early for 30 June, 20 June is near (XQ-13/1 leaves the number open)."""
    problem = reach(cast, State.RECTIFYING)
    cast.adoption.settings = {"near_days": 10}
    cast.adoption.save()
    for day, found in ((date(2025, 6, 19), []), (date(2025, 6, 20), [problem.pk])):
        with clock.at(day):
            assert [p.pk for p in selectors.ledger_page(cast.clerk, asked(near="1")).rows] == found
            assert [p.pk for p in selectors.home_lists(cast.clerk).near] == found


@pytest.mark.parametrize(
    ("query", "field"),
    [("region=x", "region"), ("light=blue", "light"), ("states=nowhere", "states"), ("due_from=昨天", "due_from"), ("due_from=2025-06-02&due_to=2025-06-01", "due_to")],
)
def test_a_bad_condition_is_told_by_name(query, field):
    answer = LedgerFilter.from_query(QueryDict(query))
    assert isinstance(answer, Refusal) and field in answer.fields and "请改正" in answer.reason


def test_a_filter_goes_into_a_link_and_back():
    wanted = asked(text="黑臭 水体", states=["closed", "registered"], group="all", due_from="2025-01-01", mine="1")
    assert LedgerFilter.from_query(QueryDict(wanted.to_query())) == wanted
    assert asked().to_query() == ""


def test_a_page_costs_the_same_few_queries_however_many_rows(cast, many, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        selectors.ledger_page(cast.clerk, asked())
    with django_assert_max_num_queries(5):
        selectors.ledger_page(cast.town_liaison, asked(text="沟渠"))


def test_a_cap_is_said(cast, many):

    rows = selectors.visible(cast.clerk)
    assert [str(c) for c in bounded.counts([[rows]], cap=11)] == ["11+"]
    assert [str(c) for c in bounded.counts([[rows]], cap=12)] == ["12"]


TURN = {
    State.REGISTERED: "clerk", State.ASSIGNED: "town_liaison", State.PLANNING: "town_liaison", State.PLAN_REVIEW: "approver",
    State.RECTIFYING: "town_liaison", State.APPLIED: "lead_liaison", State.ACCEPTING: "second_liaison", State.SIGNING: "lead_head",
    State.CONFIRMING: "leader", State.FILING: "clerk",
}  # fmt: skip


@pytest.mark.parametrize("state", TURN)
def test_a_problem_is_on_the_list_of_whoever_has_the_move(cast, state):
    problem = reach(cast, state)
    people = {"clerk", "town_liaison", "lead_liaison", "second_liaison", "lead_head", "leader", "approver", "neighbour_liaison", "audit_admin"}
    having = {who for who in people if any(t.problem.pk == problem.pk for t in selectors.home_lists(getattr(cast, who)).todo)}
    extra = {State.ACCEPTING: {"lead_liaison"}, State.APPLIED: {"lead_head"}}.get(state, set())
    assert having == {TURN[state]} | extra


def test_an_acceptor_who_has_spoken_has_nothing_left_to_do(cast):
    problem = reach(cast, State.ACCEPTING)
    take(problem, "record_view", cast.second_liaison, verdict="pass", opinion="到位")
    assert selectors.home_lists(cast.second_liaison).todo == []


def test_a_request_for_change_is_on_the_deciding_bodys_list(cast):
    problem = reach(cast, State.RECTIFYING)
    take(problem, "request_extension", cast.town_head, reason="施工受阻", deadline="2025-08-01")
    assert [t.why for t in selectors.home_lists(cast.approver).todo] == ["有调整申请待审定"]


def test_what_one_did_is_kept_and_what_was_refused_is_not(cast):
    problem = reach(cast, State.ASSIGNED)
    attempt(problem, "assign", cast.clerk)
    assert [d.step for d in selectors.home_lists(cast.clerk).done] == ["交办", "登记"]


def test_the_overview_adds_up(cast):
    running, applied = reach(cast, State.RECTIFYING), reach(cast, State.APPLIED)
    reach(cast, State.CLOSED)
    with clock.at(date(2025, 6, 10)):
        sweep(on=date(2025, 6, 10))
        seen = selectors.overview(cast.clerk, date(2025, 6, 10), 30)
        assert (seen.open, seen.closed_this_year) == (2, 1)
        assert sum(seen.lights.values()) == 2 == sum(seen.standing.values())
        assert seen.standing == {"ahead": 1, "on": 0, "behind": 1}
        assert [(g.label, sum(g.lights.values())) for g in seen.by_unit] == [("禾丰镇", 2)]
        assert [(g.key, sum(g.lights.values())) for g in seen.by_source] == [("own_check", 2)]
        assert [p.pk for p in seen.stale] == [applied.pk] and seen.stale_count == 1
        assert {m.label: dict(m.counts) for m in seen.omissions}["住建局"]["acceptance"] == 1
        nothing = selectors.overview(cast.neighbour_liaison, date(2025, 6, 10), 30)
    assert (nothing.open, nothing.by_unit, nothing.stale_count) == (0, [], 0)
    assert running.state == "rectifying"


@pytest.mark.row("E7")
@pytest.mark.parametrize(("percent", "where"), [(33, "behind"), (34, "on"), (52, "on"), (53, "ahead")])
def test_progress_against_time_is_counted_by_the_rule_itself(cast, percent, where):
    """From 1 April to 30 June are 90 days; on 10 May 39 are gone, 43 percent; the margin is 10 points."""
    problem = reach(cast, State.RECTIFYING)
    with clock.at(date(2025, 5, 10)):
        take(problem, "report_progress", cast.town_liaison, percent=percent, text="进展")
        seen = selectors.overview(cast.clerk, date(2025, 5, 10), 30)
    assert [k for k, n in seen.standing.items() if n] == [where]


@pytest.mark.row("E6", "E7")
def test_a_long_term_task_is_measured_stage_by_stage(cast):
    """Two stages share the work: half is due on 30 April although two thirds of the time are left."""


    problem = reach(cast, State.PLANNING)
    stages = [{"text": "完成一期", "due": "2025-04-30"}, {"text": "完成二期", "due": "2025-06-30"}]
    take(problem, "save_plan", cast.town_liaison, **plan(kind="long_term", steps=[], stages=stages))
    take(problem, "submit_plan", cast.town_head)
    take(problem, "approve_plan", cast.approver, document="青整改〔2025〕3号")
    with clock.at(date(2025, 4, 30)):
        take(problem, "report_progress", cast.town_liaison, percent=40, text="进展")
        assert selectors.overview(cast.clerk, date(2025, 4, 30), 30).standing == {"behind": 1, "on": 0, "ahead": 0}
        take(problem, "report_progress", cast.town_liaison, percent=41, text="进展")
        assert selectors.overview(cast.clerk, date(2025, 4, 30), 30).standing["on"] == 1


def test_everything_that_happened_is_on_one_timeline(cast):
    problem = reach(cast, State.CLOSED)
    shown = selectors.timeline(problem)
    names = [e.title for e in shown if e.kind == "step"][::-1]
    assert names[0] == "登记" and names[-1] == "销号备案" and "验收合格" in names
    assert all(e.clause for e in shown if e.kind == "step")
