"""The calendar of duties tried with days off every calendar, odd words, and more rows than anyone reads."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from acts import ok, refused
from calendars import REPORT, STUDY, in_force, pack_of
from cast import Cast
from huanze.base import clock
from huanze.obligations import selectors
from huanze.obligations.ical import calendar as ical
from huanze.obligations.models import Occurrence
from huanze.obligations.services import complete, end, open_one, put_in_force, run_day
from pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.row("D10")]
TODAY = date(2025, 4, 1)


def many(cast: Cast, n: int, **over: Any) -> None:
    given = {"adoption": cast.adoption, "region": cast.district, "organisation": cast.town_gov, "duty": "d", "what": "事项", "kind": "event", "clause": "XQ-2"}
    Occurrence.objects.bulk_create(Occurrence(period=str(k), opens_on=TODAY, due=TODAY + timedelta(days=k % 30), **given | over) for k in range(n))


# ---- many rows


def test_lists_are_counted_no_further_than_anyone_reads(cast: Cast):
    many(cast, selectors.CAP)
    with clock.at(TODAY):
        for user in (cast.clerk, cast.town_liaison):
            assert str(selectors.counts(selectors.visible(user))["todo"]) == "500"
        many(cast, 1, duty="e")
        for user in (cast.clerk, cast.town_liaison):
            assert str(selectors.counts(selectors.visible(user))["todo"]) == "500+"
        assert not selectors.counts(selectors.visible(cast.neighbour_liaison))["todo"]
        assert "500+" in signed_in(cast.clerk).get("/due/list/").content.decode()
        assert signed_in(cast.clerk).get("/").status_code == 200


def test_a_list_costs_one_query_however_long_it_is(cast: Cast, django_assert_num_queries: Any):
    many(cast, 200)
    with clock.at(TODAY):
        seen = selectors.visible(cast.town_liaison)
        with django_assert_num_queries(1):
            assert len(selectors.page(seen, "todo").rows) == 50


# ---- days off every calendar


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1999, 12, 31)])
def test_rules_are_not_put_in_force_before_there_were_any(cast: Cast, day: date):
    cast.adoption.delete()
    with clock.at(TODAY):
        answer = put_in_force(region=cast.district, pack_version=pack_of(STUDY), from_day=day, settings={}, basis="x", acting_user=cast.approver)
    assert set(refused(answer, "too_early").fields) == {"from_day"}
    assert Occurrence.objects.count() == 0


def test_a_second_version_of_the_same_day_is_refused_and_leaves_the_calendar_alone(cast: Cast):
    in_force(cast, STUDY, on=TODAY)
    before = Occurrence.objects.count()
    with clock.at(TODAY):
        answer = put_in_force(
            region=cast.district, pack_version=pack_of(REPORT), from_day=TODAY, settings={}, basis="青禾〔2025〕7号", acting_user=cast.approver
        )
    refused(answer, "back_dated")
    assert Occurrence.objects.count() == before


def test_a_report_due_at_the_end_of_february_comes_in_every_year(cast: Cast):
    due = {**REPORT, "value": {"freq": "yearly", "due": "02-28"}}
    in_force(cast, due, on=date(2027, 3, 1))
    with clock.at(date(2027, 3, 1)):
        run_day(date(2027, 3, 1))
    assert set(Occurrence.objects.values_list("due", flat=True)) == {date(2028, 2, 28)}


# ---- what is over is over


def test_what_no_longer_applies_cannot_be_done_nor_ended_again(cast: Cast):
    in_force(cast, STUDY, on=TODAY)
    row = Occurrence.objects.order_by("due").first()
    with clock.at(TODAY):
        ok(end(occurrence=row, why="机构撤并", acting_user=cast.clerk))
        refused(complete(occurrence=row, note="办了", acting_user=cast.town_liaison), "wrong_state")
        refused(end(occurrence=row, why="再来", acting_user=cast.clerk), "wrong_state")


# ---- odd words in the calendar file


def test_no_word_of_a_duty_writes_a_line_of_its_own_into_the_calendar_file(cast: Cast):
    what = "甲\r\nBEGIN:VALARM\x0bX:1\x0c;\\,\x85乙\u2028丙"
    row = open_one(
        adoption=cast.adoption, organisation=cast.town_gov, duty="d", what=what, clause="XQ-2", subject_type="x", subject_id=1, due=TODAY, url="",
        acting_user=cast.clerk,
    )  # fmt: skip
    text = ical([row], name="青禾\r\nX-EVIL:1", now=timezone.now(), link=lambda path: path)
    lines = text.splitlines()
    assert text.split("\r\n")[:-1] == lines, "no other character ends a line"
    assert [line for line in lines if line.startswith(("X:", "X-EVIL", "BEGIN:VALARM"))] == ["BEGIN:VALARM"]


# ---- odd addresses


@pytest.mark.parametrize(
    "query",
    ["?state=", "?state=none", "?unit=-1", "?unit=999999999999999999999", "?on=0001-01-01", "?on=9999-12-31", "?after=9999-12-31.9", "?after=x.y",
     "?before=0001-01-01.0", "?duty=%00", "?duty=" + "x" * 3000, "?month=9999-99", "?unit=%F0%90%80", "?state=all&all=1"],
)  # fmt: skip
def test_an_odd_address_gives_a_page_or_says_there_is_none(cast: Cast, query: str):
    many(cast, 3)
    for path in ("/due/", "/due/list/"):
        with clock.at(TODAY):
            assert signed_in(cast.clerk).get(path + query).status_code in (200, 400, 404)
