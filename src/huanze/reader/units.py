"""Names of units: where a list of them parts, and what can be one.

| as written | names |
|---|---|
| 省财政厅、省水利厅 | two |
| 省委和省政府有关部门、单位 | one: a common noun belongs to the name before it |
| 各市、县(市、区)党委和政府 | one: 县 goes on from 各市 |
| 市委、市政府 | one: party and government of one place |
| 甲局(乙局)、丙局 | two: brackets are never parted |
| 发改、经信等部门 | two, and the list is open |
"""

from __future__ import annotations

import re

from huanze.reader.signs import split_top

END = re.compile(
    r"(?:厅|局|委|办|院|部|署|会|组|室|中心|政府|党委|党工委|部门|单位|机关|机构|处|所|站|队|公司|集团|企业|厂|学校|党校|银行|军|镇|乡|街道|村|社区|园区|示范区|高新区|新区|开发区|各市|各县|各区|各地"
    r"|[河湖林田路片]长|警长|书记|市长|县长|区长|局长|镇长|厅长|市|县|区|州|盟|旗|省|同志|领导|负责人|主任|人大|政协|团委|工会|妇联|科协|总队|支队|大队|保税区|专班|方面|主体|成员|党组|海关|区县|市州|镇街|地区)(?:\([^()]*\))?$"
)
DUTIES = re.compile(r"(?:的)?(?:主要|工作|具体|生态环境保护|环境保护|环保)*(?:工作)?(?:职责任务|职责清单|责任清单|牵头事项|事项清单|职责|责任|事项)$")
DEPARTMENT = re.compile(r"(?:厅|局|委|办|院|部|署|会|中心|政府|党委|党工委|党\(工\)委|部门|机关|公司|银行|镇|乡|街道|办事处|管委会|工委|法院|检察院|室|处|所|单位|队|站|科|党校|团委|妇联|工会|工商联|残联|科协|区|县|公安|网信办|海关|专班)(?:\([^()]*\))?$")
COMMON = re.compile(r"(?:有关|相关|各)?(?:单位|部门|机构|政府|人民政府|管委会|党委|党工委|办事处|直属机构|企事业单位|人民团体)$")
GOES_ON = re.compile(r"(?:县|区|州|镇|街道|乡|旗|自治区|自治州|直辖市|自治县|盟)(?![^()]{0,3}[局厅委办])")
PLACES = re.compile(r"(?:各?(?:省|市|县|区|区县|市州|设区市|地市|乡镇|镇|街道|乡|部|旗|州))(?:\([^()]*\))?$")
PARTY = re.compile(r"(.{0,12})(?:委|党委|党工委)$")
GOVERNMENT = re.compile(r"(.{0,8}?)(?:人民)?政府")
PARTS_OF_COMMITTEE = "政法委|组织部|宣传部|统战部|社会工作部|编办|办公[厅室]|网信办|督查室|政研室|党校"
_ONE = rf"(?:[厅院署]|局(?![^,。;、]{1,6}[支大总]队|[^,。;、]{1,6}分局)|委(?!{PARTS_OF_COMMITTEE}|员会)|委员会(?!办公室)|办(?![公事理法])|办公室|[织传战作]部(?!门)|公司|中心|海关|站(?!点)|[支大总]队)"
BESIDE = rf"[^,。;会配]{{2,30}}?(?:部门和单位|等(?:有关|相关)?部门|有关部门|相关部门|部门|单位|{_ONE}(?:、[^,。;、会配]{{2,14}}?{_ONE})*)(?!门)"  # whom a body acts with, in a sentence
NOT_A_NAME = re.compile(r"\d(?:分钟|个?小时|个?工作日|日|天)|[。;:!?\"'“”]|以下|简称|如下|不含|包括|其中|按照|根据|应当|的为|是指|[是将把使](?=.)|^(?:含|如|即|不|见|下|详|附|由|经|在|对|第|共)|^\d")
LABELLED = re.compile(r"(?!无$|同上|略$|各自)[\u4e00-\u9fffXx×A-Z()、]{2,24}")
ETC = re.compile(r"等(?:有关|相关|其他|各|省直|市直|区直|县直)*(?:部门|单位|机构|地区|方面|部委|委办局)*(?:和单位)?$")


def names(text: str) -> tuple[list[str], bool]:
    """The units a list names, and whether the list stays open (等)."""
    text = text.strip(" ,、\n\t")
    bare = ETC.sub("", text)
    is_open = bare != text and bool(bare)
    pieces = [text_of.strip() for start, end in split_top(bare, "、") if (text_of := bare[start:end]).strip()]
    out: list[str] = []
    for piece in pieces:
        if out and _belongs(out[-1], piece):
            out[-1] = f"{out[-1]}、{piece}"
        else:
            out.append(piece)
    return out, is_open


def listed_units(text: str) -> tuple[list[str], bool]:
    """The units after a label or in a cell, parted by 、 and by commas or blanks; nothing if any of it is no name."""
    out: list[str] = []
    is_open = False
    for start, end in split_top(text.strip("。 "), ",; "):
        group, etc = names(text.strip("。 ")[start:end])
        out += group
        is_open = is_open or etc
    return (out, is_open) if all(is_name(name) or LABELLED.fullmatch(name) for name in out) else ([], False)


def _belongs(before: str, piece: str) -> bool:
    """Whether a piece goes on with the name before it."""
    if COMMON.match(piece):
        return not (piece.startswith("各") and before.startswith("各"))
    if PLACES.match(before.rsplit("、", 1)[-1]) and (GOES_ON.match(piece) or len(before) == 1):
        return True
    party = PARTY.match(before.rsplit("、", 1)[-1])
    government = GOVERNMENT.fullmatch(piece)
    return bool(party and government and len(party.group(1)) <= 10 and party.group(1).endswith(government.group(1)))


def is_name(text: str) -> bool:
    """Whether text can be the name of one unit (or a group of units)."""
    return 1 < len(text) <= 45 and NOT_A_NAME.search(text) is None and END.search(text) is not None


def parted(text: str) -> list[str]:
    """Bodies that receive a report: 省委和省政府 are two, 党委和政府 one."""
    out: list[str] = []
    for name in names(text)[0]:
        for piece in re.split(r"、|(?<=[委府门位关构处局厅办会院])[和及](?=[^()]*$)", name):
            bare = COMMON.match(piece) or piece in ("政府", "人大")
            if bare and out and name != piece:
                joint = name[name.index(out[-1]) + len(out[-1])] if out[-1] in name else "和"
                out[-1] = f"{out[-1]}{joint}{piece}"
            elif piece.strip():
                out.append(piece.strip())
    return out
