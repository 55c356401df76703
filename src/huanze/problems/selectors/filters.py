"""What a ledger is filtered by: from a link and back into one, so that a view can be saved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from huanze.problems.models import Problem
from huanze.rules.lifecycle import FINAL, OPEN, STATE_LABELS, WORK, State
from huanze.rules.verdicts import Refusal

GROUPS: Mapping[str, tuple[str, tuple[State, ...]]] = {
    "all": ("全部", ()),
    "open": ("未销号", OPEN),
    "working": ("整改和验收中", WORK),
    "finished": ("已完成待销号", (State.SIGNING, State.CONFIRMING, State.UPPER_ACCEPTANCE, State.PUBLICITY, State.FILING)),
    "closed": ("已销号", (State.CLOSED,)),
    "ended": ("已办结（含并案、不予列入）", tuple(s for s in State if s in FINAL)),
}
"""Groups of states as a reader thinks of them: key → label, states."""

_DATE = "日期格式应为2026-01-31"
_SAID = {"int_parsing": "应为编号", "greater_than": "应为编号", "less_than_equal": "数字太大", "literal_error": "不在所列选项中",
         "date_parsing": _DATE, "date_from_datetime_parsing": _DATE, "date_from_datetime_inexact": _DATE, "bool_parsing": "应为1或0", "string_too_long": "太长",
         "string_unicode": "含有无法识别的字符", "extra_forbidden": "没有这一项条件", "enum": "不在所列选项中"}  # fmt: skip


class LedgerFilter(BaseModel):
    """All conditions hold together. ``unit`` is main or supervising; ``mine`` is what one's own units owe."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    text: str = Field(default="", title="关键词", max_length=100)
    source: str = Field(default="", title="问题来源", max_length=40)
    level: Literal["", "national", "province", "city", "county"] = Field(default="", title="来源层级")
    region: int | None = Field(default=None, title="区域", gt=0, le=2**63 - 1)
    unit: int | None = Field(default=None, title="责任单位", gt=0, le=2**63 - 1)
    states: tuple[State, ...] = Field(default=(), title="状态", max_length=16)
    group: Literal["all", "open", "working", "finished", "closed", "ended"] = Field(default="open", title="办理阶段")
    light: Literal["", "none", "green", "amber", "red"] = Field(default="", title="灯色")
    due_from: date | None = Field(default=None, title="完成时限起")
    due_to: date | None = Field(default=None, title="完成时限止")
    near: bool = Field(default=False, title="临期")
    watched: bool = Field(default=False, title="我关注的")
    mine: bool = Field(default=False, title="本单位承担的")

    @field_validator("text", "source")
    @classmethod
    def _no_nul(cls, value: str) -> str:
        return value.replace("\x00", "")

    @field_validator("states")
    @classmethod
    def _in_order(cls, value: tuple[State, ...]) -> tuple[State, ...]:
        return tuple(s for s in State if s in value)

    @model_validator(mode="after")
    def _from_before_to(self) -> LedgerFilter:
        if self.due_from and self.due_to and self.due_to < self.due_from:
            raise ValueError("完成时限的止日不能早于起日")
        return self

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> LedgerFilter | Refusal:
        """Read a request's parameters (``request.GET`` or a plain mapping); keys we do not know are left alone."""
        lists = getattr(query, "getlist", None)
        given = {
            name: (lists(name) if lists else _as_list(query[name])) if name == "states" else query[name]
            for name in cls.model_fields
            if name in query
        }
        given = {name: [v for v in value if v] if name == "states" else value for name, value in given.items() if value not in ("", None)}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            fields = {str(e["loc"][0]) if e["loc"] else "due_to": _said(e) for e in error.errors(include_url=False)}
            told = "；".join(f"{cls.model_fields[k].title}：{v}" for k, v in fields.items())
            return Refusal("bad_filter", f"筛选条件有误。{told}。请改正后再查", fields=fields)

    def to_query(self) -> str:
        """The shortest link text that ``from_query`` reads back as the same filter."""
        said = self.model_dump(mode="json", exclude_defaults=True)
        return urlencode({k: "1" if v is True else v for k, v in said.items()}, doseq=True)

    def wanted_states(self) -> tuple[State, ...]:
        """The states asked for, by name, by group or both; empty when all are (or, see ``wants_no_state``, none)."""
        group = GROUPS[self.group][1]
        if self.near:
            group = tuple(s for s in group or OPEN if s in OPEN)
        if not group:
            return self.states
        return tuple(s for s in group if not self.states or s in self.states)

    def wants_no_state(self) -> bool:
        """Whether group and states exclude each other, so that nothing can be found."""
        return not self.wanted_states() and (self.near or self.group != "all")

    def chips(self) -> list[tuple[str, str, str]]:
        """What is on, for the screen: field, Chinese words, and the link text without it. Ids are left to the view."""
        made = []
        for name, value in self.model_dump(exclude_defaults=True).items():
            rest = self.model_copy(update={name: type(self).model_fields[name].default}).to_query()
            made.append((name, f"{type(self).model_fields[name].title}：{_shown(name, value)}", rest))
        return made


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _said(error: Any) -> str:
    return _SAID.get(error["type"], str(error["msg"]).removeprefix("Value error, "))


def _shown(name: str, value: Any) -> str:
    if value is True:
        return "是"
    match name:
        case "states":
            return "、".join(STATE_LABELS[s] for s in value)
        case "group":
            return GROUPS[value][0]
        case "light":
            return Problem.Light(value).label
        case "level":
            return Problem.Level(value).label
        case _:
            return str(value)
