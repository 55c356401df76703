"""三员分立: administrators exclude each other and any business post, in the service, the model and the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from cast import PASSWORD, Cast
from huanze.audit.models import Entry
from huanze.base import clock
from huanze.orgs import services, structure
from huanze.orgs.doors import administrator_required, business_required
from huanze.orgs.models import Holding, Post, User
from huanze.rules.verdicts import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.row("J6")]
DAY = date(2025, 6, 2)
EVERYONE = ["system_admin", "security_admin", "audit_admin", "clerk", "town_head"]


def fresh(username: str = "fresh", **more: Any) -> User:
    return User.objects.create(username=username, name="新人", **more)


# The matrix: each service × each kind of account. One may, all others are refused.
ACTS: dict[str, tuple[str, Callable[[Cast, User], Any]]] = {
    "create_account": (
        "system_admin",
        lambda c, u: services.create_account(username="xinren", name="新人", password=PASSWORD, acting_user=u),
    ),
    "change_contact": ("system_admin", lambda c, u: services.change_contact(user=c.leader, phone="13900000000", email="", acting_user=u)),
    "set_active": ("system_admin", lambda c, u: services.set_active(user=c.leader, active=False, acting_user=u)),
    "reset_password": ("system_admin", lambda c, u: services.reset_password(user=c.leader, password=PASSWORD, acting_user=u)),
    "create_region": (
        "system_admin",
        lambda c, u: structure.create_region(name="新镇", level="town", parent=c.district, acting_user=u),
    ),
    "create_organisation": (
        "system_admin",
        lambda c, u: structure.create_organisation(name="新局", short_name="", kind="department", region=c.district, acting_user=u),
    ),
    "change_organisation": (
        "system_admin",
        lambda c, u: structure.change_organisation(organisation=c.water, name="水利局", short_name="", active=True, acting_user=u),
    ),
    "create_inner_unit": ("system_admin", lambda c, u: structure.create_inner_unit(organisation=c.water, name="河湖股", acting_user=u)),
    "create_post": ("system_admin", lambda c, u: structure.create_post(organisation=c.water, title="副局长", rank="deputy", acting_user=u)),
    "set_post_active": ("system_admin", lambda c, u: structure.set_post_active(post=c.post_of(c.leader), active=False, acting_user=u)),
    "assign_post": (
        "security_admin",
        lambda c, u: services.assign_post(user=c.second_liaison, post=c.post_of(c.water_liaison), from_day=DAY, acting_user=u),
    ),
    "end_holding": ("security_admin", lambda c, u: services.end_holding(holding=c.holding_of(c.leader), day=DAY, acting_user=u)),
    "set_admin_role": ("security_admin", lambda c, u: services.set_admin_role(user=fresh(), role="audit", acting_user=u)),
    "release_lockout": ("security_admin", lambda c, u: services.release_lockout(username="clerk", acting_user=u)),
}


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("act", ACTS)
def test_each_act_belongs_to_one_administrator(cast: Cast, act: str, who: str) -> None:
    may, run = ACTS[act]
    before = Entry.objects.count()
    with clock.at(DAY):
        answer = run(cast, getattr(cast, who))
    if who == may:
        assert not isinstance(answer, Refusal)
        assert Entry.objects.filter(action=f"orgs.{act}", actor=who).count() == 1
    else:
        assert isinstance(answer, Refusal)
        assert answer.code == "not_allowed"
        assert Entry.objects.count() == before


DOORS = {
    "system": ["system_admin"],
    "security": ["security_admin"],
    "audit": ["audit_admin"],
    "business": ["clerk", "town_head"],
}


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("door", DOORS)
def test_each_door_lets_in_only_its_own(cast: Cast, door: str, who: str) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok")

    guarded = business_required(view) if door == "business" else administrator_required(door)(view)
    request = RequestFactory().get("/")
    request.user = getattr(cast, who)
    if who in DOORS[door]:
        assert guarded(request).content == b"ok"
    else:
        with pytest.raises(PermissionDenied, match=r"[一-鿿]"):
            guarded(request)


def test_a_stranger_is_sent_to_sign_in(cast: Cast, rf: RequestFactory) -> None:
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/manage/")
    request.user = AnonymousUser()
    answer = administrator_required("audit")(lambda r: HttpResponse())(request)
    assert answer.status_code == 302
    assert "sign-in" in answer["Location"]


def test_a_door_for_a_kind_that_does_not_exist_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="root"):
        administrator_required("root")


def test_who_holds_or_held_a_post_cannot_become_administrator(cast: Cast) -> None:
    answer = services.set_admin_role(user=cast.clerk, role="audit", acting_user=cast.security_admin)
    assert isinstance(answer, Refusal)
    assert answer.code == "holds_post"
    Holding.objects.filter(user=cast.leader).update(until_day=date(2025, 3, 1))
    with clock.at(DAY):
        answer = services.set_admin_role(user=cast.leader, role="audit", acting_user=cast.security_admin)
    assert isinstance(answer, Refusal)


@pytest.mark.parametrize("who", ["system_admin", "security_admin", "audit_admin"])
def test_an_administrator_cannot_be_given_a_post(cast: Cast, who: str) -> None:
    answer = services.assign_post(
        user=getattr(cast, who), post=cast.post_of(cast.water_liaison), from_day=DAY, acting_user=cast.security_admin
    )
    assert isinstance(answer, Refusal)
    assert answer.code == "is_administrator"


def test_one_person_has_one_role(cast: Cast) -> None:
    answer = services.set_admin_role(user=cast.audit_admin, role="system", acting_user=cast.security_admin)
    assert isinstance(answer, Refusal)
    assert answer.code == "one_role"


def test_nobody_gives_a_role_to_himself(cast: Cast) -> None:
    for role in ("system", "audit", ""):
        answer = services.set_admin_role(user=cast.security_admin, role=role, acting_user=cast.security_admin)
        assert isinstance(answer, Refusal)
        assert answer.code == "not_allowed"


def test_the_last_security_administrator_stays(cast: Cast) -> None:
    second = fresh("second", admin_role="security")
    assert services.set_admin_role(user=cast.security_admin, role="", acting_user=second)
    assert isinstance(services.set_active(user=second, active=False, acting_user=cast.system_admin), Refusal)
    second.refresh_from_db()
    assert second.is_active


@pytest.mark.parametrize("who", ["system_admin", "audit_admin"])
def test_the_last_of_the_other_kinds_stays_too(cast: Cast, who: str) -> None:
    answer = services.set_admin_role(user=getattr(cast, who), role="", acting_user=cast.security_admin)
    assert isinstance(answer, Refusal)
    assert answer.code == "last_administrator"


def test_an_administrator_whose_role_was_taken_has_no_rights_left(cast: Cast) -> None:
    fresh("second", admin_role="system")
    assert services.set_admin_role(user=cast.system_admin, role="", acting_user=cast.security_admin)
    cast.system_admin.refresh_from_db()
    assert isinstance(services.create_account(username="x1", name="某", password=PASSWORD, acting_user=cast.system_admin), Refusal)


def test_the_models_refuse_what_a_form_or_script_saves(cast: Cast) -> None:
    cast.clerk.admin_role = "audit"
    with pytest.raises(ValidationError, match="不能兼任管理员"):
        cast.clerk.save()
    with pytest.raises(ValidationError, match="管理员不得担任业务职务"):
        Holding(user=cast.audit_admin, post=cast.post_of(cast.clerk), from_day=DAY).save()


def test_the_database_refuses_what_goes_past_the_models(cast: Cast) -> None:
    row = Holding(user=cast.audit_admin, post=cast.post_of(cast.clerk), from_day=DAY)
    with pytest.raises(IntegrityError, match="administrator holds no post"), transaction.atomic():
        Holding.objects.bulk_create([row])
    with pytest.raises(IntegrityError, match="administrator holds no post"), transaction.atomic():
        Holding.objects.filter(user=cast.clerk).update(user=cast.audit_admin)
    with pytest.raises(IntegrityError, match="administrator holds no post"), transaction.atomic():
        User.objects.filter(pk=cast.clerk.pk).update(admin_role="system")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE orgs_user SET admin_role = 'audit' WHERE username = 'clerk'")


def test_the_database_lets_pass_what_is_right(cast: Cast) -> None:
    User.objects.filter(pk=cast.clerk.pk).update(phone="13900000001")
    User.objects.filter(pk=cast.audit_admin.pk).update(admin_role="")
    Holding.objects.bulk_create([Holding(user=cast.audit_admin, post=cast.post_of(cast.clerk), from_day=DAY)])
    assert Post.objects.filter(holdings__user=cast.audit_admin).count() == 1


def test_the_name_of_the_system_is_nobodys(cast: Cast) -> None:
    for name in ("system", "SYSTEM"):
        answer = services.create_account(username=name, name="冒名", password=PASSWORD, acting_user=cast.system_admin)
        assert isinstance(answer, Refusal)
    system = services.system_user()
    assert not system.has_usable_password()
    assert isinstance(services.set_active(user=system, active=True, acting_user=cast.system_admin), Refusal)
    assert isinstance(services.reset_password(user=system, password=PASSWORD, acting_user=cast.system_admin), Refusal)
    assert isinstance(services.set_admin_role(user=system, role="audit", acting_user=cast.security_admin), Refusal)
    assert isinstance(
        services.assign_post(user=system, post=cast.post_of(cast.water_liaison), from_day=DAY, acting_user=cast.security_admin), Refusal
    )


def test_a_new_site_is_founded_once_with_three_different_people() -> None:
    people = {"system": ("xt", "甲", PASSWORD), "security": ("bm", "乙", PASSWORD), "audit": ("sj", "丙", PASSWORD)}
    same = {**people, "audit": ("xt", "甲", PASSWORD)}
    assert isinstance(services.found_administrators(people=same), Refusal)
    assert isinstance(services.found_administrators(people={"system": people["system"]}), Refusal)
    founded = services.found_administrators(people=people)
    assert isinstance(founded, list)
    assert {u.admin_role for u in founded} == {"system", "security", "audit"}
    assert all(u.must_change_password for u in founded)
    again = {role: (name + "2", name, PASSWORD) for role, (name, *_) in people.items()}
    assert isinstance(services.found_administrators(people=again), Refusal)
