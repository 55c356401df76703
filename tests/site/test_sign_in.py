"""Coming in: the right password, the wrong one, the fifth wrong one, and a quarter of an hour later."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.utils import timezone

from huanze.audit.models import Entry
from huanze.orgs.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "Qinghe-2025-ok"
PAGE = "/account/password/"


def try_in(client, password=PASSWORD, username="clerk", **extra):
    return client.post("/sign-in/", {"username": username, "password": password}, **extra)


def test_the_right_password_opens_the_wanted_page(client, cast):
    answer = client.post("/sign-in/", {"username": "clerk", "password": PASSWORD, "next": PAGE})

    assert answer.status_code == 302
    assert answer["Location"] == PAGE
    assert client.get(PAGE).status_code == 200


def test_a_stranger_is_sent_to_the_door(client):
    answer = client.get(PAGE)

    assert answer.status_code == 302
    assert answer["Location"] == f"/sign-in/?next={PAGE}"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_door_leads_only_to_our_own_pages(client, cast, target):
    answer = client.post("/sign-in/", {"username": "clerk", "password": PASSWORD, "next": target})

    assert answer["Location"] == "/"


@pytest.mark.parametrize(("username", "password"), [("clerk", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(client, cast, username, password):
    answer = try_in(client, password, username)

    assert answer.status_code == 422
    assert "用户名或密码不正确，或账号已停用" in answer.content.decode()


def test_a_closed_account_does_not_come_in(client, cast):
    User.objects.filter(username="clerk").update(is_active=False)

    assert try_in(client).status_code == 422
    assert client.get(PAGE).status_code == 302


def test_four_wrong_passwords_do_not_lock(client, cast):
    for _ in range(4):
        assert try_in(client, "wrong").status_code == 422

    assert try_in(client).status_code == 302


def test_the_fifth_wrong_password_locks_even_the_right_one(client, cast):
    for _ in range(4):
        try_in(client, "wrong")

    fifth = try_in(client, "wrong")
    assert fifth.status_code == 429
    assert "请在 15 分钟后再试" in fifth.content.decode()
    assert try_in(client).status_code == 429


def test_the_lock_holds_one_name_from_one_address(client, cast):
    for _ in range(5):
        try_in(client, "wrong")

    assert try_in(client, REMOTE_ADDR="10.0.0.9").status_code == 302
    client.post("/sign-out/")
    assert try_in(client, username="town_head").status_code == 302


@pytest.mark.parametrize(("minutes", "status"), [(14, 429), (16, 302)])
def test_the_lock_ends_after_a_quarter_of_an_hour(client, cast, minutes, status):
    for _ in range(5):
        try_in(client, "wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=minutes))

    assert try_in(client).status_code == status


def test_an_empty_form_says_what_is_missing(client):
    page = client.post("/sign-in/", {}).content.decode()

    assert "请填写用户名。" in page
    assert "请填写密码。" in page


@pytest.mark.row("J1")
def test_coming_in_and_going_out_are_in_the_chain(client, cast):
    try_in(client)
    client.post("/sign-out/")

    assert list(Entry.objects.filter(actor="clerk").order_by("seq").values_list("action", flat=True)) == [
        "orgs.sign_in",
        "orgs.sign_out",
    ]
    assert client.get(PAGE).status_code == 302


def test_a_first_password_opens_only_the_page_where_it_is_changed(client, cast):
    User.objects.filter(username="clerk").update(must_change_password=True)

    assert try_in(client)["Location"] == PAGE
    assert client.get("/account/second-factor/")["Location"] == PAGE
    changed = client.post(PAGE, {"old_password": PASSWORD, "new_password1": "Heliu-2026-new", "new_password2": "Heliu-2026-new"})
    assert changed.status_code == 302
    assert client.get("/account/second-factor/").status_code == 200


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("short-1", "至少须 10 个字符"),
        ("onlyletterslong", "至少两类"),
        ("1qaz2wsx3edc", "太常见"),
        ("town_liaison1", "太接近"),
        (PASSWORD, "新密码不能与原密码相同"),
    ],
)
def test_a_weak_new_password_is_refused_in_chinese(client, cast, new, said):
    client.force_login(cast.town_liaison)

    answer = client.post(PAGE, {"old_password": PASSWORD, "new_password1": new, "new_password2": new})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert User.objects.get(username="town_liaison").check_password(PASSWORD)
