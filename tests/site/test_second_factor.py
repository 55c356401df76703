"""The second factor: set up once, asked for ever after; recovery codes work once."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from huanze.base import clock

pytestmark = pytest.mark.django_db
PASSWORD = "Qinghe-2025-ok"
PAGE = "/account/password/"
SET_UP = "/account/second-factor/"


def token(device: TOTPDevice, steps_on: int = 0) -> str:
    """The code an authenticator shows now, or some half minutes on (a code works only once)."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time() + steps_on * device.step
    return f"{totp.token():06d}"


@pytest.fixture
def with_device(client, cast) -> tuple[TOTPDevice, list[str]]:
    """The clerk has set up an authenticator and holds the recovery codes."""
    client.force_login(cast.clerk)
    client.get(SET_UP)
    device = TOTPDevice.objects.get(user=cast.clerk)
    page = client.post(SET_UP, {"code": token(device)}).content.decode()
    client.post("/sign-out/")
    return TOTPDevice.objects.get(user=cast.clerk), re.findall(r"<code>(\w{8})</code>", page)


def password_step(client):
    return client.post("/sign-in/", {"username": "clerk", "password": PASSWORD, "next": PAGE})


def test_setting_up_shows_key_and_picture_and_needs_a_right_code(client, cast):
    client.force_login(cast.clerk)
    page = client.get(SET_UP).content.decode()
    assert "<svg" in page
    assert "<path" in page

    wrong = client.post(SET_UP, {"code": "000000"})
    assert wrong.status_code == 422
    assert not TOTPDevice.objects.get(user=cast.clerk).confirmed


def test_setting_up_gives_eight_recovery_codes_and_keeps_the_session(client, cast):
    client.force_login(cast.clerk)
    client.get(SET_UP)

    page = client.post(SET_UP, {"code": token(TOTPDevice.objects.get(user=cast.clerk))}).content.decode()

    assert len(re.findall(r"<code>(\w{8})</code>", page)) == 8
    assert client.get(PAGE).status_code == 200


def test_the_password_alone_no_longer_opens_a_session(client, with_device):
    assert password_step(client)["Location"] == "/sign-in/code/"
    assert client.get(PAGE).status_code == 302


def test_password_and_code_open_the_wanted_page(client, with_device):
    device, _ = with_device
    password_step(client)

    answer = client.post("/sign-in/code/", {"code": token(device, steps_on=1)})

    assert answer["Location"] == PAGE
    assert client.get(PAGE).status_code == 200


def test_a_wrong_code_does_not_open_it(client, with_device):
    password_step(client)

    answer = client.post("/sign-in/code/", {"code": "123456"})

    assert answer.status_code == 422
    assert client.get(PAGE).status_code == 302


def test_a_recovery_code_opens_it_once(client, with_device):
    _, codes = with_device
    password_step(client)
    assert client.post("/sign-in/code/", {"code": codes[0]}).status_code == 302
    assert client.get(PAGE).status_code == 200
    client.post("/sign-out/")

    password_step(client)
    assert client.post("/sign-in/code/", {"code": codes[0]}).status_code == 422


def test_the_code_is_awaited_for_five_minutes(client, with_device):
    _, codes = with_device
    password_step(client)

    with clock.at(clock.now() + timedelta(minutes=5, seconds=5)):
        answer = client.post("/sign-in/code/", {"code": codes[0]})

    assert answer["Location"] == "/sign-in/"
    assert client.get(PAGE).status_code == 302


def test_nobody_comes_to_the_code_page_without_the_password(client, cast):
    assert client.get("/sign-in/code/")["Location"] == "/sign-in/"


def test_a_session_from_before_the_set_up_does_not_live_on(client, cast):
    older = Client()
    older.force_login(cast.clerk)
    assert older.get(PAGE).status_code == 200
    client.force_login(cast.clerk)
    client.get(SET_UP)
    client.post(SET_UP, {"code": token(TOTPDevice.objects.get(user=cast.clerk))})

    with clock.at(clock.now() + timedelta(minutes=2)):
        assert older.get(PAGE)["Location"] == "/sign-in/"
        assert client.get(PAGE).status_code == 200


def test_a_second_factor_that_is_on_cannot_be_replaced_from_the_page(client, with_device):
    device, codes = with_device
    password_step(client)
    client.post("/sign-in/code/", {"code": codes[1]})

    assert "已启用动态口令" in client.get(SET_UP).content.decode()
    assert TOTPDevice.objects.get(user=device.user).key == device.key
