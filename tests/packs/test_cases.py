"""Every policy case of every shipped pack, as a test of its own."""

from __future__ import annotations

import pytest

from huanze.rules.packs import cases, loader

SENTENCES = [
    pytest.param(code, case, id=f"{code}-{case.name}", marks=[pytest.mark.row(*case.rows)] if case.rows else [])
    for code in loader.shipped_codes()
    for case in cases.read(loader.FOLDER / code / "cases")
]


@pytest.mark.parametrize(("code", "case"), SENTENCES)
def test_the_sentence_comes_true(code: str, case: cases.Case) -> None:
    assert cases.run(loader.shipped_pack(code), case) == []


def test_there_are_enough_sentences() -> None:
    told = [p.values[0] for p in SENTENCES]
    assert told.count("xq") >= 25
    assert told.count("zb") >= 6


def test_a_wrong_expectation_is_told_in_words() -> None:
    code, case = next(p.values for p in SENTENCES if p.values[1].name.startswith("四月十五日收到"))
    wrong = case.model_copy(update={"expect": {"due": "2025-04-29"}})
    assert cases.run(loader.shipped_pack(code), wrong) == ["due应为2025-04-29，实为2025-04-28"]


def test_a_case_that_cites_no_clause_of_the_pack_fails() -> None:
    code, case = next(p.values for p in SENTENCES)
    assert "没有列入 clauses" in cases.run(loader.shipped_pack(code), case.model_copy(update={"clause": "XQ-99"}))[0]


def test_missing_facts_are_told_without_a_traceback() -> None:
    case = cases.Case(name="缺事实", day="2025-01-01", kind="due", expect={"due": "2025-01-02"}, clause="XQ-16")
    assert cases.run(loader.shipped_pack("xq"), case)[0].startswith("缺少或写错了事实")
