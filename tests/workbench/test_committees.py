"""The pages of committees, reminders and policy checks: what is pressed happens, what is wrong is said where it is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cast import Cast
from committees_world import DAY, LATER, lived
from huanze.base import clock
from huanze.duties.models import CheckedItem, Committee, CommitteeTask, Meeting, PolicyCheck, Reminder
from pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(cast: Cast) -> Any:
    found = lived(cast)
    with clock.at(LATER):
        yield found


def post(user: Any, address: str, /, *args: int, **data: Any) -> Any:
    return signed_in(user).post(reverse(address, args=args), data)


@pytest.mark.row("A8")
def test_a_committee_from_request_to_end(cast, world):
    said = {"lead": cast.housing.pk, "name": "噪声治理专业委员会", "field": "噪声", "members": [cast.water.pk], "why": "统筹"}
    wrong = post(cast.lead_head, "committee_new", **said | {"members": []})
    assert wrong.status_code == 422
    assert "请填写此项" in wrong.content.decode()
    wrong = post(cast.lead_head, "committee_new", **said | {"name": "扬尘治理专业委员会"})
    assert (wrong.status_code, "同名" in wrong.content.decode(), "噪声" in wrong.content.decode()) == (422, True, True)
    made = Committee.objects.get(pk=int(post(cast.lead_head, "committee_new", **said).url.split("/")[-2]))

    wrong = post(cast.approver, "committee_decide", made.pk, approve="yes", opinion="同意")
    assert (wrong.status_code, "批准文号" in wrong.content.decode()) == (422, True)
    assert post(cast.approver, "committee_decide", made.pk, approve="yes", basis="一号", opinion="同意").status_code == 302
    assert post(cast.lead_head, "committee_members", made.pk, join=[cast.farming.pk], day="2025-04-10").status_code == 302
    topics = {"day": "2025-04-10", "topics": "议题一\n\n议题二", "attended": [cast.housing.pk, cast.farming.pk], "decisions": "办"}
    assert post(cast.lead_head, "committee_meeting", made.pk, **topics).status_code == 302
    meeting = Meeting.objects.get(committee=made)
    assert meeting.topics == ["议题一", "议题二"]
    asked = signed_in(cast.lead_head).get(reverse("committee_task", args=[made.pk]), {"meeting": meeting.pk}).content.decode()
    assert f'value="{meeting.pk}" selected' in asked
    task = {"organisation": cast.farming.pk, "what": "巡查", "due": "2025-04-30", "meeting": meeting.pk}
    assert post(cast.lead_head, "committee_task", made.pk, **task).status_code == 302
    assert post(cast.approver, "committee_dissolve", made.pk, why="完成").status_code == 422
    row = CommitteeTask.objects.get(committee=made)
    assert (row.meeting, row.organisation, row.due) == (meeting, cast.farming, date(2025, 4, 30))
    assert post(cast.second_liaison, "committee_task_done", row.pk, result="已巡查").status_code == 302
    assert post(cast.second_liaison, "committee_task_done", row.pk, result="已巡查").status_code == 409
    assert post(cast.approver, "committee_dissolve", made.pk, why="完成").status_code == 302
    made.refresh_from_db()
    assert (made.state, made.dissolved_why) == ("dissolved", "完成")
    shown = signed_in(cast.town_head).get(reverse("committee", args=[made.pk])).content.decode()
    assert all(words in shown for words in ("已撤销", "议题二", "已巡查", "一号"))


@pytest.mark.row("A8")
def test_the_list_says_where_the_rules_have_no_such_clause(cast):
    shown = signed_in(cast.lead_head).get(reverse("committees")).content.decode()
    assert "青禾区现行规则没有设立专业委员会的条款，不能申请设立" in shown
    assert "申请设立</a>" not in shown
    answer = signed_in(cast.lead_head).get(reverse("committee_new"))
    assert (answer.status_code, "没有设立专业委员会的条款" in answer.content.decode()) == (422, True)


@pytest.mark.row("A8")
def test_late_tasks_are_red_and_only_their_owner_may_report_them(cast, world):
    page = reverse("committee", args=[world["active"].pk])
    owner, lead, other = (signed_in(u).get(page).content.decode() for u in (cast.water_head, cast.lead_head, cast.town_head))
    assert "1 项任务已过期限未完成" in owner
    assert reverse("committee_task_done", args=[world["task"].pk]) in owner
    assert f"{reverse('reminder_new')}?task={world['task'].pk}" in lead
    assert reverse("committee_task_done", args=[world["task"].pk]) not in other
    assert "可办事项" not in other


@pytest.mark.row("A9")
def test_a_reminder_from_an_item_to_a_report(cast, world):
    client = signed_in(cast.lead_head)
    matters = client.get(reverse("reminder_new")).content.decode()
    assert f"{reverse('reminder_new')}?item={world['item'].pk}" in matters
    page = f"{reverse('reminder_new')}?task={world['task'].pk}"
    shown = client.get(page).content.decode()
    assert "2025年4月17日" in shown
    assert "文件没有规定答复期限，按本地默认的 5 个工作日计算" in shown
    assert client.post(page, {"unit": cast.water.pk, "text": ""}).status_code == 422
    made = Reminder.objects.get(pk=int(client.post(page, {"unit": cast.water.pk, "text": "请推进"}).url.split("/")[-2]))
    again = client.post(page, {"unit": cast.water.pk, "text": "请推进"})
    assert (again.status_code, "已就本事项提醒过" in again.content.decode()) == (422, True)

    shown = client.get(reverse("reminder", args=[made.pk])).content.decode()
    assert "答复期限是2025年4月17日（含当日）" in shown
    assert client.get(reverse("reminder_report", args=[made.pk])).status_code == 409
    assert post(cast.water_liaison, "reminder_reply", made.pk, reply="已安排").status_code == 302
    assert post(cast.lead_head, "reminder_report", made.pk, words="仍未启动").status_code == 302
    made.refresh_from_db()
    assert "二、2025年4月10日，青禾区水务局答复：已安排" in made.report
    assert "仍未启动" in signed_in(cast.mayor).get(reverse("reminder", args=[made.pk])).content.decode()
    assert post(cast.lead_head, "reminder_settle", made.pk).status_code == 302
    assert post(cast.lead_head, "reminder_settle", made.pk).status_code == 409


@pytest.mark.row("A9")
@pytest.mark.parametrize("query", ["item=999999", "item=abc&task=1e9", "determination=0"])
def test_an_address_that_names_nothing_is_not_there(cast, world, query):
    answer = signed_in(cast.lead_head).get(f"{reverse('reminder_new')}?{query}")
    assert answer.status_code == (200 if "abc" in query else 404)


@pytest.mark.row("A9")
@pytest.mark.parametrize(("who", "box", "shown"), [("lead_head", "sent", 3), ("water_head", "received", 2), ("water_head", "overdue", 1), ("mayor", "", 1), ("clerk", "reported", 1), ("town_head", "", 0)])
def test_the_boxes_show_each_his_own(cast, world, who, box, shown):
    with clock.at(LATER):
        answer = signed_in(getattr(cast, who)).get(reverse("reminders"), {"box": box})
    assert len(answer.context["rows"]) == shown + (who == "water_head" and box == "overdue")


@pytest.mark.row("A4")
def test_a_check_from_the_document_to_the_opinion(cast, world):
    PolicyCheck.objects.update(state="done", closed_on=DAY)
    answer = post(cast.lead_head, "policy_check_new", world["paper"].pk, organisation=cast.housing.pk)
    row = PolicyCheck.objects.get(pk=int(answer.url.split("/")[-2]))
    assert signed_in(cast.lead_head).get(reverse("policy_check_new", args=[world["paper"].pk])).status_code == 422
    shown = signed_in(cast.lead_head).get(reverse("policy_check", args=[row.pk])).content.decode()
    assert shown.index("没有写明由哪个部门负责") < shown.index("责任部门、牵头部门都已写明") < shown.index("不是具体事项 <span")

    def act(no: int, **data: str) -> None:
        assert post(cast.lead_liaison, "policy_check_item", row.pk, no, **data).status_code == 302

    act(3, act="note", words="修订稿写明由城管局牵头")
    act(4, act="aside", words="倡导性内容")
    act(5, act="note", words="")
    act(5, act="nonsense", words="x")
    assert post(cast.lead_head, "policy_check_close", row.pk, opinion="符合").status_code == 422
    act(5, act="note", words="修订稿写明由住建局牵头")
    act(1, act="back")
    act(1, act="aside", words="总体要求")
    assert [i.settled for i in CheckedItem.objects.filter(check_of=row, no__in=[3, 4, 5])] == ["修订稿写明由城管局牵头", "倡导性内容", "修订稿写明由住建局牵头"]
    assert post(cast.lead_head, "policy_check_item", row.pk, 99, act="note", words="x").status_code == 404
    assert post(cast.lead_head, "policy_check_close", row.pk, opinion="修订后符合").status_code == 302
    assert post(cast.lead_head, "policy_check_item", row.pk, 3, act="note", words="x").status_code == 409
    shown = signed_in(cast.mayor).get(reverse("policy_check", args=[row.pk])).content.decode()
    assert "修订后符合" in shown
    assert "保存处理情况" not in shown


@pytest.mark.row("A4", "A8", "A9")
def test_lists_ask_the_same_number_of_questions_however_long(cast, world):
    client = signed_in(cast.clerk)

    def asked(name: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse(name))
        return sum('FROM "duties_' in query["sql"] or 'FROM "orgs_org' in query["sql"] for query in seen.captured_queries)

    before = {name: asked(name) for name in ("committees", "reminders", "policy_checks")}
    for n in range(5):
        made = Committee.objects.get(pk=world["asked"].pk)
        made.pk, made.name = None, f"第{n}个"
        made.save()
        reminder = Reminder.objects.get(pk=world["late"].pk)
        reminder.pk = None
        reminder.save()
        check = PolicyCheck.objects.get(pk=world["check"].pk)
        check.pk = None
        check.save()
    assert {name: asked(name) for name in before} == before
