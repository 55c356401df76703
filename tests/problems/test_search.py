"""Finding problems by words: pairs of characters, widths, numbers, and any text at all without an error."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acts import DAY, register
from huanze.base import clock
from huanze.problems import search, selectors
from huanze.problems.models import Problem
from huanze.problems.selectors import LedgerFilter
from huanze.problems.selectors.similar import similar

pytestmark = [pytest.mark.django_db, pytest.mark.row("J4")]

NOISE = st.text(  # whatever can come in a link: all but lone surrogates
    alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("\"'*():-^&|!<>\\%_ \x00ANDORNOT污水河桥０１２ＡＢ㎡"))
)


@pytest.fixture(autouse=True)
def _first_of_april():
    with clock.at(DAY):
        yield


def found(text):
    return set(search.matching(text).values_list("id", flat=True))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("污水直排", {"污", "水", "直", "排", "污水", "水直", "直排"}),
        ("ＰＭ２.５超标", {"pm2", "5", "超", "标", "超标"}),
        ("第3号 COD", {"第", "3", "号", "cod"}),
        ("桥", {"桥"}),
        ("！？…", set()),
    ],
)
def test_a_text_is_cut_into_characters_pairs_and_whole_latin_words(text, tokens):
    assert search.tokens(text) == tokens


def test_a_query_asks_for_pairs_and_for_a_character_that_stands_alone():
    assert search.query_tokens("污水直排 桥") == sorted(["污水", "水直", "直排", "桥"])
    assert search.query_tokens("……") == []


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("污水", True), ("东河污水", True), ("东河 直排", True), ("桥", True), ("二号桥", True), ("沿河三处", True), ("ＣＯＤ", True), ("cod", True),
        ("12", True), ("１２", True), ("1", False), ("co", False), ("水污", False), ("东河 矿山", False), ("", False), ("，。", False),
    ],
)  # fmt: skip
def test_title_description_and_place_are_found_by_what_is_in_them(cast, text, hit):
    problem = register(cast, description="沿河三处直排，COD 超标12倍。")
    assert found(text) == ({problem.pk} if hit else set())


def test_a_number_is_found_by_its_beginning_in_any_width_and_case(cast):
    made = [register(cast, title=f"第{n}号沟渠") for n in range(3)]
    everyone = {p.pk for p in made}
    assert {p.number for p in made} == {f"990102-2025-000{n}" for n in (1, 2, 3)}
    assert set(search.by_number("990102-2025-")) == everyone == set(search.by_number("９９０１０２-2025-000"))
    assert search.by_number("990102-2025-0002") == [made[1].pk]
    for text in ("990102", "0002", "990103-", "污水", "", "990102-2025-0002%"):
        assert search.by_number(text) == []


def test_what_begins_too_many_numbers_is_left_to_the_words(cast, monkeypatch):
    register(cast), register(cast)
    monkeypatch.setattr(search, "NUMBERS_AT_MOST", 1)
    assert search.by_number("990102-2025-") == []
    assert len(selectors.ledger_page(cast.clerk, LedgerFilter(text="990102-2025-")).rows) == 2


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=NOISE)
def test_no_text_is_an_error(cast, text):
    assert found(text) == set()
    assert search.by_number(text) == []
    asked = LedgerFilter.from_query({"text": text[:100]})
    assert selectors.ledger_page(cast.clerk, asked).rows == ()
    assert not selectors.ledger_counts(cast.clerk, asked).total
    assert similar(cast.clerk, text) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=NOISE.filter(lambda t: search.query_tokens(t) and search._runs(t[: search.LONGEST_QUERY]) == search._runs(t)))
def test_every_text_finds_the_problem_that_holds_it(cast, text):
    pk = (Problem.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    search.put([(pk, search.tokens(text))])
    assert pk in found(text)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE problems_search")
        else:
            cursor.execute("INSERT INTO problems_search (problems_search) VALUES ('delete-all')")


def test_rebuilding_finds_the_same(cast):
    made = {register(cast, title=f"第{n}号沟渠").pk for n in range(5)}
    assert search.rebuild(chunk=2) == 5
    assert found("沟渠") == made


def test_a_text_is_paged_newest_first_both_ways(cast):
    made = [register(cast, title=f"第{n}号沟渠").pk for n in range(5)]
    asked = LedgerFilter(text="沟渠")
    first = selectors.ledger_page(cast.clerk, asked, size=2)
    second = selectors.ledger_page(cast.clerk, asked, after=first.next, size=2)
    third = selectors.ledger_page(cast.clerk, asked, after=second.next, size=2)
    assert [[p.pk for p in page.rows] for page in (first, second, third)] == [[made[4], made[3]], [made[2], made[1]], [made[0]]]
    assert (first.previous, third.next) == (None, None)
    assert selectors.ledger_page(cast.clerk, asked, after=third.previous, size=2).rows == second.rows


def test_a_word_that_too_many_lines_hold_is_counted_so_far_and_says_so(cast, monkeypatch):
    from huanze.problems.selectors import bounded

    for n in range(4):
        register(cast, title=f"第{n}号沟渠")
    monkeypatch.setattr(bounded, "FEW", 3)
    assert str(selectors.ledger_counts(cast.clerk, LedgerFilter(text="沟渠")).total) == "3+"
