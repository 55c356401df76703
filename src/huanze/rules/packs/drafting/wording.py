"""What the wording of a clause orders without naming a day: duties, limits left open, forms.

| as written | becomes |
|---|---|
| 对推进不力的配合部门,牵头部门应当提醒,必要时向同级党委和政府报告 | duty remind |
| 把事项分解到单位和人 | duty and form breakdown |
| 出台政策文件时,应当明确相关责任部门特别是牵头部门 | form policy_document |
| 清单…根据调整情况及时更新; 动态调整 | clock list_update, its length a setting |
| 定期研究; 重大情况及时报告; 案件及时移送 | duty or clock, its length a setting |

Who is bound stands before the words that order it: 各单位应当…, 牵头部门要…. Lengths that a setting holds are our defaults.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from huanze.rules.packs.drafting import words
from huanze.rules.packs.drafting.model import Found
from huanze.rules.packs.drafting.sheet import Data, Entry, Sheet

ONCE, WHEN_NEEDED, REGULAR = ("deadline", "once"), ("recurring", "irregular"), ("recurring", "regular")
DUTIES: tuple[tuple[str, str, str, tuple[str, str]], ...] = (
    ("remind", "牵头单位提醒推进不力的配合单位，必要时上报", r"(?:推进不力|推动不力|配合(?:单位|部门))[^。]{0,40}提醒", WHEN_NEEDED),
    ("item_list", "编制并公开具体事项清单", r"(?:编制|形成|梳理|制定|明确|公开)[^。]{0,40}事项清单", ONCE),
    ("complaints", "建立公众举报的受理处理机制", r"建立[^。；]{0,60}举报[^。；]{0,14}机制", ONCE),
    ("breakdown", "具体事项分解到单位和责任人", r"事项[^。；，]{0,10}分解[^。；，]{0,12}(?:到|至)[^。；，]{0,16}人", ONCE),
    ("duty_list", "修订部门责任清单", r"(?:修订|完善)[^。；，]{0,30}(?:责任|职责)清单", WHEN_NEEDED),
    ("own_inspection", "监督检查生态环境保护工作的落实", r"(?:强化|加强)对[^。；，]{2,40}(?:督察|监督|督查)检查", WHEN_NEEDED),
    ("training", "培训干部的履职能力", r"加强[^。；，]{0,30}教育培训", WHEN_NEEDED),
    ("target_assessment", "组织目标责任制和考核评价", r"组织实施[^。；，]{0,20}(?:目标责任制|考核评价)", WHEN_NEEDED),
    ("name_leader", "确定本部门牵头负责人和牵头机构", r"确定[^。；，]{0,16}牵头负责(?:同志|人)", ONCE),
    ("joint_mechanism", "建立与公安、法院、检察院的联动机制", r"建立[^。；，]{0,24}公安[^。；，]{0,24}联动机制", ONCE),
    ("share_situation", "通报有关领域的情况", r"及时将[^。；，]{2,30}情况通报", REGULAR),
    ("leader_report", "向分管领导报告履职情况", r"及时向[^。；，]{2,20}(?:领导|负责)(?:同志|人)?[^。；，]{0,2}报告", REGULAR),
    ("party_group_study", "党组（党委）会议研究生态环境保护工作", r"党组[^。；，]{0,12}会议[^。；，]{0,6}及时研究", REGULAR),
    ("proposed_study", "重要事项提请会议研究", r"提请[^。；，]{2,40}定期研究", REGULAR),
    ("study", "研究生态环境保护工作", r"(?<!不)(?<!会议)定期(?:[^。；，]{0,6}|[^。；]{0,40}会议[^。；，]{0,4})研究", REGULAR),
    ("hear_reports", "听取汇报、组织协调", r"(?<!不)定期[^。；，]{0,6}听取", REGULAR),
    ("on_site", "到现场督促推动", r"现场[^。；，]{0,6}(?:督查|督办|推动)", WHEN_NEEDED),
    ("analysis", "会同部门分析情况并提出建议", r"会同[^。；，]{2,60}(?:研究分析|分析|调查研究)，[^。；，]{0,6}(?:意见|建议)", WHEN_NEEDED),
    ("environment_audit", "开展生态环境方面的审计", r"审计部门[^。；，]{0,40}审计工作", WHEN_NEEDED),
    ("information_sharing", "建立信息共享机制", r"建立[^。；，]{0,30}信息共享", ONCE),
)
"""Key, what must be done, the words that order it, kind and frequency."""
CLOCKS: tuple[tuple[str, str, str, str, str, str, str, int, int], ...] = (
    ("list_update", "更新所公开的清单", "清单调整", "list_changed", r"(?:及时更新|动态更新|动态调整|动态管理)", "更新网页", "workday", 20, 60),
    ("major_matter", "报告重大情况", "知悉重大情况", "major_matter_known", r"重大(?:情况|事项|问题)[^。；，]{0,8}(?:及时|立即)[^。；，]{0,14}报告", "报告", "workday", 3, 30),
    ("transfer_clue", "移交问责线索", "发现问题", "clue_found", r"及时移(?:交|送)(?=[^。；，]{0,10}(?:纪检|组织|有关党))", "移交", "workday", 10, 60),
    ("transfer_case", "移送涉嫌违法犯罪案件", "决定移送", "transfer_decided", r"案件及时移送", "移送", "hour", 24, 24),
    ("handle_problem", "着手处置突出问题", "发现突出问题", "problem_found", r"及时(?:处理|处置)[^。；，]{0,20}突出[^。；，]{0,6}问题", "着手处置", "workday", 5, 30),
    ("urgent_study", "组织研究突出问题", "出现突出问题", "problem_found", r"突出[^。；，]{0,6}问题的?，及时组织研究", "组织研究", "workday", 5, 30),
)
"""Key, label, since, event, the words that leave it open, what must be done by then, unit, our default, most."""
NEEDS = {"on_site": "主要负责", "list_update": r"清单[^。；]{0,120}公开|公开[^。；]{0,40}清单", "item_list": r"公开"}
"""What the clause must also say."""
MONTHS, LABEL, REACH = 3, 30, 1500
"""How often at least what is only said to be regular; how long a term may be; how far back a subject is looked for."""
POLICY = re.compile(r"政策文件[^。；]{0,60}明确[^。；]{0,30}(?:责任|牵头)(?:部门|单位)")
POLICY_FIELDS = (("document", "政策文件", "file"), ("items", "所涉具体事项", "list"), ("responsible", "各事项相关责任部门", "orgs"), ("lead", "各事项牵头部门", "org"))
BREAKDOWN_FIELDS = (("unit", "承担单位", "org"), ("person", "责任人", "person"))
BODY = r"(?:部门|单位|机关|政府|党委|办公室|委员会|同志|负责人|[局委厅办])(?:（[^（）]{2,14}）)?"
BOUND = re.compile(rf"(?:^|[。；：，】])((?!对|向|由|经|和)[^。；：，【】]{{0,240}}?{BODY})，?(?=应|要(?!求)|可|须|必须|应当|负责|结合|根据|按照|将|把|编制|强化|加强|除)")
LISTED = re.compile(r"^承担[^、（]{2,24}?的(?=[^、]{2,20}、)")
TOLD = re.compile(r"向([^。；，向]{2,24}?)(?:请示)?(?:报告|汇报)|(?:报告|上报|报)([^。；，向]{1,22}(?:委|政府|办公室|小组|[厅局]))")
ASKED = re.compile(r"提请([^。；，]{2,40}?)定期")


def duties(sheet: Sheet) -> Iterator[Entry]:
    """What the wording orders. What comes of it once only is taken from the first clause that says so."""
    for key, what, pattern, (kind, freq) in DUTIES:
        for found, match in _said(sheet, key, pattern):
            text = _text(found)
            data: Data = {"key": sheet.key("duties", key), "what": what, "kind": kind, "value": {"freq": freq}}
            if freq == "regular":
                data["value"]["every"] = _months(sheet, found, data["key"], _vague(match), what)
            data["obliged"] = _bound(sheet, found, match.end(), what)
            if not data["obliged"]:
                sheet.remark(_cite(sheet, found), f"“{what}”没有读出由谁承担，请在 duties.{data['key']}.obliged 写明")
            if told := _told(sheet, text, match, key):
                data["report_to"] = told
            if key == "item_list" or (key == "complaints" and "公开" in text[match.end() :]):
                data["publish"] = True
            _gist(sheet, found, what)
            yield Entry({**data, "clause": _cite(sheet, found)}, sheet.places.label(found))
            if freq != "regular":
                break


def clocks(sheet: Sheet, known: set[str]) -> Iterator[tuple[str, Entry]]:
    """Limits whose length the text leaves open. ``known``: keys of clocks that say their length already."""
    for key, label, since, after, pattern, act, unit, default, most in CLOCKS:
        hits = list(_said(sheet, key, pattern))
        if hits and key not in known:
            found, match = hits[0]
            name, cited = f"{key}_{'hours' if unit == 'hour' else 'days'}", _cite(sheet, found)
            term: Data = {"term": _vague(match), "meaning": f"{since}之后多少{words.UNIT_SAYS[unit]}内{act}", "clause": cited}
            sheet.left_open[name] = Entry({**term, "unit": unit, "default": default, "min": 1, "max": most}, found.clause)
            sheet.remark(cited, f"“{match.group()}”没有定数，left_open.{name} 的{default}{words.UNIT_SAYS[unit]}是本系统的默认值，请由本地确定")
            _gist(sheet, found, f"及时{label}")
            yield key, Entry({"label": label, "since": since, "n": {"setting": name}, "unit": unit, "after": after, "clause": cited}, found.clause)


def forms(sheet: Sheet) -> Iterator[tuple[str, Entry]]:
    """What the wording asks to be written down of each item, and of each new policy document."""
    for key, label, pattern, fields in (
        ("policy_document", "涉及生态环境保护的政策文件自查", POLICY.pattern, POLICY_FIELDS),
        ("breakdown", "具体事项的分解", next(p for k, _, p, _ in DUTIES if k == "breakdown"), BREAKDOWN_FIELDS),
    ):
        if hit := next(_said(sheet, key, pattern), None):
            if key == "policy_document":
                _gist(sheet, hit[0], label)
            yield key, Entry({"label": label, "fields": [{"key": k, "label": n, "kind": kind} for k, n, kind in fields], "clause": _cite(sheet, hit[0])}, hit[0].clause)


def _said(sheet: Sheet, key: str, pattern: str) -> Iterator[tuple[Found, re.Match[str]]]:
    """Each place in the body that says it: the clause as a fact that stands there, and the match in the clause's text."""
    for reader_id, clause in sheet.places.clauses.items():
        text = _text(clause)
        whole = sheet.places.whole(reader_id)
        if whole is None or "-A" in whole or (key in NEEDS and not re.search(NEEDS[key], text)):
            continue
        begins, heading = sheet.places.text_start(clause), len(str(clause.value.get("heading") or ""))
        for match in re.compile(pattern).finditer(text, heading):
            sheet.settled.append((reader_id, match.start(), match.end()))
            yield replace(clause, clause=reader_id, start=begins + match.start(), end=begins + match.end()), match


def _text(clause: Found) -> str:
    return str(clause.value.get("text") or "").translate(words.WIDE)


def _cite(sheet: Sheet, found: Found) -> str:
    """The clause, or the part that a bracket with its own units closes: what a sentence orders often runs into the next."""
    return sheet.cite(found) if found.clause in sheet.places.bracketed else str(sheet.places.whole(found.clause))


def _gist(sheet: Sheet, found: Found, said: str) -> None:
    listed = sheet.gists.setdefault(_cite(sheet, found), [])
    if said not in listed:
        listed.append(said)


def _bound(sheet: Sheet, found: Found, until: int, what: str) -> list[str]:
    """Who is bound: named last before the end of the words that order it, else responsible by the bracket."""
    begins = max((end for end in sheet.places.cuts.get(found.clause, ()) if end < until), default=0) if found.clause in sheet.places.bracketed else 0
    begins = max(begins, until - REACH)
    named = [m.group(1) for m in BOUND.finditer(_text(found)[begins : until + 1]) if m.end() <= until - begins]
    if named:
        return sheet.units(_apart(named[-1]))
    if owners := sheet.owners(found):
        sheet.remark(_cite(sheet, found), f"“{what}”由谁承担取自本条所列的责任单位（{'、'.join(owners)}），请核对")
    return owners


def _apart(name: str) -> list[str]:
    """甲局、乙局 as two, if each is a body; 省委和省政府有关部门 stays one."""
    pieces = re.split(r"、(?![^（]*）)|以及", LISTED.sub("", name))
    return pieces if len(pieces) > 1 and all(re.search(rf"{BODY}$", p) for p in pieces) else [name]


def _told(sheet: Sheet, text: str, match: re.Match[str], key: str) -> list[str]:
    """To whom the lead or the office reports, or before whom a matter is brought."""
    said = ASKED.match(match.group()) if key == "proposed_study" else None
    if key in ("remind", "analysis", "leader_report"):
        begins = match.start() if key == "leader_report" else match.end()
        said = TOLD.search(text, begins, text.find("。", match.end()) + 1 or len(text))
    return sheet.units(re.split("、|和(?=[省市区县]政府)", next(g for g in said.groups() if g))) if said else []


def _vague(match: re.Match[str]) -> str:
    """The words that leave the length open, from 及时 or 定期 on."""
    said = match.group()
    return said[max(said.find("及时"), said.find("定期"), 0) :][:LABEL]


def _months(sheet: Sheet, found: Found, key: str, term: str, what: str) -> Data:
    name, cited = f"{key}_months", _cite(sheet, found)
    said = {"term": term, "meaning": f"至少每几个月一次：{what}", "clause": cited, "unit": "month", "default": MONTHS, "min": 1, "max": 12}
    sheet.left_open[name] = Entry(said, found.clause)
    sheet.remark(cited, f"“{term}”没有定数，left_open.{name} 的{MONTHS}个月是本系统的默认值，请由本地确定")
    return {"setting": name}
