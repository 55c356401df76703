"""Lists, determinations, committees and reminders tried by people who mean no good, and on days nobody thinks of."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import listed
from acts import ok, refused
from cast import Cast
from committees_world import _committees
from duties_leading import DAY, consulting, jx, opinion
from huanze.base import clock
from huanze.duties.models import (
    ChainStep,
    DecisionSignature,
    Item,
    ItemUnit,
    ListVersion,
    View,
)
from huanze.duties.services import (
    assignments,
    chain,
    committees,
    deciding,
    determining,
    lists,
)
from huanze.duties.services.lists import Other
from huanze.notices.models import Notice
from listed import drafted, in_force, signed

pytestmark = pytest.mark.django_db


def waiting(kind: str) -> list[str]:
    """Who is still to be told of a matter."""
    rows = Notice.objects.filter(kind=kind, state=Notice.State.WAITING).select_related("recipient")
    return sorted(row.recipient.username for row in rows)


# ---- days off every calendar


@pytest.mark.row("A2")
@pytest.mark.parametrize("day", [date(9999, 12, 31), date(2099, 12, 31), date(2035, 4, 3)])
def test_a_list_is_not_published_for_a_day_beyond_ten_years(cast: Cast, day: date):
    with clock.at(DAY):
        version = drafted(cast)
        signed(version, "draft", cast.lead_head)
        said = refused(chain.publish(version=version, from_day=day, opinion="公开", acting_user=cast.lead_head), "inputs", "十年")
    assert set(said.fields) == {"from_day"}
    version.refresh_from_db()
    assert version.state == ListVersion.State.APPROVED


@pytest.mark.row("A8")
@pytest.mark.parametrize("day", [date(9999, 12, 31), date(2035, 4, 3)])
def test_a_task_is_not_set_for_a_day_beyond_ten_years(cast: Cast, day: date):
    with clock.at(DAY):
        in_force(cast, "housing", "整治城市黑臭水体")
        listed.adopt(cast, "hb", DAY)
        active = _committees(cast)["active"]
        answer = committees.add_task(committee=active, organisation=cast.water, what="排查", due=day, acting_user=cast.lead_liaison)
    assert set(refused(answer, "inputs", "十年").fields) == {"due"}


@pytest.mark.row("A8")
def test_the_tenth_year_is_within(cast: Cast):
    with clock.at(DAY):
        in_force(cast, "housing", "整治城市黑臭水体")
        listed.adopt(cast, "hb", DAY)
        active = _committees(cast)["active"]
        ok(committees.add_task(committee=active, organisation=cast.water, what="排查", due=date(2035, 4, 2), acting_user=cast.lead_liaison))


# ---- who is told, and no longer


@pytest.mark.row("A5")
def test_who_no_longer_does_an_item_is_not_told_of_it_any_more(cast: Cast):
    with clock.at(DAY):
        version = in_force(cast)
        inner = cast.housing.inner_units.create(name="城建科")
        item = version.items.get()
        given = {"item": item, "inner_unit": inner, "from_day": DAY, "acting_user": cast.lead_head}
        ok(assignments.assign(person=cast.lead_liaison, **given))
        assert waiting("list_item_1") == ["lead_liaison"]
        ok(assignments.assign(person=cast.lead_head, **given))
        assert waiting("list_item_1") == ["lead_head"]


@pytest.mark.row("A3")
def test_whoever_gave_a_view_or_decided_is_not_reminded_to(cast: Cast):
    jx(cast)
    with clock.at(DAY):
        row = consulting(cast)
        assert waiting("lead_raised") == []
        ok(determining.give_view(determination=row, stance="none", text="", acting_user=cast.lead_liaison))
        assert waiting("lead_view_asked") == ["water_head", "water_liaison"]
        ok(determining.give_view(determination=row, stance="none", text="", acting_user=cast.water_head))
        ok(determining.form_opinion(determination=row, proposed_lead=cast.housing, opinion="归口", acting_user=cast.clerk))
        assert waiting("lead_view_asked") == []
        assert waiting("lead_opinion_1") == ["mayor", "secretary"]
        given: dict[str, Any] = {"determination": row, "lead": cast.housing, "basis": "会议纪要", "reason": "归口"}
        ok(deciding.decide(**given, acting_user=cast.mayor))
        assert waiting("lead_opinion_1") == ["secretary"]
        ok(deciding.decide(**given, acting_user=cast.secretary))
        assert waiting("lead_opinion_1") == []


@pytest.mark.row("A2")
def test_whoever_signed_a_step_is_not_reminded_to(cast: Cast):
    listed.adopt(cast, "jx")
    listed.approvers(cast)
    with clock.at(DAY):
        version = drafted(cast)
        signed(version, "draft", cast.lead_head)
        first = chain.course(ListVersion.objects.get(pk=version.pk)).current
        assert waiting(f"list_{first.key}")
        ok(lists.withdraw(version=version, reason="另行研究", acting_user=cast.lead_head))
        assert waiting(f"list_{first.key}") == []


# ---- what has been said stays said


@pytest.mark.row("A1")
def test_an_item_cannot_be_slipped_into_a_published_list(cast: Cast):
    from django.db import DatabaseError, transaction

    with clock.at(DAY):
        published = in_force(cast)
        other = drafted(cast, "water", "供水", units=[Other("assist", cast.farming)])
        with pytest.raises(DatabaseError), transaction.atomic():
            Item.objects.filter(version=other).update(version=published, no=9)
        with pytest.raises(DatabaseError), transaction.atomic():
            ItemUnit.objects.filter(item__version=other).update(item=published.items.get())


@pytest.mark.row("A2", "A3")
def test_a_signature_and_a_written_view_never_change(cast: Cast):
    from django.db import DatabaseError, transaction

    jx(cast)
    with clock.at(DAY):
        row = opinion(cast)
        ok(deciding.decide(determination=row, lead=cast.housing, basis="会议纪要", reason="归口", acting_user=cast.mayor))
        for rows, change in (
            (DecisionSignature.objects.all(), {"opinion": "不同意"}), (View.objects.filter(given_on__isnull=False), {"text": "改了"}),
        ):  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(**change)
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.delete()


@pytest.mark.row("A2")
def test_a_signature_of_a_chain_never_changes(cast: Cast):
    from django.db import DatabaseError, transaction

    with clock.at(DAY):
        in_force(cast)
        with pytest.raises(DatabaseError), transaction.atomic():
            ChainStep.objects.update(opinion="不同意")
        with pytest.raises(DatabaseError), transaction.atomic():
            ChainStep.objects.all().delete()
