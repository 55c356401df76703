"""The pages of lists without a browser: what each says, and that forms come back with what is wrong."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from acts import ok
from cast import Cast
from huanze.base import clock
from huanze.duties.models import Assignment, ChainStep, Item, ListVersion
from huanze.duties.selectors.duty_map import duty_map
from huanze.duties.services import lists
from huanze.duties.services.lists import Other
from huanze.orgs.models import InnerUnit, Organisation
from listed import DAY, adopt, approvers, drafted, in_force, means, signed, wording
from pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.row("A1", "A2", "A5")]
ROWS = {"units-TOTAL_FORMS": "2", "units-INITIAL_FORMS": "0"}


@pytest.fixture(autouse=True)
def _on_a_day():
    with clock.at(DAY):
        yield


def said(answer) -> str:  # type: ignore[no-untyped-def]
    return answer.content.decode()


def test_a_list_is_begun_and_written_on_the_pages(cast: Cast) -> None:
    client = signed_in(cast.lead_liaison)
    made = client.post(reverse("list_start", args=[cast.housing.pk]), {"reason": "首次编制"})
    version = ListVersion.objects.get()
    assert made.headers["Location"] == reverse("list_draft", args=[version.pk])
    new = reverse("list_item_new", args=[version.pk])
    row = {"text": "监管餐饮油烟", "relation": "lead", "basis": "责任清单", "clause": "第五条"}
    units = {"units-0-organisation": str(cast.water.pk), "units-0-relation": "assist", "units-1-name": "商务部门", "units-1-relation": "join"}
    assert client.post(new, row | units | ROWS | {"more": "1"}).headers["Location"] == new
    item = Item.objects.get()
    assert [(u.organisation, u.name, u.relation) for u in item.units.order_by("pk")] == [(cast.water, "", "assist"), (None, "商务部门", "join")]
    page = said(client.get(new))
    assert 'value="责任清单"' in page  # the basis of the item before it is offered again
    assert "监管餐饮油烟" in said(client.get(reverse("list_draft", args=[version.pk])))


@pytest.mark.parametrize(("over", "word"), [
    ({"clause": ""}, "请填写此项。"), ({"units-0-name": "商务部门"}, "请选择关系。"), ({"units-0-relation": "assist"}, "请选择单位，或者填写文件用语。"),
    ({"units-TOTAL_FORMS": "x"}, "请重新打开本页填写"), ({"relation": "主办"}, "主办"), ({"fields_of": "天文"}, "天文"),
])  # fmt: skip
def test_what_is_wrong_with_an_item_is_said_beside_it(cast: Cast, over: dict[str, str], word: str) -> None:
    version = drafted(cast)
    row = {"text": "监管餐饮油烟", "relation": "lead", "basis": "责任清单", "clause": "第五条"}
    answer = signed_in(cast.lead_liaison).post(reverse("list_item_new", args=[version.pk]), row | ROWS | over)
    assert answer.status_code == 422
    assert word in said(answer)
    assert version.items.count() == 1


def test_the_first_draft_says_what_the_document_offers(cast: Cast) -> None:
    adopt(cast, "jx")
    client = signed_in(cast.lead_liaison)
    assert "没有为本部门列出事项" in said(client.get(reverse("list_start", args=[cast.housing.pk])))
    means(cast, "省住房城乡建设厅", cast.housing)
    assert "为住建局列出了8项" in said(client.get(reverse("list_start", args=[cast.housing.pk])))


@pytest.mark.row("B1")
def test_the_department_is_told_by_when_its_page_is_due(cast: Cast) -> None:
    adopt(cast, "sd")
    in_force(cast)
    page = said(signed_in(cast.clerk).get(reverse("item_list", args=[cast.housing.pk])))
    assert "应于2025年" in page
    assert "SD-6" in page


def test_the_lead_of_an_item_is_offered_to_remind_the_others_in_it(cast: Cast) -> None:
    version = in_force(cast, "housing", "监管餐饮油烟", units=[Other("assist", cast.water)])
    link = f"{reverse('reminder_new')}?item={version.items.get().pk}"
    assert link not in said(signed_in(cast.lead_head).get(reverse("item_list", args=[cast.housing.pk])))  # the rules know no reminder
    adopt(cast, "hb")
    assert link in said(signed_in(cast.lead_head).get(reverse("item_list", args=[cast.housing.pk])))
    assert link not in said(signed_in(cast.water_head).get(reverse("item_list", args=[cast.housing.pk])))


def test_the_departments_page_names_the_open_errors_and_their_owner(cast: Cast) -> None:
    version = in_force(cast, "housing", "甲", "乙")
    page = said(signed_in(cast.town_liaison).get(reverse("item_list", args=[cast.housing.pk])))
    assert "2 项还没有落实到科室和责任人" in page
    assert "陈建" in page
    assert "待更新" in page
    assert reverse("item_assign", args=[version.items.first().pk]) not in page
    assert reverse("item_assign", args=[version.items.first().pk]) in said(signed_in(cast.lead_head).get(reverse("item_list", args=[cast.housing.pk])))


def test_an_item_is_given_to_a_person_on_the_page(cast: Cast) -> None:
    version = in_force(cast)
    inner = InnerUnit.objects.create(organisation=cast.housing, name="排水科")
    address = reverse("item_assign", args=[version.items.get().pk])
    client = signed_in(cast.lead_head)
    assert client.post(address, {"inner_unit": inner.pk, "person": cast.water_liaison.pk, "from_day": "2025-04-01"}).status_code == 422
    assert client.post(address, {"inner_unit": inner.pk, "person": cast.lead_liaison.pk, "from_day": "2025-04-01"}).status_code == 302
    assert Assignment.objects.get().person == cast.lead_liaison
    assert "没有未落实到人的事项" in said(signed_in(cast.clerk).get(reverse("item_errors")))


def test_the_list_goes_through_its_chain_on_the_pages(cast: Cast) -> None:
    adopt(cast, "jx")
    secretary = approvers(cast)
    version = drafted(cast)
    sign = reverse("list_sign", args=[version.pk])
    assert signed_in(cast.lead_head).post(sign, {"opinion": "报审", "decision": "pass"}).status_code == 302
    office = signed_in(cast.office_head)
    assert "初审" in said(office.get(sign))
    assert "等待您办理“初审”" in said(office.get(reverse("item_lists")))
    assert "待整改办：初审" in said(signed_in(cast.clerk).get(reverse("item_lists")))
    assert "等待您" not in said(signed_in(cast.clerk).get(reverse("item_lists")))
    returned = office.post(sign, {"opinion": "同意。", "decision": "return"})
    assert returned.status_code == 422
    assert "请填写退回的理由和修改要求" in said(returned)
    assert office.post(sign, {"opinion": "缺一项", "decision": "return"}).status_code == 302
    assert "缺一项" in said(signed_in(cast.lead_liaison).get(reverse("list_version", args=[version.pk])))
    for user in (cast.lead_head, cast.office_head, secretary, cast.mayor):
        assert signed_in(user).post(sign, {"opinion": "同意。", "decision": "pass"}).status_code == 302
    head = signed_in(cast.lead_head)
    assert head.post(reverse("list_publish", args=[version.pk]), {"from_day": "2025-04-02", "opinion": "公开"}).status_code == 302
    wrong = head.post(reverse("list_page", args=[version.pk]), {"url": "zj.example.test", "day": "2025-04-01"})
    assert wrong.status_code == 422
    assert "http" in said(wrong)
    assert head.post(reverse("list_page", args=[version.pk]), {"url": "https://zj.example.test/", "day": "2025-04-01"}).status_code == 302
    version.refresh_from_db()
    assert (version.state, version.page_day) == ("published", date(2025, 4, 1))
    assert ChainStep.objects.count() == 7


def test_a_step_nobody_here_answers_to_is_shown_as_an_error(cast: Cast) -> None:
    adopt(cast, "hb")
    Organisation.objects.filter(kind="party_committee").update(active=False)
    version = drafted(cast)
    signed(version, "draft", cast.lead_head)
    page = said(signed_in(cast.clerk).get(reverse("list_version", args=[version.pk])))
    assert "本地没有单位对应“省委”，不能签署" in page


def test_where_the_documents_set_no_approval_the_page_says_so(cast: Cast) -> None:
    version = drafted(cast)
    assert "没有规定审定环节" in said(signed_in(cast.lead_head).get(reverse("list_version", args=[version.pk])))


def test_versions_are_compared_on_the_page(cast: Cast) -> None:
    first = in_force(cast, "housing", "监管工地扬尘")
    second = ok(lists.start(organisation=cast.housing, acting_user=cast.lead_liaison))
    ok(lists.change_item(item=second.items.get(), wording=wording("监管工地和道路扬尘"), acting_user=cast.lead_liaison))
    client = signed_in(cast.lead_liaison)
    page = said(client.get(reverse("list_compare", args=[second.pk])))
    assert "监管工地<ins>和道路</ins>扬尘" in page
    assert "没有可以对照的版本" in said(client.get(reverse("list_compare", args=[first.pk])))
    assert client.get(reverse("list_compare", args=[second.pk]), {"with": "一"}).status_code == 200


@pytest.mark.row("A7")
def test_the_map_shows_gaps_and_the_items_behind_a_cell(cast: Cast) -> None:
    adopt(cast, "jx")
    means(cast, "省环委会办公室", cast.office)
    client = signed_in(cast.clerk)
    assert "还没有现行清单" in said(client.get(reverse("duty_map")))
    with clock.at(date(2025, 1, 15)):
        in_force(cast, "housing", "监管餐饮油烟", "城市黑臭水体整治")
        in_force(cast, "water", "城市黑臭水体整治")
    page = said(client.get(reverse("duty_map"), {"topic": "大气", "unit": cast.housing.pk}))
    assert "不止一个部门牵头 <span class=\"hz-count\">1 处" in page
    assert reverse("determination_new") + "?matter=" in page
    assert "赣办发〔2019〕17号" in page
    assert "大气：住建局" in page
    assert client.get(reverse("duty_map"), {"topic": "没有", "unit": "x"}).status_code == 200
    assert client.get(reverse("duty_map"), {"place": "999999"}).status_code == 404


@pytest.mark.row("A7")
def test_the_map_of_many_items_costs_the_same_queries(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    version = drafted(cast, "housing", "甲事项")
    words = "污水垃圾扬尘噪声油烟河道水库森林矿山港口"
    Item.objects.bulk_create(
        Item(version=version, no=n, text=f"监管{words[n % 20]}{words[n // 20 % 20]}{n}号", relation="lead", basis="甲", clause="乙", fields=["水"])
        for n in range(2, 502)
    )
    signed(version, "draft", cast.lead_head)
    ListVersion.objects.filter(pk=version.pk).update(state="published", from_day=DAY)
    with django_assert_num_queries(5):
        assert len(duty_map(cast.district).items) == 501


def test_the_person_who_left_is_named_on_the_page(cast: Cast) -> None:
    version = in_force(cast)
    inner = InnerUnit.objects.create(organisation=cast.housing, name="排水科")
    client = signed_in(cast.lead_head)
    client.post(reverse("item_assign", args=[version.items.get().pk]), {"inner_unit": inner.pk, "person": cast.lead_liaison.pk, "from_day": "2025-04-01"})
    cast.holding_of(cast.lead_liaison).delete()
    assert "原责任人冯筑已离任" in said(client.get(reverse("item_list", args=[cast.housing.pk])))
