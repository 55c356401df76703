"""比较规则: two or more packs, or documents by their latest draft, duty by duty and clause by clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from huanze.orgs.doors import business_required
from huanze.orgs.models import User
from huanze.policies import selectors
from huanze.policies.models import PackDraft
from huanze.policies.selectors.drafts import checked, visible_drafts, visible_versions
from huanze.rules.packs.differing import Cell, Row, Table, differ
from huanze.rules.packs.schema import Pack
from huanze.workbench.views.shared import user_of

MOST = 6
"""More columns than this cannot be read side by side."""
DRAFTS = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be compared: ``key`` is v12 for a version, d7 for a draft."""

    key: str
    label: str
    about: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row with each cell beside the choice it belongs to, for a phone shows one below the other."""

    row: Row
    cells: list[tuple[Choice, Cell]]


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one matter."""

    label: str
    lines: list[Line]


@business_required
@require_GET
def packs_differ(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    choices = _choices(user)
    asked = list(dict.fromkeys(request.GET.getlist("pack")))
    chosen = [choice for choice in choices if choice.key in asked]
    wrong = f"一次最多比较{MOST}份，现在选了{len(chosen)}份，请去掉几份。" if len(chosen) > MOST else ""
    packs = [] if wrong else [(choice, made) for choice in chosen if (made := _pack(choice.key, user)) is not None]
    left_out = [] if wrong else [choice for choice in chosen if choice not in {c for c, _ in packs}]
    table = differ([made for _, made in packs]) if len(packs) > 1 else None
    only = bool(request.GET.get("only"))
    said = {
        "choices": choices, "asked": set(asked), "columns": [choice for choice, _ in packs], "wrong": wrong, "left_out": left_out, "only": only,
        "groups": groups(table, [choice for choice, _ in packs], only=only) if table else [], "table": table, "differing": sum(row.differs for row in table.rows) if table else 0,
    }  # fmt: skip
    return render(request, "drafts/differ.html", said)


def groups(table: Table, columns: Sequence[Choice], *, only: bool) -> list[Group]:
    """The rows by matter; with ``only`` those in which the packs differ."""
    lines = [Line(row, list(zip(columns, row.cells, strict=True))) for row in table.rows if row.differs or not only]
    return [Group(label, list(of_it)) for label, of_it in groupby(lines, key=lambda line: line.row.group)]


def _choices(user: User) -> list[Choice]:
    versions = visible_versions(user).order_by("code", "-version", "-pk")
    made = [Choice(f"v{v.pk}", v.title, f"{v.code}，{v.version.isoformat()}，{v.content_hash[:8]}") for v in versions]
    drafts = visible_drafts(user).exclude(state=PackDraft.State.PASSED).defer("text", "machine", "notes").order_by("-pk")[:DRAFTS]
    latest = {draft.document_id: draft for draft in reversed(drafts)}
    return made + [Choice(f"d{d.pk}", d.document.title, f"{d.code}，{d.get_state_display()}") for d in latest.values()]


def _pack(key: str, user: User) -> Pack | None:
    """The pack of a choice; None for a draft that is not fit yet."""
    if key.startswith("v"):
        return selectors.pack(int(key[1:]))
    draft = visible_drafts(user).get(pk=int(key[1:]))
    return checked(draft.text, draft.document.region).pack
