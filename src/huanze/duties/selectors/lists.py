"""What the pages of lists read: the place at a glance, one department, the items of a version, and the open errors (A1, A5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from huanze.base import clock
from huanze.duties.comparing import Entry, Row, Unit, compare
from huanze.duties.models import Assignment, Item, ListVersion
from huanze.duties.selectors.scope import MAKES_LISTS, Sight
from huanze.obligations.models import Occurrence
from huanze.orgs.models import Holding, Organisation, Post, Region, User
from huanze.orgs.selectors import ancestry, holders_of
from huanze.policies import selectors as policies
from huanze.policies.models import Adoption, PolicyDocument
from huanze.policies.selectors.naming import who
from huanze.rules.packs.schema import Document
from huanze.rules.packs.schema import Item as PackItem

SUBJECT = "list_version"
"""What notices, audit entries and duties call a version."""
PAGE_DUTY, BREAKDOWN_DUTY = "page_update", "breakdown"
State = ListVersion.State
MAKING = (State.DRAFT, State.IN_CHAIN, State.APPROVED)


@dataclass(frozen=True, slots=True)
class Department:
    """One department's list in the overview of a place. ``open_errors``: items without an inner unit and a person."""

    organisation: Organisation
    in_force: ListVersion | None
    coming: ListVersion | None
    making: ListVersion | None
    items: int
    open_errors: int

    @property
    def page_red(self) -> bool:
        """Whether a published version waits for its public page, which is red until a person confirms it (B1)."""
        return any(version is not None and version.page_day is None for version in (self.in_force, self.coming))


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who does an item. ``gone``: the person no longer holds a post of the department, so nobody does it."""

    assignment: Assignment
    gone: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """The items that a document lists for one department, and who its names are in the place."""

    document: Document
    items: tuple[PackItem, ...]
    meant: Mapping[str, Sequence[Organisation]]


@dataclass(frozen=True, slots=True)
class OpenError:
    """An item that nobody does, and who must see to that: the heads of the department."""

    item: Item
    owners: Sequence[User]


def published_on(day: date) -> Q:
    """Versions that are in force on a day."""
    return Q(state=State.PUBLISHED, from_day__lte=day) & (Q(until_day=None) | Q(until_day__gte=day))


def in_force(organisation: Organisation, day: date | None = None) -> ListVersion | None:
    """The version of a department's list in force on a day (today)."""
    found = ListVersion.objects.filter(published_on(day or clock.today()), item_list__organisation=organisation)
    return found.select_related("item_list__organisation__region", "item_list__region", "adoption__pack").defer("adoption__pack__content").first()


def departments(region: Region, sight: Sight) -> list[Department]:
    """Every department of a place with the state of its list, in three queries."""
    today = clock.today()
    units = list(Organisation.objects.filter(_listed(), region=region, active=True).order_by("pk"))
    versions = ListVersion.objects.filter(sight.versions(), item_list__organisation__in=units).annotate(size=Count("items"))
    versions = versions.select_related("item_list__organisation__region", "adoption__pack").defer("adoption__pack__content")
    held: dict[int, list[ListVersion]] = {unit.pk: [] for unit in units}
    for version in versions.order_by("number"):
        held[version.item_list.organisation_id].append(version)
    errors = _errors_by_unit(region)
    return [_department(unit, held[unit.pk], errors.get(unit.pk, 0), today) for unit in units]


def _listed() -> Q:
    """Departments, and other units that keep a list."""
    return Q(kind=Organisation.Kind.DEPARTMENT) | Q(kind__in=MAKES_LISTS, item_list__isnull=False)


def _department(unit: Organisation, versions: Sequence[ListVersion], errors: int, today: date) -> Department:
    published = [v for v in versions if v.state == State.PUBLISHED and v.from_day]
    now = next((v for v in published if v.from_day and v.from_day <= today and (v.until_day is None or v.until_day >= today)), None)
    coming = next((v for v in published if v.from_day and v.from_day > today), None)
    making = next((v for v in versions if v.state in MAKING), None)
    return Department(unit, now, coming, making, getattr(now, "size", 0), errors)


def page_owed(organisation: Organisation) -> Occurrence | None:
    """The duty to update the public page that a department has not met: the oldest one."""
    versions = ListVersion.objects.filter(item_list__organisation=organisation, state=State.PUBLISHED, page_day=None).values("pk")
    found = Occurrence.objects.filter(subject_type=SUBJECT, subject_id__in=versions, duty=PAGE_DUTY, done_on=None, ended_on=None)
    return found.order_by("pk").first()


def offered(organisation: Organisation, adoption: Adoption) -> Offer:
    """What the document in force lists for a department, and whom the names in its items mean here."""
    pack = policies.pack(adoption.pack)
    meant = who(organisation.region, {i.dept for i in pack.items} | {name for i in pack.items for name in i.co_units}) if pack.items else {}
    return Offer(pack.document, tuple(item for item in pack.items if organisation in meant[item.dept]), meant)


def items_of(version: ListVersion) -> list[Item]:
    """The items of a version with their other units, in order. Two queries."""
    return list(version.items.prefetch_related("units__organisation").order_by("no"))


def history(organisation: Organisation, sight: Sight) -> list[ListVersion]:
    """Every version of a department's list that may be seen, the newest first, with the size of each."""
    found = ListVersion.objects.filter(sight.versions(), item_list__organisation=organisation)
    found = found.select_related("item_list__organisation__region", "made_by", "adoption__pack").defer("adoption__pack__content")
    return list(found.annotate(size=Count("items")).order_by("-number"))


def compared(older: ListVersion, newer: ListVersion) -> list[Row]:
    """Two versions of one list, item by item."""
    return compare(entries(older), entries(newer))


def entries(version: ListVersion) -> list[Entry]:
    return [
        Entry(
            item.lineage, item.no, item.text, item.get_relation_display(), f"{item.basis} {item.clause}",
            tuple(Unit(unit.organisation.short_name if unit.organisation else unit.name, unit.get_relation_display(), unit.what) for unit in item.units.all()),
        )
        for item in items_of(version)
    ]  # fmt: skip


def documents_for(region: Region) -> QuerySet[PolicyDocument]:
    """The documents in force that a list of a place may rest on: kept there or above."""
    found = PolicyDocument.objects.filter(region__path__in=ancestry(region), status=PolicyDocument.Status.IN_FORCE)
    return found.only("title", "number").order_by("-date", "-pk")


# ---- who does it


def assigned(organisation: Organisation) -> dict[str, Assigned]:
    """Who does each item of a department's list, by lineage."""
    rows = Assignment.objects.filter(item_list__organisation=organisation, until_day=None).select_related("person", "inner_unit")
    here = Exists(_posts_held(clock.today()))
    return {str(row.lineage): Assigned(row, not row.here) for row in rows.annotate(here=here)}


def open_errors(region: Region) -> QuerySet[Item]:
    """Items in force in a place that nobody does: no inner unit and person, or the person has left (A5)."""
    today = clock.today()
    done = Assignment.objects.filter(Exists(_posts_held(today)), item_list=OuterRef("version__item_list"), lineage=OuterRef("lineage"), until_day=None)
    found = Item.objects.filter(~Exists(done), version__in=ListVersion.objects.filter(published_on(today), item_list__region=region))
    return found.select_related("version__item_list__organisation").order_by("pk")


def open_errors_of(organisation: Organisation) -> QuerySet[Item]:
    return open_errors(organisation.region).filter(version__item_list__organisation=organisation)


def owned(items: Sequence[Item]) -> list[OpenError]:
    """Open errors with who owns each: the head of the department."""
    heads = holders_of({item.version.item_list.organisation_id for item in items}, (Post.Rank.HEAD,))
    return [OpenError(item, heads[item.version.item_list.organisation_id]) for item in items]


def _errors_by_unit(region: Region) -> dict[int, int]:
    counted = open_errors(region).order_by().values("version__item_list__organisation").annotate(n=Count("pk"))
    return dict(counted.values_list("version__item_list__organisation", "n"))


def _posts_held(day: date) -> QuerySet[Holding]:
    """Posts that the person of an assignment holds on a day in its department."""
    return Holding.objects.on(day).filter(user=OuterRef("person"), post__organisation=OuterRef("item_list__organisation"))
