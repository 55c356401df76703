"""Special committees: who may ask, who approves, members, meetings, tasks, the end (A8)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from acts import ok, refused
from cast import Cast
from huanze.audit.selectors import timeline
from huanze.base import clock
from huanze.duties.models import Committee, CommitteeTask
from huanze.duties.selectors.committees import (
    committee_page,
    committees_listed,
    current_members,
    visible_committees,
    visible_task,
)
from huanze.duties.services import committees as service
from huanze.duties.services.committees import Plan
from huanze.notices.models import Notice
from huanze.obligations.models import Occurrence
from huanze.obligations.services import run_day
from huanze.orgs.models import User
from listed import adopt, in_force

pytestmark = [pytest.mark.django_db, pytest.mark.row("A8")]
DAY = date(2025, 4, 1)
LATER = date(2025, 4, 8)


@pytest.fixture(autouse=True)
def _on_the_day():
    with clock.at(DAY):
        yield


@pytest.fixture
def led(cast: Cast) -> Cast:
    """The housing bureau leads an item in force, and then the district takes a pack with a clause on committees."""
    in_force(cast, "housing")
    adopt(cast, "hb", DAY)
    return cast


def plan(cast: Cast, **over: Any) -> Plan:
    said: dict[str, Any] = {"name": "水环境治理专业委员会", "field": "城乡污水", "why": "跨部门事项多", "members": [cast.water, cast.farming]}
    return Plan(**said | over)


def asked(cast: Cast, **over: Any) -> Committee:
    return ok(service.request(lead=cast.housing, plan=plan(cast, **over), acting_user=cast.lead_liaison))


def active(cast: Cast, **over: Any) -> Committee:
    made = asked(cast, **over)
    return ok(service.decide(committee=made, approve=True, basis="青环委〔2025〕3号", opinion="同意设立", acting_user=cast.approver))


def task(cast: Cast, committee: Committee, **over: Any) -> CommitteeTask:
    said: dict[str, Any] = {"organisation": cast.water, "what": "排查入河排污口", "due": date(2025, 4, 30), "acting_user": cast.lead_liaison}
    return ok(service.add_task(committee=committee, **said | over))


# ---- asked for


def test_the_lead_of_an_item_asks_and_the_head_of_the_commission_is_told(led):
    made = asked(led)
    assert (made.state, made.clause, made.lead, made.requested_on) == ("requested", "HB-9", led.housing, DAY)
    assert current_members(made) == [led.water, led.farming]
    assert [n.recipient for n in Notice.objects.filter(kind="committee_requested")] == [led.approver]
    assert timeline("committee", made.pk).get().action == "committees.request"


def test_where_the_rules_have_no_clause_nothing_can_be_asked(cast):
    refused(service.request(lead=cast.housing, plan=plan(cast), acting_user=cast.lead_liaison), "no_rule", "没有设立专业委员会的条款")


def test_who_leads_no_item_cannot_ask_where_the_clause_says_leads_ask(led):
    refused(service.request(lead=led.water, plan=plan(led, members=[led.housing]), acting_user=led.water_head), "not_ready", "牵头")


def test_where_the_clause_names_nobody_any_department_may_ask_and_the_commission_approves(cast):
    adopt(cast, "jx")
    made = ok(service.request(lead=cast.water, plan=plan(cast, members=[cast.housing]), acting_user=cast.water_head))
    assert made.clause == "JX-6"
    ok(service.decide(committee=made, approve=True, basis="青环委〔2025〕4号", opinion="同意", acting_user=cast.approver))


@pytest.mark.parametrize("who", ["clerk", "mayor", "water_head", "town_head", "other_clerk"])
def test_only_people_of_the_lead_ask(led, who):
    refused(service.request(lead=led.housing, plan=plan(led), acting_user=getattr(led, who)), "wrong_actor")
    assert not Committee.objects.exists()


@pytest.mark.parametrize("unit", ["office", "government", "town_gov"])
def test_only_a_department_leads(led, unit):
    who = {"office": led.office_head, "government": led.mayor, "town_gov": led.town_head}[unit]
    refused(service.request(lead=getattr(led, unit), plan=plan(led), acting_user=who), "wrong_actor")


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"name": " "}, "name"), ({"name": "会" * 101}, "name"), ({"field": ""}, "field"), ({"why": ""}, "why"), ({"members": []}, "members"),
        ({"pilot": True}, "pilot_places"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_at_its_field(led, over, field):
    answer = refused(service.request(lead=led.housing, plan=plan(led, **over), acting_user=led.lead_liaison), "inputs")
    assert list(answer.fields) == [field]


def test_members_and_pilot_places_lie_in_the_place(led):
    for over, field in (
        ({"members": [led.housing]}, "members"), ({"members": [led.other_office]}, "members"), ({"pilot_places": [led.town]}, "pilot_places"),
        ({"pilot": True, "pilot_places": [led.district]}, "pilot_places"), ({"pilot": True, "pilot_places": [led.other_district]}, "pilot_places"),
    ):  # fmt: skip
        answer = refused(service.request(lead=led.housing, plan=plan(led, **over), acting_user=led.lead_liaison), "inputs")
        assert list(answer.fields) == [field], over
    assert list(asked(led, pilot=True, pilot_places=[led.town, led.park]).pilot_places.all()) == [led.town, led.park]


def test_one_name_at_a_time(led):
    made = asked(led)
    answer = refused(service.request(lead=led.housing, plan=plan(led), acting_user=led.lead_head), "inputs", "同名")
    assert list(answer.fields) == ["name"]
    ok(service.decide(committee=made, approve=False, basis="", opinion="职责重复", acting_user=led.approver))
    asked(led)


# ---- decided


def test_approval_gives_basis_and_opinion_and_starts_the_membership(led):
    made = asked(led)
    with clock.at(LATER):
        row = ok(service.decide(committee=made, approve=True, basis="青环委〔2025〕3号", opinion="同意设立", acting_user=led.approver))
    assert (row.state, row.decided_on, row.basis, row.decided_hat) == ("active", LATER, "青环委〔2025〕3号", "领导小组组长")
    assert {m.from_day for m in row.members.all()} == {LATER}
    told = set(Notice.objects.filter(kind="committee_decided").values_list("recipient__username", flat=True))
    assert told == {"lead_liaison", "lead_head", "second_liaison", "second_head", "water_liaison", "water_head"}


@pytest.mark.parametrize("who", ["lead_head", "clerk", "office_head", "mayor", "congress_leader", "town_head"])
def test_nobody_else_decides(led, who):
    made = asked(led)
    refused(service.decide(committee=made, approve=True, basis="一号", opinion="同意", acting_user=getattr(led, who)), "wrong_actor", "领导小组")
    made.refresh_from_db()
    assert made.state == "requested"


def test_a_decision_needs_its_papers_and_comes_once(led):
    made = asked(led)
    assert list(refused(service.decide(committee=made, approve=True, basis="", opinion="", acting_user=led.approver), "inputs").fields) == ["basis", "opinion"]
    assert list(refused(service.decide(committee=made, approve=False, basis="", opinion=" ", acting_user=led.approver), "inputs").fields) == ["opinion"]
    row = ok(service.decide(committee=made, approve=False, basis="", opinion="职责重复", acting_user=led.approver))
    assert (row.state, row.opinion) == ("refused", "职责重复")
    refused(service.decide(committee=made, approve=True, basis="一号", opinion="同意", acting_user=led.approver), "wrong_state", "未批准")


# ---- members


def test_members_change_with_dates_and_history_stays(led):
    row = active(led)
    with clock.at(LATER):
        ok(service.change_members(committee=row, day=LATER, join=[led.town_gov], leave=[led.farming], acting_user=led.lead_head))
    assert current_members(row) == [led.water, led.town_gov]
    kept = {m.organisation: (m.from_day, m.until_day) for m in row.members.all()}
    assert kept == {led.water: (DAY, None), led.farming: (DAY, LATER), led.town_gov: (LATER, None)}
    assert {n.recipient.username for n in Notice.objects.filter(kind="committee_joined")} == {"town_liaison", "town_head"}
    with clock.at(LATER):
        ok(service.change_members(committee=row, day=LATER, join=[led.farming], acting_user=led.lead_head))
    assert row.members.filter(organisation=led.farming).count() == 2


def test_what_cannot_be_changed(led):
    row = active(led)

    def change(field: str, **over: Any) -> None:
        answer = refused(service.change_members(committee=row, acting_user=led.lead_head, **{"day": DAY} | over), "inputs")
        assert list(answer.fields) == [field]

    change("join")
    change("join", join=[led.water])
    change("join", join=[led.other_office])
    change("leave", leave=[led.town_gov])
    change("leave", leave=[led.water, led.farming])
    change("day", leave=[led.water], day=date(2025, 3, 31))
    change("day", leave=[led.water], day=date(2025, 4, 2))
    refused(service.change_members(committee=row, day=DAY, leave=[led.water], acting_user=led.water_head), "wrong_actor")
    refused(service.change_members(committee=asked(led, name="另一个"), day=DAY, leave=[led.water], acting_user=led.lead_head), "wrong_state", "待批准")


# ---- meetings


def meet(cast: Cast, row: Committee, **over: Any) -> Any:
    said: dict[str, Any] = {
        "day": DAY, "topics": ["排污口排查", ""], "attended": [cast.housing, cast.water], "decisions": "月底前完成排查。", "acting_user": cast.lead_liaison,
    }  # fmt: skip
    return service.record_meeting(committee=row, **said | over)


def test_the_lead_records_a_meeting(led):
    made = ok(meet(led, active(led)))
    assert (made.topics, set(made.attended.all())) == (["排污口排查"], {led.housing, led.water})
    assert "committees.meeting" in set(timeline("committee", made.committee_id).values_list("action", flat=True))


def test_a_meeting_says_what_was_on_the_table_who_came_and_what_was_decided(led):
    row = active(led)
    for over, field in (
        ({"topics": [" "]}, "topics"), ({"topics": ["题" * 201]}, "topics"), ({"attended": []}, "attended"), ({"attended": [led.town_gov]}, "attended"),
        ({"decisions": ""}, "decisions"), ({"day": date(2025, 4, 2)}, "day"),
    ):  # fmt: skip
        assert list(refused(meet(led, row, **over), "inputs").fields) == [field], over
    assert "day" in refused(meet(led, row, day=date(2025, 3, 31)), "inputs").fields
    refused(meet(led, row, acting_user=led.water_head), "wrong_actor", "住建局")


def test_who_left_before_a_meeting_was_not_there(led):
    row = active(led)
    ok(service.change_members(committee=row, day=DAY, leave=[led.farming], acting_user=led.lead_head))
    ok(meet(led, row, attended=[led.farming]))
    with clock.at(LATER):
        refused(meet(led, row, day=LATER, attended=[led.farming]), "inputs")


# ---- tasks


def test_a_task_is_a_duty_of_its_owner_until_he_reports_it_done(led):
    row = active(led)
    meeting = ok(meet(led, row))
    made = task(led, row, meeting=meeting)
    owed = Occurrence.objects.get(subject_type="committee_task", subject_id=made.pk)
    assert (owed.organisation, owed.due, owed.what, owed.clause, owed.url) == (
        led.water, date(2025, 4, 30), "排查入河排污口", "HB-9", f"/committees/{row.pk}/",
    )  # fmt: skip
    with clock.at(LATER):
        done = ok(service.report_done(task=made, result="排查完毕，建账12处", acting_user=led.water_liaison))
    owed.refresh_from_db()
    assert (done.done_on, done.late, owed.done_on, owed.missed_on) == (LATER, False, LATER, None)
    assert {n.recipient.username for n in Notice.objects.filter(kind=f"committee_task_{made.pk}")} == {"lead_liaison", "lead_head"}
    refused(service.report_done(task=made, result="再报", acting_user=led.water_liaison), "wrong_state")


@pytest.mark.parametrize(("day", "late"), [(date(2025, 4, 30), False), (date(2025, 5, 1), True)])
def test_a_task_is_late_the_day_after_its_day_and_stays_so(led, day, late):
    made = task(led, active(led))
    run_day(day)
    with clock.at(day):
        assert made.late is late
        assert committees_listed(led.clerk).get().late_tasks == int(late)
        done = ok(service.report_done(task=made, result="已完成", acting_user=led.water_head))
        assert done.late is late
    assert (Occurrence.objects.get(subject_type="committee_task", subject_id=made.pk).missed_on == date(2025, 5, 1)) is late


def test_tasks_go_to_members_with_a_day_to_come(led):
    row = active(led)
    other = ok(meet(led, active(led, name="另一个委员会")))
    for over, field in (
        ({"organisation": led.town_gov}, "organisation"), ({"due": date(2025, 3, 31)}, "due"), ({"what": ""}, "what"), ({"meeting": other}, "meeting"),
    ):  # fmt: skip
        said: dict[str, Any] = {"organisation": led.water, "what": "排查", "due": DAY, "acting_user": led.lead_head}
        assert list(refused(service.add_task(committee=row, **said | over), "inputs").fields) == [field]
    refused(service.add_task(committee=row, organisation=led.water, what="排查", due=DAY, acting_user=led.water_head), "wrong_actor")
    assert task(led, row, organisation=led.housing, due=DAY).organisation == led.housing


@pytest.mark.parametrize("who", ["lead_head", "second_head", "clerk", "approver"])
def test_only_the_owner_reports_a_task(led, who):
    made = task(led, active(led))
    refused(service.report_done(task=made, result="完成", acting_user=getattr(led, who)), "wrong_actor", "水务局")
    assert list(refused(service.report_done(task=made, result=" ", acting_user=led.water_head), "inputs").fields) == ["result"]


# ---- the end


def test_a_committee_ends_once_its_tasks_are_done(led):
    row = active(led)
    made = task(led, row)
    refused(service.dissolve(committee=row, why="任务完成", acting_user=led.approver), "not_ready", "1项任务")
    ok(service.report_done(task=made, result="完成", acting_user=led.water_head))
    refused(service.dissolve(committee=row, why="任务完成", acting_user=led.lead_head), "wrong_actor")
    assert list(refused(service.dissolve(committee=row, why="", acting_user=led.approver), "inputs").fields) == ["why"]
    with clock.at(LATER):
        ended = ok(service.dissolve(committee=row, why="任务完成", acting_user=led.approver))
    assert (ended.state, ended.dissolved_on, ended.dissolved_by) == ("dissolved", LATER, led.approver)
    assert {m.until_day for m in ended.members.all()} == {LATER}
    for act in ("members", "meeting", "task"):
        refused(service.allowed(ended, act, led.lead_head), "wrong_state", "已撤销")


# ---- seen


def sees(user: User) -> int:
    return visible_committees(user).count()


def test_all_of_the_place_see_it_and_nobody_elsewhere(led):
    row = active(led)
    made = task(led, row)
    for who in ("clerk", "mayor", "water_head", "town_head", "neighbour_head", "park_head", "congress_leader"):
        assert sees(getattr(led, who)) == 1, who
    for who in ("other_clerk", "system_admin", "audit_admin"):
        assert sees(getattr(led, who)) == 0, who
    assert committee_page(led.other_clerk, row.pk) is None
    assert visible_task(led.other_clerk, made.pk) is None
    assert visible_task(led.neighbour_head, made.pk) == made


def test_the_page_and_the_list_ask_few_questions(led, django_assert_max_num_queries):
    row = active(led)
    for n in range(5):
        task(led, row, what=f"任务{n}", meeting=ok(meet(led, row)))
    with django_assert_max_num_queries(9):
        page = committee_page(led.clerk, row.pk)
        assert page is not None
        assert len([t.organisation.name for t in page.tasks.all()]) == 5
        assert [len(m.attended.all()) for m in page.meetings.all()] == [2] * 5
    with django_assert_max_num_queries(2):
        assert [(c.size, c.open_tasks, c.late_tasks) for c in committees_listed(led.clerk)] == [(2, 5, 0)]
    assert not list(committees_listed(led.clerk, "refused"))
