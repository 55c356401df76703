"""A policy document taken item by item: who is responsible, and who leads (SD-5, JX-4, HB-7).

An item is fit when a unit answers for it and one of them leads.

| as written | verdict |
|---|---|
| (甲厅牵头,各市负责落实) | fit, 甲厅 leads |
| (甲厅负责,乙厅配合); 甲厅应当… | fit: a unit that answers alone leads |
| 各级法院应当…; (各市负责落实) | fit: one body of its kind in each place |
| (甲厅、乙厅按职责分工负责); 各级各部门要… | no_lead |
| (甲厅、乙厅牵头) | two_leads |
| 建立…机制。 | no_unit |

A closing statement (a bracket, or lines such as 牵头单位：甲局) speaks for what stands between it and the statement before
it. Where there is none, each run of sentences with one subject is an item. A statement behind a heading, and the
subject of words that end in a colon, hold for what stands below. Subjects are found by `rules.policy_subjects`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from huanze.rules.policy_subjects import MANY, ORDERS, fold, subject

Verdict = Literal["fit", "no_unit", "no_lead", "two_leads", "not_an_item"]

SAID_OF: Mapping[Verdict, str] = {
    "no_unit": "没有写明由哪个部门负责",
    "no_lead": "写了责任部门，没有写明由谁牵头",
    "two_leads": "写了不止一个牵头部门",
    "fit": "责任部门、牵头部门都已写明",
    "not_an_item": "不是具体事项",
}
"""In the order in which a check shows them."""

_ASSIST = re.compile(r"配合|协同|协助|参与|参加|会同|指导|监督|督导")
_SIGN = re.compile(
    r"\s*(?:第[一二三四五六七八九十百零\d]+[编章节条款]|\(?[一二三四五六七八九十百]{1,4}\s*[、).]|\(?\d{1,3}\s*[、.)]|[①-⑳])?\s*【?"
)
_LABEL = re.compile(r"(?:总牵头|牵头|责任|配合|协同|参与|实施|落实|督导|监督|主办|协办)(?:责任)?(?:单位|部门)\s*:")
_SENTENCE = re.compile(r"[^。;!?\n]+[。;!?\n]*")
_GENERAL = re.compile(r"指导思想|总体要求|总体思路|总体目标|基本原则|工作原则|工作目标|主要目标|适用范围|制定目的|编制依据|政治站位|政治责任")
_TOO_GENERAL = "总的要求，没有具体任务"
_NOT_ITEMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("名词解释", re.compile(r"本(?:办法|规定|方案|意见|细则|清单)?所称|是指")),
    ("施行、解释、修订或者废止的规定", re.compile(r"起(?:施行|实施|执行)|负责解释|有效期|同时废止|进行修订")),
    (_TOO_GENERAL, re.compile(r"思想为指导|“两个维护”|“四个意识”|重要讲话")),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A clause: ``start`` and ``end`` enclose its own words, without those of the clauses below it."""

    id: str
    level: int
    heading: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as the text names it, and its role in the words of the text."""

    name: str
    role: str


Units = tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of who does it, and its place. ``open_list``: the names end in 等."""

    start: int
    end: int
    units: Units
    open_list: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """An item of a department's list, by its clause. ``beside``: the other units named in it."""

    clause: str
    department: str
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """One stretch of the text. ``why`` is said where it is no item."""

    clause: str
    start: int
    end: int
    text: str
    units: Units
    leads: tuple[str, ...]
    verdict: Verdict
    why: str = ""


def check(text: str, parts: Sequence[Part], said: Sequence[Said] = (), listed: Sequence[Listed] = ()) -> list[Checked]:
    """Every stretch of the clauses that orders something, and those set aside with the reason, in order.

    ``said`` are the closing statements of the text, and of those inside sentences only what a person confirmed; the
    subjects of sentences are found here.
    """
    plain = fold(text)
    departments = {row.clause: row for row in listed}
    placed = _by_part(parts, said)
    found: list[Checked] = []
    held: dict[int, Units] = {}
    general: dict[int, bool] = {}
    for n, part in enumerate(parts):
        held = {level: units for level, units in held.items() if level < part.level}
        general = {level: kind for level, kind in general.items() if level < part.level} | {part.level: bool(_GENERAL.search(part.heading))}
        if part.id in departments:
            found.append(_listed(text, plain, part, departments[part.id]))
            continue
        deeper = n + 1 < len(parts) and parts[n + 1].level > part.level
        inherited = held[max(held)] if held else ()
        for row, passes_on in _read(text, plain, part, placed.get(n, ()), inherited, deeper):
            if passes_on:
                held[part.level] = row.units
            else:
                found.append(replace(row, verdict="not_an_item", why=row.why or _TOO_GENERAL) if any(general.values()) else row)
    return found


def answer(units: Units) -> tuple[tuple[str, ...], Verdict]:
    """(those who lead, the verdict) of the units that an item names."""
    leads = tuple(dict.fromkeys(u.name for u in units if ("牵头" in u.role or "牵头" in u.name) and not MANY.search(u.name)))
    if leads:
        return leads, "fit" if len(leads) == 1 else "two_leads"
    main = tuple(dict.fromkeys(u.name for u in units if not _ASSIST.search(u.role)))
    if len(main) == 1 and not MANY.search(main[0]):
        return main, "fit"
    return (), "no_lead" if units else "no_unit"


def _by_part(parts: Sequence[Part], said: Sequence[Said]) -> Mapping[int, list[Said]]:
    """The statements in the words of each part, by its index; both stand in the order of the text."""
    out: dict[int, list[Said]] = {}
    n = 0
    for row in sorted(said, key=lambda r: r.start):
        while n + 1 < len(parts) and parts[n + 1].start <= row.start:
            n += 1
        if parts and parts[n].start <= row.start < parts[n].end:
            out.setdefault(n, []).append(row)
    return out


def _listed(text: str, plain: str, part: Part, row: Listed) -> Checked:
    """An item of a list: its department answers for it, unless the words say that it only helps or shares the lead."""
    start = _after_sign(plain, part)
    words = plain[start : part.end].strip()
    helps = re.match(r"配合|协助|参与", words)
    shares = re.match(r"(?:会同|与)[^,。;]*牵头", words)
    own = helps.group() if helps else "牵头" if shares or words.startswith("牵头") else "负责"
    other = "负责" if helps else "牵头" if shares else "会同"
    return _stretch(text, part, start, part.end, (Unit(row.department, own), *(Unit(name, other) for name in row.beside)))


def _read(text: str, plain: str, part: Part, said: Sequence[Said], inherited: Units, deeper: bool) -> Iterator[tuple[Checked, bool]]:
    """The stretches of one clause; True with one whose units hold for what follows and stands below."""
    start = body = _after_sign(plain, part)
    if part.heading and plain.startswith(fold(part.heading), start):
        body = start + len(part.heading)
    inside = [row for row in said if not _closes(plain, row)]
    for at, end, units in _blocks(plain, [row for row in said if _closes(plain, row)]):
        headed = not _has_words(plain, body, at)
        follows = _has_words(plain, end, part.end)
        if _has_words(plain, start, at):
            passes_on = follows if headed else deeper and not follows
            inherited = units if passes_on or (headed and deeper) else inherited
            first = start if headed else body
            yield _judged(text, plain, part, first, at, units), passes_on or (headed and deeper)
        start = body = end
    if not _has_words(plain, body, part.end):
        return
    if deeper and plain[body : part.end].rstrip().endswith(":"):
        yield _stretch(text, part, body, part.end, _acting(plain, body, part.end, inside) or inherited), True
        return
    for at, end, units in _runs(plain, body, part.end, inside):
        yield _judged(text, plain, part, at, end, units or inherited), False


def _after_sign(plain: str, part: Part) -> int:
    """Where the words begin after 三、 (一) 1. 第三条 and 【."""
    found = _SIGN.match(plain, part.start, part.end)
    return found.end() if found else part.start


def _closes(plain: str, row: Said) -> bool:
    return plain[row.start] in "([" or _LABEL.match(plain, row.start) is not None


def _blocks(plain: str, said: Sequence[Said]) -> list[tuple[int, int, Units]]:
    """(start, end, units) of closing statements, those that follow one another taken together."""
    out: list[tuple[int, int, Units]] = []
    for row in said:
        units = (*row.units, Unit("其他有关单位", row.units[-1].role)) if row.open_list and row.units else row.units
        if out and not _has_words(plain, out[-1][1], row.start):
            out[-1] = (out[-1][0], row.end, out[-1][2] + units)
        else:
            out.append((row.start, row.end, units))
    return out


def _has_words(plain: str, start: int, end: int) -> bool:
    return re.compile(r"[^\W_]").search(plain, start, end) is not None


def _runs(plain: str, start: int, end: int, inside: Sequence[Said]) -> list[tuple[int, int, Units]]:
    """(start, end, units) of each run of sentences with one subject."""
    out: list[tuple[int, int, Units]] = []
    for found in _SENTENCE.finditer(plain, start, end):
        if not _has_words(plain, *found.span()):
            continue
        units = _acting(plain, *found.span(), inside)
        if out and (not units or units == out[-1][2]):
            out[-1] = (out[-1][0], found.end(), out[-1][2])
        else:
            out.append((*found.span(), units))
    return out


def _acting(plain: str, start: int, end: int, inside: Sequence[Said]) -> Units:
    """Who is to act in a sentence: what a person confirmed there, or else its grammatical subject."""
    confirmed = tuple(unit for row in inside if start <= row.start < end for unit in row.units)
    names, leads = ((), False) if confirmed else subject(plain[start:end])
    return confirmed or tuple(Unit(name, "牵头" if leads else "负责") for name in names)


def _judged(text: str, plain: str, part: Part, start: int, end: int, units: Units) -> Checked:
    """One stretch with its verdict, or set aside with the reason."""
    row = _stretch(text, part, start, end, units)
    sentences = [found.group().strip() for found in _SENTENCE.finditer(plain, start, end) if _has_words(plain, *found.span())]
    ordering = [s for s in sentences if ORDERS.search(s)]
    why = next((why for why, pattern in _NOT_ITEMS if all(pattern.search(s) for s in ordering or sentences)), "")
    if not why and not ordering and not units:
        why = "没有写要做什么"
    return replace(row, verdict="not_an_item", why=why) if why else row


def _stretch(text: str, part: Part, start: int, end: int, units: Units) -> Checked:
    leads, verdict = answer(units)
    words = text[start:end]
    start += len(words) - len(words.lstrip(" \t\n\u3000。;；,，、:：】"))
    end -= len(words) - len(words.rstrip(" \t\n\u3000;；,，、"))
    return Checked(part.id, start, max(start, end), text[start:end], units, leads, verdict)
