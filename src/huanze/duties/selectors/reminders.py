"""What a lead may remind of and whom, which reminders a person sees, and where reports go (HB-8, JX-6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from huanze.base import clock
from huanze.duties.models import Committee, CommitteeTask, Determination, Item, ListVersion, Reminder
from huanze.duties.models.lists import Relation
from huanze.duties.selectors.committees import tasks, visible_task
from huanze.duties.selectors.determinations import visible as visible_determinations
from huanze.duties.selectors.lists import published_on
from huanze.duties.selectors.scope import sight
from huanze.orgs.models import Organisation, Post, Region, User
from huanze.orgs.selectors import posts_of, subtree
from huanze.policies import selectors as policies
from huanze.policies.models import Adoption
from huanze.policies.selectors.naming import who
from huanze.rules.packs.schema import Duty

ITEM, DETERMINATION, TASK = "item", "determination", "task"
DUTY = "remind"
LEADS = (Relation.LEAD, Relation.JOINT_LEAD)
WORKS = (Post.Rank.LIAISON, Post.Rank.HEAD)
BOXES: Mapping[str, str] = {"": "全部", "sent": "我单位发出", "received": "我单位收到", "overdue": "逾期未答复", "reported": "已上报"}


@dataclass(frozen=True, slots=True)
class Matter:
    """What may be reminded of: an item in force, a decided matter or an open task; who leads it and who co-operates in it."""

    kind: str
    pk: int
    text: str
    region: Region
    leads: tuple[Organisation, ...]
    units: tuple[Organisation, ...]

    @property
    def label(self) -> str:
        return {ITEM: "具体事项", DETERMINATION: "已明确牵头的事项", TASK: "专业委员会任务"}[self.kind]

    def led_by(self, organisations: Collection[int]) -> Organisation | None:
        return next((unit for unit in self.leads if unit.pk in organisations), None)


def matter(kind: str, pk: int) -> Matter | None:
    """The matter as it stands today; None if it is not in force, not decided, or done."""
    match kind:
        case "item":
            return next(iter(_of_items(_items().filter(pk=pk))), None)
        case "determination":
            return next((_of_determination(row) for row in _determinations().filter(pk=pk)), None)
        case "task":
            return next((_of_task(row) for row in _tasks().filter(pk=pk)), None)
    return None


def visible_matter(user: User, kind: str, pk: int) -> Matter | None:
    """The same, if this person may see it: a list of a place he sees, a determination or a committee he sees."""
    match kind:
        case "item":
            found = matter(kind, pk)
            return found if found and sight(user, found.region).published else None
        case "determination":
            return matter(kind, pk) if visible_determinations(user).filter(pk=pk).exists() else None
        case "task":
            return matter(kind, pk) if visible_task(user, pk) else None
    return None


def led_matters(user: User) -> list[Matter]:
    """What the departments a person works for lead and other units co-operate in, where the rules let a lead remind."""
    own = [h.post.organisation_id for h in posts_of(user) if h.post.rank in WORKS]
    led = Q(version__item_list__organisation__in=own, relation__in=LEADS)
    shared = Q(pk__in=Item.objects.filter(units__organisation__in=own, units__relation__in=LEADS).values("pk"))
    found = [
        *_of_items(_items().filter(led | shared)),
        *(_of_determination(row) for row in _determinations().filter(lead__in=own)),
        *(_of_task(row) for row in _tasks().filter(committee__lead__in=own)),
    ]
    matters = [row for row in found if row.led_by(own) and row.units]
    ruled = {region for region in {row.region for row in matters} if rule_here(region)}
    return [row for row in matters if row.region in ruled]


def rule_here(region: Region) -> tuple[Adoption, Duty] | None:
    """The adoption in force in a place and its duty to remind; None where the rules have none."""
    adoption = policies.pack_for(region, clock.today())
    if adoption is None:
        return None
    duty = next((duty for duty in policies.pack(adoption.pack_id).duties if duty.key == DUTY), None)
    return (adoption, duty) if duty else None


def report_bodies(region: Region, duty: Duty) -> tuple[list[Organisation], list[str]]:
    """(the bodies of the place that get the report, the document's words to which nobody here answers)."""
    found = who(region, duty.report_to)
    units = {unit.pk: unit for units in found.values() for unit in units}
    return list(units.values()), [name for name, units in found.items() if not units]


def visible_reminders(user: User) -> QuerySet[Reminder]:
    """Reminders one's own units sent, got or were reported, and all of the place for its office. The one place that decides it."""
    posts = [h.post for h in posts_of(user)]
    own = {post.organisation_id for post in posts}
    told = Reminder.reported_to.through.objects.filter(organisation__in=own).values("reminder")
    wanted = Q(lead__in=own) | Q(unit__in=own) | Q(pk__in=told)
    for post in posts:
        if post.organisation.kind == Organisation.Kind.COMMISSION_OFFICE:
            lo, hi = subtree(post.organisation.region)
            wanted |= Q(region__path__gte=lo, region__path__lt=hi)
    return Reminder.objects.filter(wanted).select_related("lead", "unit", "region", "sent_by", "replied_by", "reported_by")


def reminders_listed(user: User, box: str) -> QuerySet[Reminder]:
    """One box of a person: sent, received, overdue, reported, or all of them."""
    own = {h.post.organisation_id for h in posts_of(user)}
    narrowed = {
        "sent": Q(lead__in=own),
        "received": Q(unit__in=own),
        "overdue": Q(replied_on=None, settled_on=None, reply_due__lt=clock.today()),
        "reported": Q(reported_on__isnull=False),
    }.get(box, Q())
    return visible_reminders(user).filter(narrowed)


# ---- inside


def _items() -> QuerySet[Item]:
    in_force = ListVersion.objects.filter(published_on(clock.today()))
    rows = Item.objects.filter(version__in=in_force).select_related("version__item_list__organisation__region")
    return rows.prefetch_related("units__organisation__region").order_by("version__item_list", "no")


def _determinations() -> QuerySet[Determination]:
    states = (Determination.State.DECIDED, Determination.State.PUBLISHED)
    rows = Determination.objects.filter(state__in=states, lead__isnull=False).select_related("lead__region")
    return rows.prefetch_related("co_units__region").order_by("pk")


def _tasks() -> QuerySet[CommitteeTask]:
    rows = tasks().filter(done_on=None, committee__state=Committee.State.ACTIVE)
    return rows.select_related("organisation__region", "committee__lead__region").order_by("due", "pk")


def _of_items(items: Iterable[Item]) -> list[Matter]:
    """Items with their units; words that stand for no single organisation are asked of the place, all at once."""
    rows = list(items)
    asked: dict[Region, dict[str, None]] = {}
    for item in rows:
        for unit in item.units.all():
            if unit.organisation is None and unit.name:
                asked.setdefault(item.version.item_list.organisation.region, {})[unit.name] = None
    meant = {(region.pk, name): units for region, names in asked.items() for name, units in who(region, names).items()}
    return [_of_item(item, meant) for item in rows]


def _of_item(item: Item, meant: Mapping[tuple[int, str], Sequence[Organisation]]) -> Matter:
    own = item.version.item_list.organisation
    stands: list[tuple[str, Organisation]] = [(item.relation, own)]
    for unit in item.units.all():
        named = [unit.organisation] if unit.organisation else meant.get((own.region_id, unit.name), ())
        stands += [(unit.relation, organisation) for organisation in named]
    leads = {unit.pk: unit for relation, unit in stands if relation in LEADS}
    units = {unit.pk: unit for relation, unit in stands if relation not in LEADS and unit.pk not in leads and unit.active}
    return Matter(ITEM, item.pk, item.text, own.region, tuple(leads.values()), tuple(units.values()))


def _of_determination(row: Determination) -> Matter:
    lead = row.lead
    assert lead is not None  # noqa: S101 - asked of the database
    units = tuple(unit for unit in row.co_units.all() if unit.pk != lead.pk and unit.active)
    return Matter(DETERMINATION, row.pk, row.matter, lead.region, (lead,), units)


def _of_task(row: CommitteeTask) -> Matter:
    lead = row.committee.lead
    units = () if row.organisation_id == lead.pk else (row.organisation,)
    return Matter(TASK, row.pk, row.what, lead.region, (lead,), units)
