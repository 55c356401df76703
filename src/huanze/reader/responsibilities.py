"""Who is responsible, in what role.

Brackets that end a sentence or clause (segment 1, 2, … of the clause):

| as written | units with role |
|---|---|
| (甲厅牵头,各市负责落实) | 甲厅 牵头; 各市 负责落实 |
| (各市,甲厅、乙厅等按职责分工负责) | all 按职责分工负责; the list is open |
| [甲局牵头,乙局、丙局配合] | 甲局 牵头; 乙局, 丙局 配合 |
| (牵头单位:甲局;配合单位:乙局) | 甲局 牵头; 乙局 配合 |
| (甲部、乙部负责,排在第一位的部门为牵头部门,下同) | 甲部 牵头, 乙部 负责, and so to the end |

Labels (segments too; of the problem where a rectification is told): 牵头单位:甲局 / 配合单位:乙局,丙局.

Actors named in the sentence (segment 0): 甲局应当…, 由乙局负责…, 丙办会同丁局…; always of low confidence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

from huanze.reader.clauses import Tree
from huanze.reader.model import Responsibility, Span, Unit
from huanze.reader.signs import brackets, split_top
from huanze.reader.units import BESIDE, END, is_name, listed_units, names

ROLE = (
    "总牵头|按照?(?:各自)?职责(?:分工)?(?:做好|抓好|配合)(?:落实|工作|配合)?|牵头负责|牵头落实|牵头组织实施|牵头组织|共同牵头|牵头|按照?(?:各自)?职责分工(?:分别)?负责(?:落实)?|按照?(?:各自)?职责分工落实|按照?(?:各自)?职责(?:分别)?负责(?:落实)?|按照?(?:各自)?职责分工"
    "|(?:给予|予以|提供|做好|积极|密切)(?:支持|协助|配合|保障)(?:配合|工作)?|分工负责|分别负责|共同负责|具体负责|具体落实|分别落实|负责落实|负责组织实施|负责实施|组织实施|负责指导|监督指导|负责监督|督导落实|抓好落实|会同|协同配合|协同|协助|会同配合|配合|参与|参加|落实|实施|指导|负责"
)
SAID_LAST = re.compile(rf"(?P<units>.+?)(?P<etc>等(?:有关|相关|其他|市直|省直|区直|县直|各)*(?:部门|单位|部委)?(?:和单位)?)?(?P<role>{ROLE})$", re.DOTALL)
SAID_FIRST = re.compile(
    r"(?:整改)?(?P<role>总牵头|牵头|责任|配合|协同|参与|参加|负责|主要责任|实施|落实|督导|监督|指导|验收|监管|主办|协办|承办|协助)(?:责任)?(?:单位|部门|主体)\s*[::为]\s*(?P<units>.+)$", re.DOTALL
)
CONVENTION = re.compile(r"(?:[列排]名?在?(?:第一位|首位|最前|前面|第一)(?:的)?(?:者|部门|单位)?|第一(?:个|家)?(?:责任|牵头)?(?:部门|单位)|首位(?:部门|单位)?)(?:的)?为(?:牵头|总牵头)")
OTHER_LABEL = re.compile(r"[\u4e00-\u9fff]{0,6}(?:领导|责任人|联系人|时限|期限|时间|节点)\s*:")
LABEL_AFTER_BLANK = re.compile(r"[ \u3000]+(?=[\u4e00-\u9fff]{2,8}(?:单位|部门|主体|领导|责任人|时限|期限|时间)\s*:)")
PLACES = re.compile(r"[省市县区州盟旗镇乡、]{1,4}|街道|自治[县州]")
OWN_ROLE = re.compile(r"\((总牵头|牵头|配合|负责|参与|协助)(?:单位|部门)?\)$")
REST = re.compile(r"其[他余](?:的)?(?:各)?(?:部门|单位|地区)*(?:均)?(?:分别)?为(配合|参与|协助|协同|责任)")
SCOPE = re.compile(r"下同|以下均|不再列出|[列排]在?(?:第一|首位|最前)|为牵头")
AFTER = re.compile(r"[)\]]?\s*(?:[。;,.\n]|$|[一二三四五六七八九十]{1,3}、|\(|第[一二三四五六七八九十百]+[章条])")
LABEL = re.compile(
    r"(?:^|(?<=[。;\n\t )\]】]))(?:整改)?(?:总牵头|牵头|主要责任|责任|配合|协同|参与|实施|落实|承办|主办|协办|协助)(?:责任)?(?:单位|部门|主体)\s*:"
    r"(?:(?![ ;,。(][\u4e00-\u9fff()]{2,9}(?:单位|部门|主体|领导|责任人|联系人|时限|期限|时间|措施|目标|情况)\s*:)[^\n。\t]){2,200}",
    re.MULTILINE,
)
ACTOR = re.compile(
    rf"(?:^|(?<=[。;:\n]))(?P<who>[^。;:,\n]{{2,60}}?)(?P<role>应当|应(?=[^用急对])|要(?=[^求点素闻])|必须|负责(?!人|同志)|牵头|会同(?P<joined>{BESIDE})?)|由(?P<by>[^。;:,\n由]{{2,30}}?)(?P<role2>负责(?!人|同志)|牵头)"
    r"|(?<=,)(?P<beside>[^。;:,\n由]{2,60}?)(?:予以|给予|做好|积极)?(?P<role3>配合|协助|参与|参加)(?=[。;,\n]|$)"
)


@dataclass(frozen=True)
class Statement:
    """Units with roles, as one bracket or one group of labels says them."""

    span: Span
    units: list[Unit]
    is_open: bool
    rule: str


def responsibilities(plain: str, tree: Tree, *, of_problems: bool) -> list[Responsibility]:
    """Every statement of responsibility, in order. Where labels tell of problems (`of_problems`) they are theirs."""
    convention = CONVENTION.search(plain)
    leads_from = convention.start() if convention else len(plain) + 1
    rest = REST.search(plain, convention.end(), convention.end() + 40) if convention else None
    follows = {"责任": "负责"}.get(rest.group(1), rest.group(1)) if rest else "负责"
    found: list[Statement] = []
    for start, end in brackets(plain):
        lead = follows if end > leads_from else None
        if tree.place(start) == "版记" or not _ends_something(plain, start, end):
            continue
        read = _read(plain[start + 1 : end - 1], closed_sentence=plain[start - 1 : start] in "。;", lead=lead)
        if read:
            found.append(Statement((start, end), *read, "bracket-first-leads" if lead else "bracket"))
    labels = _labels(plain, tree, [statement.span for statement in found])
    found = sorted([*found, *([] if of_problems else labels)], key=lambda statement: statement.span)
    counts: Counter[str] = Counter()
    out: list[Responsibility] = []
    for said in found:
        place = tree.place(said.span[0])
        counts[place] += 1
        out.append(_row(said, place, counts[place]))
    if of_problems:
        out += [_row(said, tree.place(said.span[0]), 0) for said in labels]
    return sorted([*out, *_actors(plain, tree)], key=lambda row: row.span)


def _row(said: Statement, place: str, segment: int) -> Responsibility:
    return Responsibility(clause=place, segment=segment, open_list=said.is_open, units=tuple(said.units), span=said.span, rule=said.rule)


def _ends_something(plain: str, start: int, end: int) -> bool:
    """A bracket speaks for the sentence before it: it follows a full stop, or a sentence or line ends after it."""
    return plain[start - 1 : start] in ("。", ";", "!") or AFTER.match(plain, end) is not None


def _read(inside: str, *, closed_sentence: bool, lead: str | None) -> tuple[list[Unit], bool] | None:
    """The units of one bracket with their roles, or None if it says something else.

    `lead` is set where the first unit leads: the role of those that follow it.
    """
    inside = LABEL_AFTER_BLANK.sub(";", inside)
    segments = [inside[a:b].strip() for a, b in split_top(inside, ",;。")]
    pending: list[str] = []
    units: list[Unit] = []
    is_open = said = False
    for segment in segments:
        if OTHER_LABEL.match(segment):
            continue
        if not segment or SCOPE.search(segment):
            if units or pending:
                break
            continue
        role, listed = _role(segment.removeprefix("由"))
        listed, _, joined = listed.partition("会同")
        group, etc = names(listed)
        beside, more = names(joined) if joined else ([], False)
        if not all(is_name(name) for name in beside):
            return None
        etc = etc or more
        if not group or not all(is_name(name) or (role and _short(name)) for name in group):
            if units and not pending:
                break
            return None
        is_open = is_open or etc or segment != listed and "等" in segment[len(listed) : len(listed) + 1]
        pending += group
        if role:
            said = True
            units += [Unit(name, role) for name in pending] + [Unit(name, "会同") for name in beside]
            pending = []
    units += [Unit(name, units[-1].role if units else "负责") for name in pending]
    if not units or all(PLACES.fullmatch(unit.name) for unit in units) or not (said or lead or (closed_sentence and len(units) > 1)):
        return None
    return _led(marked(units), lead) if lead else marked(units), is_open


def _led(units: list[Unit], lead: str) -> list[Unit]:
    """The units where the first leads and the others follow, unless their role is said."""
    kept = ("配合", "参与", "参加", "协助", "协同", "总牵头")
    return [unit if unit.role in kept else Unit(unit.name, lead if n else "牵头") for n, unit in enumerate(units)]


def marked(units: list[Unit]) -> list[Unit]:
    """甲局(牵头)、乙局: the role that stands behind a name is that unit's own."""
    found = [OWN_ROLE.search(unit.name) for unit in units]
    return [Unit(unit.name[: own.start()], own.group(1)) if own else unit for unit, own in zip(units, found, strict=True)]


def read_bracket(words: str) -> tuple[list[Unit], bool] | None:
    """The units with roles that words in the form of a bracket name, or None."""
    return _read(words, closed_sentence=False, lead=None)


def _role(segment: str) -> tuple[str, str]:
    """(role, the list of units) of one segment; the role is empty when the segment does not say it."""
    if first := SAID_FIRST.match(segment):
        word = first.group("role")
        return {"责任": "负责", "主要责任": "负责", "主办": "牵头", "承办": "负责", "协办": "配合", "协助": "配合"}.get(word, word), first.group("units")
    if last := SAID_LAST.match(segment):
        return last.group("role"), last.group("units") + (last.group("etc") or "")
    return "", segment


def _short(name: str) -> bool:
    """A name without a unit's ending (发改, 住建) where the role is said."""
    return re.fullmatch(r"[\u4e00-\u9fffXxA-Z×()、和及]{2,24}", name) is not None and not re.search(r"[的应将把未已并]|工作|问题|建设$|管理$|以上|情况", name)


def _labels(plain: str, tree: Tree, taken: list[Span]) -> list[Statement]:
    """Labels of a task list: 牵头单位:甲局 配合单位:乙局、丙局; those that stand together are one statement."""
    out: list[Statement] = []
    ends = [end for _, end in taken]
    for match in LABEL.finditer(plain):
        inside = bisect_right(ends, match.start())
        if inside < len(taken) and taken[inside][0] < match.start():
            continue
        role, listed = _role(match.group().rstrip("。; "))
        group, is_open = listed_units(listed)
        if not role or not group:
            continue
        units = [Unit(name, role) for name in group]
        last = out[-1] if out else None
        if last and tree.place(last.span[0]) == tree.place(match.start()) and role not in {unit.role for unit in last.units}:
            out[-1] = Statement((last.span[0], match.end()), [*last.units, *units], last.is_open or is_open, "label")
        else:
            out.append(Statement(match.span(), units, is_open, "label"))
    return out


def _actors(plain: str, tree: Tree) -> list[Responsibility]:
    """Actors named in the sentences of clauses."""
    out: list[Responsibility] = []
    for clause in tree.clauses:
        start, end = clause.span
        units: list[Unit] = []
        first: tuple[int, int] | None = None
        for match in ACTOR.finditer(plain, start, end):
            who = match.group("who") or match.group("by") or match.group("beside")
            said = match.group("role") or match.group("role2") or match.group("role3")
            role = "牵头" if said.startswith(("牵头", "会同")) else match.group("role3") or "负责"
            who = re.sub(r"^.{0,8}?(?:[、.)】]\s*)(?=[\u4e00-\u9fff])", "", who) if match.start() <= start + 1 else who
            who, _, joined = who.removeprefix("由").partition("会同")
            joined = joined or match.group("joined") or ""
            group = names(who)[0]
            if who.count("(") != who.count(")") or "[" in who or not all(is_name(name) and END.search(name) for name in group):
                continue
            first = first or (match.start(), match.end())
            told = [*(Unit(name, role) for name in group), *(Unit(name, "会同") for name in names(joined)[0] if is_name(name))]
            units += [unit for unit in told if unit.name not in {other.name for other in units}]
        if first:
            out.append(
                Responsibility(clause=clause.id, segment=0, open_list=False, units=tuple(units), span=first, rule="actor", confidence="low")
            )
    return out
