"""The lead reminds a co-operating unit; replies, settling, the report upward, both sides of the day (A9)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from acts import ok, refused
from cast import Cast
from huanze.audit.selectors import timeline
from huanze.base import clock
from huanze.duties.models import CommitteeTask, Determination, Item, Reminder
from huanze.duties.selectors.reminders import led_matters, matter, reminders_listed, visible_reminders
from huanze.duties.services import committees, lists
from huanze.duties.services import reminders as service
from huanze.duties.services.committees import Plan
from huanze.duties.services.lists import Other
from huanze.notices.models import Notice
from huanze.orgs.models import Organisation
from huanze.rules.packs.loader import shipped_pack
from listed import adopt, in_force, means, person

pytestmark = [pytest.mark.django_db, pytest.mark.row("A9")]
DAY = date(2025, 4, 1)
DUE = date(2025, 4, 9)
"""Five working days after 1 April 2025: 4 April is Tomb-Sweeping Day, 5 and 6 are a weekend."""
AFTER = date(2025, 4, 10)


@pytest.fixture(autouse=True)
def _on_the_day():
    with clock.at(DAY):
        yield


@pytest.fixture
def item(cast: Cast) -> Item:
    """Housing leads, water assists by name and the farming bureau by the document's words; then the district takes HB."""
    units = [Other("assist", cast.water), Other("join", name="农业主管部门"), Other("assist", name="有关部门"), Other("lead", cast.housing, what="统筹")]
    means(cast, "农业主管部门", cast.farming)
    version = in_force(cast, "housing", "整治城市黑臭水体", units=units)
    adopt(cast, "hb", DAY)
    return version.items.get()


def sent(cast: Cast, item: Item, **over: Any) -> Reminder:
    said: dict[str, Any] = {"kind": "item", "pk": item.pk, "unit": cast.water, "text": "排口排查尚未启动，请说明进度。", "acting_user": cast.lead_liaison}
    return ok(service.send(**said | over))


def test_the_lead_reminds_a_unit_that_co_operates_in_its_item(cast, item):
    row = sent(cast, item)
    assert (row.lead, row.unit, row.matter, row.clause, row.sent_on, row.reply_due) == (
        cast.housing, cast.water, "整治城市黑臭水体", "HB-8", DAY, DUE,
    )  # fmt: skip
    assert {n.recipient.username for n in Notice.objects.filter(kind="reminder_sent")} == {"water_liaison", "water_head"}
    assert timeline("reminder", row.pk).get().action == "reminders.send"


def test_units_are_those_named_and_those_the_words_mean_here(cast, item):
    about = matter("item", item.pk)
    assert about is not None
    assert (about.leads, about.units) == ((cast.housing,), (cast.water, cast.farming))
    assert sent(cast, item, unit=cast.farming).unit == cast.farming
    assert [m.pk for m in led_matters(cast.lead_head)] == [item.pk]
    assert led_matters(cast.water_head) == []


@pytest.mark.parametrize("unit", ["housing", "town_gov", "other_office", "office"])
def test_a_unit_that_does_not_co_operate_in_it_cannot_be_reminded(cast, item, unit):
    answer = service.send(kind="item", pk=item.pk, unit=getattr(cast, unit), text="请推进", acting_user=cast.lead_head)
    assert list(refused(answer, "inputs", "不是本事项的配合部门").fields) == ["unit"]


@pytest.mark.parametrize("who", ["water_head", "second_head", "clerk", "mayor", "town_head", "other_clerk"])
def test_only_the_lead_reminds(cast, item, who):
    refused(service.send(kind="item", pk=item.pk, unit=cast.water, text="请推进", acting_user=getattr(cast, who)), "wrong_actor", "住建局")
    assert not Reminder.objects.exists()


def test_an_open_reminder_is_not_sent_again(cast, item):
    row = sent(cast, item)
    answer = service.send(kind="item", pk=item.pk, unit=cast.water, text="再次提醒", acting_user=cast.lead_head)
    assert list(refused(answer, "inputs", "已就本事项提醒过").fields) == ["unit"]
    ok(service.settle(reminder=row, acting_user=cast.lead_head))
    sent(cast, item, text="再次提醒")
    assert list(refused(service.send(kind="item", pk=item.pk, unit=cast.farming, text=" ", acting_user=cast.lead_head), "inputs").fields) == ["text"]


def test_where_the_rules_say_nothing_of_reminding_nothing_is_sent(cast):
    version = in_force(cast, "housing", units=[Other("assist", cast.water)])
    answer = service.send(kind="item", pk=version.items.get().pk, unit=cast.water, text="请推进", acting_user=cast.lead_head)
    refused(answer, "no_rule", "没有牵头部门提醒配合部门的条款")


def test_an_item_no_longer_in_force_cannot_be_reminded_of(cast, item):
    draft = ok(lists.start(organisation=cast.farming, acting_user=cast.second_head, from_pack=False))
    coming = ok(lists.add_item(version=draft, wording=lists.Wording("改厕", "lead", "清单", "一", units=[Other("assist", cast.water)]), acting_user=cast.second_head))
    refused(service.send(kind="item", pk=coming.pk, unit=cast.water, text="请推进", acting_user=cast.second_head), "not_found")
    refused(service.send(kind="item", pk=999_999, unit=cast.water, text="请推进", acting_user=cast.lead_head), "not_found")
    refused(service.send(kind="whatever", pk=item.pk, unit=cast.water, text="请推进", acting_user=cast.lead_head), "not_found")


def test_where_the_list_only_assists_the_lead_named_in_it_reminds_its_department(cast):
    version = in_force(cast, "farming", "配合治理面源污染", relation="assist", units=[Other("lead", cast.water)])
    adopt(cast, "jx", DAY)
    about = matter("item", version.items.get().pk)
    assert about is not None
    assert (about.leads, about.units) == ((cast.water,), (cast.farming,))
    row = ok(service.send(kind="item", pk=about.pk, unit=cast.farming, text="请推进", acting_user=cast.water_liaison))
    assert (row.lead, row.clause) == (cast.water, "JX-6")
    refused(service.send(kind="item", pk=about.pk, unit=cast.farming, text="请推进", acting_user=cast.second_head), "wrong_actor")


@pytest.mark.parametrize("who", ["second_head", "water_head"])
def test_both_of_a_shared_lead_may_remind(cast, who):
    units = [Other("joint_lead", cast.water), Other("assist", cast.housing)]
    version = in_force(cast, "farming", "会同水务局牵头治理面源污染", relation="joint_lead", units=units)
    adopt(cast, "hb", DAY)
    user = getattr(cast, who)
    about = led_matters(user)[0]
    assert (about.pk, set(about.leads), about.units) == (version.items.get().pk, {cast.farming, cast.water}, (cast.housing,))
    row = ok(service.send(kind="item", pk=about.pk, unit=cast.housing, text="请推进", acting_user=user))
    assert row.lead == cast.post_of(user).organisation


def test_the_lead_that_was_decided_reminds_the_units_decided_with_it(cast, item):
    made = Determination.objects.create(
        number="2025-牵头-001", region=cast.district, adoption=cast.adoption, chain="lead_decision", matter="餐饮油烟", why="无人牵头", raised_by=cast.clerk,
        raised_for=cast.office, raised_on=DAY, state="decided", lead=cast.water, decided_on=DAY,
    )  # fmt: skip
    made.co_units.set([cast.housing, cast.water])
    row = ok(service.send(kind="determination", pk=made.pk, unit=cast.housing, text="请推进", acting_user=cast.water_head))
    assert (row.determination, row.item, row.matter) == (made, None, "餐饮油烟")
    refused(service.send(kind="determination", pk=made.pk, unit=cast.farming, text="请推进", acting_user=cast.water_head), "inputs")
    refused(service.send(kind="determination", pk=made.pk, unit=cast.housing, text="请推进", acting_user=cast.lead_head), "wrong_actor")
    Determination.objects.filter(pk=made.pk).update(state="opinion")
    assert matter("determination", made.pk) is None


def test_the_lead_of_a_committee_reminds_the_owner_of_an_open_task(cast, item):
    plan = Plan(name="水环境专委会", field="水", why="统筹", members=[cast.water])
    row = ok(committees.request(lead=cast.housing, plan=plan, acting_user=cast.lead_head))
    row = ok(committees.decide(committee=row, approve=True, basis="一号", opinion="同意", acting_user=cast.approver))
    task: CommitteeTask = ok(committees.add_task(committee=row, organisation=cast.water, what="排查排口", due=DUE, acting_user=cast.lead_head))
    assert sent(cast, item, kind="task", pk=task.pk).task == task
    assert {m.kind for m in led_matters(cast.lead_head)} == {"item", "task"}
    own = ok(committees.add_task(committee=row, organisation=cast.housing, what="汇总", due=DUE, acting_user=cast.lead_head))
    refused(service.send(kind="task", pk=own.pk, unit=cast.housing, text="请推进", acting_user=cast.lead_head), "not_ready")
    ok(committees.report_done(task=task, result="完成", acting_user=cast.water_head))
    assert matter("task", task.pk) is None


# ---- replies, settling


def test_the_unit_replies_once_and_the_lead_is_told(cast, item):
    row = sent(cast, item)
    for who in ("lead_head", "second_head", "clerk"):
        refused(service.reply(reminder=row, text="好", acting_user=getattr(cast, who)), "wrong_actor", "水务局")
    assert list(refused(service.reply(reminder=row, text="", acting_user=cast.water_head), "inputs").fields) == ["reply"]
    with clock.at(DUE):
        row = ok(service.reply(reminder=row, text="已排查三成", acting_user=cast.water_liaison))
    assert (row.replied_on, row.standing[0]) == (DUE, "已答复")
    assert {n.recipient.username for n in Notice.objects.filter(kind="reminder_replied")} == {"lead_liaison", "lead_head"}
    assert set(Notice.objects.filter(kind="reminder_sent").values_list("state", flat=True)) == {"cancelled"}
    refused(service.reply(reminder=row, text="补充", acting_user=cast.water_head), "wrong_state")


def test_only_the_lead_settles_and_once(cast, item):
    row = sent(cast, item)
    refused(service.settle(reminder=row, acting_user=cast.water_head), "wrong_actor")
    row = ok(service.settle(reminder=row, acting_user=cast.lead_liaison))
    assert (row.settled_on, row.standing) == (DAY, ("已了结", "green"))
    refused(service.settle(reminder=row, acting_user=cast.lead_head), "wrong_state")
    refused(service.reply(reminder=row, text="迟到", acting_user=cast.water_head), "wrong_state")
    refused(service.report(reminder=row, words="不推进", acting_user=cast.lead_head), "wrong_state", "已了结")


# ---- reported upward


@pytest.mark.parametrize(("day", "may"), [(DAY, False), (DUE, False), (AFTER, True)])
def test_without_a_reply_it_is_reported_only_after_the_day(cast, item, day, may):
    row = sent(cast, item)
    with clock.at(day):
        assert row.overdue is may
        answer = service.report(reminder=row, words="多次催促无果。", acting_user=cast.lead_head)
        if not may:
            refused(answer, "not_ready", "2025年4月9日")
            return
        row = ok(answer)
    assert (row.reported_on, list(row.reported_to.order_by("pk")), row.standing[0]) == (AFTER, [cast.party_committee, cast.government], "已上报")
    assert row.report.split("\n") == [
        "中共青禾区委员会、青禾区人民政府：",
        "多次催促无果。",
        "提醒和答复的经过：",
        "一、2025年4月1日，青禾区住房和城乡建设局就“整治城市黑臭水体”提醒青禾区水务局，请其于2025年4月9日前答复：排口排查尚未启动，请说明进度。",
        "二、截至2025年4月10日，青禾区水务局没有答复。",
        f"依据《{shipped_pack('hb').document.title}》（HB-8）报告。",
        "青禾区住房和城乡建设局　2025年4月10日",
    ]


def test_with_a_reply_that_does_not_help_it_is_reported_at_once(cast, item):
    secretary = person(cast, "secretary", "秦书记", cast.party_committee, rank="head", title="书记")
    row = ok(service.reply(reminder=sent(cast, item), text="没有经费", acting_user=cast.water_head))
    row = ok(service.report(reminder=row, words="答复后仍未启动。", acting_user=cast.lead_head))
    assert "二、2025年4月1日，青禾区水务局答复：没有经费" in row.report
    told = set(Notice.objects.filter(kind="reminder_reported").values_list("recipient", flat=True))
    assert told == {u.pk for u in (secretary, cast.mayor, cast.clerk, cast.office_head, cast.water_head, cast.water_liaison)}
    refused(service.report(reminder=row, words="再报", acting_user=cast.lead_head), "wrong_state", "已上报")
    ok(service.settle(reminder=row, acting_user=cast.lead_head))


@pytest.mark.parametrize("who", ["lead_liaison", "water_head", "office_head", "mayor"])
def test_only_the_head_of_the_lead_reports(cast, item, who):
    row = sent(cast, item)
    with clock.at(AFTER):
        refused(service.report(reminder=row, words="不推进", acting_user=getattr(cast, who)), "wrong_actor", "主要负责人")
        assert list(refused(service.report(reminder=row, words=" ", acting_user=cast.lead_head), "inputs").fields) == ["words"]


def test_nothing_is_reported_to_bodies_nobody_knows(cast, item):
    Organisation.objects.filter(pk=cast.party_committee.pk).update(active=False)
    row = sent(cast, item)
    with clock.at(AFTER):
        refused(service.report(reminder=row, words="不推进", acting_user=cast.lead_head), "not_ready", "同级党委")


def test_a_late_reply_after_the_report_is_still_kept(cast, item):
    row = sent(cast, item)
    with clock.at(AFTER):
        row = ok(service.report(reminder=row, words="不推进", acting_user=cast.lead_head))
        assert ok(service.reply(reminder=row, text="已启动", acting_user=cast.water_head)).replied_on == AFTER
    assert "已启动" not in Reminder.objects.get(pk=row.pk).report


# ---- seen


def test_seen_by_both_sides_the_office_and_once_reported_by_those_reported_to(cast, item):
    row = sent(cast, item)
    before = {"lead_liaison", "lead_head", "water_liaison", "water_head", "clerk", "office_head"}
    everyone = ("mayor", "leader", "approver", "congress_leader", "discipline_officer", "second_head", "town_head", "other_clerk", "audit_admin", *before)
    assert {who for who in everyone if visible_reminders(getattr(cast, who)).exists()} == before
    with clock.at(AFTER):
        ok(service.report(reminder=row, words="不推进", acting_user=cast.lead_head))
    assert {who for who in everyone if visible_reminders(getattr(cast, who)).exists()} == before | {"mayor", "leader"}
    assert visible_reminders(cast.mayor).count() == 1


def test_the_boxes(cast, item):
    row = sent(cast, item)
    other = sent(cast, item, unit=cast.farming)
    ok(service.reply(reminder=other, text="已办", acting_user=cast.second_head))
    with clock.at(AFTER):
        boxes = {box: set(reminders_listed(cast.lead_head, box)) for box in ("", "sent", "received", "overdue", "reported")}
        assert boxes == {"": {row, other}, "sent": {row, other}, "received": set(), "overdue": {row}, "reported": set()}
        assert set(reminders_listed(cast.water_head, "received")) == {row}
