"""A pack in force opens the calendar of the units it names; a later pack takes over; words get their owners."""

from __future__ import annotations

from datetime import date

import pytest

from acts import ok, refused
from calendars import NOBODY, ON_SITE, REPORT, SET_UP, STUDY, days, in_force, pack_of
from huanze.audit.models import Entry
from huanze.base import clock
from huanze.obligations.models import Occurrence
from huanze.obligations.services import complete, end, open_until, put_in_force, replace_unplaced, run_day
from huanze.orgs.models import Organisation
from huanze.policies.models import Adoption, PackVersion
from huanze.policies.services import publish_shipped
from huanze.policies.services.naming import name_unit

pytestmark = [pytest.mark.django_db, pytest.mark.row("D10")]
BEGIN = date(2025, 2, 10)


def test_a_pack_in_force_opens_its_calendar_at_once(cast):
    in_force(cast, REPORT, STUDY, on=BEGIN)
    assert days(duty="annual_report") == [("住建局", "2025年度", "2026-01-10"), ("农业农村局", "2025年度", "2026-01-10")]
    assert days(duty="study") == [
        ("禾丰镇", "2025年第一季度", "2025-03-31"), ("禾丰镇", "2025年第二季度", "2025-06-30"),
        ("禾丰镇", "2025年第三季度", "2025-09-30"), ("禾丰镇", "2025年第四季度", "2025-12-31"),
    ]  # fmt: skip
    row = Occurrence.objects.filter(duty="annual_report").first()
    assert (row.report_to, row.copy_to, row.publish, row.clause) == (["区委", "区政府"], [{"type": "抄送", "units": ["区整改办"]}], True, "XQ-2")
    assert row.opens_on == date(2026, 1, 1)
    assert Entry.objects.filter(action="obligations.open").count() == 1


def test_only_who_may_adopt_may_open_a_calendar(cast):
    with clock.at(BEGIN):
        answer = put_in_force(
            region=cast.district, pack_version=pack_of(STUDY), from_day=BEGIN, settings={}, basis="青禾整改〔2025〕5号", acting_user=cast.town_head
        )
    refused(answer, "not_allowed")
    assert not Occurrence.objects.exists()


def test_opening_again_adds_nothing_and_looks_further_ahead_as_days_pass(cast):
    adoption = in_force(cast, REPORT, STUDY, on=BEGIN)
    count = Occurrence.objects.count()
    with clock.at(date(2025, 2, 20)):
        assert run_day(date(2025, 2, 20))["due_opened"] == 0
        assert open_until(adoption=adoption, until=date(2026, 3, 30)) == 0
        assert open_until(adoption=adoption, until=date(2026, 3, 31)) == 1
    assert Occurrence.objects.count() == count + 1


def test_what_was_due_before_the_platform_knew_is_not_opened(cast):
    in_force(cast, STUDY, on=BEGIN, decided=date(2025, 4, 1))
    assert days(due__lt="2025-06-30") == []
    assert days(due="2025-06-30") == [("禾丰镇", "2025年第二季度", "2025-06-30")]


def test_a_calendar_decided_for_later_begins_on_its_day(cast):
    in_force(cast, STUDY, on=date(2025, 4, 1), decided=BEGIN)
    assert days()[0] == ("禾丰镇", "2025年第二季度", "2025-06-30")


def test_a_duty_without_a_day_is_listed_without_one(cast):
    in_force(cast, ON_SITE, SET_UP, on=BEGIN)
    assert days(duty="on_site") == [("禾丰镇", "", "")]
    assert [Occurrence.objects.get(duty=d).state for d in ("on_site", "set_up")] == ["standing", "todo"]


def test_dispatch_and_self_check_keep_their_own_procedure(cast):
    with clock.at(date(2025, 1, 2)):
        run_day(date(2025, 1, 2))
    clauses = set(Occurrence.objects.values_list("clause", flat=True))
    assert not clauses & {"XQ-9", "XQ-6/2"}
    assert {"XQ-1", "XQ-6/1", "XQ-11", "XQ-13/4"} <= clauses
    assert days(duty="group_plenary")[:2] == [("领导小组", "2025年上半年", "2025-06-30"), ("领导小组", "2025年下半年", "2025-12-31")]


def test_a_unit_named_twice_owes_a_duty_once(cast):
    in_force(cast, STUDY | {"obliged": ["禾丰镇人民政府", "禾丰镇政府"]}, on=BEGIN)
    assert len(days(due="2025-03-31")) == 1


# ---- nobody answers to the words


def test_words_nobody_answers_to_lie_with_the_office_until_someone_says_who(cast):
    in_force(cast, NOBODY, on=BEGIN)
    assert days(unplaced=True) == [("整改办", "2025年度", "2025-05-20")]
    with clock.at(date(2025, 3, 1)):
        for unit in (cast.housing, cast.water):
            ok(name_unit(region=cast.district, name="重要职责部门", organisation=unit, acting_user=cast.clerk))
        assert replace_unplaced(cast.district) == 1
        assert replace_unplaced(cast.district) == 0
    assert days(unplaced=False) == [("住建局", "2025年度", "2025-05-20"), ("水务局", "2025年度", "2025-05-20")]
    held = Occurrence.objects.get(unplaced=True)
    assert (held.ended_on, held.ended_why) == (date(2025, 3, 1), "已落到住建局、水务局")
    with clock.at(date(2025, 3, 2)):
        assert run_day(date(2025, 3, 2)) == {}


def test_the_daily_run_finds_the_owner_by_itself(cast):
    in_force(cast, NOBODY, on=BEGIN)
    with clock.at(date(2025, 3, 1)):
        ok(name_unit(region=cast.district, name="重要职责部门", kind=Organisation.Kind.DEPARTMENT, acting_user=cast.clerk))
        assert run_day(date(2025, 3, 1))["due_placed"] == 1
    assert [unit for unit, *_ in days(unplaced=False)] == ["住建局", "农业农村局", "水务局"]


def test_the_office_itself_may_be_meant(cast):
    in_force(cast, NOBODY, on=BEGIN)
    with clock.at(date(2025, 3, 1)):
        ok(name_unit(region=cast.district, name="重要职责部门", organisation=cast.office, acting_user=cast.clerk))
        replace_unplaced(cast.district)
    row = Occurrence.objects.get()
    assert (row.organisation, row.unplaced, row.ended_on) == (cast.office, False, None)


def test_what_is_past_its_day_stays_with_the_office(cast):
    in_force(cast, NOBODY, on=BEGIN)
    with clock.at(date(2025, 5, 21)):
        run_day(date(2025, 5, 21))
        ok(name_unit(region=cast.district, name="重要职责部门", organisation=cast.water, acting_user=cast.clerk))
        assert replace_unplaced(cast.district) == 1
    assert days(unplaced=False) == [("水务局", "2026年度", "2026-05-20")]
    row = Occurrence.objects.get(due=date(2025, 5, 20))
    assert (row.organisation, row.missed_on, row.ended_on) == (cast.office, date(2025, 5, 21), None)


def test_where_there_is_no_office_a_body_of_the_place_keeps_what_nobody_owns(cast):
    """The shipped rules of a province, in a province of which the platform knows the government alone."""
    government = Organisation.objects.create(name="云江省人民政府", short_name="省政府", kind="government", region=cast.province)
    publish_shipped()
    version = PackVersion.objects.get(code="sd")
    Adoption.objects.create(region=cast.province, pack=version, from_day=BEGIN, decided_by=cast.mayor, basis="云江办发〔2025〕1号")
    with clock.at(BEGIN):
        run_day(BEGIN)
    held = Occurrence.objects.filter(region=cast.province, unplaced=True)
    assert set(held.values_list("organisation", flat=True)) == {government.pk}
    assert held.filter(named="省发展改革委", due="2025-04-30", period="2024年度").count() == 1


@pytest.mark.parametrize(
    ("name", "held"),
    [("省财政厅", 0), ("市政府督查室", 0), ("市直有关部门", 0), ("市场监管部门", 1), ("市、县党委", 1), ("市县重要职责部门", 1), ("区财政局", 1), ("省、市、县政府", 1)],
)
def test_the_office_does_not_hold_what_units_of_places_above_owe(cast, name, held):
    in_force(cast, NOBODY | {"obliged": [name]}, on=BEGIN)
    assert len(days(unplaced=True)) == held


def test_units_of_places_above_have_their_duties_from_their_own_place(cast):
    Organisation.objects.create(name="云江省财政厅", short_name="省财政厅", kind="department", region=cast.province)
    in_force(cast, NOBODY | {"obliged": ["省财政厅", "区水务局"]}, on=BEGIN)
    assert [unit for unit, *_ in days()] == ["水务局"]


def test_a_part_in_a_case_is_no_standing_duty_of_the_office(cast):
    in_force(cast, ON_SITE | {"obliged": ["具体事项牵头部门"]}, NOBODY | {"obliged": ["整改责任单位"]}, on=BEGIN)
    assert days() == [("整改办", "2025年度", "2025-05-20")]


def test_rules_of_two_places_that_hold_the_same_duty_open_it_once(cast):
    in_force(cast, STUDY, on=BEGIN)
    Adoption.objects.create(
        region=cast.city, pack=pack_of(STUDY, SET_UP | {"obliged": ["禾丰镇人民政府"]}), from_day=BEGIN, decided_by=cast.mayor, basis="清和办发〔2025〕1号"
    )
    with clock.at(BEGIN):
        run_day(BEGIN)
    assert days(duty="study").count(("禾丰镇", "2025年第一季度", "2025-03-31")) == 1
    assert Occurrence.objects.get(duty="set_up").region == cast.city


# ---- other rules


def test_a_new_pack_that_no_longer_has_a_duty_ends_what_lies_ahead(cast):
    in_force(cast, STUDY, SET_UP, ON_SITE, on=BEGIN)
    in_force(cast, REPORT, on=date(2025, 7, 1), decided=date(2025, 5, 1))
    assert days(duty="study", ended_on=None) == [("禾丰镇", "2025年第一季度", "2025-03-31"), ("禾丰镇", "2025年第二季度", "2025-06-30")]
    ended = Occurrence.objects.filter(duty="study", due="2025-09-30").get()
    assert ended.ended_on == date(2025, 7, 1)
    assert ended.ended_why.startswith("自2025年7月1日起改按区突出生态环境问题排查整改规则执行")
    assert Occurrence.objects.get(duty="set_up").ended_on is None
    with clock.at(date(2025, 7, 1)):
        run_day(date(2025, 7, 1))
    assert Occurrence.objects.get(duty="set_up").ended_on == date(2025, 7, 1)
    assert Occurrence.objects.get(duty="on_site").ended_on == date(2025, 7, 1)


def test_a_new_pack_that_has_the_duty_too_carries_it_over_without_doubling(cast):
    first = in_force(cast, STUDY, ON_SITE, on=BEGIN)
    with clock.at(date(2025, 3, 1)):
        ok(complete(occurrence=Occurrence.objects.get(due="2025-03-31"), note="2月28日专题研究", acting_user=cast.town_liaison))
    second = in_force(cast, STUDY, ON_SITE, REPORT, on=date(2025, 3, 15))
    assert [d for _, _, d in days(duty="study")] == ["2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31", "2026-03-31"]
    assert set(Occurrence.objects.filter(duty="study", due__lt="2026-01-01").values_list("adoption", flat=True)) == {first.pk}
    assert Occurrence.objects.get(duty="study", due="2026-03-31").adoption == second
    assert Occurrence.objects.filter(duty="on_site").count() == 1
    assert not Occurrence.objects.exclude(ended_on=None).exists()


def test_a_changed_day_ends_the_old_row_and_opens_the_new_one(cast):
    in_force(cast, NOBODY, on=BEGIN)
    in_force(cast, NOBODY | {"value": {"freq": "yearly", "due": "06-20"}}, on=date(2025, 3, 1))
    assert days(ended_on=None) == [("整改办", "2025年度", "2025-06-20")]
    assert Occurrence.objects.get(due="2025-05-20").ended_on == date(2025, 3, 1)


def test_regularly_runs_on_through_rules_that_leave_it_as_it_was(cast):
    often = STUDY | {"value": {"freq": "regular", "every": 3}}
    in_force(cast, often, on=BEGIN)
    in_force(cast, often, SET_UP, on=date(2025, 4, 1))
    assert [d for _, _, d in days(duty="study", ended_on=None)][:3] == ["2025-05-09", "2025-08-09", "2025-11-09"]
    in_force(cast, STUDY | {"value": {"freq": "regular", "every": 6}}, on=date(2025, 6, 1))
    assert [d for _, _, d in days(duty="study", ended_on=None)] == ["2025-05-09", "2025-11-30", "2026-05-31"]


def test_what_the_office_ended_is_not_opened_again(cast):
    in_force(cast, STUDY, on=BEGIN)
    with clock.at(date(2025, 3, 1)):
        ok(end(occurrence=Occurrence.objects.get(due="2025-06-30"), why="该镇已撤并", acting_user=cast.clerk))
        run_day(date(2025, 3, 1))
    assert Occurrence.objects.get(due="2025-06-30").ended_on == date(2025, 3, 1)


def test_no_query_for_each_row(cast, django_assert_max_num_queries):
    every = {"value": {"freq": "monthly", "min": 4}, "obliged": ["区住房和城乡建设局", "区农业农村局", "区水务局", "禾丰镇人民政府", "柳湾镇人民政府"]}
    with django_assert_max_num_queries(60):  # SQLite takes some forty rows in one insert
        in_force(cast, STUDY | every, on=BEGIN)
    assert Occurrence.objects.count() == 5 * 4 * 13
