"""The desk, a determination and the items behind a problem in a real browser, on a desk and on a phone (A3, A6)."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from acts import ok, reach
from browser import findings, sign_in
from cast import Cast
from duties_leading import consulting, jx, means, opinion
from huanze.base import clock
from huanze.duties.models import Determination
from huanze.duties.services import deciding
from huanze.rules.lifecycle import State

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.row("A3", "A6")]
SIZES = [(1366, 768), (390, 844)]
SHOTS = os.environ.get("HUANZE_SHOTS", "")
"""A folder to put pictures of the pages in, for those who want to look at them."""


def lived(cast: Cast) -> tuple[Determination, Determination, int]:
    """One decision with a dissent, one matter still with the units, one problem without an item."""
    with clock.at(date(2025, 4, 1)):
        jx(cast, cast.province)
        for name, unit in (("省住房城乡建设厅", cast.housing), ("省农业农村厅", cast.farming), ("省水利厅", cast.water)):
            means(cast, name, unit)
        done = opinion(cast)
        for user in (cast.secretary, cast.mayor):
            ok(deciding.decide(determination=done, lead=cast.housing, basis="青政〔2025〕5号", reason="属于建筑垃圾管理的延伸。", co_units=[cast.farming], acting_user=user))
        Determination.objects.filter(pk=done.pk).update(matter="房屋外墙保温材料废料的收集和处理")
        going = consulting(cast)
        problem = reach(cast, State.ASSIGNED, title="东河黑臭水体", description="城里东河又黑又臭，沿岸居民反映强烈。")
    return done, going, problem.pk


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_page_is_sound_at_both_sizes(cast: Cast, screen: Callable[..., Page], width: int, height: int) -> None:
    done, going, problem = lived(cast)
    page = screen(width, height)
    sign_in(page, "clerk")
    pages = {
        "leads": reverse("leads"),
        "answer": reverse("leads") + "?q=我家楼下的烧烤店每天油烟往上飘，厨房污水直接倒进下水道",
        "nobody": reverse("leads") + "?q=身份证丢了怎么补办",
        "list": reverse("determinations"),
        "empty": reverse("determinations") + "?which=closed",
        "new": reverse("determination_new"),
        "decided": reverse("determination", args=[done.pk]),
        "going": reverse("determination", args=[going.pk]),
        "consult": reverse("determination_step", args=[going.pk, "consult"]),
        "problem": reverse("problem", args=[problem]),
        "basis": reverse("problem_basis", args=[problem]),
    }
    wrong = {}
    for name, address in pages.items():
        page.goto(address)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
        found = findings(page)
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        if found or wide:
            wrong[name] = (found, wide)
    assert wrong == {}


def test_the_answer_comes_while_one_writes_and_one_press_says_which_item(cast: Cast, screen: Callable[..., Page]) -> None:
    _, _, problem = lived(cast)
    page = screen()
    sign_in(page, "clerk")
    page.goto(reverse("leads"))
    page.get_by_label("写下要办的事").fill("有人半夜在河道里挖沙")
    page.get_by_text("最可能牵头").wait_for()
    assert "青禾区水务局" in page.locator(".hz-lead-first").inner_text()
    assert "q=" in page.url
    page.goto(reverse("problem", args=[problem]))
    page.get_by_role("button", name="认定").first.click()
    page.get_by_text("管行业必须管环保。").wait_for()
