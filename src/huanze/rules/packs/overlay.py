"""One pack laid over its parent: it may add or tighten, never loosen (habit 8).

A value whose direction is known (a term, a threshold, a number of points, a day) may only move to
the stricter side. Any other value may be replaced, unless a path in the parent's ``fixes`` covers it.
Lists of keyed parts and lists of names are joined; nothing of the parent can be left out, except names that
the parent calls ``generic``: the nearer document puts its own in their place, and until one does they stay generic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from huanze.rules.packs.reading import PackError

OWN = ("code", "version", "title", "level", "parent", "document", "generic", "fixes")
"""What a pack says about itself and does not inherit."""

FREQS = ("once", "irregular", "regular", "yearly", "half_yearly", "quarterly", "monthly")
UNITS = ("year", "month", "day", "workday")


def _less(old: Any, new: Any) -> bool:
    return old is None or (new is not None and new <= old)


def _more(old: Any, new: Any) -> bool:
    return old is None or (new is not None and new >= old)


def _kept_true(old: Any, new: Any) -> bool:
    return bool(new) or not old


def _denser(old: Any, new: Any) -> bool:
    return old is None or (new is not None and FREQS.index(new) >= FREQS.index(old))


def _days(old: Any, new: Any) -> bool:
    """At least as many days, each no later than the day it stands for."""
    return len(new) >= len(old) and all(n <= o for n, o in zip(sorted(new), sorted(old), strict=False))


def _same(old: Any, new: Any) -> bool:
    return bool(old == new)


def _kept_false(old: Any, new: Any) -> bool:
    return bool(old) or not new


LASTING: Mapping[Callable[[Any, Any], bool], Callable[[Any, Any], bool]] = {_less: _more, _kept_true: _kept_false}
Rule = tuple[str, Callable[[Any, Any], bool], str]
RULES: tuple[Rule, ...] = (
    ("clocks.*.n", _less, "期限不得放宽"),
    ("clocks.*.count_first", _kept_true, "首日计入与否不得使期限放宽"),
    ("clocks.*.unit", _same, "期限的单位不能改变"),
    ("clocks.*.after", _same, "起算事件不能改变"),
    ("clocks.*.bound", _same, "上限、下限不能互换"),
    ("left_open.*.min", _more, "下限只能提高"),
    ("left_open.*.max", _less, "上限只能降低"),
    ("left_open.*.unit", _same, "单位不能改变"),
    ("*.required", _kept_true, "必填项不能改为选填"),
    ("*.publish", _kept_true, "应当公开的不能改为不公开"),
    ("duties.*.value.freq", _denser, "次数只能增加"),
    ("duties.*.value.min", _more, "次数只能增加"),
    ("duties.*.value.every", _less, "间隔只能缩短"),
    ("duties.*.value.due", _days, "日期只能提前或增加"),
    ("self_check.days", _days, "日期只能提前或增加"),
    ("dispatch.freq", _denser, "次数只能增加"),
    ("dispatch.cutoff", _less, "截止日只能提前"),
    ("deductions.*.points", _more, "扣分只能增加"),
    ("thresholds.*.at", _less, "分值线只能降低"),
    ("sources.*.level", _same, "来源层级不能改变"),
)
WHOLE = ("*.when", "*.years", "left_open.*.default")
"""Values replaced as one; never merged inside."""


def key_of(entry: Any) -> str | None:
    """What names an entry of a list: its key, step, effect, or department and number."""
    if not isinstance(entry, Mapping):
        return None
    for name in ("key", "step", "effect"):
        if name in entry:
            return str(entry[name])
    if "dept" in entry:
        return f"{entry['dept']}#{entry['no']}"
    return f"{entry['type']}：{'、'.join(entry['units'])}" if entry.keys() == {"type", "units"} else None


def merge(parent: Mapping[str, Any], child: Mapping[str, Any]) -> dict[str, Any]:
    """The child's data over the parent's, both in JSON form, the parent's with its defaults written out. Raises PackError naming path, both values and clause."""
    wrong: list[str] = []
    made = _merge({k: v for k, v in parent.items() if k not in OWN}, {k: v for k, v in child.items() if k not in OWN}, "", parent, wrong)
    if wrong:
        raise PackError([f"{child['code']}：{w}" for w in wrong])
    fixes = [*parent.get("fixes", []), *child.get("fixes", [])]
    generic = [*child.get("generic", []), *(path for path in parent.get("generic", []) if not _speaks(child, path))]
    return {**made, **{k: child[k] for k in OWN if k in child}, "fixes": list(dict.fromkeys(fixes)), "generic": list(dict.fromkeys(generic))}


def _speaks(data: Any, path: str) -> bool:
    """Whether a pack has a value of its own at a path, entries of lists by what names them."""
    for part in path.split("."):
        data = data.get(part) if isinstance(data, Mapping) else next((e for e in data or () if key_of(e) == part), None)
    return data is not None


def _merge(old: Any, new: Any, path: str, parent: Mapping[str, Any], wrong: list[str], clause: str = "") -> Any:
    if isinstance(old, Mapping):
        clause = str(old.get("clause", clause))
    if path in parent.get("generic", ()):
        return new  # “the Party committee of the level” becomes that of the province
    rule = next((r for r in RULES if fnmatchcase(path, r[0])), None)
    fixed = any(fnmatchcase(path, f) for f in parent.get("fixes", ()))
    names = isinstance(old, list) and not any(key_of(e) for e in old)
    if rule is None and not any(fnmatchcase(path, w) for w in WHOLE) and not (fixed and names):
        if isinstance(old, Mapping) and isinstance(new, Mapping) and "setting" not in {*old, *new}:
            joined = {k: _merge(old[k], new[k], f"{path}.{k}".lstrip("."), parent, wrong, clause) if k in old else new[k] for k in new}
            return {**old, **joined}
        if isinstance(old, list) and isinstance(new, list):
            return _merge_lists(old, new, path, parent, wrong, clause)
    if old == new:
        return new
    if rule and not _allowed(rule, old, new, path, parent):
        wrong.append(f"{path}：{rule[2]}。上位规则为 {_say(old)}，本规则写成 {_say(new)}（依据 {clause or '上位规则'}）")
    elif rule is None and fixed and not _open(old, new):
        wrong.append(f"{path}：上位规则已固定为 {_say(old)}，本规则不得改为 {_say(new)}（依据 {clause or '上位规则'}）")
    return new


def _merge_lists(old: list[Any], new: list[Any], path: str, parent: Mapping[str, Any], wrong: list[str], clause: str) -> list[Any]:
    if not any(key_of(e) for e in (*old, *new)):
        return [*old, *(e for e in new if e not in old)]
    named = {key_of(e): e for e in old}
    for entry in new:
        k = key_of(entry)
        named[k] = _merge(named[k], entry, f"{path}.{k}", parent, wrong, clause) if k in named else entry
    return list(named.values())


def _open(old: Any, new: Any) -> bool:
    """Filling what the parent left open or empty is no loosening."""
    return new is not None and (old in (None, "", []) or (isinstance(old, Mapping) and "setting" in old))


def _allowed(rule: Rule, old: Any, new: Any, path: str, parent: Mapping[str, Any]) -> bool:
    if _open(old, new):
        return True
    if isinstance(new, Mapping):
        return False  # a fixed value cannot be left open again
    # What must last turns the direction round: more days, and the first day not counted, are stricter.
    lasting = path.startswith("clocks.") and parent["clocks"][path.split(".")[1]]["bound"] == "at_least"
    return LASTING.get(rule[1], rule[1])(old, new) if lasting else rule[1](old, new)


def _say(value: Any) -> str:
    if isinstance(value, Mapping) and "setting" in value:
        return f"（由本地设定 {value['setting']}）"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
