"""The clause tree: which numbering signs count, what belongs to each, how each is called.

A sign that opens a line counts. A sign inside a line counts only after a sentence end and in its turn: the next
number of an open list, or a 1 that a 2 follows. So 参照第三条 or 三管三必须 never open a clause.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from huanze.reader.headings import heading_of
from huanze.reader.model import Clause, Span
from huanze.reader.numbering import AT_START, INSIDE, OVER_LIST, RANK, RUN_TOGETHER, Mark, mark_of
from huanze.reader.tables import Row, Table, tables
from huanze.reader.units import DEPARTMENT, DUTIES, is_name

ANNEX = re.compile(r"^(附[ \t]*(?:件|表|录)[ \t]*(?:\d{1,2}|[一二三四五六七八九十])?)[ \t]*[::]?[ \t]*$", re.MULTILINE)
# 附件:某某清单 opens an annex if a numbering begins right under it; 附件:1.甲表 only names annexes
TITLED_ANNEX = re.compile(
    r"^(附[ \t]*(?:件|表|录)[ \t]*(?:\d{1,2}|[一二三四五六七八九十])?)[ \t]*[::]?[ \t]*[^\s。,;:\d][^\n。;:]{3,60}\n"
    r"(?=(?:[ \t]*(?:为|根据|按照|依据)[^\n]{8,200}[。:]\n)?[ \t]*(?:一、|\(一\)|1[.、](?!\d)|第一[章条部]|(?:问题|任务|整改任务|事项)\s?(?:一|1)\s*[:.、]|[^\n\t]{1,12}\t))",
    re.MULTILINE,
)
LISTING = re.compile(r"附\s?件\s*\d{0,2}\s*:\s*\S")
TERM_ABOVE = re.compile(r"(?:时限|期限|时间|日期)[ \t]*:?\s*\Z")  # the day below is the clause's, no signature's
OPENS_LIST = re.compile(r"^[ \t]*[^\s。,;:]{2,10}:[ \t]*\n[ \t]*\Z", re.MULTILINE)
GOES_ON = re.compile(r"^[ \t]*(?:整改|完成|责任|配合|牵头|验收|督导|督办|监管)[\u4e00-\u9fff()]{0,6}(?:单位|主体|部门|时限|期限|时间|责任人|领导)[ \t]*:", re.MULTILINE)
COLOPHON = re.compile(r"^(?:(?:抄送|抄报|分送)\s*:|主题词\s*:|[^。,;\n]{2,40}\d{4}年\d{1,2}月\d{1,2}日\s*印发\s*$)", re.MULTILINE)
NOTE = re.compile(r"^(?:注|备注|说明)\s*[::]", re.MULTILINE)
TAIL = re.compile(
    r"^(?:附件\s*\d*\s*:|附:|\((?:此件|此文|主动公开|依申请|不予公开|公开)|现将[^。\n]{0,60}公示|(?:公示期间?|对上述|以上(?:问题|内容|情况))[^。\n]{0,40}(?:异议|意见|公示)"
    r"|如(?:果)?(?:对|有)[^。\n]{0,40}(?:异议|意见)|在公示期|公示(?:期|时间)|(?:监督|联系|举报|受理|咨询)[^。\n]{0,6}(?:电话|人|方式)\s*:"
    r"|特此(?:报告|通知|通告|公告|通报|函告|函复|批复)|[^。,;:!?\n]{0,40}\d{4}年\d{1,2}月\d{1,2}日\s*$|[二一][〇零○九]{2}[^\n]{1,2}年[^\n]{2,8}日\s*$|【打印|【关闭|扫一扫|分享到|上一篇|下一篇|相关(?:阅读|链接|新闻)|责任编辑)",
    re.MULTILINE,
)
CONTENTS = re.compile(r"^目\s*[录次]\s*$", re.MULTILINE)
IN_FORCE = re.compile(r"^本(?:意见|方案|措施|计划|通知|清单|要点|机制|制度|办法|规定|细则|公告|通告)自[^。\n]{2,30}(?:施行|实施|执行|生效)", re.MULTILINE)
TOLD_LINE = re.compile(r"^[ \t]*(?!(?:[\u4e00-\u9fff]{0,4}(?:责任|牵头|配合|督导|验收|监管|监督|落实|实施|整改|主办|协办|发布|发文|公示|联系|来源|主送|抄送|抄报|参与|协同|承办|报送|申报|联络)))([^,。;:!?\s]{3,30}):(?=[^\n]{6})", re.MULTILINE)
DEPARTMENT_LABEL = re.compile(r"(?:责任|牵头|职能)?(?:部门|单位)(?:名称)?\s*:\s*")
SENTENCE_END = re.compile(r"[。!?;\n\t]")
REACH = 400  # characters; a longer sentence is a page without its full stops
ORG_LINE = re.compile(r"[^。,;:!?\n\d]{2,40}(?:厅|局|委|会|办|院|部|府|组|心|处|室|署|司)\s*$")


@dataclass(frozen=True)
class Part:
    """A stretch of the text with numbering of its own: the body ("") or an annex (附件, 附件2)."""

    name: str
    start: int
    end: int


class Tree:
    """The clauses of a text, and the name of the place of any offset (a clause id, 引言, 尾部, 版记, 附件注)."""

    def __init__(self, text: str, plain: str) -> None:
        self.text, self.plain = text, plain
        self.tables = tables(plain)
        self._ends = [match.start() for match in SENTENCE_END.finditer(plain)]
        self.rows = [row for table in self.tables for row in table.rows]
        self.parts = _parts(plain)
        self.clauses: list[Clause] = []
        self.places: list[tuple[int, str]] = []
        self._goes_back: set[int] = set()
        marks = _marks(plain, self.tables)
        starts = [mark.start for mark in marks]
        for part in self.parts:
            self._read(part, _accepted(marks[bisect_left(starts, part.start) : bisect_left(starts, part.end)]))
        self.places.sort(key=lambda place: place[0])
        self._add_rows()
        self._clause_starts = {clause.span[0] for clause in self.clauses} | self._goes_back
        self._starts = [start for start, _ in self.places]

    def _add_rows(self) -> None:
        """Each row of a table is a place of its own (附件/3); after the table goes on what was before it."""
        self._starts = [start for start, _ in self.places]
        own: list[tuple[int, str]] = []
        for table in self.tables:
            for row in table.rows:
                above = self.place(row.span[0])
                own.append((row.span[0], row.no if above in ("引言", "") else f"{above}/{row.no}"))
            own.append((table.span[1], self.place(table.span[1] - 1)))
        self.places = sorted([*self.places, *own], key=lambda place: place[0])

    def row(self, at: int) -> Row | None:
        """The row of a table that holds an offset."""
        index = bisect_right(self.rows, at, key=lambda row: row.span[0]) - 1
        return self.rows[index] if index >= 0 and at < self.rows[index].span[1] else None

    def place(self, at: int) -> str:
        """The id of the clause, or the name of the region, that holds an offset."""
        index = bisect_right(self._starts, at) - 1
        return self.places[index][1] if index >= 0 else "引言"

    def sentence(self, at: int) -> Span:
        """The sentence around an offset, cut at 400 characters either side: 。;!? the end of a line or of a cell ends one."""
        index = bisect_right(self._ends, at - 1)
        start = self._ends[index - 1] + 1 if index else 0
        end = self._ends[index] if index < len(self._ends) else len(self.plain)
        return max(start, at - REACH), min(end, at + REACH)

    def in_clause(self, at: int) -> bool:
        """Whether an offset lies in a clause, not in the opening, the tail or the colophon."""
        index = bisect_right(self._starts, at) - 1
        return index >= 0 and self.places[index][0] in self._clause_starts

    def start_at(self, at: int) -> int:
        """Where the place that holds an offset begins."""
        index = bisect_right(self._starts, at) - 1
        return self._starts[index] if index >= 0 else 0

    def end_at(self, at: int) -> int:
        """Where the place that holds an offset ends."""
        index = bisect_right(self._starts, at)
        return self._starts[index] if index < len(self._starts) else len(self.plain)

    def _read(self, part: Part, marks: list[Mark]) -> None:
        if part.name == "版记":
            self.places.append((part.start, "版记"))
            return
        self.places.append((part.start, part.name or "引言"))
        end = self._tail(part, marks)
        parents = _parents(marks)
        ids = _ids(part.name, marks, parents)
        for index, mark in enumerate(marks):
            stop = marks[index + 1].start if index + 1 < len(marks) else end
            deeper = index + 1 < len(marks) and parents[index + 1] == index
            body = self.plain[mark.end : stop]
            heading = heading_of(body, mark.sign, has_children=deeper)
            self.clauses.append(
                Clause(
                    id=ids[index],
                    level=_depth(index, parents) + 1,
                    heading=self._as_written(mark.end, body, heading) if heading else None,
                    text=self.text[mark.end : stop].strip(),
                    sign=mark.sign,
                    number=mark.number,
                    span=(mark.start, stop),
                    rule="clause-line" if mark.opens_line else "clause-inline",
                )
            )
            self.places.append((mark.start, ids[index]))
            last = deeper is False and (index + 1 == len(marks) or parents[index + 1] != parents[index])
            if last and (back := _back_to_parent(self.plain, marks, parents, index, stop)):
                self.places.append((back, ids[parents[index]]))
                self._goes_back.add(back)

    def _as_written(self, at: int, body: str, heading: str) -> str:
        start = at + body.index(heading)
        return self.text[start : start + len(heading)]

    def _tail(self, part: Part, marks: list[Mark]) -> int:
        """Where the last clause ends: before signature, notes, notices to the public and page furniture."""
        if not marks:
            return part.end
        last = marks[-1].end
        ends = [part.end]
        if note := NOTE.search(self.plain, last, part.end):
            ends.append(note.start())
            self.places.append((note.start(), f"{part.name or '附件'}注" if part.name else "注"))
        if (line_end := _line_of_list(self.plain, marks)) is not None:
            ends.append(line_end)
            self.places.append((line_end, f"{part.name}尾部"))
        tail = TAIL.search(self.plain, last, part.end)
        while tail and TERM_ABOVE.search(self.plain, max(last, tail.start() - 20), tail.start()):
            tail = TAIL.search(self.plain, tail.end(), part.end)
        force = IN_FORCE.search(self.plain, last, tail.start() if tail else part.end) if marks[-1].sign != "条" else None
        if tail or force:
            start = force.start() if force else _with_signature(self.plain, tail.start() if tail else part.end, last)
            ends.append(start)
            self.places.append((start, f"{part.name}尾部"))
        return min(ends)


def _line_of_list(plain: str, marks: list[Mark]) -> int | None:
    """Where the last of a list of departments ends, if each of them has one line (县教育局:负责…)."""
    listed = [mark for mark in marks if mark.sign == "机关"]
    if len(listed) < 3 or len(listed) < len(marks) or not all(plain.startswith(mark.label + ":", mark.start) for mark in listed):
        return None
    one_each = all("\n" not in plain[mark.start : after.start].strip() for mark, after in pairwise(listed))
    end = plain.find("\n", listed[-1].start)
    return end if one_each and end >= 0 else None


def _back_to_parent(plain: str, marks: list[Mark], parents: list[int], index: int, stop: int) -> int | None:
    """Where the labels of a problem go on (整改时限:…) after the list that one of its labels opened (整改措施:)."""
    parent = parents[index]
    if parent < 0 or not OPENS_LIST.search(plain, marks[parent].end, marks[parent + 1].start):
        return None
    label = GOES_ON.search(plain, marks[index].end, stop)
    return label.start() if label else None


def _with_signature(plain: str, at: int, floor: int) -> int:
    """The start of the lines of issuing bodies right above a date line."""
    while True:
        previous = plain.rfind("\n", floor, max(at - 1, floor))
        if previous < 0 or not ORG_LINE.match(plain, previous + 1, at - 1):
            return at
        at = previous + 1


def _parts(plain: str) -> list[Part]:
    """The body, then each annex; the colophon (抄送, 印发) and what a page adds after it are apart."""
    cuts = [(0, "")]
    annexes = sorted([*ANNEX.finditer(plain), *TITLED_ANNEX.finditer(plain)], key=lambda match: match.start())
    single = len(annexes) == 1 and re.search(r"[2-9二三四五六七八九]|\d\d", annexes[0].group(1)) is None
    for match in annexes:
        cuts.append((match.start(), "附件" if single else re.sub(r"\s+", "", match.group(1))))
    cuts += [(match.start(), "版记") for match in COLOPHON.finditer(plain)]
    cuts.sort()
    bounds = [at for at, _ in cuts] + [len(plain)]
    return [Part(name, start, bounds[index + 1]) for index, (start, name) in enumerate(cuts)]


def _marks(plain: str, tabled: list[Table]) -> list[Mark]:
    """Every sign that might open a clause, in order."""
    found: dict[int, Mark] = {}
    at = 0
    listing = False  # 附件:1.甲表 / 2.乙表 name annexes, they open no clause
    named: list[tuple[int, int]] = []
    while at < len(plain):
        match = AT_START.match(plain, at)
        names = LISTING.match(plain, at) is not None and TITLED_ANNEX.match(plain, at) is None
        listing = names or (listing and match is not None and not match["named"])
        following = plain.find("\n", at)
        if listing or _tabled(plain, at, following, tabled):
            named.append((at, following if following >= 0 else len(plain)))
        elif match and (mark := mark_of(match, opens_line=True)):
            found[mark.start] = mark
        at = following + 1 if following >= 0 else len(plain)
    for match in [*INSIDE.finditer(plain), *RUN_TOGETHER.finditer(plain)]:
        row = bisect_right(named, (match.start(), len(plain))) - 1
        if row >= 0 and match.start() < named[row][1]:
            continue
        if (mark := mark_of(match, opens_line=False)) and mark.start not in found:
            found[mark.start] = mark
    for mark in _departments(plain, [found[start] for start in sorted(found)]):
        found[mark.start] = mark
    return _without_contents(plain, [found[start] for start in sorted(found)])


def _departments(plain: str, marks: list[Mark]) -> list[Mark]:
    """Lines that name a department over a list that begins at 1; one alone may be a signature or a title.

    Lines that begin with a department and a colon (县教育局:负责…) count from three on.
    """
    numbered = {mark.start for mark in marks}
    told = [
        match for match in TOLD_LINE.finditer(plain)
        if match.start(1) not in numbered and is_name(match.group(1)) and DEPARTMENT.search(match.group(1))
    ]  # fmt: skip
    if len(told) > 2:
        return [Mark("机关", n, match.group(1), match.start(), match.start(), True) for n, match in enumerate(told, 1)]
    out: list[Mark] = []
    for mark in marks:
        if mark.number != 1 or not mark.opens_line or mark.sign not in OVER_LIST:
            continue
        end = plain.rfind("\n", 0, mark.start)
        start = plain.rfind("\n", 0, max(end, 0)) + 1
        if start in numbered:
            continue
        label = DEPARTMENT_LABEL.match(plain, start, max(end, start))
        words = DUTIES.sub("", plain[label.end() if label else start : max(end, start)].strip(" :"))
        if 2 < len(words) <= 30 and is_name(words) and DEPARTMENT.search(words) and not words.startswith("各级各"):
            out.append(Mark(OVER_LIST[mark.sign], len(out) + 1, words, start, label.end() if label else start, True))
    return out if len(out) > 1 else []


def _tabled(plain: str, at: int, following: int, tabled: list[Table]) -> bool:
    """Whether a line is a row of cells: what numbers its sentences numbers no clause."""
    index = bisect_right(tabled, at, key=lambda table: table.span[0]) - 1
    return index >= 0 and at < tabled[index].span[1] and plain.find("\t", at, following if following >= 0 else len(plain)) >= 0


def _without_contents(plain: str, marks: list[Mark]) -> list[Mark]:
    """The signs without those of a table of contents: what follows 目录 until its first sign comes again."""
    contents = CONTENTS.search(plain)
    after = bisect_left([mark.start for mark in marks], contents.end()) if contents else len(marks)
    first = marks[after] if after < len(marks) else None
    again = next((i for i in range(after + 1, min(len(marks), after + 200)) if first and marks[i].label == first.label), None)
    return marks if again is None else marks[:after] + marks[again:]


def _accepted(marks: list[Mark]) -> list[Mark]:
    """The signs that come in their turn."""
    second = _followed_by_two(marks)
    out: list[Mark] = []
    local: dict[str, int] = {}
    overall: dict[str, int] = {}
    for index, mark in enumerate(marks):
        last, run = local.get(mark.sign, 0), overall.get(mark.sign, 0)
        in_turn = mark.number in (last + 1, run + 1) or (mark.number == 1 and index in second)
        if RANK[mark.sign] < RANK["条"]:
            in_turn = in_turn or last < mark.number <= last + 3
        if mark.opens_line:
            limit = max(last, run) + 4
            in_turn = in_turn or mark.number == 1 or (last < mark.number <= limit) or (not run and (mark.number < 30 or mark.sign == "条"))
        inserted = "条之" in mark.label and mark.number == run  # 第十七条之一 after 第十七条
        if not (in_turn or inserted) or (mark.sign == "条" and mark.number <= run and not inserted and not (mark.opens_line and mark.number == 1)):
            continue
        out.append(mark)
        local[mark.sign] = overall[mark.sign] = mark.number
        for sign in [sign for sign in local if RANK[sign] > RANK[mark.sign]]:
            del local[sign]
    return out


def _followed_by_two(marks: list[Mark]) -> set[int]:
    """Indexes of signs numbered 1 whose next sign of the same kind is numbered 2."""
    waiting: dict[str, int] = {}
    out: set[int] = set()
    for index, mark in enumerate(marks):
        if mark.number == 2 and mark.sign in waiting:
            out.add(waiting[mark.sign])
        waiting.pop(mark.sign, None)
        if mark.number == 1:
            waiting[mark.sign] = index
    return out


def _parents(marks: list[Mark]) -> list[int]:
    """For each mark the index of the mark it stands under, -1 for none."""
    out: list[int] = []
    stack: list[int] = []
    for index, mark in enumerate(marks):
        while stack and RANK[marks[stack[-1]].sign] >= RANK[mark.sign]:
            stack.pop()
        out.append(stack[-1] if stack else -1)
        stack.append(index)
    return out


def _depth(index: int, parents: list[int]) -> int:
    return 0 if parents[index] < 0 else 1 + _depth(parents[index], parents)


def _running_on(marks: list[Mark], parents: list[int], sign: str) -> set[int]:
    """Indexes of the signs of a numbering that goes on under the next parent: 一、(一)(二) 二、(三)."""
    runs: list[list[int]] = []
    for index, mark in enumerate(marks):
        if mark.sign == sign:
            if mark.number == 1 or not runs:
                runs.append([])
            runs[-1].append(index)
    return {index for run in runs if len({parents[index] for index in run}) > 1 for index in run}


def _ids(prefix: str, marks: list[Mark], parents: list[int]) -> list[str]:
    """Ids as annotated: 第三条, 七, (十一), 二/(一), 四/(二)/6, 第十三条/(三), 附件/五/4."""
    alone = {"编", "章", "条"} | ({"一"} if _count_of_one(marks, "一") <= 1 else set())
    running = {index for sign in ("(一)", "一") for index in _running_on(marks, parents, sign)}
    out: list[str] = []
    for index, (mark, parent) in enumerate(zip(marks, parents, strict=True)):
        above = out[parent] if parent >= 0 else prefix
        under_article = parent >= 0 and marks[parent].sign == "条"
        if mark.sign in alone or index in running:
            above = above if mark.sign in ("一", "(一)") and under_article else prefix
        out.append(f"{above}/{mark.label}" if above else mark.label)
    return out


def _count_of_one(marks: list[Mark], sign: str) -> int:
    return sum(1 for mark in marks if mark.sign == sign and mark.number == 1)


def walk(clauses: list[Clause]) -> Iterator[tuple[Clause, list[Clause]]]:
    """Each clause with its direct children."""
    for index, clause in enumerate(clauses):
        children = []
        for place in range(index + 1, len(clauses)):
            later = clauses[place]
            if later.level <= clause.level:
                break
            if later.level == clause.level + 1:
                children.append(later)
        yield clause, children
