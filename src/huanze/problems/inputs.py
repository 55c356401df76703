"""What each step of the table asks for. One definition serves the check, the form on screen and any later API.

``title`` is the label in Chinese; ``widget`` tells the form how to draw a field where its type does not.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from huanze.rules.verdicts import Refusal

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=120)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=4000)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
MaybeWords = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
MaybeLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
# As long as the columns that keep them: PostgreSQL refuses what is longer, SQLite would not say.
Document = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
MaybeShort = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


def ask(title: str, *, widget: str = "", help: str = "", **kw: Any) -> Any:
    return Field(title=title, description=help or None, json_schema_extra={"widget": widget} if widget else None, **kw)


class Inputs(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Inputs):
    pass


class Reason(Inputs):
    reason: Words = ask("理由", widget="textarea")


class Decline(Reason):
    document: MaybeLine = ask("上级同意文号", default="", help="上级交办的问题必填")


class Opinion(Inputs):
    opinion: Words = ask("意见", widget="textarea")


class Assign(Inputs):
    main_unit: int = ask("主体责任单位", widget="organisation")
    supervising: list[int] = ask(
        "监管（验收）责任单位", widget="organisations", help="按顺序选择，排在第一位的为牵头单位", min_length=1, max_length=8
    )
    leader_post: int = ask("分管领导", widget="leader_post")
    deadline: date | None = ask("要求完成时限", default=None)
    instruction: MaybeWords = ask("交办意见", widget="textarea", default="")

    @model_validator(mode="after")
    def _each_once(self) -> Assign:
        if len(set(self.supervising)) != len(self.supervising):
            raise ValueError("同一单位不能重复列为监管（验收）责任单位")
        return self


class Reassign(Assign):
    reason: Words = ask("转办理由", widget="textarea")


class Merge(Inputs):
    target: Line = ask("并入问题的编号", widget="problem")
    reason: Words = ask("并案理由", widget="textarea")


class RefuseAssignment(Inputs):
    better_unit: int = ask("应由哪个单位承担", widget="organisation", help="退回时须指明更合适的责任单位")
    basis: Line = ask("职责依据", help="责任清单条目或文件条款")
    reason: Words = ask("退回理由", widget="textarea")


class PlanRow(Inputs):
    text: Words = ask("内容")
    due: date | None = ask("时限", default=None)


class PlanContent(Inputs):
    kind: Literal["immediate", "long_term", "legacy"] = ask("任务类型", widget="plan_kind")
    target: MaybeWords = ask("目标任务", widget="textarea", default="")
    deadline: date | None = ask("完成时限", default=None)
    measures: list[PlanRow] = ask("重点措施", widget="plan_rows", default=[], max_length=40)
    steps: list[PlanRow] = ask("倒排计划", widget="plan_rows", default=[], max_length=40)
    stages: list[PlanRow] = ask("阶段目标", widget="plan_rows", default=[], max_length=40)
    risk_control: MaybeWords = ask("风险防控措施", widget="textarea", default="")
    common: bool = ask("共性问题", default=False)
    mechanism: MaybeWords = ask("长效机制", widget="textarea", default="")
    inference: MaybeWords = ask("举一反三措施", widget="textarea", default="")


class ApprovePlan(Inputs):
    document: Document = ask("印发文号")
    opinion: MaybeWords = ask("审定意见", widget="textarea", default="")


class ItemProgress(Inputs):
    id: int
    progress: MaybeWords = ""
    done_on: date | None = None


class Progress(Inputs):
    percent: int = ask("完成比例（%）", ge=0, le=100)
    text: Words = ask("进展情况", widget="textarea")
    uncertain: bool = ask("如期完成存在不确定性", default=False)
    items: list[ItemProgress] = ask("措施落实情况", widget="item_progress", default=[])


class Risk(Inputs):
    text: Words = ask("情况说明", widget="textarea")
    uncertain: bool = ask("如期完成存在不确定性", default=False)


class RequestChange(Inputs):
    reason: Words = ask("调整理由", widget="textarea")
    plan: PlanContent = ask("调整后的方案", widget="plan")


class RequestExtension(Inputs):
    reason: Words = ask("延期理由", widget="textarea")
    deadline: date = ask("申请延期至")


class RequestReorder(Inputs):
    reason: Words = ask("调整理由", widget="textarea")
    supervising: list[int] = ask("调整后的顺序", widget="organisations", min_length=1, max_length=8)


class ApproveChange(Inputs):
    document: Document = ask("批准文号")
    opinion: MaybeWords = ask("审定意见", widget="textarea", default="")
    override_reason: MaybeWords = ask(
        "特别理由", widget="textarea", default="", help="调整降低了标准或推迟了时限时，须由审定人写明特别理由"
    )


class SelfAccept(Inputs):
    opinion: Words = ask("自我验收意见", widget="textarea")


class Apply(Inputs):
    statement: Words = ask("整改完成情况", widget="textarea")
    picture_note: MaybeWords = ask("照片情况说明", widget="textarea", default="", help="“照片核对”有疑点时必填，随申请交验收单位核对")


class StartAcceptance(Inputs):
    note: MaybeWords = ask("验收安排", widget="textarea", default="")


class RecordView(Inputs):
    organisation: int | None = ask("代表单位", widget="own_acceptor", default=None)
    verdict: Literal["pass", "fail"] = ask("结论", widget="verdict")
    opinion: Words = ask("意见", widget="textarea")


class PassAcceptance(Inputs):
    opinion: Words = ask("验收意见", widget="textarea")
    dissent_answer: MaybeWords = ask("对不同意见的处理", widget="textarea", default="", help="有单位不同意通过时必填")


class Sign(Inputs):
    opinion: MaybeWords = ask("意见", widget="textarea", default="")
    sealed: Literal[True] = ask("已在验收销号登记表上签名并盖好单位公章", widget="checkbox")


class Confirm(Inputs):
    opinion: MaybeWords = ask("意见", widget="textarea", default="")


class Upper(Inputs):
    document: Document = ask("上级验收文号")
    opinion: Words = ask("上级验收意见", widget="textarea")


class OpenPublicity(Inputs):
    starts_on: date = ask("公示开始日期")
    channel: Line = ask("公示渠道")
    phone: Phone = ask("联系电话")
    opinion: Words = ask("自我验收意见", widget="textarea")


class RegisterObjection(Inputs):
    received_on: date = ask("收到日期")
    text: Words = ask("异议内容", widget="textarea")


class AnswerObjection(Inputs):
    objection: int = ask("异议", widget="objection")
    answer: Words = ask("答复", widget="textarea")


class File(Inputs):
    filing_number: Short = ask("备案号")


class Attach(Inputs):
    file: int = ask("文件", widget="file")
    role: Literal["before", "during", "after", "form", "support", "plan", "upper", "report"] = ask("材料类别", widget="evidence_role")
    point: MaybeLine = ask("点位", default="", help="整改前、中、后照片请填写同一点位名称")
    note: MaybeLine = ask("说明", default="")


class WithdrawMaterial(Inputs):
    material: int = ask("材料", widget="material", help="只能撤回本人或本单位人员上传的材料；撤回后仍留有记录")
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=300)] = ask("撤回原因", widget="textarea")


class Urge(Inputs):
    text: Words = ask("催办内容", widget="textarea")


class SpotCheck(Inputs):
    day: date = ask("检查日期")
    form: Literal["open", "covert"] = ask("方式", widget="spot_form")
    led_by: Short = ask("带队领导", help="区人大、政协领导")
    participants: Line = ask("参加单位")
    findings: Words = ask("检查情况", widget="textarea")
    letter_to: int | None = ask("函告单位", widget="participant", default=None)
    letter_number: MaybeShort = ask("函告文号", default="")
    major: bool = ask("属于重大问题，须向党委、政府报告", default=False)


class LeaderSupervise(Inputs):
    body: Literal["congress", "cppcc"] = ask("领衔机关", widget="leader_body")
    leader: Short = ask("领衔领导")
    started_on: date = ask("开始日期")
    scheme: Words = ask("督办方案", widget="textarea")
    result: MaybeWords = ask("督办情况", widget="textarea", default="")


class LookBack(Inputs):
    day: date = ask("核查日期")
    finding: Literal["steady", "rebound"] = ask("结论", widget="look_back")
    fault: Literal["none", "unfinished", "lax"] | None = ask(
        "责任认定", widget="fault", default=None,
        help="出现反弹的必填。未彻底完成即申请验收的由主体责任单位负责，验收把关不严的由牵头监管（验收）单位负责",
    )  # fmt: skip
    text: Words = ask("核查情况", widget="textarea")


class Rebound(Inputs):
    title: Title = ask("新问题名称")
    description: Words = ask("反弹情况", widget="textarea")
    found_on: date = ask("发现日期")


class Register(Inputs):
    """Registration: what a problem is, where it is, from where it came. ``way_form`` is checked against the pack's way."""

    title: Title = ask("问题名称")
    description: Words = ask("问题描述", widget="textarea")
    region: int = ask("所在区域", widget="region")
    place: MaybeLine = ask("具体地点", default="")
    lat: float | None = ask("纬度（WGS84）", default=None, ge=-90, le=90)
    lon: float | None = ask("经度（WGS84）", default=None, ge=-180, le=180)
    source: Line = ask("问题来源", widget="source")
    round: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ask("轮次", default="")
    batch: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ask("批次", default="")
    source_document: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ask("来源文号", default="")
    way: Line = ask("发现途径", widget="way")
    found_on: date = ask("发现日期")
    field: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)] = ask("行业领域", widget="field")
    way_form: dict[str, Any] = ask("登记内容", widget="way_form", default={})

INPUTS: dict[str, type[Inputs]] = {
    "assign": Assign, "decline": Decline, "merge": Merge, "recall": Reason, "reassign": Reassign, "receive": Nothing,
    "refuse_assignment": RefuseAssignment, "save_plan": PlanContent, "submit_plan": Nothing, "withdraw_plan": Reason,
    "return_plan": Opinion, "approve_plan": ApprovePlan, "report_progress": Progress, "report_risk": Risk, "request_change": RequestChange,
    "request_extension": RequestExtension, "request_reorder": RequestReorder, "withdraw_change": Reason,
    "approve_change": ApproveChange, "refuse_change": Opinion, "self_accept": SelfAccept, "resume": Reason, "apply": Apply,
    "withdraw_application": Reason, "return_application": Opinion, "start_acceptance": StartAcceptance,
    "record_view": RecordView, "pass_acceptance": PassAcceptance, "fail_acceptance": Opinion, "sign": Sign,
    "refuse_signature": Opinion, "confirm": Confirm, "refuse_confirmation": Opinion, "upper_pass": Upper, "upper_fail": Upper,
    "open_publicity": OpenPublicity, "register_objection": RegisterObjection, "answer_objection": AnswerObjection,
    "uphold_objection": AnswerObjection, "close_publicity": Nothing, "file": File, "attach": Attach,
    "withdraw_material": WithdrawMaterial, "urge": Urge,
    "spot_check": SpotCheck, "leader_supervise": LeaderSupervise, "look_back": LookBack, "rebound": Rebound,
}  # fmt: skip

Checked = TypeVar("Checked", bound=Inputs)

_SAID = {
    "missing": "必填", "string_too_short": "必填，内容太短", "string_too_long": "内容太长", "greater_than_equal": "数值太小", "less_than_equal": "数值太大",
    "date_from_datetime_parsing": "日期格式应为2026-01-31", "date_parsing": "日期格式应为2026-01-31", "int_parsing": "应为整数", "date_type": "必填",
    "int_type": "必填", "float_parsing": "应为数字", "finite_number": "应为数字", "string_type": "应为文字", "bool_parsing": "应为是或否",
    "list_type": "应为列表", "too_short": "至少填一项", "too_long": "项数太多", "literal_error": "请从所列选项中选择", "extra_forbidden": "不认识的内容",
}  # fmt: skip


def parse(name: str, given: dict[str, Any]) -> Inputs | Refusal:
    """The checked inputs of a step, or a refusal with one Chinese sentence per field."""
    return check(INPUTS[name], given)


def check(model: type[Checked], given: dict[str, Any]) -> Checked | Refusal:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        fields = {}
        for e in error.errors(include_url=False):
            where = ".".join(str(p) for p in e["loc"]) or "__all__"
            fields[where] = _SAID.get(e["type"], str(e["msg"]).removeprefix("Value error, "))
        said = "；".join(f"{_label(model, k)}：{v}" for k, v in fields.items())
        return Refusal("inputs", said, fields=fields)


def _label(model: type[Inputs], where: str) -> str:
    field = model.model_fields.get(where.split(".")[0])
    return (field.title or where) if field else "填报内容"
