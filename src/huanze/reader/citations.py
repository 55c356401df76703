"""What a document cites: numbers (某环发〔2021〕5号, 国务院令第687号) and titles (《…》); and the short names it gives."""

from __future__ import annotations

import re

from huanze.reader.clauses import Tree
from huanze.reader.head import tidy_number
from huanze.reader.model import Alias, Citation
from huanze.reader.signs import squeeze
from huanze.reader.words import CODE, ORDER

ANCHOR = re.compile(r"[〔\[(【<]\s*(?:19|20)\d\d\s*[〕\])】>]\s*第?\s*[\dXx×]{1,5}\s*号|令\s*第?\s*\d{1,4}\s*号")
NUMBER = re.compile(rf"(?:{CODE}|{ORDER})$")
LEAD_IN = re.compile(r"^.*?(?:按照|根据|依据|依照|落实|贯彻|执行|参照|印发|下发|转发|参见|文号|通知|意见|方案|办法|规定|文件|以及|见|的|和|及|与|或|对|以|在|即|原|经|由|号|日|《)(?=[\u4e00-\u9fffXx×]{2})")
TITLE = re.compile(r"《[^《》\n]{2,120}(?:《[^《》\n]{1,80}》[^《》\n]{0,60})*》")
SHORT = re.compile(r"以下(?:统一?)?简称")
GIVEN = re.compile(r"([\u4e00-\u9fffXx×、]{3,40}|《[^》\n]{2,80}》)\s*\(?(?:[^()《》\n]{0,40},)?以下(?:统一?)?简称:?\s*[“\"《]?([\u4e00-\u9fffXx×]{2,20})[”\"》]?")
BEFORE_NAME = re.compile(r"^.*?(?:报经|根据|按照|关于|由|经|向|报|对|和|与|将|是|为|,|、)(?=[\u4e00-\u9fff]{4})")
KNOWN = (
    ("发改委", "发展改革委"), ("经信委", "经济和信息化委"), ("工信厅", "工业和信息化厅"), ("工信局", "工业和信息化局"), ("住建厅", "住房城乡建设厅"), ("住建局", "住房城乡建设局"),
    ("住房和城乡建设厅", "住房城乡建设厅"), ("住房和城乡建设局", "住房城乡建设局"), ("发展和改革委员会", "发展改革委"), ("市场监督管理局", "市场监管局"), ("人社局", "人力资源社会保障局"), ("人社厅", "人力资源社会保障厅"),
    ("人力资源和社会保障厅", "人力资源社会保障厅"), ("人力资源和社会保障局", "人力资源社会保障局"), ("卫健委", "卫生健康委"), ("卫生健康委员会", "卫生健康委"), ("文旅局", "文化和旅游局"), ("环保厅", "生态环境厅"), ("环保局", "生态环境局"), ("环委会", "生态环境保护委员会"),
)


def cited_numbers(text: str, plain: str, tree: Tree, own: str | None) -> list[Citation]:
    """Numbers of other documents, each once per clause."""
    out: list[Citation] = []
    seen: set[tuple[str, str]] = set()
    for anchor in ANCHOR.finditer(plain):
        match = NUMBER.search(plain, max(0, anchor.start() - 16), anchor.end())
        if match is None:
            continue
        label = match.group()
        label = label[label.rfind("中华人民共和国") + 7 :] if "中华人民共和国" in label else label
        while (lead := LEAD_IN.match(re.split(r"[〔\[(【<第\d]", label)[0])) and lead.end() < len(label):
            label = label[lead.end() :]
        number = tidy_number(label)
        clause = tree.place(match.start())
        if clause == "版记":
            continue
        if number == own or (own and "令" in own and number.endswith(own)) or (number, clause) in seen or _head_label(plain, match.start()):
            continue
        seen.add((number, clause))
        start = match.end() - len(label)
        before = text[max(0, match.start() - 160) : start].rstrip("(（[ ，,")
        title = re.search(r"《([^\n]{2,140})》$", before)
        rule = "number-order" if "令" in label else "number-code"
        out.append(Citation(clause=clause, number=number, title=title.group(1) if title else None, span=(start, match.end()), rule=rule))
    return out


def _head_label(plain: str, at: int) -> bool:
    return re.search(r"(?:字号|文\s*号)\s*[::]\s*$", plain[max(0, at - 12) : at]) is not None


def cited_titles(text: str, own: str | None) -> list[str]:
    """《…》 that name documents, in order, without repeats and without the document itself."""
    found = dict.fromkeys(squeeze(match.group()) for match in TITLE.finditer(text))
    return [title for title in found if title[1:-1] != squeeze(own or "")]


def aliases(plain: str) -> list[Alias]:
    """Short names: those given in words (以下简称), those every department list takes for granted (发改委)."""
    out: dict[tuple[str, str], Alias] = {}
    for sign in SHORT.finditer(plain):
        match = GIVEN.search(plain, max(0, sign.start() - 84), sign.end() + 24)
        if match is None:
            continue
        name = match.group(1)
        while lead := BEFORE_NAME.match(name) if not name.startswith("《") else None:
            name = name[lead.end() :]
        out.setdefault((name, match.group(2)), Alias(name=name, short=match.group(2), span=match.span(), rule="alias-given"))
    for short, name in KNOWN:
        if (at := plain.find(short)) >= 0:
            out.setdefault((name, short), Alias(name=name, short=short, span=(at, at + len(short)), rule="alias-known"))
    return sorted(out.values(), key=lambda row: row.span)
