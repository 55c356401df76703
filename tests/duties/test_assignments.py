"""An item broken down to an inner unit and a person; one without is an open error that somebody owns (A5)."""

from __future__ import annotations

from datetime import date

import pytest

from acts import ok, refused
from cast import Cast
from huanze.audit.models import Entry
from huanze.base import clock
from huanze.duties.models import Assignment
from huanze.duties.selectors import lists as read
from huanze.duties.services import chain, lists
from huanze.duties.services.assignments import assign
from huanze.notices.models import Notice
from huanze.obligations.models import Occurrence
from huanze.orgs.models import Holding, InnerUnit
from listed import DAY, adopt, approvers, drafted, in_force, person, signed, through, wording

pytestmark = [pytest.mark.django_db, pytest.mark.row("A5")]


@pytest.fixture(autouse=True)
def _on_a_day():
    with clock.at(DAY):
        yield


@pytest.fixture
def inner(cast: Cast) -> InnerUnit:
    return InnerUnit.objects.create(organisation=cast.housing, name="排水科")


def errors(cast: Cast) -> list[str]:
    return [item.text for item in read.open_errors(cast.district)]


def test_an_item_without_a_person_is_an_open_error_owned_by_the_head(cast: Cast, inner: InnerUnit) -> None:
    version = in_force(cast, "housing", "甲", "乙")
    assert errors(cast) == ["甲", "乙"]
    rows = read.owned(list(read.open_errors(cast.district)))
    assert [(row.item.text, row.owners) for row in rows] == [("甲", [cast.lead_head]), ("乙", [cast.lead_head])]
    ok(assign(item=version.items.get(no=1), inner_unit=inner, person=cast.lead_liaison, from_day=DAY, acting_user=cast.lead_head))
    assert errors(cast) == ["乙"]
    done = read.assigned(cast.housing)[str(version.items.get(no=1).lineage)]
    assert (done.assignment.inner_unit, done.assignment.person, done.gone) == (inner, cast.lead_liaison, False)
    assert Notice.objects.filter(recipient=cast.lead_liaison, kind="list_item_1").exists()
    assert Entry.objects.filter(action="lists.assign", actor="lead_head").count() == 1


def test_only_the_head_or_a_deputy_of_the_department_breaks_it_down(cast: Cast, inner: InnerUnit) -> None:
    item = in_force(cast).items.get()
    for user in (cast.lead_liaison, cast.clerk, cast.office_head, cast.second_head, cast.mayor):
        refused(assign(item=item, inner_unit=inner, person=cast.lead_liaison, from_day=DAY, acting_user=user), "wrong_actor", "住建局")
    deputy = person(cast, "deputy", "副局长", cast.housing, rank="deputy")
    ok(assign(item=item, inner_unit=inner, person=cast.lead_liaison, from_day=DAY, acting_user=deputy))


def test_the_person_holds_a_post_in_the_inner_unit_now_and_on_the_first_day(cast: Cast, inner: InnerUnit) -> None:
    item = in_force(cast).items.get()
    other = InnerUnit.objects.create(organisation=cast.housing, name="园林科")
    foreign = InnerUnit.objects.create(organisation=cast.water, name="水政科")
    gardener = person(cast, "gardener", "林园", cast.housing, inner=other)
    head = cast.lead_head

    def tried(**over):  # type: ignore[no-untyped-def]
        said = {"inner_unit": inner, "person": cast.lead_liaison, "from_day": DAY} | over
        return assign(item=item, acting_user=head, **said)

    assert set(refused(tried(person=cast.water_liaison), "inputs").fields) == {"person"}
    assert set(refused(tried(person=gardener), "inputs", "排水科任职").fields) == {"person"}
    assert set(refused(tried(inner_unit=foreign), "inputs", "不是住建局的科室").fields) >= {"inner_unit"}
    assert set(refused(tried(from_day=date(2024, 12, 31)), "inputs", "还没有到").fields) == {"from_day"}
    ok(tried(from_day=date(2025, 1, 1)))
    assert set(refused(tried(from_day=date(2025, 4, 2)), "inputs", "不能晚于今天").fields) == {"from_day"}
    ok(assign(item=item, inner_unit=other, person=gardener, from_day=DAY, acting_user=head))


def test_when_the_person_leaves_it_is_an_open_error_again(cast: Cast, inner: InnerUnit) -> None:
    item = in_force(cast).items.get()
    ok(assign(item=item, inner_unit=inner, person=cast.lead_liaison, from_day=DAY, acting_user=cast.lead_head))
    Holding.objects.filter(user=cast.lead_liaison).update(until_day=date(2025, 4, 30))
    with clock.at(date(2025, 4, 30)):
        assert errors(cast) == []
    with clock.at(date(2025, 5, 1)):
        assert errors(cast) == ["监管城镇污水处理设施运行"]
        assert read.assigned(cast.housing)[str(item.lineage)].gone
        successor = person(cast, "successor", "接任", cast.housing)
        ok(assign(item=item, inner_unit=inner, person=successor, from_day=date(2025, 5, 1), acting_user=cast.lead_head))
        assert errors(cast) == []
    assert list(Assignment.objects.order_by("pk").values_list("person__username", "from_day", "until_day")) == [
        ("lead_liaison", date(2025, 4, 1), date(2025, 4, 30)), ("successor", date(2025, 5, 1), None),
    ]  # fmt: skip


def test_a_closed_account_does_nothing_either(cast: Cast, inner: InnerUnit) -> None:
    item = in_force(cast).items.get()
    ok(assign(item=item, inner_unit=inner, person=cast.lead_liaison, from_day=DAY, acting_user=cast.lead_head))
    cast.lead_liaison.is_active = False
    cast.lead_liaison.save()
    assert errors(cast) == ["监管城镇污水处理设施运行"]


def test_an_assignment_holds_through_the_next_version(cast: Cast, inner: InnerUnit) -> None:
    first = in_force(cast, "housing", "甲")
    ok(assign(item=first.items.get(), inner_unit=inner, person=cast.lead_liaison, from_day=DAY, acting_user=cast.lead_head))
    second = ok(lists.start(organisation=cast.housing, acting_user=cast.lead_liaison))
    ok(lists.add_item(version=second, wording=wording("乙"), acting_user=cast.lead_liaison))
    through(cast, second, cast.lead_head, date(2025, 4, 2))
    with clock.at(date(2025, 4, 2)):
        assert errors(cast) == ["乙"]
        refused(assign(item=first.items.get(), inner_unit=inner, person=cast.lead_liaison, from_day=DAY, acting_user=cast.lead_head), "wrong_state", "现行")


def test_a_draft_is_not_broken_down(cast: Cast, inner: InnerUnit) -> None:
    item = drafted(cast).items.get()
    refused(assign(item=item, inner_unit=inner, person=cast.lead_liaison, from_day=DAY, acting_user=cast.lead_head), "wrong_state")
    assert errors(cast) == []


def test_an_earlier_first_day_than_the_last_one_is_refused_and_the_same_day_corrects(cast: Cast, inner: InnerUnit) -> None:
    item = in_force(cast).items.get()
    ok(assign(item=item, inner_unit=inner, person=cast.lead_liaison, from_day=DAY, acting_user=cast.lead_head))
    refused(assign(item=item, inner_unit=inner, person=cast.lead_head, from_day=date(2025, 3, 31), acting_user=cast.lead_head), "inputs", "2025年4月1日")
    ok(assign(item=item, inner_unit=inner, person=cast.lead_head, from_day=DAY, acting_user=cast.lead_head))
    assert Assignment.objects.get(until_day=None).person == cast.lead_head


def test_publication_opens_the_duty_to_break_down_and_the_last_assignment_settles_it(cast: Cast, inner: InnerUnit) -> None:
    adopt(cast, "sd")
    in_force(cast, "water", "丙")
    assert not Occurrence.objects.filter(duty="breakdown").exists()  # SD says nothing of it
    adopt(cast, "jx", date(2025, 3, 1))
    version = drafted(cast, "housing", "甲", "乙")
    secretary = approvers(cast)
    signed(version, "draft", cast.lead_head)
    signed(version, "first_review", cast.office_head)
    signed(version, "approve", secretary)
    signed(version, "approve", cast.mayor)
    ok(chain.publish(version=version, from_day=DAY, opinion="公开", acting_user=cast.lead_head))
    owed = Occurrence.objects.get(duty="breakdown")
    assert (owed.organisation, owed.clause, owed.due, owed.done_on) == (cast.housing, "JX-7", None, None)
    first, second = version.items.order_by("no")
    ok(assign(item=first, inner_unit=inner, person=cast.lead_liaison, from_day=DAY, acting_user=cast.lead_head))
    owed.refresh_from_db()
    assert owed.done_on is None
    ok(assign(item=second, inner_unit=inner, person=cast.lead_liaison, from_day=DAY, acting_user=cast.lead_head))
    owed.refresh_from_db()
    assert owed.done_on == DAY


def test_open_errors_of_a_place_cost_one_query(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    in_force(cast, "housing", "甲", "乙", "丙")
    in_force(cast, "water", "丁")
    with django_assert_num_queries(1):
        assert errors(cast) == ["甲", "乙", "丙", "丁"]
