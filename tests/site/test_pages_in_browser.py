"""The sign-in pages in a real browser: usable by everyone, on a desk and on a phone, by keyboard."""

from __future__ import annotations

import pytest

from browser import findings, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = [(1366, 768), (390, 844)]


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_of_an_account_have_no_accessibility_finding(screen, cast, size):
    page = screen(*size)
    page.goto("/sign-in/")
    assert findings(page) == []
    page.get_by_role("button", name="登录").click()
    page.get_by_text("请填写用户名。").wait_for()
    assert findings(page) == []

    sign_in(page, "clerk")
    for path in ("/account/password/", "/account/second-factor/", "/nowhere/"):
        page.goto(path)
        assert findings(page) == [], path


@pytest.mark.parametrize("size", SIZES)
def test_no_page_is_wider_than_the_screen(screen, cast, size):
    page = screen(*size)
    sign_in(page, "clerk")
    for path in ("/account/password/", "/account/second-factor/", "/nowhere/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_the_door_opens_by_keyboard_alone(screen, cast):
    page = screen()
    page.goto("/sign-in/?next=/account/password/")
    page.keyboard.type("clerk")
    page.keyboard.press("Tab")
    page.keyboard.type("Qinghe-2025-ok")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="修改密码").wait_for()

    page.goto("/nowhere/")  # a page whose focus is in no field
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/nowhere/#content")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="快捷键").wait_for()


def test_the_menu_says_who_and_in_which_post_and_leads_out(screen, cast):
    page = screen()
    sign_in(page, "clerk")
    page.goto("/account/password/")
    page.get_by_role("button", name="周敏").click()
    assert page.get_by_text("现任岗位").is_visible()
    page.get_by_role("button", name="退出登录").click()
    page.get_by_text("您已退出登录。").wait_for()
