"""From an official document to a unit's calendar, as people do it: upload, correct, accept, draft, review, adopt, and there it stands."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page

from browser import sign_in
from cast import Cast
from huanze.base import clock
from huanze.obligations.models import Occurrence
from huanze.policies.models import Adoption, Fact, PackDraft, PolicyDocument

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.row("D10", "J7")]

TEXT = """青禾区人民政府办公室关于印发《青禾区河道巡查管理办法》的通知

青禾政办发〔2025〕12号

各镇人民政府，区政府有关部门：

《青禾区河道巡查管理办法》已经区政府同意，现印发给你们，请认真贯彻执行。

青禾区人民政府办公室
2025年5月20日

青禾区河道巡查管理办法

第一条 为加强河道巡查管理，改善水环境质量，制定本办法。
第二条 河道巡查由区水务局牵头，区农业农村局配合。
第三条 区水务局每年1月31日前将上一年度河道巡查情况报送区政府。
第四条 巡查发现的问题，由区水务局自发现之日起10个工作日内办结。
第五条 本办法自2025年7月1日起施行。
"""


def test_a_document_becomes_a_duty_in_the_calendar_of_the_unit_it_names(screen: Any, cast: Cast) -> None:
    clerk = screen()
    sign_in(clerk, "clerk")
    upload_and_settle(clerk)
    corrected = Fact.objects.get(decision=Fact.Decision.CORRECTED)
    assert corrected.machine["value"]["due"] == "01-31", "what the machine read is kept"
    assert corrected.value["value"]["due"] == "01-15"
    draft_and_submit(clerk)
    made = PackDraft.objects.get()
    assert (made.state, made.submitted_by) == ("submitted", cast.clerk)

    head = screen()
    sign_in(head, "office_head")
    review_and_adopt(head)
    adopted = Adoption.objects.get(pack__code="qh")
    assert (adopted.decided_by, adopted.from_day) == (cast.office_head, clock.today())

    day = date(clock.today().year + (clock.today() > date(clock.today().year, 1, 15)), 1, 15)
    liaison = screen()
    sign_in(liaison, "water_liaison")
    liaison.goto(f"/due/?month={day:%Y-%m}")
    entry = liaison.locator(".hz-due-grid").get_by_role("link", name="报告工作情况")
    entry.click()
    liaison.get_by_role("heading", name="报告工作情况").wait_for()
    assert liaison.get_by_text("QH-3").first.is_visible(), "it names the clause it comes from"
    assert Occurrence.objects.filter(organisation=cast.water, due=day, clause="QH-3").count() == 1

    neighbour = screen(390, 844)
    sign_in(neighbour, "neighbour_liaison")
    neighbour.goto(f"/due/?month={day:%Y-%m}")
    assert neighbour.get_by_text("报告工作情况").count() == 0, "a duty is seen by whom it concerns"


def upload_and_settle(page: Page) -> None:
    page.goto("/documents/")
    page.locator("#up-file").set_input_files({"name": "河道巡查办法.txt", "mimeType": "text/plain", "buffer": TEXT.encode("gb18030")})
    page.get_by_role("button", name="上传并读取").click()
    page.get_by_role("heading", name="青禾区河道巡查管理办法", exact=True).wait_for()
    duty = page.locator("li.hz-fact:not(.hz-fact-clause)").filter(has_text="每年").filter(has_text="区水务局").first
    duty.get_by_role("link", name="更正").click()
    day = page.locator("input[name=due]")
    assert day.input_value() == "1月31日"
    day.fill("1月15日")
    page.get_by_role("button", name="保存更正").click()
    page.locator("li[data-decision=corrected]").wait_for()
    press(page, "一并采纳无疑义的", ask=True)
    for _ in range(Fact.objects.filter(decision=Fact.Decision.OPEN).count()):
        page.locator("li.hz-fact[data-decision=open]").get_by_role("button", name="采纳").first.click()
        page.wait_for_load_state("networkidle")
    press(page, "完成审定", ask=True)
    page.get_by_role("link", name="拟定规则包").wait_for()
    assert PolicyDocument.objects.get().stage == PolicyDocument.Stage.ACCEPTED


def draft_and_submit(page: Page) -> None:
    page.get_by_role("link", name="拟定规则包").click()
    page.get_by_label("规则包代码").fill("qh")
    assert page.get_by_label("上级规则包").input_value() == "xq"
    press(page, "拟定")
    page.get_by_text("没有错误，可以送审。").wait_for()
    press(page, "保存并送审", ask=True)
    page.get_by_text("已送审，请另一位人员复核。").wait_for()


def review_and_adopt(page: Page) -> None:
    page.goto("/notices/")
    page.get_by_text("的规则包待您复核").click()
    page.get_by_role("link", name="复核", exact=True).click()
    page.get_by_label("复核意见").fill("与文件一致")
    press(page, "通过")
    page.get_by_role("link", name="看施行的影响").click()
    page.get_by_text("报告工作情况").first.wait_for()
    page.get_by_role("link", name="填写施行决定").click()
    page.get_by_label("决定依据").fill("青禾政办发〔2025〕12号")
    press(page, "下一步：看施行的影响")
    assert not Adoption.objects.filter(pack__code="qh").exists(), "looking decides nothing"
    press(page, "决定施行")
    page.get_by_text("已登记。").wait_for()


def press(page: Page, name: str, *, ask: bool = False) -> None:
    page.get_by_role("button", name=name).click()
    if ask:
        page.get_by_role("button", name="确认办理").click()
