"""The same document in other clothes is the same document; any bytes give a result or a reason."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document as new_docx
from hypothesis import given, settings
from hypothesis import strategies as st

from huanze.reader import Document, UnreadableError, read
from reader import papers

HALF = str.maketrans("，；：（）", ",;:()")
WIDE = {ord("0") + n: 0xFF10 + n for n in range(10)}
ALL = (papers.MEASURES, papers.NOTICE, papers.PUBLICITY, papers.LIST, papers.PLAN)


def wrapped(text: str) -> str:
    return "\n".join("\n".join(line[i : i + 30] for i in range(0, len(line), 30)) for line in text.split("\n"))


CLOTHES: dict[str, Callable[[str], bytes]] = {
    "half width": lambda text: text.translate(HALF).encode(),
    "wide digits": lambda text: text.translate(WIDE).encode(),
    "GB18030, CRLF": lambda text: text.replace("\n", "\r\n").encode("gb18030"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-8 with mark": lambda text: text.encode("utf-8-sig"),
    "indented, spaced out": lambda text: text.replace("\n", "\n\n\u3000\u3000").encode(),
    "page numbers": lambda text: text.replace("\n", "\n— 3 —\n").encode(),
    "no-break and zero-width": lambda text: text.replace("。", "。\u200b").encode(),
    "bookmarks": lambda text: text.replace("二、", "[bookmark: _GoBack]二、").encode(),
    "saved page": lambda text: (
        "<!DOCTYPE html><html><head><script>一、脚本</script></head><body><nav>首页</nav>"
        + "".join(f"<p>{line}</p>" for line in text.split("\n"))
        + "</body></html>"
    ).encode(),
}


def facts(document: Document) -> object:
    flat = str.maketrans({**{wide: narrow for narrow, wide in WIDE.items()}, **{ord(a): b for a, b in zip("，；：（）", ",;:()", strict=True)}})
    head = document.head
    rows = [
        [head.title, head.doc_number, head.date, head.issuers],
        [(c.id, c.heading) for c in document.clauses],
        [(r.clause, r.segment, [(u.name, u.role) for u in r.units]) for r in document.responsibilities if r.segment],
        [(o.clause, o.kind, o.value, o.obliged, o.reported_practice) for o in document.obligations],
        [(t.clause, t.op, t.value) for t in document.thresholds],
        [(i.dept, i.no) for i in document.items],
        [c.number for c in document.citations],
        [(p.responsible, p.deadline) for p in document.problems],
    ]
    return json.loads(json.dumps(rows, ensure_ascii=False).translate(flat))


@pytest.mark.parametrize("clothes", CLOTHES)
@pytest.mark.parametrize("paper", ALL, ids=["measures", "notice", "publicity", "list", "plan"])
def test_clothes_do_not_change_what_is_found(paper: str, clothes: str) -> None:
    assert facts(read(CLOTHES[clothes](paper), "文件.txt")) == facts(papers.of(paper))


def test_lines_broken_inside_sentences_are_joined_and_told() -> None:
    text = papers.MEASURES.replace("。（", "，应当认真落实这一要求并且长期坚持下去不得放松，确保各项任务按期完成取得实效。（")
    found = read(wrapped(text).encode(), "文件.txt")
    assert [c.id for c in found.clauses] == ["一", "二", "三", "四"]
    assert [r.segment for r in found.responsibilities if r.segment] == [1, 1, 2]
    assert "断行" in {repair.kind for repair in found.repairs}


def test_counters_that_a_site_put_into_sentences_are_taken_out() -> None:
    body = "第一条【责任】县政府负总责。各乡镇人民政府对本辖区的河湖保护工作负责，第二条"
    found = papers.of(f"1、某县河湖办法第一章职责{body[:30]}\n2、{body[30:-3]}并且累计扣减分值达到1\n3、2分以上的，予以约谈。第二条【巡查】每月\n4、开展一次巡查。\n")
    assert [c.id for c in found.clauses] == ["第一章", "第一条", "第二条"]
    assert [(t.op, t.value) for t in found.thresholds] == [(">=", 12)]
    assert found.head.title == "某县河湖办法"
    assert sum(repair.kind == "插入的序号" for repair in found.repairs) == 4


def test_a_true_list_keeps_its_numbers() -> None:
    found = papers.of("某县任务\n1、开展巡查。\n2、开展宣传。\n3、开展检查。\n")
    assert [c.id for c in found.clauses] == ["1", "2", "3"]
    assert found.repairs == ()


def test_clauses_run_together_on_one_line() -> None:
    found = papers.of("关于某项整改情况的公示\n现公示如下。 一、问题内容 扬尘严重。 二、整改措施 （一）洒水。每日两次。 （二）覆盖。全部覆盖。 三、结论 已完成。\n")
    assert [(c.id, c.heading) for c in found.clauses] == [
        ("一", "问题内容"), ("二", "整改措施"), ("二/(一)", "洒水"), ("二/(二)", "覆盖"), ("三", "结论"),
    ]


def test_word_numbers_that_are_drawn_and_not_stored() -> None:
    document = new_docx()
    document.add_paragraph("某县河湖保护工作方案")
    for words in ("加强巡查。每月开展一次巡查。", "加强宣传。每年至少开展两次宣传。"):
        document.add_paragraph(words, style="List Number")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "县水利局", "牵头"
    out = io.BytesIO()
    document.save(out)
    found = read(out.getvalue(), "方案.docx")
    assert [(c.id, c.heading) for c in found.clauses] == [("1", "加强巡查"), ("2", "加强宣传")]
    assert "县水利局\t牵头" in found.text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b" \n", "空的"),
        (b"\xd0\xcf\x11\xe0old", "另存为 .docx"),
        (b"PK\x03\x04broken", "Word 文件打不开"),
        (b"%PDF-1.7 broken", "PDF 文件打不开"),
        (b"\x89PNG\r\n", "图片"),
        (bytes(range(128, 256)) * 20, "文字编码"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableError, match=words):
        read(data, "文件")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400) | st.binary(max_size=60).map(lambda tail: "一、甲局(乙局牵头)每年4月底前报告".encode() + tail))
def test_any_bytes_give_a_document_or_a_reason(data: bytes) -> None:
    try:
        json.dumps(read(data, "x").to_json())
    except UnreadableError as error:
        assert str(error)


SIGNS = st.sampled_from(list("一二三十千（）()、。，；：第条章件附《》〈〉〔〕【】1234年月日前内每季度向报抄送局厅等|│\n 　\t")) | st.sampled_from(
    ["序号\t部门\t具体事项\n", "| 序号 | 问题 | 责任单位 |\n", "|---|---|---|\n", "责任单位：", "部门：县教育局\n1.", "问题一：", "附件：清单\n一、", "每年1月1日至13月9日", "期限为0日", "2024年", "扣完为止", "下列情形"]
) | st.sampled_from(
    ["2024年2月30日", "第九十九条", "每年13月底前", "公示期为2024年1月1日至2月31日", "牵头", "以下简称", "扣5分", "3次以上的，"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(SIGNS, min_size=1, max_size=80).map("".join))
def test_any_heap_of_signs_is_read(text: str) -> None:
    try:
        found = read(text.encode(), "x.txt")
    except UnreadableError:
        return
    json.dumps(found.to_json())
    assert all(0 <= a <= b <= len(found.text) for a, b in (row.span for row in (*found.clauses, *found.obligations)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text("序号部门单位责任牵头问题县局1一、，。2025年6月底前 ", max_size=8), min_size=1, max_size=5), min_size=1, max_size=6))
def test_any_table_is_read(rows: list[list[str]]) -> None:
    head = "序号\t重点任务\t具体事项\t牵头单位\t完成时限\n"
    for form in (head + "\n".join("\t".join(row) for row in rows), "<table><tr>" + "</tr><tr>".join("".join(f"<td>{cell}</td>" for cell in row) for row in rows) + "</tr></table>"):
        try:
            json.dumps(read(form.encode(), "x").to_json())
        except UnreadableError as error:
            assert str(error)


def test_a_page_flattened_into_one_line_is_unfolded() -> None:
    flat = papers.of(" ".join(papers.NOTICE.split("\n")))
    assert facts(flat) == facts(papers.of(papers.NOTICE))
    assert "并行" in {repair.kind for repair in flat.repairs}


def test_a_bracket_broken_over_lines_is_whole() -> None:
    text = papers.MEASURES.replace("（省水利厅牵头，各市负责落实）", "（省水利厅牵头；\n各市负责落实）")
    assert facts(papers.of(text)) == facts(papers.of(papers.MEASURES))


def test_the_command_prints_one_object_and_tells_what_failed(tmp_path: Path) -> None:
    good, bad = tmp_path / "好.txt", tmp_path / "坏.docx"
    good.write_text(papers.MEASURES, encoding="utf-8")
    bad.write_bytes(b"PK\x03\x04")
    run = subprocess.run(
        [sys.executable, "-c", "from huanze.site.cli import main; main()", "read", "--json", str(good), str(bad)],
        capture_output=True, text=True, check=False,
    )
    assert run.returncode == 1
    assert json.loads(run.stdout)["title"] == "云岭省推动部门履行河湖保护职责的若干措施"
    assert run.stderr == "坏.docx：Word 文件打不开：文件已损坏或不是 .docx。\n"
