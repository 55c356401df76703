"""The fields of a fact drawn from their one definition, and what was written in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from huanze.policies.shapes import FIELDS, Field, fields_of
from huanze.policies.written import shown


@dataclass(frozen=True, slots=True)
class Drawn:
    """One field with its text, its error and its id."""

    field: Field
    id: str
    text: str
    error: str

    @property
    def described(self) -> str:
        ids = ([f"{self.id}-help"] if self.field.help else []) + ([f"{self.id}-error"] if self.error else [])
        return " ".join(ids)


def draw(kind: str, value: Mapping[str, Any], *, prefix: str, given: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None) -> list[Drawn]:
    """The fields of a fact. ``given`` is what was written and refused; else the value is shown."""
    texts = given if given is not None else shown(kind, value)
    return [_drawn(field, prefix, texts, errors or {}) for field in fields_of(kind, value)]


def draw_head(
    head: Mapping[str, Any], notes: Mapping[str, str], *, given: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None
) -> list[Drawn]:
    """The fields of the whole head; ``notes`` say beside a field how the machine read it."""
    texts = given if given is not None else shown("head", head)
    return [_drawn(replace(field, help=notes.get(field.name, "")), "head", texts, errors or {}) for field in FIELDS["head"]]


def _drawn(field: Field, prefix: str, texts: Mapping[str, str], errors: Mapping[str, str]) -> Drawn:
    return Drawn(field, f"{prefix}-{field.name}", texts.get(field.name, ""), errors.get(field.name, ""))


def written(posted: QueryDict, names: Iterable[str]) -> dict[str, str]:
    """What was written in the fields of these names; a box not ticked is empty."""
    return {name: posted.get(name, "") for name in names}
