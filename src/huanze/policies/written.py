"""The text of a form's fields and the value of a fact, each made from the other (the table is in ``shapes``)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from huanze.policies.shapes import (
    FIELDS,
    PERIODS,
    WHEN,
    Field,
    Value,
    by_role,
    day_of_year,
    fields_of,
    flatten,
)

DAY_OF_YEAR = re.compile(r"(?:(\d{1,2})-(\d{1,2})|(\d{1,2})月(?:(\d{1,2})[日号]|(?:底|末))(?:之?前)?)$")
MONTH_ENDS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def shown(kind: str, value: Mapping[str, Any]) -> dict[str, str]:
    """What a form's fields hold for a value, as text; a ticked box is ``1``."""
    flat = flatten(kind, value)
    return {field.name: _shown(field, flat.get(field.name)) for field in FIELDS[kind]}


def _shown(field: Field, value: Any) -> str:
    if value in (None, "", [], ()):
        return ""
    if field.form == "yes":
        return "1" if value else ""
    if field.form == "names":
        return joined(value)
    if field.form == "units":
        return "\n".join(f"{role}：{joined(names)}" for role, names in by_role(value))
    if field.form == "days":
        return "、".join(map(day_of_year, [value] if isinstance(value, str) else value))
    if field.name == "day":
        return "末日" if value == "last" else str(value)
    if field.name == "start":
        return "提前" if value == "before" else str(value)
    return str(value)


def read(kind: str, given: Mapping[str, str], before: Mapping[str, Any]) -> Value:
    """A value from a form's text, keeping what no field names. What cannot be read is left as text for ``wrong`` to name."""
    flat = {field.name: _read(field, given.get(field.name, "")) for field in fields_of(kind, before) if field.name in given or field.form == "yes"}
    if kind != "obligation":
        return {**before, **flat}
    times = {name for names in WHEN.values() for name in names}
    kept = {k: v for k, v in before.items() if k not in times}
    return kept | {k: v for k, v in flat.items() if k not in times} | {"value": _time(str(flat.get("kind") or before.get("kind", "")), flat, before)}


def _time(kind: str, flat: Mapping[str, Any], before: Mapping[str, Any]) -> Any:
    """The ``value`` of an obligation as the reader would write it for its kind."""
    names = WHEN.get(kind)
    if names is None:
        return before.get("value")
    if names == ("on",):
        return flat.get("on")
    said = {name: flat[name] for name in names if flat.get(name) not in (None, "")}
    if kind in PERIODS:
        if "from" not in said and "n" not in said and kind == "validity_period":
            return said.get("until")
        said = {{"from": "start", "until": "end"}.get(k, k): v for k, v in said.items()}
    old = before.get("value")
    more = {k: v for k, v in old.items() if k not in {*names, "start", "end"}} if isinstance(old, Mapping) and before.get("kind") == kind else {}
    return more | said


def _read(field: Field, text: str) -> Any:
    text = text.replace("\r\n", "\n").strip()
    if field.form == "yes":
        return bool(text)
    if field.form == "names":
        return parted(text)
    if field.form == "units":
        key = "relation" if field.name == "collaborators" else "role"
        return [{key: role, "name": name} for line in text.split("\n") if line.strip() for role, name in _of_role(line)]
    if not text:
        return None
    if field.form == "whole":
        return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else text
    if field.form == "number":
        return _number(text)
    if field.form == "days":
        found = [_day_of_year(piece) or piece for piece in parted(text)]
        return found[0] if len(found) == 1 else found
    if field.name == "day":
        return "last" if text in ("末日", "期末", "last") else text
    if field.name == "start":
        return "before" if text == "提前" else text
    return text


def _number(text: str) -> int | float | str:
    if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", text, re.ASCII):
        return text
    return float(text) if "." in text else int(text)


def _day_of_year(text: str) -> str | None:
    match = DAY_OF_YEAR.match(unicodedata.normalize("NFKC", text))
    if match is None:
        return None
    month, day = match[1] or match[3], match[2] or match[4]
    if not 1 <= int(month) <= 12:
        return None
    return f"{int(month):02d}-{int(day) if day else MONTH_ENDS[int(month) - 1]:02d}"


def parted(text: str) -> list[str]:
    """Names parted by 、 or comma, never inside brackets; by semicolon or line where there is one, since a name may hold 、.

    甲局（乙局、丙局）、丁局 are two; 省有关部门、单位；各市 are two as well.
    """
    return _split(text, "；;\n") if len(_split(text, "；;\n", bare=True)) > 1 else _split(text, "、，,")


def joined(names: Iterable[str]) -> str:
    """Names as ``parted`` reads them back."""
    known = list(names)
    if all(len(_split(name, "、，,；;\n", bare=True)) == 1 for name in known):
        return "、".join(known)
    return "；".join(known) + ("；" if len(known) == 1 else "")


def _split(text: str, marks: str, *, bare: bool = False) -> list[str]:
    """Pieces between marks that stand in no bracket; ``bare`` keeps the empty ones."""
    found, depth, piece = [], 0, ""
    for char in text:
        depth += (char in "（(〔[") - (char in "）)〕]")
        if depth <= 0 and char in marks:
            found.append(piece)
            piece = ""
        else:
            piece += char
    found.append(piece)
    return found if bare else [p.strip() for p in found if p.strip()]


def _of_role(line: str) -> list[tuple[str, str]]:
    role, colon, names = line.replace(":", "：").partition("：")
    return [(role.strip() if colon else "", name) for name in parted(names if colon else role)] or [(role.strip(), "")]
