"""Run as a program, beside a server that is to be killed: ``prepare`` its data, or ``look`` at what is left of it.

A process of its own, because it must see the data directory that the server uses and not the test's database.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from typing import Any

from huanze.site.boot import boot

boot()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from acts import assignment, plan, register, take  # noqa: E402
from cast import make_cast  # noqa: E402
from huanze.audit.models import Entry  # noqa: E402
from huanze.base import clock  # noqa: E402
from huanze.evidence import storage  # noqa: E402
from huanze.evidence.models import Evidence  # noqa: E402
from huanze.problems.models import NumberSeries, Problem, StatusChange  # noqa: E402
from huanze.problems.services.sweep import sweep  # noqa: E402
from huanze.site.world.invariants import broken  # noqa: E402


def prepare() -> dict[str, Any]:
    """The cast, and two problems whose plans were approved today; their numbers in the database."""
    os.umask(0o077)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    with transaction.atomic():
        cast = make_cast()
        today = clock.today()
        made = [register(cast, found_on=today.isoformat()) for _ in range(2)]
        day = {n: (today + timedelta(n)).isoformat() for n in (30, 80, 90)}
        written = plan(deadline=day[90], steps=[{"text": "完成设计", "due": day[30]}, {"text": "完成施工", "due": day[80]}])
        for problem in made:
            take(problem, "assign", cast.clerk, **assignment(cast))
            take(problem, "receive", cast.town_liaison)
            take(problem, "save_plan", cast.town_liaison, **written)
            take(problem, "submit_plan", cast.town_head)
            take(problem, "approve_plan", cast.approver, document="青整改〔2025〕3号")
    return {"problems": [p.pk for p in made], "region": cast.town.pk}


def look() -> dict[str, Any]:
    """Every change as the rows have it and as the chain has it, by the words that were sent, and what does not hold."""
    wrong = [*broken(), *_half_done()]
    rows = [_words(change) for change in StatusChange.objects.select_related("problem").order_by("pk")]
    chain = [_words_of(entry) for entry in Entry.objects.filter(object_type="problem", action__startswith="problem.").order_by("seq")]
    sweep(on=clock.today())
    return {"rows": [w for w in rows if w], "chain": [w for w in chain if w], "wrong": wrong + broken()}


def _words(change: StatusChange) -> str:
    return change.problem.title if change.name == "register" else change.inputs.get("text") or change.inputs.get("note", "")


def _words_of(entry: Entry) -> str:
    said = json.loads(entry.payload)
    return said.get("title") or said.get("inputs", {}).get("text") or said.get("inputs", {}).get("note", "")


def _half_done() -> list[str]:
    """What one change writes in several places stands in all of them or in none."""
    wrong = [f"{p.number} has no registration" for p in Problem.objects.exclude(changes__name="register")]
    for problem in Problem.objects.filter(changes__name="report_progress").distinct():
        last = problem.changes.filter(name="report_progress").latest("pk")
        if problem.percent != last.inputs.get("percent"):
            wrong.append(f"{problem.number} stands at {problem.percent}, last reported {last.inputs.get('percent')}")
    attached = StatusChange.objects.filter(name="attach").values_list("inputs__note", flat=True)
    if sorted(attached) != sorted(Evidence.objects.values_list("note", flat=True)):
        wrong.append("materials and the steps that handed them in differ")
    for kept in Evidence.objects.select_related("file"):
        path = storage.path_of(kept.file.sm3)
        if not path.exists() or path.stat().st_size != kept.file.size:
            wrong.append(f"{kept.file.name} is not whole")
    if NumberSeries.objects.get().last != Problem.objects.count():
        wrong.append("a number was given out for nothing")
    return wrong


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"prepare": prepare, "look": look}[sys.argv[1]]()))
