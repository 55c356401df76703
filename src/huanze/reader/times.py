"""Times as official sentences write them, each a small grammar with examples.

| name | examples | value |
|---|---|---|
| recurring | 每季度至少一次专题研究; 每月调度; 每年召开2次; 按月通报 | {freq, min} |
| yearly day | 每年4月底前; 每年1月10日前; 每年年底前; 每年6月、12月底前 | {freq: annual, due} |
| day in a period | 每月5日前; 每季度末月25日前 | {freq, min, day} |
| fixed days | 每季度(3月10日、6月10日、9月10日、12月10日…) | {freq, due: [...]} |
| deadline | 2024年12月底前; 2025年6月30日前; 2018年底前 | a day |
| relative | 收到申请的10个工作日内; 自接到报告之日起3日内 | {n, unit, start} |
| beforehand | 提前3个工作日; 开工15日前 | {n, unit, start: before} |
| in force | 自2024年1月1日起施行; 有效期5年; 有效期至2028年2月29日 | a day; {n, unit}; {start, end} |
| publicity | 公示期为2025年4月30日至5月16日; 公示不少于5个工作日 | {start, end}; {n, unit} |

及时, 定期, 适时 carry no time and are not read. 每年下降3% is a rate, not a duty.
"""

from __future__ import annotations

import re
from typing import Any

from huanze.reader.signs import NUMBER, iso, month_end, number

FREQ = {"年": "annual", "半月": "monthly", "半年": "semiannual", "季": "quarterly", "月": "monthly", "周": "weekly", "日": "daily", "天": "daily", "旬": "irregular"}
DUTY = (
    "召开|报告|报送|上报|填报|汇报|通报|调度|研究|听取|开展|组织|制作|公布|公开|发布|检查|巡查|巡河|巡林|抽查|督查|督办|督导|督察|评估|考核|考评|述职|述法|更新|会商|例会|总结|监测|盘点|排查|培训|演练|审计|曝光|举行|召集|分析"
    "|评议|评价|评比|约谈|移交|统计|下发|印发|反馈|推送|通过|至少|不少于|不低于|[一二两三四\\d]+次|专题|向|报|将|对|集中|形成|编制|公示|会议|议|走访|回访|回头看|核查|核实|整理|交办|提交|梳理|自查|复查|检测|清理|抄送|审议|主持|到|带队"
)
RATE = re.compile(r"(?:都|均)?(?:下降|增加|减少|增长|新增|递减|递增|提高|平均|约|近|减排|安排|投入|节约|处理|处置|产生|排放|消耗|可|能|不超过|削减|降低|的|度考核|度计划|度任务|度目标|\d+(?!\d|次|个?工作日|月|日))")
EVERY = re.compile(
    r"(?P<every>每(?:一|个)?(?P<unit>半年|半月|年|季|月|周|星期|日|天)度?|(?<![\u4e00-\u9fff])(?P<by>按(?:季度|季|月|周)|逐(?:月|季))|按(?P<by2>月|季度|季|周)(?=调度|报送|通报|上报|汇总|开展|公布|分析|组织|更新|召开|向|将|报)|(?P<once>[一半]年|一季度|一月|一周)(?=[一二两三四]次))"
)
_M, _D = r"(\d{1,2}|[一二三四五六七八九十]{1,2})月", r"(\d{1,2})日"
YEAR_DAY = re.compile(rf"(?:份)?\s*(?:的)?{_M}(?:份)?(?:{_D}|(?P<end>底|末|底之?前))?(?P<more>(?:[、和及](?:\d{{1,2}}月)(?:\d{{1,2}}日|底)?)*)(?P<end2>底|末)?(?:\(含\))?(?P<before>之?前|以前|内|中旬|上旬|下旬|份)?")
YEAR_END = re.compile(r"(?:的)?(?:年)?(?P<which>年底|底|末|年末|年初|(?:第)?[一二三四]季度)(?:之?前|以前)?")
PERIOD_DAY = re.compile(r"(?:的|首月|末月|第[一二三]个?月|最后一个月|结束后|终了后)?的?(?P<n>\d{1,2})\s*(?:日|号)(?:之?前|以前)?|(?P<last>月?底|末)(?:之?前)?")
TIMES = re.compile(rf"({NUMBER})(?:次|回|轮|期|场)(?![以及]上)")
NEXT_YEAR = re.compile(r"(?:次年|翌年|第二年|下一?年度?)(?:的)?")
LIST_DAYS = re.compile(r"\d{1,2}月\d{1,2}日(?:[、,和及]\d{1,2}月\d{1,2}日)+")
YEARLESS = re.compile(r"(?:(?<=[,。;:.(\n\t])|(?<=[\d一二三四五六七八九十]、)|(?<=[于在])|(?<=力争)|(?<=确保))(?:(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日|(?:份)?(?:底|末))?|年底|年末)(?:\(含\))?(?:之前|以前|前)")
YEAR = r"(?P<y>(?:19|20)\d{2})[^\S\t]*年[^\S\t]*"
COMPLETES = re.compile(r",\s*(?:全面|基本|全部|如期|力争|确保|率先|累计)*(?:完成|建成|建立|建设|出台|制定|印发|编制|启动|淘汰|关闭|关停|取缔|拆除)(?!率)")  # 到2025年底,完成… is a deadline, 到2025年底,空气质量… a target
DAY = re.compile(
    rf"{YEAR}(?:(?P<m>\d{{1,2}})[^\S\t]*月[^\S\t]*(?:(?P<d>\d{{1,2}})[^\S\t]*日|份)?[^\S\t]*)?(?P<late>年底|底|末|上旬|中旬|下旬|(?:第)?[一二三四]季度(?:末|底)?|上半年)?(?:\(含\))?[^\S\t]*(?P<before>之前|以前|前)?"
)
RELATIVE = re.compile(
    rf"(?P<n>{NUMBER})\s*(?P<unit>个工作日|工作日|个自然日|自然日|日|天|个?小时|个月|年|周)\s*(?:之内|以内|内)(?![设容部外])(?!(?:年|月)?(?:累计)?(?:受到|被|发生|出现|连续|再次|有|未被|未发现|未))"
)
TERM = re.compile(
    rf"(?:期限|时限|期间|时间|延长期|延长)(?:[^,。;:\d一二三四五六七八九十两]{{0,8}}?)(?:为|是|不得超过|不超过|不得少于|不少于|最长|(?<=延长))\s*(?P<n>{NUMBER})\s*(?P<unit>个工作日|工作日|个自然日|日|天|个?小时|个月)(?!以?内|以上|以下|前|后|至|的[,，])"
)
UNITS = {"个工作日": "workday", "工作日": "workday", "日": "day", "天": "day", "个自然日": "day", "自然日": "day", "小时": "hour", "个小时": "hour", "个月": "month", "年": "year", "周": "week"}
BEFOREHAND = re.compile(
    rf"提前\s*(?P<n>{NUMBER})\s*(?P<unit>个工作日|工作日|日|天|个月)|(?<=[\u4e00-\u9fff])(?<![月年第一二三四五六七八九十])(?<!最后)(?P<n2>\d{{1,3}}|[一二三四五六七八九十]{{1,3}})\s*(?P<unit2>个工作日|工作日|日|天|个月)(?:之)?前(?=[\u4e00-\u9fff,])"
)
FROM = re.compile(r"(?:自|从|在)?([^,。;:自从在]{2,30}?)(?:之日起|之日|起|后|的|之时起)?(?:的)?$")
EFFECTIVE = re.compile(rf"(?:自|从|(?<=[。;,:.、\n])){YEAR}(?P<m>\d{{1,2}})\s*月\s*(?P<d>\d{{1,2}})\s*日(?:之日)?起(?:正式)?(?P<in>施行|实施|执行|生效|试行)?")
VALID = re.compile(rf"有效期(?:限)?(?:为|:)?\s*(?P<n>{NUMBER})\s*(?P<unit>年|个月)|(?:试行|暂行)(?:期)?(?:为)?\s*(?P<n2>{NUMBER})\s*(?P<unit2>年|个月)(?!度)")
VALID_TO = re.compile(rf"有效期(?:限)?(?:截?至|到|为?[^。,;]{{0,20}}至)\s*{YEAR}(?P<m>\d{{1,2}})\s*月\s*(?P<d>\d{{1,2}})\s*日")
SHOWN = re.compile(
    r"公示(?:期限|期|时间)(?:为|:|从|自|是)?\s*(?P<y1>\d{4})\s*年\s*(?P<m1>\d{1,2})\s*月\s*(?P<d1>\d{1,2})\s*日\s*起?(?:至|到|—+|-+|~)\s*(?:(?P<y2>\d{4})\s*年\s*)?(?P<m2>\d{1,2})\s*月\s*(?P<d2>\d{1,2})\s*日"
)
SHOWN_DAYS = re.compile(rf"公示(?:期|时间|期限)?[^。,;\d]{{0,10}}?(?:不少于|不得少于|不低于|一般为)\s*(?P<n>{NUMBER})\s*(?P<unit>个工作日|工作日|日|天)")


QUARTERS = {"一": "03-31", "二": "06-30", "三": "09-30", "四": "12-31"}


def freq_of(match: re.Match[str]) -> str:
    """The frequency that a match of EVERY names."""
    word = match["unit"] or match["by"] or match["by2"] or match["once"]
    word = re.sub(r"^[按逐一]|度$", "", word)
    return FREQ["周" if word == "星期" else word]


SEASON = re.compile(r"\s*(\d{1,2})月(\d{1,2})日\s*(?:起)?(?:至|到|—+|-+|~)\s*(?:当年|次年)?\s*(\d{1,2})月(\d{1,2})日")


def season(rest: str) -> tuple[str, str, int] | None:
    """The stretch of the year named right after 每年: (first day, last day, characters read)."""
    match = SEASON.match(rest)
    first, last = (_mmdd(int(match[1]), match[2]), _mmdd(int(match[3]), match[4])) if match else (None, None)
    return (first, last, match.end()) if match and first and last else None


def yearly_due(rest: str) -> tuple[list[str], int] | None:
    """The days of the year named right after 每年: (days as MM-DD, characters read)."""
    if (match := YEAR_DAY.match(rest)) and (match[2] or match["end"] or match["end2"] or match["before"]):
        months = [(match[1], match[2])] + re.findall(r"(\d{1,2})月(?:(\d{1,2})日)?", match["more"] or "")
        shared = months[-1][1] if not (match["end"] or match["end2"]) else None  # 1月、7月15日前: the 15th of both
        days = [_mmdd(number(month), day or shared) for month, day in months]
        return ([day for day in days if day], match.end()) if all(days) else None
    if match := YEAR_END.match(rest):
        which = match["which"]
        due = next((ends for sign, ends in QUARTERS.items() if sign in which), "12-31")
        return None if "初" in which else ([due], match.end())
    return None


def _mmdd(month: int, day: str | None) -> str | None:
    # 2023 has no 29 February: 每年2月底 is written as the last day of an ordinary year
    full = iso(2024, month, int(day)) if day else month_end(2023, month)
    return full[5:] if full else None


def day_of(match: re.Match[str]) -> str | None:
    """The ISO day of a match of DAY: 2024年12月底 → 2024-12-31; 2018年底 → 2018-12-31."""
    year = int(match["y"])
    if not match["m"]:
        late = match["late"] or ""
        quarter = next((ends for sign, ends in QUARTERS.items() if sign in late and "季" in late), "06-30" if "半年" in late else None)
        return f"{year}-{quarter or '12-31'}" if late in ("底", "年底", "末") or match["before"] or (quarter and late[-1] in "末底") else None
    month = int(match["m"])
    if match["d"]:
        return iso(year, month, int(match["d"]))
    return iso(year, month, 10 if match["late"] == "上旬" else 20) if match["late"] in ("上旬", "中旬") else month_end(year, month)


def deadline_of(words: str) -> str | None:
    """The day that a time limit's words name (2024年12月底 → 2024-12-31), None for words such as 立行立改."""
    match = DAY.search(words)
    return day_of(match) if match else None


def day_in(match: re.Match[str], year: int) -> str | None:
    """The ISO day of a match of YEARLESS in the year of its document."""
    if not match["m"]:
        return f"{year}-12-31"
    month = int(match["m"])
    return iso(year, month, int(match["d"])) if match["d"] else month_end(year, month)


def span_of(match: re.Match[str], unit: str = "unit", n: str = "n") -> dict[str, Any]:
    """{n, unit} of a match."""
    return {"n": number(match[n]), "unit": UNITS[match[unit]]}


def times_in(words: str) -> int:
    """至少一次 → 1, 不少于2次 → 2; 1 where no number is said."""
    match = TIMES.search(words)
    return max(1, number(match.group(1))) if match else 1
