"""What every part of a pack is made of: names, days of the year, conditions, and values left open to a place."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from huanze.rules import conditions

Level: TypeAlias = Literal["national", "province", "city", "county"]
Freq: TypeAlias = Literal["monthly", "quarterly", "half_yearly", "yearly", "regular", "irregular", "once"]
Unit: TypeAlias = Literal["day", "workday", "hour", "percent", "count", "text", "month", "bool", "list"]
Scalar: TypeAlias = bool | int | str | tuple[int, ...] | tuple[str, ...]

LEVEL_LABELS: Mapping[str, str] = {"national": "国家级", "province": "省级", "city": "市级", "county": "区县级"}
FREQ_LABELS: Mapping[str, str] = {
    "monthly": "每月", "quarterly": "每季度", "half_yearly": "每半年", "yearly": "每年",
    "regular": "定期", "irregular": "不定期", "once": "一次",
}  # fmt: skip


LONGEST_CLAUSE = 40
LONGEST_NAME = 120
MOST_UNITS = 3650
"""Of time: ten years in days. More binds nobody, and would run off the calendar."""
LONGEST_KEY = 40


def _clause_id(value: str) -> str:
    if len(value) > LONGEST_CLAUSE or not re.fullmatch(r"[A-Z]{2,8}-[0-9A-Z]+(/[0-9]+)*", value):
        raise ValueError(f"条款编号“{value}”应形如 XQ-17 或 XQ-17/3")
    return value


def _month_day(value: Any) -> str:
    try:
        dt.date.fromisoformat(f"2023-{value}")
    except ValueError:
        raise ValueError(f"“{value}”不是一年中的某一天，应写成“月-日”，如 03-10") from None
    return str(value)


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


ClauseId: TypeAlias = Annotated[str, AfterValidator(_clause_id)]
MonthDay: TypeAlias = Annotated[str, BeforeValidator(_month_day)]
MonthDays: TypeAlias = Annotated[tuple[MonthDay, ...], BeforeValidator(_as_list)]
Name: TypeAlias = Annotated[str, Field(max_length=LONGEST_NAME)]
Names: TypeAlias = Annotated[tuple[Name, ...], BeforeValidator(_as_list)]
Words: TypeAlias = Annotated[str, Field(min_length=1, max_length=120)]
"""Our own words, never the document's sentence."""
Key: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=LONGEST_KEY)]
When: TypeAlias = Annotated[
    conditions.Condition,
    BeforeValidator(conditions.parse),
    PlainSerializer(conditions.dump),
]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, arbitrary_types_allowed=True)


class Setting(Part):
    """The document left this open; the place decides it."""

    setting: Key


IntOr: TypeAlias = Annotated[int, Field(ge=0, le=MOST_UNITS)] | Setting
MonthsOr: TypeAlias = Annotated[int, Field(ge=1, le=120)] | Setting
DayOfMonthOr: TypeAlias = Annotated[int, Field(ge=1, le=28)] | Setting
"""A day that every month has."""
BoolOr: TypeAlias = bool | Setting
TextOr: TypeAlias = Name | Setting
