"""What copying, paging and web sites did to the text, undone. Every repair is told.

| kind | before | after |
|---|---|---|
| 不可见字符 | zero-width, control and soft-hyphen characters | nothing |
| 部首字形 | ⼀⽣⾏ (radicals a PDF copy leaves) | 一生行 |
| 书签残留 | [bookmark: …] | nothing |
| 字间空格 | 生 态 环 境 (every character apart) | 生态环境 |
| 页码 | a line — 3 —, 第3页 共9页 | nothing |
| 并行 | a page flattened into one line | its lines |
| 表格线 | a table drawn with bars | its cells parted by tabs |
| 表格残线 | a line of bars, a bar ending a line | nothing |
| 插入的序号 | 1、…2、… that cut sentences in two | the sentence whole |
| 断行 | a line broken inside its sentence | one line |
| 落款换行 | …电话：1234567。 某局 2024年5月1日 | the signature on its own line |
| 文号括号 | 某环委2021)5号 | 某环委〔2021〕5号 |
"""

from __future__ import annotations

import re
from itertools import accumulate

from huanze.reader.model import Repair
from huanze.reader.numbering import opens
from huanze.reader.signs import fold, ordinary
from huanze.reader.tables import columns
from huanze.reader.unfold import unfold

INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]+")
RADICAL = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")
BOOKMARK = re.compile(r"\[bookmark:[^\]\n]{0,80}\]|\{?HYPERLINK [^}\n]{0,200}\}?|\\l \"_Toc\d+\"")
PAGE = re.compile(
    r"[-—·\s]*(?:\d{1,4}|[IVX]{1,5})[-—·\s]*$|第?\s*\d{1,4}\s*页\s*[,/]?\s*(?:共|/)\s*\d{1,4}\s*页?$|第\s*\d{1,4}\s*页$|\d{1,3}\s*/\s*\d{1,3}$"
    r"|[-—]{1,3}\s*\d{1,4}\s*[-—]{1,3}$|page \d+( of \d+)?$",
    re.IGNORECASE,
)
COUNTER = re.compile(r"(\d{1,3})\s*、")
BROKEN_NUMBER = re.compile(r"(?<=[委办发字函政环督])((?:19|20)\d\d)[)\]〕](?=第?[\dXx×]{1,4}号)")
SIGNATURE = re.compile(
    r"(?<=[。；;）)\d])[ \t\u3000]+((?:[\u4e00-\u9fff]{2,30}(?:厅|局|委|会|办|办公室|院|部|府|组|心|处)[ \t\u3000]+){0,6}\d{4}年\d{1,2}月\d{1,2}日)(?=\s*(?:$|[(（【|\n]))"
)
BARS = {ord(sign): "|" for sign in "│┃║｜"}
RULE = re.compile(r"[|\s:+=\-─━═┌┬┐├┼┤└┴┘┏┳┓┣╋┫┗┻┛╔╦╗╠╬╣╚╩╝╒╤╕╞╪╡╘╧╛╭╮╰╯┠┨┯┷┿╂]+")
TERMINATORS = "。;:!?”》】"
ALONE = re.compile(r"附件|目\s*[录次]$|附表|抄送|抄报|主送|注:|\((?:此|主动|联系)|[^,。;:]{1,10}:|\d{4}年\d{1,2}月\d{1,2}日|[一二三四五六七八九十]是|【")
DATE_LINE = re.compile(r"(?:\d{4}|[二一][〇零○九O一二三四五六七八九]{3})\s*年[^,。;]{1,9}日$")
NUMBER_LINE = re.compile(r"^\S{1,14}[〔\[(]\d{4}[〕\])]\s*\d{1,5}\s*号$")
TITLE_LINE = re.compile(r"(?:意见|措施|方案|办法|规定|通知|公示|清单|计划|细则|公告|报告|情况)(?:\([^()]{1,10}\))?$")
OPENING = re.compile(r"为|根据|按照|依据|近年|近日|各[\u4e00-\u9fff、()]+[:,]|现将|[^,。]{2,30}(?:年|月)\d*")


class Bench:
    """The text under repair and the list of what was done to it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.done: list[Repair] = []

    def replace(self, kind: str, pattern: re.Pattern[str], into: object) -> None:
        """Replace every match; `into` is text or a function of the match."""

        def put(match: re.Match[str]) -> str:
            after = into(match) if callable(into) else str(into)
            if after != match.group():
                self.told(kind, match.start(), match.group(), after)
            return after

        self.text = pattern.sub(put, self.text)

    def told(self, kind: str, at: int, before: str, after: str) -> None:
        self.done.append(Repair(kind, at, before[:60], after[:60]))


def repair(raw: str) -> tuple[str, tuple[Repair, ...]]:
    """(text, repairs): lines without blank ones, as the document was meant."""
    bench = Bench(re.sub("\r\n?|[\u2028\u2029\x0b\x0c\x85]", "\n", raw).replace("\xa0", " "))
    bench.replace("不可见字符", INVISIBLE, "")
    bench.replace("部首字形", RADICAL, lambda match: ordinary(match.group()))
    bench.replace("书签残留", BOOKMARK, "")
    _close_up(bench)
    _bars(bench)
    lines = _lines(bench)
    lines = _join(_counters(lines, bench), bench)
    bench.text = "\n".join(line for line in lines if line)
    _unfold(bench)
    bench.replace("落款换行", SIGNATURE, lambda match: "\n" + match.group(1))
    folded = fold(bench.text)
    for match in reversed(list(BROKEN_NUMBER.finditer(folded))):
        after = f"〔{match.group(1)}〕"
        bench.told("文号括号", match.start(), match.group(), after)
        bench.text = bench.text[: match.start()] + after + bench.text[match.end() :]
    return bench.text, tuple(bench.done)


def _close_up(bench: Bench) -> None:
    """Characters set apart one by one: only when the whole text is so."""
    pair = re.compile(r"(?<=[\u4e00-\u9fff，。、；：]) (?=[\u4e00-\u9fff，。、；：])")
    if bench.text.count(" ") * 3 > len(bench.text) > 40 and len(pair.findall(bench.text)) * 3 > len(bench.text):
        bench.told("字间空格", 0, bench.text[:20], bench.text[:20].replace(" ", ""))
        bench.text = pair.sub("", bench.text)


def _unfold(bench: Bench) -> None:
    """A page flattened into long lines, in lines again."""
    out: list[str] = []
    at = 0
    for line in bench.text.split("\n"):
        rows = unfold(line)
        if len(rows) > 1:
            bench.told("并行", at, line[:40], "⏎".join(row[:12] for row in rows[:3]))
        out += rows
        at += len(line) + 1
    bench.text = "\n".join(out)


def _bars(bench: Bench) -> None:
    """Tables drawn with bars as rows of cells parted by tabs, if their first row is a header."""
    if not any(sign in bench.text for sign in "|│┃║｜"):
        return
    drawing = bench.text.translate(BARS)
    out: list[str] = []
    run: list[str] = []
    at = 0
    drawn = [*drawing.split("\n"), ""]
    for index, line in enumerate([*bench.text.split("\n"), ""]):
        if "|" in drawn[index] or RULE.fullmatch(drawn[index]) or (run and not line and "|" in "".join(drawn[index + 1 : index + 2])):
            run.append(line)
        else:
            cells = _cells(run)
            if any(columns(fold("\t".join(row)).split("\t")) for row in cells[:2]):
                bench.told("表格线", at - sum(len(row) + 1 for row in run), run[0], "\t".join(cells[0]))
                run = ["\t".join(row) for row in cells]
            out += [*run, line]
            run = []
        at += len(line) + 1
    bench.text = "\n".join(out[:-1])


def _cells(run: list[str]) -> list[list[str]]:
    """The rows of a drawn table. Where lines part the rows, what stands between two lines is one row."""
    drawn = [line.translate(BARS).strip(" \t\u3000") for line in run]
    ruled = sum(1 for line in drawn if RULE.fullmatch(line)) > 2
    rows: list[list[str]] = []
    fresh = True
    for line in drawn:
        if not line or RULE.fullmatch(line):
            fresh = fresh or bool(line)
            continue
        cells = [cell.strip(" \t\u3000") for cell in re.sub(r"^\||\|$", "", line).split("|")]
        if ruled and not fresh and rows and len(cells) == len(rows[-1]):
            rows[-1] = [above + below for above, below in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
        fresh = False
    return rows


def _lines(bench: Bench) -> list[str]:
    """The lines stripped; page numbers and bars are emptied out, blank lines stay blank for `_join`."""
    out, at = [], 0
    for line in bench.text.split("\n"):
        kept = line.strip(" \t\u3000")
        if "\t" in kept:  # a row of cells: the first may be empty
            kept = line.rstrip(" \t\u3000").lstrip(" \u3000")
        if "|" in kept and (bare := kept.strip("| \t")) != kept and kept.count("|") - bare.count("|") > 0:
            bench.told("表格残线", at, kept, bare)
            kept = bare
        if kept and len(kept) < 24 and PAGE.match(fold(kept)):
            bench.told("页码", at, kept, "")
            kept = ""
        out.append(kept)
        at += len(line) + 1
    return out


def _counters(lines: list[str], bench: Bench) -> list[str]:
    """Numbers 1、2、3、 … that a document-sharing site put before its pages, cutting sentences."""
    places: list[int] = []
    cut = 0
    last = ""
    for index, line in enumerate(lines):
        match = COUNTER.match(fold(line[:8])) if line[:1].isdigit() else None
        if match and int(match.group(1)) == len(places) + 1:
            whole = len(last) < 60 and "。" not in last and opens(fold(last))  # a heading needs no full stop
            cut += bool(places) and not whole and last[-1:] not in "。;；:：!！?？)）”"
            places.append(index)
        last = line or last
    if len(places) < 3 or cut * 5 < (len(places) - 1) * 3:
        return lines
    out: list[str] = []
    stray = set(places)
    offsets = list(accumulate((len(line) + 1 for line in lines), initial=0))
    for index, line in enumerate(lines):
        if index in stray:
            bare = re.sub(r"^[\d０-９]{1,3}\s*、", "", line)
            bench.told("插入的序号", offsets[index], line[:12], bare[:12])
            while out and not out[-1]:
                out.pop()
            if index != places[0] and out:
                out[-1] += bare
                continue
            line = bare
        out.append(line)
    return out


def _join(lines: list[str], bench: Bench) -> list[str]:
    """Lines broken inside a sentence, made whole."""
    folded = fold("\n".join(lines)).split("\n")
    spaced = sum(1 for line in lines if not line) * 2 >= len(lines) - 2 > 6
    rows = [(line, plain) for line, plain in zip(lines, folded, strict=True) if line or not spaced]
    lengths = sorted(len(line) for line, plain in rows if len(line) >= 18 and plain[-1] not in TERMINATORS)
    long = sum(1 for line, _ in rows if len(line) >= 18)
    width = lengths[len(lengths) * 3 // 4] if len(lengths) >= 4 and len(lengths) * 5 >= long * 2 else 0
    out: list[str] = []
    pieces: list[str] = []
    at = 0
    for index, (line, plain) in enumerate(rows):
        pieces.append(line)
        at += len(line) + 1
        following = rows[index + 1][1] if index + 1 < len(rows) else ""
        then = rows[index + 2][1] if index + 2 < len(rows) else ""
        if _broken(plain, following, then, width=width, before=pieces[-3:]):
            bench.told("断行", at - 1, line[-8:] + "⏎" + following[:8], line[-8:] + following[:8])
            continue
        out.append("".join(pieces))
        pieces = []
    return out


def _broken(line: str, following: str, then: str, *, width: int, before: list[str]) -> bool:
    """Whether `line` runs on into `following`."""
    if not line or not following or opens(following) or "\t" in line + following:
        return False
    if line[-1] not in "。!?" and (line[-1] in ",、(《" or following[0] in ",、。;:)》”" or _closes("".join(before), following, then)):
        return True
    if line[-1] in TERMINATORS:
        return False
    if NUMBER_LINE.search(line) or NUMBER_LINE.search(following) or (TITLE_LINE.search(line) and OPENING.match(following)):
        return False
    if opens(line) and len(line) <= 40 and not re.search("[。,;:]", line):
        return re.match(r"[^,。;:]{1,20}。.{10}", following) is not None or (width > 0 and len(line) >= width * 0.95)
    if ALONE.match(following) or DATE_LINE.match(following) or (DATE_LINE.match(then) and len(following) < 30):
        return False
    full = width > 0 and len(line) >= width * (0.95 if line[-1] == ")" else 0.88)
    so_far = fold("".join(before))
    prose = len(so_far) >= 25 and line[-1] != ")" and ("," in so_far or "。" in so_far) and _continues(following)
    return full or prose


def _closes(so_far: str, following: str, then: str) -> bool:
    """Whether a bracket or a title that stands open is closed by the next lines."""
    words = fold(so_far)
    for opening, closing in ("()", "《》"):
        if words.count(opening) > words.count(closing):
            ahead = following + then
            end = ahead.find(closing)
            if end >= 0 and opening not in ahead[:end]:
                return True
    return False


def _continues(following: str) -> bool:
    """Whether a line can be the rest of a sentence: it has a sentence's punctuation, or is long and no title."""
    return "," in following or "。" in following or (len(following) >= 25 and TITLE_LINE.search(following) is None)
