"""The screens of what falls due in a real browser: nothing for axe-core to object to, nothing too wide, done from end to end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from browser import findings, sign_in
from calendars import NOBODY, ON_SITE, REPORT, SET_UP, STUDY, in_force
from cast import Cast
from huanze.base import clock
from huanze.obligations.models import Occurrence
from huanze.obligations.services import run_day

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.row("J4")]


def lived(cast: Cast) -> Occurrence:
    """A year under duties, up to today: quarters missed and one ahead."""
    today = clock.today()
    in_force(cast, STUDY, REPORT, NOBODY, SET_UP, ON_SITE, on=today - timedelta(days=200))
    run_day(today)
    return Occurrence.objects.filter(duty="study", missed_on__isnull=False).order_by("-due").first()


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_no_page_has_a_finding_or_is_too_wide(screen, cast, size):
    missed = lived(cast)
    paths = {
        "clerk": [f"/due/?month={missed.due:%Y-%m}", *(f"/due/list/?state={s}" for s in ("todo", "missed", "standing", "unplaced")), f"/due/{missed.pk}/end/"],
        "town_liaison": [f"/due/{missed.pk}/", f"/due/{missed.pk}/complete/", "/due/list/?state=ended"],
    }
    for who, asked in paths.items():
        page = screen(*size)
        sign_in(page, who)
        for path in asked:
            page.goto(path)
            assert findings(page) == [], (who, path)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (who, path)


@pytest.mark.row("D10")
def test_a_missed_duty_is_made_good_from_the_month(screen, cast):
    missed = lived(cast)
    page = screen()
    sign_in(page, "town_liaison")
    page.goto(f"/due/?month={missed.due:%Y-%m}")
    page.locator(".hz-due-grid").get_by_role("link", name="专题研究生态环境保护").click()
    page.get_by_role("link", name="办结").click()
    page.get_by_label("办理情况").fill("补开会议，会议纪要〔2026〕4号。")
    page.get_by_label("佐证材料").set_input_files({"name": "会议纪要.txt", "mimeType": "text/plain", "buffer": "纪要".encode()})
    page.get_by_role("button", name="办结").click()
    page.get_by_text("已补办").first.wait_for()
    assert page.get_by_role("link", name="会议纪要.txt").is_visible()
    page.goto("/due/list/?state=missed")
    assert page.get_by_role("row", name="已补办").count() == 1
