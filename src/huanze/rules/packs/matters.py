"""The matters in which documents of this kind are compared, and what a pack says of each, in Chinese with its clause."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from huanze.rules.deadlines import UNIT_LABELS
from huanze.rules.packs.parts import FREQ_LABELS, LEVEL_LABELS, Setting
from huanze.rules.packs.schema import ApprovalStep, Clock, Duty, Pack

Said = tuple[str, str]
"""What is said, and the clause."""
STAGES: Mapping[str, str] = {"self_acceptance": "自我验收", "publicity": "公示"}
INCENTIVES: Mapping[str, str] = {"commend": "表彰奖励", "exempt": "容错免责", "train": "教育培训的内容", "support": "支持基层", "promote": "选配干部"}
AREAS: Mapping[str, str] = {"basin1": "一级流域", "basin2": "二级流域片区", "city_circle": "都市圈", "air_channel": "大气传输通道"}
EFFECTS: Mapping[str, str] = {"written_self_criticism": "作书面检查", "public": "向社会公开"}
MANY = 4
SAYS_NOTHING = re.compile(r"(?:^|_)(?:deadline|duty|report)(?:_\d+)?$")
"""Keys a draft gives when the words have none of their own."""


@dataclass(frozen=True)
class Matter:
    group: str
    label: str
    say: Callable[[Pack], Iterable[Said]]


# ---- words for values


def names(listed: Iterable[str]) -> str:
    """Names in one line; a long list by its first three and its number. “Other departments” are not counted."""
    known = tuple(listed)
    if len(known) <= MANY:
        return "、".join(known)
    named = [n for n in known if not n.startswith("其他")]
    return "和".join([f"{'、'.join(named[:3])}等{len(named)}家", *known[len(named) :]])


def left(value: object, pack: Pack, unit: str = "") -> str:
    """A value, or that a place decides it where the document left it open."""
    return f"由本地定，默认{pack.left_open[value.setting].default}{unit}" if isinstance(value, Setting) else f"{value}{unit}"


def when(duty: Duty, pack: Pack) -> str:
    """How often or by which day a duty falls due."""
    value = duty.value
    if value.on:
        return f"{value.on.year}年{value.on.month}月{value.on.day}日以前"
    freq = FREQ_LABELS.get(value.freq or "", "")
    if value.due:
        return f"{freq}{'、'.join(f'{int(d[:2])}月{int(d[3:])}日' for d in value.due)}以前"
    if value.every is not None:
        if isinstance(value.every, Setting):
            return f"“{pack.left_open[value.every.setting].term}”，多久一次{left(value.every, pack, '个月')}"
        return f"{freq}，至少每{value.every}个月一次"
    if duty.kind == "annual_report":
        return f"{freq}，没有规定日期"
    if value.freq in ("once", None):
        return "没有规定日期"
    if value.freq in ("regular", "irregular"):
        return "没有规定次数" if value.freq == "irregular" else "定期，没有规定次数"
    return f"{freq}至少{value.min}次"


def copies(duty: Duty) -> str:
    return "，".join(f"{c.type}{'、'.join(c.units)}" for c in duty.copy_to)


def whole(duty: Duty, pack: Pack) -> Said:
    """A duty in one line: when, who, to whom, copies, whether published."""
    to = f"报{names(duty.report_to)}" if duty.report_to else ""
    parts = (when(duty, pack), names(duty.obliged), to, copies(duty), "向社会公开" if duty.publish else "")
    return "，".join(p for p in parts if p), duty.clause


def limit(clock: Clock, pack: Pack) -> Said:
    """A limit in one line."""
    first = clock.count_first
    counted = "，首日计入" if first is True else f"，首日计入与否由本地定（默认{'是' if pack.left_open[first.setting].default else '否'}）" if isinstance(first, Setting) else ""
    unit = UNIT_LABELS[clock.unit]
    since = clock.since or "起算"
    if isinstance(clock.n, Setting):
        return f"{since}后“{pack.left_open[clock.n.setting].term}”，期限{left(clock.n, pack, unit)}{counted}", clock.clause
    return f"{since}后{'不少于' if clock.bound == 'at_least' else ''}{clock.n}{unit}{'' if clock.bound == 'at_least' else '内'}{counted}", clock.clause


# ---- the annual report


def _reporter(duty: Duty) -> str:
    """Who makes an annual report: departments, departments below, Party committees and governments below, or a government to its congress."""
    if any("人大" in to for to in duty.report_to):
        return "congress"
    if duty.obliged and all(re.search(r"党委$|政府$", who) for who in duty.obliged):
        return "below"
    return "local" if any(re.search(r"地方|市县|市、县|县级|市（州）|市州|下级", who) for who in duty.obliged) else "departments"


def _reports(pack: Pack, reporter: str) -> list[Duty]:
    found = [d for d in pack.duties if d.kind == "annual_report" and _reporter(d) == reporter]
    if reporter == "local" and not found:  # “of its level” binds the departments of every level
        found = [d for d in _reports(pack, "departments") if d.report_to and all(re.match("本级|同级", to) for to in d.report_to)]
    return found


def _aspect(reporter: str, say: Callable[[Duty, Pack], str]) -> Callable[[Pack], Iterator[Said]]:
    return lambda pack: ((text, d.clause) for d in _reports(pack, reporter) if (text := say(d, pack)))


def _report(reporter: str) -> Callable[[Pack], Iterator[Said]]:
    return lambda pack: (whole(d, pack) for d in _reports(pack, reporter))


REPORT = (
    Matter("年度专题报告", "部门报告：由谁报告", _aspect("departments", lambda d, _: names(d.obliged))),
    Matter("年度专题报告", "部门报告：期限", _aspect("departments", when)),
    Matter("年度专题报告", "部门报告：报送", _aspect("departments", lambda d, _: "、".join(d.report_to))),
    Matter("年度专题报告", "部门报告：抄送、抄报", _aspect("departments", lambda d, _: copies(d))),
    Matter("年度专题报告", "部门报告：公开", _aspect("departments", lambda d, _: "向社会公开" if d.publish else "")),
    Matter("年度专题报告", "地方部门的报告", _report("local")),
    Matter("年度专题报告", "下级党委、政府的报告", _report("below")),
    Matter("年度专题报告", "政府向人大报告", _report("congress")),
)

# ---- chains


def _by(step: ApprovalStep, pack: Pack) -> str:
    return left(step.by, pack)


def _chain(name: str) -> Callable[[Pack], list[Said]]:
    """A chain in one line; steps of one clause are one saying."""
    return lambda pack: [("→".join(f"{s.label}（{_by(s, pack)}）" for s in steps), "、".join(dict.fromkeys(s.clause for s in steps)))] if (steps := pack.approval_chains.get(name)) else []


def _decides(name: str, step: str) -> Callable[[Pack], Iterator[Said]]:
    return lambda pack: ((_by(s, pack), s.clause) for s in pack.approval_chains.get(name, ()) if s.step == step)


def _item_steps(pack: Pack) -> list[Said]:
    """Which steps a list of items goes through, without the words each document has for them."""
    labels = {"draft": "编制", "first_review": "初审", "approve": "审定", "publish": "公开"}
    steps = pack.approval_chains.get("item_list", ())
    said = "→".join(labels.get(s.step, s.label) + ("" if s.step in ("draft", "publish") else f"（{_by(s, pack)}）") for s in steps)
    return [(said, "、".join(dict.fromkeys(s.clause for s in steps)))] if steps else []


def _items(pack: Pack) -> list[Said]:
    departments = len({i.dept for i in pack.items})
    return [(f"{departments}个部门{len(pack.items)}项", pack.items[0].clause.split("/")[0])] if pack.items else []


def _committees(pack: Pack) -> Iterator[Said]:
    for c in pack.committees:
        asked = f"由{names(c.asked_by)}提出" if c.asked_by else ""
        parts = (c.label, asked, f"{c.approved_by}批准" if c.approved_by else "没有说由谁批准", "先行试点" if c.pilot else "")
        yield "，".join(p for p in parts if p), c.clause


def _form(key: str) -> Callable[[Pack], list[Said]]:
    return lambda pack: [("写明" + "、".join(f.label for f in pack.forms[key].fields if f.kind != "file"), pack.forms[key].clause)] if key in pack.forms else []


LISTS = (
    Matter("清单和牵头", "具体事项清单怎样审定", _item_steps),
    Matter("清单和牵头", "附有的具体事项", _items),
    Matter("清单和牵头", "没有牵头部门的事项由谁定", _decides("lead_decision", "decide")),
    Matter("清单和牵头", "没有牵头部门的事项怎样定", _chain("lead_decision")),
    Matter("清单和牵头", "市里没有牵头部门的事项由谁定", _decides("city_lead_decision", "decide")),
    Matter("清单和牵头", "清单之外的事项", lambda pack: [(pack.fallback.what, pack.fallback.clause)] if pack.fallback else []),
    Matter("清单和牵头", "新出政策文件", _form("policy_document")),
    Matter("清单和牵头", "专业委员会", _committees),
)

# ---- duties and limits


@dataclass(frozen=True)
class DutyMatter:
    """Duties whose key or words fit. ``also``: such a duty may stand in another row as well."""

    group: str
    label: str
    fits: str
    also: bool = False


DUTIES = (
    DutyMatter("清单和牵头", "编制并公开具体事项清单", r"^item_list|(?:编制|列出|公开).{0,8}事项清单"),
    DutyMatter("清单和牵头", "修订责任清单、职责清单", r"^duty_list|修订.{0,12}清单"),
    DutyMatter("清单和牵头", "市、县制定本地清单", r"^local_lists|本地责任清单"),
    DutyMatter("清单和牵头", "确定并公开各事项的牵头部门", r"^lead_list|公开.{0,8}牵头部门"),
    DutyMatter("清单和牵头", "事项分解到单位和责任人", r"^breakdown|分解"),
    DutyMatter("清单和牵头", "提醒配合部门，必要时上报", r"^remind|提醒.{0,10}配合部门"),
    DutyMatter("清单和牵头", "确定牵头负责人和处室", r"^name_leader|牵头负责人"),
    DutyMatter("清单和牵头", "受理群众举报", r"^complaints|举报"),
    DutyMatter("研究部署", "提请省里会议研究", r"^province_study|提请.{0,8}会议.{0,6}研究"),
    DutyMatter("研究部署", "部门党组（党委）研究", r"^party_group_study|党组.{0,6}研究|党组（党委）会议"),
    DutyMatter("研究部署", "党委、政府和主要领导研究", r"(?:quarterly|local|leaders|standing|lower)_study|^study|研究"),
    DutyMatter("研究部署", "听取汇报", r"^hear|听取.{0,6}汇报", also=True),
    DutyMatter("研究部署", "领导到现场督办", r"^on_site|现场督办"),
    DutyMatter("研究部署", "班子成员汇报和督促", r"^members_|班子成员(?:督促|检查|向)"),
    DutyMatter("研究部署", "向分管领导报告", r"^leader_report|向分管"),
    DutyMatter("研究部署", "召开会议", r"^group_|meeting|召开"),
    DutyMatter("排查和调度", "自查排查", r"self_check|wide_check|自查|排查"),
    DutyMatter("排查和调度", "调度", r"dispatch|调度"),
    DutyMatter("排查和调度", "制作警示片", r"film|警示片"),
    DutyMatter("监督检查", "例行督察、专项督察", r"province_\w*inspection|督察"),
    DutyMatter("监督检查", "专项督查", r"special_inspection|专项督查"),
    DutyMatter("监督检查", "监督检查本部门、本地区", r"own_inspection|监督检查|^inspection"),
    DutyMatter("监督检查", "审计", r"audit|审计"),
    DutyMatter("监督检查", "考核评价", r"assessment|考核"),
    DutyMatter("监督检查", "通报情况", r"circular|share_situation|通报"),
    DutyMatter("监督检查", "分析情况、提出建议", r"^analysis|提出.{0,4}建议"),
    DutyMatter("联动和移送", "与公安、法院、检察院联动", r"joint_mechanism|联动机制"),
    DutyMatter("联动和移送", "公益诉讼与执法的信息共享", r"information_sharing|信息共享"),
    DutyMatter("激励和保障", "教育培训", r"training|培训|党校"),
)
CLOCKS = (
    ("清单和牵头", "清单调整后多久更新", ("list_update",)),
    ("联动和移送", "移送问责线索的期限", ("transfer_clue",)),
    ("联动和移送", "移送涉嫌犯罪案件的期限", ("transfer_case",)),
    ("研究部署", "处置突出问题的期限", ("handle_problem", "urgent_study")),
    ("研究部署", "报告重大情况的期限", ("major_matter",)),
    ("验收和公示", "组织验收的期限", ("acceptance",)),
    ("验收和公示", "公示的期限", ("publicity",)),
)


def row_of(duty: Duty) -> DutyMatter | None:
    """The one row a duty belongs to; annual reports have rows of their own."""
    return next((m for m in DUTIES if not m.also and re.search(m.fits, duty.key)), None) or next(
        (m for m in DUTIES if not m.also and re.search(m.fits, duty.what)), None
    )


def _duties(matter: DutyMatter) -> Callable[[Pack], list[Said]]:
    """What a row says; where several duties stand in it, each under its name."""

    def fits(duty: Duty) -> bool:
        own = re.search(matter.fits, duty.key) or re.search(matter.fits, duty.what) if matter.also else row_of(duty) is matter
        return duty.kind != "annual_report" and bool(own)

    def say(pack: Pack) -> list[Said]:
        found = [d for d in pack.duties if fits(d)]
        return [(f"{d.what}：{text}" if len(found) > 1 else text, clause) for d in found for text, clause in [whole(d, pack)]]

    return say


def _clocks(keys: tuple[str, ...]) -> Callable[[Pack], Iterator[Said]]:
    return lambda pack: (limit(pack.clocks[key], pack) for key in keys if key in pack.clocks)


def other_duties(pack: Pack) -> dict[str, tuple[str, list[Said]]]:
    """Label and sayings of the duties that belong to no row, by key; by their words where the key says nothing."""
    made: dict[str, tuple[str, list[Said]]] = {}
    for duty in pack.duties:
        if duty.kind != "annual_report" and row_of(duty) is None and not any(m.also and re.search(m.fits, duty.what) for m in DUTIES):
            _, said = made.setdefault(duty.what if SAYS_NOTHING.search(duty.key) else duty.key, (duty.what, []))
            said.append(whole(duty, pack))
    return made


def other_clocks(pack: Pack) -> dict[str, tuple[str, list[Said]]]:
    """Label and saying of each limit that belongs to no row, by key."""
    known = {key for _, _, keys in CLOCKS for key in keys}
    return {key: (clock.label, [limit(clock, pack)]) for key, clock in pack.clocks.items() if key not in known}


# ---- consequences


def _transfers(pack: Pack) -> Iterator[Said]:
    """Grounds of accountability by where they are passed on to."""
    to = dict.fromkeys((g.transfer_to, g.clause) for g in pack.grounds)
    for receivers, clause in to:
        labels = "、".join(g.label for g in pack.grounds if (g.transfer_to, g.clause) == (receivers, clause))
        yield f"{labels}：{f'移交{names(receivers)}' if receivers else '没有说移交给谁'}", clause


def _incentive(kind: str) -> Callable[[Pack], Iterator[Said]]:
    return lambda pack: ((f"{i.label}（{names(i.by)}）", i.clause) for i in pack.incentives if i.kind == kind)


def _thresholds(pack: Pack) -> Iterator[Said]:
    for t in pack.thresholds:
        also = "".join(f"，{EFFECTS[a]}" for a in t.also)
        yield f"{t.at}分以上{t.label}{also}", t.clause


def _stages(pack: Pack) -> Iterator[Said]:
    clauses = {"self_acceptance": "self_accept", "publicity": "open_publicity"}
    return ((STAGES[s], pack.lifecycle.clauses[clauses[s]]) for s in pack.lifecycle.stages if clauses[s] in pack.lifecycle.clauses)


def _upper(pack: Pack) -> list[Said]:
    clause = pack.lifecycle.clauses.get("upper_pass")
    levels = "、".join(LEVEL_LABELS[level] for level in pack.lifecycle.upper_acceptance_for)
    return [(f"{levels}问题由上级验收", clause)] if levels and clause else []


def _areas(pack: Pack) -> Iterator[Said]:
    for kind, label in AREAS.items():
        found = [a for a in pack.areas if a.kind == kind]
        if found:
            yield f"{label}{sum(a.count or 1 for a in found)}个", "、".join(dict.fromkeys(a.clause for a in found))


def _self_check(pack: Pack) -> list[Said]:
    c = pack.self_check
    return [(f"{'、'.join(f'{int(d[:2])}月{int(d[3:])}日' for d in c.days)}，{names(c.by)}；逾期列入下一季度", c.clause)] if c else []


CONSEQUENCES = (
    Matter("排查和调度", "自查报送的日期", _self_check),
    Matter("验收和公示", "另设的环节", _stages),
    Matter("验收和公示", "上级验收", _upper),
    Matter("督促", "督促措施", lambda pack: ((f"{s.label}（{names(s.issued_by)}）", s.clause) for s in pack.ladder)),
    Matter("联动和移送", "问责情形和去向", _transfers),
    Matter("考核", "扣分", lambda pack: ((f"{d.event}，每个{d.points}分", d.clause) for d in pack.deductions)),
    Matter("考核", "累计扣分的后果", _thresholds),
    Matter("考核", "考核结果用在哪里", lambda pack: ((u.label, u.clause) for u in pack.uses)),
    *(Matter("激励和保障", label, _incentive(kind)) for kind, label in INCENTIVES.items()),
    Matter("流域和区域", "流域、都市圈和通道", _areas),
)

MATTERS: tuple[Matter, ...] = (
    *REPORT,
    *LISTS,
    *(Matter(m.group, m.label, _duties(m)) for m in DUTIES),
    *(Matter(group, label, _clocks(keys)) for group, label, keys in CLOCKS),
    *CONSEQUENCES,
)
