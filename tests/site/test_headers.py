"""What every answer tells the browser, and that no page asks for anything from elsewhere."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from huanze.site import environment

pytestmark = pytest.mark.django_db


def test_every_page_carries_the_strict_headers(client):
    answer = client.get("/sign-in/")

    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client, cast):
    client.get("/sign-in/")
    client.post("/sign-in/", {"username": "clerk", "password": "Qinghe-2025-ok"})

    for name, same_site in (("huanze_session", "Lax"), ("huanze_csrf", "Strict")):
        cookie = client.cookies[name]
        assert cookie["httponly"]
        assert cookie["samesite"] == same_site


def test_a_page_has_no_inline_script_or_style_and_no_outside_address(client):
    page = client.get("/sign-in/").content.decode()

    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert "<style" not in page
    assert " style=" not in page
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)
    assert 'lang="zh-CN"' in page


def test_what_a_person_saw_is_not_kept_by_the_browser(client, cast):
    client.force_login(cast.clerk)

    for path in ("/", "/account/password/", "/nowhere/"):
        assert "no-store" in client.get(path)["Cache-Control"], path


def test_a_host_name_not_ours_is_refused(client):
    assert client.get("/sign-in/", headers={"host": "evil.example"}).status_code == 400


def test_a_form_from_elsewhere_is_refused_in_chinese(cast):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "clerk", "password": "x"})

    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


def test_an_unknown_address_says_what_to_do_next(client, cast):
    client.force_login(cast.clerk)

    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert "没有这个页面" in answer.content.decode()
    assert "请从首页或台账重新进入" in answer.content.decode()


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path):
    first = environment.secret_key(tmp_path)

    assert len(first) >= 50
    assert environment.secret_key(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_a_broken_secret_key_stops_the_start_in_words(tmp_path: Path):
    (tmp_path / "secret.key").write_text("short")

    with pytest.raises(ImproperlyConfigured, match="内容不完整"):
        environment.secret_key(tmp_path)


def test_the_database_url_is_read_and_a_wrong_one_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HUANZE_DATABASE_URL", "postgresql://huan%40ze:p%2Fw@db.local:5433/work")
    read = environment.database(tmp_path)
    assert (read["USER"], read["PASSWORD"], read["HOST"], read["PORT"], read["NAME"]) == ("huan@ze", "p/w", "db.local", "5433", "work")

    monkeypatch.setenv("HUANZE_DATABASE_URL", "mysql://db/work")
    with pytest.raises(ImproperlyConfigured, match="写法不对"):
        environment.database(tmp_path)


def test_sqlite_waits_for_its_turn_and_keeps_what_it_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("HUANZE_DATABASE_URL", raising=False)
    options = environment.database(tmp_path)["OPTIONS"]

    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] >= 20
    assert "journal_mode=WAL" in options["init_command"]
    assert "synchronous=FULL" in options["init_command"]


def test_the_site_has_no_django_admin():
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


@pytest.mark.parametrize(("method", "path"), [("get", "/sign-in/?next=/%00"), ("post", "/sign-in/")])
def test_text_that_no_database_keeps_is_turned_away_in_words(client, method, path):
    answer = getattr(client, method)(path, {"username": "a\0b", "password": "x"} if method == "post" else None)

    assert answer.status_code == 400
    assert "提交的内容不完整或格式不对" in answer.content.decode()
