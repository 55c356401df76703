"""Who drafts, reviews, decides and publishes: approval chains, where the wording names the steps one after another.

| as written | chain and steps |
|---|---|
| 有关部门编制具体事项清单,报某办公室初审后报某委审定,并…网站公开 | item_list: draft, first_review, approve, publish |
| 没有牵头部门的事项,由某办公室协调某部门研究,形成意见后报某委决定,并公开 | lead_decision: coordinate, consult, opinion, decide, publish |
| 没有牵头部门的事项,应当研究明确牵头部门。(某局牵头) | lead_decision: study, decide; who decides is a setting |
| 牵头部门可提请设立专业委员会,经某委员会批准 | committee: request, approve |
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from huanze.rules.packs.drafting import words
from huanze.rules.packs.drafting.model import Found
from huanze.rules.packs.drafting.places import id_of, text_of
from huanze.rules.packs.drafting.sheet import Data, Entry, Sheet

LIST = re.compile(r"具体(?:牵头)?事项清单|事项清单")
NO_LEAD = re.compile(r"(?:尚未|一时|没有|未|不)(?:能)?(?:没有)?(?:明确)?牵头|无牵头")
UNIT = r"([^，。；,;]{2,40}?)"
BODY = r"(?:部门|单位|机关|政府|办公室|委员会|[局委厅办])(?:[（(]单位[)）])?"
DRAFTS = re.compile(rf"(?:^|[。；;\n])([^，。；,;]{{2,200}}?{BODY})[，,]?(?=应当?|要[按编形]|编制|制定|梳理|根据|按照|依据)")
REVIEWS = re.compile(rf"(?:报经|报送?|经|由){UNIT}初审")
DECIDES = re.compile(rf"(?:报送|报请|提请|报|经|由){UNIT}(?:审定|批准|审批|审议通过|同意|决定|确定)")
COORDINATES = re.compile(rf"由{UNIT}(?:协调|会同|征求){UNIT}(?:意见|研究|会商)")
STUDIES = re.compile(r"研究(?:明确|确定)[^，。；,;]{0,8}牵头")
OPINION = re.compile(r"(?:提出|形成)[^，。；,;]{0,6}(?:意见|建议|方案)")
REQUESTS = re.compile(rf"(?:^|[。；;\n])([^，。；,;]{{2,40}}?{BODY})可[^，。；,;]{{0,14}}设立")
SHOWN = re.compile(r"公开|公布")
OWN_SITE = re.compile(r"本(?:部门|单位)[^，。；,;]{0,8}网站")
DROPPED = re.compile(r"^【[^】]*】|[(（]以下简称[^)）]*[)）]")
MAKERS = "编制清单的单位"
COMMITTEE = "专业委员会"


def chains(sheet: Sheet) -> dict[str, list[Data]]:
    """The chains that some clause spells out; the first clause to do so counts."""
    made: dict[str, list[Data]] = {}
    for found in sheet.places.clauses.values():
        sentences = re.split(r"(?<=[。；;\n])", DROPPED.sub("", str(found.value.get("text") or "")))
        rest = "".join(s for s in sentences if not NO_LEAD.search(s))
        for name, spell, pieces in (("item_list", _list, [rest]), ("lead_decision", _lead, sentences), ("committee", _committee, sentences)):
            if name not in made and (steps := next((s for piece in pieces if (s := spell(sheet, found, piece))), None)):
                made[name] = steps
    return made


def committees(sheet: Sheet, spelt: dict[str, list[Data]]) -> Iterator[Entry]:
    """The committee whose founding the text orders."""
    steps = {step["step"]: step for step in spelt.get("committee", ())}
    if "approve" in steps:
        asked = [steps["request"]["by"]] if "request" in steps else []
        data = {"key": "special", "label": COMMITTEE, "what": "协调一个行业或领域的工作", "asked_by": asked, "approved_by": steps["approve"]["by"]}
        yield Entry({**data, "clause": steps["approve"]["clause"]})


def _step(sheet: Sheet, found: Found, step: str, label: str, by: object) -> Data:
    unit = words.wide(by) if isinstance(by, str) else by
    return {"step": step, "label": label, "by": unit, "clause": str(sheet.places.whole(found.clause))}


def _list(sheet: Sheet, found: Found, text: str) -> list[Data]:
    who, first, decides = DRAFTS.search(text), REVIEWS.search(text), DECIDES.search(REVIEWS.sub("", text))
    if not LIST.search(text) or not who or not SHOWN.search(text):
        return []
    charged = re.match(r"承担[^，。；、]{2,24}?职责的", who.group(1))
    by = who.group(1) if "、" not in who.group(1) else f"{charged.group()}有关部门" if charged else MAKERS
    steps = [_step(sheet, found, "draft", "编制具体事项清单", by)]
    if first:
        steps.append(_step(sheet, found, "first_review", "初审", first.group(1)))
    if decides:
        steps.append(_step(sheet, found, "approve", "审定", decides.group(1)))
    return [*steps, _step(sheet, found, "publish", "公开具体事项清单", by)]


def _lead(sheet: Sheet, found: Found, sentence: str) -> list[Data]:
    asked, decides = COORDINATES.search(sentence), DECIDES.search(COORDINATES.sub("", sentence))
    if not NO_LEAD.search(sentence):
        return []
    if not asked:
        return _study(sheet, found, sentence)
    steps = [_step(sheet, found, "coordinate", "协调会商", asked.group(1)), _step(sheet, found, "consult", "研究并提出意见", asked.group(2))]
    if OPINION.search(sentence):
        steps.append(_step(sheet, found, "opinion", "形成意见并报审", asked.group(1)))
    by: object = decides.group(1) if decides else _decider(sheet, found, asked.group(1))
    steps.append(_step(sheet, found, "decide", "明确牵头部门", by))
    if SHOWN.search(sentence):
        steps.append(_step(sheet, found, "publish", "公开", "所定的牵头部门" if OWN_SITE.search(sentence) else asked.group(1)))
    return steps


def _study(sheet: Sheet, found: Found, sentence: str) -> list[Data]:
    """The text asks that the lead be studied; the bracket that follows names who leads this work."""
    at = sheet.places.text_start(found) + max(0, text_of(found).find(sentence))
    brackets = [r for r in sheet.within("responsibility", id_of(found)) if r.start >= at]
    leads = [u["name"] for r in brackets[:1] for u in r.value.get("units", ()) if words.role(str(u["role"])) == "lead"]
    if not STUDIES.search(sentence) or not leads:
        return []
    by = _decider(sheet, found, leads[0])
    steps = [_step(sheet, found, "study", "研究没有牵头部门的事项", leads[0]), _step(sheet, found, "decide", "明确牵头部门", by)]
    return [*steps, _step(sheet, found, "publish", "公开", by)] if SHOWN.search(sentence) else steps


def _decider(sheet: Sheet, found: Found, coordinator: str) -> Data:
    """The text says who coordinates and not who decides."""
    who, clause = words.wide(coordinator), str(sheet.places.whole(found.clause))
    sheet.remark(clause, f"没有说牵头部门由谁决定，先写作{who}，请由人确定 left_open.lead_decider")
    data = {"term": "研究明确牵头部门", "meaning": "没有牵头部门的事项由谁决定", "clause": clause, "unit": "text", "default": who}
    sheet.left_open["lead_decider"] = Entry(data, found.clause)
    return {"setting": "lead_decider"}


def _committee(sheet: Sheet, found: Found, sentence: str) -> list[Data]:
    asked, decides = REQUESTS.search(sentence), DECIDES.search(sentence)
    if COMMITTEE not in sentence or not decides:
        return []
    request = [_step(sheet, found, "request", "提出设立", asked.group(1))] if asked else []
    return [*request, _step(sheet, found, "approve", "批准成立", decides.group(1))]
