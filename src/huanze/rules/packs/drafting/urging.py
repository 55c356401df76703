"""The ladder of urging: 提示, 警示, 督办, 通报, 约谈, where the text says when each is used.

The text says 临近, 进度不理想, 严重滞后; how near and how far behind is for the place. Each such word becomes a setting,
with a default that is ours and a note that says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from huanze.rules.packs.drafting import words
from huanze.rules.packs.drafting.model import Found
from huanze.rules.packs.drafting.sheet import Data, Entry, Sheet

WORKING: Data = {"fact": "state", "op": "in", "value": ["rectifying", "self_accepted"]}
NEAR: list[Data] = [
    {"fact": "days_to_deadline", "op": "<=", "value": {"setting": "near_days"}},
    {"fact": "days_to_deadline", "op": ">=", "value": 0},
]
BEHIND: Data = {"fact": "behind_percent", "op": ">=", "value": {"setting": "behind_margin"}}
OVERDUE: Data = {"fact": "days_overdue", "op": ">=", "value": 1}

STEPS: tuple[tuple[str, str, str, Data], ...] = (
    ("prompt", "提示", r"临近[^。；]{0,20}提示", {"all": [WORKING, *NEAR]}),
    ("warn", "警示", r"临近[^。；]{0,40}警示", {"all": [WORKING, *NEAR, {"any": [BEHIND, {"fact": "uncertain", "op": "==", "value": True}]}]}),
    (
        "supervise", "督办", r"滞后[^。；]{0,60}督办",
        {"any": [{"fact": "behind_percent", "op": ">=", "value": {"setting": "severe_behind"}}, {"fact": "days_overdue", "op": ">=", "value": {"setting": "severe_overdue_days"}}]},
    ),
    ("circulate", "通报", r"定期[^。；]{0,60}(?:整改|进展|进度)[^。；]{0,20}通报", {"all": [{"fact": "month", "op": "in", "value": {"setting": "circulate_months"}}, {"any": [BEHIND, OVERDUE]}]}),
    (
        "interview", "约谈", r"仍[^。；]{0,12}(?:不力|滞后)[^。；]{0,60}约谈",
        {
            "all": [
                {"fact": "steps_issued", "op": "has_all", "value": {"setting": "interview_chain"}},
                {"fact": "days_since_step", "op": ">=", "value": {"setting": "interview_after_days"}},
                {"any": [BEHIND, OVERDUE]},
            ]
        },
    ),
)  # fmt: skip
"""Step, label, the words that order it, when it is proposed."""
OPEN: tuple[tuple[str, str, str, str, str, object, Data], ...] = (
    ("near_days", "prompt warn", "临近", "距完成时限不超过多少天算临近", "day", 30, {"min": 1, "max": 180}),
    ("behind_margin", "warn circulate interview", "进度不理想、滞后", "落后序时进度达到多少个百分点算滞后", "percent", 10, {"min": 1, "max": 50}),
    ("severe_behind", "supervise", "严重滞后", "落后序时进度达到多少个百分点算严重滞后", "percent", 30, {"min": 2, "max": 90}),
    ("severe_overdue_days", "supervise", "严重滞后", "逾期达到多少天算严重滞后", "day", 10, {"min": 1, "max": 90}),
    ("circulate_months", "circulate", "不定期通报", "哪几个月编发通报", "list", [3, 5, 6, 9, 11, 12], {}),
    ("interview_after_days", "interview", "仍整改不力、进度滞后", "最后一次督促之后多少天仍滞后才约谈", "day", 15, {"min": 0, "max": 90}),
)
"""Setting, the steps that use it, term, meaning, unit, our default, limits."""
ISSUER = re.compile(r"由([^，。；,;]{2,30}?)(?:会同([^，。；,;]{2,30}?))?(?=赴|进行|约谈|对|组织|予以)")
OFFICE = re.compile(r"(?:^|】)([^，。；,;【】]{2,30}?)(?=根据|按照|视情|适情|采取|采用)")
INTERVIEWED = re.compile(r"约谈([^，。；,;]{2,80}?)(有关|主要|分管)?(负责人|负责同志)")
TOLD = re.compile(r"报(?!告|送)([^，。；,;]{2,20})")


def ladder(sheet: Sheet) -> list[Entry]:
    """The steps that the text orders, in the order of their severity."""
    made = [entry for step in STEPS if (entry := _step(sheet, *step))]
    chain = [e.data["step"] for e in made if e.data["step"] != "interview"]
    for entry in made:
        for key, steps, term, meaning, unit, default, limits in OPEN:
            if entry.data["step"] in steps.split() and key not in sheet.left_open:
                sheet.left_open[key] = Entry({"term": term, "meaning": meaning, "clause": entry.data["clause"], "unit": unit, "default": default, **limits}, entry.about)
        if entry.data["step"] == "interview":
            open_ = {"term": "督促之后仍整改不力", "meaning": "约谈之前应已采取过哪些措施", "clause": entry.data["clause"], "unit": "list", "default": chain}
            sheet.left_open["interview_chain"] = Entry(open_, entry.about)
    if made:
        sheet.remark(made[0].data["clause"], "督促措施何时采用，原文没有定数；left_open 里的天数、百分点和月份是本系统的默认值，请由本地确定")
    return made


def _step(sheet: Sheet, step: str, label: str, pattern: str, when: Data) -> Entry | None:
    found = next((f for f in _leaves(sheet) if re.search(pattern, words.wide(str(f.value.get("text") or "")))), None)
    if found is None:
        return None
    text = words.wide(str(found.value["text"]))
    issuer, told = ISSUER.search(text), TOLD.search(text)
    issued_by = [issuer.group(1)] if issuer else _office(sheet, found)
    if not issued_by:
        sheet.remark(str(sheet.places.whole(found.clause)), f"没有读出由谁{label}，请在 ladder.{step}.issued_by 写明")
    data: Data = {"step": step, "label": label, "when": when, "addressee": _addressee(sheet, step, label, text), "issued_by": issued_by}
    if issuer and issuer.group(2):
        data["joint_with"] = [issuer.group(2)]
    if told and step == "supervise":
        data["report_to"] = re.split("、|和", told.group(1))
    if "向社会公开" in text:
        data["publish"] = True
    if step == "circulate":
        data["again"] = "monthly"
    sheet.gists.setdefault(str(sheet.places.whole(found.clause)), []).append(label)
    return Entry({**data, "clause": str(sheet.places.whole(found.clause))}, found.clause)


def _leaves(sheet: Sheet) -> Iterator[Found]:
    return (f for i, f in sheet.places.clauses.items() if i not in sheet.places.parents)


def _office(sheet: Sheet, found: Found) -> list[str]:
    """Who issues what no item gives to somebody else: the one the article begins with."""
    parent = sheet.places.clauses.get(found.clause.rpartition("/")[0])
    said = OFFICE.search(words.wide(str(parent.value.get("text") or ""))) if parent else None
    return [said.group(1)] if said else []


def _addressee(sheet: Sheet, step: str, label: str, text: str) -> list[str]:
    if step == "interview" and (said := INTERVIEWED.search(text)):
        return [f"{name}{said.group(2) or ''}{said.group(3)}" for name in said.group(1).split("、")]
    if step == "circulate":
        return ["各地各单位"]
    if any("主体责任单位" in str(f.value.get("text")) for f in sheet.places.clauses.values()):
        return ["主体责任单位"]
    sheet.remark("", f"没有读出{label}发给谁，请在 ladder.{step}.addressee 写明")
    return []
