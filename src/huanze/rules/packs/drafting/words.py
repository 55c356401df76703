"""Our own words for what was found: keys and labels, never the document's sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

WIDE = str.maketrans({",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "?": "？", "!": "！"})
LONGEST = 120

FREQS: Mapping[str, str] = {
    "annual": "yearly", "semiannual": "half_yearly", "quarterly": "quarterly", "monthly": "monthly", "irregular": "irregular",
}  # fmt: skip
FREQ_SAYS: Mapping[str, str] = {"annual": "每年", "semiannual": "每半年", "quarterly": "每季度", "monthly": "每月", "irregular": "不定期", "weekly": "每周", "daily": "每日"}
UNIT_SAYS: Mapping[str, str] = {"day": "日", "workday": "个工作日", "hour": "小时", "week": "周", "month": "个月", "year": "年"}

WHAT: tuple[tuple[str, str, str], ...] = (
    ("全体会议|全会", "plenary_meeting", "召开全体会议"),
    ("专题会|推进会", "topic_meeting", "召开专题会议"),
    ("警示片", "warning_film", "制作警示片"),
    ("自查|排查", "self_check", "开展自查排查"),
    ("调度", "dispatch", "调度工作进展"),
    ("专项督查|专项督察|专项检查", "special_inspection", "开展专项督查"),
    ("例行督察", "routine_inspection", "开展例行督察"),
    ("督查|督察|检查|巡查|抽查|巡河|巡林", "inspection", "开展检查"),
    ("通报", "circular", "通报情况"),
    ("审计", "audit", "开展审计"),
    ("考核|考评", "assessment", "开展考核"),
    ("评估", "evaluation", "开展评估"),
    ("演练", "drill", "组织演练"),
    ("培训", "training", "开展培训"),
    ("监测", "monitoring", "开展监测"),
    ("专题研究|研究", "study", "研究有关工作"),
    ("听取", "hearing", "听取汇报"),
    ("例会|会议|会商|碰头会", "meeting", "召开会议"),
)
"""What a recurring duty is about: words, key, label. The word that comes first in the sentence counts."""
WEAK: tuple[tuple[str, str, str], ...] = (
    ("述职|报告|汇报|报送|上报|报至|报给", "report", "报告工作情况"),
    ("公开|公布|公示", "disclosure", "向社会公开"),
    ("更新|修订|完善", "update", "更新有关内容"),
)
"""Looked for only when none of the others is there."""
LIMITS: tuple[tuple[str, str, str], ...] = (
    ("作出[^，。；,;]{0,20}决定|决定是否", "decision", "作出决定"),
    ("验收", "acceptance", "组织验收"),
    ("清单.{0,12}更新|更新.{0,12}清单", "list_update", "更新清单"),
    ("整改方案|实施方案|方案", "plan", "制定方案"),
    ("移送|移交", "transfer", "移送"),
    ("转办|交办|分办", "hand_over", "转办"),
    ("受理", "intake", "受理"),
    ("办结|办理完毕", "completion", "办结"),
    ("答复|反馈|回复|复函", "reply", "答复"),
    ("备案", "filing", "备案"),
    ("复核|复查|核查|核实", "verification", "核实"),
    ("报告|报送|上报|报至|汇报", "report", "报告"),
    ("公示|公开|公布", "disclosure", "公开"),
    ("处置|处理", "handling", "处置"),
    ("整改|完成", "rectification", "完成整改"),
    ("更新|修订", "update", "更新"),
)
"""What must be done within a limit: words after it, key, label."""
EVENTS: tuple[tuple[str, str], ...] = (
    (r"征求.*意见", "view_asked"),
    (r"(?:收到|接到).*申请", "application_received"),
    (r"(?:收到|接到).*(?:举报|投诉|信访|来信)", "complaint_received"),
    (r"(?:收到|接到).*(?:交办|转办|通知|函|清单|任务)", "order_received"),
    (r"收到|接到", "received"),
    (r"发现.*线索", "clue_found"),
    (r"发现|出现", "problem_found"),
    (r"知悉|获悉|知道", "major_matter_known"),
    (r"清单.*(?:调整|变更|变化)", "list_changed"),
    (r"(?:调整|变更).*清单", "list_changed"),
    (r"决定移送", "transfer_decided"),
    (r"处罚决定", "penalty_decided"),
    (r"决定", "decided"),
    (r"公示", "publicity_opened"),
    (r"验收", "accepted"),
    (r"整改.*完成|完成.*整改", "rectified"),
    (r"印发|下发|公布", "issued"),
    (r"结束|届满|终了", "ended"),
)
"""The event a limit runs from."""
ROLES: tuple[tuple[str, str], ...] = (
    ("共同牵头|会同", "joint_lead"),
    ("牵头|主办", "lead"),
    ("配合|协同|协助|协办", "assist"),
    ("参与|参加", "join"),
    ("督导|监督|指导|监管|验收", "supervise"),
    ("负责|责任|落实|实施|分工|做好|抓好", "responsible"),
)
"""The document's word for a role, and the pack's; the first that fits."""


TOPICS = (
    "清单", "举报", "信访", "报告", "督察", "督办", "检查", "抽查", "调度", "审计", "考核", "移送", "移交", "问责", "追责", "表彰", "容错", "培训", "会议", "方案",
    "验收", "销号", "公示", "公开", "备案", "通报", "约谈", "提示", "警示", "流域", "区域", "联动", "信息共享", "立法", "责任", "资金", "监测", "宣传",
)  # fmt: skip


def wide(text: str) -> str:
    """Text with full-width punctuation, as packs have it."""
    return text.translate(WIDE).strip()


def bodies(name: str) -> tuple[str, ...]:
    """The bodies one name stands for: 本级党委和政府; 住建、生态环境等部门 → 住建部门, 生态环境部门."""
    if match := re.fullmatch(r"(.*)党委(?:和|、|及)(?:人民)?政府", name):
        return f"{match.group(1)}党委", f"{match.group(1)}政府"
    if (match := re.fullmatch(r"((?:[^、]{2,8}、)*[^、]{2,8})等(?:有关|相关)?部门", name)) and not re.search(r"[厅局委办](?:、|$)|部门", match.group(1)):
        return tuple(f"{field}部门" for field in match.group(1).split("、"))
    return (name,)


def topics(text: str) -> list[str]:
    """Catchwords of the trade that a text holds, in its order; a label where nothing was read from it."""
    found = sorted((text.find(t), t) for t in TOPICS if t in text)
    return [t for _, t in found][:4]


def short(text: str) -> str:
    """At most as long as a gist may be."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def earliest(table: tuple[tuple[str, str, str], ...], words: str) -> tuple[str, str] | None:
    """(key, label) of the row whose words come first; None when no row fits."""
    hits = [(m.start(), i) for i, (pattern, _, _) in enumerate(table) if (m := re.search(pattern, words))]
    return table[min(hits)[1]][1:] if hits else None


def event(words: str) -> str | None:
    """The key of the event that a limit's words name."""
    return next((key for pattern, key in EVENTS if re.search(pattern, words)), None)


def role(words: str) -> str:
    """The pack's role for the document's word."""
    return next((key for pattern, key in ROLES if re.search(pattern, words)), "responsible")


def day(month_day: str) -> str:
    """03-10 as 3月10日."""
    month, _, date = month_day.partition("-")
    return f"{int(month)}月{int(date)}日"


def date(iso: str) -> str:
    year, _, rest = iso.partition("-")
    return f"{year}年{day(rest)}"


def when(value: Any) -> str:
    """The time of a reader's obligation in words: 每季度3月10日、6月10日, 收到申请之日起10个工作日内."""
    if not isinstance(value, Mapping):
        return f"{date(str(value))}以前" if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) else str(value)
    if "n" in value:
        start = "" if value.get("start") in (None, "before") else f"{wide(str(value['start']))}之日起"
        return f"{start}{value['n']}{UNIT_SAYS.get(str(value.get('unit')), '')}{'之前' if value.get('start') == 'before' else '内'}"
    said = FREQ_SAYS.get(str(value.get("freq")), "")
    due = value.get("due") or ()
    days = "、".join(day(d) for d in ([due] if isinstance(due, str) else due))
    count = value.get("min", 1)
    monthly = value.get("day")
    at = days or (f"{monthly}日" if str(monthly or "").isdecimal() else "底" if monthly else "")
    return said + at + ("以前" if at else "") + (f"至少{count}次" if isinstance(count, int) and count > 1 else "")
