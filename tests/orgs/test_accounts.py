"""Accounts: opened without rights, closed without losing the last administrator, passwords that must be changed."""

from __future__ import annotations

from datetime import date

import pytest

from cast import PASSWORD, Cast
from huanze.audit.models import Entry
from huanze.base import clock
from huanze.orgs import services
from huanze.orgs.models import User
from huanze.orgs.selectors import scope_of
from huanze.rules.verdicts import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.row("J6")]


def test_a_new_account_has_no_rights_and_must_change_its_password(cast: Cast) -> None:
    user = services.create_account(username="xinren", name="新人", password=PASSWORD, acting_user=cast.system_admin)
    assert isinstance(user, User)
    assert user.must_change_password
    assert user.admin_role == ""
    assert user.check_password(PASSWORD)
    assert scope_of(user).empty
    assert PASSWORD not in Entry.objects.get(action="orgs.create_account").payload


@pytest.mark.parametrize(
    ("username", "name", "password", "field"),
    [
        ("clerk", "重名", PASSWORD, "username"),
        ("", "无名", PASSWORD, "username"),
        ("ok", "", PASSWORD, "name"),
        ("ok", "弱", "12345678", "password"),
        ("ok", "长" * 41, PASSWORD, "name"),
    ],
)
def test_what_is_filled_in_wrongly_is_said_at_its_field(cast: Cast, username: str, name: str, password: str, field: str) -> None:
    answer = services.create_account(username=username, name=name, password=password, acting_user=cast.system_admin)
    assert isinstance(answer, Refusal)
    assert field in answer.fields


def test_a_reset_password_must_be_changed_and_ends_open_sessions(cast: Cast) -> None:
    before = cast.clerk.get_session_auth_hash()
    user = services.reset_password(user=cast.clerk, password="Xin-Mima-2026", acting_user=cast.system_admin)
    assert isinstance(user, User)
    assert user.must_change_password
    assert user.get_session_auth_hash() != before


def test_own_password_and_own_account_are_not_touched_this_way(cast: Cast) -> None:
    own = cast.system_admin
    assert isinstance(services.reset_password(user=own, password="Xin-Mima-2026", acting_user=own), Refusal)
    assert isinstance(services.set_active(user=own, active=False, acting_user=own), Refusal)


def test_a_person_changes_the_own_phone_and_nobody_elses(cast: Cast) -> None:
    assert services.change_contact(user=cast.clerk, phone="13911112222", email="c@example.test", acting_user=cast.clerk)
    assert isinstance(services.change_contact(user=cast.clerk, phone="1", email="", acting_user=cast.town_head), Refusal)
    answer = services.change_contact(user=cast.clerk, phone="1", email="not an address", acting_user=cast.clerk)
    assert isinstance(answer, Refusal)
    assert "email" in answer.fields
    cast.clerk.refresh_from_db()
    assert cast.clerk.phone == "13911112222"


def test_closing_an_account_ends_who_stands_in_for_it(cast: Cast) -> None:
    with clock.at(date(2025, 6, 2)):
        stand_in = services.delegate(
            holding=cast.holding_of(cast.town_head), to=cast.town_liaison, from_day=date(2025, 6, 2),
            until_day=date(2025, 6, 30), reason="出差", acting_user=cast.town_head,
        )  # fmt: skip
        assert stand_in
    with clock.at(date(2025, 6, 10)):
        assert services.set_active(user=cast.town_head, active=False, acting_user=cast.system_admin)
        stand_in.refresh_from_db()
        assert stand_in.until_day == date(2025, 6, 9)
