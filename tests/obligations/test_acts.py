"""Duties that something opened, and what people do about a duty: who may, and who may not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from acts import ok, picture, refused
from calendars import NOBODY, ON_SITE, REPORT, SET_UP, STUDY, in_force
from cast import Cast
from huanze.audit.selectors import timeline
from huanze.base import clock
from huanze.evidence.selectors import of_object
from huanze.notices.models import Notice
from huanze.obligations.models import Occurrence
from huanze.obligations.selectors import visible
from huanze.obligations.services import complete, end, open_one, run_day, settle

pytestmark = [pytest.mark.django_db, pytest.mark.row("D10")]
BEGIN = date(2025, 2, 10)
DAY = date(2025, 3, 3)


@pytest.fixture
def row(cast: Cast) -> Occurrence:
    in_force(cast, STUDY, REPORT, NOBODY, SET_UP, ON_SITE, on=BEGIN)
    return Occurrence.objects.get(duty="study", due=date(2025, 3, 31))


def done(row: Occurrence, user: Any, note: str = "3月3日召开", **more: Any) -> Any:
    with clock.at(DAY):
        return complete(occurrence=row, note=note, acting_user=user, **more)


@pytest.mark.parametrize("who", ["town_liaison", "town_head"])
def test_people_of_the_unit_have_it_done(cast, row, who):
    user = getattr(cast, who)
    made = ok(done(row, user))
    assert (made.done_on, made.done_by, made.note, made.missed_on) == (DAY, user, "3月3日召开", None)
    entry = timeline("occurrence", row.pk).get()
    assert (entry.action, entry.actor) == ("obligations.complete", who)


@pytest.mark.parametrize("who", ["neighbour_head", "lead_head", "clerk", "mayor", "other_clerk"])
def test_nobody_else_does(cast, row, who):
    refused(done(row, getattr(cast, who)), "wrong_actor", "禾丰镇")
    row.refresh_from_db()
    assert row.done_on is None


def test_a_file_is_kept_as_proof(cast, row):
    ok(done(row, cast.town_liaison, file=picture(by=cast.town_liaison)))
    assert [e.file.name for e in of_object("occurrence", row.pk)] == ["现场.jpg"]


def test_done_once_is_done(cast, row):
    ok(done(row, cast.town_liaison))
    refused(done(row, cast.town_head), "wrong_state", "2025年3月3日办结")


def test_it_is_said_what_was_done(cast, row):
    assert set(refused(done(row, cast.town_liaison, note=" "), "inputs", "办理情况").fields) == {"note"}
    assert set(refused(done(row, cast.town_liaison, note="字" * 501), "inputs").fields) == {"note"}
    ok(done(row, cast.town_liaison, note="字" * 500))


def test_a_period_that_has_not_begun_is_not_done(cast, row):
    later = Occurrence.objects.get(duty="study", due=date(2025, 6, 30))
    with clock.at(date(2025, 3, 31)):
        refused(complete(occurrence=later, note="办了", acting_user=cast.town_liaison), "not_ready", "2025年4月1日开始")
    with clock.at(date(2025, 4, 1)):
        ok(complete(occurrence=later, note="办了", acting_user=cast.town_liaison))


def test_what_has_no_owner_yet_is_not_done_by_the_office(cast, row):
    refused(done(Occurrence.objects.get(unplaced=True, due="2025-05-20"), cast.clerk), "not_ready", "尚未认定")


def test_what_is_set_up_once_can_be_done_and_what_stands_cannot(cast, row):
    ok(done(Occurrence.objects.get(duty="set_up"), cast.water_liaison))
    refused(done(Occurrence.objects.get(duty="on_site"), cast.town_head), "wrong_state", "长期")


# ---- the office says that it does not apply


def ended(row: Occurrence, user: Any, why: str = "该镇已撤并") -> Any:
    with clock.at(DAY):
        return end(occurrence=row, why=why, acting_user=user)


@pytest.mark.parametrize("who", ["clerk", "office_head"])
def test_the_office_ends_a_duty(cast, row, who):
    made = ok(ended(row, getattr(cast, who)))
    assert (made.ended_on, made.ended_why, made.state) == (DAY, "该镇已撤并", "ended")


@pytest.mark.parametrize("who", ["town_head", "neighbour_head", "mayor", "approver", "other_clerk"])
def test_the_unit_itself_and_others_do_not(cast, row, who):
    refused(ended(row, getattr(cast, who)), "wrong_actor", "整改办")


def test_it_is_ended_once_and_with_a_reason(cast, row):
    refused(ended(row, cast.clerk, why=""), "inputs", "原因")
    refused(ended(row, cast.clerk, why="字" * 201), "inputs")
    ok(ended(row, cast.clerk))
    refused(ended(row, cast.clerk), "wrong_state", "不再适用")
    refused(done(row, cast.town_head), "wrong_state", "不再适用")


def test_a_miss_stays_on_record_when_the_duty_is_ended(cast, row):
    with clock.at(date(2025, 4, 2)):
        ok(end(occurrence=row, why="误列", acting_user=cast.clerk))
    row.refresh_from_db()
    assert (row.missed_on, row.ended_on) == (date(2025, 4, 1), date(2025, 4, 2))


# ---- what something else brought about


def opened(cast: Cast, **over: Any) -> Occurrence:
    said = {
        "adoption": cast.adoption, "organisation": cast.housing, "duty": "list_page", "what": "更新所公开的事项清单", "clause": "SD-6",
        "subject_type": "item_list", "subject_id": 7, "due": date(2025, 3, 31), "url": "/duties/7/", "publish": True, "acting_user": cast.lead_head,
    }  # fmt: skip
    with clock.at(over.pop("on", DAY)):
        return open_one(**said | over)


def test_a_changed_list_opens_the_duty_to_update_its_page(cast):
    row = opened(cast)
    assert (row.organisation, row.due, row.publish, row.period, row.kind, row.opens_on) == (cast.housing, date(2025, 3, 31), True, "第1次", "event", DAY)
    told = Notice.objects.filter(subject_type="occurrence", subject_id=row.pk)
    assert {n.recipient for n in told} == {cast.lead_head, cast.lead_liaison}
    assert {(n.text, n.url) for n in told} == {("请于2025年3月31日前办理：更新所公开的事项清单", "/duties/7/")}


def test_changed_again_before_it_is_done_keeps_the_first_day(cast):
    row = opened(cast)
    assert opened(cast, on=date(2025, 3, 10), due=date(2025, 4, 8)).pk == row.pk
    assert opened(cast, subject_id=8).pk != row.pk


def test_the_page_updated_settles_it_and_a_later_change_opens_it_anew(cast):
    row = opened(cast)
    with clock.at(date(2025, 3, 20)):
        assert settle(subject_type="item_list", subject_id=7, duty="list_page", note="已公开第2版", acting_user=cast.lead_liaison) == 1
        assert settle(subject_type="item_list", subject_id=7, duty="list_page", note="已公开第2版", acting_user=cast.lead_liaison) == 0
    row.refresh_from_db()
    assert (row.done_on, row.done_by, row.missed_on) == (date(2025, 3, 20), cast.lead_liaison, None)
    assert opened(cast, on=date(2025, 5, 6), due=date(2025, 6, 4)).period == "第2次"


def test_settled_late_the_miss_stays(cast):
    row = opened(cast)
    with clock.at(date(2025, 4, 1)):
        run_day(date(2025, 4, 1))
    with clock.at(date(2025, 4, 5)):
        settle(subject_type="item_list", subject_id=7, duty="list_page", note="已公开第2版", acting_user=cast.lead_liaison)
    row.refresh_from_db()
    assert (row.missed_on, row.done_on) == (date(2025, 4, 1), date(2025, 4, 5))


def test_what_is_done_on_a_page_of_its_own_is_not_declared_done(cast):
    refused(done(opened(cast), cast.lead_liaison), "wrong_state", "去办理")
    ok(done(opened(cast, url="", subject_id=9), cast.lead_liaison))


# ---- who sees it


def test_a_unit_sees_its_own_the_place_sees_all_and_the_other_district_nothing(cast, row):
    seen = {who: set(visible(getattr(cast, who)).values_list("organisation__short_name", flat=True)) for who in (
        "town_liaison", "neighbour_head", "lead_head", "clerk", "mayor", "other_clerk", "system_admin")}  # fmt: skip
    assert seen == {
        "town_liaison": {"禾丰镇"}, "neighbour_head": set(), "lead_head": {"住建局"}, "clerk": {"禾丰镇", "住建局", "农业农村局", "整改办", "水务局"},
        "mayor": {"禾丰镇", "住建局", "农业农村局", "整改办", "水务局"}, "other_clerk": set(), "system_admin": set(),
    }  # fmt: skip
