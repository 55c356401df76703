"""One problem from registration to filing, in a real Chromium, each step pressed by the person whose step it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from browser import sign_in
from cast import Cast
from huanze.base import clock
from huanze.evidence.models import Evidence
from huanze.problems.models import Acceptance, Problem, StatusChange
from huanze.rules.lifecycle import State
from huanze.site.world.invariants import broken
from huanze.site.world.pictures import scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "禾丰镇东河污水直排"
STEPS = [
    "register", "assign", "receive", "save_plan", "submit_plan", "approve_plan", "report_progress", *["attach"] * 5, "apply",
    "start_acceptance", "record_view", "record_view", "pass_acceptance", "sign", "confirm", "file",
]  # fmt: skip


@dataclass
class Walk:
    """The browsers of everyone who has come in, each his own, and the place of the problem."""

    screen: Callable[..., Page]
    at: str = ""
    pages: dict[str, Page] = field(default_factory=dict)

    def by(self, username: str) -> Page:
        """This person's browser at the page of the problem."""
        if username not in self.pages:
            self.pages[username] = self.screen()
            sign_in(self.pages[username], username)
        page = self.pages[username]
        if self.at:
            page.goto(self.at)
        return page

    def steps(self, page: Page) -> Locator:
        return page.get_by_role("region", name="可办事项")

    def open(self, username: str, label: str) -> Page:
        """Press the step on the page of the problem; those that may be taken at any time are folded away."""
        page = self.by(username)
        link = self.steps(page).get_by_role("link", name=label, exact=True)
        if not link.is_visible():
            self.steps(page).get_by_text("随时可办").click()
        link.click()
        return page

    def send(self, page: Page, label: str, state: State) -> None:
        page.get_by_role("button", name=label, exact=True).click()
        page.get_by_text(f"已办理“{label}”").wait_for()
        assert Problem.objects.get().state == state

    def closed(self, username: str, label: str, *reasons: str) -> None:
        """The step is shown, cannot be pressed, and says why."""
        page = self.by(username)
        shown = self.steps(page).get_by_role("listitem").filter(has=page.get_by_text(label, exact=True))
        for reason in reasons:
            expect(shown).to_contain_text(reason)
        expect(shown.get_by_role("link")).to_have_count(0)

    def not_offered(self, username: str, label: str) -> None:
        steps = self.steps(self.by(username))
        expect(steps).to_be_visible()
        expect(steps.get_by_text(label, exact=True)).to_have_count(0)


def iso(days: int) -> str:
    return (clock.today() + timedelta(days)).isoformat()


def register(walk: Walk, cast: Cast) -> None:
    page = walk.by("clerk")
    page.get_by_role("link", name="台账", exact=True).click()
    page.get_by_role("link", name="登记问题").click()
    page.get_by_role("heading", name="其他途径").click()
    page.get_by_label("问题名称").fill(TITLE)
    page.get_by_label("问题描述").fill("沿河三处生活污水未纳管，晴天有水流出。")
    page.get_by_label("行业领域").fill("水务")
    page.get_by_label("所在区域").select_option(label=cast.town.name)
    page.get_by_label("具体地点").fill("东河二号桥")
    page.get_by_label("问题来源").select_option(value="own_check")
    page.locator("[name='way_form.how']").fill("日常巡查发现")
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_text("已登记，编号").wait_for()
    walk.at = page.url


def assign(walk: Walk, cast: Cast) -> None:
    page = walk.open("clerk", "交办")
    page.get_by_label("主体责任单位").select_option(label="禾丰镇")
    page.get_by_label("监管（验收）责任单位第1位").select_option(label="住建局")
    page.get_by_label("监管（验收）责任单位第2位").select_option(label="农业农村局")
    page.get_by_label("分管领导").select_option(value=str(cast.post_of(cast.leader).pk))
    page.get_by_label("交办意见").fill("请按期完成整改")
    walk.send(page, "交办", State.ASSIGNED)


def plan(walk: Walk) -> None:
    walk.send(walk.open("town_liaison", "签收"), "签收", State.PLANNING)
    walk.not_offered("town_liaison", "报审方案")  # the head of the unit sends it up
    walk.closed("town_head", "报审方案", "整改方案尚缺")
    page = walk.open("town_liaison", "编制方案")
    page.get_by_label("立行立改").check()
    page.get_by_label("目标任务").fill("确保全部消除污水直排")
    page.get_by_label("完成时限", exact=True).fill(iso(90))
    for name, text, day in (("measures.0", "新建污水管网12公里", ""), ("steps.0", "完成设计", iso(30)), ("steps.1", "完成施工", iso(80))):
        page.locator(f"[name='{name}.text']").fill(text)
        page.locator(f"[name='{name}.due']").fill(day)
    walk.send(page, "编制方案", State.PLANNING)
    walk.send(walk.open("town_head", "报审方案"), "报审方案", State.PLAN_REVIEW)
    page = walk.open("approver", "审定方案")
    page.get_by_label("印发文号").fill("青整改〔2026〕3号")
    walk.send(page, "审定方案", State.RECTIFYING)


def rectify(walk: Walk) -> None:
    page = walk.open("town_liaison", "报告进展")
    page.get_by_label("完成比例（%）").fill("100")
    page.get_by_label("进展情况").fill("管网和拆除全部完成")
    for row in page.locator("input[type=date]").all():
        row.fill(iso(0))
    walk.send(page, "报告进展", State.RECTIFYING)
    walk.closed("town_head", "申请验收", "验收申请材料尚缺", "整改后图片")
    for role, label in (("before", "整改前照片"), ("during", "整改中照片"), ("after", "整改后照片")):
        content = scene(role, 7, clock.now(), 36.0, 118.0)
        hand_in(walk, label, {"name": f"{label}.jpg", "mimeType": "image/jpeg", "buffer": content}, point="东河二号桥")
    for label, name in (("验收销号登记表", "登记表.txt"), ("其他支撑材料", "台账.txt")):
        hand_in(walk, label, {"name": name, "mimeType": "text/plain", "buffer": f"{label}（签字盖章）".encode()})


def hand_in(walk: Walk, role: str, file: dict[str, object], point: str = "") -> None:
    page = walk.open("town_liaison", "上传材料")
    page.get_by_label("文件", exact=True).set_input_files([file])  # type: ignore[list-item]
    page.get_by_label("材料类别").select_option(label=role)
    page.get_by_role("textbox", name="点位").fill(point)
    walk.send(page, "上传材料", State.RECTIFYING)


def accept(walk: Walk) -> None:
    page = walk.open("town_head", "申请验收")
    page.get_by_label("整改完成情况").fill("整改全部完成，请予验收")
    walk.send(page, "申请验收", State.APPLIED)
    explain(walk)
    walk.not_offered("second_liaison", "组织验收")
    walk.send(walk.open("lead_liaison", "组织验收"), "组织验收", State.ACCEPTING)
    give_view(walk, "lead_liaison")
    walk.closed("lead_liaison", "验收合格", "尚未出具验收意见", "农业农村局")
    give_view(walk, "second_liaison")
    page = walk.open("lead_liaison", "验收合格")
    page.get_by_label("验收意见", exact=True).fill("联合验收合格")
    walk.send(page, "验收合格", State.SIGNING)


def give_view(walk: Walk, username: str) -> None:
    page = walk.open(username, "出具验收意见")
    page.get_by_label("同意通过", exact=True).check()
    page.get_by_label("意见", exact=True).fill("现场核查到位")
    walk.send(page, "出具验收意见", State.ACCEPTING)


def explain(walk: Walk) -> None:
    """The day by which the acceptors must gather opens its own reckoning, day by day."""
    page = walk.by("lead_liaison")
    due = Acceptance.objects.get().due_on
    page.get_by_role("region", name="验收", exact=True).get_by_title("这个日期是怎么算出来的").click()
    shown = page.get_by_role("dialog", name="说明")
    expect(shown).to_contain_text(f"{due.year}年{due.month}月{due.day}日")
    expect(shown.get_by_role("row").last).to_contain_text("10")
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()


def sign(walk: Walk) -> None:
    page = walk.open("lead_head", "签字盖章")
    page.get_by_label("已在验收销号登记表上签名并盖好单位公章").check()
    walk.send(page, "签字盖章", State.CONFIRMING)
    walk.not_offered("mayor", "签字确认")  # he sees it, but it is for the leader in charge of the field
    walk.send(walk.open("leader", "签字确认"), "签字确认", State.FILING)
    page = walk.open("clerk", "销号备案")
    page.get_by_label("备案号").fill("备2026-01")
    walk.send(page, "销号备案", State.CLOSED)


@pytest.mark.row("E2", "E3", "E4", "G1", "G2", "G6", "J4")
def test_a_problem_walks_from_registration_to_filing(screen: Callable[..., Page], cast: Cast) -> None:
    walk = Walk(screen)
    register(walk, cast)
    assign(walk, cast)
    assert walk.by("neighbour_liaison").get_by_role("heading", name="没有这个页面").is_visible()
    walk.not_offered("clerk", "签收")
    plan(walk)
    rectify(walk)
    accept(walk)
    sign(walk)

    assert list(StatusChange.objects.order_by("pk").values_list("name", flat=True)) == STEPS
    assert Evidence.objects.count() == 5
    page = walk.by("second_head")
    timeline = page.get_by_role("region", name="时间线")
    for words in ("登记", "交办", "审定方案", "申请验收", "签字盖章", "签字确认", "销号备案"):
        expect(timeline.get_by_text(words, exact=True).first).to_be_visible()
    for picture in page.get_by_role("region", name="点位 东河二号桥").get_by_role("img", name="照片").all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("naturalWidth", 320)
    expect(walk.steps(page).get_by_role("link")).to_have_text(["登记回头看"])

    walk.at = ""
    auditor = walk.by("audit_admin")
    auditor.goto("/manage/chain/")
    auditor.get_by_role("button", name="核验全链").click()
    expect(auditor.get_by_role("heading", name="审计链完整")).to_be_visible()
    assert broken() == []
