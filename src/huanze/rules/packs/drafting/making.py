"""The draft of a pack, section by section."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from huanze.rules.packs.drafting.model import Draft, Found, Head
from huanze.rules.packs.parts import Level


def draft(*, head: Head, facts: Sequence[Found], code: str, level: Level, parent: str | None, version: dt.date) -> Draft:
    """A pack out of the facts that a person accepted. The same facts always give the same text."""
    tree = CommentedMap(code=code, version=version, title=head.title, level=level)
    if parent:
        tree["parent"] = parent
    tree["document"] = CommentedMap(title=head.title)
    tree["clauses"] = CommentedMap({f"{code.upper()}-{i}": CommentedMap(gist=f.value.get("heading") or f.clause) for i, f in enumerate((f for f in facts if f.kind == "clause"), 1)})
    out = StringIO()
    YAML().dump(tree, out)
    return Draft(out.getvalue(), ())
