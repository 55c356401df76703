"""The closed grammar: what it takes, what it refuses, and how it explains itself."""

from __future__ import annotations

import pytest

from huanze.rules import conditions
from huanze.rules.conditions import FACTS, OPS, dump, holds, parse, true

NEAR = {"fact": "days_to_deadline", "op": "<=", "value": {"setting": "near_days"}}
RISK = {"fact": "uncertain", "op": "==", "value": True}
SETTINGS = {"near_days": 30}


@pytest.mark.row("F1")
@pytest.mark.parametrize(("left", "answer", "told"), [
    (30, True, "距完成时限30天，不超过30天"),
    (31, False, "距完成时限31天，超过30天"),
    (-1, True, "距完成时限-1天，不超过30天"),
])  # fmt: skip
def test_a_comparison_explains_itself_with_its_numbers(left: int, answer: bool, told: str) -> None:
    verdict = holds(parse(NEAR), {"days_to_deadline": left}, SETTINGS, "XQ-13/1")
    assert (verdict.holds, verdict.because, verdict.clause) == (answer, (told,), "XQ-13/1")


def test_all_tells_what_failed_and_any_tells_what_held() -> None:
    both, either = parse({"all": [NEAR, RISK]}), parse({"any": [NEAR, RISK]})
    facts = {"days_to_deadline": 10, "uncertain": False}
    assert holds(both, facts, SETTINGS).because == ("没有报告不能如期完成的风险",)
    assert holds(either, facts, SETTINGS).because == ("距完成时限10天，不超过30天",)


def test_a_state_is_told_by_its_chinese_name() -> None:
    c = parse({"fact": "state", "op": "in", "value": ["rectifying", "applied"]})
    assert holds(c, {"state": "rectifying"}, {}).because == ("办理状态为整改中",)
    assert holds(c, {"state": "closed"}, {}).because == ("办理状态为销号备案，不属于整改中、申请验收",)


def test_a_fact_that_is_not_known_fails_its_comparison_and_says_so() -> None:
    assert holds(parse(NEAR), {}, SETTINGS).because == ("距完成时限尚无数据",)
    assert not true(parse(NEAR), {}, SETTINGS)


@pytest.mark.parametrize(("op", "value", "have", "answer"), [
    ("<=", 5, 5, True), ("<=", 5, 6, False), ("<", 5, 5, False), ("<", 5, 4, True), (">=", 5, 5, True), (">=", 5, 4, False),
    (">", 5, 5, False), (">", 5, 6, True), ("==", 5, 5, True), ("==", 5, 6, False), ("in", [5, 7], 7, True), ("in", [5, 7], 6, False),
])  # fmt: skip
def test_each_operator_on_both_sides_of_its_limit(op: str, value: object, have: int, answer: bool) -> None:
    c = parse({"fact": "percent", "op": op, "value": value})
    assert true(c, {"percent": have}, {}) is answer
    assert holds(c, {"percent": have}, {}).holds is answer
    assert true(parse({"not": dump(c)}), {"percent": have}, {}) is not answer


def test_steps_issued_are_compared_as_a_set() -> None:
    all_, any_ = (parse({"fact": "steps_issued", "op": op, "value": ["prompt", "warn"]}) for op in ("has_all", "has_any"))
    assert not true(all_, {"steps_issued": {"prompt"}}, {})
    assert true(any_, {"steps_issued": {"prompt"}}, {})
    assert true(all_, {"steps_issued": {"warn", "prompt"}}, {})


@pytest.mark.parametrize(("data", "told"), [
    ("days_to_deadline <= 15", "条件应写成"),
    ({"fact": "phase_of_moon", "op": "==", "value": 1}, "不认识的事实“phase_of_moon”"),
    ({"fact": "percent", "op": "~", "value": 1}, "不能用“~”比较"),
    ({"fact": "uncertain", "op": ">=", "value": True}, "不能用“>=”比较"),
    ({"fact": "percent", "op": ">=", "value": "10"}, "值类型不对"),
    ({"fact": "percent", "op": ">=", "value": True}, "值类型不对"),
    ({"fact": "uncertain", "op": "==", "value": 1}, "值类型不对"),
    ({"fact": "percent", "op": ">=", "value": [1]}, "单个值"),
    ({"fact": "state", "op": "in", "value": "applied"}, "一列值"),
    ({"fact": "percent", "op": ">=", "value": {"code": "1+1"}}, "{setting: 键}"),
    ({"fact": "percent", "op": ">="}, "不认识的写法"),
    ({"all": []}, "至少一项"),
    ({"all": [NEAR], "any": [RISK]}, "不认识的写法"),
    ({"all": [{"python": "import os"}]}, "不认识的写法"),
])  # fmt: skip
def test_anything_outside_the_grammar_is_refused_in_words(data: object, told: str) -> None:
    with pytest.raises(ValueError, match=r".") as e:
        parse(data)
    assert told in str(e.value)


def test_writing_down_and_reading_back_give_the_same() -> None:
    c = parse({"all": [NEAR, {"any": [RISK, {"not": RISK}]}, {"fact": "month", "op": "in", "value": [6, 12]}]})
    assert parse(dump(c)) == c
    assert conditions.settings_used(c) == {"near_days"}


def test_every_fact_has_a_chinese_name_and_operators() -> None:
    assert all(spec.label and OPS[spec.type] for spec in FACTS.values())
