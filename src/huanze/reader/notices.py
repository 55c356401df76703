"""Publicity notices and lists of problems under rectification.

公示期为2025年4月30日至2025年5月16日 · 公示期间(2024年9月29日至10月9日,共10个工作日) · 公示时间:2023.1.9-2023.1.20
责任单位:某区政府 / 整改时限:2024年12月底; one block of labels is one problem.
"""

from __future__ import annotations

import re
from dataclasses import replace

from huanze.reader.clauses import Tree, walk
from huanze.reader.model import Clause, Obligation, Problem, Publicity
from huanze.reader.signs import fold, iso, number, split_top, squeeze
from huanze.reader.times import deadline_of
from huanze.reader.units import is_name, names

_DAY = r"(?:(?P<y{0}>\d{{4}})\s*[年.\-/]\s*)?(?P<m{0}>\d{{1,2}})\s*[月.\-/]\s*(?P<d{0}>\d{{1,2}})\s*日?"
PERIOD = re.compile(
    r"公示(?:期限|期间|时间|日期|期)?[^。\d\n]{0,12}(?:\d{1,3}个?(?:工作日|天|日)[^。\d\n]{0,8})?"
    + _DAY.format(1)
    + r"\s*(?:起)?\s*(?:至|到|—+|-+|~|――)\s*"
    + rf"(?:{_DAY.format(2)}|(?P<d3>\d{{1,2}})\s*日)"
)
WORKDAYS = re.compile(r"公示[^。\n]{0,60}?(\d{1,3}|[一二三四五六七八九十]{1,3})个?工作日")
PHONE = re.compile(r"(?:电\s*话|热线|联系方式)\s*(?:号码)?\s*(?:\([^()\d]{1,12}\))?\s*[::]?\s*(\(?\d{3,4}\)?\s*[-—]?\s*\d{5,8}|\d{5,8}|1\d{10})")
CONTACT = re.compile(r"(?:向|请与|请联系|可与|联系)\s*([^,。;:()\n向]{2,40}?)(?:进行)?(?:实名)?(?:反映|反馈|提出|联系|举报|,\s*电话|,\s*联系电话)")
RESPONSIBLE = re.compile(r"^(?:整改)?(?:责任|实施|落实)(?:主体|单位)$|^整改(?:实施|责任)?主体(?:单位)?$|^(?:整改)?(?:牵头|主要)?责任单位$|^整改(?:责任)?单位$|^整改牵头单位$")
SUPERVISING = re.compile(r"^(?:督导|督办|监管|验收|监督|督促|指导|行业监管|牵头督导)(?:\(验收\))?(?:责任)?单位$")
TERM = re.compile(r"^(?:整改|完成|办理)?(?:完成)?(?:时限|期限|时间)$|^整改完成时限$")
LABEL_WORD = r"[ 。;,(][\u4e00-\u9fff()]{2,9}(?:单位|主体|时限|期限|时间|领导|措施|目标|情况|部门|联系人|责任人)\s*:|[ 。;,(](?:责任人|联系人|领导)\s*:"
LABEL = re.compile(r"(?:^|(?<=[。;,\n\t (]))(?P<label>(?:整改)?[\u4e00-\u9fff()]{2,9}(?:单位|主体|时限|期限|时间))\s*[::]\s*(?P<value>(?:(?!" + LABEL_WORD + r")[^\n]){1,120})", re.MULTILINE)
ALONE = re.compile(r"^[ \t]*(?P<label>(?:整改)?[\u4e00-\u9fff()]{2,9}(?:单位|主体|时限|期限|时间))[ \t]*:?[ \t]*\n[ \t]*(?P<value>[^\n:]{2,120})$", re.MULTILINE)  # a label on a line, its value on the next
IN_CHARGE = re.compile(r"(?:^|[。,;\n])(?:由)?([^。,;:\n由]{2,30}?)牵头(?:负责|整改)?的[^。\n]{0,40}?(?:整改|任务|问题)")
RULES = re.compile(r"(?:办法|规定|细则|规程|制度|机制|意见|标准|准则)(?:\([^()]{1,10}\))?$")
TASK = re.compile(r"(?:序号|第)\s*(\d{1,3}|[一二三四五六七八九十百]{1,5})(?![\d一二三四五六七八九十百轮批次届季章条节])\s*(?:项|号|个)?")
SHOWN_TO_ALL = re.compile(r"公示(?:期|时间|日期|如下)|(?:予以|进行|现将|现对|现|向社会|关于)[^。\n]{0,60}公示|(?<!情况)公示\s*$", re.MULTILINE)
NO = re.compile(r"编号\s*[::]?\s*([A-Za-z]{0,4}-?\d[\dA-Za-z-]{0,14})")
TASK_IN_LIST = re.compile(r"(?:序号|(?:清单|任务|问题|台账|反馈)[^。,;()]{0,8}第)\s*(\d{1,3}|[一二三四五六七八九十百]{1,5})\s*(?:项|号|个)?")
OBJECTIVE = re.compile(r"(?:前|底),\s*([\u4e00-\u9fff、]{2,20}?(?:市|县|区|州|镇|乡|街道|政府|局|厅|管委会|公司))(?:完成|基本完成|全面完成|负责|要)")


def publicity(text: str, plain: str) -> Publicity | None:
    """The period in which the public may object, whom to tell, by what telephone."""
    if "公示" not in plain:
        return None
    match = PERIOD.search(plain)
    days = WORKDAYS.search(plain)
    phone = PHONE.search(plain, match.start() if match else 0) or PHONE.search(plain)
    if match is None and not (days and phone):
        return None
    start = end = None
    if match:
        year = match["y1"] or match["y2"]
        start = iso(int(year), int(match["m1"]), int(match["d1"])) if year else None
        last = match["y2"] or year
        end = iso(int(last), int(match["m2"] or match["m1"]), int(match["d2"] or match["d3"])) if last else None
    base = match.start() if match else days.start() if days else 0
    contact = CONTACT.search(plain, base, base + 600) or CONTACT.search(plain, max(0, base - 200), base)
    return Publicity(
        start=start,
        end=end,
        stated_working_days=number(days.group(1)) if days else None,
        contact=text[slice(*contact.span(1))].strip() if contact else None,
        phone=squeeze(phone.group(1)) if phone else None,
        span=match.span() if match else (base, base + 4),
        rule="publicity-period" if match else "publicity-days",
        confidence="high" if start and end else "low",
    )


def problems(text: str, plain: str, tree: Tree, title: str | None, obligations: list[Obligation]) -> list[Problem]:
    """The problems a notice, plan or list speaks of; nothing for other documents."""
    if not re.search(r"整改|销号|问题清单|任务清单", title or plain[:1500]):
        return []
    found = _blocks(plain, tree) or _sections(tree)
    if not SHOWN_TO_ALL.search(plain) or len(found) > 1 or RULES.search(fold(title or "")):
        return found
    one = _single(plain, tree, title, obligations)
    if not found:
        return [one]
    said = found[0]
    return [replace(one, responsible=said.responsible, supervising=said.supervising or one.supervising, deadline=said.deadline or one.deadline, term=said.term or one.term, rule=said.rule)]


def _blocks(plain: str, tree: Tree) -> list[Problem]:
    """One problem per block of labels: a label seen again opens the next block."""
    rows: list[dict[str, tuple[str, int]]] = []
    for match in sorted([*LABEL.finditer(plain), *ALONE.finditer(plain)], key=lambda match: match.start()):
        key = _key(match["label"])
        if key is None or _in_bracket(plain, match.start()):
            continue
        if not rows or key in rows[-1]:
            rows.append({})
        rows[-1][key] = (match["value"], match.start())
    out = []
    for row in rows:
        if "responsible" not in row:
            continue
        at = row["responsible"][1]
        term = row.get("deadline")
        out.append(
            Problem(
                no=tree.place(at),
                responsible=_units(row["responsible"][0]),
                supervising=_units(row["supervising"][0]) if "supervising" in row else (),
                deadline=deadline_of(term[0]) if term else None,
                term=re.split(r"[。;\t|]", term[0])[0].strip() if term else None,
                span=(at, at + len(row["responsible"][0])),
                rule="problem-labels",
            )
        )
    return out


def _in_bracket(plain: str, at: int) -> bool:
    """Whether a label stands in a bracket that names no time limit: it speaks for its own sentence."""
    before = plain[max(plain.rfind("\n", 0, at) + 1, at - 300) : at]
    opening = max(before.rfind(sign) for sign in "([【〔")
    if opening < 0 or sum(before.count(sign) for sign in "([【〔") <= sum(before.count(sign) for sign in ")]】〕"):
        return False
    after = re.match(r"[^\n)\]】〕]{0,300}", plain[at : at + 300])
    return re.search("时限|期限|时间", before[opening:] + (after.group() if after else "")) is None


def _key(label: str) -> str | None:
    for name, pattern in (("responsible", RESPONSIBLE), ("supervising", SUPERVISING), ("deadline", TERM)):
        if pattern.match(label):
            return name
    return None


def _units(value: str) -> tuple[str, ...]:
    """The units of a label's value, up to the sentence end."""
    value = re.split(r"[。\t|]|(?:整改|完成)(?:时限|期限)|[\u4e00-\u9fff]{2,4}(?:单位|主体)\s*:", value)[0]
    pieces = [value[a:b] for a, b in split_top(value, ",; ")]
    out = [name.strip(" 。") for piece in pieces if piece.strip() for name in names(piece)[0]]
    return tuple(name for name in out if 1 < len(name) <= 45)


def _sections(tree: Tree) -> list[Problem]:
    """One problem per section that has sections of its own for who and when, if there are several such."""
    groups: dict[str, dict[str, str]] = {}
    above = {clause.id: clause for clause in tree.clauses}
    for clause, children in walk(tree.clauses):
        parent = clause.id.rpartition("/")[0]
        if parent and (key := _key(squeeze(fold(clause.heading or "")))):
            groups.setdefault(parent, {})[key] = _content(clause, children)
    told = {parent: words for parent, words in groups.items() if "responsible" in words and parent in above}
    if len(told) < 2:
        return []
    out = []
    for parent, words in told.items():
        task = TASK.search(fold(above[parent].heading or ""))
        out.append(
            Problem(
                no=task.group(1) if task else parent,
                responsible=_units(words["responsible"]),
                supervising=_units(words.get("supervising", "")),
                deadline=deadline_of(words.get("deadline", "")),
                term=words.get("deadline") or None,
                span=above[parent].span,
                rule="problem-sections",
            )
        )
    return out


def _single(plain: str, tree: Tree, title: str | None, obligations: list[Obligation]) -> Problem:
    """The one problem of a notice, from its sections."""
    responsible: tuple[str, ...] = ()
    deadline: str | None = None
    term: str | None = None
    supervising: tuple[str, ...] = ()
    at = 0
    for clause, children in walk(tree.clauses):
        heading = squeeze(fold(clause.heading or ""))
        words = _content(clause, children)
        if RESPONSIBLE.match(heading):
            responsible, at = _units(words), clause.span[0]
        elif SUPERVISING.match(heading):
            supervising = _units(words)
        elif TERM.match(heading):
            deadline, term = deadline_of(words), words or None
    if not responsible and (charge := IN_CHARGE.search(plain)) and is_name(charge.group(1)):
        responsible, at = (charge.group(1),), charge.start(1)
    objective = next((clause for clause, _ in walk(tree.clauses) if "目标" in (clause.heading or "")), None)
    if objective:
        if not responsible and (said := OBJECTIVE.search(plain, *objective.span)):
            responsible, at = _units(said.group(1)), said.start(1)
        dated = [row.value for row in obligations if row.clause.split("/")[0] == objective.id and row.kind == "deadline"]
        deadline = deadline or max((value for value in dated if isinstance(value, str)), default=None)
    opening = plain[: tree.clauses[0].span[0]] if tree.clauses else plain[:600]
    task = NO.search(fold(title or "")) or TASK.search(fold(title or "")) or NO.search(opening) or TASK_IN_LIST.search(opening)
    return Problem(
        no=task.group(1) if task else None,
        responsible=responsible,
        supervising=supervising,
        deadline=deadline,
        term=term,
        span=(at, at + 1),
        rule="problem-sections",
        confidence="high" if responsible else "low",
    )


def _content(clause: Clause, children: list[Clause]) -> str:
    """The words of a section under its heading."""
    words = fold(clause.text)
    heading = fold(clause.heading or "")
    words = words[len(heading) :] if words.startswith(heading) else words
    return " ".join([words.strip(" :\n"), *(fold(child.text) for child in children)]).strip()
