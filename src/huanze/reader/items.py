"""Lists of duties by department: a heading that names a department, numbered items under it.

一、省水利厅 / 1.负责… · 部门：县教育局 / 1.开展… · 第五条 水利部门履行下列职责：/ (一)… · (一)区委和街道职责 / 1.贯彻…
"""

from __future__ import annotations

import re

from huanze.reader.clauses import Tree, walk
from huanze.reader.model import Clause, Collaborator, Item
from huanze.reader.numbering import UNNUMBERED
from huanze.reader.signs import fold
from huanze.reader.units import BESIDE, DEPARTMENT, DUTIES, END, is_name

TOGETHER = re.compile(rf"(会同|配合|协同|协调|协助)({BESIDE})")
ARTICLE = re.compile(r"(?:【[^】]*】)?\s*([^,。;:]{2,30}?)(?:应当|主要)*(?:履行|承担|负有|负责)?(?:以下|下列)?的?(?:生态)?(?:环境保护)?(?:工作|监督管理|监管)*(?:主要)?职责\s*:")
JOINED = re.compile(r"(?:[委局厅办院部署处会]|政府|部门|单位|机关|街道|[镇乡])(?:\([^()]*\))?[和与及]")  # 党委和政府 are two, 发展和改革局 is one
GENERAL = re.compile(r"牵头部门|有关部门职责|部门职责$|^各部门|主体责任|领导责任|监管责任|政治责任|责任$")

ROLE = re.compile(r"(?:责任|验收|督导|督办|牵头|配合|协同|整改|监管|监督|实施|落实|主管|主办|协办|参与|公示|联系)[\u4e00-\u9fff()]{0,6}(?:单位|部门|主体|机构|机关)$")  # 责任单位 says a role, it names nobody


def items(tree: Tree) -> list[Item]:
    """Every item whose department is named by the heading above it."""
    out: list[Item] = []
    headed = [(clause, children, department(clause, children)) for clause, children in walk(tree.clauses)]
    told = [clause.id for clause, children, _ in headed if not children and _tells(clause)]
    departments = {clause.id for clause, _, dept in headed if dept}
    single = set(told) if len(told) + len(departments) > 2 else set()
    departments |= single
    for clause, children, dept in headed:
        if clause.id in single and clause.heading:
            out.append(_item(clause, clause.heading, 1, clause.text[len(clause.heading) :].lstrip("。：: \n")))
        elif dept and not any(child.id in departments for child in children):
            out += [_item(child, dept, child.number, child.text) for child in children]
    return out


def _tells(clause: Clause) -> bool:
    """(一)县教育局。负责…: a department as heading, its one duty in the same clause."""
    heading = fold(clause.heading or "")
    return clause.sign in ("一", "(一)", "1", *UNNUMBERED) and len(clause.text) > len(heading) + 4 and DEPARTMENT.search(heading) is not None and is_name(heading) and not (GENERAL.search(heading) or ROLE.search(heading))


def _item(clause: Clause, dept: str, no: int, text: str) -> Item:
    plain = fold(text)
    return Item(
        clause=clause.id,
        dept=dept,
        no=no,
        text=text,
        collaborators=tuple(
            Collaborator(match.group(1), name) for match in TOGETHER.finditer(plain) for name in _names(match.group(2))
        ),
        explicit_lead="牵头" in plain,
        span=clause.span,
        rule="item-under-department",
    )


def department(clause: Clause, children: list[Clause]) -> str | None:
    """The department a heading names, or None."""
    if clause.sign == "条" and len(clause.text) < 100 and (said := ARTICLE.fullmatch(fold(clause.text).strip())) and is_name(said.group(1)):
        return said.group(1)
    if clause.heading is None or not children or clause.sign not in ("章", "节", "一", "(一)", "条", "1", *UNNUMBERED):
        return None
    if any(child.sign not in ("1", "(一)", "(1)") for child in children):
        return None
    heading = clause.heading.strip(" :：")
    plain = fold(heading)
    duties = DUTIES.search(plain)
    bare = plain[: duties.start()] if duties else plain
    if not bare or (duties and bare != plain and GENERAL.search(bare)) or GENERAL.search(bare):
        return None
    if re.match(r"(?:加强|强化|明确|落实|推动|完善|建立|健全|实施|推进|切实|严格|深入|充分|加大|做好|坚持|提高|鼓励|发挥|开展|履行|压实|严明|监督|督促|检查|组织|宣传|引导)", bare):
        return None
    if not duties and clause.sign != "一" and JOINED.search(bare):
        return None
    named = is_name(bare) and (DEPARTMENT.search(bare) is not None or (duties is not None and END.search(bare) is not None))
    return heading[: len(bare)] if named and len(bare) <= 40 else None


def _names(listed: str) -> list[str]:
    if "等" in listed or not re.search(r"[厅局委办院部署队关站]、|[厅局委办院部署队关站]$|公司$|中心$", listed):
        return [listed]
    return listed.split("、")
