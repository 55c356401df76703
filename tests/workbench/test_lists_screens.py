"""The pages of lists in a real browser, at both sizes: axe finds nothing, nothing is wider than the screen, a list is made and published."""

from __future__ import annotations

import pytest
from django.urls import reverse

from acts import ok
from browser import findings, sign_in
from cast import Cast
from huanze.duties.models import ListVersion
from huanze.duties.services import lists
from huanze.duties.services.lists import Other
from listed import drafted, in_force

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.row("A1", "A2", "A7", "B1")]


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_the_pages_are_fit_to_be_shown(cast: Cast, screen, size: tuple[int, int]) -> None:  # type: ignore[no-untyped-def]
    first = in_force(cast, "housing", "监管餐饮油烟", "城市黑臭水体整治", units=[Other("assist", cast.farming)])
    in_force(cast, "water", "城市黑臭水体整治")
    next_one = ok(lists.start(organisation=cast.housing, acting_user=cast.lead_liaison))
    ok(lists.remove_item(item=next_one.items.get(no=1), acting_user=cast.lead_liaison))
    page = screen(*size)
    sign_in(page, "lead_head")
    addresses = [
        reverse("item_lists"), reverse("item_list", args=[cast.housing.pk]), reverse("list_version", args=[first.pk]), reverse("list_draft", args=[next_one.pk]),
        reverse("list_item", args=[next_one.items.get().pk]), reverse("list_compare", args=[next_one.pk]), reverse("list_sign", args=[next_one.pk]),
        reverse("list_page", args=[first.pk]), reverse("item_assign", args=[first.items.first().pk]), reverse("item_errors"), reverse("duty_map") + "?topic=水",
    ]  # fmt: skip
    wrong = {}
    for address in addresses:
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if found := findings(page) or ([f"{wide} wide"] if wide > size[0] else []):
            wrong[address] = found
    assert wrong == {}


def test_a_list_is_written_signed_and_published_by_hand(cast: Cast, screen) -> None:  # type: ignore[no-untyped-def]
    version = drafted(cast, "housing", "监管餐饮油烟", "指导绿色建筑")
    page = screen()
    sign_in(page, "lead_head")
    page.goto(reverse("list_draft", args=[version.pk]))
    page.get_by_role("button", name="第2项上移").click()
    page.get_by_text("已移到第1项。").wait_for()
    page.get_by_role("button", name="删除第2项").click()
    page.get_by_role("dialog").get_by_role("button", name="确认办理").click()
    page.get_by_text("已删除第2项。").wait_for()
    page.get_by_role("link", name="签署报审").click()
    page.get_by_role("button", name="签署报审").click()
    page.get_by_role("link", name="公开", exact=True).click()
    page.get_by_role("button", name="公开", exact=True).click()
    page.get_by_text("页面待更新").wait_for()
    page.get_by_role("link", name="确认公开页面").click()
    page.get_by_label("公开页面的网址").fill("https://zj.example.test/list")
    page.get_by_role("button", name="确认").click()
    page.get_by_text("页面已更新").wait_for()
    assert ListVersion.objects.get().state == "published"
    assert list(ListVersion.objects.get().items.values_list("text", flat=True)) == ["指导绿色建筑"]
