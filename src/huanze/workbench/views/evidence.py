"""A file of a problem, for whoever may see the problem; anyone else gets the same answer as for a file that is not there."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from huanze.evidence import serving
from huanze.evidence.models import Evidence
from huanze.orgs.doors import business_required
from huanze.rules.verdicts import Refusal
from huanze.workbench.views.shared import problem_of, refused


def _seen(request: HttpRequest, pk: int) -> Evidence:
    found = Evidence.objects.filter(pk=pk, object_type="problem", withdrawn_at=None).select_related("file").first()
    if found is None:
        raise Http404
    problem_of(request, int(found.object_id))
    return found


@business_required
@require_GET
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = _seen(request, pk)
    answer = serving.serve(found.file, inline=True)
    if isinstance(answer, Refusal):
        return refused(request, answer, back=reverse("problem", args=[found.object_id]))
    return answer


@business_required
@require_GET
def thumbnail(request: HttpRequest, pk: int) -> HttpResponseBase:
    answer = serving.serve_thumbnail(_seen(request, pk).file)
    if isinstance(answer, Refusal):
        raise Http404(answer.reason)
    return answer
