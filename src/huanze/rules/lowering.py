"""Finds where a changed plan asks for less than the plan it replaces (XQ-7: no lower standards, no relaxing).

It looks for four things: a later date, a smaller number beside the same words, a firm verb replaced by a
soft one, and a measure or stage that is gone. It judges text, not intent: what it finds is shown to the
deciding body, which may overrule it with a reason in writing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

SOFTENED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("确保", ("力争", "争取", "努力", "尽量", "尽可能", "推动", "基本")),
    ("必须", ("力争", "争取", "应尽量", "尽量", "可以", "原则上")),
    ("全部", ("基本", "大部分", "部分", "主要", "逐步", "绝大部分")),
    ("全面", ("基本", "部分", "重点", "逐步")),
    ("彻底", ("基本", "初步", "逐步")),
    ("完成", ("基本完成", "推进", "推动", "启动", "开展", "力争完成")),
    ("严禁", ("减少", "控制", "原则上不", "避免")),
    ("禁止", ("减少", "控制", "限制", "原则上不", "避免")),
    ("杜绝", ("减少", "控制", "遏制", "避免")),
    ("消除", ("减轻", "缓解", "改善", "减少")),
    ("取缔", ("规范", "整治", "压减")),
    ("关停", ("限产", "整改", "停产整治", "压减")),
    ("拆除", ("整改", "改造", "封存", "停用")),
    ("达标", ("改善", "好转", "基本达标", "接近达标")),
    ("立即", ("尽快", "适时", "逐步")),
)
"""A firm word and what may stand in its place when a commitment is softened."""

LESS_IS_STRICTER = re.compile(r"不超过|不高于|以下|以内|降至|降到|控制在|压减至|减至|小于|低于|不大于|≤")
MORE_IS_STRICTER = re.compile(r"不低于|不少于|以上|达到|达|提升至|提高到|增至|大于|不小于|建成|完成|清理|拆除|整治|新建|≥")
NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(%|％|百分点|[一-龥㎡℃]{0,3}|[a-zA-Z]{1,5}(?:/[a-zA-Z]{1,3})?)")
ALIKE = 0.45
"""Share of common text from which two sentences are held to be versions of one another."""


@dataclass(frozen=True, slots=True)
class PlanText:
    """A plan as plain values: the deadline, the target, measures in order, and dated stages or steps."""

    deadline: date | None
    target: str
    measures: tuple[str, ...]
    dated: tuple[tuple[str, date | None], ...] = ()
    passages: tuple[tuple[str, str], ...] = ()
    """Whatever else is promised in words, each under its label."""


def lowered(before: PlanText, after: PlanText) -> tuple[str, ...]:
    """Every point at which ``after`` asks for less than ``before``, as Chinese sentences; empty if none."""
    return tuple(dict.fromkeys(_points(before, after)))


def _points(before: PlanText, after: PlanText) -> Iterator[str]:
    if before.deadline and (after.deadline is None or after.deadline > before.deadline):
        until = after.deadline.isoformat() if after.deadline else "不设时限"
        yield f"完成时限由{before.deadline.isoformat()}推迟至{until}"
    said = dict((("目标任务", after.target), *after.passages))
    for label, text in (("目标任务", before.target), *before.passages):
        if text and not said.get(label):
            yield f"取消{label}“{_short(text)}”"
        else:
            yield from weaker(label, text, said.get(label, ""))
    for old, new in _paired(before.measures, after.measures):
        if new is None:
            yield f"取消措施“{_short(old)}”"
        else:
            yield from weaker("措施", old, new)
    dates = dict(after.dated)
    for old, new in _paired([t for t, _ in before.dated], [t for t, _ in after.dated]):
        if new is None:
            yield f"取消阶段“{_short(old)}”"
            continue
        yield from weaker("阶段", old, new)
        was, now = dict(before.dated)[old], dates[new]
        if was and (now is None or now > was):
            yield f"阶段“{_short(new)}”由{was.isoformat()}推迟至{now.isoformat() if now else '不设时限'}"


def weaker(where: str, old: str, new: str) -> Iterator[str]:
    """Softened verbs and relaxed numbers of one sentence against its later version."""
    if old == new:
        return
    for firm, soft in SOFTENED:
        if old.count(firm) - _inside(old, firm, soft) > new.count(firm) - _inside(new, firm, soft):
            for word in soft:
                if new.count(word) > old.count(word):
                    yield f"{where}中“{firm}”改为“{word}”：{_short(new)}"
                    break
    yield from _relaxed_numbers(where, old, new)


def _inside(text: str, firm: str, soft: Sequence[str]) -> int:
    """How often the firm word stands only as part of a soft one, as 完成 in 基本完成."""
    return sum(text.count(word) for word in soft if firm in word and word != firm)


def _relaxed_numbers(where: str, old: str, new: str) -> Iterator[str]:
    text = _no_dates(old)
    for a, b in _number_pairs(list(NUMBER.finditer(text)), list(NUMBER.finditer(_no_dates(new)))):
        if b is None:
            yield f"{where}不再列明“{a[0].strip()}”：{_short(new)}"
            continue
        was, now = float(a[1]), float(b[1])
        context = text[max(0, a.start() - 8) : a.end() + 4]
        upper = bool(LESS_IS_STRICTER.search(context))
        if upper and now > was:
            yield f"{where}中的上限由{a[0].strip()}放宽至{b[0].strip()}：{_short(new)}"
        elif not upper and now < was and (MORE_IS_STRICTER.search(context) or a[2]):
            yield f"{where}中的数量由{a[0].strip()}降为{b[0].strip()}：{_short(new)}"


def _number_pairs(olds: list[re.Match[str]], news: list[re.Match[str]]) -> Iterator[tuple[re.Match[str], re.Match[str] | None]]:
    """Each old number with its later version in the same unit; what stays as it was is left out, None when it is gone."""
    for a in list(olds):
        if same := next((b for b in news if _measured(b) == _measured(a)), None):
            olds.remove(a)
            news.remove(same)
    for a in olds:
        later = next((b for b in news if _unit(b) == _unit(a)), None)
        if later:
            news.remove(later)
        yield a, later


def _measured(number: re.Match[str]) -> tuple[float, str]:
    return float(number[1]), _unit(number)


def _unit(number: re.Match[str]) -> str:
    """The unit as far as it can be told from the words after it: letters whole, of Chinese the first character."""
    unit = number[2].replace("％", "%")
    return unit if unit.isascii() else unit[0]


def _no_dates(text: str) -> str:
    """The text with dates and document numbers blanked out: a year is no amount."""
    return re.sub(r"\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?|\d{1,2}月\d{1,2}日|\d{1,2}月底?|〔\d{4}〕\d+号|\d{4}-\d{2}-\d{2}", "某时", text)


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """Each old sentence with its likeliest later version, each new one used once; None when it is gone."""
    free = list(new)
    for text in old:
        best = max(free, key=lambda t: _likeness(text, t), default=None)
        if best is not None and _likeness(text, best) >= ALIKE:
            free.remove(best)
            yield text, best
        else:
            yield text, None


def _likeness(a: str, b: str) -> float:
    return 1.0 if a == b else SequenceMatcher(None, a, b, autojunk=False).ratio()


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
