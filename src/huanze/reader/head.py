"""The head of a document: title, number, issuers, date, addressees, whether it is public.

The head is what stands before the first clause. Read upwards from there: the opening paragraph, then the title. A
notice that passes a plan on (关于印发…的通知) has two titles; the plan's is the title, unless the notice's is complete
on one line, with its issuer. The issuers are the lines above the date of signing; failing that, who is said to
have issued it; failing that, nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from huanze.reader.clauses import Tree
from huanze.reader.model import Head, Span
from huanze.reader.numbering import opens
from huanze.reader.signs import DATE, date_of, iso, squeeze
from huanze.reader.words import CODE, ORDER, ORG, ORG_LINE, TITLE_END

METADATA = re.compile(
    r"[^:。,]{0,12}(?:索引号|索 引 号|主题分类|发文机关|发布机构|成文日期|发文字号|文\s*号|废止时间|发布日期|发布时间|发表时间|浏览|来源|时间|日期|字体|热度|作者|信息来源|点击|访问|阅读|编辑|有效性|生成日期|公开日期|名\s*称|标\s*题)\s*[::]"
    r"|当前位置|您?(?:当前|现在|所在)*的?位置|首页|>|•|·\s|打印|正文内容|分享|【|收藏|\[?字号|联系人|发布 ?[::]"
)
OWN_NUMBER = re.compile(rf"^[^\S\n]*(?:[^:\n。]{{0,8}}?(?:发文字号|文\s*号|字\s*号)\s*[::]\s*)?({CODE}|{ORDER})(?:[^\S\n]+签发人[^\n]{{0,20}})?[^\S\n]*$", re.MULTILINE)
LABELLED = re.compile(rf"(?:发文字号|文\s*号)\s*:?\s*({CODE}|{ORDER})")
ENACTED = re.compile(
    r"(\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)\s*(?:以)?((?:中华人民共和国)?[\u4e00-\u9fff]{2,30}?)(令\s*第?\s*\d{1,4}\s*号)[^\n]{0,20}?(?:公布|发布)", re.MULTILINE
)
PASSED = re.compile(r"^[(\s]*(\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)([^\n]{2,60}?)(?:第[^\n]{1,16}会议)?(?:审议)?(?:公布|发布|通过|印发)", re.MULTILINE)
UNDER_TITLE = re.compile(r"^\s*\((\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)\)\s*$", re.MULTILINE)
ABOUT = re.compile(rf"((?:[\u4e00-\u9fffXx]{{2,20}}{ORG}[ \t\n]*){{1,6}})关于")
IN_BRACKETS = re.compile(rf"^[ \t]*\(\s*({CODE}|{ORDER})(?:[\s,;]+(\d{{4}}\s*年\s*\d{{1,2}}\s*月\s*\d{{1,2}}\s*日)\s*(?:印发|发布|公布|通过)?)?\s*\)[ \t]*$", re.MULTILINE)
OPENS_TEXT = re.compile(r"(?:为|根据|按照|依据)[^:]{6}|近[年日]")
LABEL_OF_TITLE = re.compile(r"^(?:(?:文件)?名\s*称|标\s*题|第[一二三四五六七八九十]+篇)\s*[|::]\s*")
BODY = re.compile(rf"(?:发文机关|发文单位|制定机关|颁布单位|印发机关)\s*[|::]\s*([\u4e00-\u9fff]{{2,24}}?{ORG})(?=[\s|]|$)")
TWICE = re.compile(r"(.{6,60}?)[^《]{0,60}关于印发《\1》的通知$")  # a page that put title and notice on one line
SITE_LINE = re.compile(r"(?:(?:政府|政务|基层|主动|依申请|法定|重点|领域|党务|环境|环保)*(?:信息|政务|党务|内容)?公开(?:目录|指南|专栏)?|(?:通知|公示|公告|信息|政策|规范性|行政|重要|上级|本级|部门|法规|专题|新闻|工作|最新|政务|文件|动态|要闻|栏|中心|发布|解读|库|公文|正文|详情|内容|与|和)+)$")
SECTION = re.compile(r"(?:反馈|存在|整改|问题|任务|工作|主要|具体|基本|目前|完成|进展|落实|措施|目标|举措|做法|成效|要求|及|和|与|其|责任|销号|验收|办理)*(?:情况|措施|问题|目标|清单|任务|要求|责任)$")
SEAL = re.compile(r"\((?:盖章|公章|印章|章|代章)\)$")
BARE = re.compile(r"公示|公告|通告|通知|通报|决定")
PERIOD_LINE = re.compile(r"\s*\((?:(?:19|20)\d\d\s*(?:[—\-~至][^()月]{0,12}|年?(?:修订|修正|版|本)[^()]{0,4})|试\s*行|暂\s*行|修订|征求意见稿|送审稿|[^()]{0,8}版)\)\s*$")
ISSUED = re.compile(rf"([\u4e00-\u9fffXx、]{{3,80}}?{ORG})(?:等(?:\d+|[一二三四五六七八九十]+)?(?:个|家)?(?:部门|单位))?(?:联合|共同)?")
RUN_IN = re.compile(r"\s*([^\s。,;:]{6,60})\s+(?=\S)")
SAID = re.compile(
    rf"(?:^|[。\n,])(?:日前|近日)?,?(?:(\d{{1,2}})月(\d{{1,2}})日)?,?([\u4e00-\u9fffXx、()]{{4,80}}?{ORG})(?:等(?:\d+|[一二三四五六七八九十]+)?(?:个|家)?(?:部门|单位))?(?:(\d{{1,2}})月(\d{{1,2}})日)?(?:联合|共同)?(?:印发|发布|出台|下发|制定印发)(?:了|实施)?《"
)
SIGNED = re.compile(r"^(?P<org>[^\n。,;:!?]{0,60}?)[^\S\n]*(?P<date>\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|[二一][〇零○九O一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)[^\S\n]*\|?[^\S\n]*$", re.MULTILINE)
WHEN = {
    kind: re.compile(rf"(?:{words})\s*[|::]?\s*(?=\d|[二一][〇零○])")
    for kind, words in {"成文": "成文日期|生成日期", "印发": "印发日期|印发时间", "公开": "发布日期|发布时间|发表时间|公开日期", "发布": "发布日期|发布时间|发表时间|公开日期|时间|日期|发布 ?"}.items()
}
PRINTED = re.compile(rf"(?:{DATE.pattern})\s*印发\s*$", re.MULTILINE)
PUBLIC = re.compile(r"\((?:此|本)?件?(主动公开|公开发布|依申请公开|不予公开)\)|公开(?:方式|属性|类别)\s*:\s*(主动公开|依申请公开|不予公开)")


@dataclass(frozen=True)
class Line:
    start: int
    plain: str


def read_head(text: str, plain: str, tree: Tree) -> Head:
    """The head of a document whose clauses are known."""
    first_clause = tree.clauses[0].span[0] if tree.clauses else None
    stop = first_clause if first_clause is not None else min(len(plain), 4000)
    lines = _lines(plain, 0, stop)
    spans: dict[str, Span] = {}
    title_span = _title_of_parts(lines, plain, first_clause, tree)
    title = None
    if title_span:
        spans["title"] = title_span
        title = _clean_title(text[slice(*title_span)])
    doc_number, number_span = _own_number(plain, stop)
    if number_span:
        spans["doc_number"] = number_span
    issuers, date, more = _signature(plain, stop, tree)
    spans |= more
    if not issuers and (labelled := BODY.search(plain, 0, stop)):
        issuers, spans["issuers"] = (labelled.group(1),), labelled.span(1)
    if not issuers and title_span and (letterhead := _letterhead(plain, title_span[0])):
        issuers, spans["issuers"] = letterhead
    if not issuers and title_span and (by := ABOUT.match(plain, *title_span)):
        issuers, spans["issuers"] = tuple(dict.fromkeys(apart(by.group(1)))), by.span(1)
    public = PUBLIC.search(plain)
    recipients = _addressees(text, lines)
    return Head(title, doc_number, date, issuers, recipients, next((g for g in public.groups() if g), None) if public else None, spans)


def _letterhead(plain: str, at: int) -> tuple[tuple[str, ...], Span] | None:
    """The bodies that stand, a line for each, above a title that names none."""
    rows = _org_lines(plain, at)
    if len(rows) < 2 or not plain.startswith("关于", at):
        return None
    return tuple(name for row in rows for name in apart(row)), (at - sum(len(row) + 1 for row in rows), at - 1)


def _lines(plain: str, start: int, stop: int) -> list[Line]:
    out, at = [], start
    for line in plain[start:stop].split("\n"):
        out.append(Line(at, line))
        at += len(line) + 1
    return out


def _is_prose(line: str) -> bool:
    return (line.rstrip().endswith(("。", ":", ";", ",")) or "。" in line or len(line) > 90) and not METADATA.match(line)


def _is_label(line: str) -> bool:
    """Lines that stand between a title and its text: number, date, enactment, disclosure, page data, signatures."""
    bare = squeeze(line)
    return bool(
        not bare
        or METADATA.match(line)
        or re.match(r"\(|\|?\d{4}年\d{1,2}月|[二一][〇零○九OＯ]{2}", bare)
        or re.fullmatch(rf"(?:{CODE}|{ORDER})", bare)
        or DATE.match(bare)
    )


def _title_of_parts(lines: list[Line], plain: str, first_clause: int | None, tree: Tree) -> Span | None:
    """The span of the title; where the clauses stand in an annex, the annex's only if the body passes it on."""
    annex = next((part.start for part in tree.parts if part.name.startswith("附")), len(plain))
    if first_clause is None or first_clause < annex or not lines:
        return _title(lines, plain, first_clause) if lines else None
    body = _title([line for line in lines if line.start < annex], plain[:annex], None)
    own = _title([line for line in lines if line.start >= annex], plain, first_clause)
    if body and own and squeeze(plain[slice(*own)]) not in squeeze(plain[slice(*body)]):
        return body
    return own or body


def _title(lines: list[Line], plain: str, first_clause: int | None) -> Span | None:
    """The span of the title, read upwards from the first clause."""
    if whole := _complete_notice(lines):
        return whole
    rows = lines if first_clause is not None and plain[first_clause - 1 : first_clause] in ("\n", "") else lines[:]
    if rows and rows[-1].plain and first_clause is not None and plain[first_clause - 1 : first_clause] != "\n":
        last = rows[-1]
        if TITLE_END.search(last.plain) and 6 <= len(last.plain) <= 80 and not re.search("[。,;]", last.plain):
            return last.start, last.start + len(last.plain.rstrip())
    index = len(rows) - 1
    while index >= 0 and (_is_label(rows[index].plain) or _is_prose(rows[index].plain)):
        index -= 1
    found = _block(rows, index)
    if found is None and first_clause is None:
        opened = (i for i in range(len(rows) - 2, -1, -1) if OPENS_TEXT.match(rows[i + 1].plain.strip()))
        return next((span for i in [*opened, *range(min(len(rows), 12))] if (span := _block(rows, i))), None)
    return found or next((span for i in range(index, -1, -1) if (span := _block(rows, i))), None) or _run_in(lines)


def _run_in(lines: list[Line]) -> Span | None:
    """A title that a flattened page left at the beginning of its text: …公示 根据…"""
    for line in lines[:3]:
        match = RUN_IN.match(line.plain)
        if match and TITLE_END.search(match.group(1)) and not METADATA.match(line.plain):
            return line.start + match.start(1), line.start + match.end(1)
    return None


def _block(rows: list[Line], index: int) -> Span | None:
    """The title that ends on line `index`, with the lines above that belong to it."""
    if index < 0:
        return None
    last = rows[index].plain
    if SECTION.match(squeeze(last)) and index > 0:
        return None  # 整改措施及完成情况 names a section
    if not TITLE_END.search(squeeze(last) if len(squeeze(last)) <= 8 else last) or opens(last) or METADATA.match(last) or re.search(r"[。;!?]|^\(|^附\s*[件表录]", last) or len(last) > 120:
        return None
    start = index
    if start and squeeze(last).startswith("关于") and _joint(rows, start):
        return rows[start].start, rows[index].start + len(last.rstrip(" |"))
    while start > 0 and _fragment(rows[start - 1].plain, squeeze("".join(r.plain for r in rows[start : index + 1]))):
        start -= 1
    words = squeeze("".join(row.plain for row in rows[start : index + 1]))
    if "\t" in last.strip() or (len(words) < 4 and not BARE.fullmatch(words)):
        return None
    below = rows[index + 1] if index + 1 < len(rows) and PERIOD_LINE.match(rows[index + 1].plain) else None
    return rows[start].start, below.start + len(below.plain.rstrip()) if below else rows[index].start + len(last.rstrip(" |"))


def _joint(rows: list[Line], start: int) -> bool:
    """Whether several bodies, a line for each, stand above a title: they are the letterhead, not the title."""
    return start > 1 and all(ORG_LINE.match(squeeze(rows[start - back].plain)) for back in (1, 2))


def _fragment(line: str, below: str) -> bool:
    """Whether a line is the upper part of the title below it."""
    bare = squeeze(line)
    if SITE_LINE.match(bare) or SIGNED.match(line) or "\t" in line.strip():
        return False
    if not 2 <= len(bare) <= 40 or re.search(r"[。,;:!?|>…]|^附[件表录]", bare) or _is_label(line) or TITLE_END.search(line):
        return False
    if ORG_LINE.match(bare) and not below.startswith("关于"):
        return False
    return not below.startswith(bare[:6])


def _complete_notice(lines: list[Line]) -> Span | None:
    """某机关关于印发某方案的通知, whole on one line, without book-title marks."""
    for line in lines[:40]:
        bare = line.plain.strip()
        if re.match(rf"[\u4e00-\u9fffXx ]{{2,40}}{ORG}关于(?:印发|转发|批转)[^《。,]{{6,80}}的通知$", bare):
            start = line.start + line.plain.index(bare)
            return start, start + len(bare)
    return None


def _clean_title(raw: str) -> str:
    """One line; spaces that only a line break made are closed."""
    title = LABEL_OF_TITLE.sub("", re.sub(r"\s*\n\s*", "", raw).strip(" |\t").removesuffix("_").strip())
    twice = TWICE.match(title)
    return twice.group(1) if twice else title


def _own_number(plain: str, stop: int) -> tuple[str | None, Span | None]:
    """The document's own number: alone on a line of the head, or labelled. One that is only cited is not its own."""
    match = LABELLED.search(plain, 0, stop) or OWN_NUMBER.search(plain, 0, stop) or IN_BRACKETS.search(plain, 0, stop)
    if match:
        return tidy_number(match.group(1)).removeprefix("中华人民共和国"), match.span(1)
    if enacted := ENACTED.search(plain, 0, stop):
        body = enacted.group(2).removeprefix("中华人民共和国")
        return squeeze(body + enacted.group(3)), (enacted.start(2), enacted.end(3))
    return None, None


def tidy_number(raw: str) -> str:
    """环督察[2022] 58 号 → 环督察〔2022〕58号."""
    return re.sub(r"[\[(【<](\d{4})[\])】>]", r"〔\1〕", squeeze(raw))


def _signature(plain: str, stop: int, tree: Tree) -> tuple[tuple[str, ...], str | None, dict[str, Span]]:
    """(issuers, date, spans): from the signing lines, then from labels, then from what is said of the issuing."""
    issuers, date, spans = _signed(plain, tree)
    enacted = ENACTED.search(plain, 0, stop)
    passed = enacted or PASSED.search(plain, 0, stop)
    bracketed = IN_BRACKETS.search(plain, 0, stop)
    if date is None and bracketed and bracketed.group(2) and (when := DATE.match(bracketed.group(2))):
        date, spans["date"] = date_of(when), bracketed.span(2)
    dated = passed or UNDER_TITLE.search(plain, 0, stop)
    if date is None and dated and (when := DATE.match(dated.group(1))):
        date, spans["date"] = date_of(when), dated.span(1)
    if not issuers and enacted:
        issuers, spans["issuers"] = [enacted.group(2)], enacted.span(2)
    if not issuers and passed and (by := ISSUED.fullmatch(passed.group(2).strip() if passed is not enacted else "")):
        issuers, spans["issuers"] = [name for name in by.group(1).split("、") if name], passed.span(2)
    if date is None:
        date = _labelled(plain, "成文") or _labelled(plain, "印发") or _printed(plain)
    if not issuers and (order := OWN_NUMBER.search(plain, 0, stop)) and "令" in order.group(1):
        issuers, spans["issuers"] = [order.group(1).split("令")[0]], order.span(1)
    said = next((m for m in SAID.finditer(plain, 0, stop) if not m.group(3).startswith("由")), None)
    if said and not issuers:
        issuers = [name for name in re.split("、", said.group(3)) if name]
        spans["issuers"] = said.span(3)
    if said and date is None:
        date = _said_date(said, plain)
    if date is None and not (said and (said.group(1) or said.group(4))):
        date = _labelled(plain, "公开") or _labelled(plain, "发布")
    return tuple(dict.fromkeys(SEAL.sub("", squeeze(name)) for name in issuers)), date, spans


def _signed(plain: str, tree: Tree) -> tuple[list[str], str | None, dict[str, Span]]:
    """(issuers, date, spans) of the lines of signature: bodies, and their day below or behind them."""
    for match in SIGNED.finditer(plain):
        beside = match.group("org").strip()
        if match.group("org") and not ORG_LINE.match(beside):
            continue
        above = _org_lines(plain, match.start())
        if not above and not beside and tree.in_clause(match.start()):
            continue  # a day that a clause names
        when = DATE.search(match.group("date"))
        if when is None or (date := date_of(when)) is None:
            continue
        first = match.start() - sum(len(row) + 1 for row in above)
        issuers = [name for row in [*above, *([beside] if beside else [])] for name in apart(row)]
        return issuers, date, {"date": match.span("date"), "issuers": (first, match.start("date"))}
    return [], None, {}


def _org_lines(plain: str, at: int) -> list[str]:
    """The lines of bodies right above an offset, top first."""
    out: list[str] = []
    while at > 0 and len(out) < 30:
        start = plain.rfind("\n", 0, at - 1) + 1
        line = plain[start : at - 1].strip()
        if not ORG_LINE.match(line) or len(line) > 60:
            break
        out.insert(0, plain[start : at - 1])
        at = start
    return [row.strip() for row in out]


def apart(row: str) -> list[str]:
    """Bodies written on one line: parted by spaces, or each beginning with the same place."""
    out: list[str] = []
    for piece in re.split(r"[\s、]{1,}", row.strip()):
        place = re.match(r"(?:中共)?([\u4e00-\u9fffXx]{1,7}?(?:省|自治区|市|县|区|州|盟|旗))", piece)
        cuts = [0]
        if place and len(piece) > 2 * len(place.group()):
            cuts += [m.start() for m in re.finditer(rf"(?<=[厅局会院部府室委])(?:中共)?{re.escape(place.group(1))}", piece)]
        out += [piece[start:end] for start, end in zip(cuts, [*cuts[1:], len(piece)], strict=True)]
    if len(out) > 1 and any(not re.search(rf"{ORG}(?:\([^()]*\))?$", name) for name in out):
        return [row.strip()]
    return [name for name in out if name]


def _labelled(plain: str, kind: str) -> str | None:
    for label in WHEN[kind].finditer(plain, 0, 6000):
        if (match := DATE.match(plain, label.end())) and (date := date_of(match)):
            return date
    return None


def _printed(plain: str) -> str | None:
    """The day of the colophon: 某办公室 2023年10月9日印发."""
    match = PRINTED.search(plain)
    return date_of(match) if match else None


def _said_date(said: re.Match[str], plain: str) -> str | None:
    """The day said without a year takes the year of the page's own date, if the page came no earlier."""
    month, day = (said.group(1), said.group(2)) if said.group(1) else (said.group(4), said.group(5))
    page = _labelled(plain, "发布")
    if not month or not page:
        return None
    year = int(page[:4])
    date = iso(year, int(month), int(day))
    return date if date and date <= page else iso(year - 1, int(month), int(day))


def _addressees(text: str, lines: list[Line]) -> tuple[str, ...]:
    """Who the document is sent to: the line before the opening that ends with a colon."""
    for line in lines[:60]:
        bare = line.plain.strip()
        if not bare.endswith(":") or len(bare) > 150 or METADATA.match(bare) or re.search(r"如下|公示|[。;]|根据|为", bare):
            continue
        if re.match(r"各|[\u4e00-\u9fff]{1,15}(?:省|市|县|区|厅|局|委|政府|部门|单位)", bare):
            start = line.start + line.plain.index(bare)
            names = re.split("[,;，；]", text[start : start + len(bare) - 1])
            return tuple(name.strip() for name in names if name.strip())
    return ()
