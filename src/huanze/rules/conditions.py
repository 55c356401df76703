"""Conditions as data: a closed grammar over a closed list of facts, where each verdict explains itself.

A condition in a pack is one of::

    all: [condition, ...]        any: [condition, ...]        not: condition
    fact: days_to_deadline, op: "<=", value: 15               value: {setting: near_days}

Nothing is ever evaluated from a string. An unknown fact, operator or type is refused at load.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from huanze.rules.lifecycle import STATE_LABELS
from huanze.rules.verdicts import Verdict

FactType: TypeAlias = Literal["number", "text", "bool", "set"]
Scalar: TypeAlias = int | str | bool
Facts: TypeAlias = Mapping[str, Any]
Settings: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FactSpec:
    """How a fact is called; ``suffix`` is its unit, ``verb`` stands between its name and its value."""

    label: str
    type: FactType
    suffix: str = ""
    verb: str = ""


FACTS: Mapping[str, FactSpec] = {
    "days_to_deadline": FactSpec("距完成时限", "number", "天"),
    "days_overdue": FactSpec("逾期", "number", "天"),
    "percent": FactSpec("完成比例", "number", "%"),
    "elapsed_percent": FactSpec("时间进度", "number", "%"),
    "behind_percent": FactSpec("落后序时进度", "number", "个百分点"),
    "uncertain": FactSpec("报告不能如期完成的风险", "bool"),
    "steps_issued": FactSpec("已采取的督促措施", "set", verb="为"),
    "steps_count": FactSpec("已采取督促措施", "number", "项"),
    "days_since_step": FactSpec("距上一次督促", "number", "天"),
    "month": FactSpec("当月", "number", "月", verb="为"),
    "state": FactSpec("办理状态", "text", verb="为"),
    "level": FactSpec("来源层级", "text", verb="为"),
    "kind": FactSpec("任务类型", "text", verb="为"),
}
"""Everything a pack may ask about a problem. A fact not known in a case makes its comparison fail."""

_NUMBER = ("<=", "<", ">=", ">", "==", "in")
OPS: Mapping[FactType, tuple[str, ...]] = {
    "number": _NUMBER,
    "text": ("==", "in"),
    "bool": ("==",),
    "set": ("has_all", "has_any"),
}
OP_WORDS: Mapping[str, tuple[str, str]] = {
    "<=": ("不超过", "超过"), "<": ("少于", "不少于"), ">=": ("不少于", "少于"), ">": ("超过", "不超过"),
    "==": ("为", "不为"), "in": ("属于", "不属于"), "has_all": ("包括", "未全部包括"), "has_any": ("包括其一", "均不包括"),
}  # fmt: skip
"""How an operator reads when it holds and when it does not."""
VALUE_WORDS: Mapping[str, str] = {
    **{state.value: label for state, label in STATE_LABELS.items()},
    "prompt": "提示", "warn": "警示", "supervise": "督办", "circulate": "通报", "interview": "约谈",
    "national": "国家级", "province": "省级", "city": "市级", "county": "区县级",
    "immediate": "立行立改", "long_term": "长期整改", "legacy": "历史遗留问题",
}  # fmt: skip
_LISTS = ("in", "has_all", "has_any")

COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
    "==": operator.eq,
    "in": lambda have, want: have in want,
    "has_all": lambda have, want: all(x in have for x in want),
    "has_any": lambda have, want: any(x in have for x in want),
}


@dataclass(frozen=True, slots=True)
class SettingRef:
    """The value stands in the local settings under ``key``."""

    key: str


@dataclass(frozen=True, slots=True)
class Compare:
    fact: str
    op: str
    value: Scalar | tuple[Scalar, ...] | SettingRef


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any_:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


Condition: TypeAlias = Compare | All | Any_ | Not


def parse(data: Any) -> Condition:
    """The condition that ``data`` writes down. Raises ValueError, in Chinese, for anything outside the grammar."""
    if isinstance(data, Compare | All | Any_ | Not):
        return data
    if not isinstance(data, Mapping):
        raise ValueError("条件应写成 all、any、not 或 fact 四种之一")
    keys = set(data)
    if keys in ({"all"}, {"any"}):
        parts = data["all"] if "all" in keys else data["any"]
        if not isinstance(parts, list | tuple) or not parts:
            raise ValueError("条件 all、any 之下应列出至少一项")
        made = tuple(parse(p) for p in parts)
        return All(made) if "all" in keys else Any_(made)
    if keys == {"not"}:
        return Not(parse(data["not"]))
    if keys == {"fact", "op", "value"}:
        return _compare(data["fact"], data["op"], data["value"])
    raise ValueError(f"条件中有不认识的写法：{'、'.join(sorted(map(str, keys)))}")


def _compare(fact: Any, op: Any, value: Any) -> Compare:
    spec = FACTS.get(fact)
    if spec is None:
        raise ValueError(f"条件引用了不认识的事实“{fact}”，可用的有：{'、'.join(FACTS)}")
    if op not in OPS[spec.type]:
        raise ValueError(f"事实“{fact}”不能用“{op}”比较，可用的有：{'、'.join(OPS[spec.type])}")
    if isinstance(value, Mapping):
        if set(value) != {"setting"} or not isinstance(value["setting"], str):
            raise ValueError("条件的值应是常数，或写成 {setting: 键}")
        return Compare(fact, op, SettingRef(value["setting"]))
    wanted: type = {"number": int, "bool": bool}.get(spec.type, str)
    items = value if isinstance(value, list | tuple) else (value,)
    if isinstance(value, list | tuple) != (op in _LISTS):
        raise ValueError(f"“{op}”后面应是{'一列值' if op in _LISTS else '单个值'}")
    if not items or any(type(x) is not wanted for x in items):
        raise ValueError(f"事实“{fact}”的值类型不对")
    return Compare(fact, op, tuple(items) if op in _LISTS else value)


def dump(condition: Condition) -> dict[str, Any]:
    """The data form of a condition; ``parse(dump(c)) == c``."""
    match condition:
        case All(parts):
            return {"all": [dump(p) for p in parts]}
        case Any_(parts):
            return {"any": [dump(p) for p in parts]}
        case Not(part):
            return {"not": dump(part)}
        case Compare(fact, op, SettingRef(key)):
            return {"fact": fact, "op": op, "value": {"setting": key}}
        case Compare(fact, op, value):
            return {"fact": fact, "op": op, "value": list(value) if isinstance(value, tuple) else value}


def comparisons(condition: Condition) -> Iterator[Compare]:
    """Every comparison in a condition, left to right."""
    match condition:
        case All(parts) | Any_(parts):
            for part in parts:
                yield from comparisons(part)
        case Not(part):
            yield from comparisons(part)
        case Compare():
            yield condition


def settings_used(condition: Condition) -> frozenset[str]:
    return frozenset(c.value.key for c in comparisons(condition) if isinstance(c.value, SettingRef))


def wanted(compare: Compare, settings: Settings) -> Any:
    """The value to compare with, the local setting put in its place."""
    return settings[compare.value.key] if isinstance(compare.value, SettingRef) else compare.value


def true(condition: Condition, facts: Facts, settings: Settings) -> bool:
    """Whether a condition holds, without the explanation: for sweeps over many problems."""
    match condition:
        case Compare(fact, op, _):
            have = facts.get(fact)
            return have is not None and COMPARE[op](have, wanted(condition, settings))
        case All(parts):
            return all(true(p, facts, settings) for p in parts)
        case Any_(parts):
            return any(true(p, facts, settings) for p in parts)
        case Not(part):
            return not true(part, facts, settings)


def holds(condition: Condition, facts: Facts, settings: Settings, clause: str = "") -> Verdict:
    """Whether a condition holds, and one Chinese sentence per comparison that decided it."""
    answer, because = _explain(condition, facts, settings)
    return Verdict(answer, because, clause)


def _explain(condition: Condition, facts: Facts, settings: Settings) -> tuple[bool, tuple[str, ...]]:
    match condition:
        case Compare():
            return _explain_compare(condition, facts, settings)
        case Not(part):
            answer, because = _explain(part, facts, settings)
            return not answer, because
        case All(parts) | Any_(parts):
            told = [_explain(p, facts, settings) for p in parts]
            answer = all(a for a, _ in told) if isinstance(condition, All) else any(a for a, _ in told)
            # Only what decided is told: the parts that failed an "all", the parts that met an "any".
            return answer, tuple(s for a, sentences in told if a is answer for s in sentences)


def _explain_compare(compare: Compare, facts: Facts, settings: Settings) -> tuple[bool, tuple[str, ...]]:
    spec, have, want = FACTS[compare.fact], facts.get(compare.fact), wanted(compare, settings)
    if have is None:
        return False, (f"{spec.label}尚无数据",)
    answer = COMPARE[compare.op](have, want)
    if spec.type == "bool":
        return answer, (("已" if have else "没有") + spec.label,)
    if spec.type == "text" and compare.op == "in" and answer:
        return answer, (f"{spec.label}{spec.verb}{say(have)}",)
    word = OP_WORDS[compare.op][0 if answer else 1]
    return answer, (f"{spec.label}{spec.verb}{say(have)}{spec.suffix}，{word}{say(want)}{spec.suffix}",)


def say(value: Any) -> str:
    """A value in Chinese; a set in a fixed order."""
    if isinstance(value, Collection) and not isinstance(value, str):
        given = value if isinstance(value, list | tuple) else sorted(value, key=str)
        return "、".join(VALUE_WORDS.get(str(v), str(v)) for v in given) or "无"
    return VALUE_WORDS.get(str(value), str(value))
