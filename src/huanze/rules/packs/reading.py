"""A folder of YAML into one plain tree that still knows the file and line of each value.

Sections may stand in files of their own beside ``pack.yaml``; maps and lists of one name are joined.
Duplicate keys are refused. Nothing here knows what a pack means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

PathKey: TypeAlias = tuple[str | int, ...]
MOST_VALUES = 200_000
"""More than any document needs; a text whose aliases multiply beyond it is refused before it is unfolded."""

ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class PackError(Exception):
    """A pack that may not be used. ``problems`` says where and why, one Chinese sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(slots=True)
class Tree:
    """Plain data and, for each path into it, where it was written."""

    data: dict[str, Any] = field(default_factory=dict)
    places: dict[PathKey, str] = field(default_factory=dict)

    def place(self, path: PathKey) -> str:
        """The nearest written place at or above ``path``; names that are no keys (union tags) are passed over."""
        known: PathKey = ()
        for part in path:
            if (*known, part) in self.places:
                known = (*known, part)
        return self.places.get(known, "")


def read_yaml(path: Path) -> Any:
    """One YAML file, duplicate keys refused. Raises PackError."""
    name = f"{path.parent.name}/{path.name}"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise PackError([f"{name}：读不出来，请确认文件存在并以 UTF-8 保存"]) from None
    return parse(text, name)


def parse(text: str, name: str) -> Any:
    """YAML as ruamel reads it, duplicate keys refused. Raises PackError with ``name`` and the line."""
    try:
        node = YAML(typ="rt").load(text)
    except DuplicateKeyError as e:
        line = e.problem_mark.line + 1 if e.problem_mark else 0
        raise PackError([f"{name}:{line}：同一个键写了两次，请删去一个（{_first_words(e.problem)}）"]) from None
    except MarkedYAMLError as e:
        line = e.problem_mark.line + 1 if e.problem_mark else 0
        raise PackError([f"{name}:{line}：YAML 写法有误，请检查缩进、冒号和引号"]) from None
    except (YAMLError, ValueError, TypeError, LookupError, RecursionError):
        raise PackError([f"{name}：YAML 写法有误，有不能用的字符、日期或者层级"]) from None
    if _size(node, {}) > MOST_VALUES:
        raise PackError([f"{name}：内容过多，引用（& 和 *）展开后不能超过{MOST_VALUES}个值，也不能引用自身"])
    if wrong := [f"{name}:{line}：有不能保存的字符（空字符、控制字符或者半个字符），请删去" for line in _odd(node, 1)]:
        raise PackError(wrong)
    return node


def _odd(node: Any, line: int) -> Iterator[int]:
    """The lines of words with a character that only an escape can write: a database keeps none of them."""
    if isinstance(node, CommentedMap):
        for key, value in node.items():
            yield from _odd(str(key), _line(node, key))
            yield from _odd(value, _line(node, key))
    elif isinstance(node, CommentedSeq):
        for i, value in enumerate(node):
            yield from _odd(value, node.lc.item(i)[0] + 1)
    elif isinstance(node, str) and ODD.search(node):
        yield line


def _size(node: Any, known: dict[int, int]) -> int:
    """How many values there are once every alias is written out; one that holds itself is more than any bound."""
    if not isinstance(node, CommentedMap | CommentedSeq):
        return 1
    if id(node) not in known:
        known[id(node)] = MOST_VALUES + 1
        known[id(node)] = 1 + sum(_size(v, known) for v in (node.values() if isinstance(node, CommentedMap) else node))
    return known[id(node)]


def _first_words(problem: str | None) -> str:
    return (problem or "").split(" with value")[0].replace("found duplicate key", "键").strip()


def plain(node: Any) -> Any:
    """Ordinary dicts, lists and scalars out of ruamel's annotated ones."""
    if isinstance(node, CommentedMap):
        return {str(k): plain(v) for k, v in node.items()}
    if isinstance(node, CommentedSeq):
        return [plain(v) for v in node]
    if isinstance(node, str):
        return str(node)
    return int(node) if isinstance(node, int) and not isinstance(node, bool) else node


def read_folder(folder: Path) -> Tree:
    """All section files of a pack folder as one tree. Raises PackError."""
    if not (folder / "pack.yaml").is_file():
        raise PackError([f"{folder.name}：文件夹中没有 pack.yaml"])
    tree, wrong = Tree(), list[str]()
    files = sorted(folder.glob("*.yaml"), key=lambda p: (p.name != "pack.yaml", p.name))
    for path in files:
        wrong += _add(tree, read_yaml(path), f"{folder.name}/{path.name}")
    if wrong:
        raise PackError(wrong)
    return tree


def read_text(text: str, name: str) -> Tree:
    """A whole pack written as one text; places are ``name`` and the line. Raises PackError."""
    tree = Tree()
    if wrong := _add(tree, parse(text, name), name):
        raise PackError(wrong)
    return tree


def _add(tree: Tree, node: Any, name: str) -> list[str]:
    if not isinstance(node, CommentedMap):
        raise PackError([f"{name}:1：文件应由若干节组成，每节为“名称: 内容”"])
    return [w for section, content in node.items() for w in _join(tree, str(section), content, name, _line(node, section))]


def _line(node: CommentedMap, key: Any) -> int:
    """The line of a key; of one brought in by a merge (``<<``), the line of the map."""
    return int((node.lc.data or {}).get(key, (node.lc.line,))[0]) + 1


def _join(tree: Tree, section: str, content: Any, name: str, line: int) -> Iterator[str] | list[str]:
    base, value = tree.data.get(section), plain(content)
    tree.places.setdefault((section,), f"{name}:{line}")
    if base is None:
        tree.data[section] = value
        _mark(tree, (section,), content, name, 0)
    elif isinstance(base, list) and isinstance(value, list):
        _mark(tree, (section,), content, name, len(base))
        base.extend(value)
    elif isinstance(base, dict) and isinstance(value, dict):
        if twice := sorted(set(base) & set(value)):
            return [f"{name}:{line}：“{section}”中的 {'、'.join(twice)} 在另一个文件里已经写过"]
        _mark(tree, (section,), content, name, 0)
        base.update(value)
    else:
        return [f"{name}:{line}：“{section}”在另一个文件里已经写过"]
    return []


def _mark(tree: Tree, path: PathKey, node: Any, name: str, shift: int) -> None:
    if isinstance(node, CommentedMap):
        for key, value in node.items():
            tree.places[(*path, str(key))] = f"{name}:{_line(node, key)}"
            _mark(tree, (*path, str(key)), value, name, 0)
    elif isinstance(node, CommentedSeq):
        for i, value in enumerate(node):
            tree.places[(*path, i + shift)] = f"{name}:{node.lc.item(i)[0] + 1}"
            _mark(tree, (*path, i + shift), value, name, 0)


WORDS: Mapping[str, str] = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识这一项，请对照 docs/packs.md 检查拼写",
    "string_type": "应是文字；形如 03-10 或编号的值请加引号",
    "int_type": "应是整数",
    "int_parsing": "应是整数",
    "bool_type": "应是 true 或 false",
    "bool_parsing": "应是 true 或 false",
    "string_too_short": "不能为空",
    "too_short": "至少要有一项",
    "greater_than": "应大于 0",
    "greater_than_equal": "数值过小，请核对",
    "less_than_equal": "数值过大，请核对",
    "string_pattern_mismatch": "写法不对：键用小写英文字母、数字和下划线，以字母开头",
    "tuple_type": "应是一列值",
    "dict_type": "应是“键: 值”的形式",
    "model_type": "应是“键: 值”的形式",
    "model_attributes_type": "应是“键: 值”的形式",
    "date_type": "应是日期，如 2023-10-07",
    "date_from_datetime_parsing": "应是日期，如 2023-10-07",
}


def explain(error: ValidationError, tree: Tree, name: str) -> list[str]:
    """What pydantic found, in Chinese, with file and line; union branches of one value told once."""
    told: dict[str, str] = {}
    for e in error.errors():
        kind, ctx = e["type"], e.get("ctx", {})
        where = tree.place(e["loc"]) or name
        if kind == "value_error":
            words = str(ctx["error"])
        elif kind == "literal_error":
            words = f"“{e['input']}”不在可选值之内，只能是 {str(ctx['expected']).replace(' or ', '、').replace(', ', '、')}"
        elif kind == "string_too_long":
            words = f"超过 {ctx['max_length']} 字，请用自己的话写短"
        else:
            words = WORDS.get(kind, "值的类型或范围不合要求")
        path = ".".join(str(p) for p in e["loc"])
        told.setdefault(where if kind != "missing" else path, f"{where}：{path}：{words}")
    return list(told.values())
