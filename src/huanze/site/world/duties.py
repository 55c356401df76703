"""The same year on the side of duties: a document is kept and becomes rules, departments make lists, matters find a lead.

Acts happen on fixed days after the first one, through the real services; what falls due is done by how keen a unit is.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from importlib.resources import files

from huanze.base import clock
from huanze.duties.models import Determination, Item, ItemUnit, ListVersion
from huanze.duties.services import (
    assignments,
    chain,
    committees,
    deciding,
    determining,
    lists,
    policy_checks,
    reminders,
)
from huanze.obligations.models import Occurrence
from huanze.obligations.services import complete, put_in_force
from huanze.orgs import structure
from huanze.orgs.models import Organisation, User
from huanze.policies.models import Fact, PackDraft, PackVersion, PolicyDocument
from huanze.policies.services import documents, drafts, facts
from huanze.site.world.district import DEPARTMENTS, District, must
from huanze.site.world.year import Year

CODE, PARENT = "qy", "xq"
DONE_BEFORE = 5
"""Days before a duty is due on which units begin to think of it."""


def live(year: Year, first: date, last: date, day: date) -> None:
    """What happens on ``day`` beside the problems."""
    act = STORY.get((day - first).days)
    if act is not None:
        act(year, day, last)
    _fall_due(year, day)


def cn(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _paper(name: str, **said: str | int) -> bytes:
    return files("huanze.site.world").joinpath("papers", name).read_text(encoding="utf-8").format(**said).encode()


def _keep(district: District, name: str, content: bytes) -> PolicyDocument:
    return must(
        documents.keep(
            stream=io.BytesIO(content), name=name, region=district.region, kept_by=district.office, source="区环委会印发（演示）",
            acting_user=district.users["zgb"],
        )
    )  # fmt: skip


def _adopt_document(year: Year, day: date, last: date) -> None:
    """The clerk keeps and reviews a document and drafts its pack, the head of the office passes it, the group's head adopts it."""
    district = year.district
    clerk, head, leader = (district.users[name] for name in ("zgb", "zgbzr", "zuzhang"))
    deadline, from_day = last + timedelta(days=40), day + timedelta(days=5)
    kept = _keep(district, "履职办法.txt", _paper("duties.txt", year=day.year, day=cn(day), from_day=cn(from_day), deadline=cn(deadline)))
    must(facts.accept_all_sure(document_id=kept.pk, acting_user=clerk))
    for fact in Fact.objects.filter(document=kept, decision=Fact.Decision.OPEN):
        must(facts.drop(fact_id=fact.pk, why="同一句已由其他事实说明", acting_user=clerk))
    settled = must(documents.finish(document_id=kept.pk, acting_user=clerk))
    draft: PackDraft = must(drafts.make(document=settled, code=CODE, parent=PARENT, acting_user=clerk))
    must(drafts.submit(draft=draft, acting_user=clerk))
    passed = must(drafts.pass_(draft=draft, opinion="与原文核对一致，同意。", acting_user=head))
    version = PackVersion.objects.get(drafts=passed)
    must(
        put_in_force(
            region=district.region, pack_version=version, from_day=from_day, settings={}, basis=f"清环委〔{day.year}〕3号", acting_user=leader
        )
    )  # fmt: skip


def _departments(district: District) -> list[tuple[Organisation, User, User]]:
    """Each department with its liaison and its head."""
    return [(district.units[short], district.users[f"ju{n}"], district.users[f"ju{n}z"]) for n, short in enumerate(DEPARTMENTS, start=1)]


def _make_lists(year: Year, day: date, last: date) -> None:
    """Every department makes its list; the last one is still on its way."""
    district = year.district
    every = _departments(district)
    for number, (unit, liaison, head) in enumerate(every, start=1):
        version: ListVersion = must(lists.start(organisation=unit, acting_user=liaison, reason="首次编制"))
        must(chain.sign(version=version, step="draft", opinion="同意报审。", acting_user=head))
        must(chain.sign(version=version, step="first_review", opinion="与办法附件一致，同意。", acting_user=district.users["zgbzr"]))
        if number == len(every):
            break
        for body in ("shuji", "quzhang"):
            must(chain.sign(version=version, step="approve", opinion="同意。", acting_user=district.users[body]))
        must(chain.publish(version=version, from_day=day, opinion="按程序公开。", acting_user=head))
        _break_down(district, unit, version, liaison, head, every=number % 3 != 0)
        if number % 4:
            url = f"https://example.invalid/{liaison.username}/list"
            must(chain.confirm_page(version=version, url=url, day=day, acting_user=liaison))


def _break_down(district: District, unit: Organisation, version: ListVersion, liaison: User, head: User, *, every: bool) -> None:
    """Items go to an inner unit and a person; where not ``every`` one does, the last stays an open error."""
    office = must(structure.create_inner_unit(organisation=unit, name="生态环境科", acting_user=district.users["xitong"]))
    items = list(version.items.all())
    for item in items if every else items[:-1]:
        must(assignments.assign(item=item, inner_unit=office, person=liaison, from_day=clock.today(), acting_user=head))


def _revise_list(year: Year, day: date, last: date) -> None:
    """The first department adds an item: a second version in force, its page not yet updated."""
    district = year.district
    unit, liaison, head = _departments(district)[0]
    version: ListVersion = must(lists.start(organisation=unit, acting_user=liaison, reason="增加装修垃圾管理事项"))
    said = lists.Wording("负责装修垃圾投放、收运和处置的监管", "lead", "建筑垃圾管理规定（演示）", "第六条", "负责")
    must(lists.add_item(version=version, wording=said, acting_user=liaison))
    must(chain.sign(version=version, step="draft", opinion="同意报审。", acting_user=head))
    must(chain.sign(version=version, step="first_review", opinion="同意。", acting_user=district.users["zgbzr"]))
    for body in ("shuji", "quzhang"):
        must(chain.sign(version=version, step="approve", opinion="同意。", acting_user=district.users[body]))
    must(chain.publish(version=version, from_day=day, opinion="按程序公开。", acting_user=head))


def _raise(year: Year, town: int, matter: str, why: str, asked: tuple[int, ...]) -> Determination:
    district = year.district
    unit = district.posts[f"zhen{town}"].organisation
    raised: Determination = must(
        determining.raise_matter(organisation=unit, matter=matter, why=why, acting_user=district.users[f"zhen{town}"])
    )
    every = _departments(district)
    must(determining.consult(determination=raised, organisations=[every[n][0] for n in asked], acting_user=district.users["zgb"]))
    return raised


def _determine(year: Year, day: date, last: date) -> None:
    """A matter of nobody: three views, one of them against what is decided."""
    district = year.district
    housing, water, farming = _departments(district)[:3]
    raised = _raise(year, 1, "农贸市场周边餐厨废弃物乱排入沟渠的日常监管", "多次接到反映，各单位均认为不属本单位职责。", (0, 1, 2))
    for (_, liaison, _), stance, proposes, text in (
        (housing, "other", water[0], "问题在沟渠，宜由水务部门牵头。"),
        (water, "other", housing[0], "废弃物收运属住建部门职责。"),
        (farming, "none", None, ""),
    ):
        must(determining.give_view(determination=raised, stance=stance, text=text, proposes=proposes, acting_user=liaison))
    office = district.users["zgb"]
    must(determining.form_opinion(determination=raised, proposed_lead=housing[0], opinion="从源头收运管起，建议由住建局牵头，水务局配合。", acting_user=office))
    must(
        deciding.decide(
            determination=raised, lead=housing[0], co_units=[water[0]], basis=f"清政函〔{day.year}〕12号", reason="源头在收运环节。",
            acting_user=district.users["quzhang"],
        )
    )  # fmt: skip


def _ask_again(year: Year, day: date, last: date) -> None:
    """A second matter, still with the units that were asked."""
    raised = _raise(year, 2, "废弃光伏板的回收处置由谁牵头", "群众询问增多，没有单位受理。", (0, 5))
    _, liaison, _ = _departments(year.district)[5]
    said = "可由本单位会同有关单位研究。"
    must(determining.give_view(determination=raised, stance="self", text=said, proposes=None, acting_user=liaison))


def _committee(year: Year, day: date, last: date) -> None:
    """A committee for water, with a meeting and two tasks, one done."""
    district = year.district
    every = _departments(district)
    (water, _, head), (housing, housing_liaison, _), (farming, *_) = every[1], every[0], every[2]
    plan = committees.Plan("水环境治理专业委员会", "河湖和污水治理", "协调雨污管网、河道和农村污水治理。", [housing, farming])
    made = must(committees.request(lead=water, plan=plan, acting_user=head))
    leader = district.users["zuzhang"]
    must(committees.decide(committee=made, approve=True, basis=f"清整改〔{day.year}〕8号", opinion="同意设立。", acting_user=leader))
    meeting = must(
        committees.record_meeting(
            committee=made, day=day, topics=["雨污混接点整改", "河道清理安排"], attended=[water, housing, farming],
            decisions="住建局摸清混接点底数，农业农村局清理沿河农膜。", acting_user=head,
        )
    )  # fmt: skip
    due = day + timedelta(days=45)
    task = must(committees.add_task(committee=made, organisation=housing, what="摸清雨污混接点底数", due=due, meeting=meeting, acting_user=head))
    must(committees.report_done(task=task, result="已排查27处，列入整改计划。", acting_user=housing_liaison))
    must(committees.add_task(committee=made, organisation=farming, what="清理沿河废旧农膜", due=due, meeting=meeting, acting_user=head))


def _remind(year: Year, day: date, last: date) -> None:
    """The lead reminds a unit that lags."""
    housing, _, head = _departments(year.district)[0]
    with_others = ItemUnit.objects.filter(organisation__isnull=False).values("item")
    items = Item.objects.filter(pk__in=with_others, version__item_list__organisation=housing, relation="lead")
    item = items.filter(version__state="published", version__until_day=None).order_by("no")[0]
    unit = Organisation.objects.filter(pk__in=item.units.values("organisation"))[0]
    text = "沿河管网改造方案的会签意见已逾期，请尽快办理。"
    must(reminders.send(kind="item", pk=item.pk, unit=unit, text=text, acting_user=head))


def _check_policy(year: Year, day: date, last: date) -> None:
    """A plan is checked before it is issued; it stays under review, with facts nobody has decided on."""
    district = year.district
    kept = _keep(district, "扬尘治理行动方案（征求意见稿）.txt", _paper("plan.txt", year=day.year, day=cn(day)))
    must(policy_checks.start(document_id=kept.pk, organisation=district.office, acting_user=district.users["zgb"]))


def _fall_due(year: Year, day: date) -> None:
    """Units do what is due, the keen ones in time."""
    near = Occurrence.objects.filter(done_on=None, ended_on=None, due__lte=day + timedelta(days=DONE_BEFORE), opens_on__lte=day)
    for row in near.filter(subject_type="", unplaced=False).select_related("organisation").order_by("pk"):
        if year.rng.random() > year.keenness(row.organisation_id) / 2:
            continue
        user = next((year.district.users[name] for name, post in year.district.posts.items() if post.organisation_id == row.organisation_id), None)
        if user is not None:
            year.note("duty", complete(occurrence=row, note="已按要求完成，材料存档。", acting_user=user))


STORY: dict[int, Callable[[Year, date, date], None]] = {
    60: _adopt_document,
    80: _make_lists,
    150: _determine,
    170: _committee,
    300: _revise_list,
    340: _remind,
    352: _ask_again,
    358: _check_policy,
}
"""Days after the first one."""
