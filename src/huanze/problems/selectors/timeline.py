"""Everything that happened to a problem, in one order: steps, urging, dispatch, checks and materials."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from huanze.base import clock
from huanze.evidence.models import Evidence
from huanze.problems.models import DispatchReturn, LadderStep, Problem, StatusChange
from huanze.problems.services.context import rules_of
from huanze.rules.lifecycle import TABLE

LABELS = {t.name: t.label for t in TABLE} | {"register": "登记"}
SAID = {
    "opinion": "", "reason": "", "text": "", "statement": "", "instruction": "", "findings": "", "scheme": "", "answer": "", "note": "",
    "document": "", "filing_number": "", "override_reason": "特别理由：", "dissent_answer": "对不同意见的处理：", "picture_note": "照片情况说明：",
    "better_unit": "应由该单位承担：", "basis": "职责依据：", "name": "材料：", "fault": "责任认定：", "answerable": "责任单位：",
}  # fmt: skip
"""What was written in a step and is shown of it, each with the words that come before it where it does not speak for itself."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened: when, what, by whom in which post, by which clause. ``moved``: the state changed."""

    at: datetime
    day: date
    kind: str
    kind_label: str
    title: str
    text: str = ""
    who: str = ""
    post: str = ""
    clause: str = ""
    moved: bool = False


def timeline(problem: Problem) -> list[TimelineEntry]:
    """The latest first; four queries however long the life."""
    found = [*_steps(problem), *_ladder(problem), *_dispatch(problem), *_evidence(problem)]
    return sorted(found, key=lambda e: e.at)[::-1]


def _steps(problem: Problem) -> Iterator[TimelineEntry]:
    rows = StatusChange.objects.filter(problem=problem).exclude(name="attach").select_related("actor", "post__organisation")
    for s in rows.order_by("at", "pk"):
        text = "；".join(f"{label}{s.inputs[k]}" for k, label in SAID.items() if s.inputs.get(k))
        yield TimelineEntry(
            s.at, s.day, "step", "办理", LABELS.get(s.name, s.name), text, str(s.actor or ""), str(s.post or ""), s.clause, s.moved
        )


def _ladder(problem: Problem) -> Iterator[TimelineEntry]:
    for s in LadderStep.objects.filter(problem=problem, state=LadderStep.State.ISSUED).select_related("issued_by"):
        day = s.issued_on or s.day
        yield TimelineEntry(clock.moment(day), day, "ladder", "督促", f"发出{s.get_step_display()}", s.document, str(s.issued_by or ""), "", s.clause)


def _dispatch(problem: Problem) -> Iterator[TimelineEntry]:
    asked = rules_of(problem).pack.dispatch
    rows = DispatchReturn.objects.filter(problem=problem).exclude(submitted_on=None).select_related("round", "organisation", "submitted_by")
    for r in rows:
        day = r.submitted_on or r.round.cutoff
        title = f"{r.organisation}报送{r.round.month}调度" + ("（逾期）" if r.late else "")
        yield TimelineEntry(
            clock.moment(day), day, "dispatch", "调度", title, "", str(r.submitted_by or ""), "", asked.clause if asked else ""
        )


def _evidence(problem: Problem) -> Iterator[TimelineEntry]:
    rows = Evidence.objects.filter(object_type="problem", object_id=str(problem.pk)).select_related("file", "added_by")
    for e in rows:
        text = f"{e.file.name}（{e.get_role_display()}{'，' + e.point if e.point else ''}）"
        day = e.added_at.astimezone(clock.ZONE).date()
        yield TimelineEntry(e.added_at, day, "evidence", "材料", "上传材料" if e.withdrawn_at is None else "上传材料（已撤回）", text, str(e.added_by))
