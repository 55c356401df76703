"""What the reader finds in miniature documents of each genre."""

from __future__ import annotations

import pytest

from huanze.reader import Document
from reader import papers


def roles(document: Document, clause: str, segment: int) -> list[tuple[str, str]]:
    row = next(r for r in document.responsibilities if (r.clause, r.segment) == (clause, segment))
    return [(unit.name, unit.role) for unit in row.units]


def duties(document: Document) -> list[tuple[str, str, object]]:
    return [(row.clause, row.kind, row.value) for row in document.obligations if not row.reported_practice]


def test_each_bracket_binds_to_its_own_sentence() -> None:
    found = papers.of(papers.MEASURES)
    assert roles(found, "一", 1) == [("各市", "按职责分工负责"), ("省直有关部门、单位", "按职责分工负责")]
    assert roles(found, "二", 1) == [("省水利厅", "牵头"), ("各市", "负责落实")]
    assert roles(found, "二", 2) == [("省司法厅", "按职责分工负责"), ("省水利厅", "按职责分工负责")]
    assert [row.open_list for row in found.responsibilities if row.segment == 2] == [True]


def test_a_yearly_report_says_when_to_whom_and_with_what_copies() -> None:
    row = next(r for r in papers.of(papers.MEASURES).obligations if r.clause == "三")
    assert row.value == {"freq": "annual", "due": "03-31"}
    assert row.obliged == ("承担河湖保护职责的省直部门",)
    assert row.report_to == ("省委", "省政府")
    assert row.copy_to == ("省河长办", "省审计厅")
    assert row.publish == "本部门网站"


def test_words_without_a_time_are_no_duty() -> None:
    found = papers.of(papers.MEASURES)
    assert duties(found) == [
        ("三", "annual_report_deadline", {"freq": "annual", "due": "03-31"}),
        ("四", "recurring_min_count", {"freq": "quarterly", "min": 2}),
    ]
    assert found.obligations[1].obliged == ("各市、县(市、区)党委和政府",)


def test_a_cited_number_is_not_the_documents_own() -> None:
    found = papers.of(papers.MEASURES)
    assert found.head.doc_number is None
    assert [(c.number, c.clause, c.title) for c in found.citations] == [("环河湖〔2021〕7号", "引言", "关于加强河湖保护的意见")]
    assert [(a.name, a.short) for a in found.aliases] == [("《关于加强河湖保护的意见》", "意见")]


def test_a_notice_and_what_it_passes_on() -> None:
    head = papers.of(papers.NOTICE).head
    assert head.title == "云岭市河湖考核办法"
    assert head.doc_number == "云政办发〔2024〕12号"
    assert (head.date, head.issuers) == ("2024-03-05", ("云岭市人民政府办公室",))
    assert head.main_recipient == ("各县（区）人民政府", "市政府各部门、各直属机构")
    assert head.disclosure == "公开发布"


def test_articles_chapters_and_the_end_of_the_document() -> None:
    found = papers.of(papers.NOTICE)
    ids = [clause.id for clause in found.clauses]
    assert ids == ["第一章", "第一条", "第二条", "第二章", "第三条", "第四条", "第四条/(一)", "第四条/(二)", "第五条", "第六条"]
    assert [clause.heading for clause in found.clauses if clause.sign == "章"] == ["总则", "考核"]
    assert found.clauses[-1].text.endswith("有效期5年。")


def test_times_of_a_regulation() -> None:
    assert duties(papers.of(papers.NOTICE)) == [
        ("第二条", "recurring", {"freq": "quarterly", "min": 1, "day": "25"}),
        ("第三条", "recurring_min_count", {"freq": "monthly", "min": 2}),
        ("第三条", "recurring", {"freq": "semiannual", "min": 1}),
        ("第四条/(一)", "relative_deadline", {"n": 15, "unit": "workday"}),
        ("第六条", "effective_date", "2024-04-01"),
        ("第六条", "validity_period", {"n": 5, "unit": "year"}),
    ]


def test_limits_with_a_consequence() -> None:
    found = papers.of(papers.NOTICE)
    assert [(t.clause, t.metric, t.op, t.value) for t in found.thresholds] == [
        ("第四条/(一)", "每个问题扣分", "=", 2),
        ("第四条/(二)", "每次扣分", "=", 5),
        ("第五条", "累计扣分", ">=", 12),
        ("第五条", "累计扣分", ">", 24),
    ]
    assert found.thresholds[2].effect == "发出提醒函"
    assert papers.of(papers.PLAN).thresholds == ()  # 机扫率达到90%以上 is a target


def test_recipients_of_the_colophon() -> None:
    row = papers.of(papers.NOTICE).recipients[-1]
    assert (row.clause, row.type, row.units) == ("版记", "抄送", ("市委办公室", "市纪委监委"))


def test_a_publicity_notice_and_its_problem() -> None:
    found = papers.of(papers.PUBLICITY)
    shown = found.publicity
    assert shown is not None
    assert (shown.start, shown.end, shown.phone) == ("2024-06-12", "2024-06-18", "0300-8888888")
    assert shown.contact == "沙河区生态环境分局"
    problem = found.problems[0]
    assert (problem.no, problem.responsible, problem.deadline) == ("16", ("沙河区委、区政府",), "2023-12-31")
    assert found.head.date == "2024-06-20"


def test_what_is_told_as_done_is_not_a_new_duty() -> None:
    rows = [(row.clause, row.reported_practice) for row in papers.of(papers.PUBLICITY).obligations if row.kind == "recurring"]
    assert rows == [("四/(二)", False), ("五/(一)", True)]


def test_items_by_department() -> None:
    found = papers.of(papers.LIST)
    assert [(i.clause, i.dept, i.no, i.explicit_lead) for i in found.items] == [
        ("附件/一/1", "县水利局（县河长办）", 1, False),
        ("附件/一/2", "县水利局（县河长办）", 2, True),
        ("附件/二/1", "县城市管理局", 1, False),
    ]
    assert [(c.relation, c.name) for c in found.items[0].collaborators] == [("会同", "县生态环境局")]


def test_the_first_unit_leads_once_the_document_says_so() -> None:
    found = papers.of(papers.PLAN)
    assert roles(found, "一", 1) == [("县住建局", "总牵头")]
    assert roles(found, "一/(一)/1", 1) == [("县住建局", "牵头"), ("县城管局(县执法局)", "负责")]
    assert roles(found, "一/(一)/2", 1) == [("县城管局", "牵头"), ("县交通局", "负责")]
    assert roles(found, "一/(二)/3", 1) == [("县工信局", "配合"), ("县城管局", "配合")]
    assert not [r for r in found.responsibilities if r.clause == "二/(一)/1"]


def test_numbering_that_starts_again_carries_its_parent_and_one_that_runs_on_does_not() -> None:
    again = [clause.id for clause in papers.of(papers.PLAN).clauses]
    assert again[:4] == ["一", "一/(一)", "一/(一)/1", "一/(一)/2"]
    runs_on = papers.of("某县方案\n一、甲\n（一）加强巡查。每日巡。\n（二）加强宣传。每日讲。\n二、乙\n（三）加强监督。每日查。\n")
    assert [clause.id for clause in runs_on.clauses] == ["一", "(一)", "(二)", "二", "(三)"]
    assert runs_on.clauses[4].heading == "加强监督"


def test_every_span_holds_what_was_found() -> None:
    for paper in (papers.MEASURES, papers.NOTICE, papers.PUBLICITY, papers.LIST, papers.PLAN):
        found = papers.of(paper)
        for row in (*found.clauses, *found.responsibilities, *found.obligations, *found.thresholds, *found.citations):
            assert 0 <= row.span[0] < row.span[1] <= len(found.text)
            assert row.rule
        for clause in found.clauses:
            assert clause.text in found.text[slice(*clause.span)]
        for duty in found.obligations:
            assert duty.snippet in found.text


def test_a_rate_a_target_and_a_reference_are_not_read() -> None:
    found = papers.of("某市意见\n一、目标。到2025年，浓度每年下降3%，优良率达到85%以上。依照第三条、第四条办理。\n")
    assert (found.obligations, found.thresholds) == ((), ())
    assert [clause.id for clause in found.clauses] == ["一"]


def test_a_list_of_problems() -> None:
    found = papers.of(
        "白石区督察整改任务清单\n一、污水直排。\n责任单位：某镇人民政府\n督导单位：区住建局、区水务局\n整改时限：2025年6月底前\n"
        "二、粉尘扰民。\n责任单位：园区管委会\n整改时限：立行立改\n"
    )
    assert [(p.no, p.responsible, p.supervising, p.deadline) for p in found.problems] == [
        ("一", ("某镇人民政府",), ("区住建局", "区水务局"), "2025-06-30"),
        ("二", ("园区管委会",), (), None),
    ]


def test_duties_of_departments_by_article() -> None:
    found = papers.of("某区责任规定（试行）\n第一条 水利部门履行下列职责：\n（一）管理河道；\n（二）巡查水源地。\n第二条 本规定自2023年6月1日起施行，试行2年。\n")
    assert [(i.dept, i.no) for i in found.items] == [("水利部门", 1), ("水利部门", 2)]


def test_headings_before_a_colon() -> None:
    found = papers.of(
        "关于省督察第8号问题整改销号的公示\n一、反馈问题：扬尘。\n二、责任单位：沙河区政府、区水务局\n三、整改时限：2024年5月底前\n"
        "公示时间：2024年6月12日—18日（5个工作日）\n电 话：0300-7654321\n"
    )
    problem, shown = found.problems[0], found.publicity
    assert (problem.responsible, problem.deadline) == (("沙河区政府", "区水务局"), "2024-05-31")
    assert shown and (shown.start, shown.end, shown.stated_working_days, shown.phone) == ("2024-06-12", "2024-06-18", 5, "0300-7654321")


def test_terms_before_a_day_and_orders() -> None:
    found = papers.of(
        "中华人民共和国国务院令\n第799号\n现公布《水体条例》，自2022年3月1日起施行。\n总理 某某\n2022年1月24日\n水体条例\n"
        "第一条 单位应当提前3个工作日通知，并自收到批复之日起二十日内登记。\n第二条 本条例自2022年3月1日起施行。\n"
    )
    assert (found.head.title, found.head.doc_number, found.head.issuers) == ("水体条例", "国务院令第799号", ("中华人民共和国国务院",))
    assert duties(found) == [
        ("第一条", "relative_deadline", {"n": 3, "unit": "workday", "start": "before"}),
        ("第一条", "relative_deadline", {"n": 20, "unit": "day", "start": "收到批复"}),
        ("第二条", "effective_date", "2022-03-01"),
    ]


def test_units_that_act_together() -> None:
    found = papers.of("某市意见\n一、加强监测。定期公布。（由市生态环境局会同市水务局、市气象局负责）\n")
    assert roles(found, "一", 1) == [("市生态环境局", "负责"), ("市水务局", "会同"), ("市气象局", "会同")]


def test_an_article_may_begin_with_a_word_that_elsewhere_refers() -> None:
    found = papers.of("某省条例\n第一条 为了治污，制定本条例。\n第二条　中小企业应当治污。\n第三条 以下单位应当治污。\n第四条及时公开信息。\n依照第二条规定的办理。\n第五条 第三方可以治污。\n")
    assert [clause.id for clause in found.clauses] == ["第一条", "第二条", "第三条", "第四条", "第五条"]


def test_articles_beyond_a_thousand_and_those_put_in_between() -> None:
    text = "某法典\n" + "\n".join(f"第{n}条 依法治污。" for n in ("九百九十九", "一千", "一千零一", "一千零二"))
    assert [clause.number for clause in papers.of(text).clauses] == [999, 1000, 1001, 1002]
    found = papers.of("某法\n第一条 治污。\n第一条之一 治水。\n第二条 治气。\n")
    assert [clause.id for clause in found.clauses] == ["第一条", "第一条之一", "第二条"]


def test_terms_without_the_word_within() -> None:
    found = papers.of("某省条例\n第一条 审查期限为三十个工作日；延长期限不得超过15日。公告期间为三十日。\n第二条 三年内未被发现的，不再处罚。\n")
    assert [duty[2] for duty in duties(found)] == [{"n": 30, "unit": "workday"}, {"n": 15, "unit": "day"}, {"n": 30, "unit": "day"}]


def test_seasons_quarters_and_half_months() -> None:
    found = papers.of("某市方案\n一、每年5月1日至9月30日，开展攻坚。\n二、2026年一季度前完成评估。\n三、每半月召开一次调度会。\n")
    assert duties(found) == [
        ("一", "recurring", {"freq": "annual", "min": 1, "start": "05-01", "end": "09-30"}),
        ("二", "deadline", "2026-03-31"),
        ("三", "recurring", {"freq": "monthly", "min": 2}),
    ]


def test_a_day_without_its_year_takes_the_one_year_of_the_title() -> None:
    body = "一、10月15日前完成排查。\n二、年底前报市政府。\n"
    assert [(row.value, row.confidence) for row in papers.of("某市2024年攻坚方案\n" + body).obligations] == [("2024-10-15", "low"), ("2024-12-31", "low")]
    assert papers.of("某市攻坚方案（2023—2024年）\n" + body).obligations == ()


def test_bands_of_points_and_sums_of_money() -> None:
    found = papers.of("某市办法\n第一条 80分（含）至90分为良好。逾期三个月未整改的，予以约谈。损失五万元以上的，予以通报。\n")
    assert [(row.op, row.value) for row in found.thresholds] == [(">=", 80), ("<", 90), (">=", 3), (">=", 50000)]


def test_labels_are_responsibilities_of_a_plan_and_problems_of_a_rectification() -> None:
    body = "一、某河治理。\n牵头单位：市水利局\n责任单位：甲县政府，乙县政府\n完成时限：2025年6月底前\n"
    plan = papers.of("某市治理方案\n" + body)
    assert roles(plan, "一", 1) == [("市水利局", "牵头"), ("甲县政府", "负责"), ("乙县政府", "负责")]
    assert plan.problems == ()
    rectification = papers.of("某市督察整改任务清单\n" + body)
    assert [(p.responsible, p.deadline, p.term) for p in rectification.problems] == [(("甲县政府", "乙县政府"), "2025-06-30", "2025年6月底前")]
    assert not [r for r in rectification.responsibilities if r.segment]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("清单调整的，应当自调整之日起10个工作日内更新。", {"n": 10, "unit": "workday", "start": "调整"}),
        ("知悉事故之后24小时内报告。", {"n": 24, "unit": "hour", "start": "知悉事故"}),
        ("发现线索的，自决定移送之时起24小时内移送。", {"n": 24, "unit": "hour", "start": "决定移送"}),
        ("方案经批准后，应于批准之日起3个工作日内公开。", {"n": 3, "unit": "workday", "start": "批准"}),
        ("被征求意见的单位应当在5个工作日内答复。", {"n": 5, "unit": "workday"}),
    ],
)
def test_a_limit_begins_with_what_is_said_before_it(said: str, value: dict) -> None:
    found = papers.of(f"某区办法\n第一条 {said}\n第二条 甲。\n")
    assert duties(found) == [("第一条", "relative_deadline", value)]
