"""The table, proved: every machine a pack can ask for, every cell of state × step × hat."""

from datetime import date
from itertools import chain, combinations

import pytest

from huanze.rules.lifecycle import (
    ACCEPTANCE_AND_SIGNATURE,
    AWAITED,
    FINAL,
    HAT_LABELS,
    OPEN,
    REQUIREMENTS,
    STATE_LABELS,
    TABLE,
    Facts,
    Hat,
    Machine,
    Stage,
    State,
    Transition,
    decide,
    machine,
    missing,
    offers,
)
from huanze.rules.packs import loader
from huanze.rules.verdicts import Refusal

DAY = date(2025, 5, 6)
READY = Facts(today=DAY, dissent_answered=True, override_given=True, publicity_ends=date(2025, 5, 5))
EVERY_MACHINE = [machine(s) for s in chain.from_iterable(combinations(Stage, n) for n in range(len(Stage) + 1))]
"""All sets of optional stages. Packs switch stages and name clauses, nothing else: see the last test."""
NAMES = sorted({t.name for t in TABLE})

each_machine = pytest.mark.parametrize("m", EVERY_MACHINE, ids=lambda m: "+".join(sorted(m.stages)) or "plain")


def can_reach(m: Machine, start: State) -> set[State]:
    seen, todo = {start}, [start]
    while todo:
        for t in m.rows_from(todo.pop()):
            if t.target and t.target not in seen:
                seen.add(t.target)
                todo.append(t.target)
    return seen


@pytest.mark.row("G6")
@each_machine
def test_no_state_is_a_dead_end(m):
    for state in m.states() - FINAL:
        assert State.CLOSED in can_reach(m, state), state


@pytest.mark.row("G6", "G2")
@each_machine
@pytest.mark.parametrize("left_out", ACCEPTANCE_AND_SIGNATURE)
def test_nothing_is_signed_off_without_acceptance_and_both_signatures(m, left_out):
    without = Machine(m.stages, tuple(t for t in m.rows if t.name != left_out))
    assert State.CLOSED in m.states()
    assert State.CLOSED not in without.states()


@pytest.mark.row("G6")
@each_machine
def test_the_only_door_to_closing_is_filing(m):
    assert {t.name for t in m.rows if t.target is State.CLOSED} == {"file"}


@pytest.mark.row("E11", "G6")
@each_machine
def test_after_closing_only_looking_back_and_a_new_problem_remain(m):
    rows = m.rows_from(State.CLOSED)
    assert all(t.target is None for t in rows)
    assert {t.name for t in rows} == {"look_back", "rebound", "spot_check"}
    assert not m.rows_from(State.MERGED) and not m.rows_from(State.NOT_LISTED)


@each_machine
def test_one_row_for_a_name_in_a_state(m):
    for state in State:
        names = [t.name for t in m.rows_from(state)]
        assert len(names) == len(set(names)), state


@pytest.mark.row("G3")
@pytest.mark.parametrize("left_out", ["upper_pass", "confirm"])
def test_where_the_upper_level_accepts_its_result_is_needed_after_the_districts_own(left_out):
    m = machine({Stage.UPPER_ACCEPTANCE})
    assert State.CLOSED not in Machine(m.stages, tuple(t for t in m.rows if t.name != left_out)).states()


@pytest.mark.parametrize("left_out", ["self_accept", "close_publicity"])
def test_optional_stages_cannot_be_skipped_once_on(left_out):
    m = machine({Stage.SELF_ACCEPTANCE, Stage.PUBLICITY})
    assert State.CLOSED not in Machine(m.stages, tuple(t for t in m.rows if t.name != left_out)).states()


@pytest.mark.parametrize("state", [State.SELF_ACCEPTED, State.UPPER_ACCEPTANCE, State.PUBLICITY])
def test_optional_states_are_not_there_when_off(state):
    assert state not in machine().states()


@pytest.mark.row("J6", "G6")
@each_machine
@pytest.mark.parametrize("name", NAMES)
def test_every_illegal_cell_refuses(m, name):
    for state in State:
        row = m.row(state, name)
        for hat in Hat:
            answer = decide(m, state, name, {hat}, READY_FOR.get(name, READY))
            if row is not None and hat in row.actors:
                assert answer is row, (state, hat, answer)
            else:
                assert isinstance(answer, Refusal) and answer.reason, (state, hat)
                assert answer.code == ("wrong_state" if row is None else "wrong_actor")


READY_FOR = {
    "withdraw_change": Facts(today=DAY, change_open=True),
    "approve_change": Facts(today=DAY, change_open=True, lowered=("时限推迟",), override_given=True),
    "refuse_change": Facts(today=DAY, change_open=True),
    "register_objection": Facts(today=DAY, publicity_open=True),
    "answer_objection": Facts(today=DAY, objections_open=1),
    "uphold_objection": Facts(today=DAY, objections_open=1),
}

LACKING: dict[str, Facts] = {
    "plan_complete": Facts(today=DAY, plan_gaps=("目标任务",)),
    "pack_complete": Facts(today=DAY, pack_gaps=("整改后图片",)),
    "pictures_explained": Facts(today=DAY, picture_doubts=("两张照片是同一个文件。",)),
    "no_open_change": Facts(today=DAY, change_open=True),
    "open_change": Facts(today=DAY),
    "not_lowered": Facts(today=DAY, lowered=("完成时限推迟",)),
    "views_complete": Facts(today=DAY, views_missing=("甲局",)),
    "dissent_answered": Facts(today=DAY, adverse_views=("乙局",)),
    "not_own": Facts(today=DAY, own_submission=True),
    "publicity_not_open": Facts(today=DAY, publicity_open=True),
    "publicity_open": Facts(today=DAY),
    "publicity_over": Facts(today=DAY, publicity_ends=DAY),
    "objections_answered": Facts(today=DAY, objections_open=1),
    "objection_open": Facts(today=DAY),
}


def test_every_requirement_has_a_lacking_case():
    assert set(LACKING) == set(REQUIREMENTS)
    assert {need for t in TABLE for need in t.requires} == set(REQUIREMENTS)


@pytest.mark.parametrize("row", [t for t in TABLE if t.requires], ids=lambda t: t.name)
def test_each_requirement_alone_stops_its_row_and_says_why(row: Transition):
    for need in row.requires:
        said = missing(row, LACKING[need])
        assert REQUIREMENTS[need].missing(LACKING[need]) in said and all(said)


@pytest.mark.row("G5")
def test_publicity_ends_the_day_after_its_last_day():
    last = date(2025, 5, 16)
    over = REQUIREMENTS["publicity_over"]
    assert over.missing(Facts(today=last, publicity_ends=last))
    assert not over.missing(Facts(today=date(2025, 5, 17), publicity_ends=last))


@pytest.mark.row("E5")
def test_a_lowered_standard_needs_the_deciding_bodys_reason():
    m = machine()
    open_change = Facts(today=DAY, change_open=True, lowered=("完成时限由2025-06-30推迟至2025-09-30",))
    refused = decide(m, State.RECTIFYING, "approve_change", {Hat.APPROVER}, open_change)
    assert isinstance(refused, Refusal) and "2025-09-30" in refused.reason
    named = Facts(today=DAY, change_open=True, lowered=open_change.lowered, override_given=True)
    assert isinstance(decide(m, State.RECTIFYING, "approve_change", {Hat.APPROVER}, named), Transition)


def test_a_closed_button_says_why_and_an_open_one_says_nothing():
    shown = {o.transition.name: o for o in offers(machine(), State.RECTIFYING, {Hat.MAIN_HEAD}, LACKING["pack_complete"])}
    assert not shown["apply"].open and "整改后图片" in shown["apply"].reasons[0]
    assert shown["request_extension"].open
    assert "approve_change" not in shown


def test_every_open_state_awaits_somebody_who_can_move_it():
    assert set(AWAITED) == set(OPEN)
    for m in EVERY_MACHINE:
        for state in m.states() - FINAL:
            assert any(t.target and t.actors & AWAITED[state] for t in m.rows_from(state)), state


def test_every_state_and_hat_has_its_chinese_term():
    assert set(STATE_LABELS) == set(State) and set(HAT_LABELS) == set(Hat)


@pytest.mark.row("G6")
@pytest.mark.parametrize("code", loader.shipped_codes())
def test_every_packs_machines_are_among_those_proved(code):
    life = loader.shipped_pack(code).lifecycle
    own = {Stage(s) for s in life.stages}
    for stages in (own, own | {Stage.UPPER_ACCEPTANCE}):
        made = machine(stages, life.clauses)
        assert any(m.stages == made.stages and m.rows == made.rows for m in EVERY_MACHINE)
        assert {made.clause(t) for t in made.rows} <= {t.clause for t in TABLE} | set(life.clauses.values())
    assert set(life.clauses) <= set(NAMES)
