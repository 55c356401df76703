"""Limits that carry a consequence.

| as written | read as |
|---|---|
| 累计扣减分值达到10分以上的,发出警示函 | 累计扣减分值 >= 10, 发出警示函 |
| 逾期超过30日的,予以通报 | 逾期 > 30 |
| 得分90分以上为优秀;不足60分为不合格 | >= 90; < 60 |
| 每个问题扣减5分 | 每个问题扣分 = 5 |

A target (优良比例达到55%以上) carries no consequence and is not a limit of this kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from huanze.reader.clauses import Tree
from huanze.reader.model import Threshold
from huanze.reader.numbering import SIGN
from huanze.reader.signs import number

UNIT = r"(?:分|次|个|件|起|项|%|家|吨|万元|亿元|元|人次|人|天|日|个工作日|工作日|个月|年|小时|亩|公里|倍|户|名|条|例|处|个百分点)"
NUM = r"(?P<n>\d{1,9}(?:\.\d{1,6})?|[一二两三四五六七八九十]{1,3})"
THEN = r"(?:\([^()\n]{0,20}\))?(?:的(?=[,;:、]|由|给予|予以|应|不得|可|按|每|对|一律|实行|依|评|定|确定|认定|为|责令|处|约谈|通报|扣|取消)|(?=为(?:优秀|良好|合格|不合格|较好|一般|较差|优|良|差|中|[一二三四ⅠⅡⅢⅣABCD]\w?[级等档类])))"
THEN_OR_NEXT = rf"(?:{THEN}|(?=[、,]?(?:不足|不满|低于|不到)\s*\d))"
ABOVE = re.compile(rf"(?P<verb>达到|达|满|累计|超过|低于|不足|高于|为|在)?\s*{NUM}\s*{UNIT}\s*(?:\(含\))?(?P<side>及?以上|及?以下|以内)(?:\(含[^()]*\))?{THEN_OR_NEXT}")
OF_WHOM = r"(?:的(?=[\u4e00-\u9fff()、]{1,12},(?:由|予以|给予|取消|不得|约谈|通报|责令|扣|追究|一律|实行|限期|暂停)))"
BEYOND = re.compile(rf"(?P<verb>不超过|未超过|超过|超出|超|大于|高于|多于|不足|不满|低于|小于|少于|未达到|不到|不低于|不少于|达到|达|满)\s*{NUM}\s*{UNIT}(?:{THEN}|{OF_WHOM})")
POINTS = re.compile(r"(?P<verb>扣减|扣除|扣|加)(?P<most>(?:不超过|最多|最高))?\s*(?P<n>\d{1,9}(?:\.\d{1,6})?)\s*分(?!以上|之一|[—\-~至])")
BAND = re.compile(r"(?P<n>\d{1,3})\s*分?\s*(?:\(含\)|\(不含\)|以上)?\s*(?:至|到|—+|-+|~|、)\s*(?P<top>\d{1,3})\s*分(?:\(不含[^()]*\))?(?:以下|之间)?\s*(?:\([^()]{0,12}\))?(?:的)?[,]?(?=(?:为|评定为|评为|定为|确定为|属)\s*[“\"]?(?:优秀|良好|合格|不合格|较好|一般|较差|基本合格|优|良|中|差|达标))")
OVERDUE = re.compile(rf"(?:逾期|超期|超时)(?P<verb>超过|达到|满|达)?\s*{NUM}\s*{UNIT}(?!\s*(?:\(含\))?(?:及?以上|及?以下|以内|内|的))(?=[^,。;]{{0,16}}的[,;])")
MONEY = (("万元", 10_000), ("亿元", 100_000_000))  # a sum is told in yuan
SIDE = re.compile("以[上下内]")
OPS = {"超过": ">", "超出": ">", "超": ">", "大于": ">", "高于": ">", "多于": ">", "不足": "<", "不满": "<", "低于": "<", "小于": "<", "少于": "<", "未达到": "<", "不到": "<", "不超过": "<=", "未超过": "<=", "不低于": ">=", "不少于": ">=", "达到": ">=", "达": ">=", "满": ">="}


def thresholds(plain: str, tree: Tree) -> list[Threshold]:
    """Every limit, in order."""
    out: list[Threshold] = []
    for match in _above(plain):
        op = "<=" if "下" in match["side"] or "内" in match["side"] else ">="
        out.append(_row(plain, tree, match, op=op, rule="threshold-above"))
    for match in BEYOND.finditer(plain):
        out.append(_row(plain, tree, match, op=OPS[match["verb"]], rule="threshold-beyond"))
    for match in BAND.finditer(plain):
        out.append(_row(plain, tree, match, op=">=", rule="threshold-band"))
        out.append(replace(out[-1], op="<", value=number(match["top"])))
    for match in OVERDUE.finditer(plain):
        out.append(_row(plain, tree, match, op=">" if match["verb"] == "超过" else ">=", rule="threshold-overdue"))
    for match in POINTS.finditer(plain):
        most = match["most"] or plain[max(0, match.start() - 2) : match.start()] in ("最多", "最高")
        out.append(_row(plain, tree, match, op="<=" if most else "=", rule="threshold-points"))
    return _named(sorted((row for row in out if row.clause != "版记"), key=lambda row: row.span))


def _named(rows: list[Threshold]) -> list[Threshold]:
    """The limits, each with what it measures: 扣分达到10分的,…;达到20分的,… measures the same twice."""
    out: list[Threshold] = []
    for row in rows:
        goes_on = not row.metric and out and out[-1].clause == row.clause and out[-1].rule == row.rule
        out.append(replace(row, metric=out[-1].metric) if goes_on else row)
    return out


def _above(plain: str) -> Iterator[re.Match[str]]:
    """The matches of ABOVE, looked for around 以上, 以下, 以内 only: a limit is short, a text is long."""
    last = 0
    for side in SIDE.finditer(plain):
        match = ABOVE.search(plain, max(last, side.start() - 24), side.end() + 60)
        if match and match.start("side") <= side.start() < match.end():
            last = match.end()
            yield match


def _row(plain: str, tree: Tree, match: re.Match[str], *, op: str, rule: str) -> Threshold:
    start, end = tree.sentence(match.start())
    before = plain[start : match.start()]
    metric = SIGN.sub("", re.split(r"[,、:]", before)[-1]).strip()
    raw = match["n"]
    value = (float(raw) if "." in raw else number(raw)) * next((times for unit, times in MONEY if match.group().find(unit) >= 0), 1)
    if rule == "threshold-points":
        metric = f"{metric}{match['verb'][:1]}分"
        effect = SIGN.sub("", before[: len(before) - len(re.split(r"[,、:]", before)[-1])]).strip(",、: ")
    else:
        effect = plain[match.end() : end].strip(",、: ")
        effect = re.split(r"[,;]", effect)[0] if effect.startswith("为") else effect
    snippet = before[len(before) - len(re.split(r"[,、:]", before)[-1]) :] + match.group()
    return Threshold(
        clause=tree.place(match.start()), metric=metric, op=op, value=value, effect=effect, snippet=snippet.strip(), span=match.span(), rule=rule
    )
