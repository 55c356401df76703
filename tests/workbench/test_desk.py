"""The desk's pages through the client: questions and answers, determinations step by step, the panel on a problem (A3, A6, E3)."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from acts import DAY, ok, reach
from cast import Cast
from duties_leading import adopt, jx, means, opinion, raised
from huanze.base import clock
from huanze.duties.models import Determination, Item, ItemList, ListVersion, View
from huanze.duties.ranking import Fit
from huanze.duties.services import deciding, determining
from huanze.problems.models import DutyBasis
from huanze.rules.lifecycle import State
from pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with clock.at(DAY):
        yield


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.row("A6")
def test_a_matter_is_answered_with_department_item_clause_and_words(cast: Cast) -> None:
    adopt(cast, "jx")
    means(cast, "省住房城乡建设厅", cast.housing)
    answer = signed_in(cast.town_liaison).get(reverse("leads"), {"q": "楼下烧烤店油烟往家里飘"})
    page = text(answer)
    assert answer.context["leads"][0].unit == cast.housing
    for word in ("青禾区住房和城乡建设局", "会同防治城镇餐饮油烟", "JX-A/6/6", "<mark>油烟</mark>", "省商务厅、省市场监管局、机关事务管理部门"):
        assert word in page


@pytest.mark.row("A6")
def test_a_matter_of_nobody_leads_to_raising_it(cast: Cast) -> None:
    adopt(cast, "jx")
    page = text(signed_in(cast.town_liaison).get(reverse("leads"), {"q": "身份证丢了怎么补办"}))
    assert "没有部门牵头" in page and "赣办发〔2019〕17号" in page
    assert reverse("determination_new") + "?matter=" in page


def test_a_place_without_items_says_so_and_an_empty_question_asks_nothing(cast: Cast) -> None:
    client = signed_in(cast.town_liaison)
    assert "没有可以查询的事项" in text(client.get(reverse("leads"), {"q": "油烟"}))
    assert "没有部门牵头" not in text(client.get(reverse("leads"), {"q": "   "}))


def test_the_answer_alone_is_sent_to_htmx(cast: Cast) -> None:
    adopt(cast, "jx")
    page = text(signed_in(cast.clerk).get(reverse("leads"), {"q": "河道采砂"}, headers={"HX-Request": "true"}))
    assert "<html" not in page and "清四乱" in page


@pytest.mark.parametrize("q", ["<script>alert(1)</script>油烟", "%" * 3_000, "(((油烟", "😀" * 500])
def test_any_text_is_a_question(cast: Cast, q: str) -> None:
    adopt(cast, "jx")
    answer = signed_in(cast.clerk).get(reverse("leads"), {"q": q})
    assert answer.status_code == 200
    assert "<script>alert" not in text(answer)


@pytest.mark.row("A6")
def test_an_earlier_decision_is_shown_beside_the_answer_and_answers_itself(cast: Cast) -> None:
    jx(cast)
    row = opinion(cast)
    for user in (cast.secretary, cast.mayor):
        ok(deciding.decide(determination=row, lead=cast.housing, basis="青政〔2025〕5号", reason="属于建筑垃圾。", acting_user=user))
    answer = signed_in(cast.park_liaison).get(reverse("leads"), {"q": "外墙保温材料的废料谁来收集处理"})
    assert answer.context["leads"][0].unit == cast.housing
    assert answer.context["earlier"] == [row]


@pytest.mark.row("A3")
def test_a_determination_goes_its_way_over_the_pages(cast: Cast) -> None:
    jx(cast)
    town, clerk = signed_in(cast.town_liaison), signed_in(cast.clerk)
    sent = town.post(reverse("determination_new"), {"organisation": cast.town_gov.pk, "matter": "外墙保温材料废料的收集处理", "why": "各部门都说不归自己。"})
    row = Determination.objects.get()
    assert (sent.status_code, sent.url) == (302, reverse("determination", args=[row.pk]))

    def step(name: str) -> str:
        return reverse("determination_step", args=[row.pk, name])

    assert town.get(step("consult")).status_code == 403
    assert clerk.post(step("consult"), {"due": "2025-04-09"}).status_code == 422
    assert clerk.post(step("consult"), {"organisations": [cast.housing.pk], "due": "2025-04-09"}).status_code == 302
    housing = signed_in(cast.lead_liaison)
    assert clerk.get(step("opinion")).status_code == 409
    assert housing.post(step("view"), {"stance": "other", "text": "与农房改造相连。"}).status_code == 422
    assert housing.post(step("view"), {"stance": "other", "proposes": cast.farming.pk, "text": "与农房改造相连。"}).status_code == 302
    assert clerk.post(step("opinion"), {"proposed_lead": cast.housing.pk, "opinion": "属于建筑垃圾。"}).status_code == 302
    said = {"lead": cast.housing.pk, "co_units": [cast.farming.pk], "basis": "青政〔2025〕5号", "reason": "属于建筑垃圾。"}
    assert clerk.get(step("decide")).status_code == 403
    for user in (cast.secretary, cast.mayor):
        assert signed_in(user).post(step("decide"), said).status_code == 302
    page = text(housing.get(reverse("determination", args=[row.pk])))
    for word in ("与决定不同", "与农房改造相连。", "尚未公开", "青政〔2025〕5号", "查看住建局的清单"):
        assert word in page
    assert housing.post(step("publish"), {"url": "https://zjj.example.test/1", "day": "2025-04-01"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.published_on) == ("published", date(2025, 4, 1))
    assert View.objects.get().dissents


def test_a_step_that_is_not_there_and_a_number_of_no_matter(cast: Cast) -> None:
    jx(cast)
    row = raised(cast)
    client = signed_in(cast.clerk)
    assert client.get(reverse("determination_step", args=[row.pk, "jump"])).status_code == 404
    assert client.get(reverse("determination", args=[999])).status_code == 404
    assert signed_in(cast.other_clerk).get(reverse("determination", args=[row.pk])).status_code == 404


def test_the_list_shows_what_one_may_see_and_can_be_filtered(cast: Cast) -> None:
    jx(cast)
    raised(cast, "甲事项")
    ok(determining.close(determination=raised(cast, "乙事项"), existing_lead=cast.housing, why="清单第7项", acting_user=cast.clerk))
    client = signed_in(cast.clerk)
    assert "甲事项" in text(client.get(reverse("determinations"))) and "乙事项" in text(client.get(reverse("determinations")))
    assert "甲事项" not in text(client.get(reverse("determinations"), {"which": "closed"}))
    assert "没有这样的事项" in text(signed_in(cast.second_head).get(reverse("determinations")))


@pytest.mark.row("A6", "E3")
def test_a_problem_s_page_shows_who_answers_by_which_item_and_lets_those_who_may_choose(cast: Cast, django_assert_max_num_queries) -> None:
    adopt(cast, "jx", cast.province)
    means(cast, "省住房城乡建设厅", cast.housing)
    problem = reach(cast, State.ASSIGNED, title="东河黑臭水体", description="城里东河又黑又臭。")
    address, clerk = reverse("problem", args=[problem.pk]), signed_in(cast.clerk)
    with django_assert_max_num_queries(60):
        page = text(clerk.get(address))
    assert "没有事项支持" in page and "JX-A/6/5" in page and reverse("problem_basis", args=[problem.pk]) in page
    assert "认定</button>" not in text(signed_in(cast.discipline_officer).get(address))
    assert signed_in(cast.mayor).post(reverse("problem_basis", args=[problem.pk]), {"key": "pack:JX-A/6/5", "why": "trade"}).status_code == 403
    assert clerk.post(reverse("problem_basis", args=[problem.pk]), {"key": "pack:JX-A/6/5", "why": "trade"}).status_code == 302
    page = text(clerk.get(address))
    assert "管行业必须管环保" in page and "周敏认定" in page
    row = DutyBasis.objects.get()
    assert clerk.post(reverse("basis_withdraw", args=[row.pk]), {"why": "应为第2项"}).status_code == 302
    assert "周敏于2025年4月1日撤回：应为第2项" in text(clerk.get(address))


@pytest.mark.row("A6")
def test_a_department_with_a_list_of_its_own_is_taken_at_its_list(cast: Cast) -> None:
    adoption = adopt(cast, "jx")
    made = ItemList.objects.create(region=cast.district, organisation=cast.housing)
    version = ListVersion.objects.create(item_list=made, number=1, adoption=adoption, made_by=cast.lead_head)
    Item.objects.create(version=version, no=7, text="餐饮服务业油烟污染防治", relation="lead", basis="青禾区三定规定", clause="第三条")
    client = signed_in(cast.clerk)

    def first() -> Fit:
        return client.get(reverse("leads"), {"q": "楼下烧烤店油烟"}).context["leads"][0].reasons[0].fit

    assert first().entry.clause == "JX-A/6/6"  # a draft says nothing yet
    ListVersion.objects.filter(pk=version.pk).update(state="published", from_day=date(2025, 4, 1))
    assert (first().entry.department, first().entry.clause) == ("青禾区住房和城乡建设局", "青禾区三定规定 第三条")
    assert "省住房城乡建设厅" not in text(client.get(reverse("leads"), {"q": "楼下烧烤店油烟"}))
    with clock.at(date(2025, 3, 31)):
        assert first().entry.clause == "JX-A/6/6"
