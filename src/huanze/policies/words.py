"""A fact said in one Chinese line, for lists, the diff and print."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from huanze.policies.shapes import FREQ, HEAD, OBLIGATIONS, OPS, UNITS, by_role, cn, day_of_year

Value = Mapping[str, Any]


def words(kind: str, value: Value | None) -> str:
    """The whole of a fact in a line; empty for no value."""
    return SAID[kind](value) if value else ""


def _head(value: Value) -> str:
    key, said = next(iter(value.items()))
    return f"{HEAD.get(key, key)}：{_names(said) if isinstance(said, list) else cn(said) if key == 'date' else said or '（无）'}"


def _clause(value: Value) -> str:
    return str(value.get("heading") or value.get("text", ""))[:60]


def _responsibility(value: Value) -> str:
    return _units(value.get("units", ())) + ("（等）" if value.get("open_list") else "")


def _obligation(value: Value) -> str:
    parts = [when(value)]
    for key, label in (("obliged", "责任单位"), ("report_to", "报送"), ("copy_to", "抄送")):
        if value.get(key):
            parts.append(f"{label}：{_names(value[key])}")
    if value.get("publish"):
        parts.append(f"公开：{value['publish']}")
    if value.get("reported_practice"):
        parts.append("（只是说明已经做过）")
    return "；".join(part for part in parts if part)


def when(value: Value) -> str:
    """The time of an obligation: 每年4月30日前, 收到申请10个工作日内."""
    kind, time = value.get("kind", ""), value.get("value")
    if isinstance(time, Mapping):
        return _spread(str(kind), time)
    said = {"effective_date": "自{}起施行", "start_date": "自{}起", "validity_period": "有效期至{}", "deadline": "{}前"}.get(str(kind), "{}")
    return said.format(cn(time)) if time else OBLIGATIONS.get(str(kind), str(kind))


def _spread(kind: str, time: Value) -> str:
    freq = FREQ.get(time.get("freq", ""), "")
    if due := time.get("due"):
        return f"{freq}{'、'.join(map(day_of_year, [due] if isinstance(due, str) else due))}前"
    if time.get("end"):
        start = f"{cn(time['start'])}至" if time.get("start") else "至"
        return f"{'公示期' if kind == 'publicity_period' else '有效期'}{start}{cn(time['end'])}"
    if time.get("n"):
        span = f"{time['n']}{UNITS.get(time.get('unit', ''), time.get('unit', ''))}"
        if kind == "relative_deadline":
            start = time.get("start") or ""
            return f"提前{span}" if start == "before" else f"{start}{'后' if start else ''}{span}内"
        return f"公示不少于{span}" if kind == "publicity_period" else f"有效期{span}"
    if day := time.get("day"):
        freq = f"{freq}{'末' if day == 'last' else day}日前"
    times = time.get("min")
    at_least = "至少" if kind == "recurring_min_count" else ""
    return f"{freq}{f'{at_least}{times}次' if times and (times > 1 or at_least or not day) else ''}"


def _recipient(value: Value) -> str:
    return f"{value.get('type', '')}：{_names(value.get('units', ()))}"


def _threshold(value: Value) -> str:
    sign = OPS.get(value.get("op", ""), "").rpartition("（")[2].rstrip("）") or value.get("op", "")
    return f"{value.get('metric', '')} {sign} {value.get('value', '')}：{value.get('effect') or '（后果未读出）'}"


def _deduction(value: Value) -> str:
    return f"扣{value.get('points', '')}分：{value.get('event', '')}"


def _item(value: Value) -> str:
    more = _units(value.get("collaborators", ()))
    return f"{value.get('dept', '')} 第{value.get('no', '')}项：{value.get('text', '')}{f'（{more}）' if more else ''}"


def _citation(value: Value) -> str:
    return f"{value.get('number') or ''}{f'《{title}》' if (title := value.get('title')) else ''}"


def _publicity(value: Value) -> str:
    days = value.get("stated_working_days")
    period = f"{cn(value.get('start')) or '（未写）'}至{cn(value.get('end')) or '（未写）'}{f'，{days}个工作日' if days else ''}"
    return "；".join(part for part in (period, value.get("contact"), value.get("phone")) if part)


def _problem(value: Value) -> str:
    parts = [f"问题{value['no']}" if value.get("no") else "问题"]
    parts += [f"{label}：{_names(value[key])}" for key, label in (("responsible", "责任"), ("supervising", "监管")) if value.get(key)]
    return "；".join(parts + ([f"时限：{cn(value['deadline'])}"] if value.get("deadline") else []))


def _alias(value: Value) -> str:
    return f"“{value.get('short', '')}”即{value.get('name', '')}"


def _units(units: Any) -> str:
    return "；".join(f"{role}：{_names(names)}" for role, names in by_role(units))


def _names(names: Any) -> str:
    return "、".join(names)


SAID: Mapping[str, Callable[[Value], str]] = {
    "head": _head, "clause": _clause, "responsibility": _responsibility, "obligation": _obligation, "recipient": _recipient, "threshold": _threshold,
    "deduction": _deduction, "item": _item, "citation": _citation, "publicity": _publicity, "problem": _problem, "alias": _alias,
}  # fmt: skip
