"""A policy document item by item: what is an item, who answers for it, who leads (A4). All texts are invented."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huanze.rules.policy_check import Checked, Listed, Part, Said, Unit, answer, check

pytestmark = pytest.mark.row("A4")


def clause(text: str, *said: Said, heading: str = "", **more: object) -> list[Checked]:
    return check(text, [Part("一", 1, heading, 0, len(text))], said, **more)  # type: ignore[arg-type]


def bracket(text: str, words: str, *units: tuple[str, str], open_list: bool = False) -> Said:
    at = text.index(words)
    return Said(at, at + len(words), tuple(Unit(*u) for u in units), open_list)


@pytest.mark.parametrize(
    ("units", "leads", "verdict"),
    [
        ((("甲局", "牵头"), ("乙局", "配合")), ("甲局",), "fit"),
        ((("甲局", "负责"),), ("甲局",), "fit"),
        ((("甲局", "负责"), ("乙局", "配合")), ("甲局",), "fit"),
        ((("各级人民法院", "负责"),), ("各级人民法院",), "fit"),
        ((("各镇", "负责落实"),), ("各镇",), "fit"),
        ((("各部门", "按职责分工负责"),), (), "no_lead"),
        ((("区直有关部门", "负责"),), (), "no_lead"),
        ((("甲局", "按职责分工负责"), ("乙局", "按职责分工负责")), (), "no_lead"),
        ((("甲局", "配合"),), (), "no_lead"),
        ((("有关部门", "牵头"),), (), "no_lead"),
        ((("甲局", "牵头"), ("乙局", "牵头")), ("甲局", "乙局"), "two_leads"),
        ((("牵头部门", "负责"), ("有关部门", "配合")), ("牵头部门",), "fit"),
        ((), (), "no_unit"),
    ],
)
def test_who_leads_among_the_units_an_item_names(units, leads, verdict):
    assert answer(tuple(Unit(*u) for u in units)) == (leads, verdict)


def test_a_bracket_speaks_for_what_stands_before_it_and_no_more():
    text = "四、规范堆场。建立堆场台账。（甲局牵头，各镇负责落实）各部门要加强巡查。（各部门按职责分工负责）开展年度评估。"
    rows = clause(
        text, bracket(text, "（甲局牵头，各镇负责落实）", ("甲局", "牵头"), ("各镇", "负责落实")), bracket(text, "（各部门按职责分工负责）", ("各部门", "按职责分工负责")), heading="规范堆场"
    )
    assert [(r.text, r.verdict, r.leads) for r in rows] == [
        ("建立堆场台账。", "fit", ("甲局",)), ("各部门要加强巡查。", "no_lead", ()), ("开展年度评估。", "no_unit", ()),
    ]  # fmt: skip
    assert all(text[r.start : r.end] == r.text for r in rows)


def test_a_list_that_ends_in_etc_is_no_single_unit():
    text = "推进雨污分流。（甲局等负责）"
    assert [r.verdict for r in clause(text, bracket(text, "（甲局等负责）", ("甲局", "负责")))] == ["fit"]
    assert [r.verdict for r in clause(text, bracket(text, "（甲局等负责）", ("甲局", "负责"), open_list=True))] == ["no_lead"]


def test_lines_of_lead_and_helpers_speak_together():
    text = "1.完成河道清淤。\n牵头单位：甲局\n配合单位：乙局、丙镇\n"
    rows = clause(text, bracket(text, "牵头单位：甲局", ("甲局", "牵头")), bracket(text, "配合单位：乙局、丙镇", ("乙局", "配合"), ("丙镇", "配合")))
    assert [(r.text, r.verdict, r.leads, len(r.units)) for r in rows] == [("完成河道清淤。", "fit", ("甲局",), 3)]


def test_a_statement_behind_a_heading_holds_for_the_items_below_unless_they_say_their_own():
    text = "（一）整治扬尘（甲局牵头，乙局配合）\n1.建立工地清单。\n2.清理道路积尘。（丙局负责）\n（二）整治油烟\n1.安装净化设施。\n"
    cuts = [0, text.index("1.建立"), text.index("2.清理"), text.index("（二）"), text.index("1.安装"), len(text)]
    names = [("(一)", 1, "整治扬尘"), ("(一)/1", 2, ""), ("(一)/2", 2, ""), ("(二)", 1, "整治油烟"), ("(二)/1", 2, "")]
    parts = [Part(i, level, heading, a, b) for (i, level, heading), a, b in zip(names, cuts[:-1], cuts[1:], strict=True)]
    said = [bracket(text, "（甲局牵头，乙局配合）", ("甲局", "牵头"), ("乙局", "配合")), bracket(text, "（丙局负责）", ("丙局", "负责"))]
    assert [(r.clause, r.verdict, r.leads) for r in check(text, parts, said)] == [
        ("(一)/1", "fit", ("甲局",)), ("(一)/2", "fit", ("丙局",)), ("(二)/1", "no_unit", ()),
    ]  # fmt: skip


def test_the_subject_of_words_before_a_colon_holds_for_what_stands_below():
    text = "第三条 区整改办采用以下方式督促：（一）对临近时限的问题进行提示；（二）由甲局会同乙局赴现场督办。"
    cuts = [0, text.index("（一）"), text.index("（二）"), len(text)]
    parts = [Part(i, level, "", a, b) for i, level, a, b in zip(("三", "三/1", "三/2"), (1, 2, 2), cuts[:-1], cuts[1:], strict=True)]
    assert [(r.clause, r.verdict, r.leads) for r in check(text, parts)] == [("三/1", "fit", ("区整改办",)), ("三/2", "fit", ("甲局",))]


@pytest.mark.parametrize(
    ("sentence", "units", "verdict"),
    [
        ("水务局应当公布排口清单。", ["水务局"], "fit"),
        ("根据年度计划，水务局要公布排口清单。", ["水务局"], "fit"),
        ("承担重要职责的水务局、住房和城乡建设局（人防办），应当公布清单。", ["水务局", "住房和城乡建设局(人防办)"], "no_lead"),
        ("分管领导在研究部署过程中，有关部门应当主动配合。", ["有关部门"], "no_lead"),
        ("对没有牵头部门的事项，由整改办协调各单位研究明确。", ["整改办"], "fit"),
        ("各级人民法院依法审理环境案件。", ["各级人民法院"], "fit"),
        ("区委、区政府每年听取汇报。", ["区委、区政府"], "fit"),
        ("组织（人事）部门、宣传部门强化培训。", ["组织(人事)部门", "宣传部门"], "no_lead"),
        ("住建、水务等部门应当共享数据。", ["住建", "水务等部门"], "no_lead"),
        ("各部门要加强巡查。", ["各部门"], "no_lead"),
        ("建立完善监测网络，推动数据共享。", [], "no_unit"),
        ("对推进不力的部门，应当加强提醒。", [], "no_unit"),
    ],
)
def test_who_acts_in_a_sentence_without_brackets(sentence, units, verdict):
    (row,) = clause(sentence)
    assert ([u.name for u in row.units], row.verdict) == (units, verdict)


def test_sentences_with_one_subject_are_one_item_and_a_new_subject_begins_the_next():
    rows = clause("（三）水务局应当公布清单。同时，要按月更新；对变更的注明原因。住建局负责核对。", heading="")
    assert [(r.text, r.leads) for r in rows] == [("水务局应当公布清单。同时，要按月更新；对变更的注明原因。", ("水务局",)), ("住建局负责核对。", ("住建局",))]


def test_what_a_person_confirmed_in_a_sentence_goes_before_the_subject_found():
    text = "清洁专班要核对台账。"
    assert [r.leads for r in clause(text, Said(0, 4, (Unit("水务局", "负责"),)))] == [("水务局",)]


@pytest.mark.parametrize(
    ("heading", "text", "why"),
    [
        ("", "本办法所称堆场，是指露天堆放物料的场地。", "名词解释"),
        ("", "本办法自印发之日起施行。", "施行、解释、修订或者废止的规定"),
        ("", "本办法由整改办负责解释。", "施行、解释、修订或者废止的规定"),
        ("", "各部门要坚持以新思想为指导。", "总的要求，没有具体任务"),
        ("工作目标", "工作目标。水质应当稳定达标。", "总的要求，没有具体任务"),
        ("", "堆场共有三处。", "没有写要做什么"),
    ],
)
def test_what_is_no_item_is_set_aside_with_the_reason(heading, text, why):
    assert [(r.verdict, r.why) for r in clause(text, heading=heading)] == [("not_an_item", why)]


def test_a_bare_heading_is_nothing_at_all():
    assert clause("一、加强领导", heading="加强领导") == []


def test_everything_below_a_general_heading_is_general():
    text = "一、总体要求\n（一）水务局应当守住底线。\n二、任务\n（二）水务局应当公布清单。"
    cuts = [0, text.index("（一）"), text.index("二、"), text.index("（二）"), len(text)]
    names = [("一", 1, "总体要求"), ("(一)", 2, ""), ("二", 1, "任务"), ("(二)", 2, "")]
    parts = [Part(i, level, heading, a, b) for (i, level, heading), a, b in zip(names, cuts[:-1], cuts[1:], strict=True)]
    assert [(r.clause, r.verdict) for r in check(text, parts)] == [("(一)", "not_an_item"), ("(二)", "fit")]


@pytest.mark.parametrize(
    ("text", "beside", "leads", "verdict"),
    [
        ("负责农村改厕。", (), ("农业局",), "fit"),
        ("牵头改善人居环境，会同有关部门清理垃圾。", ("有关部门",), ("农业局",), "fit"),
        ("会同生态环境局牵头整治黑臭水体。", ("生态环境局",), ("农业局", "生态环境局"), "two_leads"),
        ("配合生态环境局制定标准。", ("生态环境局",), ("生态环境局",), "fit"),
        ("配合有关部门建设信用体系。", ("有关部门",), (), "no_lead"),
    ],
)
def test_an_item_of_a_list_is_led_by_its_department_unless_it_only_helps(text, beside, leads, verdict):
    (row,) = clause("1." + text, listed=[Listed("一", "农业局", beside)])
    assert (row.text, row.leads, row.verdict) == (text, leads, verdict)


@pytest.mark.parametrize("heap", ["推进", "甲局，", "甲局、", "（甲局", "的甲局应当", "对应当", "第一条", "由甲局"])
def test_a_heap_of_one_sign_ends(heap):
    text = heap * 20_000
    assert all(re.search(r"\S", row.text) for row in clause(text))


def test_statements_outside_every_clause_are_left_alone():
    assert check("引言（甲局负责）。一、推进治理。", [Part("一", 1, "", 9, 16)], [Said(2, 8, (Unit("甲局", "负责"),))])[0].verdict == "no_unit"
    assert check("没有条款。", []) == []


WORDS = ["甲局", "各部门", "，", "。", "；", "\n", "（", "）", "一、", "（一）", "1.", "应当", "要", "牵头", "负责", "推进治理", "由", "、", "的", "：", "牵头单位：", "对", " ", "", "A"]


@given(st.lists(st.sampled_from(WORDS), max_size=40), st.data())
@settings(max_examples=150, deadline=None)
def test_any_text_and_any_facts_give_an_answer(words, data):
    text = "".join(words)
    at = st.integers(0, len(text))
    cuts = sorted({0, len(text), *data.draw(st.lists(at, max_size=5))})
    parts = [Part(str(n), data.draw(st.integers(1, 3)), "", a, b) for n, (a, b) in enumerate(zip(cuts[:-1], cuts[1:], strict=True))]
    said = [Said(a, a + 1, (Unit("甲局", "牵头"),)) for a in data.draw(st.lists(st.integers(0, max(0, len(text) - 1)), max_size=4)) if text]
    for row in check(text, parts, said):
        assert 0 <= row.start <= row.end <= len(text)
        assert row.text == text[row.start : row.end]
