"""Both sides of the rules that a second judge's documents led to."""

from __future__ import annotations

from huanze.reader import Document
from reader.papers import of


def days(document: Document) -> list[tuple[str, object]]:
    return [(row.kind, row.value) for row in document.obligations]


def test_a_name_with_和_is_one_department_and_two_bodies_are_none() -> None:
    document = of("某县责任清单\n（一）县发展和改革委员会\n1.甲。\n2.乙。\n（二）县林业和草原局\n1.丙。\n（三）县委和县政府\n1.丁。\n")
    assert [(item.dept, item.no) for item in document.items] == [("县发展和改革委员会", 1), ("县发展和改革委员会", 2), ("县林业和草原局", 1)]


def test_a_report_to_a_body_with_和_in_its_name_goes_to_one() -> None:
    one, two = of("某方案\n一、甲。各镇每月5日前报县自然资源和规划局。\n二、乙。县水利局每月向县委和县政府报告。\n").obligations
    assert one.report_to == ("县自然资源和规划局",)
    assert two.report_to == ("县委", "县政府")


def test_到_a_years_end_is_a_deadline_only_where_something_is_to_be_completed() -> None:
    assert days(of("某方案\n一、到2025年底，完成12处改造。\n")) == [("deadline", "2025-12-31")]
    assert days(of("某方案\n一、到2025年底，空气质量明显改善。\n二、到2025年，完成治理体系建设。\n")) == []


def test_a_day_from_which_something_is_forbidden_begins_a_duty() -> None:
    assert days(of("某措施\n一、2023年5月1日起，未登记的车辆不得上路。\n")) == [("start_date", "2023-05-01")]
    assert days(of("某措施\n一、2023年5月1日起，空气质量好转。\n")) == []


def test_a_deadline_names_whom_to_report_to_only_where_reporting_is_what_is_due() -> None:
    document = of("某办法\n第一条 线索应在24小时内上报县环委办。\n第二条 各镇应于2024年5月31日前完成清理，由县水利局验收。\n")
    assert [row.report_to for row in document.obligations] == [("县环委办",), ()]


def test_support_is_a_role_and_a_sentence_names_who_helps() -> None:
    document = of("某方案\n一、甲。（各区政府负责，市财政局给予支持）\n二、乙。区水务局负责保洁，区农业农村局配合。\n")
    said = [[(unit.name, unit.role) for unit in row.units] for row in document.responsibilities]
    assert said == [[("各区政府", "负责"), ("市财政局", "给予支持")], [("区水务局", "负责"), ("区农业农村局", "配合")]]


def test_the_copy_of_one_report_is_not_the_copy_of_another() -> None:
    text = "某意见\n(一)各市每年1月底前向省政府报告;省直部门每年1月底前向省政府报告。省直部门的报告抄送省环委办。\n"
    assert [row.copy_to for row in of(text).obligations] == [(), ("省环委办",)]


def test_a_deadline_in_a_table_carries_its_task() -> None:
    table = "某分解表\n序号\t工作任务\t责任单位\t完成时限\n1\t拆除锅炉3台\t县工信局\t2024年10月31日前\n"
    assert [(row.value, row.task) for row in of(table).obligations] == [("2024-10-31", "拆除锅炉3台")]


def test_a_titled_annex_opens_above_its_content_and_not_above_a_signature() -> None:
    body = "某方案\n一、甲。\n附件:某问题清单\n"
    assert [clause.id for clause in of(body + "问题一、乙。\n问题二、丙。\n").clauses] == ["一", "附件/问题一", "附件/问题二"]
    assert [clause.id for clause in of(body + "某县人民政府\n2024年5月1日\n").clauses] == ["一"]


def test_a_site_line_a_signature_and_a_section_label_are_no_titles() -> None:
    def title(text: str) -> str | None:
        return of(text).head.title

    assert title("政府信息公开\n某市水源保护方案\n一、甲。\n") == "某市水源保护方案"
    assert title("关于印发《某区考核办法》的通知\n请执行。\n某区河长办公室 2025年2月26日\n某区考核办法\n第一条 甲。\n") == "某区考核办法"
    assert title("某区问题整改的公示\n现公示如下。\n整改措施及完成情况\n1.甲。\n2.乙。\n") == "某区问题整改的公示"


def test_a_problem_told_by_labels_on_lines_of_their_own() -> None:
    text = "某区反馈问题（编号：D2-035）整改情况的公示\n现公示如下。\n责任单位\n某区人民政府\n验收单位\n市水利局\n整改时限\n2024年9月底\n"
    (problem,) = of(text).problems
    assert (problem.no, problem.responsible, problem.supervising, problem.deadline) == ("D2-035", ("某区人民政府",), ("市水利局",), "2024-09-30")


def test_labels_after_a_list_of_measures_are_the_problem_s() -> None:
    text = "某县整改方案\n（一）甲问题\n整改措施:\n1.乙。\n2.丙。\n整改时限:2024年5月底\n责任单位:县水利局\n（二）丁问题\n整改时限:2024年6月底\n责任单位:县林业局\n"
    assert [(row.no, row.deadline) for row in of(text).problems] == [("(一)", "2024-05-31"), ("(二)", "2024-06-30")]
    assert [(row.clause, row.value) for row in of(text).obligations] == [("(一)", "2024-05-31"), ("(二)", "2024-06-30")]


def test_a_day_without_its_year_takes_the_year_its_clause_speaks_of() -> None:
    text = "某县2023年清淤方案\n（一）2024年4月验收，县水利局在4月底前完成。\n（二）各镇于10月25日前上报。\n"
    assert [row.value for row in of(text).obligations] == ["2024-04-30", "2023-10-25"]
