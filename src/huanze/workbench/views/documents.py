"""Documents of a place: the list, uploading, the page of review, what a person changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from huanze.duties.selectors.policy_checks import rule_here
from huanze.evidence import serving
from huanze.orgs.doors import business_required
from huanze.orgs.models import User
from huanze.policies.models import Fact, PolicyDocument
from huanze.policies.selectors import documents as selectors
from huanze.policies.services import documents as service
from huanze.policies.services.hands import hat_for
from huanze.policies.words import words
from huanze.rules.verdicts import Refusal
from huanze.workbench.views.documents_forms import draw_head
from huanze.workbench.views.documents_marks import SIGNS, marked, part_at
from huanze.workbench.views.manage.shared import whole
from huanze.workbench.views.shared import refused, status_of, user_of

AT_ONCE = 10
REPAIRS_SHOWN = 100
SHOW = {"": "全部", "open": "待定", "doubtful": "存疑", "changed": "有改动"}
SOURCE_HELP = "如：上级印发、门户网站下载；可不填"


def document_of(request: HttpRequest, pk: int) -> PolicyDocument:
    """The document without its text, if this person may see it."""
    document = selectors.visible_documents(user_of(request)).select_related("added_by", "accepted_by", "file").filter(pk=pk).first()
    if document is None:
        raise Http404
    return document


def may_review(document: PolicyDocument, user: User) -> bool:
    return hat_for(user, document) is not None


# ---- the list and uploading


@business_required
@require_GET
def documents(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("text", "status", "stage")}
    page = selectors.documents_page(user, **asked, after=whole(request.GET.get("after")), before=whole(request.GET.get("before")))
    said = {
        "page": page, "asked": asked, "filtered": any(asked.values()), "statuses": PolicyDocument.Status.choices, "stages": PolicyDocument.Stage.choices,
        **_upload(user),
    }  # fmt: skip
    return render(request, "documents/list.html", said)


def _upload(user: User, wrong: Sequence[str] = (), given: Mapping[str, str] | None = None) -> dict[str, Any]:
    return {"keepers": selectors.keepers(user), "wrong": wrong, "given": given or {}, "source_help": SOURCE_HELP}


@business_required
@require_http_methods(["GET", "POST"])
def document_new(request: HttpRequest) -> HttpResponse:
    """Keep what was sent, each file by itself: one that is refused does not hold up the others."""
    user = user_of(request)
    if request.method == "GET":
        return render(request, "documents/upload_page.html", _upload(user))
    keeper = next((k for k in selectors.keepers(user) if str(k.pk) == request.POST.get("kept_by", "")), None)
    files = request.FILES.getlist("file")
    if keeper is None or not 0 < len(files) <= AT_ONCE:
        why = "请选择保存单位" if keeper is None else "请选择要上传的文件" if not files else f"一次最多上传{AT_ONCE}份，请分批上传"
        return _not_uploaded(request, [why])
    kept, wrong = [], []
    for file in files:
        answer = _keep(file, keeper, request)
        (wrong if isinstance(answer, Refusal) else kept).append(answer)
    if wrong and not kept:
        return _not_uploaded(request, [refusal.reason for refusal in wrong])
    for refusal in wrong:
        messages.error(request, refusal.reason)
    messages.success(request, "；".join(f"已读取{document}，共找到{document.facts.count()}项，请审定" for document in kept) + "。")
    return _go(request, reverse("document", args=[kept[0].pk]) if len(files) == 1 else reverse("documents"))


def _keep(file: UploadedFile, keeper: Any, request: HttpRequest) -> PolicyDocument | Refusal:
    return service.keep(
        stream=file.file, name=file.name or "未命名", region=keeper.region, kept_by=keeper, source=request.POST.get("source", ""), acting_user=user_of(request)
    )


def _not_uploaded(request: HttpRequest, wrong: Sequence[str]) -> HttpResponse:
    template = "documents/upload.html" if request.htmx else "documents/upload_page.html"  # type: ignore[attr-defined]
    said = _upload(user_of(request), wrong, {name: request.POST.get(name, "") for name in ("source", "kept_by")})
    return render(request, template, said, status=422)


def _go(request: HttpRequest, place: str) -> HttpResponse:
    """On to another page, also when only a part of this one was asked for."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Redirect": place})
    return redirect(place)


# ---- the page of review


@business_required
@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponse:
    return review(request, document_of(request, pk))


def review(request: HttpRequest, found: PolicyDocument, *, head: Mapping[str, str] | None = None, refusal: Refusal | None = None) -> HttpResponse:
    """The text with its marks beside what was found. ``head`` is what was written in a head that was refused."""
    user, asked = user_of(request), asked_of(request.GET)
    text = PolicyDocument.objects.values_list("text", flat=True).get(pk=found.pk)
    part = part_at(text, whole(request.GET.get("at")) or 0)
    here = list(selectors.facts_of(found, since=part.start, until=part.end))
    clauses = [f for f in here if f.kind == Fact.Kind.CLAUSE]
    facts = [f for f in here if fits(f, asked)]
    heads = {next(iter(f.value)): f for f in selectors.facts_of(found, kind=Fact.Kind.HEAD)}
    holds = selectors.head_of(f for f in heads.values() if f.decision != Fact.Decision.DROPPED)
    drawn = draw_head(holds, {key: head_note(heads.get(key)) for key in holds}, given=head, errors=refusal.fields if refusal is not None else {})
    said = {
        **summary(found, user, asked, part.end), "part": part, "text": marked(text, part, facts, clauses), "groups": grouped([f for f in facts if f.kind != Fact.Kind.HEAD], clauses),
        "head": [(field, heads.get(field.field.name)) for field in drawn], "head_open": sum(f.decision == Fact.Decision.OPEN for f in heads.values()), "refusal": refusal, "repairs": repairs_of(found),
        "cites": selectors.cites(found, user), "cited_by": selectors.cited_by(found, user), "history": selectors.history(found),
        "checks": found.stage == PolicyDocument.Stage.ACCEPTED and rule_here(found.region) is not None,
    }  # fmt: skip
    return render(request, "documents/document.html", said, status=status_of(refusal) if refusal is not None else 200)


def head_note(fact: Fact | None) -> str:
    """How a field of the head came about, where that is worth saying."""
    if fact is None:
        return "机器没有读出"
    if fact.decision == Fact.Decision.DROPPED:
        return f"已剔除，机读为{words('head', fact.machine).partition('：')[2]}"
    if fact.decision == Fact.Decision.CORRECTED:
        return f"已更正，机读为{words('head', fact.machine).partition('：')[2]}"
    return "人工补充" if fact.machine is None else ""


def asked_of(query: Mapping[str, str]) -> dict[str, str]:
    """The filter of a page of review; anything unknown is no filter."""
    show, kind = query.get("show", ""), query.get("kind", "")
    return {"show": show if show in SHOW else "", "kind": kind if kind in Fact.Kind.values else ""}


def fits(fact: Fact, asked: Mapping[str, str]) -> bool:
    """Whether a fact passes the filter, as ``facts_of`` would say."""
    undecided = fact.decision == Fact.Decision.OPEN
    shown = {"": True, "open": undecided, "doubtful": undecided and fact.doubtful, "changed": fact.decision in selectors.CHANGED}
    return shown[asked["show"]] and asked["kind"] in ("", fact.kind)


def summary(found: PolicyDocument, user: User, asked: Mapping[str, str], after: int = 0) -> dict[str, Any]:
    """How far the review is, with the filters and what may be done; ``after`` is where the part on the page ends."""
    counts = selectors.counts_of(found)
    may = may_review(found, user)
    kinds = [(kind, label, SIGNS[kind], counts.by_kind[kind]) for kind, label in Fact.Kind.choices if kind in counts.by_kind and kind != Fact.Kind.HEAD]
    shows = list(zip(SHOW.items(), (counts.total, counts.open, counts.doubtful, counts.changed), strict=True))
    return {
        "document": found, "counts": counts, "may": may, "editable": may and found.stage == PolicyDocument.Stage.REVIEWING, "kinds": kinds, "asked": asked,
        "shows": [(key, label, n) for (key, label), n in shows], "next_open": selectors.next_open(found, after), "percent": 100 * counts.decided // max(counts.total, 1),
    }  # fmt: skip


def grouped(facts: Iterable[Fact], clauses: Iterable[Fact]) -> list[dict[str, Any]]:
    """Facts by the clause they stand in, in the order of the text, each said in words."""
    names = {c.clause: words(c.kind, {**c.value, "text": ""}) for c in clauses}
    made = []
    for clause, group in groupby(facts, key=lambda f: f.clause):
        cards = [said_fact(f) for f in group]
        # The card of the clause itself says what it is called.
        name = "" if cards[0]["fact"].kind == Fact.Kind.CLAUSE else names.get(clause, "")
        made.append({"clause": clause, "name": name, "facts": cards})
    return made


def said_fact(fact: Fact) -> dict[str, Any]:
    """A fact as a card shows it: in words, and the machine's words where a person decided otherwise."""
    corrected = fact.decision == Fact.Decision.CORRECTED
    return {
        "fact": fact, "words": words(fact.kind, fact.value), "machine": words(fact.kind, fact.machine) if corrected else "", "sign": SIGNS[fact.kind],
        "url": reverse("document_fact", args=[fact.pk]),
    }  # fmt: skip


def repairs_of(found: PolicyDocument) -> dict[str, Any]:
    repairs = PolicyDocument.objects.values_list("repairs", flat=True).get(pk=found.pk)
    return {"rows": repairs[:REPAIRS_SHOWN], "count": len(repairs), "more": max(0, len(repairs) - REPAIRS_SHOWN)}


# ---- the original, and what a person changed


@business_required
@require_GET
def document_original(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The bytes as they came, to be saved; never shown in place."""
    answer = serving.serve(document_of(request, pk).file)
    if isinstance(answer, Refusal):
        return refused(request, answer, back=reverse("document", args=[pk]))
    return answer


@business_required
@require_GET
def document_differences(request: HttpRequest, pk: int) -> HttpResponse:
    found = document_of(request, pk)
    counts = selectors.counts_of(found)
    return render(request, "documents/differences.html", {"document": found, "rows": selectors.differences(found), "counts": counts, "same": counts.decided - counts.changed})
