"""Data as YAML that a person likes to read: short things on one line, comments that say where in the document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from huanze.rules.packs.drafting.sheet import Entry

DAY = re.compile(r"\d\d-\d\d")
ONE_LINE = 100
"""A map or list whose text is no longer than this stands on one line."""


def commented(section: Mapping[str, Entry | list[Any]] | list[Entry]) -> Any:
    """A section of entries, each under a comment with its place."""
    if isinstance(section, Mapping):
        made = CommentedMap({key: nodes(entry.data if isinstance(entry, Entry) else entry) for key, entry in section.items()})
        for key, entry in section.items():
            if isinstance(entry, Entry) and entry.about:
                made.yaml_set_comment_before_after_key(key, before=entry.about, indent=2)
        return made
    rows = CommentedSeq(nodes(entry.data) for entry in section)
    for i, entry in enumerate(section):
        if entry.about:
            rows.yaml_set_comment_before_after_key(i, before=entry.about, indent=2)
    return rows


def nodes(value: Any, top: bool = True) -> Any:
    """Plain data as ruamel nodes; what is short is set on one line, except an entry itself."""
    if isinstance(value, dict):
        node = CommentedMap({k: nodes(v, False) for k, v in value.items()})
        if not top or len(value) < 3 or "dept" in value:
            _flow(node, value)
        return node
    if isinstance(value, list | tuple):
        rows = CommentedSeq(nodes(v, False) for v in value)
        _flow(rows, value)
        return rows
    return value


def _flow(node: Any, value: Any) -> None:
    if len(str(value)) <= ONE_LINE or "dept" in value:
        node.fa.set_flow_style()


def text_of(tree: Any) -> str:
    """The YAML text of a tree. Comments stay."""
    yaml = YAML(typ="rt")
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.ignore_aliases = lambda *_: True
    out = StringIO()
    _quote(tree)
    yaml.dump(tree, out)
    return out.getvalue()


def _quote(node: Any) -> None:
    """Days of the year in quotes, as docs/packs.md asks."""
    for at, value in list(node.items() if isinstance(node, CommentedMap) else enumerate(node)):
        if isinstance(value, CommentedMap | CommentedSeq):
            _quote(value)
        elif isinstance(value, str) and DAY.fullmatch(value):
            node[at] = DoubleQuotedScalarString(value)
