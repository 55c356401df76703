"""What the pages of lists share: which place, what may be seen of it, and who may act."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest

from huanze.duties.models import Item, ListVersion
from huanze.duties.models.lists import Relation
from huanze.duties.selectors import scope
from huanze.duties.selectors.lists import Assigned
from huanze.orgs.models import Organisation, Post, Region
from huanze.orgs.selectors import holds
from huanze.rules.verdicts import Refusal
from huanze.workbench.views.manage.shared import whole
from huanze.workbench.views.shared import user_of

LEADS = (Relation.LEAD, Relation.JOINT_LEAD)
LEADERS = (Post.Rank.HEAD, Post.Rank.DEPUTY)


@dataclass(frozen=True, slots=True)
class Place:
    """The place a page is about, and the others it could be about. None where a person sees no place with departments."""

    region: Region | None
    others: list[Region]


def place_of(request: HttpRequest) -> Place:
    """``?place=`` among the places this person may see, else the one that concerns him most."""
    user = user_of(request)
    known = list(scope.places(user))
    wanted = whole(request.GET.get("place"))
    if wanted is not None:
        chosen = next((place for place in known if place.pk == wanted), None)
        if chosen is None:
            raise Http404
        return Place(chosen, known)
    return Place(scope.home_place(user), known)


def version_of(request: HttpRequest, pk: int) -> ListVersion:
    """A version this person may see; any other is not there at all."""
    version = scope.visible_version(user_of(request), pk)
    if version is None:
        raise Http404
    return version


def item_of(request: HttpRequest, pk: int) -> Item:
    """An item of a version this person may see, with that version."""
    item = Item.objects.filter(pk=pk).prefetch_related("units").first()
    if item is None:
        raise Http404
    item.version = version_of(request, item.version_id)
    return item


def department_of(request: HttpRequest, pk: int) -> Organisation:
    unit = scope.visible_department(user_of(request), pk)
    if unit is None:
        raise Http404
    return unit


def rows_of(items: Sequence[Item], done: Mapping[str, Assigned] | None = None) -> dict[str, Any]:
    """Items as a table shows them, with who does each; ``basis`` is said once where all rest on the same document."""
    bases = {item.basis for item in items}
    found = [(item, (done or {}).get(str(item.lineage))) for item in items]
    rows = [{"item": item, "done": held, "open": held is None or held.gone, "reminds": _reminds(item)} for item, held in found]
    return {"rows": rows, "basis": bases.pop() if len(bases) == 1 else ""}


def _reminds(item: Item) -> bool:
    """Whether the department leads the item and a unit of the place stands in it with it, whom it may remind (A9)."""
    return item.relation in LEADS and any(unit.organisation_id for unit in item.units.all())


def may(request: HttpRequest, unit: Organisation, ranks: Collection[str] = tuple(Post.Rank)) -> bool:
    """Whether this person has a post of such a rank in a department."""
    return holds(user_of(request), organisations=[unit.pk], ranks=ranks) is not None


def not_his(unit: Organisation, what: str, who: str = "人员") -> Refusal:
    return Refusal("wrong_actor", f"{what}由{unit}的{who}办理。")
