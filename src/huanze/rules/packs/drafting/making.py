"""The draft of a pack, section by section."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml.comments import CommentedMap

from huanze.rules.packs import loader
from huanze.rules.packs.drafting import chains, listing, points, times, urging, wording, words, writing
from huanze.rules.packs.drafting.model import Draft, Found, Head
from huanze.rules.packs.drafting.sheet import Data, Entry, Sheet
from huanze.rules.packs.parts import Level
from huanze.rules.packs.schema import Duty, Pack

OWN_VERSION = ("annual_report", *(key for key, *_ in wording.DUTIES))
"""Duties known by their key: a place's own stands for the parent's, unless that one sets a day or a number."""
VAGUE = re.compile(r"[^，。；：、,;:\n]{0,6}(?:临近|滞后|(?<!不)定期|及时(?!限)|适时|尽快|原则上)[^，。；：、,;:\n]{0,8}")


def draft(*, head: Head, facts: Sequence[Found], code: str, level: Level, parent: str | None, version: dt.date, over: Pack | None = None) -> Draft:
    """A pack out of the facts that a person accepted: ``code`` 2 to 8 small letters, ``version`` its date.

    The same facts always give the same text. Days, limits and points are carried over as they were read; what the text
    leaves open, and the words for what it says, are left to a person by a note. ``over``: the parent's pack; by default
    the shipped one of that code, if there is one.
    """
    if over is None and parent in loader.shipped_codes():
        over = loader.shipped_pack(str(parent))
    sheet = Sheet(code, facts, taken=_taken(over) if over else None)
    duties, spelt, clocks = list(times.duties(sheet)), chains.chains(sheet), dict(times.clocks(sheet))
    clocks |= wording.clocks(sheet, {*clocks, *(over.clocks if over else ())})
    sections: dict[str, Any] = {
        "forms": dict(wording.forms(sheet)),
        "clocks": clocks,
        "duties": [*duties, *wording.duties(sheet)],
        "dispatch": times.dispatch(sheet, duties),
        "self_check": times.self_check(sheet, duties),
        "ladder": urging.ladder(sheet),
        "deductions": list(points.deductions(sheet)),
        "thresholds": points.thresholds(sheet),
        "approval_chains": spelt,
        "committees": list(chains.committees(sheet, spelt)),
        "items": list(listing.items(sheet)),
    }
    _vague(sheet)
    sections = {"left_open": sheet.left_open, **sections}
    sections["clauses"] = listing.clauses(sheet, _cited(sections))
    if not head.title:
        sheet.remark("", "没有读出标题，请写明 title 和 document.title")
    if not sections["clauses"]:
        sheet.remark("", "没有读出条款，规则包至少要有一条 clauses")
    title = words.wide(head.title) or "没有读出标题"
    document = {"title": title, "number": head.number, "date": head.date, "issuers": [words.wide(i) for i in head.issuers], "note": _note(sheet)}
    about = {"code": code, "version": version, "title": title, "level": level, "parent": parent, "document": {k: v for k, v in document.items() if v}}
    return Draft(_text(about, sections), tuple(sheet.notes))


def _taken(over: Pack) -> dict[str, set[str]]:
    """Keys that would stand for the parent's entries: only duties known by their key, with nothing set yet, may."""
    fixed = {d.key for d in over.duties if d.key not in OWN_VERSION or _is_set(d)}
    return {"duties": fixed, "deductions": {d.key for d in over.deductions}}


def _is_set(duty: Duty) -> bool:
    value = duty.value
    return any((value.due, value.on, value.every, value.min > 1, value.freq in ("half_yearly", "quarterly", "monthly")))


def _cited(section: Any) -> set[str]:
    """Every clause number that some entry names."""
    if isinstance(section, Entry):
        return _cited(section.data)
    if isinstance(section, dict):
        own = {section["clause"]} if isinstance(section.get("clause"), str) else set()
        return own.union(*map(_cited, section.values()))
    return set().union(*map(_cited, section)) if isinstance(section, list) else set()


def _text(about: Data, sections: Mapping[str, Any]) -> str:
    tree = CommentedMap({k: writing.nodes(v) for k, v in about.items() if v})
    for name, section in sections.items():
        if isinstance(section, Entry):
            tree[name] = writing.nodes(section.data)
            tree.yaml_set_comment_before_after_key(name, before=f"\n{section.about}")
        elif section:
            tree[name] = writing.commented(section)
            tree.yaml_set_comment_before_after_key(name, before="\n")
    return writing.text_of(tree)


def _note(sheet: Sheet) -> str:
    """From when to when the document is in force, and the numbers it cites."""
    said = []
    for found in sheet.facts:
        kind, value = found.value.get("kind"), found.value.get("value")
        if found.kind == "obligation" and kind in ("effective_date", "validity_period"):
            said.append(f"{'施行日期' if kind == 'effective_date' else '有效期'}：{_span(value)}")
    cited = dict.fromkeys(str(f.value["number"]) for f in sheet.facts if f.kind == "citation" and f.value.get("number"))
    said += [f"引用{'、'.join(cited)}"] if cited else []
    return "；".join(dict.fromkeys(said))


def _span(value: object) -> str:
    if isinstance(value, dict) and "n" in value:
        return f"{value['n']}{words.UNIT_SAYS.get(str(value.get('unit')), '')}"
    if isinstance(value, dict):
        return f"{value.get('start', '')}至{value.get('end', '')}"
    return str(value)


def _vague(sheet: Sheet) -> None:
    """Words that set no time: what they mean here is for a person, who may add it to left_open."""
    for reader_id, found in sheet.places.clauses.items():
        number, text = sheet.places.whole(reader_id), str(found.value.get("text") or "")
        settled = [(a, b) for i, a, b in sheet.settled if i == reader_id]
        found_words = (m for m in VAGUE.finditer(text) if not any(m.start() < b and a < m.end() for a, b in settled))
        said = list(dict.fromkeys(words.wide(m.group()) for m in found_words))
        if number and said:
            sheet.remark(number, f"用语没有定数，要按数执行的请写入 left_open：{'；'.join(f'“{m}”' for m in said)}")
