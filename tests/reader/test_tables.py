"""Tables read by their columns, in each form in which they come."""

from __future__ import annotations

import io

import pytest
from docx import Document as new_docx

from huanze.reader import Document, read
from reader import papers

TASKS = [
    ["序号", "重点任务", "具体措施", "牵头单位", "配合单位", "完成时限"],
    ["1", "划定保护区", "1.完成勘界。2.设置界标。", "县生态环境分局", "县水利局、有关乡镇人民政府", "2025年6月底前"],
    ["2", "规范化建设", "设置隔离网", "县水利局（牵头）、县财政局", "", "2025年11月30日前"],
    ["3", "日常监管", "每月巡查一次", "县综合执法局", "", "长期坚持"],
]
DUTIES = [
    ["序号", "部门", "具体事项", "配合单位", "备注"],
    ["1", "县发展和改革局", "牵头组织实施能耗双控", "县工信局、县统计局", ""],
    ["2", "", "推动生态文明建设", "", ""],
    ["3", "县教育局", "1.开展生态文明教育。2.建设绿色学校。", "", ""],
]
PROBLEMS = [
    ["序号", "问题描述", "整改措施", "责任单位", "督导单位", "完成时限"],
    ["1", "沿线有污水直排口3处", "封堵排口。", "白桥街道办事处、区住建局", "区水务局", "2025年6月底前"],
    ["2", "砂石堆场扬尘", "全面覆盖", "区城管局", "区生态环境分局", "立行立改"],
]


def as_tabs(title: str, rows: list[list[str]]) -> bytes:
    return "\n".join([title, *("\t".join(row) for row in rows), "某县环委办", "2025年1月6日"]).encode()


def as_bars(title: str, rows: list[list[str]]) -> bytes:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([title, lines[0], "|" + "---|" * len(rows[0]), *lines[1:], "某县环委办", "2025年1月6日"]).encode()


def as_page(title: str, rows: list[list[str]]) -> bytes:
    body = "".join("<tr>" + "".join(f"<td><p>{cell}</p></td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><body><h1>{title}</h1><table>{body}</table><p>某县环委办</p><p>2025年1月6日</p></body></html>".encode()


def as_word(title: str, rows: list[list[str]]) -> bytes:
    document = new_docx()
    document.add_paragraph(title)
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    document.add_paragraph("某县环委办")
    document.add_paragraph("2025年1月6日")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


FORMS = {"tabs": as_tabs, "bars": as_bars, "page": as_page, "Word": as_word}


@pytest.mark.parametrize("form", FORMS)
def test_each_row_of_a_task_table_has_its_units_and_its_day(form: str) -> None:
    found = read(FORMS[form]("清水县水生态环境保护重点任务分解表", TASKS), "文件")
    assert [(r.clause, [(u.name, u.role) for u in r.units]) for r in found.responsibilities if r.segment] == [
        ("1", [("县生态环境分局", "牵头"), ("县水利局", "配合"), ("有关乡镇人民政府", "配合")]),
        ("2", [("县水利局", "牵头"), ("县财政局", "牵头")]),
        ("3", [("县综合执法局", "牵头")]),
    ]
    assert [(o.clause, o.value, o.obliged) for o in found.obligations] == [
        ("1", "2025-06-30", ("县生态环境分局",)),
        ("2", "2025-11-30", ("县水利局", "县财政局")),
        ("3", {"freq": "monthly", "min": 1}, ("县综合执法局",)),
    ]
    assert found.clauses == ()  # the numbers in a cell number no clause
    assert found.head.title == "清水县水生态环境保护重点任务分解表"
    assert found.head.date == "2025-01-06"


@pytest.mark.parametrize("form", FORMS)
def test_each_row_of_a_list_of_duties_is_an_item(form: str) -> None:
    found = read(FORMS[form]("丰泽县部门生态环境保护事项清单", DUTIES), "文件")
    assert [(i.clause, i.dept, i.no, i.explicit_lead) for i in found.items] == [
        ("1", "县发展和改革局", 1, True),
        ("2", "县发展和改革局", 2, False),
        ("3", "县教育局", 1, False),
        ("3", "县教育局", 2, False),
    ]
    assert [c.name for c in found.items[0].collaborators] == ["县工信局", "县统计局"]


@pytest.mark.parametrize("form", FORMS)
def test_each_row_of_a_list_of_problems_is_a_problem(form: str) -> None:
    found = read(FORMS[form]("白桥区突出问题整改任务清单", PROBLEMS), "文件")
    assert [(p.no, p.responsible, p.supervising, p.deadline, p.term) for p in found.problems] == [
        ("1", ("白桥街道办事处", "区住建局"), ("区水务局",), "2025-06-30", "2025年6月底前"),
        ("2", ("区城管局",), ("区生态环境分局",), None, "立行立改"),
    ]
    assert not [r for r in found.responsibilities if r.segment]


def test_a_cell_over_several_rows_keeps_the_columns() -> None:
    page = (
        "<table><tr><th rowspan='2'>序号</th><th rowspan='2'>重点任务</th><th colspan='2'>责任分工</th></tr>"
        "<tr><th>牵头单位</th><th>配合单位</th></tr>"
        "<tr><td>1</td><td rowspan='2'>治水</td><td>县水利局</td><td>县财政局</td></tr>"
        "<tr><td>2</td><td>县住建局</td><td></td></tr></table>"
    )
    found: Document = read(f"<html><body><p>治水任务表</p>{page}</body></html>".encode(), "表.html")
    assert [(r.clause, [(u.name, u.role) for u in r.units]) for r in found.responsibilities if r.segment] == [
        ("1", [("县水利局", "牵头"), ("县财政局", "配合")]),
        ("2", [("县住建局", "牵头")]),
    ]


def test_a_table_in_an_annex_is_called_after_it() -> None:
    text = "关于印发清单的通知\n请照此办理。\n一、要求\n抓好落实。\n附件：事项清单\n" + "\n".join("\t".join(row) for row in DUTIES)
    assert [i.clause for i in papers.of(text).items] == ["附件/1", "附件/2", "附件/3", "附件/3"]


def test_a_table_drawn_with_lines() -> None:
    text = (
        "某县任务表\n┌──┬────┬────┐\n│序号│重点任务│牵头单位│\n├──┼────┼────┤\n│1 │清理河道│县水利  │\n│  │垃圾    │局      │\n"
        "├──┼────┼────┤\n│2 │治理扬尘│县住建局│\n└──┴────┴────┘\n"
    )
    found = papers.of(text)
    assert [[u.name for u in r.units] for r in found.responsibilities if r.segment] == [["县水利局"], ["县住建局"]]


def test_cells_without_a_header_are_no_table() -> None:
    found = papers.of("某县公告\n甲\t乙\t丙\n县水利局\t牵头\t2025年6月底前\n")
    assert (found.items, found.problems, [r for r in found.responsibilities if r.segment]) == ((), (), [])
