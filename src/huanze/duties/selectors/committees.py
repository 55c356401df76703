"""What the pages of special committees read: the rule in force, what a person sees, a committee with all that hangs on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, QuerySet

from huanze.base import clock
from huanze.duties.models import (
    Committee,
    CommitteeMember,
    CommitteeTask,
    Determination,
    Item,
    ListVersion,
    Meeting,
)
from huanze.duties.models.lists import Relation
from huanze.duties.selectors.lists import published_on
from huanze.orgs.models import Organisation, Region, User
from huanze.orgs.selectors import ancestry, organisations_in, posts_of, scope_of_posts, subtree
from huanze.policies import selectors as policies
from huanze.policies.models import Adoption
from huanze.policies.selectors.naming import who
from huanze.rules.packs.parts import Setting
from huanze.rules.packs.schema import Committee as Clause
from huanze.rules.packs.schema import Pack

Kind = Organisation.Kind
MEMBERS = (Kind.DEPARTMENT, Kind.OTHER, Kind.TOWN, Kind.PARK, Kind.COURT, Kind.PROCURATORATE)
"""Bodies that work; those that lead or oversee a place sit at no such table."""
COMMISSION = "环委会"
"""Under whom committees stand where the document does not say who approves them (JX-6)."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the rules of a place say of committees, and which bodies there approve them."""

    adoption: Adoption
    clause: Clause
    approver: str
    approvers: tuple[Organisation, ...]

    @property
    def leads_only(self) -> bool:
        """Whether only who leads an item may ask (HB-9)."""
        return any("牵头" in words for words in self.clause.asked_by)


def ruling(region: Region, adoption: Adoption | None = None) -> Ruling | None:
    """The rule for a place today, or under the adoption a committee is pinned to; None where the pack has no such clause."""
    adoption = adoption or policies.pack_for(region, clock.today())
    pack = policies.pack(adoption.pack_id) if adoption else None
    if adoption is None or pack is None or not pack.committees:
        return None
    clause = pack.committees[0]
    approver = clause.approved_by or _chain_approver(pack) or COMMISSION
    bodies = who(region, [approver])[approver] or _commission(region)
    return Ruling(adoption, clause, approver, tuple(bodies))


def _chain_approver(pack: Pack) -> str:
    steps = [step.by for step in pack.approval_chains.get("committee", ()) if step.step == "approve"]
    return next((by for by in steps if not isinstance(by, Setting)), "")


def _commission(region: Region) -> list[Organisation]:
    """The commission of the place itself: its leading group."""
    return list(Organisation.objects.filter(region=region, kind=Organisation.Kind.LEADING_GROUP, active=True).select_related("region"))


def leads_any(organisation: Organisation) -> bool:
    """Whether a department leads an item of a list in force, or a matter that was decided."""
    in_force = ListVersion.objects.filter(published_on(clock.today()))
    leads = (Relation.LEAD, Relation.JOINT_LEAD)
    own = Q(version__item_list__organisation=organisation, relation__in=leads) | Q(units__organisation=organisation, units__relation__in=leads)
    decided = (Determination.State.DECIDED, Determination.State.PUBLISHED)
    return (
        Item.objects.filter(own, version__in=in_force).exists() or Determination.objects.filter(lead=organisation, state__in=decided).exists()
    )


def visible_committees(user: User) -> QuerySet[Committee]:
    """The committees of the places a person works in or under, and of those his bodies answer for. The one place that decides it."""
    posts = [h.post for h in posts_of(user)]
    wanted = Q(region__path__in={path for post in posts for path in ancestry(post.organisation.region)})
    for lo, hi in scope_of_posts(posts).region_ranges:
        wanted |= Q(region__path__gte=lo, region__path__lt=hi)
    return Committee.objects.filter(wanted).select_related("region", "lead__region")


def committees_listed(user: User, state: str = "") -> QuerySet[Committee]:
    """The list with the number of members, of open tasks and of late ones, in one query."""
    rows = visible_committees(user)
    if state:
        rows = rows.filter(state=state)
    open_tasks = Q(tasks__done_on=None, tasks__isnull=False)
    return rows.annotate(
        size=Count("members", filter=Q(members__until_day=None), distinct=True),
        open_tasks=Count("tasks", filter=open_tasks, distinct=True),
        late_tasks=Count("tasks", filter=open_tasks & Q(tasks__due__lt=clock.today()), distinct=True),
    )


def committee_page(user: User, pk: int) -> Committee | None:
    """A committee this person may see, with members, meetings and tasks read ahead."""
    rows = visible_committees(user).select_related("adoption", "requested_by", "decided_by", "dissolved_by")
    return rows.prefetch_related(
        "pilot_places",
        Prefetch("members", CommitteeMember.objects.select_related("organisation").order_by(F("until_day").desc(nulls_first=True), "from_day", "pk")),
        Prefetch("meetings", Meeting.objects.select_related("recorded_by").prefetch_related("attended", "tasks").order_by("-day", "-pk")),
        Prefetch("tasks", tasks().order_by(F("done_on").asc(nulls_first=True), "due", "pk")),
    ).filter(pk=pk).first()


def tasks() -> QuerySet[CommitteeTask]:
    return CommitteeTask.objects.select_related("organisation", "meeting", "done_by", "committee__lead")


def visible_task(user: User, pk: int) -> CommitteeTask | None:
    return tasks().filter(pk=pk, committee__in=visible_committees(user)).first()


def current_members(committee: Committee) -> list[Organisation]:
    """The member departments of today, the lead aside."""
    rows = committee.members.filter(until_day=None).select_related("organisation__region")
    return [row.organisation for row in rows.order_by("pk")]


def may_join(region: Region, *, without: Sequence[int] = ()) -> QuerySet[Organisation]:
    """The units that can be members: departments and courts of the place and below it, towns and parks."""
    return organisations_in(region, MEMBERS).exclude(pk__in=without)


def places_below(region: Region) -> QuerySet[Region]:
    """The places that can be pilots: all below the committee's own."""
    lo, hi = subtree(region)
    found: QuerySet[Region] = Region.objects.filter(path__gt=lo, path__lt=hi).order_by("path")
    return found
