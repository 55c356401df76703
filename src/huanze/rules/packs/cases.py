"""Policy cases: sentences that must come true of a pack (habit 10). An official can read them.

A case has a ``name`` (a sentence), a ``day``, a ``kind``, ``facts``, what to ``expect``, the ``clause`` and
the ``rows`` of the requirements it proves. Only what ``expect`` names is compared.

============ ============================================== ==========================================
kind         facts                                          expect, any of
============ ============================================== ==========================================
due          clock; the day is the base event's             due, provisional
publicity    (none); the day is the first day               last_day, closable_from
ladder       state, start, deadline, percent, issued …      steps, light, next, standing
score        entries: [{deduction or points, on}], already  total, fired, withdrawn, band, also
self_check   (none); the day is the day of reporting        list
lifecycle    state, step, hat, level, and what is missing   to, refused, clause
duty         duty; the day is today                         due, freq, min, every, report_to, copy_to,
                                                            publish
items        dept, no, relation: any to choose by           count, depts; of a single one also relation,
                                                            says, co_units, also
chain        chain: its key                                 steps, by
areas        key, kind: any to choose by                    labels, count, lead, members, tasks, unified
============ ============================================== ==========================================
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from huanze.rules import cycles, escalation, lifecycle, progress, scoring
from huanze.rules.calendar import shipped_calendar
from huanze.rules.deadlines import due
from huanze.rules.packs import loader
from huanze.rules.packs.parts import Part
from huanze.rules.packs.reading import PackError, Tree, explain, plain, read_yaml
from huanze.rules.packs.schema import Pack
from huanze.rules.verdicts import Refusal


class Case(Part):
    name: str
    day: dt.date
    kind: Literal["due", "publicity", "ladder", "score", "self_check", "lifecycle", "duty", "items", "chain", "areas"]
    facts: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    expect: dict[str, Any]
    clause: str
    rows: tuple[str, ...] = ()


def read(folder: Path) -> list[Case]:
    """The cases of a folder, in the order of its files. Raises PackError with the file's name."""
    made: list[Case] = []
    for path in sorted(folder.glob("*.yaml")):
        rows = plain(read_yaml(path))
        if not isinstance(rows, list):
            raise PackError([f"{path.name}：应是一列政策案例"])
        for i, row in enumerate(rows):
            try:
                made.append(Case.model_validate(row))
            except ValidationError as e:
                raise PackError(explain(e, Tree(), f"{path.name} 第{i + 1}条")) from None
    return made


def failures(pack: Pack, folder: Path) -> Iterator[str]:
    """What does not come true, one Chinese sentence each."""
    for case in read(folder):
        yield from (f"案例“{case.name}”：{w}" for w in run(pack, case))


def run(pack: Pack, case: Case) -> list[str]:
    """How the pack's answer differs from what the case expects; empty when the sentence is true."""
    if case.clause not in pack.clauses:
        return [f"引用的条款 {case.clause} 没有列入 clauses"]
    try:
        told = KINDS[case.kind](pack, loader.settings(pack, case.settings), case)
    except (KeyError, TypeError, ValueError) as e:
        return [f"缺少或写错了事实：{e}"]
    except StopIteration:
        return [f"规则包中没有案例所说的{'、'.join(map(str, case.facts.values()))}"]
    except PackError as e:
        return e.problems
    return [
        f"{key}应为{_say(want)}，实为{_say(told[key]) if key in told else '(这类案例不回答)'}"
        for key, want in case.expect.items()
        if key not in told or _say(told[key]) != _say(want)
    ]


def _say(value: Any) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        return "、".join(_say(v) for v in value) or "无"
    if isinstance(value, dt.date):
        return value.isoformat()
    return "无" if value is None else str(value)


Settings = Mapping[str, Any]


def _due(pack: Pack, chosen: Settings, case: Case) -> dict[str, Any]:
    answer = due(pack.clocks[case.facts["clock"]].term(chosen), case.day, shipped_calendar())
    return {"due": answer.on, "provisional": answer.provisional}


def _publicity(pack: Pack, chosen: Settings, case: Case) -> dict[str, Any]:
    last = due(pack.clocks["publicity"].term(chosen), case.day, shipped_calendar()).on
    machine = lifecycle.machine({lifecycle.Stage(s) for s in pack.lifecycle.stages}, pack.lifecycle.clauses)

    def closable(today: dt.date) -> bool:
        facts = lifecycle.Facts(today, publicity_open=True, publicity_ends=last)
        hats = {lifecycle.Hat.OFFICE}
        return bool(lifecycle.decide(machine, lifecycle.State.PUBLICITY, "close_publicity", hats, facts))

    days = (case.day + dt.timedelta(days=i) for i in range(400))
    return {"last_day": last, "closable_from": next((d for d in days if closable(d)), None)}


def _ladder(pack: Pack, chosen: Settings, case: Case) -> dict[str, Any]:
    facts = dict(case.facts)
    facts["stages"] = tuple((s["until"], s["percent"]) for s in facts.get("stages", ()))
    problem = escalation.CaseFacts(**{"state": "rectifying", "start": None, **facts})
    elapsed = problem.elapsed(case.day)
    return {
        "steps": [p.step for p in escalation.propose(pack.ladder, problem, chosen, case.day)],
        "light": escalation.light(problem, chosen, case.day),
        "next": escalation.next_change(pack.ladder, problem, chosen, case.day, case.day + dt.timedelta(days=400)),
        "elapsed": elapsed,
        "standing": progress.standing(problem.percent, elapsed, chosen["behind_margin"]),
    }


def _score(pack: Pack, chosen: Settings, case: Case) -> dict[str, Any]:
    worth = {d.key: d.points for d in pack.deductions}
    entries = [
        scoring.Deducted(str(i), e["on"], e["points"] if "points" in e else worth[e["deduction"]], e.get("withdrawn", False))
        for i, e in enumerate(case.facts["entries"])
    ]
    live = scoring.counted(entries, chosen["score_period"], case.day)
    fired, withdrawn = scoring.crossings(live, pack.thresholds, case.facts.get("already", ()))
    reached = scoring.band(scoring.total(live), pack.thresholds)
    return {
        "total": scoring.total(live),
        "fired": [f.effect for f in fired],
        "withdrawn": [w.effect for w in withdrawn],
        "band": reached.effect if reached else None,
        "also": reached.also if reached else (),
    }


def _self_check(pack: Pack, _: Settings, case: Case) -> dict[str, Any]:
    return {"list": cycles.belongs_to(pack.self_check.days if pack.self_check else (), case.day)}


def _lifecycle(pack: Pack, _: Settings, case: Case) -> dict[str, Any]:
    facts = dict(case.facts)
    state, step = lifecycle.State(facts.pop("state")), facts.pop("step")
    hats = {lifecycle.Hat(facts.pop("hat"))}
    stages = {lifecycle.Stage(s) for s in pack.lifecycle.stages}
    if facts.pop("level", None) in pack.lifecycle.upper_acceptance_for:
        stages.add(lifecycle.Stage.UPPER_ACCEPTANCE)
    machine = lifecycle.machine(stages, pack.lifecycle.clauses)
    missing: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in facts.items()}
    answer = lifecycle.decide(machine, state, step, hats, lifecycle.Facts(case.day, **missing))
    if isinstance(answer, Refusal):
        return {"to": None, "refused": answer.code, "clause": answer.clause}
    return {"to": answer.target or state, "refused": None, "clause": machine.clause(answer)}


def _duty(pack: Pack, chosen: Settings, case: Case) -> dict[str, Any]:
    duty = next(d for d in pack.duties if d.key == case.facts["duty"])
    return {
        "due": cycles.next_day(duty.value.due, case.day) if duty.value.due else None,
        "freq": duty.value.freq,
        "min": duty.value.min,
        "every": loader.resolve(duty.value.every, chosen),
        "report_to": duty.report_to,
        "copy_to": [f"{c.type}{u}" for c in duty.copy_to for u in c.units],
        "publish": duty.publish,
    }


def _items(pack: Pack, _: Settings, case: Case) -> dict[str, Any]:
    chosen = [i for i in pack.items if all(getattr(i, name) == value for name, value in case.facts.items())]
    told: dict[str, Any] = {"count": len(chosen), "depts": len({i.dept for i in chosen})}
    if len(chosen) == 1:
        (only,) = chosen
        told |= {"relation": only.relation, "says": only.text_says, "co_units": only.co_units, "also": [p.relation for p in only.also]}
    return told


def _chain(pack: Pack, chosen: Settings, case: Case) -> dict[str, Any]:
    steps = pack.approval_chains[case.facts["chain"]]
    return {"steps": [s.step for s in steps], "by": [loader.resolve(s.by, chosen) for s in steps]}


def _areas(pack: Pack, _: Settings, case: Case) -> dict[str, Any]:
    chosen = [a for a in pack.areas if all(getattr(a, name) == value for name, value in case.facts.items())]
    told = {name: list(dict.fromkeys(n for a in chosen for n in getattr(a, name))) for name in ("members", "tasks", "unified")}
    return {"labels": [a.label for a in chosen], "count": sum(a.count or 1 for a in chosen), "lead": [a.lead for a in chosen], **told}


KINDS: Mapping[str, Callable[[Pack, Settings, Case], dict[str, Any]]] = {
    "due": _due,
    "publicity": _publicity,
    "ladder": _ladder,
    "score": _score,
    "self_check": _self_check,
    "lifecycle": _lifecycle,
    "duty": _duty,
    "items": _items,
    "chain": _chain,
    "areas": _areas,
}
