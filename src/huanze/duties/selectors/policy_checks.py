"""What the pages of policy checks read: the rule in force, who may check what, a check with its items (SD-5, JX-4, HB-7)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from huanze.base import clock
from huanze.duties.models import CheckedItem, PolicyCheck
from huanze.orgs.models import Organisation, Post, Region, User
from huanze.orgs.selectors import ancestry, posts_of, scope_of_posts
from huanze.policies import selectors as policies
from huanze.policies.models import Adoption, PolicyDocument
from huanze.rules.packs.schema import Form
from huanze.rules.policy_check import SAID_OF

FORM = "policy_document"
WORKS = (Post.Rank.LIAISON, Post.Rank.HEAD)
Verdict = CheckedItem.Verdict
UNFIT = (Verdict.NO_UNIT, Verdict.NO_LEAD, Verdict.TWO_LEADS)


def rule_here(region: Region) -> tuple[Adoption, Form] | None:
    """The adoption in force in a place and its form for checking policy documents; None where the rules have none."""
    adoption = policies.pack_for(region, clock.today())
    form = policies.pack(adoption.pack_id).forms.get(FORM) if adoption else None
    return (adoption, form) if adoption and form else None


def drafters(document: PolicyDocument, user: User) -> list[Organisation]:
    """The units of the document's place in whose name a person may check it: his own, or any of them for the office."""
    posts = [h.post for h in posts_of(user) if h.post.rank in WORKS]
    if any(_office_for(post, document.region) for post in posts):
        kinds = (Organisation.Kind.DEPARTMENT, Organisation.Kind.COMMISSION_OFFICE, Organisation.Kind.GOVERNMENT, Organisation.Kind.OTHER)
        found = Organisation.objects.filter(region=document.region, active=True).filter(Q(kind__in=kinds) | Q(pk=document.kept_by_id))
        return list(found.select_related("region").order_by("pk"))
    own = {post.organisation_id: post.organisation for post in posts if post.organisation.region_id == document.region_id and post.organisation.active}
    return list(own.values())


def _office_for(post: Post, region: Region) -> bool:
    unit = post.organisation
    return unit.kind == Organisation.Kind.COMMISSION_OFFICE and unit.region.path in ancestry(region)


def visible_checks(user: User) -> QuerySet[PolicyCheck]:
    """Checks of one's own units, and of the places that one's bodies answer for. The one place that decides it."""
    posts = [h.post for h in posts_of(user)]
    wanted = Q(organisation__in={post.organisation_id for post in posts})
    for lo, hi in scope_of_posts(posts).region_ranges:
        wanted |= Q(region__path__gte=lo, region__path__lt=hi)
    rows = PolicyCheck.objects.filter(wanted).select_related("region", "organisation", "document", "made_by", "closed_by")
    return rows.defer("document__text", "document__repairs")


def checks_listed(user: User, state: str = "") -> QuerySet[PolicyCheck]:
    """The list with the number of items, and of those unfit, in one query."""
    rows = visible_checks(user)
    if state:
        rows = rows.filter(state=state)
    items = ~Q(items__verdict=Verdict.NOT_AN_ITEM) & Q(items__isnull=False)
    return rows.annotate(
        size=Count("items", filter=items), unfit=Count("items", filter=Q(items__verdict__in=UNFIT)),
        unsettled=Count("items", filter=Q(items__verdict__in=UNFIT, items__settled="")),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one verdict, in the order of the text."""

    verdict: str
    label: str
    items: list[CheckedItem]


@dataclass(frozen=True, slots=True)
class Page:
    """A check as its page and its print show it: those unfit first, what is no item last."""

    check: PolicyCheck
    groups: list[Group]
    fit: int
    unfit: int
    unsettled: int
    aside: int


def check_page(user: User, pk: int) -> Page | None:
    """A check this person may see, with its items. Two queries."""
    row = visible_checks(user).prefetch_related(Prefetch("items", CheckedItem.objects.order_by("no"))).filter(pk=pk).first()
    if row is None:
        return None
    items = list(row.items.all())
    counts = Counter(item.verdict for item in items)
    groups = [Group(verdict, label, found) for verdict, label in SAID_OF.items() if (found := [i for i in items if i.verdict == verdict])]
    unsettled = sum(item.verdict in UNFIT and not item.settled for item in items)
    return Page(row, groups, counts[Verdict.FIT], sum(counts[v] for v in UNFIT), unsettled, counts[Verdict.NOT_AN_ITEM])
