"""The life of a problem as one table (XQ-6 to XQ-18; ZB for self-acceptance and publicity).

The table is the only description of the life there is: buttons, permission checks, the page in
``docs/lifecycles`` and the tests are drawn from it. A pack switches optional stages on, names the
clauses of its own document and sets the clocks; it cannot add a row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from huanze.rules.verdicts import Clause, Refusal


class State(StrEnum):
    REGISTERED = "registered"
    ASSIGNED = "assigned"
    PLANNING = "planning"
    PLAN_REVIEW = "plan_review"
    RECTIFYING = "rectifying"
    SELF_ACCEPTED = "self_accepted"
    APPLIED = "applied"
    ACCEPTING = "accepting"
    SIGNING = "signing"
    CONFIRMING = "confirming"
    UPPER_ACCEPTANCE = "upper_acceptance"
    PUBLICITY = "publicity"
    FILING = "filing"
    CLOSED = "closed"
    MERGED = "merged"
    NOT_LISTED = "not_listed"


STATE_LABELS: Mapping[State, str] = {
    State.REGISTERED: "登记",
    State.ASSIGNED: "交办",
    State.PLANNING: "方案编制",
    State.PLAN_REVIEW: "报审",
    State.RECTIFYING: "整改中",
    State.SELF_ACCEPTED: "自我验收",
    State.APPLIED: "申请验收",
    State.ACCEPTING: "验收中",
    State.SIGNING: "待签字盖章",
    State.CONFIRMING: "待领导签字",
    State.UPPER_ACCEPTANCE: "上级验收",
    State.PUBLICITY: "公示",
    State.FILING: "待备案",
    State.CLOSED: "销号备案",
    State.MERGED: "并案",
    State.NOT_LISTED: "不予列入",
}

FINAL = frozenset({State.CLOSED, State.MERGED, State.NOT_LISTED})
OPEN = tuple(s for s in State if s not in FINAL)
WORK = (State.RECTIFYING, State.SELF_ACCEPTED, State.APPLIED, State.ACCEPTING)
"""States in which the deadline of the plan runs and monthly dispatch is owed."""


class Stage(StrEnum):
    """Optional stages that a pack, or the level of a source, switches on."""

    SELF_ACCEPTANCE = "self_acceptance"
    UPPER_ACCEPTANCE = "upper_acceptance"
    PUBLICITY = "publicity"


class Hat(StrEnum):
    """What a person is to a problem. A person may wear several; an administrator wears none."""

    OFFICE = "office"
    MAIN = "main"
    MAIN_HEAD = "main_head"
    LEAD = "lead"
    LEAD_HEAD = "lead_head"
    ACCEPTOR = "acceptor"
    LEADER = "leader"
    APPROVER = "approver"
    SYSTEM = "system"


HAT_LABELS: Mapping[Hat, str] = {
    Hat.OFFICE: "整改办经办人",
    Hat.MAIN: "主体责任单位联络员",
    Hat.MAIN_HEAD: "主体责任单位主要负责人",
    Hat.LEAD: "牵头监管（验收）单位联络员",
    Hat.LEAD_HEAD: "牵头监管（验收）单位主要负责人",
    Hat.ACCEPTOR: "监管（验收）单位联络员",
    Hat.LEADER: "分管领导",
    Hat.APPROVER: "方案审定人",
    Hat.SYSTEM: "系统",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the table may ask about a case. A service fills in only what a row needs."""

    today: date
    plan_gaps: tuple[str, ...] = ()
    pack_gaps: tuple[str, ...] = ()
    picture_doubts: tuple[str, ...] = ()
    doubts_explained: bool = False
    views_missing: tuple[str, ...] = ()
    adverse_views: tuple[str, ...] = ()
    dissent_answered: bool = False
    change_open: bool = False
    lowered: tuple[str, ...] = ()
    override_given: bool = False
    own_submission: bool = False
    publicity_open: bool = False
    publicity_ends: date | None = None
    objections_open: int = 0


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that must be so. ``reads`` names the facts it looks at; ``missing`` says what is not so."""

    label: str
    reads: tuple[str, ...]
    missing: Callable[[Facts], str]


def _publicity_over(f: Facts) -> str:
    if f.publicity_ends is None:
        return "尚未开始公示，请先登记公示起止日期"
    return "" if f.today > f.publicity_ends else f"公示期至{f.publicity_ends.isoformat()}届满，届满次日起方可办理"


REQUIREMENTS: Mapping[str, Requirement] = {
    "plan_complete": Requirement("方案齐全", ("plan_gaps",), lambda f: "整改方案尚缺：" + "、".join(f.plan_gaps) if f.plan_gaps else ""),
    "pack_complete": Requirement("验收材料齐全", ("pack_gaps",), lambda f: "验收申请材料尚缺：" + "、".join(f.pack_gaps) if f.pack_gaps else ""),
    "pictures_explained": Requirement(
        "照片疑点已有说明", ("picture_doubts", "doubts_explained"),
        lambda f: "照片核对有疑点：" + "".join(f.picture_doubts) + "请在“照片情况说明”中写明原因"
        if f.picture_doubts and not f.doubts_explained else "",
    ),
    "no_open_change": Requirement("没有待审定的调整", ("change_open",), lambda f: "有一项调整申请尚未审定，请先办结或撤回" if f.change_open else ""),
    "open_change": Requirement("有待审定的调整", ("change_open",), lambda f: "" if f.change_open else "没有待审定的调整申请"),
    "not_lowered": Requirement(
        "未降低标准，或审定人写明特别理由", ("lowered", "override_given"),
        lambda f: "调整降低了标准或放宽了要求：" + "；".join(f.lowered) + "。不得批准，除非审定人写明特别理由"
        if f.lowered and not f.override_given else "",
    ),
    "views_complete": Requirement("各单位均已出具意见", ("views_missing",), lambda f: "尚未出具验收意见：" + "、".join(f.views_missing) if f.views_missing else ""),
    "dissent_answered": Requirement(
        "不同意见已有处理", ("adverse_views", "dissent_answered"),
        lambda f: "有单位持不同意见：" + "、".join(f.adverse_views) + "。请写明对不同意见的处理"
        if f.adverse_views and not f.dissent_answered else "",
    ),
    "not_own": Requirement("不是本人提交", ("own_submission",), lambda f: "本人提交的事项不能由本人审定、验收或签字，请由其他人员办理" if f.own_submission else ""),
    "publicity_not_open": Requirement("公示未开始", ("publicity_open",), lambda f: "公示已经开始，不得重复公示" if f.publicity_open else ""),
    "publicity_open": Requirement("公示已开始", ("publicity_open",), lambda f: "" if f.publicity_open else "尚未开始公示，请先登记公示起止日期"),
    "publicity_over": Requirement("公示期满", ("publicity_ends",), _publicity_over),
    "objections_answered": Requirement("异议均已答复", ("objections_open",), lambda f: f"还有{f.objections_open}条异议未答复" if f.objections_open else ""),
    "objection_open": Requirement("有待答复的异议", ("objections_open",), lambda f: "" if f.objections_open else "没有待答复的异议"),
}


@dataclass(frozen=True, slots=True)
class Transition:
    """One row. ``target`` None: the state stays. ``clock`` names the pack clock that starts with it."""

    name: str
    label: str
    sources: tuple[State, ...]
    target: State | None
    actors: frozenset[Hat]
    clause: Clause
    requires: tuple[str, ...] = ()
    clock: str = ""
    only_if: frozenset[Stage] = field(default_factory=frozenset)
    unless: frozenset[Stage] = field(default_factory=frozenset)

    def lives_in(self, stages: Collection[Stage]) -> bool:
        return self.only_if <= set(stages) and not self.unless & set(stages)


S, H = State, Hat
OFFICE = frozenset({H.OFFICE})
UNIT = frozenset({H.MAIN, H.MAIN_HEAD})
UNIT_HEAD = frozenset({H.MAIN_HEAD})
LEAD = frozenset({H.LEAD, H.LEAD_HEAD})
LEAD_HEAD = frozenset({H.LEAD_HEAD})
ACCEPTORS = frozenset({H.ACCEPTOR, H.LEAD, H.LEAD_HEAD})
LEADER = frozenset({H.LEADER})
APPROVER = frozenset({H.APPROVER})
SELF, UPPER, PUBLIC = (frozenset({s}) for s in (Stage.SELF_ACCEPTANCE, Stage.UPPER_ACCEPTANCE, Stage.PUBLICITY))
T = Transition

# fmt: off
TABLE: tuple[Transition, ...] = (
    # find and assign
    T("assign", "交办", (S.REGISTERED,), S.ASSIGNED, OFFICE, "XQ-7"),
    T("decline", "不予列入", (S.REGISTERED,), S.NOT_LISTED, OFFICE, "XQ-6"),
    T("merge", "并案", (S.REGISTERED, S.ASSIGNED, S.PLANNING, S.PLAN_REVIEW, S.RECTIFYING), S.MERGED, OFFICE, "XQ-6", ("no_open_change",)),
    T("recall", "撤回交办", (S.ASSIGNED,), S.REGISTERED, OFFICE, "XQ-2"),
    T("reassign", "转办", (S.ASSIGNED, S.PLANNING), S.ASSIGNED, OFFICE, "XQ-2"),
    T("receive", "签收", (S.ASSIGNED,), S.PLANNING, UNIT, "XQ-3"),
    T("refuse_assignment", "退回交办", (S.ASSIGNED,), S.REGISTERED, UNIT, "XQ-3"),
    # plan
    T("save_plan", "编制方案", (S.PLANNING,), None, UNIT, "XQ-7"),
    T("submit_plan", "报审方案", (S.PLANNING,), S.PLAN_REVIEW, UNIT_HEAD, "XQ-7", ("plan_complete",)),
    T("withdraw_plan", "撤回方案", (S.PLAN_REVIEW,), S.PLANNING, UNIT_HEAD, "XQ-7"),
    T("return_plan", "退回修改", (S.PLAN_REVIEW,), S.PLANNING, APPROVER, "XQ-7"),
    T("approve_plan", "审定方案", (S.PLAN_REVIEW,), S.RECTIFYING, APPROVER, "XQ-7", ("not_own", "plan_complete")),
    # rectify
    T("report_progress", "报告进展", (S.RECTIFYING,), None, UNIT, "XQ-8"),
    T("report_risk", "报告风险", (S.RECTIFYING,), None, ACCEPTORS, "XQ-13"),
    T("request_change", "申请调整方案", (S.RECTIFYING,), None, UNIT_HEAD, "XQ-7", ("no_open_change",)),
    T("request_extension", "申请延期", (S.RECTIFYING,), None, UNIT_HEAD, "XQ-7", ("no_open_change",)),
    T("request_reorder", "申请调整验收单位顺序", (S.RECTIFYING,), None, OFFICE, "XQ-16", ("no_open_change",)),
    T("withdraw_change", "撤回调整申请", (S.RECTIFYING,), None, UNIT_HEAD | OFFICE, "XQ-7", ("open_change",)),
    T("approve_change", "批准调整", (S.RECTIFYING,), None, APPROVER, "XQ-7", ("open_change", "not_own", "not_lowered")),
    T("refuse_change", "不批准调整", (S.RECTIFYING,), None, APPROVER, "XQ-7", ("open_change",)),
    # apply and accept
    T("self_accept", "自我验收", (S.RECTIFYING,), S.SELF_ACCEPTED, UNIT_HEAD, "ZB-4", ("no_open_change",), only_if=SELF),
    T("resume", "恢复整改", (S.SELF_ACCEPTED,), S.RECTIFYING, UNIT_HEAD, "ZB-4", only_if=SELF),
    T("apply", "申请验收", (S.RECTIFYING,), S.APPLIED, UNIT_HEAD, "XQ-16", ("no_open_change", "pack_complete", "pictures_explained"), clock="acceptance", unless=SELF),
    T("apply", "申请验收", (S.SELF_ACCEPTED,), S.APPLIED, UNIT_HEAD, "XQ-16", ("pack_complete", "pictures_explained"), clock="acceptance", only_if=SELF),
    T("withdraw_application", "撤回验收申请", (S.APPLIED,), S.RECTIFYING, UNIT_HEAD, "XQ-16"),
    T("return_application", "退回补正", (S.APPLIED,), S.RECTIFYING, LEAD, "XQ-17"),
    T("start_acceptance", "组织验收", (S.APPLIED,), S.ACCEPTING, LEAD, "XQ-17", ("not_own",)),
    T("record_view", "出具验收意见", (S.ACCEPTING,), None, ACCEPTORS, "XQ-17", ("not_own",)),
    T("pass_acceptance", "验收合格", (S.ACCEPTING,), S.SIGNING, LEAD, "XQ-17", ("not_own", "views_complete", "dissent_answered")),
    T("fail_acceptance", "验收不合格", (S.ACCEPTING,), S.RECTIFYING, LEAD, "XQ-17"),
    # sign
    T("sign", "签字盖章", (S.SIGNING,), S.CONFIRMING, LEAD_HEAD, "XQ-17", ("not_own",)),
    T("refuse_signature", "不予签字", (S.SIGNING,), S.ACCEPTING, LEAD_HEAD, "XQ-17"),
    T("confirm", "签字确认", (S.CONFIRMING,), S.FILING, LEADER, "XQ-17", ("not_own",), unless=UPPER | PUBLIC),
    T("confirm", "签字确认", (S.CONFIRMING,), S.PUBLICITY, LEADER, "XQ-17", ("not_own",), only_if=PUBLIC, unless=UPPER),
    T("confirm", "签字确认", (S.CONFIRMING,), S.UPPER_ACCEPTANCE, LEADER, "XQ-17", ("not_own",), only_if=UPPER),
    T("refuse_confirmation", "不予确认", (S.CONFIRMING,), S.ACCEPTING, LEADER, "XQ-17"),
    # above and before the public
    T("upper_pass", "登记上级验收通过", (S.UPPER_ACCEPTANCE,), S.FILING, OFFICE, "XQ-17", only_if=UPPER, unless=PUBLIC),
    T("upper_pass", "登记上级验收通过", (S.UPPER_ACCEPTANCE,), S.PUBLICITY, OFFICE, "XQ-17", only_if=UPPER | PUBLIC),
    T("upper_fail", "登记上级验收未通过", (S.UPPER_ACCEPTANCE,), S.RECTIFYING, OFFICE, "XQ-17", only_if=UPPER),
    T("open_publicity", "开始公示", (S.PUBLICITY,), None, OFFICE, "ZB-5", ("publicity_not_open",), only_if=PUBLIC),
    T("register_objection", "登记异议", (S.PUBLICITY,), None, OFFICE, "ZB-5", ("publicity_open",), only_if=PUBLIC),
    T("answer_objection", "答复异议", (S.PUBLICITY,), None, OFFICE, "ZB-5", ("objection_open",), only_if=PUBLIC),
    T("uphold_objection", "异议成立退回整改", (S.PUBLICITY,), S.RECTIFYING, OFFICE, "ZB-5", ("objection_open",), only_if=PUBLIC),
    T("close_publicity", "公示结束", (S.PUBLICITY,), S.FILING, OFFICE, "ZB-5", ("publicity_over", "objections_answered"), only_if=PUBLIC),
    T("file", "销号备案", (S.FILING,), S.CLOSED, OFFICE, "XQ-17"),
    # at any time
    T("attach", "上传材料", (*WORK, S.PLANNING), None, UNIT | ACCEPTORS | OFFICE, "XQ-16"),
    T("attach", "上传材料", (S.SIGNING, S.CONFIRMING, S.UPPER_ACCEPTANCE, S.PUBLICITY, S.FILING), None, ACCEPTORS | OFFICE, "XQ-17"),
    T("withdraw_material", "撤回材料", (S.PLANNING, S.RECTIFYING, S.SELF_ACCEPTED), None, UNIT | ACCEPTORS | OFFICE, "XQ-16"),
    T("urge", "催办", OPEN, None, OFFICE, "XQ-2"),
    T("spot_check", "登记盯办抽查", (*WORK, S.CLOSED), None, OFFICE | ACCEPTORS, "XQ-10"),
    T("leader_supervise", "登记领衔督办", WORK, None, OFFICE, "XQ-12"),
    # after the end: only looking back, and a new linked problem
    T("look_back", "登记回头看", (S.CLOSED,), None, OFFICE | ACCEPTORS, "XQ-18"),
    T("rebound", "反弹立新案", (S.CLOSED,), None, OFFICE, "XQ-18"),
)
# fmt: on

AWAITED: Mapping[State, frozenset[Hat]] = {
    S.REGISTERED: OFFICE,
    S.ASSIGNED: UNIT,
    S.PLANNING: UNIT,
    S.PLAN_REVIEW: APPROVER,
    S.RECTIFYING: UNIT,
    S.SELF_ACCEPTED: UNIT_HEAD,
    S.APPLIED: LEAD,
    S.ACCEPTING: ACCEPTORS,
    S.SIGNING: LEAD_HEAD,
    S.CONFIRMING: LEADER,
    S.UPPER_ACCEPTANCE: OFFICE,
    S.PUBLICITY: OFFICE,
    S.FILING: OFFICE,
}
"""Whose move it is in each open state: their list of things to do, and who is told on arrival."""

ACCEPTANCE_AND_SIGNATURE = ("pass_acceptance", "sign", "confirm")
"""No way to 销号 leaves one of these out (XQ-15, XQ-17)."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A step shown to a person: open, or closed for the reasons given."""

    transition: Transition
    reasons: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, slots=True)
class Machine:
    """The table with some optional stages switched on and the pack's own clause per step."""

    stages: frozenset[Stage]
    rows: tuple[Transition, ...]
    clauses: Mapping[str, Clause] = field(default_factory=dict)

    def row(self, state: State, name: str) -> Transition | None:
        return next((t for t in self.rows if t.name == name and state in t.sources), None)

    def rows_from(self, state: State) -> tuple[Transition, ...]:
        return tuple(t for t in self.rows if state in t.sources)

    def clause(self, transition: Transition) -> Clause:
        return self.clauses.get(transition.name, transition.clause)

    def states(self) -> frozenset[State]:
        """States that can be reached from 登记."""
        seen, todo = {State.REGISTERED}, [State.REGISTERED]
        while todo:
            for t in self.rows_from(todo.pop()):
                if t.target and t.target not in seen:
                    seen.add(t.target)
                    todo.append(t.target)
        return frozenset(seen)


def machine(stages: Iterable[Stage] = (), clauses: Mapping[str, Clause] | None = None) -> Machine:
    on = frozenset(stages)
    return Machine(on, tuple(t for t in TABLE if t.lives_in(on)), clauses or {})


def facts_needed(rows: Iterable[Transition]) -> frozenset[str]:
    """Names of the facts that these rows look at, so that a service gathers no more."""
    return frozenset(name for row in rows for need in row.requires for name in REQUIREMENTS[need].reads)


def missing(row: Transition, facts: Facts) -> tuple[str, ...]:
    """What stands in the way of a row, in Chinese sentences; empty when nothing does."""
    return tuple(text for need in row.requires if (text := REQUIREMENTS[need].missing(facts)))


def decide(m: Machine, state: State, name: str, hats: Collection[Hat], facts: Facts) -> Transition | Refusal:
    """The row to be carried out, or the refusal that says why not."""
    row = m.row(state, name)
    if row is None:
        label = next((t.label for t in TABLE if t.name == name), name)
        return Refusal("wrong_state", f"问题现处“{STATE_LABELS[state]}”，不能办理“{label}”；请刷新页面查看可办事项")
    clause = m.clause(row)
    if not row.actors & set(hats):
        who = "、".join(HAT_LABELS[h] for h in Hat if h in row.actors)
        return Refusal("wrong_actor", f"“{row.label}”应由{who}办理", clause)
    if reasons := missing(row, facts):
        return Refusal("not_ready", "；".join(reasons), clause)
    return row


def offers(m: Machine, state: State, hats: Collection[Hat], facts: Facts) -> tuple[Offer, ...]:
    """The steps this person may take here, in the table's order, closed ones with their reasons."""
    worn = set(hats)
    return tuple(Offer(row, missing(row, facts)) for row in m.rows_from(state) if row.actors & worn)
