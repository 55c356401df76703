"""登记: one of the ways the rules name, its own form, and a word of warning when the ledger has something alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from huanze.base import clock
from huanze.evidence import services as evidence
from huanze.evidence.models import File
from huanze.orgs import selectors as orgs
from huanze.orgs.doors import business_required
from huanze.orgs.models import Organisation, User
from huanze.policies import selectors as policies
from huanze.problems.inputs import Register
from huanze.problems.selectors.similar import similar as similar_to
from huanze.problems.services.register import register_problem
from huanze.rules.packs.schema import Pack, Source, Way
from huanze.rules.verdicts import Refusal
from huanze.workbench.choices import finding_options
from huanze.workbench.step_form import FILES, Drawing, draw, read
from huanze.workbench.views.shared import refused, status_of, user_of

SIMILAR_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a person registers: the office that answers, the rules in force, and whether he is of the office."""

    office: Organisation
    pack: Pack
    own: bool


def desk_of(user: User) -> Desk | Refusal:
    """The first of a person's posts under an office with rules; everyone else is told why not."""
    for holding in orgs.posts_of(user):
        office = orgs.office_of(holding.post.organisation.region)
        adoption = policies.pack_for(office.region, clock.today()) if office else None
        if office and adoption:
            return Desk(office, policies.pack(adoption.pack_id), holding.post.organisation_id == office.pk)
    return Refusal("no_rule", "您的岗位所在区域没有整改办或尚未采用规则，不能登记问题，请联系系统管理员核对岗位和区域。")


@business_required
@require_GET
def ways(request: HttpRequest) -> HttpResponse:
    desk = desk_of(user_of(request))
    if isinstance(desk, Refusal):
        return refused(request, desk, back=reverse("ledger"))
    above = [desk.pack.handed_down] if desk.own and desk.pack.handed_down else []
    return render(request, "register/ways.html", {"desk": desk, "ways": [*above, *desk.pack.ways]})


@business_required
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, way: str) -> HttpResponse:
    desk = desk_of(user_of(request))
    if isinstance(desk, Refusal):
        return refused(request, desk, back=reverse("ledger"))
    chosen = desk.pack.way(way)
    if chosen is None or (chosen == desk.pack.handed_down and not desk.own):
        raise Http404
    if request.method == "POST":
        return _post(request, desk, chosen)
    return _ask(request, desk, chosen, {"found_on": clock.today(), "region": desk.office.region_id})


def _post(request: HttpRequest, desk: Desk, way: Way) -> HttpResponse:
    user = user_of(request)
    given = read(Register, request.POST) | {"way": way.key}
    if not request.POST.get("similar_seen") and (alike := _alike(user, given.get("title", ""))):
        return _ask(request, desk, way, given, alike=alike)
    files = _store(request, way, user)
    outcome = files if isinstance(files, Refusal) else register_problem(acting_user=user, data=given, files=files)
    if isinstance(outcome, Refusal):
        return _ask(request, desk, way, given, refusal=outcome)
    messages.success(request, f"已登记，编号{outcome.number}。")
    return redirect("problem", outcome.pk)


def _store(request: HttpRequest, way: Way, user: User) -> dict[str, list[File]] | Refusal:
    """Keep what was uploaded with the way's form; the first file that will not do refuses the whole."""
    kept: dict[str, list[File]] = {}
    for field in (f for f in way.fields if f.kind in FILES):
        uploads: list[UploadedFile] = request.FILES.getlist(f"way_form.{field.key}")
        for upload in uploads:
            file = evidence.store(stream=upload, name=upload.name or "", acting_user=user)
            if isinstance(file, Refusal):
                return Refusal(file.code, f"{field.label}：{file.reason}", file.clause, {f"way_form.{field.key}": file.reason})
            kept.setdefault(field.key, []).append(file)
    return kept


def _ask(
    request: HttpRequest, desk: Desk, way: Way, values: dict[str, Any], *, refusal: Refusal | None = None, alike: Any = ()
) -> HttpResponse:
    options = finding_options(desk.office, _sources(desk, way))
    form = draw(Register, Drawing(values | {"way": way.key}, refusal.fields if refusal is not None else {}, options, pack_fields=way.fields))
    said = {"desk": desk, "way": way, "form": form, "boxes": form.named, "refusal": refusal, "alike": alike, "seen": bool(request.POST.get("similar_seen"))}
    status = status_of(refusal) if refusal is not None else 422 if alike else 200
    return render(request, "register/form.html", said, status=status)


def _sources(desk: Desk, way: Way) -> list[Source]:
    """The sources that go with a way: those above for what is handed down, the place's own for what was found here."""
    own = desk.office.region.level
    if way == desk.pack.handed_down:
        return [s for s in desk.pack.sources if s.level != own]
    return [s for s in desk.pack.sources if s.level == own or (desk.own and desk.pack.handed_down is None)]


@business_required
@require_GET
def similar(request: HttpRequest) -> HttpResponse:
    """What the ledger already has that reads alike; fetched while the title is being written."""
    return render(request, "register/similar.html", {"alike": _alike(user_of(request), request.GET.get("title", ""))})


def _alike(user: User, title: str) -> list[Any]:
    return similar_to(user, title, limit=SIMILAR_SHOWN)
