"""申请、联合验收、签字 (XQ-16, XQ-17, XQ-18)."""

from datetime import date

import pytest

from acts import DAY, attempt, finish_work, materials, ok, reach, refused, take
from huanze.base import clock
from huanze.evidence import services as evidence
from huanze.evidence.models import Evidence
from huanze.orgs.models import Holding
from huanze.problems.models import Acceptance, Problem, Signature
from huanze.rules.lifecycle import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _first_of_april():
    with clock.at(DAY):
        yield


@pytest.mark.row("G1")
@pytest.mark.parametrize(
    ("skip", "named"), [("before", "整改前"), ("during", "整改中"), ("after", "整改后"), ("form", "验收销号登记表"), ("support", "支撑材料")]
)
def test_the_gate_says_what_is_missing(cast, skip, named):
    problem = reach(cast, State.RECTIFYING)
    finish_work(cast, problem)
    materials(cast, problem, skip=(skip,))
    refused(attempt(problem, "apply", cast.town_head, statement="整改完成"), "not_ready", named)


@pytest.mark.row("G1")
def test_undone_measures_hold_the_gate(cast):
    problem = reach(cast, State.RECTIFYING)
    materials(cast, problem)
    refused(attempt(problem, "apply", cast.town_head, statement="整改完成"), "not_ready", "新建污水管网12公里", "完成日期")


@pytest.mark.row("G2", "J5")
@pytest.mark.parametrize(
    ("applied", "due"), [(date(2025, 4, 15), date(2025, 4, 28)), (date(2025, 1, 20), date(2025, 2, 8)), (date(2025, 9, 24), date(2025, 10, 14))]
)
def test_the_acceptors_are_gathered_within_ten_working_days_of_receipt(cast, applied, due):
    problem = reach(cast, State.RECTIFYING)
    with clock.at(applied):
        finish_work(cast, problem)
        materials(cast, problem)
        take(problem, "apply", cast.town_head, statement="整改完成")
    assert Acceptance.objects.get().due_on == due


@pytest.mark.row("G2")
def test_every_acceptors_view_is_needed_and_kept(cast):
    problem = reach(cast, State.ACCEPTING)
    take(problem, "record_view", cast.lead_liaison, verdict="pass", opinion="现场到位")
    refused(attempt(problem, "pass_acceptance", cast.lead_liaison, opinion="合格"), "not_ready", "农业农村局")
    take(problem, "record_view", cast.second_liaison, verdict="fail", opinion="台账不全")
    refused(attempt(problem, "pass_acceptance", cast.lead_liaison, opinion="合格"), "not_ready", "不同意见")
    take(problem, "pass_acceptance", cast.lead_liaison, opinion="合格", dissent_answer="台账已补齐并复核")
    attempt_now = Acceptance.objects.get()
    assert [(v.organisation, v.verdict) for v in attempt_now.views.all()] == [(cast.housing, "pass"), (cast.farming, "fail")]
    assert attempt_now.dissent_answer == "台账已补齐并复核"


def test_an_acceptor_speaks_only_for_his_own_unit(cast):
    problem = reach(cast, State.ACCEPTING)
    answer = attempt(problem, "record_view", cast.second_liaison, organisation=cast.housing.pk, verdict="pass", opinion="同意")
    refused(answer, "inputs", "本人所在")
    refused(attempt(problem, "record_view", cast.water_liaison, verdict="pass", opinion="同意"), "wrong_actor")


@pytest.mark.row("G2")
def test_a_failed_acceptance_goes_back_with_opinions_and_counts(cast):
    problem = reach(cast, State.ACCEPTING)
    back = take(problem, "fail_acceptance", cast.lead_liaison, opinion="西侧仍有渗漏")
    assert (back.state, back.attempt) == ("rectifying", 1)
    take(problem, "report_progress", cast.town_liaison, percent=100, text="西侧已补做封堵")
    again = take(problem, "apply", cast.town_head, statement="已补做封堵")
    assert again.attempt == 2
    assert [(a.attempt, a.outcome, a.opinion) for a in Acceptance.objects.order_by("attempt")] == [(1, "failed", "西侧仍有渗漏"), (2, "open", "")]


@pytest.mark.row("G2")
def test_the_chain_of_signatures(cast):
    problem = reach(cast, State.SIGNING)
    refused(attempt(problem, "sign", cast.lead_liaison, sealed=True), "wrong_actor", "主要负责人")
    assert "sealed" in refused(attempt(problem, "sign", cast.lead_head), "inputs").fields
    take(problem, "sign", cast.lead_head, sealed=True)
    refused(attempt(problem, "confirm", cast.mayor), "wrong_actor", "分管领导")
    assert take(problem, "confirm", cast.leader).state == "filing"
    refused(attempt(problem, "file", cast.lead_head, filing_number="备1"), "wrong_actor", "整改办")
    closed = take(problem, "file", cast.clerk, filing_number="备2025-01")
    assert (closed.state, closed.closed_on) == ("closed", DAY)
    assert [(s.step, s.by, s.sealed) for s in Signature.objects.all()] == [("sign", cast.lead_head, True), ("confirm", cast.leader, False)]


def test_a_refused_signature_returns_to_the_acceptors_and_stays_on_record(cast):
    problem = reach(cast, State.CONFIRMING)
    back = take(problem, "refuse_confirmation", cast.leader, opinion="请补充检测报告")
    assert back.state == "accepting" and Acceptance.objects.get().outcome == "open"
    assert Signature.objects.get(refused=True).opinion == "请补充检测报告"


@pytest.mark.row("G3")
@pytest.mark.parametrize(("source", "upper"), [("central_inspection", True), ("province_inspection", True), ("city_circular", True), ("own_check", False)])
def test_what_the_upper_level_accepts_is_accepted_in_the_district_first(cast, source, upper):
    problem = reach(cast, State.CONFIRMING, source=source)
    assert Acceptance.objects.get().preliminary is upper
    assert take(problem, "confirm", cast.leader).state == ("upper_acceptance" if upper else "filing")


@pytest.mark.row("G3")
def test_the_upper_result_prevails(cast):
    problem = reach(cast, State.CONFIRMING, source="province_inspection")
    take(problem, "confirm", cast.leader)
    back = take(problem, "upper_fail", cast.clerk, document="省督〔2025〕5号", opinion="整改不彻底")
    assert back.state == "rectifying"
    kept = Acceptance.objects.get()
    assert (kept.outcome, kept.upper_document, kept.upper_opinion) == ("failed", "省督〔2025〕5号", "整改不彻底")


@pytest.mark.row("G4")
def test_nobody_accepts_or_signs_what_he_applied_for(cast):
    """The town's head also holds a post in the accepting bureau: the table stops the person, not the unit."""
    problem = reach(cast, State.APPLIED)
    Holding.objects.create(user=cast.town_head, post=cast.post_of(cast.lead_liaison), from_day=date(2025, 1, 1))
    refused(attempt(problem, "start_acceptance", cast.town_head), "not_ready", "本人")
    take(problem, "start_acceptance", cast.lead_liaison)
    refused(attempt(problem, "record_view", cast.town_head, verdict="pass", opinion="同意"), "not_ready", "本人")


@pytest.mark.row("G4")
def test_who_applied_who_accepted_and_who_signed_stays_on_record(cast):
    problem = reach(cast, State.CLOSED)
    kept = problem.acceptances.get()
    assert (kept.applied_by, kept.lead) == (cast.town_head, cast.housing)
    assert {v.by for v in kept.views.all()} == {cast.lead_liaison, cast.second_liaison}
    assert {s.by for s in kept.signatures.all()} == {cast.lead_head, cast.leader}


def test_an_application_is_withdrawn_or_returned_and_may_come_again(cast):
    problem = reach(cast, State.APPLIED)
    take(problem, "return_application", cast.lead_liaison, opinion="登记表漏填")
    take(problem, "apply", cast.town_head, statement="已补正")
    take(problem, "withdraw_application", cast.town_head, reason="发现遗漏")
    assert [a.outcome for a in Acceptance.objects.order_by("attempt")] == ["returned", "withdrawn"]
    assert Problem.objects.get(pk=problem.pk).state == "rectifying"


@pytest.mark.row("G1", "G4")
@pytest.mark.parametrize(("percent", "ready"), [(99, False), (100, True)])
def test_only_finished_work_is_applied_for(cast, percent, ready):
    problem = reach(cast, State.RECTIFYING)
    finish_work(cast, problem)
    materials(cast, problem)
    take(problem, "report_progress", cast.town_liaison, percent=percent, text="收尾")
    answer = attempt(problem, "apply", cast.town_head, statement="整改完成")
    if ready:
        assert answer.state == "applied"
    else:
        refused(answer, "not_ready", "完成比例达到100%", "99%")


@pytest.mark.row("G1")
def test_a_picture_used_twice_is_explained_before_anyone_accepts(cast):
    """The picture of after is the picture of before: the gate names it, an explanation goes with the application."""
    problem = reach(cast, State.RECTIFYING)
    finish_work(cast, problem)
    materials(cast, problem, skip=("after",))
    before = Evidence.objects.get(role="before").file
    take(problem, "attach", cast.town_liaison, file=before.pk, role="after", point="东河二号桥")
    refused(attempt(problem, "apply", cast.town_head, statement="整改完成"), "not_ready", "同一个文件", "照片情况说明")
    take(problem, "apply", cast.town_head, statement="整改完成", picture_note="现场无变化，附检测报告")
    assert problem.changes.get(name="apply").inputs["picture_note"] == "现场无变化，附检测报告"


@pytest.mark.row("G3")
def test_the_papers_of_the_upper_acceptance_are_kept_while_it_is_awaited(cast):
    problem = reach(cast, State.CONFIRMING, source="central_inspection")
    take(problem, "confirm", cast.leader)
    paper = ok(evidence.store(stream="验收意见".encode(), name="省级验收意见.txt", acting_user=cast.clerk))
    take(problem, "attach", cast.clerk, file=paper.pk, role="upper")
    other = ok(evidence.store(stream="补照片".encode(), name="补充.txt", acting_user=cast.town_liaison))
    refused(attempt(problem, "attach", cast.town_liaison, file=other.pk, role="support"), "wrong_actor")


@pytest.mark.row("G2")
def test_work_that_failed_goes_on_before_it_is_applied_for_again(cast):
    """XQ-17(三): first further rectification, then the procedure anew."""
    problem = reach(cast, State.ACCEPTING)
    take(problem, "fail_acceptance", cast.lead_liaison, opinion="排口仍有渗漏")
    refused(attempt(problem, "apply", cast.town_head, statement="整改完成"), "not_ready", "进一步整改的进展报告")
    take(problem, "report_progress", cast.town_liaison, percent=100, text="渗漏点已封堵并复测")
    assert take(problem, "apply", cast.town_head, statement="再次整改完成").attempt == 2
