"""Two press at the same moment: one act is done, the other person is told why not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import close_old_connections, connection

from acts import ok
from calendars import STUDY, pack_of
from cast import Cast, make_cast
from duties_leading import DAY, jx, opinion
from huanze.audit.models import Entry
from huanze.base import clock
from huanze.duties.models import Determination, ListVersion
from huanze.duties.services import deciding, determining, lists
from huanze.obligations.models import Occurrence
from huanze.obligations.services import complete, put_in_force
from huanze.policies.models import Naming
from huanze.policies.services import drafts
from huanze.policies.services.naming import name_unit
from huanze.rules.verdicts import Refusal
from policies.drafting import submitted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.row("G6")]


def together(*acts: Callable[[], Any], day: date = DAY) -> list[Any]:
    """The answers of acts that begin at once, each on a connection of its own."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        close_old_connections()
        try:
            gate.wait(20)
            with clock.at(day):
                return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result() for done in [pool.submit(run, act) for act in acts]]


def one_of(answers: list[Any], *codes: str) -> None:
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert len(refused) == len(answers) - 1, answers
    assert {answer.code for answer in refused} <= set(codes), refused


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


def test_two_who_say_whom_a_name_means_say_it_once(people: Cast):
    acts = [
        lambda user=user: name_unit(region=people.district, name="河段长", organisation=people.water, acting_user=user)
        for user in (people.clerk, people.office_head)
    ]  # fmt: skip
    one_of(together(*acts), "nothing_new")
    assert Naming.objects.filter(name="河段长").count() == 1


def test_of_two_drafts_of_a_list_begun_at_once_there_is_one(people: Cast):
    acts = [
        lambda user=user: lists.start(organisation=people.housing, acting_user=user, from_pack=False)
        for user in (people.lead_head, people.lead_liaison)
    ]  # fmt: skip
    one_of(together(*acts), "already")
    assert ListVersion.objects.count() == 1


def test_a_matter_raised_by_two_at_once_is_one_matter(people: Cast):
    jx(people)
    given = {"organisation": people.town_gov, "matter": "废旧农膜", "why": "没有部门牵头"}
    acts = [lambda user=user: determining.raise_matter(**given, acting_user=user) for user in (people.town_liaison, people.town_head)]
    one_of(together(*acts), "already")


def test_two_matters_raised_at_once_have_two_numbers(people: Cast):
    jx(people)
    raise_ = lambda matter: determining.raise_matter(organisation=people.town_gov, matter=matter, why="没有", acting_user=people.town_head)  # noqa: E731
    answers = together(lambda: raise_("甲"), lambda: raise_("乙"))
    assert {row.number for row in answers} == {"2025-牵头-001", "2025-牵头-002"}


def test_a_body_signs_a_decision_once(people: Cast):
    jx(people)
    with clock.at(DAY):
        row = opinion(people)
    act = lambda: deciding.decide(determination=row, lead=people.housing, basis="纪要", reason="归口", acting_user=people.mayor)  # noqa: E731
    one_of(together(act, act), "already", "wrong_actor")
    assert row.signatures.count() == 1


def test_a_decision_and_a_return_at_once_do_not_both_happen(people: Cast):
    jx(people)
    with clock.at(DAY):
        row = opinion(people)
    given = {"determination": row, "lead": people.housing, "basis": "纪要", "reason": "归口"}
    together(
        lambda: deciding.decide(**given, acting_user=people.mayor),
        lambda: deciding.send_back(determination=row, opinion="再研究", acting_user=people.secretary),
    )
    row.refresh_from_db()
    assert row.state == Determination.State.CONSULTING
    assert row.lead is None


def test_a_duty_is_done_once(people: Cast):
    people.adoption.delete()
    with clock.at(DAY):
        ok(put_in_force(region=people.district, pack_version=pack_of(STUDY), from_day=DAY, settings={}, basis="x", acting_user=people.approver))
        row = Occurrence.objects.order_by("due").first()
    acts = [lambda user=user: complete(occurrence=row, note="已开", acting_user=user) for user in (people.town_liaison, people.town_head)]
    one_of(together(*acts), "wrong_state")
    assert Entry.objects.filter(action="obligations.complete").count() == 1


def test_rules_put_in_force_twice_at_once_are_in_force_once(people: Cast):
    people.adoption.delete()
    given = {"region": people.district, "pack_version": pack_of(STUDY), "from_day": DAY, "settings": {}, "basis": "x"}
    act = lambda: put_in_force(**given, acting_user=people.approver)  # noqa: E731
    one_of(together(act, act), "back_dated")


def test_a_draft_is_passed_or_returned_once(people: Cast):
    draft = submitted(people)
    acts = [
        lambda: drafts.pass_(draft=draft, opinion="同意", acting_user=people.office_head),
        lambda: drafts.send_back(draft=draft, opinion="补充", acting_user=people.mayor),
    ]
    one_of(together(*acts, day=date(2025, 6, 4)), "wrong_state")
