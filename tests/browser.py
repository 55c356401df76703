"""A real Chromium for tests marked ``browser``.

``def test_…(screen): page = screen()`` opens a page of 1366 × 768 (``screen(390, 844)`` a phone) on the live
server. At the end of the test it fails if a page logged an error, broke the content policy or asked
anything of another site. ``sign_in(page, "clerk")`` comes in; ``findings(page)`` is what axe-core objects to.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from cast import PASSWORD

AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text(encoding="utf-8")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
RUN_AXE = "async () => (await axe.run()).violations.map(v => `${v.id}: ` + v.nodes.map(n => n.target.join(' ')).join(', '))"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is missing (package chromium)"
    # Playwright keeps an event loop in this thread, which Django would mistake for asynchronous code of ours.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def screen(chromium: Browser, live_server: object) -> Iterator[Callable[..., Page]]:
    base = str(live_server)
    wrong: list[str] = []

    def log(message: ConsoleMessage) -> None:
        # A refused form (422) and a page that is not there are answers, not faults of the page.
        if message.type == "error" and "Failed to load resource" not in message.text:
            wrong.append(message.text)

    def opened(width: int = 1366, height: int = 768) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN", base_url=base)
        page = context.new_page()
        page.on("console", log)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith((base, "data:")) else wrong.append(f"asked {asked.url}"))
        page.set_default_timeout(15_000)
        return page

    yield opened
    for context in chromium.contexts:
        context.close()
    assert wrong == []


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Come in through the door as anyone would."""
    page.goto("/sign-in/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def findings(page: Page) -> list[str]:
    """What axe-core finds on the page as it stands; each a rule and the places."""
    page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN_AXE)
    return found
