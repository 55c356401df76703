"""Finding, loading, hashing and pinning packs (habits 8 and 9).

A pack given out here is complete: its parent's rules are already under it, so the JSON that
``to_json`` writes can be stored and pinned to a case without anything else (J7).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

import huanze
from huanze.rules.packs import overlay as over
from huanze.rules.packs.parts import MOST_UNITS, Setting
from huanze.rules.packs.reading import PackError, Tree, explain, read_folder, read_text
from huanze.rules.packs.schema import LeftOpen, Pack

FOLDER = Path(huanze.__file__).parent / "packs"


def shipped_codes() -> tuple[str, ...]:
    """Codes of the packs in this release, in order."""
    return tuple(sorted(p.parent.name for p in FOLDER.glob("*/pack.yaml")))


def load_own(folder: Path) -> Pack:
    """The pack of a folder alone, without its parent. Raises PackError with file and line."""
    tree = read_folder(folder)
    pack = _validate(tree.data, tree, folder.name)
    if pack.code != folder.name:
        raise PackError([f"{folder.name}/pack.yaml:code 为“{pack.code}”，应与文件夹同名"])
    return pack


def load_text(text: str, parent_of: Callable[[str], Pack] | None = None, *, name: str = "规则包") -> Pack:
    """A pack written as one text, laid over its parents. Raises PackError, places as ``name:line``."""
    tree = read_text(text, name)
    own = _validate(tree.data, tree, name)
    return overlay((parent_of or shipped_pack)(own.parent), own) if own.parent else own


def load_folder(folder: Path, parent_of: Callable[[str], Pack] | None = None) -> Pack:
    """The pack of a folder laid over its parents. ``parent_of`` finds a parent by code; by default the shipped one."""
    own = load_own(folder)
    return overlay((parent_of or shipped_pack)(own.parent), own) if own.parent else own


@cache
def shipped_pack(code: str) -> Pack:
    """A pack of this release, complete. Raises PackError when there is none or it is unfit."""
    if code not in shipped_codes():
        raise PackError([f"没有代码为“{code}”的规则包，现有：{'、'.join(shipped_codes())}"])
    return load_folder(FOLDER / code)


def shipped() -> dict[str, Pack]:
    """All packs of this release by code."""
    return {code: shipped_pack(code) for code in shipped_codes()}


def overlay(parent: Pack, child: Pack) -> Pack:
    """``child`` over ``parent``: adds or tightens only. Raises PackError for anything loosened."""
    data = over.merge(parent.model_dump(mode="json"), child.model_dump(mode="json", exclude_unset=True))
    return _validate(data, Tree(), child.code)


def _validate(data: Mapping[str, Any], tree: Tree, name: str) -> Pack:
    try:
        return Pack.model_validate(data)
    except ValidationError as e:
        raise PackError(explain(e, tree, name)) from None


def to_json(pack: Pack) -> str:
    """Canonical JSON: keys sorted, no spaces, UTF-8, defaults left out. The same pack is always the same text."""
    return json.dumps(pack.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Pack:
    """A pack out of the JSON it was stored as. Raises PackError."""
    try:
        data = json.loads(text)
    except ValueError:
        raise PackError(["所存规则不是有效的 JSON"]) from None
    return _validate(data, Tree(), "所存规则")


def content_hash(pack: Pack) -> str:
    """SHA-256 of the canonical JSON: the name of a published version."""
    return hashlib.sha256(to_json(pack).encode()).hexdigest()


def settings(pack: Pack, local: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What each left-open term means here: the local value, or the default. Raises PackError for a bad local value."""
    local = local or {}
    wrong = [f"本地设定“{k}”不在规则包的待定事项之内" for k in local if k not in pack.left_open]
    made: dict[str, Any] = {}
    for key, term in pack.left_open.items():
        made[key] = local.get(key, term.default)
        if reason := unfit(term, made[key]):
            wrong.append(f"本地设定“{key}”（{term.term}）：{reason}")
    if wrong:
        raise PackError(wrong)
    return made


def unfit(term: LeftOpen, value: Any) -> str:
    """Why a value may not stand for a left-open term, in Chinese; empty when it may."""
    if term.unit == "bool":
        return "" if isinstance(value, bool) else "应是“是”或“否”"
    if term.unit == "text":
        return "" if isinstance(value, str) and value else "应是文字"
    if term.unit == "list":
        fit = isinstance(value, list | tuple) and value and len({type(v) for v in value}) == 1 and isinstance(value[0], int | str)
        return "" if fit else "应是一列同类的值"
    if isinstance(value, bool) or not isinstance(value, int):
        return "应是整数"
    low, high = bounds(term)
    if value < low:
        return f"{value} 小于下限 {low}"
    return f"{value} 大于上限 {high}" if value > high else ""


def bounds(term: LeftOpen) -> tuple[int, int]:
    """The least and the greatest whole number that a place may set; where the pack names none, what a calendar bears."""
    return 0 if term.min is None else term.min, MOST_UNITS if term.max is None else min(term.max, MOST_UNITS)


def resolve(value: Any, chosen: Mapping[str, Any]) -> Any:
    """A value of a pack with the local setting put in its place."""
    return chosen[value.setting] if isinstance(value, Setting) else value
