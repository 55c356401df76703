"""A person's corrections laid over a draft: a short YAML text that stays when the draft is made again.

```yaml
rename: {duties.plenary_meeting: group_plenary}       # a key; what refers to a setting follows
set: {duties.group_plenary.obliged: [领导小组]}        # a value; an entry that is not there is added
drop: [duties.circular]                               # an entry or a value
```

A path names sections, keys and fields, parted by full stops; entries of a list go by their key, step or effect, items by
department and number (`items.水务局#2`). Renaming comes first, then setting, then dropping.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from huanze.rules.packs.drafting import writing
from huanze.rules.packs.overlay import key_of
from huanze.rules.packs.reading import PackError, parse, plain

OPERATIONS = ("rename", "set", "drop")
NAMES = ("key", "step", "effect")


def correct(text: str, corrections: str, *, name: str = "更正") -> str:
    """The draft with the corrections made, as YAML; comments stay. Raises PackError: which line, and what is wrong."""
    tree, orders = parse(text, "草稿"), parse(corrections, name)
    if orders is None:
        return text
    if not isinstance(tree, CommentedMap) or not isinstance(orders, CommentedMap) or set(orders) - set(OPERATIONS):
        raise PackError([f"{name}：只能有 rename、set、drop 三节"])
    wrong = [*_each(tree, orders, "rename", name), *_each(tree, orders, "set", name), *_each(tree, orders, "drop", name)]
    if wrong:
        raise PackError(wrong)
    return writing.text_of(tree)


def _each(tree: CommentedMap, orders: CommentedMap, operation: str, name: str) -> Iterable[str]:
    """Carry out one kind of correction; what cannot be done is told with its line."""
    rows, drop = orders.get(operation), operation == "drop"
    if rows is None:
        return
    if not isinstance(rows, CommentedSeq if drop else CommentedMap):
        yield f"{name}:{orders.lc.key(operation)[0] + 1}：{operation} 应是{'一列路径' if drop else '“路径: 值”的形式'}"
        return
    for i, path in enumerate(rows):
        line = (rows.lc.item(i) if drop else rows.lc.key(path))[0] + 1
        try:
            DO[operation](tree, str(path).split("."), None if drop else rows[path])
        except LookupError as e:
            yield f"{name}:{line}：{path}：{e.args[0]}"


def _rename(tree: CommentedMap, path: list[str], new: Any) -> None:
    holder, old = _find(tree, path[:-1]), path[-1]
    if not isinstance(new, str):
        raise LookupError("新的键应是文字")
    if _place(holder, new) is not None:
        raise LookupError(f"已经有 {new}，不能改成同名")
    at = _required(holder, old)
    if isinstance(holder, CommentedSeq):
        entry = holder[at]
        field = next((n for n in NAMES if n in entry), None)
        if field is None:
            raise LookupError("这一条没有可以改的键")
        entry[field] = new
        return
    position, comment = list(holder).index(old), holder.ca.items.pop(old, None)
    holder.insert(position, new, holder.pop(old))
    if comment is not None:
        holder.ca.items[new] = comment
    if path[0] == "left_open":
        _refer(tree, old, new)


def _refer(node: Any, old: str, new: str) -> None:
    """What named a setting by its old key names it by the new one."""
    if isinstance(node, CommentedMap):
        if node.get("setting") == old:
            node["setting"] = new
        for value in node.values():
            _refer(value, old, new)
    elif isinstance(node, CommentedSeq):
        for value in node:
            _refer(value, old, new)


def _set(tree: CommentedMap, path: list[str], value: Any) -> None:
    node, *_ = [writing.nodes(plain(value))]
    if len(path) == 1:
        tree[path[0]] = node
        return
    holder = _find(tree, path[:-1], new=True)
    at = _place(holder, path[-1])
    if at is None and isinstance(holder, CommentedSeq):
        if not isinstance(node, CommentedMap):
            raise LookupError("新增的一条应是“键: 值”的形式")
        holder.append(CommentedMap({_named_by(holder, path): path[-1], **node}) if key_of(plain(node)) is None else node)
    else:
        holder[path[-1] if at is None else at] = node


def _named_by(holder: CommentedSeq, path: list[str]) -> str:
    """The field that names the entries of a list, by what is there already, else by the section."""
    known = next((n for entry in holder for n in NAMES if n in entry), None)
    return known or {"thresholds": "effect", "ladder": "step"}.get(path[0], "key")


def _drop(tree: CommentedMap, path: list[str], _: Any) -> None:
    holder = _find(tree, path[:-1])
    at = _required(holder, path[-1])
    if isinstance(holder, CommentedMap):
        holder.ca.items.pop(at, None)
    del holder[at]


LISTS = ("sources", "ways", "kinds", "duties", "ladder", "deductions", "thresholds", "uses", "grounds", "incentives", "areas", "committees", "statistics")


def _find(tree: CommentedMap, path: list[str], *, new: bool = False) -> Any:
    """What stands at a path. With ``new`` a section that is not there is begun."""
    node: Any = tree
    for i, part in enumerate(path):
        at = _place(node, part)
        if at is None and new and i == 0:
            tree[part] = CommentedSeq() if part in LISTS else CommentedMap()
            at = part
        if at is None:
            raise LookupError(f"草稿里没有 {'.'.join(path[: i + 1])}")
        node = node[at]
    return node


def _required(holder: Any, name: str) -> Any:
    at = _place(holder, name)
    if at is None:
        raise LookupError(f"草稿里没有 {name}")
    return at


def _place(holder: Any, name: str) -> Any:
    """The key or index under which a name stands in a map or a list of keyed entries; None when it does not."""
    if isinstance(holder, CommentedMap):
        return name if name in holder else None
    if isinstance(holder, CommentedSeq):
        return next((i for i, entry in enumerate(holder) if key_of(plain(entry)) == name), None)
    raise LookupError("这里是一个值，下面没有分项")


DO = {"rename": _rename, "set": _set, "drop": _drop}
