"""Deductions, and what follows when their total reaches a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from huanze.rules.packs.drafting import words
from huanze.rules.packs.drafting.model import Found
from huanze.rules.packs.drafting.sheet import Data, Entry, Sheet

POINTS = re.compile(r"扣|分值|积分|记分|得分|分数")
EFFECTS: tuple[tuple[str, str, str, str], ...] = (
    ("约谈.*主要(?:负责|领导)", "interview_head", "约谈主要负责同志", "扣分单位主要负责同志"),
    ("约谈.*分管(?:负责|领导)", "interview_deputy", "约谈分管负责同志", "扣分单位分管负责同志"),
    ("约谈", "interview", "约谈", "扣分单位"),
    ("警示函", "warning_letter", "发出警示函", "扣分单位"),
    ("提示函|提醒函", "reminder_letter", "发出提醒函", "扣分单位"),
    ("督办", "supervise", "挂牌督办", "扣分单位"),
    ("通报批评|通报", "circular", "通报批评", "扣分单位"),
    ("取消", "disqualified", "取消评优资格", "扣分单位"),
    ("书面检查|书面检讨", "self_criticism", "作书面检查", "扣分单位"),
    ("移送|移交|追责|问责", "accountability", "移送追责问责", "扣分单位"),
)
"""Words of an effect: pattern, key, label, to whom. The first that fits is what happens; others stand in ``also``."""
ISSUER = re.compile(r"(?:^|由|，|,)([^，。；,;由]{2,30}?)(?=发出|约谈|印发|下发|向其|予以|进行|组织|给予|实行|对其|责令|通报|督办)")
REPORT_TO = re.compile(r"向([^，。；,;]{2,30}?)(?:作出?|提交|递交|报送)(?:深刻)?书面(?:检查|检讨)")
ALSO = (("书面检查|书面检讨", "written_self_criticism"), ("向社会公开|公开通报|向社会公布", "public"))


def deductions(sheet: Sheet) -> Iterator[Entry]:
    """Points off, each with its event named by where it stands; the event's own words are for a person."""
    seen: dict[str, int] = {}
    for i, found in enumerate(sheet.of("deduction"), 1):
        points, about = int(found.value["points"]), sheet.heading(found, above=True) or "考核扣分"
        seen[about] = nth = seen.get(about, 0) + 1
        key = sheet.key("deductions", f"deduction_{i}")
        sheet.gist(found, f"第{nth}种情形扣{points}分")
        sheet.note(found, f"请用自己的话写明 deductions.{key}.event，原文为：{words.short(str(found.value.get('event', '')))}")
        if "或" in str(found.value.get("event", "")):
            sheet.note(found, f"deductions.{key} 的原文含“或”，如果是几种情形各扣{points}分，请拆成几条")
        event = words.short(f"{about}：第{nth}种情形")
        yield Entry({"key": key, "event": event, "points": points, "clause": sheet.cite(found)}, sheet.places.label(found))


def thresholds(sheet: Sheet) -> list[Entry]:
    """What follows from a total of points, lowest first; each ends where the next begins."""
    found = [f for f in sheet.of("threshold") if _of_points(sheet, f)]
    made = sorted((_threshold(sheet, f) for f in found), key=lambda e: int(e.data["at"]))
    for lower, upper in zip(made, made[1:], strict=False):
        lower.data["below"] = upper.data["at"]
    order = ("effect", "at", "below", "label", "addressee", "issued_by", "also", "report_to", "clause")
    if found:
        sheet.open("score_period", found=found[0], term="累计扣减分值", meaning="扣分按什么期间累计：年度（year）或不分年度（all）", unit="text", default="year")
    return [Entry({k: e.data[k] for k in order if k in e.data}, e.about) for e in made]


def _of_points(sheet: Sheet, found: Found) -> bool:
    metric, value = str(found.value.get("metric", "")), found.value.get("value")
    if found.value.get("op") == "=" and POINTS.search(metric):
        return False  # points off for one event are deductions
    if POINTS.search(metric) and found.value.get("op") == ">=" and isinstance(value, int | float) and value > 0 and value == int(value):
        return True
    sheet.note(found, f"“{words.wide(metric)}{found.value.get('op')}{value}”不是累计扣分的分值线，没有写入 thresholds，请决定放在何处")
    return False


def _threshold(sheet: Sheet, found: Found) -> Entry:
    text, at = str(found.value.get("effect", "")), int(found.value["value"])
    _, key, label, addressee = next((e for e in EFFECTS if re.search(e[0], text)), ("", "effect", "", "扣分单位"))
    if not label:
        label = f"达到{at}分的后果"
        sheet.note(found, f"没有读出达到{at}分的后果是什么，请写明 label：{words.short(text)}")
    data: Data = {"effect": sheet.key("thresholds", key), "at": at, "label": label, "addressee": addressee}
    issuer = ISSUER.search(text)
    if issuer and (names := sheet.units([issuer.group(1)])):
        data["issued_by"] = names[0]
    else:
        sheet.note(found, f"没有读出由谁{label}，请写明 thresholds.{data['effect']}.issued_by")
    if also := [name for pattern, name in ALSO if re.search(pattern, text) and key != "self_criticism"]:
        data["also"] = also
    if said := REPORT_TO.search(text):
        data["report_to"] = sheet.units(re.split("、|和", said.group(1)))
    sheet.gist(found, f"累计达到{at}分{label}")
    return Entry({**data, "clause": sheet.cite(found)}, sheet.places.label(found))
