"""The administrators' screens: each behind its own door, each act through its service, errors at their fields."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, reverse

from cast import PASSWORD, Cast
from huanze.audit.models import Entry
from huanze.base import clock
from huanze.orgs.models import Holding, Organisation, Post, Region, User
from huanze.policies.models import CalendarYear
from huanze.workbench import urls_manage, urls_personal

pytestmark = [pytest.mark.django_db, pytest.mark.row("J6")]

YEAR = """\
year: 2027
notices: [{title: 关于2027年部分节假日安排的通知（虚拟）, number: 虚拟发〔2026〕1号, date: 2026-11-05}]
holidays:
  元旦: [2027-01-01]
workdays: [2027-01-30]
"""


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def doors(patterns: list[URLPattern]) -> list[tuple[str, frozenset[str], dict[str, int]]]:
    return [(p.name or "", p.callback.door, {"pk": 1} if "<int:pk>" in str(p.pattern) else {}) for p in patterns]


ROLES = {"system_admin": "system", "security_admin": "security", "audit_admin": "audit", "clerk": "business", "town_liaison": "business"}


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize(("name", "door", "args"), doors(urls_manage.urlpatterns + urls_personal.urlpatterns))
def test_every_screen_turns_away_all_but_its_own(cast: Cast, name: str, door: frozenset[str], args: dict[str, int], who: str) -> None:
    client = signed_in(getattr(cast, who))
    answer = client.get(reverse(name, kwargs=args))
    if ROLES[who] in door:
        assert answer.status_code in {200, 302, 404, 405}
    else:
        assert answer.status_code == 403
        text = answer.content.decode()
        assert "三员分立" in text or "本页面只供" in text


@pytest.mark.parametrize("name", ["manage", "manage_accounts", "notices", "my_posts"])
def test_a_stranger_is_sent_to_sign_in(name: str) -> None:
    answer = Client().get(reverse(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(
    ("who", "first"), [("system_admin", "manage_accounts"), ("security_admin", "manage_holdings"), ("audit_admin", "manage_chain")]
)
def test_each_administrator_begins_at_his_own_screen(cast: Cast, who: str, first: str) -> None:
    assert signed_in(getattr(cast, who)).get(reverse("manage"))["Location"] == reverse(first)


def test_an_account_from_opening_to_first_post(cast: Cast) -> None:
    system, security = signed_in(cast.system_admin), signed_in(cast.security_admin)
    system.post(reverse("manage_account_new"), {"username": "xinren", "name": "新人", "password": PASSWORD})
    person = User.objects.get(username="xinren")
    post = cast.post_of(cast.water_liaison)
    security.post(reverse("manage_assign", args=[post.pk]), {"user": "xinren", "from_day": "2025-06-02", "reason": "青水任〔2025〕3号"})
    assert Holding.objects.get(user=person).post == post
    page = security.get(reverse("manage_holdings"), {"q": "新人"}).content.decode()
    assert "新人" in page
    assert "整改联络员" in page


def test_what_is_wrong_stands_at_its_field(cast: Cast) -> None:
    system = signed_in(cast.system_admin)
    answer = system.post(reverse("manage_account_new"), {"username": "clerk", "name": "", "password": "short"})
    assert answer.status_code == 422
    assert "请填写此项。" in answer.content.decode()
    answer = system.post(reverse("manage_account_new"), {"username": "clerk", "name": "周", "password": PASSWORD})
    assert answer.status_code == 422
    assert answer.context["form"].errors["username"]


def test_regions_organisations_and_posts_are_made(cast: Cast) -> None:
    system = signed_in(cast.system_admin)
    system.post(reverse("manage_region_new"), {"name": "东山镇", "level": "town", "parent": cast.district.pk, "code": "990102105"})
    town = Region.objects.get(name="东山镇")
    system.post(reverse("manage_organisation_new"), {"name": "东山镇人民政府", "short_name": "东山镇", "kind": "town", "region": town.pk})
    unit = Organisation.objects.get(short_name="东山镇")
    system.post(reverse("manage_inner_unit_new", args=[unit.pk]), {"name": "环保办"})
    system.post(reverse("manage_post_new", args=[unit.pk]), {"title": "副镇长", "rank": "deputy", "fields_of_work": "水务、农业"})
    post = Post.objects.get(organisation=unit)
    assert post.fields == ["水务", "农业"]
    system.post(reverse("manage_post_active", args=[post.pk]))
    post.refresh_from_db()
    assert not post.active
    page = system.get(reverse("manage_organisation", args=[unit.pk])).content.decode()
    assert "环保办" in page
    assert "停用" in page


def test_accounts_are_paged_by_key_both_ways(cast: Cast) -> None:
    User.objects.bulk_create([User(username=f"u{n:03}", name=f"某{n}") for n in range(120)])
    system = signed_in(cast.system_admin)
    first = system.get(reverse("manage_accounts")).context["page"]
    second = system.get(reverse("manage_accounts"), {"after": first.after}).context["page"]
    third = system.get(reverse("manage_accounts"), {"after": second.after}).context["page"]
    assert [len(p.rows) for p in (first, second, third)] == [50, 50, 45]
    assert third.after is None
    back = system.get(reverse("manage_accounts"), {"before": third.before}).context["page"]
    assert [u.pk for u in back.rows] == [u.pk for u in second.rows]
    assert system.get(reverse("manage_accounts"), {"after": "x'; --"}).status_code == 200


def test_a_year_is_shown_first_and_loaded_on_the_second_press(cast: Cast) -> None:
    system = signed_in(cast.system_admin)
    with clock.at(date(2026, 11, 6)):
        file = SimpleUploadedFile("2027.yaml", YEAR.encode())
        page = system.post(reverse("manage_year_load"), {"file": file})
        assert "2天改变" in page.content.decode()
        assert not CalendarYear.objects.exists()
        answer = system.post(reverse("manage_year_load"), {"text": page.context["text"], "confirm": "1"})
        assert answer.status_code == 302
        assert CalendarYear.objects.get().loaded_by == cast.system_admin
        assert "虚拟发〔2026〕1号" in system.get(reverse("manage_years")).content.decode()


@pytest.mark.parametrize("data", [{}, {"text": "year: no"}, {"file": SimpleUploadedFile("x.yaml", b"\xff\xfe\x00")}])
def test_a_file_that_is_no_year_is_refused_in_words(cast: Cast, data: dict[str, object]) -> None:
    answer = signed_in(cast.system_admin).post(reverse("manage_year_load"), data)
    assert answer.status_code == 422
    assert answer.context["form"].errors


def test_roles_are_given_and_taken_and_the_refusal_is_shown(cast: Cast) -> None:
    User.objects.create(username="second", name="备用")
    security = signed_in(cast.security_admin)
    security.post(reverse("manage_administrators"), {"user": "second", "role": "audit"})
    assert User.objects.get(username="second").admin_role == "audit"
    security.post(reverse("manage_administrator_remove", args=[cast.audit_admin.pk]))
    assert User.objects.get(username="audit_admin").admin_role == ""
    answer = security.post(reverse("manage_administrators"), {"user": "clerk", "role": "audit"})
    assert answer.status_code == 422
    assert "请另建专用账号" in answer.content.decode()
    answer = security.post(reverse("manage_administrators"), {"user": "nobody", "role": "audit"})
    assert "没有用户名为“nobody”的在用账号" in answer.content.decode()


def test_a_holding_is_ended(cast: Cast) -> None:
    security = signed_in(cast.security_admin)
    with clock.at(date(2025, 6, 2)):
        page = security.get(reverse("manage_end", args=[cast.holding_of(cast.leader).pk])).content.decode()
        assert "韩明" in page
        security.post(reverse("manage_end", args=[cast.holding_of(cast.leader).pk]), {"day": "2025-06-30", "reason": "调任"})
    assert Holding.objects.get(pk=cast.holding_of(cast.leader).pk).until_day == date(2025, 6, 30)


def test_a_lockout_is_seen_and_released(cast: Cast) -> None:
    stranger = Client()
    for _ in range(5):
        stranger.post(reverse("sign_in"), {"username": "clerk", "password": "wrong"})
    security = signed_in(cast.security_admin)
    page = security.get(reverse("manage_lockouts")).content.decode()
    assert "127.0.0.1" in page
    security.post(reverse("manage_lockout_release"), {"username": "clerk"})
    assert "127.0.0.1" not in security.get(reverse("manage_lockouts")).content.decode()
    answer = stranger.post(reverse("sign_in"), {"username": "clerk", "password": PASSWORD})
    assert answer.status_code == 302


@pytest.mark.row("J1")
def test_the_auditor_reads_filters_and_verifies_the_chain(cast: Cast) -> None:
    with clock.at(date(2025, 6, 2)):
        signed_in(cast.security_admin).post(
            reverse("manage_end", args=[cast.holding_of(cast.leader).pk]), {"day": "2025-06-30", "reason": "调任"}
        )
    audit = signed_in(cast.audit_admin)
    page = audit.get(reverse("manage_chain"), {"action": "orgs.end_holding", "day": "2025-06-02"})
    assert [e.actor for e in page.context["page"].entries] == ["security_admin"]
    assert audit.get(reverse("manage_chain"), {"actor": "clerk"}).context["page"].entries == []
    assert audit.get(reverse("manage_chain"), {"day": "yesterday"}).status_code == 200
    before = Entry.objects.count()
    assert "审计链完整" in audit.post(reverse("manage_chain_verify")).content.decode()
    assert Entry.objects.count() == before
