"""What a person does to a document: decide a fact, add one, settle the head, finish, take back, say its force and its kin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from huanze.orgs.doors import business_required
from huanze.policies.models import Fact, PolicyDocument, Relation
from huanze.policies.selectors import documents as selectors
from huanze.policies.services import documents as service
from huanze.policies.services import facts, relations
from huanze.policies.shapes import FIELDS
from huanze.policies.written import read
from huanze.rules.verdicts import Refusal
from huanze.workbench.views.documents import asked_of, document_of, may_review, review, said_fact, summary
from huanze.workbench.views.documents_forms import draw, written
from huanze.workbench.views.documents_marks import SIGNS
from huanze.workbench.views.manage.shared import PlainForm, form_page, posted, press, whole
from huanze.workbench.views.shared import refused, status_of, user_of

WHY_DROPPED = ("不是规定，只是说明", "与其他项重复", "读错了，原文没有这一项", "与本地无关")


def _fact(request: HttpRequest, pk: int) -> Fact:
    fact = Fact.objects.select_related("decided_by").filter(pk=pk).first()
    if fact is None:
        raise Http404
    fact.document = document_of(request, fact.document_id)
    return fact


def place_of(fact: Fact) -> str:
    """The page of review where a fact stands."""
    return f"{reverse('document', args=[fact.document_id])}?at={fact.start}#f-{fact.pk}"


def looking_only(request: HttpRequest, document: PolicyDocument) -> HttpResponse | None:
    """The page that turns away whoever may read a document and not work on it."""
    if may_review(document, user_of(request)):
        return None
    refusal = Refusal("wrong_actor", f"本文件由{document.region}各单位的人员审阅，您没有在该处任职，只能查看")
    return refused(request, refusal, back=reverse("document", args=[document.pk]))


# ---- one fact


@business_required
@require_http_methods(["GET", "POST"])
def document_fact(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the card of a fact. POST ``act``: accept or reopen it."""
    fact = _fact(request, pk)
    if request.method == "POST":
        return _take(request, fact, request.POST.get("act", ""))
    return _card(request, fact) if request.htmx else redirect(place_of(fact))  # type: ignore[attr-defined]


@business_required
@require_http_methods(["GET", "POST"])
def document_fact_form(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """The form by which a fact is corrected or dropped."""
    fact = _fact(request, pk)
    if (turned := looking_only(request, fact.document)) is not None:
        return turned
    return _take(request, fact, act) if request.method == "POST" else _form(request, fact, act)


def _take(request: HttpRequest, fact: Fact, act: str) -> HttpResponse:
    answer = _act(request, fact, act)
    if isinstance(answer, Refusal):
        return _form(request, fact, act, answer) if act in ("correct", "drop") and answer.fields else _cannot(request, fact, answer)
    answer.document = document_of(request, answer.document_id)
    return _card(request, answer, changed=True) if request.htmx else redirect(place_of(answer))  # type: ignore[attr-defined]


def _act(request: HttpRequest, fact: Fact, act: str) -> Fact | Refusal:
    user, why = user_of(request), request.POST.get("why", "")
    if act == "correct":
        value = read(fact.kind, _written(request, fact.kind), fact.value)
        return facts.correct(fact_id=fact.pk, value=value, why=why, acting_user=user)
    if act == "drop":
        return facts.drop(fact_id=fact.pk, why=why, acting_user=user)
    if act in ("accept", "reopen"):
        return (facts.accept if act == "accept" else facts.reopen)(fact_id=fact.pk, acting_user=user)
    return Refusal("inputs", "请选择采纳、更正、剔除或者恢复")


def _written(request: HttpRequest, kind: str) -> dict[str, str]:
    return written(request.POST, [field.name for field in FIELDS[kind]])


def _card(request: HttpRequest, fact: Fact, *, changed: bool = False, refusal: Refusal | None = None) -> HttpResponse:
    """The card alone; after a change the counts of the page come with it."""
    user = user_of(request)
    said: dict[str, Any] = {"item": said_fact(fact), "editable": may_review(fact.document, user) and fact.document.stage == PolicyDocument.Stage.REVIEWING, "refusal": refusal}
    if changed:
        said |= summary(fact.document, user, _asked_on_page(request), fact.start) | {"counts_too": True}
    return render(request, "documents/card.html", said, status=status_of(refusal) if refusal is not None else 200)


def _asked_on_page(request: HttpRequest) -> dict[str, str]:
    """The filter of the page that a part was asked from."""
    query = parse_qs(urlsplit(request.htmx.current_url or "").query)  # type: ignore[attr-defined]
    return asked_of({name: values[0] for name, values in query.items()})


def _cannot(request: HttpRequest, fact: Fact, refusal: Refusal) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        return refused(request, refusal, back=place_of(fact))
    response = _card(request, fact, refusal=refusal)
    response.status_code = 422  # the page shows it at the card, whatever kind of refusal it is
    return response


def _form(request: HttpRequest, fact: Fact, act: str, refusal: Refusal | None = None) -> HttpResponse:
    """A card with its form in it, or the same on a page of its own."""
    given = _written(request, fact.kind) if refusal is not None and act == "correct" else None
    said = {
        "item": said_fact(fact), "act": act, "fields": draw(fact.kind, fact.value, prefix=f"v{fact.pk}", given=given, errors=refusal.fields if refusal is not None else {}) if act == "correct" else [],
        "refusal": refusal, "reasons": WHY_DROPPED, "why": request.POST.get("why", fact.why), "document": fact.document, "back": place_of(fact), "here": reverse("document_fact_form" if act == "correct" else "document_fact_drop", args=[fact.pk]),
        "why_error": refusal.fields.get("why", "") if refusal is not None else "", "clauses": _clauses(fact.document),
    }  # fmt: skip
    template = "documents/card_form.html" if request.htmx else "documents/fact_page.html"  # type: ignore[attr-defined]
    return render(request, template, said, status=status_of(refusal) if refusal is not None else 200)


def _clauses(document: PolicyDocument) -> list[str]:
    return list(document.facts.filter(kind=Fact.Kind.CLAUSE).exclude(decision=Fact.Decision.DROPPED).order_by("order").values_list("clause", flat=True)[:500])


# ---- what the machine missed


@business_required
@require_http_methods(["GET", "POST"])
def document_fact_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a fact for a piece of the text: selected on the page (``start``, ``end``), or written out (``quote``)."""
    document = document_of(request, pk)
    if (turned := looking_only(request, document)) is not None:
        return turned
    if request.method == "GET":
        return _add_form(request, document, request.GET)
    text = PolicyDocument.objects.values_list("text", flat=True).get(pk=pk)
    start, end = _place(text, request.POST)
    kind = request.POST.get("kind", "")
    value = read(kind, _written(request, kind), {}) if kind in FIELDS else {}
    answer = facts.add(document_id=pk, kind=kind, start=start, end=end, value=value, acting_user=user_of(request))
    if isinstance(answer, Refusal):
        if not answer.fields:
            return refused(request, answer, back=reverse("document", args=[pk]))
        return _add_form(request, document, request.POST, answer)
    messages.success(request, f"已补充一项{answer.get_kind_display()}。")
    place = f"{reverse('document', args=[pk])}?at={answer.start}&new={answer.pk}#f-{answer.pk}"
    return HttpResponse(headers={"HX-Redirect": place}) if request.htmx else redirect(place)  # type: ignore[attr-defined]


def _place(text: str, given: Mapping[str, str]) -> tuple[int, int]:
    """Where the piece stands. Words that were written over count by themselves; nowhere is (0, 0)."""
    start, end, quote = whole(given.get("start")), whole(given.get("end")), given.get("quote", "").replace("\r\n", "\n").strip()
    if start is not None and end is not None and start < end and (not quote or text[start:end].strip() == quote):
        return start, end
    at = text.find(quote) if quote else -1
    return (at, at + len(quote)) if at >= 0 else (0, 0)


def _add_form(request: HttpRequest, document: PolicyDocument, given: Mapping[str, str], refusal: Refusal | None = None) -> HttpResponse:
    kind = given.get("kind", "")
    kind = kind if kind in Fact.Kind.values and kind != Fact.Kind.HEAD else Fact.Kind.RESPONSIBILITY.value
    text = PolicyDocument.objects.values_list("text", flat=True).get(pk=document.pk)
    start, end = _place(text, given)
    texts = _written(request, kind) if refusal is not None else {"clause": facts.clause_at(document, start) if end else ""}
    said = {
        "document": document, "kind": kind, "kind_label": Fact.Kind(kind).label, "start": start, "end": end, "quote": text[start:end] or given.get("quote", ""), "refusal": refusal,
        "fields": draw(kind, {}, prefix="add", given=texts, errors=refusal.fields if refusal is not None else {}), "clauses": _clauses(document),
        "quote_error": refusal.fields.get("quote", "") if refusal is not None else "",
        "kinds": [(k, label, SIGNS[k]) for k, label in Fact.Kind.choices if k != Fact.Kind.HEAD], "back": f"{reverse('document', args=[document.pk])}?at={start}",
    }  # fmt: skip
    template = "documents/add.html" if request.htmx else "documents/add_page.html"  # type: ignore[attr-defined]
    return render(request, template, said, status=status_of(refusal) if refusal is not None else 200)


# ---- the whole document


@business_required
@require_POST
def document_head(request: HttpRequest, pk: int) -> HttpResponse:
    document, given = document_of(request, pk), _written(request, "head")
    head = read("head", given, {field.name: None for field in FIELDS["head"]})
    answer = facts.settle_head(document_id=pk, head=head, acting_user=user_of(request))
    if isinstance(answer, Refusal) and answer.fields:
        return review(request, document, head=given, refusal=answer)
    return press(request, answer, done="文件头已审定。", to=reverse("document", args=[pk]))


@business_required
@require_POST
def document_accept_sure(request: HttpRequest, pk: int) -> HttpResponse:
    document_of(request, pk)
    answer = facts.accept_all_sure(document_id=pk, acting_user=user_of(request))
    return press(request, answer, done=f"已一并采纳{answer}项；存疑的请逐项审定。", to=reverse("document", args=[pk]))


@business_required
@require_POST
def document_finish(request: HttpRequest, pk: int) -> HttpResponse:
    document_of(request, pk)
    answer = service.finish(document_id=pk, acting_user=user_of(request))
    return press(request, answer, done="文件已审定，可以据此拟定规则包。", to=reverse("document", args=[pk]))


class Why(PlainForm):
    why = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


@business_required
@require_http_methods(["GET", "POST"])
def document_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    document, back = document_of(request, pk), reverse("document", args=[pk])
    if (turned := looking_only(request, document)) is not None:
        return turned
    return form_page(
        request, Why(posted(request)), act=lambda data: service.reopen(document_id=pk, why=data["why"], acting_user=user_of(request)),
        title="退回审阅", about=f"{document}退回后可以再改；据此送审或者已经通过的规则包不受影响时才能退回。", done="已退回审阅。", to=back, back=back,
        button="退回审阅", template="documents/form.html",
    )  # fmt: skip


class Other(PlainForm):
    """Forms that name another document: one kept here that this person may see."""

    choice = "other"

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Any]", self.fields[self.choice])
        field.queryset, field.empty_label = others, "（无）"


class Force(Other):
    status = forms.ChoiceField(label="效力", choices=PolicyDocument.Status.choices)
    other = forms.ModelChoiceField(PolicyDocument.objects.none(), label="相关文件", required=False, help_text="已被替代的选替代它的文件；另一文本的选同一份文件；废止的选废止它的文件，没有可不选")
    why = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text="写明依据的文件和条款")


@business_required
@require_http_methods(["GET", "POST"])
def document_status(request: HttpRequest, pk: int) -> HttpResponse:
    document, back, user = document_of(request, pk), reverse("document", args=[pk]), user_of(request)
    if (turned := looking_only(request, document)) is not None:
        return turned
    form = Force(posted(request), others=selectors.visible_documents(user).exclude(pk=pk).order_by("title"), initial={"status": document.status})
    return form_page(
        request, form, act=lambda data: service.set_status(document_id=pk, acting_user=user, **data), title="认定效力", about=f"{document}现为“{document.get_status_display()}”。",
        done="已认定效力。", to=back, back=back, button="认定", template="documents/form.html",
    )  # fmt: skip


class Kin(Other):
    kind = forms.ChoiceField(label="关系", choices=[c for c in Relation.Kind.choices if c[0] != Relation.Kind.ALIAS], help_text="本文件对另一份文件的关系")
    target = forms.ModelChoiceField(PolicyDocument.objects.none(), label="已保存的文件", required=False)
    number = forms.CharField(label="文号", max_length=80, required=False, help_text="没有保存的文件，填写文号或者标题，以后保存时自动关联")
    title = forms.CharField(label="标题", max_length=300, required=False)
    choice = "target"


@business_required
@require_http_methods(["GET", "POST"])
def document_relation(request: HttpRequest, pk: int) -> HttpResponse:
    document, back, user = document_of(request, pk), f"{reverse('document', args=[pk])}#relations", user_of(request)
    if (turned := looking_only(request, document)) is not None:
        return turned
    form = Kin(posted(request), others=selectors.visible_documents(user).exclude(pk=pk).order_by("title"))
    return form_page(
        request, form, act=lambda data: relations.say(document_id=pk, acting_user=user, **data), title="写明文件关系", about=f"{document}", done="已写明关系。",
        to=back, back=back, template="documents/form.html",
    )  # fmt: skip


@business_required
@require_POST
def document_unrelate(request: HttpRequest, pk: int) -> HttpResponse:
    relation = Relation.objects.filter(pk=pk).first()
    if relation is None:
        raise Http404
    document_of(request, relation.document_id)
    answer = relations.unsay(relation_id=pk, acting_user=user_of(request))
    return press(request, answer, done="已取消这一关系。", to=f"{reverse('document', args=[relation.document_id])}#relations")
