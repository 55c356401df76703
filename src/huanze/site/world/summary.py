"""What a year came to, in figures, and whether every invariant held."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Count

from huanze.audit.models import Entry
from huanze.problems.models import LadderStep, Omission, Problem
from huanze.rules.lifecycle import STATE_LABELS, State
from huanze.site.world.invariants import CHECKS, broken
from huanze.site.world.year import Year


def summarise(year: Year, *, first: date, last: date, seed: int, seconds: float) -> dict[str, Any]:
    """Everything but ``seconds`` is the same for the same seed."""
    states = Counter(dict(Problem.objects.values_list("state").annotate(n=Count("pk"))))
    ladder = Counter({(s, t): n for s, t, n in LadderStep.objects.values_list("step", "state").annotate(n=Count("pk"))})
    omissions = Counter(dict(Omission.objects.values_list("kind").annotate(n=Count("pk"))))
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "seed": seed,
        "seconds": seconds,
        "problems": sum(states.values()),
        "states": {STATE_LABELS[s]: states[s.value] for s in State if states[s.value]},
        "steps": dict(sorted(year.steps.items())),
        "refusals": dict(sorted(year.refusals.items())),
        "ladder": {f"{LadderStep.Step(s).label}({LadderStep.State(t).label})": ladder[s, t] for s, t in sorted(ladder)},
        "omissions": {Omission.Kind(k).label: omissions[k] for k in sorted(omissions)},
        "audit_entries": Entry.objects.count(),
        "checked": len(CHECKS),
        "broken": broken(),
    }
