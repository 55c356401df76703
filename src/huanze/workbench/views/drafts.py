"""拟定规则包: from the accepted facts of a document to a pack that a second person passes."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from huanze.orgs.doors import business_required
from huanze.policies.models import Fact, PackDraft, PolicyDocument
from huanze.policies.selectors import drafts as select
from huanze.policies.selectors.documents import accepted, visible_documents
from huanze.policies.selectors.packs import text_hash
from huanze.policies.services import drafts as service
from huanze.policies.words import words
from huanze.rules.deadlines import UNIT_LABELS
from huanze.rules.packs import loader
from huanze.rules.packs.parts import Setting
from huanze.rules.packs.schema import Clock
from huanze.rules.recurring import told
from huanze.rules.verdicts import Refusal
from huanze.workbench.views.manage.shared import PAGE, PlainForm, form_page, posted, whole
from huanze.workbench.views.shared import status_of, user_of

State = PackDraft.State
COLOURS = {State.DRAFT: "blue", State.SUBMITTED: "amber", State.RETURNED: "red", State.PASSED: "green"}
KINDS = list(Fact.Kind)
SNIPPET = 80
READY = 20
SECTIONS = (
    ("clauses", "条款：每条的要旨（gist）和单位（units）"), ("left_open", "文件留有余地、由本地设定的用语"), ("duties", "应办事项：责任单位 obliged，报送 report_to，日期 due，条款 clause"),
    ("clocks", "时限：自某事起几日、几个工作日（workday）以内或者以上"), ("items", "部门的具体事项：牵头 lead，会同牵头 joint_lead，配合 assist，参与 join"),
    ("deductions", "扣分情形和分值"), ("thresholds", "累计扣分的门槛和后果"), ("approval_chains", "审定程序：由谁（by）办哪一步（step）"),
    ("self_check", "季度自查"), ("dispatch", "定期调度"), ("lifecycle", "整改流程中启用的环节"), ("document", "文件的标题、文号、日期、发文机关"),
)  # fmt: skip
"""What the sections of a pack hold, for whoever edits one (docs/packs.md says it all)."""
MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Source:
    """A fact the pack was drafted from: its clause, what it says in a line, and what a person did with it."""

    clause: str
    words: str
    decision: str


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of the comparison; ``sign`` is +, - or empty, numbers are None where the line is not in that text."""

    sign: str
    before: int | None
    after: int | None
    text: str


@business_required
@require_GET
def drafts(request: HttpRequest) -> HttpResponse:
    """Newest first, those that wait for review marked."""
    user = user_of(request)
    found = select.visible_drafts(user).defer("machine", "text", "notes").order_by("-pk")
    if (before := whole(request.GET.get("after"))) is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: PAGE + 1])
    return render(request, "drafts/list.html", {"drafts": rows[:PAGE], "after": rows[PAGE - 1].pk if len(rows) > PAGE else None, "ready": select.ready_documents(user)[:READY]})


class NewDraftForm(PlainForm):
    code = forms.CharField(label="规则包代码", max_length=8, help_text="2至8个小写英文字母，条款编号以它的大写开头，如 qh 对应 QH-3。")
    parent = forms.ChoiceField(label="上级规则包", required=False, help_text="本规则在它之上增加或者收紧，不能放宽。cn 是国家的通用规则。")


@business_required
@require_http_methods(["GET", "POST"])
def draft_new(request: HttpRequest, document: int) -> HttpResponse:
    user = user_of(request)
    row = get_object_or_404(visible_documents(user).select_related("region"), pk=document)
    form = NewDraftForm(posted(request), initial={"parent": select.usual_parent(row.region)})
    form.fields["parent"].choices = [("", "没有上级规则包"), *((code, f"{code}　{name}") for code, name in select.parents(row.region).items())]  # type: ignore[attr-defined]
    return form_page(
        request, form, title=f"拟定规则包：《{row.title}》", button="拟定", template="drafts/new.html",
        done="已按采纳的事实拟出草稿，请逐项核对。", back=reverse("drafts"), to=lambda made: reverse("draft", args=[made.pk]),
        about="按文件中已经采纳的责任、时限、门槛、事项等事实拟出规则包草稿；金额、日期、分值只照文件，不作推断。",
        document=row, drafts=select.visible_drafts(user).filter(document=row).defer("machine", "text", "notes").order_by("-pk"),
        act=lambda data: service.make(document=row, code=data["code"].strip(), parent=data["parent"], acting_user=user),
    )  # fmt: skip


@business_required
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor. ``act=save`` keeps the text, fit or not; ``act=submit`` keeps it and hands it to a second person."""
    row = _seen(request, pk)
    if request.method == "GET":
        return _editor(request, row, row.text)
    user, text = user_of(request), request.POST.get("text", row.text)
    outcome: PackDraft | Refusal = service.edit(draft=row, text=text, seen=request.POST.get("seen", ""), acting_user=user)
    if not isinstance(outcome, Refusal) and request.POST.get("act") == "submit":
        row = outcome
        outcome = service.submit(draft=row, acting_user=user)
        row.refresh_from_db(fields=["state"])
        text = row.text
    if isinstance(outcome, Refusal):
        return _editor(request, row, text, outcome)
    messages.success(request, "已送审，请另一位人员复核。" if outcome.state == State.SUBMITTED else "已保存。")
    return redirect("draft", pk)


def _seen(request: HttpRequest, pk: int) -> PackDraft:
    return get_object_or_404(select.visible_drafts(user_of(request)), pk=pk)


def _editor(request: HttpRequest, row: PackDraft, text: str, refusal: Refusal | None = None) -> HttpResponse:
    user = user_of(request)
    result = select.checked(text, row.document.region)
    said = {
        "draft": row, "text": text, "seen": request.POST.get("seen") or text_hash(row.text), "refusal": refusal, "result": result,
        "colour": COLOURS[State(row.state)], "notes": row.notes, "sources": sources(row.document), "lines": text.count("\n") + 1,
        "editable": row.state in service.OPEN and bool(select.drafting_holding(user, row.document.region)),
        "sections": SECTIONS, "reviews": _reviews(request, row), "changed": row.text != row.machine,
    }  # fmt: skip
    return render(request, "drafts/draft.html", said, status=status_of(refusal) if refusal is not None else 200)


def _reviews(request: HttpRequest, row: PackDraft) -> bool:
    user = user_of(request)
    waits = row.state == State.SUBMITTED and row.submitted_by_id != user.pk
    return waits and bool(select.reviewing_holding(user, row.document.region))


def sources(document: PolicyDocument) -> list[tuple[str, list[Source]]]:
    """The facts a pack of this document rests on, by kind, in the order of the text."""
    facts = [f for f in accepted(document) if f.kind not in {Fact.Kind.HEAD, Fact.Kind.CLAUSE}]
    made = [
        (Fact.Kind(f.kind).label, Source(f.clause, _short(words(f.kind, f.value)), f.get_decision_display()))
        for f in sorted(facts, key=lambda f: KINDS.index(Fact.Kind(f.kind)))
    ]
    return [(kind, [source for _, source in group]) for kind, group in groupby(made, key=lambda pair: pair[0])]


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= SNIPPET else plain[: SNIPPET - 1] + "…"


@business_required
@require_http_methods(["GET", "POST"])
def draft_review(request: HttpRequest, pk: int) -> HttpResponse:
    """What the second person reads and decides: the pack in plain words, what the people changed, what is left open."""
    row = _seen(request, pk)
    if request.method == "GET":
        return _review(request, row)
    opinion, user = request.POST.get("opinion", ""), user_of(request)
    act = service.pass_ if request.POST.get("act") == "pass" else service.send_back
    outcome = act(draft=row, opinion=opinion, acting_user=user)
    if isinstance(outcome, Refusal):
        return _review(request, row, opinion, outcome)
    messages.success(request, "复核通过，这一版可以决定施行。" if outcome.state == State.PASSED else "已退回修改。")
    return redirect("draft", pk)


def _review(request: HttpRequest, row: PackDraft, opinion: str = "", refusal: Refusal | None = None) -> HttpResponse:
    result = select.checked(row.text, row.document.region)
    chosen = loader.settings(result.pack) if result.pack else {}
    said = {
        "duties": [(duty, told(duty, chosen)) for duty in result.pack.duties] if result.pack else [],
        "clocks": [(clock, _length(clock)) for clock in result.pack.clocks.values()] if result.pack else [],
        "draft": row, "result": result, "pack": result.pack, "refusal": refusal, "opinion": opinion, "colour": COLOURS[State(row.state)],
        "reviews": _reviews(request, row), "notes": row.notes, "lines": compared(row.machine, row.text), "longest": service.LONGEST_OPINION,
        "own": [key for key in (result.pack.clauses if result.pack else {}) if key.startswith(row.code.upper() + "-")],
    }  # fmt: skip
    return render(request, "drafts/review.html", said, status=status_of(refusal) if refusal is not None else 200)


def _length(clock: Clock) -> str:
    unit = UNIT_LABELS[clock.unit]
    return f"由本地设定（以{unit}计）" if isinstance(clock.n, Setting) else f"{clock.n}{unit}{'以上' if clock.bound == 'at_least' else '以内'}"


@business_required
@require_GET
def draft_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What people made of the machine's draft, line by line."""
    row = _seen(request, pk)
    return render(request, "drafts/changes.html", {"draft": row, "colour": COLOURS[State(row.state)], "lines": compared(row.machine, row.text)})


def compared(before: str, after: str) -> list[DiffLine] | None:
    """The lines that differ with three of their neighbours; None when the texts are too long to compare."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) + len(new) > MOST_LINES:
        return None
    return list(_compared(old, new))


def _compared(old: list[str], new: list[str]) -> Iterator[DiffLine]:
    matcher = difflib.SequenceMatcher(None, old, new)
    for number, group in enumerate(matcher.get_grouped_opcodes(3)):
        if number:
            yield DiffLine("…", None, None, "")
        for tag, a, b, c, d in group:
            if tag == "equal":
                yield from (DiffLine("", a + i + 1, c + i + 1, old[a + i]) for i in range(b - a))
                continue
            yield from (DiffLine("-", i + 1, None, old[i]) for i in range(a, b))
            yield from (DiffLine("+", None, i + 1, new[i]) for i in range(c, d))
