"""What each kind of fact holds: one definition checks a value, draws its fields and reads them (``written``).

The keys are those of the reader's rows (docs/reader.md). A key that no field names (`sign`, `segment`, `snippet`) is
kept as it was.

| form of a field | as written in a form | in the value |
|---|---|---|
| names | 甲局、乙局 | ["甲局", "乙局"] |
| names | 有关部门、单位；乙局 | ["有关部门、单位", "乙局"] |
| units | 牵头：甲局 (a line for each role) | [{"role": "牵头", "name": "甲局"}] |
| days | 4月30日、10月31日 | "04-30", or a list of them |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

Value = dict[str, Any]

HEAD = {"title": "标题", "doc_number": "文号", "date": "成文日期", "issuers": "发文机关", "main_recipient": "主送", "disclosure": "公开方式"}
FREQ = {"annual": "每年", "semiannual": "每半年", "quarterly": "每季度", "monthly": "每月", "weekly": "每周", "daily": "每日", "irregular": "不定期"}
UNITS = {"day": "日", "workday": "个工作日", "hour": "小时", "week": "周", "month": "个月", "year": "年"}
OPS = {">=": "达到（≥）", ">": "超过（>）", "=": "等于（=）", "<=": "不超过（≤）", "<": "低于（<）"}
OBLIGATIONS = {
    "annual_report_deadline": "年度报告期限",
    "annual_report": "年度报告",
    "recurring": "定期办理",
    "recurring_min_count": "定期办理（有最少次数）",
    "fixed_dates": "固定日期",
    "deadline": "截止日期",
    "relative_deadline": "办理时限",
    "publicity_period": "公示期",
    "validity_period": "有效期",
    "start_date": "起始日期",
    "effective_date": "施行日期",
}
WHEN: Mapping[str, tuple[str, ...]] = {
    "annual_report_deadline": ("freq", "due"),
    "fixed_dates": ("freq", "due"),
    "annual_report": ("freq", "min", "day"),
    "recurring": ("freq", "min", "day"),
    "recurring_min_count": ("freq", "min", "day"),
    "deadline": ("on",),
    "start_date": ("on",),
    "effective_date": ("on",),
    "relative_deadline": ("n", "unit", "start"),
    "publicity_period": ("from", "until", "n", "unit"),
    "validity_period": ("from", "until", "n", "unit"),
}
"""Which fields say the time of an obligation of each kind."""
MUST = {"freq", "due", "on", "n", "unit"}
PERIODS = ("publicity_period", "validity_period")
ROLES = (
    "牵头", "总牵头", "共同牵头", "会同牵头", "牵头负责", "牵头落实", "牵头组织", "会同", "协同", "协助", "配合", "参与", "参加", "负责", "负责落实", "负责实施",
    "具体负责", "分工负责", "分别负责", "共同负责", "按职责分工负责", "按职责分工落实", "责任", "主要责任", "组织实施", "实施", "落实", "抓好落实", "督导落实", "监督", "监管",
    "指导", "监督指导", "督导", "验收", "主办", "协办",
)  # fmt: skip
RELATIONS = ("牵头", "会同", "会同牵头", "协同", "协调", "协助", "配合", "参与")
RECIPIENTS = ("抄送", "抄报")
PUBLIC = ("主动公开", "公开发布", "依申请公开", "不予公开")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a person can write. ``kinds`` are the kinds of obligation it belongs to; empty means all."""

    name: str
    label: str
    form: str = "line"  # line, text, names, units, day, days, whole, number, choice, yes
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False
    help: str = ""
    kinds: tuple[str, ...] = ()


def _choices(labels: Mapping[str, str] | Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple(labels.items()) if isinstance(labels, Mapping) else tuple((word, word) for word in labels)


CLAUSE = Field("clause", "条款", help="如：第七条、(三)、引言；空着的按所在位置填")
PARTED = "用顿号隔开；名称里有顿号的，用分号隔开"
BY_ROLE = "每行一个角色，如“牵头：甲局”，下一行“配合：乙局、丙局”"


def _when(name: str, label: str, form: str, choices: Mapping[str, str] | None = None, help: str = "") -> Field:
    kinds = tuple(kind for kind, names in WHEN.items() if name in names)
    return Field(name, label, form, _choices(choices or {}), help=help, kinds=kinds)


FIELDS: Mapping[str, tuple[Field, ...]] = {
    "head": (
        Field("title", "标题", required=True), Field("doc_number", "文号"), Field("date", "成文日期", "day"), Field("issuers", "发文机关", "names", help=PARTED),
        Field("main_recipient", "主送", "names", help=PARTED), Field("disclosure", "公开方式", "choice", _choices(PUBLIC)),
    ),
    "clause": (Field("id", "条款号", required=True), Field("level", "层级", "whole", required=True), Field("heading", "条标"), Field("text", "条文", "text", required=True)),
    "responsibility": (Field("units", "单位和角色", "units", required=True, help=BY_ROLE), Field("open_list", "名单以“等”结尾，未列尽", "yes"), CLAUSE),
    "obligation": (
        Field("kind", "性质", "choice", _choices(OBLIGATIONS), required=True), _when("freq", "频次", "choice", FREQ), _when("due", "日期", "days", help="如：4月30日；几个日期用顿号隔开"),
        _when("min", "至少次数", "whole"), _when("day", "每期第几日前", "line", help="写数字；期末写“末日”"), _when("on", "日期", "day"), _when("from", "起始日", "day"), _when("until", "截止日", "day"),
        _when("n", "数量", "whole"), _when("unit", "单位", "choice", UNITS), _when("start", "从什么时候算起", "line", help="如：收到申请；提前办理的写“提前”"),
        Field("obliged", "责任单位", "names", help=PARTED), Field("report_to", "报送", "names", help=PARTED), Field("copy_to", "抄送", "names", help=PARTED),
        Field("publish", "公开渠道"), CLAUSE, Field("reported_practice", "只是说明已经做过，不是要求", "yes"),
    ),
    "recipient": (Field("type", "类别", "choice", _choices(RECIPIENTS), required=True), CLAUSE, Field("units", "单位", "names", required=True, help=PARTED)),
    "threshold": (
        Field("metric", "指标", required=True), Field("op", "比较", "choice", _choices(OPS), required=True), Field("value", "数值", "number", required=True), CLAUSE,
        Field("effect", "后果", "text", required=True),
    ),
    "deduction": (Field("points", "扣分", "whole", required=True, help="正整数"), CLAUSE, Field("event", "情形", "text", required=True)),
    "item": (
        Field("dept", "责任部门", required=True), Field("no", "序号", "whole", required=True), Field("text", "事项", "text", required=True),
        Field("collaborators", "会同和配合单位", "units", help="每行一个关系，如“会同：甲局”，下一行“配合：乙局、丙局”"), CLAUSE, Field("explicit_lead", "原文写明牵头", "yes"),
    ),
    "citation": (Field("number", "文号", required=True), CLAUSE, Field("title", "标题")),
    "publicity": (
        Field("start", "公示开始", "day"), Field("end", "公示结束", "day"), Field("stated_working_days", "所述工作日数", "whole"), Field("contact", "联系单位"), Field("phone", "电话"),
    ),
    "problem": (
        Field("no", "序号"), Field("responsible", "责任单位", "names", help=PARTED), Field("supervising", "监管单位", "names", help=PARTED), Field("deadline", "完成时限", "day"),
    ),
    "alias": (Field("name", "全称", required=True), Field("short", "简称", required=True)),
}  # fmt: skip
LENGTH = {"line": 300, "text": 20_000}


def fields_of(kind: str, value: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields of a fact; of a head fact only its own. What the reader said stays a choice even if it is none of ours."""
    if kind == "head":
        return tuple(f for f in FIELDS["head"] if f.name in value)
    flat = flatten(kind, value)
    return tuple(_with_own(field, flat.get(field.name)) for field in FIELDS[kind])


def _with_own(field: Field, own: Any) -> Field:
    if field.form != "choice" or not own or own in dict(field.choices):
        return field
    return replace(field, choices=(*field.choices, (str(own), str(own))))


def flatten(kind: str, value: Mapping[str, Any]) -> Value:
    """The value with the time of an obligation spread over the fields that say it."""
    if kind != "obligation":
        return dict(value)
    when, flat = value.get("value"), dict(value)
    if isinstance(when, Mapping):
        named = {"from": when.get("start"), "until": when.get("end")} if value.get("kind") in PERIODS else {}
        return flat | {k: v for k, v in when.items() if not (named and k in ("start", "end"))} | named
    return flat | ({"until": when} if value.get("kind") in PERIODS else {"on": when})


def by_role(units: Iterable[Mapping[str, str]]) -> list[tuple[str, list[str]]]:
    """Units in their order, neighbours of one role together."""
    found: list[tuple[str, list[str]]] = []
    for unit in units:
        role = unit.get("role") or unit.get("relation", "")
        if found and found[-1][0] == role:
            found[-1][1].append(unit["name"])
        else:
            found.append((role, [unit["name"]]))
    return found


# ---- is a value right


def wrong(kind: str, value: Mapping[str, Any], *, known: Mapping[str, Any] | None = None, clauses: Iterable[str] | None = None) -> dict[str, str]:
    """What is wrong with a value, by field. ``known`` is the machine's value: a role or word it read is never wrong."""
    flat, own = flatten(kind, value), flatten(kind, known or {})
    found: dict[str, str] = {}
    for field in FIELDS[kind]:
        if kind == "head" and field.name not in value:
            continue
        if field.kinds and value.get("kind") not in field.kinds:
            continue
        why = _wrong(field, flat.get(field.name), own.get(field.name))
        if why:
            found[field.name] = why
    if kind == "obligation" and "kind" not in found:
        found |= {name: why for name, why in _wrong_time(str(value.get("kind")), flat).items() if name not in found}
    if clauses is not None and kind not in ("head", "clause") and (clause := value.get("clause")) and clause != own.get("clause") and clause not in clauses:
        found["clause"] = f"文件中没有“{clause}”这一条款，请核对条款号"
    return found


def _wrong(field: Field, value: Any, own: Any) -> str:
    if value in (None, "", []):
        return "请填写此项" if field.required else ""
    if value == own:
        return ""
    if field.form in LENGTH and (not isinstance(value, str) or len(value) > LENGTH[field.form]):
        return f"不超过{LENGTH[field.form]}字"
    if field.name == "day":
        return "" if value == "last" or (str(value).isascii() and str(value).isdigit() and 1 <= int(value) <= 31) else "应为1至31的数字，或者“末日”"
    if field.form == "units":
        return _wrong_units(value, field.name, own)
    if field.form in CHECKS:
        return CHECKS[field.form](value)
    if field.form == "choice" and value not in dict(field.choices):
        return "没有这一项，请从列表中选择"
    return ""


def _wrong_names(value: Any) -> str:
    if not isinstance(value, list) or not all(isinstance(name, str) and 0 < len(name) <= 120 for name in value):
        return "请写单位名称，用顿号隔开，每个不超过120字"
    return ""


def _wrong_units(value: Any, name: str, own: Any) -> str:
    roles = RELATIONS if name == "collaborators" else ROLES
    known = set(roles) | {unit.get("role") or unit.get("relation") for unit in own or ()}
    for number, (role, names) in enumerate(by_role(value), 1):
        if not role:
            return f"第{number}行没有写角色，请写成“牵头：单位名称”"
        if role not in known:
            return f"第{number}行的“{role}”不是认识的角色，可用：{'、'.join(roles)}"
        if not all(0 < len(n) <= 120 for n in names):
            return f"第{number}行没有写单位，或者单位名称超过120字"
    return ""


def _wrong_day(value: Any) -> str:
    return "" if _iso(value) else "请写日期，如 2025-06-30"


def _iso(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def _wrong_days(value: Any) -> str:
    for day in [value] if isinstance(value, str) else value:
        if _iso(f"2024-{day}") is None:
            return f"“{day}”不是一年中的一天，请写成 4月30日"
    return ""


def _wrong_whole(value: Any) -> str:
    return "" if isinstance(value, int) and not isinstance(value, bool) and value > 0 else "应为正整数"


def _wrong_number(value: Any) -> str:
    return "" if isinstance(value, (int, float)) and not isinstance(value, bool) else "应为数字"


CHECKS: Mapping[str, Callable[[Any], str]] = {"names": _wrong_names, "day": _wrong_day, "days": _wrong_days, "whole": _wrong_whole, "number": _wrong_number}


def _wrong_time(kind: str, flat: Mapping[str, Any]) -> dict[str, str]:
    names = WHEN.get(kind, ())
    if kind in PERIODS:
        start, end = _iso(flat.get("from")), _iso(flat.get("until"))
        if start and end and end < start:
            return {"until": "截止日不应早于起始日"}
        return {} if flat.get("until") or (flat.get("n") and flat.get("unit")) else {"until": "请填写截止日，或者填写期限的数量和单位"}
    missing = [name for name in names if name in MUST and flat.get(name) in (None, "", [])]
    return dict.fromkeys(missing, "请填写此项")


# ---- in words


def day_of_year(text: str) -> str:
    """04-30 → 4月30日; anything else as it is."""
    return f"{int(text[:2])}月{int(text[3:])}日" if re.fullmatch(r"\d\d-\d\d", text) else text


def cn(day: Any) -> str:
    found = _iso(day)
    return f"{found.year}年{found.month}月{found.day}日" if found else str(day or "")
