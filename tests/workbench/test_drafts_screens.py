"""The pages of packs in the making in a real browser: axe-core finds nothing, nothing is wider than the screen, the editor helps."""

from __future__ import annotations

import pytest
from django.urls import reverse

from browser import findings, sign_in
from cast import Cast
from huanze.policies import services
from policies.drafting import BROKEN, passed, submitted, written

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.row("J4")]
SIZES = [(1366, 768), (390, 844)]


@pytest.mark.parametrize("size", SIZES, ids=["desk", "phone"])
def test_the_pages_are_fit_for_everyone(screen: object, cast: Cast, size: tuple[int, int]) -> None:
    versions = {v.code: v.pk for v in services.publish_shipped()}
    made, waits, broken = passed(cast), submitted(cast), written(cast, BROKEN)
    compared = "&".join(f"pack=v{versions[code]}" for code in ("sd", "jx", "hb"))
    pages = [
        reverse("rules"), reverse("drafts"), reverse("draft_new", args=[made.document_id]), reverse("draft", args=[broken.pk]),
        reverse("draft_review", args=[waits.pk]), reverse("draft_changes", args=[waits.pk]), reverse("namings"),
        reverse("naming_new", args=[cast.district.pk]) + "?name=各镇人民政府", f"{reverse('packs_differ')}?{compared}",
        reverse("what_if", args=[made.version_id]), reverse("adopt", args=[made.version_id]),
    ]  # fmt: skip
    page = screen(*size)  # type: ignore[operator]
    sign_in(page, "office_head")
    wrong = []
    for address in pages:
        page.goto(address)
        wrong += [f"{address}: {found}" for found in findings(page)]
        if page.evaluate("document.documentElement.scrollWidth") > size[0]:
            wrong.append(f"{address} is wider than the screen")
    assert wrong == []


def test_a_fault_leads_to_its_line_in_the_editor(screen: object, cast: Cast) -> None:
    made = written(cast, BROKEN)
    page = screen()  # type: ignore[operator]
    sign_in(page, "clerk")
    page.goto(reverse("draft", args=[made.pk]))
    page.get_by_role("link", name="第 16 行").click()
    marked = page.evaluate("() => { const t = document.querySelector('textarea[name=text]'); return t.value.slice(t.selectionStart, t.selectionEnd) }")
    assert marked == "    kind: whenever"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Backspace")
    page.keyboard.type("X")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("已保存。").wait_for()
    made.refresh_from_db()
    assert "kind: wheneveX" in made.text
