"""Duties with a time: what recurs, what falls due, how long something may take (the grammars are in `times`).

What a progress report tells as done is kept apart by `reported_practice`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from huanze.reader import times
from huanze.reader.clauses import Tree
from huanze.reader.model import Obligation, Recipient
from huanze.reader.numbering import SIGN
from huanze.reader.signs import iso
from huanze.reader.tables import ACTING, Row, names_of
from huanze.reader.units import END, ETC, is_name, names, parted

DONE = re.compile(r"(?:主要|目前|已|具体|各项)?(?:工作|整改|任务|问题|措施|责任|反馈|督察)*(?:完成|开展|落实|进展|推进|整改|实施|及|和|与)*(?:情况|进展|成效|效果)(?:说明)?$|工作回顾$|主要做法$")
TOLD = re.compile(r"已(?:经)?(?:于|在|将|按|全部|基本|完成|制定|印发|建立)|截至|截止|完成了")
LIMIT_HEADING = re.compile(r"^(?:整改|完成|办理)?(?:完成)?(?:时限|期限|时间)$")
LIMIT_LABEL = re.compile(r"(?:完成|整改|办结|办理|销号)(?:完成)?(?:时限|期限|时间)[ \t]*(?:[::]\s*|\n[ \t]*)$")
REPORT = re.compile(r"(?<!意)向\s*([^,。;:()]{2,40}?(?:\([^()]{1,12}\)[^,。;:()]{0,8})?)(?:作出?|进行|(?:提交|报送|上报)[^,。;:()]{0,16}?)?(?:专题|书面|专项|定期|如实|及时)*(?:报告|汇报|请示|报送|述职)")
REPORT_TO = re.compile(r"(?:报送|上报|报(?!告))(?:[^,。;:()]{0,24}?(?:至|给|到))?\s*([^,。;:()至的]{2,24}?)(?=[,。;()]|备案|备查|审定|审核|审批|汇总|$)")
COPY = re.compile(r"(抄送|抄报)(?:至|给)?\s*:?\s*([^。;\n]{2,200}?)(?=[。;\n]|,并|,依|,同|,抄|,有关|,接受|,由|$)")
REPORT_WHOM = re.compile(r"(?:书面|专题|专项|如实|及时)?(?:报告|汇报)((?:[省市县区州旗镇乡]|本级|同级|上级)[^,。;:()]{1,24}?)(?=[,。;()]|$)")
WHOSE = re.compile(r"([^,。;]{2,40}?)的(?:专题|年度|书面|履职|工作|自查){0,3}报告")
AFTER_PERIOD = re.compile(r"每(?:个)?(?:季度?|月|年度?|半年|周)(?:度)?(?:结束|终了)(?:后|之日起)(?:的)?$")
SITE = re.compile(r"(?:通过|在)([^,。;:]{1,16}?(?:网站|公众号|媒体|平台))")
TRAIL = re.compile(r"(?:应当|应该|应|须|必须|需要?|要|原则上|于|在|可|并|将|至少|分别|一般|每次|,|自|从|都|均|按照?(?:要求|规定)?)+$")
OPENED = re.compile(r"([^,。;:]{2,24}?(?:单位|部门|政府|办公室|委员会|机关|企业|[局委办厅]))(?=完成|收到|接到|发现|作出|提出|认为|未|对|因|经)")
FOLLOWS = re.compile(r",\s*([^,。;:]{2,30}?)(?=向|将|要|应|须|必须|需|负责|对|报送|报告|上报|组织|开展|完成|汇总|提交)")
NOTE = re.compile(r"^\s*[(\[][^()\n]*(?:\([^()\n]*\)[^()\n]*)*[)\]]")
FORBIDS = re.compile(r"不得|禁止|严禁|应当|必须|一律|停止|不再")  # what a day without 自 must begin
VERB = re.compile(r"负责|应当|必须|对(?=[^口])|在|按(?=[月季周])|逐(?=[月季])|(?<!会)同时|按照|根据|通过|(?<![重主需纲摘首紧必概])要(?=[^求点素闻])|应(?=[^用急对])|每(?=[年季月半周日天])|自(?!然)|于|接到|收到|认为")


def obligations(text: str, plain: str, tree: Tree, year: int | None) -> list[Obligation]:
    """Every duty with a time, in order. `year` is the one year the title speaks of: 10月底前 means its October."""
    out = [*_recurring(text, plain, tree), *_deadlines(text, plain, tree, year), *_relative(text, plain, tree), *_beforehand(text, plain, tree), *_in_force(text, plain, tree)]
    # what stands after the colophon is the page's, not the document's
    rows = [row for row in sorted(out, key=lambda row: row.span) if row.clause != "版记"]
    again = {str(row.value) for row in rows if row.kind == "effective_date" and row.clause != "引言"}
    return [_addressed(row, plain, tree) for row in rows if not (row.rule == "from-day" and row.clause == "引言" and row.value in again)]


class _Maker:
    """Writes rows for one stage with what they all share."""

    def __init__(self, text: str, plain: str, tree: Tree) -> None:
        self.text, self.plain, self.tree = text, plain, tree
        self.done = {clause.id for clause in tree.clauses if clause.heading and DONE.match(clause.heading)}

    def row(self, start: int, end: int, *, kind: str, value: str | dict[str, Any], rule: str, low: bool = False) -> Obligation:
        place = self.tree.place(start)
        low_bound, high = self.tree.sentence(start)
        low_bound = max(low_bound, self.tree.start_at(start))
        told = TOLD.search(self.plain, low_bound, high) is not None
        done = _within(place, self.done)
        snippet_from = max(low_bound, start - 12)
        cells = self.tree.row(start)
        owed = names_of(self.plain, cells, *ACTING) if cells else ()
        return Obligation(
            clause=place,
            kind=kind,
            value=value,
            snippet=self.text[snippet_from : max(end, min(high, end + 12))].strip(),
            task=self._task(cells) if cells else None,
            obliged=tuple(owed or obliged_before(self.plain, low_bound, start) or obliged_after(self.plain, low_bound, start, end, high)),
            reported_practice=(told or done) and kind in ("recurring", "recurring_min_count", "deadline", "annual_report", "relative_deadline"),
            span=(start, end),
            rule=rule,
            confidence="low" if low else "high",
        )


    def _task(self, row: Row) -> str | None:
        """What a row of a table says is to be done."""
        return next((self.text[slice(*row.cells[key])] for key in ("task", "item", "problem") if key in row.cells), None)


def _within(place: str, sections: set[str]) -> bool:
    """Whether a clause is one of the sections or stands under one."""
    return any(place[:at] in sections for at in [*(m.start() for m in re.finditer("/", place)), len(place)])


def _recurring(text: str, plain: str, tree: Tree) -> Iterator[Obligation]:
    make = _Maker(text, plain, tree)
    for match in times.EVERY.finditer(plain):
        _, stop = tree.sentence(match.start())
        rest = plain[match.end() : min(stop, match.end() + 80)]
        freq = times.freq_of(match)
        listed = re.match(r"\s*[(,]?\s*(?:于)?(?:当年|每年)?(?:的)?", rest)
        if listed and (days := times.LIST_DAYS.match(rest, listed.end())):
            due = [f"{int(m):02d}-{int(d):02d}" for m, d in re.findall(r"(\d{1,2})月(\d{1,2})日", days.group())]
            yield make.row(match.start(), match.end() + days.end(), kind="fixed_dates", value={"freq": freq, "due": due}, rule="fixed-days")
            continue
        if freq == "annual" and (stretch := times.season(rest)):
            first, last, read = stretch
            yield make.row(match.start(), match.end() + read, kind="recurring", value={"freq": freq, "min": 1, "start": first, "end": last}, rule="yearly-season")
            continue
        due_found = times.yearly_due(rest) if freq == "annual" else None
        if due_found:
            due, read = due_found
            reports = re.search(r"报告|报送|汇报|上报|述职", rest) is not None
            dated: dict[str, Any] = {"freq": freq, "due": due[0] if len(due) == 1 else due}
            yield make.row(match.start(), match.end() + read, kind="annual_report_deadline" if reports else "fixed_dates", value=dated, rule="yearly-day")
            continue
        near = rest[:40]
        if times.RATE.match(near) or not re.search(times.DUTY, near) or _names_something(plain, match, near):
            continue
        said = times.TIMES.search(re.split(r"[。;]", near)[0].split(",")[0])
        floor = re.match(r"(?:原则上)?(?:至少|不少于|不低于)|[^,。;]{0,12}(?:至少|不少于|不低于)", near)
        value: dict[str, Any] = {"freq": freq, "min": (times.times_in(said.group()) if said else 1) * (2 if match["unit"] == "半月" else 1)}
        if (day := times.PERIOD_DAY.match(rest)) and freq != "annual":
            value["day"] = day["n"] or "last"
        kind = "recurring_min_count" if floor and said else "annual_report" if freq == "annual" and re.search(r"向[^,。;]{2,30}报告", rest) else "recurring"
        yield make.row(match.start(), match.end(), kind=kind, value=value, rule="recurring")
    for match in times.NEXT_YEAR.finditer(plain):
        if found := times.yearly_due(plain[match.end() : match.end() + 30]):
            due, read = found
            value = {"freq": "annual", "due": due[0] if len(due) == 1 else due}
            yield make.row(match.start(), match.end() + read, kind="fixed_dates", value=value, rule="next-year-day", low=True)
    for match in re.finditer(r"不定期(?=[^。;]{0,60}(?:年中|年底|年末))", plain):
        yield make.row(match.start(), match.end(), kind="recurring", value={"freq": "irregular"}, rule="irregular", low=True)


def _names_something(plain: str, match: re.Match[str], near: str) -> bool:
    """每月的…, 每天24小时, 平均每月…: the word measures or names, it does not oblige."""
    before = plain[max(0, match.start() - 4) : match.start()]
    return bool(re.search(r"(?:平均|人均|吨|元|次|/|自|由)$", before)) or near.startswith(("一个", "个"))


def _deadlines(text: str, plain: str, tree: Tree, year: int | None) -> Iterator[Obligation]:
    make = _Maker(text, plain, tree)
    limits = {clause.id for clause in tree.clauses if clause.heading and LIMIT_HEADING.match(clause.heading.strip())}
    for match in times.DAY.finditer(plain):
        place = tree.place(match.start())
        if place in ("版记",):
            continue
        before = plain[max(0, match.start() - 12) : match.start()]
        row = tree.row(match.start())
        in_term = row is not None and row.cells.get("term", (0, 0))[0] <= match.start() < row.cells.get("term", (0, 0))[1]
        is_limit = in_term or _within(place, limits) or LIMIT_LABEL.search(before) is not None
        completes = before.endswith("到") and match["late"] is not None and times.COMPLETES.match(plain, match.end()) is not None
        if not is_limit and not completes and (not match["before"] or re.search(r"(?:截至|截止|自|从|《|[\d.]\s*[-—])$", before)):
            continue
        if re.search(r"截至|截止到?$", before) or plain.startswith(("通过", "取得"), match.end()):
            continue
        if day := times.day_of(match):
            yield make.row(match.start(), match.end(), kind="deadline", value=day, rule="limit-section" if is_limit else "deadline")
    for match in times.YEARLESS.finditer(plain) if year else ():
        said = set(re.findall(r"20\d\d(?=年)", plain[max(tree.start_at(match.start()), match.start() - 200) : match.start()]))
        own = int(said.pop()) if len(said) == 1 else None if said else year  # the year its clause speaks of, else the title's
        if own and (day := times.day_in(match, own)):
            yield make.row(match.start(), match.end(), kind="deadline", value=day, rule="year-of-title", low=True)


def _relative(text: str, plain: str, tree: Tree) -> Iterator[Obligation]:
    make = _Maker(text, plain, tree)
    for match in times.RELATIVE.finditer(plain):
        before = plain[max(0, match.start() - 40) : match.start()]
        if re.search(r"(?:近|过去|最近|连续|每|第|年|\d)\s*$", before) or (match["unit"] in ("年", "个月") and (before.endswith("前") or len(match["n"]) == 4)) or AFTER_PERIOD.search(before):
            continue
        value: dict[str, Any] = times.span_of(match)
        clause_before = re.split(r"[,。;:(\n]", before)[-1]
        if not clause_before.strip() and (above := re.search(r"(?:自|从)([^,。;:自从\n]{2,30}?之日)起,$", before)):
            clause_before = above.group()[:-1]
        clause_before = re.sub(r"[在于]$", "", clause_before)
        start = times.FROM.search(clause_before) if re.search(r"之日|后|的$|起|收到|接到", clause_before) else None
        if start:
            value["start"] = re.sub(r"^(?:应当?)?于|(?:之日|起|后|的|应当?|应|之)+$", "", SIGN.sub("", start.group(1)))
        yield make.row(match.start(), match.end(), kind="relative_deadline", value=value, rule="relative")
    for match in times.TERM.finditer(plain):
        if "公示" not in plain[max(0, match.start() - 6) : match.start()]:
            yield make.row(match.start(), match.end(), kind="relative_deadline", value=times.span_of(match), rule="term")


def _beforehand(text: str, plain: str, tree: Tree) -> Iterator[Obligation]:
    make = _Maker(text, plain, tree)
    for match in times.BEFOREHAND.finditer(plain):
        unit, n = ("unit", "n") if match["n"] else ("unit2", "n2")
        value = {**times.span_of(match, unit, n), "start": "before"}
        yield make.row(match.start(), match.end(), kind="relative_deadline", value=value, rule="beforehand", low=True)


def _in_force(text: str, plain: str, tree: Tree) -> Iterator[Obligation]:
    make = _Maker(text, plain, tree)
    begins: str | None = None
    for match in times.EFFECTIVE.finditer(plain):
        day = iso(int(match["y"]), int(match["m"]), int(match["d"]))
        if day is None or re.match(r"\s*(?:至|到)", plain[match.end() : match.end() + 2]):
            continue
        if not match["in"] and match.group()[0] not in "自从" and not FORBIDS.search(plain, match.end(), tree.sentence(match.start())[1]):
            continue
        begins = day if match["in"] else begins
        yield make.row(match.start(), match.end(), kind="effective_date" if match["in"] else "start_date", value=day, rule="from-day", low=not match["in"])
    for match in times.VALID_TO.finditer(plain):
        if end := iso(int(match["y"]), int(match["m"]), int(match["d"])):
            yield make.row(match.start(), match.end(), kind="validity_period", value={"start": begins, "end": end} if begins else end, rule="valid-to")
    for match in times.VALID.finditer(plain):
        value = times.span_of(match) if match["n"] else times.span_of(match, "unit2", "n2")
        yield make.row(match.start(), match.end(), kind="validity_period", value=value, rule="valid-for")
    for match in times.SHOWN.finditer(plain):
        start = iso(int(match["y1"]), int(match["m1"]), int(match["d1"]))
        end = iso(int(match["y2"] or match["y1"]), int(match["m2"]), int(match["d2"]))
        if start and end:
            yield make.row(match.start(), match.end(), kind="publicity_period", value={"start": start, "end": end}, rule="publicity")
    for match in times.SHOWN_DAYS.finditer(plain):
        yield make.row(match.start(), match.end(), kind="publicity_period", value=times.span_of(match), rule="publicity-days")


def obliged_before(plain: str, start: int, at: int) -> list[str]:
    """Who a sentence obliges: the subject before the time, or the one that opens the sentence."""
    words = _trimmed(SIGN.sub("", NOTE.sub("", plain[start:at])))
    pieces = [piece.strip() for piece in re.split(r",|(?<=[\u4e00-\u9fff]):", words) if piece.strip()]
    opened = OPENED.match(pieces[0]) if pieces else None
    for piece in [*pieces[-1:], *pieces[:1], *([opened.group(1)] if opened else [])]:
        subject = _trimmed(_subject(piece))
        if not END.search(ETC.sub("", subject[-60:])):
            continue
        tail = re.search(r"等([\u4e00-\u9fff]{4,30})$", subject)
        subject = tail.group(1) if tail and "、" in subject else subject
        found = [name for part in re.split(r"会同", subject) for name in names(part)[0]]
        if found and all(is_name(name) for name in found):
            return found
    return []


def obliged_after(plain: str, start: int, at: int, end: int, stop: int) -> list[str]:
    """Who a sentence that begins with its time obliges: 每年1月15日前,县直有关部门向…报告."""
    if SIGN.sub("", plain[start:at]).strip():
        return []
    said = FOLLOWS.match(plain, end, stop)
    found = names(said.group(1).replace("会同", "、"))[0] if said else []
    return found if all(is_name(name) for name in found) else []


def _trimmed(words: str) -> str:
    """The words without what leads over from the subject to its time: 应当于, 原则上."""
    return words[:-60] + TRAIL.sub("", words[-60:])


def _subject(piece: str) -> str:
    verb = VERB.search(piece)
    return piece[: verb.start()] if verb and verb.start() > 1 else piece


def _addressed(row: Obligation, plain: str, tree: Tree) -> Obligation:
    """A reporting duty with whom to report to, whom to copy, where to publish."""
    start, stop = tree.sentence(row.span[0])
    later = times.EVERY.search(plain, row.span[1], stop)
    after = plain[row.span[1] : later.start() if later else stop]
    if row.kind in ("effective_date", "start_date", "validity_period", "publicity_period"):
        return row
    if row.kind in ("deadline", "relative_deadline"):
        return replace(row, report_to=tuple(_reported_to(after)))
    report = REPORT.search(after)
    to = parted(report.group(1)) if report else []
    if not to and (whom := REPORT_WHOM.search(after)):
        report, to = whom, [name for name in parted(whom.group(1)) if is_name(name)]
    if not to and (sent := REPORT_TO.search(after[:80])):
        to = [name for name in parted(sent.group(1)) if is_name(name) or name.endswith("办")]
    if not report and not to:
        return row
    limit = min(len(plain), start + 900, tree.end_at(row.span[0]))
    end = plain.find("\n", row.span[0], limit)
    paragraph = plain[start : end if end >= 0 else limit]
    copies = [
        name
        for match in COPY.finditer(paragraph)
        if match.group(1) == "抄送" and (match.start() < stop - start or _copies_also(row, plain, tree, start + match.start()))
        for name in _copied(match)
    ]
    site = SITE.search(paragraph)
    return replace(row, report_to=tuple(to), copy_to=tuple(dict.fromkeys(copies)), publish=site.group(1) if site else None)


def _reported_to(after: str) -> list[str]:
    """Whom a duty with one day reports to, if reporting is what the day is for: 24小时内上报某办, 将方案报某办."""
    said = re.split(r"[,。;]|\((?![^()]{1,12}\)[^,。;]{1,8}(?:报告|汇报))", after.lstrip(" ,")[:80])[0]
    if report := REPORT.search(said):
        return [name for name in parted(report.group(1)) if is_name(name)]
    sent = REPORT_WHOM.search(said) or REPORT_TO.search(said)
    return [name for name in parted(sent.group(1)) if is_name(name) or name.endswith("办")] if sent else []


def _copies_also(row: Obligation, plain: str, tree: Tree, at: int) -> bool:
    """Whether a 抄送 in a later sentence holds for this duty: not that of another report, nor one that names other bodies."""
    start, stop = tree.sentence(at)
    if REPORT.search(plain, start, stop):
        return False
    whose = WHOSE.match(plain, start, at)
    others = names(SIGN.sub("", whose.group(1)))[0] if whose else []
    if not row.obliged or not all(is_name(name) for name in others):
        return True
    return not others or any(mine in name or name in mine for mine in row.obliged for name in others)


def _copied(match: re.Match[str]) -> list[str]:
    words = re.sub(r"[,、]\s*$", "", match.group(2))
    words = re.split(r",(?=依法|依规|并|同时|在|通过|接受|有关)", words)[0]
    return [name.strip(" 。") for piece in words.split(",") for name in parted(piece) if name.strip()]


def recipients(plain: str, tree: Tree) -> list[Recipient]:
    """Who gets a copy: 抄送 (sideways and down), 抄报 (up)."""
    out = []
    for match in COPY.finditer(plain):
        units = [name for name in _copied(match) if is_name(name) or name.endswith(("市委", "省委", "办"))]
        if units:
            out.append(Recipient(clause=tree.place(match.start()), type=match.group(1), units=tuple(units), span=match.span(), rule="copy"))
    return out
