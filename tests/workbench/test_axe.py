"""Every business page in a real browser: axe-core finds nothing, nothing is wider than the screen, nothing breaks the policy."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from acts import DAY, materials, reach, register, take
from browser import findings, sign_in
from cast import Cast
from huanze.base import clock
from huanze.evidence.models import Evidence
from huanze.problems.models import DispatchReturn, LadderStep, SelfCheckReturn
from huanze.problems.services.sweep import sweep
from huanze.rules.lifecycle import State

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.row("J4")]
SIZES = [(1366, 768), (390, 844)]


def lived(cast: Cast) -> dict[str, int]:
    """Problems in several states, with materials, a change asked for, a proposal, a dispatch and a self-check."""
    with clock.at(DAY):
        found = {"closed": reach(cast, State.CLOSED, title="北河垃圾堆放").pk, "accepting": reach(cast, State.ACCEPTING, title="南河渗坑未回填").pk}
        found["new"] = register(cast, title="园区雨污管网混接").pk
        problem = reach(cast, State.RECTIFYING, title="砂石料场扬尘污染")
        materials(cast, problem)
    found["working"] = problem.pk
    with clock.at(date(2025, 5, 5)):
        sweep(on=date(2025, 5, 5))
    with clock.at(date(2025, 6, 5)):
        take(problem, "request_extension", cast.town_head, reason="汛期影响", deadline="2025-12-31")
    return found


def pages(found: dict[str, int]) -> dict[str, list[str]]:
    """Addresses by the person who opens them."""

    def act(which: str, name: str) -> str:
        return reverse("act", args=[found[which], name])

    problem = [reverse("problem", args=[pk]) for pk in found.values()]
    step = LadderStep.objects.filter(problem=found["working"], state="proposed").first()
    own = SelfCheckReturn.objects.get(organisation__short_name="禾丰镇")
    assert DispatchReturn.objects.filter(problem=found["working"]).exists()
    assert step is not None
    return {
        "clerk": [
            reverse("home"), reverse("ledger"), reverse("ledger") + "?light=red&near=1", reverse("ledger") + "?text=没有这样的问题",
            reverse("overview"), reverse("register_ways"), reverse("register", args=["film"]), reverse("dispatch"), reverse("self_checks"),
            *problem, act("new", "assign"), act("working", "spot_check"), reverse("ladder_step", args=[found["working"], step.pk]),
            reverse("rehearsal", args=[found["working"]]), reverse("dates", args=[found["accepting"], "acceptance"]),
            reverse("dates", args=[found["working"], "deadline"]), act("closed", "look_back"),
        ],
        "town_liaison": [
            reverse("home"), act("working", "report_progress"), act("working", "attach"), reverse("dispatch"),
            reverse("self_check", args=[own.pk]), act("working", "apply"), act("working", "request_change"),
        ],
        "town_head": [reverse("home"), act("working", "apply"), act("working", "withdraw_change")],
        "approver": [reverse("home"), act("working", "approve_change")],
        "lead_liaison": [act("accepting", "record_view"), act("accepting", "pass_acceptance")],
    }  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
def test_no_business_page_has_a_finding_or_is_too_wide(screen, cast, size):
    for who, paths in pages(lived(cast)).items():
        page = screen(*size)
        sign_in(page, who)
        for path in paths:
            page.goto(path)
            assert findings(page) == [], (who, path)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (who, path)


@pytest.mark.row("J5")
def test_a_date_opens_its_explanation_over_the_page(screen, cast):
    found = lived(cast)
    page = screen()
    sign_in(page, "lead_liaison")
    page.goto(reverse("problem", args=[found["accepting"]]))
    page.locator("#acceptance .hz-date a").first.click()
    page.get_by_role("heading", name="组织验收时限").wait_for()
    assert findings(page) == []
    page.keyboard.press("Escape")
    assert page.url.endswith(reverse("problem", args=[found["accepting"]]))


def test_order_of_units_and_rows_of_a_plan_are_moved_by_hand(screen, cast):
    found = lived(cast)
    page = screen()
    sign_in(page, "clerk")
    page.goto(reverse("act", args=[found["new"], "assign"]))
    page.get_by_label("监管（验收）责任单位第1位").select_option(label="水务局")
    page.get_by_label("监管（验收）责任单位第2位").select_option(label="住建局")
    page.get_by_role("button", name="上移").nth(1).click()
    assert page.get_by_label("监管（验收）责任单位第1位").input_value() == str(cast.housing.pk)

    page = screen()
    sign_in(page, "town_head")
    page.goto(reverse("act", args=[found["working"], "request_change"]))
    rows = page.locator("#f-plan-measures [data-line]")
    before = rows.count()
    page.locator('[data-rows="plan.measures"] [data-add]').click()
    assert rows.count() == before + 1
    assert len({rows.nth(n).locator("textarea").get_attribute("name") for n in range(before + 1)}) == before + 1
    rows.nth(before).get_by_role("button", name="删除这一行").click()
    assert rows.count() == before


def test_pictures_load_for_whoever_may_see_them(screen, cast):
    found = lived(cast)
    page = screen()
    sign_in(page, "second_liaison")
    page.goto(reverse("problem", args=[found["working"]]))
    page.locator("#materials").scroll_into_view_if_needed()
    shown = page.locator(".hz-triptych img")
    assert shown.count() == Evidence.objects.filter(object_id=str(found["working"]), role__in=("before", "during", "after")).count() == 3
    assert all(width > 0 for width in shown.evaluate_all("images => Promise.all(images.map(i => i.decode().then(() => i.naturalWidth)))"))
