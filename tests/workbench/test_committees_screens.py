"""Committees, reminders and policy checks in a real browser: axe-core finds nothing, nothing is wider than the screen."""

from __future__ import annotations

import pytest
from django.urls import reverse

from browser import findings, sign_in
from committees_world import lived

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.row("A4", "A8", "A9")
@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_no_page_has_a_finding_or_is_too_wide(screen, cast, size):
    found = lived(cast)
    active, late, check = (found[name].pk for name in ("active", "late", "check"))
    pages = {
        "lead_head": [
            reverse("committees"), reverse("committee_new"), reverse("committee", args=[active]), reverse("committee_meeting", args=[active]),
            reverse("reminders"), reverse("reminder_new"), f"{reverse('reminder_new')}?item={found['item'].pk}", reverse("reminder", args=[found["reported"].pk]),
            reverse("reminder_report", args=[late]), reverse("policy_checks"), reverse("policy_check", args=[check]), reverse("policy_check_close", args=[check]),
        ],
        "approver": [reverse("committee_decide", args=[found["asked"].pk])],
        "other_clerk": [reverse("committees"), reverse("reminders"), reverse("policy_checks"), reverse("committee_new")],
    }  # fmt: skip
    for who, paths in pages.items():
        page = screen(*size)
        sign_in(page, who)
        for path in paths:
            page.goto(path)
            assert findings(page) == [], (who, path)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (who, path)


@pytest.mark.row("A4")
def test_a_gap_is_settled_with_the_keyboard_and_the_sheet_prints_on_one_page(screen, cast):
    found = lived(cast)
    page = screen()
    sign_in(page, "lead_liaison")
    page.goto(reverse("policy_check", args=[found["check"].pk]))
    page.get_by_label("第4项怎样处理").fill("修订稿写明由住建局牵头")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("处理情况已保存").wait_for()
    assert page.get_by_label("第4项怎样处理").input_value() == "修订稿写明由住建局牵头"
    assert findings(page) == []
    sheet = page.pdf(format="A4")
    assert sheet.count(b"/Type /Page\n") + sheet.count(b"/Type /Page ") == 1
