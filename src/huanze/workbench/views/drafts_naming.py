"""文件用语: whom the words of the pack in force mean in a place, those that nobody answers to first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huanze.base import clock
from huanze.obligations.services import replace_unplaced
from huanze.orgs.doors import business_required
from huanze.orgs.models import Organisation, Region, User
from huanze.orgs.selectors import ancestry, organisations_in, posts_of
from huanze.policies import selectors
from huanze.policies.models import Naming
from huanze.policies.selectors.naming import Used, guess_kind, names_used, naming_rows, who
from huanze.policies.services import naming as service
from huanze.rules.packs.schema import Pack
from huanze.rules.verdicts import Refusal
from huanze.workbench.views.manage.shared import PlainForm, form_page, posted, press, whole
from huanze.workbench.views.shared import user_of

SHOWN_CLAUSES = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A name as the page shows it: where it stands, who answers, who said so, and what might be proposed."""

    used: Used
    units: list[Organisation]
    rows: list[Naming]
    guess: str

    @property
    def guess_label(self) -> str:
        return Organisation.Kind(self.guess).label if self.guess else ""

    @property
    def clauses(self) -> tuple[str, ...]:
        return self.used.clauses[:SHOWN_CLAUSES]

    @property
    def more(self) -> int:
        return max(len(self.used.clauses) - SHOWN_CLAUSES, 0)

    @property
    def asks(self) -> bool:
        """Whether somebody must say who is meant: nobody answers, and it is no part that depends on the case."""
        return not self.units and not self.used.role


def lines(region: Region, pack: Pack) -> list[Line]:
    """Every name of a pack and who that is in a place: first what nobody answers to, then by weight."""
    used = names_used(pack)
    answers = who(region, [u.name for u in used])
    said: dict[str, list[Naming]] = {}
    for row in naming_rows(region).filter(name__in=list(answers)):
        said.setdefault(row.name, []).append(row)
    made = [Line(u, answers[u.name], said.get(u.name, []), guess_kind(u.name) or "") for u in used]
    return sorted(made, key=lambda line: (not line.asks, not line.used.owes, line.used.role))


def places_of(user: User) -> list[Region]:
    """The places a person works in, own posts first."""
    return list({h.post.organisation.region_id: h.post.organisation.region for h in posts_of(user)}.values())


@business_required
@require_GET
def namings(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    places = places_of(user)
    asked = whole(request.GET.get("region"))
    region = next((place for place in places if place.pk == asked), places[0] if places else None)
    adoption = selectors.pack_for(region, clock.today()) if region else None
    shown = lines(region, selectors.pack(adoption.pack)) if region and adoption else []
    said = {
        "places": places, "region": region, "adoption": adoption, "lines": shown, "unanswered": sum(line.asks for line in shown),
        "may": bool(region and service.may_name(user, region)), "back": request.get_full_path(),
    }  # fmt: skip
    return render(request, "drafts/namings.html", said)


class NamingForm(PlainForm):
    name = forms.CharField(label="文件用语", max_length=service.LONGEST)
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label="是哪个单位", required=False)
    kind = forms.ChoiceField(
        label="或者是哪一类单位", required=False, choices=[("", "请选择"), *Organisation.Kind.choices],
        help_text="选一类单位，即指本地这一类的全部单位；政府、党委一类指下一级各地的。",
    )  # fmt: skip


@business_required
@require_http_methods(["GET", "POST"])
def naming_new(request: HttpRequest, region: int) -> HttpResponse:
    """Say who is meant by a name in a place the person works in, or one below that the office answers for."""
    user = user_of(request)
    place = get_object_or_404(_nameable(user), pk=region)
    name = request.GET.get("name", "")[: service.LONGEST]
    form = NamingForm(posted(request), initial={"name": name, "kind": guess_kind(name) or ""})
    units = organisations_in(place) | Organisation.objects.filter(active=True, region__path__in=ancestry(place)).select_related("region")
    form.fields["organisation"].queryset = units.order_by("region__path", "pk")  # type: ignore[attr-defined]
    form.fields["organisation"].label_from_instance = lambda unit: unit.name  # type: ignore[attr-defined]
    back = _back(request, place)
    return form_page(
        request, form, title=f"{place.name}：认定文件用语", button="认定", done="已认定。", to=back, back=back, template="personal/form.html",
        about="文件里的用语对应本地哪个单位，由整改办认定；认定以后，应办事项落到该单位。类别是按字面提出的建议，请核对。",
        act=lambda data: _say(place, user, data),
    )  # fmt: skip


def _say(place: Region, user: User, data: dict[str, Any]) -> Naming | Refusal:
    """Name the unit, and let what was owed by nobody go to it."""
    with transaction.atomic():
        made = service.name_unit(region=place, acting_user=user, **data)
        if not isinstance(made, Refusal):
            replace_unplaced(place)
    return made


def _nameable(user: User) -> Any:
    """The places whose words a person may read and, if of the office, settle."""
    within = Q(pk__in=[place.pk for place in places_of(user)])
    for place in places_of(user):
        if service.may_name(user, place):
            within |= Q(path__startswith=place.path)
    return Region.objects.filter(within)


def _back(request: HttpRequest, place: Region) -> str:
    asked = request.GET.get("next", "")
    safe = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if safe else f"{reverse('namings')}?region={place.pk}"


@business_required
@require_POST
def naming_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Naming.objects.select_related("region"), pk=pk, region__in=_nameable(user_of(request)))
    answer = service.withdraw(naming=row, acting_user=user_of(request))
    return press(request, answer, done="认定已撤回。", to=_back(request, row.region))
