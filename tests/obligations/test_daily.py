"""What did not happen is an object with an owner and a date, however late the platform looks (D10)."""

from __future__ import annotations

from datetime import date

import pytest

from acts import ok
from calendars import NOBODY, REPORT, SET_UP, STUDY, in_force
from cast import Cast
from huanze.audit.models import Entry
from huanze.base import clock
from huanze.notices.models import Notice
from huanze.obligations.models import Occurrence
from huanze.obligations.services import complete, end, run_day

pytestmark = [pytest.mark.django_db, pytest.mark.row("D10")]
BEGIN = date(2025, 2, 10)


def morning(day: date) -> dict[str, int]:
    with clock.at(clock.moment(day, 6)):
        return dict(run_day(day))


def first(**wanted: object) -> Occurrence:
    return Occurrence.objects.get(**{"due": date(2025, 3, 31), "duty": "study"} | wanted)


def test_a_day_is_missed_when_it_is_over_and_not_before(cast: Cast):
    in_force(cast, STUDY, on=BEGIN)
    assert "due_missed" not in morning(date(2025, 3, 31))
    assert first().missed_on is None
    assert morning(date(2025, 4, 1))["due_missed"] == 1
    row = first()
    assert (row.organisation, row.missed_on, row.state) == (cast.town_gov, date(2025, 4, 1), "missed")
    entry = Entry.objects.get(action="obligations.missed")
    assert (entry.object_type, entry.object_id, entry.actor) == ("occurrence", str(row.pk), "system")


def test_a_sweep_that_comes_late_dates_the_miss_to_its_legal_day(cast: Cast):
    in_force(cast, STUDY, NOBODY, on=BEGIN)
    assert morning(date(2025, 7, 15))["due_missed"] == 3
    missed = Occurrence.objects.exclude(missed_on=None).order_by("due").values_list("due", "missed_on")
    assert list(missed) == [
        (date(2025, 3, 31), date(2025, 4, 1)), (date(2025, 5, 20), date(2025, 5, 21)), (date(2025, 6, 30), date(2025, 7, 1)),
    ]  # fmt: skip


def test_sweeping_twice_changes_nothing(cast: Cast):
    in_force(cast, STUDY, on=BEGIN)
    morning(date(2025, 4, 1))
    entries, notices = Entry.objects.count(), Notice.objects.count()
    assert "due_missed" not in morning(date(2025, 4, 1))
    assert (Entry.objects.count(), Notice.objects.count()) == (entries, notices)


def test_a_day_ahead_of_the_clock_is_not_missed(cast: Cast):
    in_force(cast, STUDY, on=BEGIN)
    with clock.at(date(2025, 3, 31)):
        run_day(date(2025, 12, 1))
    assert first().missed_on is None


def test_what_is_made_good_stays_on_record_as_missed(cast: Cast):
    in_force(cast, STUDY, on=BEGIN)
    morning(date(2025, 4, 1))
    with clock.at(date(2025, 4, 8)):
        ok(complete(occurrence=first(), note="4月7日补开会议", acting_user=cast.town_liaison))
    row = first()
    assert (row.missed_on, row.done_on, row.state, row.state_label) == (date(2025, 4, 1), date(2025, 4, 8), "made_good", "已补办")
    morning(date(2025, 4, 9))
    assert first().missed_on == date(2025, 4, 1)


def test_what_is_done_late_before_the_sweep_came_is_missed_all_the_same(cast: Cast):
    in_force(cast, STUDY, on=BEGIN)
    with clock.at(date(2025, 4, 1)):
        ok(complete(occurrence=first(), note="4月1日召开", acting_user=cast.town_liaison))
    assert (first().missed_on, first().done_on) == (date(2025, 4, 1), date(2025, 4, 1))


def test_what_is_done_on_its_day_is_never_missed(cast: Cast):
    in_force(cast, STUDY, on=BEGIN)
    with clock.at(date(2025, 3, 31)):
        ok(complete(occurrence=first(), note="3月31日召开", acting_user=cast.town_liaison))
    morning(date(2025, 4, 1))
    assert (first().missed_on, first().state) == (None, "done")


def test_what_no_longer_applies_is_not_missed(cast: Cast):
    in_force(cast, STUDY, SET_UP, on=BEGIN)
    with clock.at(date(2025, 3, 1)):
        ok(end(occurrence=first(), why="该镇已撤并", acting_user=cast.clerk))
    morning(date(2025, 4, 1))
    assert not Occurrence.objects.exclude(missed_on=None).exists()


def test_a_unit_is_told_a_week_before_on_the_day_and_when_it_missed_it(cast: Cast):
    in_force(cast, STUDY, on=BEGIN)
    for day in clock.days(date(2025, 3, 22), date(2025, 4, 3)):
        morning(day)
    told = Notice.objects.filter(recipient=cast.town_liaison).order_by("day").values_list("day", "kind", "text", "clause")
    assert list(told) == [
        (date(2025, 3, 24), "due_soon", "专题研究生态环境保护（2025年第一季度）7天后到期（期限2025-03-31）", "XQ-3"),
        (date(2025, 3, 31), "due_today", "专题研究生态环境保护（2025年第一季度）今天到期（期限2025-03-31）", "XQ-3"),
        (date(2025, 4, 1), "due_missed", "专题研究生态环境保护（2025年第一季度）未按期办理（期限2025-03-31）", "XQ-3"),
    ]  # fmt: skip
    office = Notice.objects.filter(recipient=cast.clerk)
    assert [(n.day, n.text, n.url) for n in office] == [
        (date(2025, 4, 1), "2025-03-31到期的应办事项有1项未按期办理，涉及1个单位", "/due/list/?state=missed"),
    ]  # fmt: skip
    assert not Notice.objects.filter(recipient__in=[cast.neighbour_head, cast.other_clerk, cast.lead_head]).exists()


def test_what_was_done_is_no_longer_spoken_of(cast: Cast):
    in_force(cast, STUDY, on=BEGIN)
    morning(date(2025, 3, 24))
    with clock.at(date(2025, 3, 24)):
        ok(complete(occurrence=first(), note="3月24日召开", acting_user=cast.town_head))
    assert set(Notice.objects.filter(kind="due_soon").values_list("state", flat=True)) == {"cancelled"}
    morning(date(2025, 3, 31))
    assert not Notice.objects.filter(kind="due_today").exists()


def test_the_office_owns_what_nobody_was_found_for_and_is_on_record_for_it(cast: Cast):
    in_force(cast, NOBODY, on=BEGIN)
    morning(date(2025, 5, 21))
    row = Occurrence.objects.get(due=date(2025, 5, 20))
    assert (row.organisation, row.missed_on, row.unplaced) == (cast.office, date(2025, 5, 21), True)


def test_many_rows_cost_no_query_each(cast: Cast, django_assert_max_num_queries):
    often = {"value": {"freq": "monthly", "min": 40}, "obliged": ["禾丰镇人民政府", "区水务局", "区农业农村局"]}
    in_force(cast, STUDY | often, REPORT, on=BEGIN)
    with clock.at(clock.moment(date(2025, 3, 1), 6)), django_assert_max_num_queries(80):
        assert run_day(date(2025, 3, 1))["due_missed"] == 120
