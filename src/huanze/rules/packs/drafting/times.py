"""Duties and clocks out of obligations with a time; the quarterly return and the monthly dispatch."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from huanze.rules.packs.drafting import chains, words
from huanze.rules.packs.drafting.model import Found
from huanze.rules.packs.drafting.sheet import Data, Entry, Sheet

RECURRING = ("annual_report", "annual_report_deadline", "recurring", "recurring_min_count", "fixed_dates")
ELSEWHERE = ("relative_deadline", "publicity_period", "effective_date", "start_date", "validity_period")
"""Kinds that become a clock or stand in the document's note."""
KINDS = {"town": "镇|乡|街道|街办", "park": "园区|开发区|高新区", "department": "部门|单位|局|委员会|办公室"}
FORMS = {"paper_stamped": "纸质|盖章", "electronic": "电子"}
LATE = re.compile(r"逾期[^，。；,;]{0,12}(?:列入|计入|转入|纳入|并入)下一?(?:个)?季度?")
CONTENT = re.compile(r"(?:调度|报送|报告)?内容(?:包括|为|有|应当?包括)[：:]?(.+?)(?:[。；;]|$)", re.DOTALL)
SIDES = re.compile(r"(?P<main>(?:主体|整改)责任单位)(?P<a>.+?)(?:以及|；|;|，|,|和)(?P<other>(?:监管|验收|牵头|督导)[^、，,]{0,8}单位)(?P<b>.+)", re.DOTALL)
FIELD_KEYS = (
    ("存在问题|困难", "difficulties"), ("下一步|计划|打算", "next_steps"), ("验收", "acceptance"), ("进度|进展", "progress"),
    ("组织|推动|领导", "organising"), ("措施|落实", "measures"), ("指导|监管|帮扶", "guidance"),
)  # fmt: skip
STOPS = re.compile(r"[，。；：,;:\t\n()（）]")
SHORTEST, LABEL = 5, 30
"""How long a phrase must be to say anything, and how much of it makes a label."""
CUTOFF = 25
LAST_DAYS = {"quarterly": ["03-31", "06-30", "09-30", "12-31"], "half_yearly": ["06-30", "12-31"]}
LAST_OF_ALL = 28
"""The last day that every month has."""
QUARTER = r"每(?:一|个)?季度?的?"
QUARTER_MONTHS = (rf"{QUARTER}(?:首月|第[一1]个?月)", rf"{QUARTER}第[二2]个?月", rf"{QUARTER}(?:末月|最后一个月|第[三3]个?月)")
PUBLIC = re.compile(r"(?<!不)(?:(?:向|对)社会|网站)[^。；;]{0,8}公[开布]|主动公开")
AFTER = re.compile(r"([^，。；：,;:]{2,24}?)(?:的|之?后)[，,][^，。；,;]{0,24}$")
REACH = 300
"""How far before a limit the words for its beginning are looked for."""
OTHER = "other"
VIEW = ("lead_view", "对牵头单位提出意见")


def duties(sheet: Sheet) -> Iterator[Entry]:
    """Everything that recurs or falls due on a day."""
    for found in sheet.of("obligation"):
        if found.value.get("kind") in ELSEWHERE:
            continue
        if not _is_timed(found):
            sheet.note(found, f"“{words.when(found.value.get('value'))}”不属于规则包的任何一类期限，没有写入")
        elif found.value.get("reported_practice"):
            sheet.note(found, f"文中说的是已经做过的事（{words.when(found.value.get('value'))}），没有当作职责写入")
        elif (value := _value(sheet, found)) is not None:
            yield Entry(_duty(sheet, found, value), sheet.places.label(found))


def _is_timed(found: Found) -> bool:
    return found.value.get("kind") in (*RECURRING, "deadline")


def _timed(sheet: Sheet, clause: str) -> list[Found]:
    return [f for f in sheet.within("obligation", clause) if _is_timed(f)]


def _duty(sheet: Sheet, found: Found, value: Data) -> Data:
    key, label = _what(sheet, found)
    said = words.when(found.value.get("value"))
    sheet.gist(found, f"{said}{label}")
    obliged, report_to = sheet.units(found.value.get("obliged")) or _named(sheet, found), sheet.units(found.value.get("report_to"))
    duty: Data = {"key": sheet.key("duties", key), "what": label, "kind": _kind(found, value), "value": value, "obliged": obliged}
    if not obliged:
        sheet.note(found, f"“{label}（{said}）”没有读出由谁承担，请在 duties.{duty['key']}.obliged 写明")
    if report_to:
        duty["report_to"] = report_to
    if copies := _copies(sheet, found):
        duty["copy_to"] = copies
    if found.value.get("publish") or (report_to and PUBLIC.search(sheet.places.words(found))):
        duty["publish"] = True
    return {**duty, "clause": sheet.cite(found)}


def _named(sheet: Sheet, found: Found) -> list[str]:
    """Who must do what names nobody: the department of the item, else who is responsible for the sentence, or for the clauses above."""
    if items := sheet.within("item", found.clause):
        return sheet.units(items[0].value["dept"])
    if units := sheet.owners(found):
        sheet.note(found, f"“{words.when(found.value.get('value'))}”由谁承担取自本条所列的责任单位（{'、'.join(units)}），请核对")
    return units


def _kind(found: Found, value: Data) -> str:
    kind = "fixed_dates" if "due" in value and found.value["kind"] in ("recurring", "recurring_min_count") else str(found.value["kind"])
    return {"annual_report_deadline": "annual_report", "recurring_min_count": "recurring"}.get(kind, kind)


def _what(sheet: Sheet, found: Found) -> tuple[str, str]:
    """Key and label of a duty: from the words after its time, else before it, else from the heading."""
    after = sheet.places.after(found, *_timed(sheet, found.clause))
    if found.value["kind"] in ("annual_report", "annual_report_deadline"):
        own = re.search(r"履职|履行|职责|责任", after)
        return ("annual_report", "专题报告上年度履职情况") if own else ("yearly_report", "报告工作情况")
    if found.value["kind"] == "deadline":
        return "deadline", _task(sheet, found, after)
    before = str(found.value.get("snippet", ""))
    for text in (after, before):
        for table in (words.WHAT, words.WEAK):
            if hit := words.earliest(table, text):
                return hit
    heading = sheet.heading(found, above=True)
    return "duty", words.short(f"{heading}：定期工作" if heading else "定期工作")


def _task(sheet: Sheet, found: Found, after: str) -> str:
    """What is due by a day, as a label: the task of its row, else the phrase after the day, else the longest before it, else the heading."""
    if row := str(found.value.get("task") or ""):
        return words.wide(row)[:LABEL]
    later = STOPS.split(re.sub(r"^[，,\s]*(?:之前|以前|前|内)?[，,\s]*", "", after[found.end - found.start :]))[0]
    before = [p.strip() for p in STOPS.split(sheet.places.before(found)) if p.strip()]
    labelled = bool(before) and before[-1].endswith(("时限", "期限", "时间"))
    phrase = next((p for p in (later, "" if labelled else max(before, key=len, default="")) if len(p) >= SHORTEST), "")
    heading = sheet.heading(found, above=True)
    return words.wide(phrase)[:LABEL] if phrase else words.short(f"{heading}：按期完成" if heading else "按期完成所列任务")


def _value(sheet: Sheet, found: Found) -> Data | None:
    value = found.value.get("value")
    if not isinstance(value, dict):
        try:
            return {"freq": "once", "on": dt.date.fromisoformat(str(value))}
        except ValueError:
            sheet.note(found, f"“{value}”不是日期，没有写入")
            return None
    freq = words.FREQS.get(str(value.get("freq")))
    if freq is None:
        sheet.note(found, f"规则包没有“{words.when(value)}”这样的频次，没有写入，请决定改成什么频次")
        return None
    made: Data = {"freq": freq}
    if isinstance(value.get("min"), int) and freq != "irregular" and not str(found.value["kind"]).startswith("annual_report"):
        made["min"] = value["min"]
    due = value.get("due") or ()
    if due := [due] if isinstance(due, str) else list(due):
        made["due"] = due
    if "start" in value:
        sheet.note(found, f"限在{words.day(str(value['start']))}至{words.day(str(value['end']))}之间，规则包只能写截止日，请核对")
        made["due"] = [str(value["end"])]
    if days := _days_of(freq, value.get("day"), sheet.places.after(found)):
        made = {"freq": freq, "due": days}
    elif value.get("day"):
        sheet.note(found, f"文中说{words.when(value)}，没有说是哪个月或者不是每月都有这一天，请在 due 写明日期")
    return made


def _days_of(freq: str, day: object, said: str) -> list[str]:
    """The days of the year that a day of each month or quarter means; none where the text does not say which month."""
    bare = str(day)
    if bare == "last":
        return LAST_DAYS.get(freq, [])
    if not bare.isdecimal() or not 1 <= int(bare) <= LAST_OF_ALL:
        return []
    first = next((n for n, pattern in enumerate(QUARTER_MONTHS, 1) if re.search(pattern, said[:12])), 0)
    months = range(1, 13) if freq == "monthly" else range(first, 13, 3) if freq == "quarterly" and first else ()
    return [f"{month:02d}-{int(bare):02d}" for month in months]


def _copies(sheet: Sheet, found: Found) -> list[Data]:
    """抄送 as the obligation has it; 抄报 and the rest from the recipients that follow it in its clause."""
    copies = {"抄送": sheet.units(found.value.get("copy_to")), "抄报": list[str]()}
    for other in sheet.within("recipient", found.clause):
        reports = [o for o in _timed(sheet, found.clause) if o.start < other.start and (o.value.get("report_to") or o.value.get("copy_to"))]
        if reports and reports[-1] is found and other.value.get("type") in copies:
            copies[str(other.value["type"])] += sheet.units(other.value.get("units"))
    return [{"type": name, "units": list(dict.fromkeys(units))} for name, units in sorted(copies.items()) if units]


def clocks(sheet: Sheet) -> Iterator[tuple[str, Entry]]:
    """Limits that run from an event, and how long something must be shown."""
    for found in sheet.of("obligation"):
        value, kind = found.value.get("value"), found.value.get("kind")
        if kind == "relative_deadline" and isinstance(value, dict) and not found.value.get("reported_practice"):
            if clock := _clock(sheet, found, value):
                yield clock
        elif kind == "publicity_period" and isinstance(value, dict) and "n" in value:
            yield _publicity(sheet, found, *_length(value))
    for found in sheet.of("publicity"):
        if found.value.get("stated_working_days"):
            yield _publicity(sheet, found, int(found.value["stated_working_days"]), "workday")


def _clock(sheet: Sheet, found: Found, value: Data) -> tuple[str, Entry] | None:
    since, said = str(value.get("start") or ""), words.when(value)
    if since == "before":
        sheet.note(found, f"{said}的提前量，规则包写不下，请由人掌握")
        return None
    since, after = _since(sheet, found, since)
    if after is None:
        sheet.note(found, f"有“{value['n']}{words.UNIT_SAYS.get(str(value['unit']), '')}内”的期限，没有读出从何时起算，没有写入 clocks，请补写")
        return None
    hit = _act(sheet, found, after)
    key = sheet.key("clocks", hit[0])
    if after == OTHER:
        after = f"{key}_due_from"
        sheet.note(found, f"clocks.{key} 自“{words.wide(since)}”起算，是哪一件事请核对")
    sheet.gist(found, f"{said}{hit[1]}")
    n, unit = _length(value)
    data = {"label": hit[1], "since": words.wide(since), "n": n, "unit": unit, "after": after, "count_first": _first(sheet, found, key, said)}
    return key, Entry({**data, "clause": sheet.cite(found)}, sheet.places.label(found))


def _since(sheet: Sheet, found: Found, since: str) -> tuple[str, str | None]:
    """(the event in words, its key): from the words of the limit, else from those before it; no key where nothing is said."""
    before = sheet.places.before(found)[-REACH:]
    sentence = re.split(r"[。\n]", before)[-1] + sheet.places.after(found)
    if re.search("调整|变更|变化", since) and "清单" in sentence:
        return f"清单{since}".replace("清单清单", "清单"), "list_changed"
    if since:
        return since, words.event(since) or OTHER
    if "被征求意见" in sentence:
        return "征求意见", "view_asked"
    said = AFTER.search(before)
    return (said.group(1), words.event(words.wide(said.group(1)))) if said else ("", None)


def _act(sheet: Sheet, found: Found, after: str) -> tuple[str, str]:
    """(key, label) of what must be done within a limit."""
    said = sheet.places.after(found)
    hit = words.earliest(words.LIMITS, said)
    clause = sheet.places.clauses.get(found.clause)
    if after == "view_asked" and clause and chains.NO_LEAD.search(str(clause.value.get("text") or "")):
        return VIEW
    if after == "list_changed" and hit and hit[0] in ("update", "disclosure"):
        return "list_update", "更新所公开的清单"
    phrase = words.wide(STOPS.split(re.sub(r"^.*?内", "", said, count=1))[0])
    return hit or ("limit", phrase[:LABEL] if len(phrase) > 1 else "办理")


def _length(value: Data) -> tuple[int, str]:
    """How long a limit is, in a unit that packs have: a week is seven days."""
    n, unit = int(value["n"]), str(value["unit"])
    return (7 * n, "day") if unit == "week" else (n, unit)


def _publicity(sheet: Sheet, found: Found, n: int, unit: str) -> tuple[str, Entry]:
    key = sheet.key("clocks", "publicity")
    said = f"公示{n}{words.UNIT_SAYS.get(unit, '')}"
    sheet.gist(found, said)
    sheet.note(found, "有公示期；公示是不是销号前必经的环节，请在 lifecycle.stages 写明")
    data = {"label": "公示", "since": "开始公示", "n": n, "unit": unit, "after": "publicity_opened", "count_first": _first(sheet, found, key, said)}
    return key, Entry({**data, "bound": "at_least", "clause": sheet.cite(found)}, sheet.places.label(found))


def _first(sheet: Sheet, found: Found, key: str, said: str) -> Data:
    """Documents hardly ever say whether the first day counts; a place decides."""
    return sheet.open(f"count_first_{key}", found=found, term=said, meaning="起算当日是否计入", unit="bool", default=False)


def self_check(sheet: Sheet, listed: list[Entry]) -> Entry | None:
    """The quarterly return with its days, where the text also says what becomes of a late one."""
    for entry, found in _with_facts(sheet, listed):
        if not entry.data["key"].removeprefix(sheet.prefix).startswith("self_check") or len(entry.data["value"].get("due", ())) != 4:
            continue
        text = sheet.places.words(found)
        kinds = [k for k, pattern in KINDS.items() if any(re.search(pattern, n) for n in entry.data["obliged"])]
        if not LATE.search(text) or not kinds:
            sheet.note(found, "每季度报送自查，但没有读出逾期如何处理或由哪几类单位报送，没有写入 self_check")
            continue
        forms = [f for f, pattern in FORMS.items() if re.search(pattern, text)]
        data = {"days": entry.data["value"]["due"], "by": entry.data["obliged"], "kinds": kinds, "forms": forms, "late": "next_quarter"}
        return Entry({**data, "clause": entry.data["clause"]}, entry.about)
    return None


def dispatch(sheet: Sheet, listed: list[Entry]) -> Entry | None:
    """The monthly return on progress, where the text says what each side reports."""
    for entry, found in _with_facts(sheet, listed):
        if not entry.data["key"].removeprefix(sheet.prefix).startswith("dispatch") or entry.data["value"]["freq"] != "monthly":
            continue
        clause = sheet.places.clauses.get(found.clause)
        content = CONTENT.search(str(clause.value.get("text", "")) if clause else "")
        sides = SIDES.search(content.group(1)) if content else None
        if sides is None:
            sheet.note(found, "每月调度，但没有读出两方各报哪些内容，没有写入 dispatch")
            continue
        due = entry.data["value"].get("due")
        cutoff: Any = int(due[0][3:]) if due else sheet.open("dispatch_cutoff", found=found, term="每月调度", meaning="每月几日以前报送调度内容", unit="count", default=CUTOFF, min=1, max=28)
        main, other = _fields(sides["a"]), _fields(sides["b"])
        return Entry({"freq": "monthly", "cutoff": cutoff, "main_fields": main, "supervising_fields": other, "clause": entry.data["clause"]}, entry.about)
    return None


def _fields(text: str) -> list[Data]:
    made: dict[str, Data] = {}
    for i, label in enumerate((p.strip() for p in re.split(r"、|和|及", text) if p.strip()), 1):
        key = next((k for pattern, k in FIELD_KEYS if re.search(pattern, label) and k not in made), f"field_{i}")
        made[key] = {"key": key, "label": words.short(words.wide(label)), "kind": "text"}
    return list(made.values())


def _with_facts(sheet: Sheet, listed: list[Entry]) -> Iterator[tuple[Entry, Found]]:
    by_place = {sheet.places.label(f): f for f in sheet.of("obligation")}
    return ((entry, by_place[entry.about]) for entry in listed)
