"""What packs order differently, duty by duty: the shipped ones against their documents, and drafts against each other."""

from __future__ import annotations

import pytest

from huanze.rules.packs import loader
from huanze.rules.packs.differing import Cell, Row, differ
from huanze.rules.packs.schema import Pack

CODES = ("sd", "jx", "hb", "zb", "xq")
MISSING = Cell("未规定", "", True)


@pytest.fixture(scope="module")
def rows() -> dict[tuple[str, str], Row]:
    table = differ([loader.shipped_pack(code) for code in CODES])
    return {(row.group, row.label): row for row in table.rows}


def said(row: Row) -> list[tuple[str, str]]:
    return [(cell.text, cell.clause) for cell in row.cells]


def test_the_day_of_the_annual_report(rows: dict[tuple[str, str], Row]) -> None:
    row = rows["年度专题报告", "部门报告：期限"]
    assert said(row) == [
        ("每年4月30日以前", "SD-7"),
        ("每年1月10日以前", "JX-9"),
        ("每年1月31日以前", "HB-11"),
        ("沿用上位规则：每年4月30日以前", "SD-7"),
        ("沿用上位规则：每年，没有规定日期", "CN-4"),
    ]
    assert row.differs


def test_to_whom_it_goes_and_who_gets_a_copy(rows: dict[tuple[str, str], Row]) -> None:
    assert said(rows["年度专题报告", "部门报告：报送"])[:3] == [("省委、省政府", "SD-7"), ("本级党委、本级政府", "JX-9"), ("省委、省政府", "HB-11")]
    assert rows["年度专题报告", "部门报告：抄送、抄报"].cells == (
        Cell("抄送国务院主管部门、省级生态环境部门", "SD-7", False),
        Cell("抄送上级主管部门、本级环委会", "JX-9", False),
        Cell("抄报上级主管部门，抄送省环委会办公室", "HB-11", False),
        Cell("沿用上位规则：抄送国务院主管部门、省级生态环境部门", "SD-7", False),
        MISSING,
    )


def test_all_publish_it_so_nothing_differs(rows: dict[tuple[str, str], Row]) -> None:
    row = rows["年度专题报告", "部门报告：公开"]
    assert not row.differs
    assert [cell.clause for cell in row.cells] == ["SD-7", "JX-9", "HB-11", "SD-7", "CN-4"]


def test_who_reports_besides_the_departments(rows: dict[tuple[str, str], Row]) -> None:
    local = said(rows["年度专题报告", "地方部门的报告"])
    assert local[0] == ("沿用上位规则：每年，没有规定日期，市县重要职责部门，报本级党委、本级政府，向社会公开", "CN-4")
    assert local[1][0].startswith("每年1月10日以前，承担重要职责的有关职能部门，报本级党委、本级政府")
    assert local[2] == ("每年，没有规定日期，地方有关职能部门，报同级党委、同级政府，抄报上级主管部门，抄送同级环委会办公室，向社会公开", "HB-12")
    assert said(rows["年度专题报告", "下级党委、政府的报告"])[2] == ("每年1月31日以前，各市州党委、各市州政府，报省委、省政府，向社会公开", "HB-11")
    assert [c.missing for c in rows["年度专题报告", "下级党委、政府的报告"].cells] == [True, True, False, True, True]
    assert said(rows["年度专题报告", "政府向人大报告"])[3] == ("每年，没有规定日期，各级政府，报同级人大", "ZB-2/2")


def test_how_a_list_is_approved(rows: dict[tuple[str, str], Row]) -> None:
    assert said(rows["清单和牵头", "具体事项清单怎样审定"])[:3] == [
        ("编制→公开", "SD-6"),
        ("编制→初审（省环委会办公室）→审定（省委、省政府）→公开", "JX-3"),
        ("编制→审定（省委、省政府）→公开", "HB-6"),
    ]
    assert rows["清单和牵头", "具体事项清单怎样审定"].cells[4] == MISSING


def test_who_decides_which_department_leads(rows: dict[tuple[str, str], Row]) -> None:
    assert said(rows["清单和牵头", "没有牵头部门的事项由谁定"])[:3] == [
        ("由本地定，默认省生态环境厅", "SD-5/1"),
        ("省委、省政府", "JX-4"),
        ("由本地定，默认本级环委会", "HB-7"),
    ]
    assert said(rows["清单和牵头", "市里没有牵头部门的事项由谁定"])[0] == ("各市党委、政府", "SD-5/1")


def test_how_often_it_is_studied(rows: dict[tuple[str, str], Row]) -> None:
    row = said(rows["研究部署", "党委、政府和主要领导研究"])
    assert row[0] == ("每季度至少1次，各市党委、各市政府、各县（市、区）党委、各县（市、区）政府", "SD-9/2")
    assert row[1] == ("“定期组织召开”，多久一次由本地定，默认3个月，各市、县（市、区）党委、各市、县（市、区）政府", "JX-12")
    assert row[2] == ("“定期研究”，多久一次由本地定，默认3个月，各级党政主要负责同志", "HB-3")
    assert row[3][1] == "SD-9/2、ZB-2/1"
    assert row[4] == ("未规定", "")


def test_limits_grounds_and_publicity(rows: dict[tuple[str, str], Row]) -> None:
    assert said(rows["联动和移送", "移送问责线索的期限"])[0] == ("发现问题后“及时移交”，期限由本地定，默认10个工作日", "SD-10/1")
    assert said(rows["联动和移送", "移送涉嫌犯罪案件的期限"])[1:3] == [
        ("决定移送后“及时移送”，期限由本地定，默认24小时", "JX-17"),
        ("决定移送后“及时移送”，期限由本地定，默认24小时", "HB-18"),
    ]
    grounds = said(rows["联动和移送", "问责情形和去向"])
    assert grounds[0] == ("弄虚作假、欺上瞒下、失职失责：移交纪检监察机关、组织（人事）部门", "SD-10/1")
    assert grounds[1][0].endswith("；涉嫌违纪、违法、犯罪：移交纪检监察机关、有关部门")
    assert said(rows["验收和公示", "公示的期限"])[3] == ("开始公示后不少于10个工作日，首日计入", "ZB-5")
    assert said(rows["验收和公示", "组织验收的期限"])[4] == ("收到验收销号申请后10个工作日内，首日计入与否由本地定（默认否）", "XQ-17/1")


def test_points_and_what_follows(rows: dict[tuple[str, str], Row]) -> None:
    assert said(rows["考核", "累计扣分的后果"])[4] == (
        "10分以上发出警示函；20分以上约谈分管负责同志，作书面检查；30分以上约谈主要负责同志，作书面检查",
        "XQ-22/1、XQ-22/2、XQ-22/3",
    )
    assert [c.missing for c in rows["考核", "扣分"].cells] == [True, True, True, True, False]


def test_every_duty_and_limit_of_every_pack_stands_in_some_row() -> None:
    for code in CODES:
        pack = loader.shipped_pack(code)
        clauses = {c for row in differ([pack]).rows for cell in row.cells for c in cell.clause.split("、")}
        assert {d.clause for d in pack.duties} | {c.clause for c in pack.clocks.values()} <= clauses


def test_every_clause_shown_is_a_clause_of_its_pack() -> None:
    packs = [loader.shipped_pack(code) for code in CODES]
    for row in differ(packs).rows:
        for pack, cell in zip(packs, row.cells, strict=True):
            assert cell.missing == (cell.clause == "") == (cell.text == "未规定")
            assert all(c in pack.clauses for c in cell.clause.split("、") if c)


def test_no_row_is_told_twice_and_groups_stand_together() -> None:
    table = differ([loader.shipped_pack(code) for code in CODES])
    named = [(row.group, row.label) for row in table.rows]
    assert len(set(named)) == len(named)
    groups = [group for group, _ in named]
    assert all(groups.index(g) + groups.count(g) == len(groups) - groups[::-1].index(g) for g in set(groups))


def test_a_pack_does_not_differ_from_itself() -> None:
    pack = loader.shipped_pack("jx")
    assert not any(row.differs for row in differ([pack, pack]).rows)


def test_no_packs_no_rows() -> None:
    assert differ([]).rows == ()


def own(duty: str) -> Pack:
    return loader.load_text(f"code: qy\nversion: 2026-07-01\ntitle: 办法\nlevel: county\ndocument: {{title: 办法}}\nclauses: {{QY-1: {{gist: 甲}}}}\nduties:\n  - {duty}\n")


def test_duties_of_one_meaning_stand_in_one_row_whatever_their_keys() -> None:
    one = own("{key: hearing_2, what: 每季度听取治理工作汇报, kind: recurring, value: {freq: quarterly, min: 1}, obliged: [甲镇], clause: QY-1}")
    two = own("{key: hear_reports, what: 定期听取汇报, kind: recurring, value: {freq: monthly, min: 2}, obliged: [甲镇], clause: QY-1}")
    (row,) = differ([one, two]).rows
    assert (row.label, [c.text for c in row.cells], row.differs) == ("听取汇报", ["每季度至少1次，甲镇", "每月至少2次，甲镇"], True)


def test_what_fits_no_known_matter_is_aligned_by_its_key() -> None:
    one = own("{key: planting, what: 组织义务植树, kind: deadline, value: {freq: once, on: 2027-03-12}, obliged: [甲镇], clause: QY-1}")
    two = own("{key: planting, what: 植树, kind: deadline, value: {freq: once, on: 2027-03-12}, obliged: [甲镇], clause: QY-1}")
    (row,) = differ([one, two]).rows
    assert (row.group, row.label, row.cells[0].text, row.differs) == ("其他职责", "组织义务植树", "2027年3月12日以前，甲镇", False)


def test_keys_that_say_nothing_do_not_bring_duties_together() -> None:
    one = own("{key: deadline, what: 完成清淤, kind: deadline, value: {freq: once, on: 2027-03-12}, obliged: [甲镇], clause: QY-1}")
    two = own("{key: qy_deadline_2, what: 建成泵站, kind: deadline, value: {freq: once, on: 2027-03-12}, obliged: [甲镇], clause: QY-1}")
    assert [(row.label, [c.missing for c in row.cells]) for row in differ([one, two]).rows] == [("完成清淤", [False, True]), ("建成泵站", [True, False])]
