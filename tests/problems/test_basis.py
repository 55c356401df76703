"""Which item makes which unit responsible for a problem, and why; said by a person, taken back with a reason (A6, E3)."""

from __future__ import annotations

from datetime import date

import pytest

from acts import DAY, ok, reach, refused, register
from cast import Cast
from duties_leading import adopt, jx, means, opinion
from huanze.audit.models import Entry
from huanze.base import clock
from huanze.duties.services import deciding
from huanze.problems.models import DutyBasis, Problem
from huanze.problems.selectors.basis import panel
from huanze.problems.services import basis
from huanze.rules.lifecycle import State

pytestmark = [pytest.mark.django_db, pytest.mark.row("A6", "E3")]
BLACK = {"title": "东河黑臭水体", "description": "城里东河又黑又臭，沿岸居民反映强烈。"}
KEY = "pack:JX-A/6/5"


@pytest.fixture(autouse=True)
def _today():
    with clock.at(DAY):
        yield


@pytest.fixture
def problem(cast: Cast) -> Problem:
    """A black stream, assigned to the town, housing and farming accepting, in a province under the annex of 84 items."""
    adopt(cast, "jx", cast.province)
    means(cast, "省住房城乡建设厅", cast.housing)
    return reach(cast, State.ASSIGNED, **BLACK)


def chosen(cast: Cast, problem: Problem, **over) -> DutyBasis:
    return ok(basis.choose(**({"problem": problem, "key": KEY, "why": "trade", "acting_user": cast.clerk} | over)))


def test_the_desk_suggests_and_stores_nothing(cast: Cast, problem: Problem) -> None:
    shown = panel(problem, cast.clerk)
    best = shown.suggestions[0]
    assert (best.key, best.unit, best.clause, best.relation) == (KEY, cast.housing, "JX-A/6/5", "joint_lead")
    assert "黑臭水体" in best.words
    assert not shown.nobody and shown.may_say
    assert not DutyBasis.objects.exists()


def test_a_unit_without_an_item_is_an_open_point(cast: Cast, problem: Problem) -> None:
    assert set(panel(problem, cast.clerk).open_units) == {cast.town_gov, cast.housing, cast.farming}
    chosen(cast, problem)
    assert set(panel(problem, cast.clerk).open_units) == {cast.town_gov, cast.farming}


def test_the_office_says_which_item_makes_which_unit_responsible_and_why(cast: Cast, problem: Problem) -> None:
    row = chosen(cast, problem)
    assert (row.organisation, row.clause, row.relation, row.why, row.said_by, row.said_on) == (
        cast.housing, "JX-A/6/5", "joint_lead", "trade", cast.clerk, DAY,
    )  # fmt: skip
    assert row.text == "与省生态环境厅共同牵头黑臭水体整治"
    assert [b.pk for b in panel(problem, cast.town_head).chosen] == [row.pk]
    assert not panel(problem, cast.clerk).suggestions
    assert Entry.objects.latest("seq").action == "basis.choose"


def test_a_unit_that_takes_part_may_say_it_too_and_nobody_else(cast: Cast, problem: Problem) -> None:
    chosen(cast, problem, acting_user=cast.lead_liaison)
    for user in (cast.neighbour_head, cast.water_head, cast.mayor, cast.discipline_officer, cast.other_clerk, cast.system_admin):
        answer = basis.choose(problem=problem, key="pack:JX-A/6/2", why="trade", acting_user=user)
        refused(answer, "wrong_actor", "整改办")
        assert not panel(problem, user).may_say
    assert DutyBasis.objects.count() == 1


def test_an_item_is_chosen_once_for_a_problem(cast: Cast, problem: Problem) -> None:
    chosen(cast, problem)
    refused(basis.choose(problem=problem, key=KEY, why="trade", acting_user=cast.clerk), "already")


@pytest.mark.parametrize(
    ("over", "code", "field"),
    [({"why": ""}, "inputs", "why"), ({"why": "other"}, "inputs", "note"), ({"note": "长" * 301}, "inputs", "note"), ({"key": "pack:没有"}, "gone", "key")],
)
def test_a_reason_is_needed_and_the_item_must_be_there(cast: Cast, problem: Problem, over: dict, code: str, field: str) -> None:
    given = {"problem": problem, "key": KEY, "why": "trade", "acting_user": cast.clerk} | over
    assert field in refused(basis.choose(**given), code).fields


def test_a_department_that_nobody_in_the_place_answers_to_must_be_named_first(cast: Cast, problem: Problem) -> None:
    answer = basis.choose(problem=problem, key="pack:JX-A/10/1", why="trade", acting_user=cast.clerk)
    refused(answer, "unplaced", "省商务厅", "文件用语")


def test_what_is_taken_back_stays_with_the_reason(cast: Cast, problem: Problem) -> None:
    row = chosen(cast, problem)
    refused(basis.withdraw(basis=row, why="看错了", acting_user=cast.neighbour_head), "wrong_actor")
    assert "why" in refused(basis.withdraw(basis=row, why=" ", acting_user=cast.clerk), "inputs").fields
    with clock.at(date(2025, 4, 3)):
        back = ok(basis.withdraw(basis=row, why="应为第2项", acting_user=cast.town_liaison))
        refused(basis.withdraw(basis=row, why="再来", acting_user=cast.clerk), "already")
    assert (back.withdrawn_on, back.withdrawn_by, back.withdrawn_why) == (date(2025, 4, 3), cast.town_liaison, "应为第2项")
    shown = panel(problem, cast.clerk)
    assert (list(shown.chosen), [r.pk for r in shown.withdrawn]) == ([], [row.pk])
    assert chosen(cast, problem).pk != row.pk


def test_a_decision_can_be_the_reason(cast: Cast) -> None:
    jx(cast, cast.province)
    row = opinion(cast)
    said = {"determination": row, "lead": cast.housing, "basis": "青政〔2025〕5号", "reason": "属于建筑垃圾。"}
    ok(deciding.decide(acting_user=cast.secretary, **said))
    ok(deciding.decide(acting_user=cast.mayor, **said))
    problem = register(cast, title="外墙保温材料废料乱堆", description="房屋外墙保温材料废料无人收集处理，堆在村口。")
    best = panel(problem, cast.clerk).suggestions[0]
    assert (best.key, best.unit) == (f"decision:{row.pk}", cast.housing)
    made = ok(basis.choose(problem=problem, key=best.key, why="trade", acting_user=cast.clerk))
    assert (made.determination, made.clause, made.source) == (row, row.number, "牵头部门决定 青政〔2025〕5号")


def test_where_nobody_leads_that_is_said(cast: Cast) -> None:
    adopt(cast, "jx", cast.province)
    problem = register(cast, title="身份证丢失", description="补办身份证排队太久。")
    shown = panel(problem, cast.clerk)
    assert shown.nobody and not shown.suggestions


def test_the_panel_costs_the_same_however_many_items(cast: Cast, problem: Problem, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(16):
        panel(problem, cast.clerk)
    chosen(cast, problem)
    with django_assert_max_num_queries(5):
        panel(problem, cast.clerk)
