"""Invented official documents for tests of keeping and reviewing."""

from __future__ import annotations

import io
from typing import Any

from docx import Document as new_docx

from acts import ok
from cast import Cast
from huanze.orgs.models import User
from huanze.policies.models import Fact, PolicyDocument
from huanze.policies.services import documents

RIVERS = """青禾区人民政府办公室关于印发《青禾区河湖考核办法》的通知
青禾政办发〔2024〕12号
各镇人民政府，区政府各部门：
《青禾区河湖考核办法》已经区政府同意，现印发给你们，请认真贯彻执行。
青禾区人民政府办公室
2024年3月5日
（此件公开发布）
青禾区河湖考核办法
第一章 总则
第一条 为贯彻落实《清和市河湖管理条例》（清政发〔2021〕7号），制定本办法。
第二条 区水务局会同区财政局于每季度末月25日前将考核数据报送区河长办。
第二章 考核
第三条 各镇河长每月至少巡河2次，每半年向区级河长述职一次。（区水务局牵头，各镇人民政府负责落实）
第四条 有下列情形之一的，予以扣分：
（一）一般问题未在15个工作日内整改的，每个问题扣2分；
（二）被媒体曝光的，每次扣5分。
第五条 累计扣分达到12分以上的，发出提醒函。
第六条 本办法自2024年4月1日起施行，有效期5年。
"""

RULES = """清和市河湖管理条例
清政发〔2021〕7号
各区人民政府：
一、加强领导。各区每年至少召开一次河湖专题会议。（市水务局牵头，各区负责落实）
清和市人民政府
2021年5月6日
"""


def docx(text: str) -> bytes:
    paper = new_docx()
    for line in text.strip().split("\n"):
        paper.add_paragraph(line)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def page(text: str) -> bytes:
    lines = "".join(f"<p>{line}</p>" for line in text.strip().split("\n"))
    return f"<!doctype html><html><head><meta charset='utf-8'><script>alert(1)</script></head><body><nav>首页</nav><article>{lines}</article></body></html>".encode()


def keep(cast: Cast, text: str | bytes = RIVERS, *, name: str = "考核办法.txt", by: User | None = None, **over: Any) -> Any:
    data = text.encode() if isinstance(text, str) else text
    given = {"region": cast.district, "kept_by": cast.office, "source": "区政府办转来"} | over
    return documents.keep(stream=io.BytesIO(data), name=name, acting_user=by or cast.clerk, **given)


def kept(cast: Cast, text: str | bytes = RIVERS, **over: Any) -> PolicyDocument:
    return ok(keep(cast, text, **over))


def fact(document: PolicyDocument, kind: str, /, **has: Any) -> Fact:
    """The one fact of a kind whose value has these words."""
    found = [f for f in document.facts.filter(kind=kind) if all(f.value.get(k) == v for k, v in has.items())]
    assert len(found) == 1, [f.value for f in document.facts.filter(kind=kind)]
    return found[0]
