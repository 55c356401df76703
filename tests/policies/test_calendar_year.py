"""A year's notice is loaded by the system administrator, and dates that were provisional become sure."""

from __future__ import annotations

from datetime import date

import pytest

from cast import Cast
from huanze.audit.models import Entry
from huanze.base import clock
from huanze.policies import selectors, services
from huanze.policies.models import CalendarYear
from huanze.rules.calendar import shipped_years
from huanze.rules.deadlines import Term, due
from huanze.rules.verdicts import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.row("J5")]

# An invented notice; no such document exists.
YEAR_2027 = """\
year: 2027
notices:
  - title: 关于2027年部分节假日安排的通知（虚拟）
    number: 虚拟发〔2026〕1号
    date: 2026-11-05
holidays:
  元旦: [2027-01-01, 2027-01-02, 2027-01-03]
  春节: [2027-02-05, 2027-02-06, 2027-02-07, 2027-02-08, 2027-02-09, 2027-02-10, 2027-02-11]
workdays: [2027-01-30, 2027-02-20]
"""
TEN_DAYS = Term(n=10, unit="workday", after="application_received", clause="XQ-17", count_first=False)


def load(cast: Cast, text: str = YEAR_2027, who: str = "system_admin") -> CalendarYear | Refusal:
    with clock.at(date(2026, 11, 6)):
        return services.load_calendar_year(text, getattr(cast, who))


def test_a_provisional_date_becomes_sure_when_the_year_arrives(cast: Cast) -> None:
    guess = due(TEN_DAYS, date(2027, 1, 25), selectors.calendar())
    assert guess.provisional
    assert guess.on == date(2027, 2, 8)
    assert load(cast)
    sure = due(TEN_DAYS, date(2027, 1, 25), selectors.calendar())
    assert not sure.provisional
    assert sure.on == date(2027, 2, 12)


def test_dates_of_known_years_stay_as_they_were(cast: Cast) -> None:
    before = due(TEN_DAYS, date(2026, 2, 9), selectors.calendar()).on
    assert load(cast)
    assert due(TEN_DAYS, date(2026, 2, 9), selectors.calendar()).on == before == date(2026, 2, 28)


def test_the_preview_names_each_day_that_changes_and_writes_nothing(cast: Cast) -> None:
    preview = services.preview_calendar_year(YEAR_2027)
    assert isinstance(preview, services.Preview)
    assert not preview.replaces
    said = {c.day: (c.before, c.after) for c in preview.changes}
    assert said[date(2027, 1, 1)] == ("工作日", "元旦放假")
    assert said[date(2027, 1, 30)] == ("周六", "调休上班")
    assert date(2027, 1, 4) not in said
    assert len(said) == 12
    assert not CalendarYear.objects.exists()


def test_a_correction_shows_only_the_corrected_day_and_wins_over_the_first(cast: Cast) -> None:
    assert load(cast)
    corrected = YEAR_2027.replace("2027-02-20]", "2027-02-21]")
    preview = services.preview_calendar_year(corrected)
    assert isinstance(preview, services.Preview)
    assert preview.replaces
    assert [c.day for c in preview.changes] == [date(2027, 2, 20), date(2027, 2, 21)]
    assert load(cast, corrected)
    assert not selectors.calendar().is_workday(date(2027, 2, 20))
    assert selectors.calendar().is_workday(date(2027, 2, 21))


def test_a_year_of_the_release_can_be_corrected_too(cast: Cast) -> None:
    shipped = shipped_years()[2026]
    assert not selectors.calendar().is_workday(date(2026, 10, 5))
    notices = "\n".join(f"  - {{title: {n.title}, number: {n.number}, date: {n.date}}}" for n in shipped.notices)
    named = "\n".join(f"  {name}: [{', '.join(map(str, days))}]" for name, days in shipped.holidays.items())
    text = f"year: 2026\nnotices:\n{notices}\nholidays:\n{named}\nworkdays: [{', '.join(map(str, shipped.workdays))}]\n"
    assert load(cast, text.replace(", 2026-10-05", ""))
    assert selectors.calendar().is_workday(date(2026, 10, 5))


def test_the_same_again_is_refused(cast: Cast) -> None:
    assert load(cast)
    answer = load(cast)
    assert isinstance(answer, Refusal)
    assert answer.code == "nothing_new"


@pytest.mark.parametrize("who", ["clerk", "office_head", "security_admin", "audit_admin"])
def test_only_the_system_administrator_loads_a_year(cast: Cast, who: str) -> None:
    answer = load(cast, who=who)
    assert isinstance(answer, Refusal)
    assert not CalendarYear.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "year: 2027",
        "- 1\n- 2",
        "\x00\x01",
        "{" * 500,
        YEAR_2027.replace("2027-01-30", "2027-01-29"),
        YEAR_2027.replace("2027-01-30", "2026-01-30"),
        YEAR_2027.replace("workdays:", "year: 2027\nworkdays:"),
        YEAR_2027 + "# " + "长" * 70_000,
    ],
)
def test_a_file_that_is_no_notice_is_refused_in_words(cast: Cast, text: str) -> None:
    answer = load(cast, text)
    assert isinstance(answer, Refusal)
    assert any("一" <= c <= "鿿" for c in answer.reason)
    assert not CalendarYear.objects.exists()


def test_loading_is_on_record_with_the_days_it_changed(cast: Cast) -> None:
    row = load(cast)
    assert isinstance(row, CalendarYear)
    assert "虚拟发〔2026〕1号" in row.notice
    assert row.loaded_at == clock.moment(date(2026, 11, 6))
    entry = Entry.objects.get(action="policies.load_calendar_year")
    assert entry.actor == "system_admin"
    assert "2027-01-30" in entry.payload


def test_a_year_loaded_elsewhere_is_seen_at_once(cast: Cast) -> None:
    """Another process writes only the row; this one must not go on with what it kept."""
    assert not selectors.calendar().known(2027)
    CalendarYear.objects.create(
        year=2027, content=YEAR_2027, content_hash=selectors.text_hash(YEAR_2027), notice="虚拟", loaded_by=cast.system_admin
    )
    assert selectors.calendar().known(2027)
    CalendarYear.objects.all().delete()
    assert not selectors.calendar().known(2027)


def test_the_calendar_costs_one_small_query(cast: Cast, django_assert_num_queries: object) -> None:
    selectors.calendar()
    with django_assert_num_queries(1):  # type: ignore[operator]
        selectors.calendar()


def test_known_years_are_listed_with_who_loaded_them(cast: Cast) -> None:
    assert load(cast)
    years = selectors.known_years()
    assert [(y.year, row is not None) for y, row in years] == [(2027, True), (2026, False), (2025, False), (2024, False), (2023, False)]
