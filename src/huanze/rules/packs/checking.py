"""A pack is guilty until proven fit (habit 9): what the schema alone cannot see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from huanze.rules import conditions, scoring
from huanze.rules.lifecycle import TABLE, State
from huanze.rules.packs import cases, loader
from huanze.rules.packs.overlay import key_of
from huanze.rules.packs.parts import Setting
from huanze.rules.packs.reading import PackError
from huanze.rules.packs.schema import LeftOpen, Pack

TRANSITIONS = frozenset(t.name for t in TABLE)
STATES = frozenset(s.value for s in State)
STEPS = frozenset({"prompt", "warn", "supervise", "circulate", "interview"})


def check(pack: Pack) -> list[str]:
    """Everything wrong with a complete pack, one Chinese sentence each; empty when it is fit."""
    wrong = [*_clauses(pack), *_settings(pack), *_duplicates(pack), *_lifecycle(pack), *_conditions(pack)]
    wrong += [f"thresholds.{g}" for g in scoring.gaps(pack.thresholds)]
    if loader.from_json(loader.to_json(pack)) != pack:
        wrong.append("写成 JSON 再读回来，内容不一致")
    return [f"{pack.code}：{w}" for w in wrong]


def check_shipped(code: str) -> list[str]:
    """Everything wrong with a pack of this release: loading, checking and its own cases."""
    try:
        pack = loader.shipped_pack(code)
        return [*check(pack), *(f"{code}：{w}" for w in cases.failures(pack, loader.FOLDER / code / "cases"))]
    except PackError as e:
        return e.problems


def _walk(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every model and condition within a pack, with its path; entries of lists by their key."""
    yield path, node
    if isinstance(node, BaseModel):
        for name in type(node).model_fields:
            yield from _walk(getattr(node, name), f"{path}.{name}".lstrip("."))
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _walk(value, f"{path}.{key}")
    elif isinstance(node, tuple):
        for i, value in enumerate(node):
            yield from _walk(value, f"{path}.{_name(value, i)}")


def _name(value: Any, i: int) -> str:
    return (key_of(value.model_dump()) if isinstance(value, BaseModel) else None) or str(i)


def _clauses(pack: Pack) -> Iterator[str]:
    cited = {(path, node.clause) for path, node in _walk(pack) if isinstance(node, BaseModel) and hasattr(node, "clause")}
    cited |= {(f"lifecycle.clauses.{name}", clause) for name, clause in pack.lifecycle.clauses.items()}
    for path, clause in sorted(cited):
        if clause not in pack.clauses:
            yield f"{path}：引用的条款 {clause} 没有列入 clauses"
    for clause in pack.clauses:
        stem = clause.split("/")[0]
        if stem != clause and stem not in pack.clauses:
            yield f"clauses.{clause}：列了分项，却没有列 {stem}"


def _settings(pack: Pack) -> Iterator[str]:
    used: dict[str, str] = {}
    for path, node in _walk(pack):
        if isinstance(node, Setting):
            used[node.setting] = path
        elif path.endswith(".when"):
            used |= dict.fromkeys(conditions.settings_used(node), path)
        elif isinstance(node, LeftOpen) and (reason := loader.unfit(node, node.default)):
            yield f"{path}.default：{reason}"
    for key, path in used.items():
        if key not in pack.left_open:
            yield f"{path}：引用的本地设定 {key} 没有列入 left_open"
    yield from _bounds(pack)


def _bounds(pack: Pack) -> Iterator[str]:
    """A day of each month, and “once in so many months”, must be such whatever a place sets."""
    places: list[tuple[str, Any, int, int]] = [(f"duties.{duty.key}.value.every", duty.value.every, 1, 120) for duty in pack.duties]
    places += [("dispatch.cutoff", pack.dispatch.cutoff, 1, 28)] if pack.dispatch else []
    for path, value, least, most in places:
        term = pack.left_open.get(value.setting) if isinstance(value, Setting) else None
        low, high = loader.bounds(term) if term else (least, most)
        if not least <= low <= high <= most:
            yield f"{path}：引用的本地设定 {value.setting} 须写明 min 和 max，在{least}至{most}之间"


def _duplicates(pack: Pack) -> Iterator[str]:
    for path, node in _walk(pack):
        if isinstance(node, tuple):
            names = Counter(key_of(e.model_dump()) for e in node if isinstance(e, BaseModel))
            yield from (f"{path}：{name} 写了两次" for name, n in names.items() if name and n > 1)


def _lifecycle(pack: Pack) -> Iterator[str]:
    for name in pack.lifecycle.clauses:
        if name not in TRANSITIONS:
            yield f"lifecycle.clauses.{name}：没有这一步，请对照 rules/lifecycle.py"


def _conditions(pack: Pack) -> Iterator[str]:
    """Words in conditions that name a state, a step or a clause of text must exist."""
    known = {"state": STATES, "steps_issued": STEPS}
    for step in pack.ladder:
        for c in conditions.comparisons(step.when):
            value = pack.left_open[c.value.key].default if isinstance(c.value, conditions.SettingRef) and c.value.key in pack.left_open else c.value
            if c.fact in known and not isinstance(value, conditions.SettingRef):
                named = value if isinstance(value, tuple) else (value,)
                yield from (f"ladder.{step.step}.when：{c.fact} 没有“{v}”这个值" for v in named if v not in known[c.fact])


def lacking_for_rectification(pack: Pack) -> tuple[str, ...]:
    """What a pack must still say before problems can be registered under it, in Chinese; empty when nothing.

    A province's pack orders reports and lists and says nothing of rectification; that is no fault of it.
    """
    has = {
        "问题来源": pack.sources,
        "发现途径": pack.ways,
        "任务类型": pack.kinds,
        "整改方案的内容": pack.forms.get("plan"),
        "验收申请材料": pack.forms.get("application"),
        "组织验收的期限": pack.clocks.get("acceptance"),
        "公示的期限": "publicity" not in pack.lifecycle.stages or pack.clocks.get("publicity"),
    }
    return tuple(label for label, there in has.items() if not there)
