"""Checking a new policy document: read from the facts, worked through by the drafting unit, closed with an opinion (A4)."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest

from acts import ok, refused
from cast import Cast
from huanze.audit.selectors import timeline
from huanze.base import clock
from huanze.duties.models import CheckedItem, PolicyCheck
from huanze.duties.selectors.policy_checks import check_page, checks_listed, drafters, visible_checks
from huanze.duties.services import policy_checks as service
from huanze.policies.models import Fact, PolicyDocument
from huanze.policies.services import documents
from listed import adopt

pytestmark = [pytest.mark.django_db, pytest.mark.row("A4")]
DAY = date(2025, 4, 1)
PAPER = """青禾区堆场扬尘治理工作方案
青禾住建〔2025〕6号
一、总体要求
（一）各镇、各部门应当守住环境底线。
二、重点任务
（二）建立堆场台账。（住建局牵头，各镇人民政府负责落实）
（三）加强日常巡查。（各有关部门按职责分工负责）
（四）推进堆场硬化。
（五）开展联合整治。（住建局、水务局牵头）
（六）水务局应当每月公布抽查结果。
三、附则
（七）本方案自印发之日起施行。
青禾区住房和城乡建设局
2025年3月20日
"""
SETTLED = "修订稿已写明由住建局牵头"


@pytest.fixture(autouse=True)
def _on_the_day():
    with clock.at(DAY):
        yield


def kept(cast: Cast, text: str = PAPER, **over: Any) -> PolicyDocument:
    said = {"region": cast.district, "kept_by": cast.housing, "source": "", "acting_user": cast.lead_liaison} | over
    return ok(documents.keep(stream=io.BytesIO(text.encode()), name="方案.txt", **said))


@pytest.fixture
def document(cast: Cast) -> PolicyDocument:
    adopt(cast, "hb")
    return kept(cast)


def started(cast: Cast, document: PolicyDocument, **over: Any) -> PolicyCheck:
    said = {"document_id": document.pk, "organisation": cast.housing, "acting_user": cast.lead_liaison} | over
    return ok(service.start(**said))


def of(row: PolicyCheck, clause: str) -> CheckedItem:
    return row.items.get(clause=clause)


def test_every_item_of_the_document_gets_its_verdict(cast, document):
    row = started(cast, document)
    assert (row.clause, row.organisation, row.state) == ("HB-7", cast.housing, "open")
    assert [(i.clause, i.verdict, i.leads, i.settled) for i in row.items.all()] == [
        ("(一)", "not_an_item", [], "总的要求，没有具体任务"),
        ("(二)", "fit", ["住建局"], ""),
        ("(三)", "no_lead", [], ""),
        ("(四)", "no_unit", [], ""),
        ("(五)", "two_leads", ["住建局", "水务局"], ""),
        ("(六)", "fit", ["水务局"], ""),
        ("(七)", "not_an_item", [], "施行、解释、修订或者废止的规定"),
    ]
    item = of(row, "(二)")
    assert (item.text, document.text[item.start : item.end]) == ("建立堆场台账。", "建立堆场台账。")
    assert {u["name"]: u["role"] for u in item.units} == {"住建局": "牵头", "各镇人民政府": "负责落实"}
    assert timeline("policy_check", row.pk).get().action == "policy_checks.start"


def test_what_a_person_decided_of_the_facts_is_what_is_checked(cast, document):
    responsibility = document.facts.get(kind="responsibility", clause="(三)", machine__segment=1)
    responsibility.value = {**responsibility.value, "units": [{"name": "城管局", "role": "牵头"}]}
    responsibility.decision = Fact.Decision.CORRECTED
    responsibility.save()
    document.facts.filter(kind="responsibility", clause="(二)").update(decision="dropped")
    row = started(cast, document)
    assert (of(row, "(三)").verdict, of(row, "(三)").leads) == ("fit", ["城管局"])
    assert of(row, "(二)").verdict == "no_unit"


def test_where_the_rules_ask_for_no_check_none_is_begun(cast):
    document = kept(cast)
    refused(service.start(document_id=document.pk, organisation=cast.housing, acting_user=cast.lead_head), "no_rule")


def test_the_drafting_unit_checks_its_own_and_the_office_any_of_the_place(cast, document):
    assert drafters(document, cast.water_head) == [cast.water]
    assert {cast.housing, cast.water, cast.office} <= set(drafters(document, cast.clerk))
    assert drafters(document, cast.town_head) == drafters(document, cast.other_clerk) == drafters(document, cast.leader) == []
    for who, unit in (("water_head", cast.housing), ("town_head", cast.town_gov), ("leader", cast.government), ("clerk", cast.town_gov)):
        refused(service.start(document_id=document.pk, organisation=unit, acting_user=getattr(cast, who)), "wrong_actor")
    refused(service.start(document_id=document.pk, organisation=cast.other_office, acting_user=cast.other_clerk), "not_found")
    assert started(cast, document, acting_user=cast.clerk).made_by == cast.clerk


def test_one_open_check_a_document_and_a_new_one_after_it(cast, document):
    row = started(cast, document)
    refused(service.start(document_id=document.pk, organisation=cast.housing, acting_user=cast.lead_head), "already")
    PolicyCheck.objects.filter(pk=row.pk).update(state="done")
    assert started(cast, document).pk != row.pk


def test_a_document_without_clauses_cannot_be_checked(cast, document):
    other = kept(cast, "青禾区通知\n请各单位阅知。\n")
    refused(service.start(document_id=other.pk, organisation=cast.housing, acting_user=cast.lead_head), "not_ready", "条款")


def test_a_document_of_more_items_than_a_sheet_holds_is_to_be_split(cast, document):
    text = "青禾区长方案\n" + "".join(f"{'一二三四五六七八九'[n % 9]}局应当完成第{n}处整治。\n" for n in range(1_001))
    long = kept(cast, text.replace("方案\n", "方案\n一、任务\n", 1))
    refused(service.start(document_id=long.pk, organisation=cast.housing, acting_user=cast.lead_head), "not_ready", "1001项")


def test_gaps_are_noted_items_set_aside_and_brought_back(cast, document):
    row = started(cast, document)
    noted = ok(service.note(item=of(row, "(三)"), settled=SETTLED, acting_user=cast.lead_head))
    assert (noted.verdict, noted.settled) == ("no_lead", SETTLED)
    aside = ok(service.set_aside(item=of(row, "(四)"), why="属于倡导性内容", acting_user=cast.lead_head))
    assert (aside.verdict, aside.settled) == ("not_an_item", "属于倡导性内容")
    back = ok(service.bring_back(item=aside, acting_user=cast.lead_head))
    assert (back.verdict, back.settled) == ("no_unit", "")
    assert ok(service.set_aside(item=of(row, "(二)"), why="另行行文", acting_user=cast.lead_head)).verdict == "not_an_item"
    assert ok(service.bring_back(item=of(row, "(二)"), acting_user=cast.lead_head)).verdict == "fit"


def test_what_may_not_be_done_to_an_item(cast, document):
    row = started(cast, document)
    refused(service.note(item=of(row, "(二)"), settled="无", acting_user=cast.lead_head), "wrong_state")
    refused(service.note(item=of(row, "(七)"), settled="无", acting_user=cast.lead_head), "wrong_state")
    refused(service.bring_back(item=of(row, "(二)"), acting_user=cast.lead_head), "wrong_state")
    refused(service.set_aside(item=of(row, "(七)"), why="重复", acting_user=cast.lead_head), "wrong_state")
    assert refused(service.set_aside(item=of(row, "(二)"), why=" ", acting_user=cast.lead_head), "inputs").fields
    assert refused(service.note(item=of(row, "(三)"), settled="长" * 301, acting_user=cast.lead_head), "inputs").fields
    for who in ("water_head", "town_head", "mayor", "other_clerk"):
        refused(service.note(item=of(row, "(三)"), settled="无", acting_user=getattr(cast, who)), "wrong_actor")


def test_a_check_closes_when_every_gap_is_settled(cast, document):
    row = started(cast, document)
    refused(service.close(check_=row, opinion="基本符合", acting_user=cast.lead_head), "not_ready", "3项", "第3、4、5项")
    for clause in ("(三)", "(四)", "(五)"):
        ok(service.note(item=of(row, clause), settled=SETTLED, acting_user=cast.lead_liaison))
    assert list(refused(service.close(check_=row, opinion=" ", acting_user=cast.lead_head), "inputs").fields) == ["opinion"]
    refused(service.close(check_=row, opinion="符合", acting_user=cast.water_head), "wrong_actor")
    done = ok(service.close(check_=row, opinion="修订后符合", acting_user=cast.clerk))
    assert (done.state, done.closed_by, done.closed_on, done.opinion) == ("done", cast.clerk, DAY, "修订后符合")
    refused(service.note(item=of(row, "(三)"), settled="再改", acting_user=cast.lead_head), "wrong_state", "办结")
    refused(service.close(check_=row, opinion="再结", acting_user=cast.lead_head), "wrong_state")


def test_the_page_shows_gaps_first_in_two_queries(cast, document, django_assert_max_num_queries):
    row = started(cast, document)
    with django_assert_max_num_queries(3):
        page = check_page(cast.lead_head, row.pk)
    assert page is not None
    assert [(g.verdict, len(g.items)) for g in page.groups] == [("no_unit", 1), ("no_lead", 1), ("two_leads", 1), ("fit", 2), ("not_an_item", 2)]
    assert (page.fit, page.unfit, page.unsettled, page.aside) == (2, 3, 3, 2)
    listed = checks_listed(cast.clerk).get()
    assert (listed.size, listed.unfit, listed.unsettled) == (5, 3, 3)
    assert not checks_listed(cast.clerk, "done").exists()


def test_seen_by_the_drafting_unit_and_the_bodies_that_answer_for_the_place(cast, document):
    row = started(cast, document)
    for who in ("lead_head", "clerk", "mayor", "approver"):
        assert visible_checks(getattr(cast, who)).filter(pk=row.pk).exists(), who
    for who in ("water_head", "town_head", "other_clerk", "audit_admin"):
        assert not visible_checks(getattr(cast, who)).exists(), who
        assert check_page(getattr(cast, who), row.pk) is None
