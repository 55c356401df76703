"""What the screens ask for besides the steps of a problem: a step of the ladder, a quarterly self-check."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import StringConstraints

from huanze.problems.inputs import Inputs, Line, MaybeLine, MaybeWords, Words, ask

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=120)]


class IssueStep(Inputs):
    document: MaybeLine = ask("文号", default="", help="发出的提示函、警示函、督办函、通报或者约谈通知的文号")
    opinion: MaybeWords = ask("意见", widget="textarea", default="")


class IssueInterview(IssueStep):
    exception: MaybeLine = ask("越级理由", default="", help="约谈之前没有依次采取其他措施的，须写明理由")


class DismissStep(Inputs):
    reason: MaybeWords = ask("不采纳的理由", widget="textarea", default="")


class SelfCheckItem(Inputs):
    title: Title = ask("问题名称")
    description: Words = ask("问题描述", widget="textarea")
    region: int = ask("所在区域", widget="region")
    place: MaybeLine = ask("具体地点", default="")
    field: Line = ask("行业领域", widget="field")
    found_on: date | None = ask("发现日期", default=None)


class SelfCheckReport(Inputs):
    items: list[SelfCheckItem] = ask("自查发现的问题", widget="item_rows", default=[])
    nil: bool = ask("没有发现问题，零报告", default=False)
    electronic: bool = ask("随表报送电子版（盖章纸质版另行送交整改办）", default=True)


class PaperReceived(Inputs):
    day: date = ask("收到盖章纸质版的日期")
