"""Who a sentence of a policy document says is to act, and whether it orders anything at all.

| as written | subject |
|---|---|
| 甲厅应当…; 根据…,甲厅要… | 甲厅 |
| 承担…职责的甲厅、乙厅,应当… | 甲厅, 乙厅 |
| 市政府领导在…过程中,有关部门应当… | 有关部门 |
| 对…的,由甲办协调… | 甲办, and it leads |
| 甲办会同乙局… | 甲办, and it leads |
| 对工作推进不力的部门,应当加强提醒 | none: the sentence goes on with the subject before it |
"""

from __future__ import annotations

import re

LONGEST = 600
"""The subject of a sentence stands in its first so many signs."""

_FOLD = str.maketrans("，；：（）［］！？〔〕　", ",;:()[]!?[] ")
_MODAL = r"应当|应(?=[^用急对])|要(?=[^求点素闻件务])|须|必须|不得|负责|牵头|会同|可(?=根|以)"
_VERB = (
    "推进|推动|建立|健全|完善|制定|制订|编制|修订|出台|印发|加强|强化|加快|加大|落实|开展|组织|实施|统筹|协调|督促|指导|监督|检查|会同|配合|参与|"
    "支持|保障|保护|建设|构建|打造|培育|推广|推行|执行|严格|严禁|禁止|防范|整治|治理|清理|取缔|淘汰|关闭|搬迁|改造|提升|提高|优化|规范|公开|公布|"
    "报告|报送|上报|通报|移送|审查|审核|审批|查处|打击|追究|考核|评价|评估|监测|排查|核查|抽查|巡查|调度|督办|完成|实现|控制|压减|削减|减少|划定|"
    "拟订|拟定|起草|提出|明确|确定|梳理|细化|分解|纳入|设立|成立|配备|安排|召开|宣传|培训|履行|履职|办理|受理|处理|调查|解决|发挥|深化|做好|抓好|"
    "确保|接受|鼓励|引导|探索|选择|发出|制作|采用|采取|安装|设置|新建|改建|拆除|修复|恢复|核对|更新|发布|收集|登记|备案|验收|运行|维护|"
    "大力|全面|深入|持续|积极|主动|依法|切实|认真|及时|定期|科学|充分|加速|稳步|有序|综合|合理|"
    "每年|每季度|每半年|每月"
)
_FOR = r"按照?|对|根据|依据|参照"
_WEAK = ("在", "通过", "对")
"""甲局在…过程中, may go on with a subject of its own."""
_VERBS = re.compile(rf"{_VERB}|根据|按照|依照|每|{'|'.join(_WEAK)}")
_MODALS = re.compile(_MODAL)
_BY = re.compile(
    r"由(?P<who>[^,:由]{2,40}?)(?:(?P<lead>牵头|会同|协调|组织)|负责|承担|研究|提出|进行|开展|统一|审定|批准|按|依|向|(?<!所)在|实施|落实|对)"
)
_PREPOSITION = re.compile(r"对|向|将|把|为|与|同|按|依|根据|参照|在|通过|经|于|以|因|使|让|从|凡|如|当|给|跟|比|用|请|报|是|属")
_BEFORE = re.compile(r"(?:^(?:同时|此外|另外|其中|进一步)|[时后前中下的])$")
_RELATIVE = re.compile(r"^.*的(?=[^的()]*(?:\([^()]*\)[^的()]*)*$)")
_LINK = re.compile(r"^(?:同时|此外|另外|其中|并|也)?由?")
_GOES_ON = re.compile(r"(?:省|市|县|区|各?(?:设区)?市|各县|州)$")
_COMMON = re.compile(r"(?:单位|部门|(?:人民)?政府|党委)")
_CLOSED = re.compile(r"等[^等]*(?:部门|单位|机关|机构)")
_OFFICE = re.compile(r"组织(?=[(部]|人事)|(?:宣传|审批|监察|督查|调查)(?:部|局|室|机关|机构|组|办)")
_END = re.compile(
    r"(?:厅|局|委|办|院|部|署|会|组|室|中心|政府|部门|单位|机关|机构|处|所|站|队|公司|企业|党校|镇|乡|街道|社区|园区|开发区|各地|河长|"
    r"市|县|区|州|同志|领导|负责人|责任人|主任|人大|政协|团委|工会|银行|成员|党组)(?:\([^()]*\))?$"
)

MANY = re.compile(
    r"(?<!高)等|有关|相关|职能|各部门|各单位|各级各|各地各|成员单位|各方|其他|直(?:属)?(?:各)?(?:部门|单位)|部门和单位|部门\(单位\)$"
)
"""Words for bodies of many kinds, none of which leads. 各级法院 and 各市 are one kind: each answers for its own place."""

ORDERS = re.compile(rf"(?:{_MODAL})|(?:^|[,:])(?:并|同时,?)?(?:{_VERB})|(?:^|[,:])(?:{_FOR})[^,:]*?(?:{_VERB})")
"""A sentence with 要, 应当, 负责, or with a part that begins with what is to be done."""


def fold(text: str) -> str:
    """Full-width signs as half-width ones; every character stays in its place."""
    return text.translate(_FOLD)


def subject(sentence: str) -> tuple[tuple[str, ...], bool]:
    """(the units that are to act, whether they lead) of one folded sentence; no units where it names none."""
    pieces = [piece.strip(" \t\n。;\"“”】、") for piece in re.split(r"[,:](?![^(]*\))", sentence[:LONGEST])]
    weak: tuple[str, ...] = ()
    leading = True
    for n, piece in enumerate(pieces):
        for modal in _MODALS.finditer(piece):
            if names := _names(piece[: modal.start()]):
                return names, modal.group() in {"牵头", "会同"}
        if leading:
            if n + 1 < len(pieces) and _MODALS.search(pieces[n + 1]) and (names := _names(piece)):
                return names, False
            verb, names = next(((v.group(), found) for v in _VERBS.finditer(piece) if (found := _names(piece[: v.start()]))), ("", ()))
            if names and verb not in _WEAK:
                return names, False
            weak = weak or names
        leading = leading and bool(weak or _PREPOSITION.match(piece) or _BEFORE.search(piece))
    for by in _BY.finditer(sentence[:LONGEST]):
        if names := _names(by["who"]):
            return names, bool(by["lead"])
    return weak, False


def _names(who: str) -> tuple[str, ...]:
    """The units of a list before a verb, or none if it is something else."""
    if len(who) < 2 or who[-1] in "、和与及或" or _PREPOSITION.match(who) or re.search(r"[向把将被]", who):
        return ()
    names: list[str] = []
    for piece in re.split(r"、(?![^(]*\))", _RELATIVE.sub("", _LINK.sub("", who))):
        if names and (_GOES_ON.fullmatch(names[-1]) or _COMMON.match(piece) or (names[-1].endswith("委") and piece.endswith("政府"))):
            names[-1] = f"{names[-1]}、{piece}"
        else:
            names.append(piece)
    closed = _CLOSED.search(names[-1]) is not None
    return tuple(names) if all(_is_unit(name) or (closed and 1 < len(name) <= 8) for name in names) else ()


def _is_unit(name: str) -> bool:
    verb = re.match(_VERB, name) is not None and _OFFICE.match(name) is None
    whole = name.count("(") == name.count(")")
    return whole and not verb and 1 < len(name) <= 40 and _PREPOSITION.match(name) is None and _END.search(name) is not None
