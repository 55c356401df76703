"""Items of departments, and the clauses with what each says and whom it names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from huanze.rules.packs.drafting import words
from huanze.rules.packs.drafting.model import Found
from huanze.rules.packs.drafting.sheet import Data, Entry, Sheet

TITLE = 40
ANNEX = re.compile(r"[A-Z]+-A\d*")
RELATIONS: tuple[tuple[str, str], ...] = (
    (r"(会同|与|和)[^，。；,;]{1,40}?(共同)?牵头", "joint_lead"),
    (r"(配合|协助|协同)", "assist"),
    (r"(参与|参加)", "join"),
    (r"(牵头|会同|负责)?", "lead"),
)
"""The words an item begins with, and the department's relation to it."""
PART = re.compile(r"[，,；;](参与|参加|配合|协助)([^，。；,;]{2,40})")
LAST_CLAUSES = (("施行|生效", "施行日期"), ("解释", "由谁解释"), ("废止", "废止的文件"), ("有效期", "有效期"), ("修订", "何时修订"))


def items(sheet: Sheet) -> Iterator[Entry]:
    """The list of items, in its order."""
    last = ""
    for found in sheet.of("item"):
        text = words.wide(str(found.value.get("text", "")))
        match, relation = next((m, r) for pattern, r in RELATIONS if (m := re.match(pattern, text)))
        clause = str(sheet.places.whole(found.clause))
        said = "会同牵头" if relation == "joint_lead" else match.group()
        data: Data = {"dept": words.wide(str(found.value["dept"])), "no": int(found.value["no"]), "title": _title(text), "relation": relation}
        if said:
            data["text_says"] = said
        if co_units := sheet.units([c.get("name") for c in found.value.get("collaborators", ())]):
            data["co_units"] = co_units
        if parts := [{"relation": "join" if verb.startswith("参") else "assist", "what": what} for verb, what in PART.findall(text)]:
            data["also"] = parts
        sheet.gists.setdefault(clause, []).append(data["title"])
        about, last = (data["dept"] if data["dept"] != last else ""), data["dept"]
        yield Entry({**data, "clause": clause}, about)


def _title(text: str) -> str:
    """The item's first phrase, without its sentence: a label to find it by."""
    first = re.split(r"[，。；]", text)[0] or text
    return first if len(first) <= TITLE else first[: TITLE - 1] + "…"


def clauses(sheet: Sheet, cited: set[str]) -> dict[str, Entry]:
    """Every clause of the document, then the parts of it that something cites. ``cited``: all numbers in use."""
    named = _units(sheet)
    wanted = cited | sheet.gists.keys() | named.keys()
    made: dict[str, Entry] = {}
    for reader_id, found in sheet.places.clauses.items():
        number = sheet.places.whole(reader_id)
        if number is None or (number.removeprefix(sheet.places.prefix)[0] in "CJSBPN" and number not in wanted):
            continue
        made[number] = Entry(_clause(sheet, number, found, named), reader_id)
        for i, _ in enumerate(sheet.places.cuts.get(reader_id, ()), 1):
            if (part := f"{number}/{i}") in wanted and part not in made:
                made[part] = Entry(_clause(sheet, part, None, named), f"{reader_id} 第{i}部分")
    for number in sorted(n for n in (wanted | {m.split("/")[0] for m in made}) if n not in made):
        made[number] = Entry({"gist": "附件"} if ANNEX.fullmatch(number) else _clause(sheet, number, None, named))
    return made


def _clause(sheet: Sheet, number: str, found: Found | None, named: dict[str, dict[str, Data]]) -> Data:
    heading = words.wide(str((found.value if found else {}).get("heading") or ""))
    text = str((found.value if found else {}).get("text") or "")
    said = "；".join(sheet.gists.get(number, ()))
    last = next((label for pattern, label in LAST_CLAUSES if re.search(pattern, text)), "") if len(text) < 80 else ""
    gist = said or heading or last or _owners(named.get(number, {})) or "、".join(words.topics(text))
    if not gist and text:
        sheet.remark(number, "没有条目标题，也没有读出时限、分工和分值，请写明要旨")
    data: Data = {"heading": words.short(heading)} if heading and len(heading) <= TITLE else {}
    data["gist"] = words.short(gist or "没有读出时限、分工和分值")
    if units := named.get(number):
        data["units"] = [{"name": n, "role": d["role"]} for n, d in units.items()]
        if any(d.get("open") for d in units.values()):
            data["open_list"] = True
    return data


def _owners(named: dict[str, Data]) -> str:
    """Who leads, or who is responsible, where that is all that was read."""
    leads = [n for n, d in named.items() if d["role"] in ("lead", "joint_lead")]
    names = leads or list(named)
    return f"{'、'.join(names[:3])}{'等' if len(names) > 3 else ''}{'牵头' if leads else '负责'}" if names else ""


def _units(sheet: Sheet) -> dict[str, dict[str, Data]]:
    """Units by number of clause, each once: as responsible as the text says, then who owes and who receives."""
    made: dict[str, dict[str, Data]] = {}
    for found in sheet.of("responsibility"):
        number = sheet.cite(found) if found.value.get("segment") else str(sheet.places.whole(found.clause))
        for unit in found.value.get("units", ()):
            for name in sheet.units(unit["name"]):
                made.setdefault(number, {}).setdefault(name, {"role": words.role(str(unit["role"])), "open": found.value.get("open_list")})
    for found in sheet.of("obligation"):
        for role, key in (("responsible", "obliged"), ("recipient", "report_to"), ("recipient", "copy_to")):
            for name in sheet.units(found.value.get(key)):
                made.setdefault(sheet.cite(found), {}).setdefault(name, {"role": role})
    return made
