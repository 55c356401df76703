"""An item broken down to an inner unit and a person of the department (A5).

An assignment holds for the item through every later version until another takes its place. When the person leaves the
department the item is an open error again: that is read from the posts held, so nobody has to remember to say it.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from huanze.base import clock
from huanze.duties.models import Assignment, Item, ItemList, ListVersion
from huanze.duties.selectors.lists import BREAKDOWN_DUTY, SUBJECT, open_errors_of
from huanze.duties.services.chain import settle
from huanze.duties.services.lists import lock, url_of, write_down
from huanze.notices.services import cancel, notify
from huanze.orgs.models import Holding, InnerUnit, Organisation, Post, User
from huanze.orgs.selectors import holds, posts_of
from huanze.rules.calendar import chinese_date
from huanze.rules.verdicts import Refusal

LEADERS = (Post.Rank.HEAD, Post.Rank.DEPUTY)


@transaction.atomic
def assign(*, item: Item, inner_unit: InnerUnit, person: User, from_day: date, acting_user: User) -> Assignment | Refusal:
    """Say which inner unit and which person do an item of the version in force, from a day on.

    By the head or a deputy of the department. The person holds a post there, on that day and today.
    """
    version = lock(item.version_id)
    unit = version.item_list.organisation
    hat = holds(acting_user, organisations=[unit.pk], ranks=LEADERS)
    if hat is None:
        return Refusal("wrong_actor", f"{unit}的具体事项由本部门负责人分解到科室和责任人")
    if version.state != ListVersion.State.PUBLISHED or version.until_day and version.until_day < clock.today():
        return Refusal("wrong_state", f"第{version.number}版不是现行清单，请在现行的一版中分解")
    ItemList.objects.select_for_update().get(pk=version.item_list_id)
    former = Assignment.objects.filter(item_list=version.item_list_id, lineage=item.lineage, until_day=None).first()
    wrong = _wrong(unit, inner_unit, person, from_day, former)
    if wrong:
        return Refusal("inputs", "；".join(wrong.values()), fields=wrong)
    if former is not None:
        former.until_day = from_day - timedelta(days=1)
        former.save(update_fields=["until_day"])
        cancel(subject_type=SUBJECT, subject_id=version.pk, why="已改由他人承担", kinds=[f"list_item_{item.no}"], recipients=[former.person_id])
    made = Assignment.objects.create(
        item_list=version.item_list, lineage=item.lineage, inner_unit=inner_unit, person=person, from_day=from_day, set_by=acting_user
    )
    notify(
        recipients=[person], subject_type=SUBJECT, subject_id=version.pk, kind=f"list_item_{item.no}", text=f"您负责{unit}具体事项第{item.no}项：{item.text}",
        url=url_of(version), clause=item.clause[:40], day=clock.today(), again=True,
    )  # fmt: skip
    if not open_errors_of(unit).exists():
        settle(version, BREAKDOWN_DUTY, "各事项均已落实到科室和责任人", acting_user)
    payload = {"no": item.no, "lineage": item.lineage, "inner_unit": inner_unit.name, "person": person.username, "from": from_day}
    write_down("assign", version, acting_user, hat, payload)
    return made


def _wrong(unit: Organisation, inner_unit: InnerUnit, person: User, from_day: date, former: Assignment | None) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if inner_unit.organisation_id != unit.pk:
        wrong["inner_unit"] = f"{inner_unit}不是{unit}的科室"
    if not _works_in(person, unit, inner_unit, clock.today()):
        wrong["person"] = f"{person}现在不在{unit}{inner_unit}任职，只能由在该科室任职的人员承担"
    elif not _works_in(person, unit, inner_unit, from_day):
        wrong["from_day"] = f"{person}在{chinese_date(from_day)}还没有到{unit}{inner_unit}任职"
    if from_day > clock.today():
        wrong["from_day"] = "起日不能晚于今天"
    elif former is not None and from_day < former.from_day:
        wrong["from_day"] = f"起日不能早于上一次分解的起日{chinese_date(former.from_day)}"
    return wrong


def _works_in(person: User, unit: Organisation, inner_unit: InnerUnit, day: date) -> bool:
    """Whether he holds a post of the department that belongs to the inner unit, or to none in particular."""
    held: list[Holding] = [h for h in posts_of(person, day) if h.post.organisation_id == unit.pk]
    return any(h.post.inner_unit_id in (None, inner_unit.pk) for h in held)
