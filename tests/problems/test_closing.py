"""Self-acceptance, publicity, filing and what remains possible afterwards (ZB, XQ-17, XQ-18)."""

from datetime import date

import pytest

from acts import DAY, attempt, ok, reach, refused, register, take
from huanze.base import clock
from huanze.notices.models import Notice
from huanze.policies.models import Adoption, PackVersion
from huanze.problems.models import Objection, Problem, Publicity
from huanze.problems.selectors import timeline
from huanze.rules.lifecycle import State
from huanze.rules.packs import loader
from huanze.site.world.invariants import broken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _first_of_april():
    with clock.at(DAY):
        yield


@pytest.fixture
def in_public(cast):
    """A problem at 公示 in a place that runs under the pack with self-acceptance and publicity switched on."""
    shipped = loader.shipped_pack("xq").model_copy(update={"code": "xqgs", "lifecycle": loader.shipped_pack("zb").lifecycle, "clocks": {**loader.shipped_pack("xq").clocks, **loader.shipped_pack("zb").clocks}})
    version = PackVersion.objects.create(
        code="xqgs", version=shipped.version, title="含公示的规则", content=loader.to_json(shipped), content_hash=loader.content_hash(shipped)
    )
    Adoption.objects.create(region=cast.district, pack=version, from_day=DAY, settings={}, decided_by=cast.approver, basis="青整改〔2025〕9号")
    problem = reach(cast, State.RECTIFYING)
    refused(attempt(problem, "apply", cast.town_head, statement="完成"), "wrong_state")
    refused(attempt(problem, "self_accept", cast.town_head, opinion="完成"), "not_ready", "完成比例")
    from acts import finish_work, materials

    finish_work(cast, problem)
    materials(cast, problem)
    take(problem, "self_accept", cast.town_head, opinion="已按要求完成整改")
    take(problem, "apply", cast.town_head, statement="完成")
    take(problem, "start_acceptance", cast.lead_liaison)
    for person in (cast.lead_liaison, cast.second_liaison):
        take(problem, "record_view", person, verdict="pass", opinion="到位")
    take(problem, "pass_acceptance", cast.lead_liaison, opinion="合格")
    take(problem, "sign", cast.lead_head, sealed=True)
    return ok(take(problem, "confirm", cast.leader))


def show(cast, problem, day):
    given = {"starts_on": day.isoformat(), "channel": "区政府网站", "phone": "0990-1234567", "opinion": "达到销号标准"}
    return take(problem, "open_publicity", cast.clerk, **given)


@pytest.mark.row("G5", "J5")
def test_ten_working_days_with_the_first_counted(cast, in_public):
    assert in_public.state == "publicity"
    with clock.at(date(2025, 4, 30)):
        show(cast, in_public, date(2025, 4, 30))
    shown = Publicity.objects.get()
    assert (shown.starts_on, shown.ends_on, shown.ends_provisional) == (date(2025, 4, 30), date(2025, 5, 16), False)
    with clock.at(date(2025, 5, 16)):
        refused(attempt(in_public, "close_publicity", cast.clerk), "not_ready", "2025-05-16")
    with clock.at(date(2025, 5, 17)):
        assert take(in_public, "close_publicity", cast.clerk).state == "filing"


@pytest.mark.row("G5")
def test_an_open_objection_holds_the_end_and_an_upheld_one_sends_it_back(cast, in_public):
    with clock.at(date(2025, 4, 30)):
        show(cast, in_public, date(2025, 4, 30))
        take(in_public, "register_objection", cast.clerk, received_on="2025-04-30", text="河边仍有异味")
    with clock.at(date(2025, 5, 17)):
        refused(attempt(in_public, "close_publicity", cast.clerk), "not_ready", "1条异议")
        first = Objection.objects.get()
        take(in_public, "answer_objection", cast.clerk, objection=first.pk, answer="系施工残留，已清理")
        take(in_public, "register_objection", cast.clerk, received_on="2025-05-16", text="排口又有水流出")
        second = Objection.objects.latest("pk")
        refused(attempt(in_public, "answer_objection", cast.clerk, objection=first.pk, answer="再答"), "inputs", "没有这条")
        back = take(in_public, "uphold_objection", cast.clerk, objection=second.pk, answer="情况属实，退回整改")
    assert back.state == "rectifying"
    second.refresh_from_db()
    assert second.upheld and second.answer == "情况属实，退回整改"


def test_publicity_is_opened_once_and_not_in_the_past(cast, in_public):
    given = {"starts_on": "2025-03-31", "channel": "网站", "phone": "123", "opinion": "达标"}
    refused(attempt(in_public, "open_publicity", cast.clerk, **given), "inputs", "不能早于今天")
    show(cast, in_public, DAY)
    refused(attempt(in_public, "open_publicity", cast.clerk, **(given | {"starts_on": "2025-04-02"})), "not_ready", "已经开始")


def test_a_place_without_publicity_has_no_such_step(cast):
    problem = reach(cast, State.FILING)
    given = {"starts_on": "2025-04-01", "channel": "网站", "phone": "123", "opinion": "达标"}
    refused(attempt(problem, "open_publicity", cast.clerk, **given), "wrong_state")


@pytest.mark.row("E11")
def test_looking_back_finds_a_rebound_that_becomes_a_new_linked_problem(cast):
    problem = reach(cast, State.CLOSED)
    with clock.at(date(2025, 9, 1)):
        refused(attempt(problem, "look_back", cast.clerk, day="2025-03-31", finding="steady", text="稳定"), "inputs", "销号日期")
        refused(attempt(problem, "look_back", cast.clerk, day="2025-09-02", finding="steady", text="稳定"), "inputs")
        take(problem, "look_back", cast.clerk, day="2025-09-01", finding="rebound", fault="none", text="排口恢复出水")
        take(problem, "rebound", cast.clerk, title="禾丰镇东河污水直排反弹", description="回头看发现排口恢复出水", found_on="2025-09-01")
    new = Problem.objects.latest("pk")
    assert (new.rebound_of, new.state, new.region) == (problem, "registered", cast.town)
    assert Problem.objects.get(pk=problem.pk).state == "closed"


REBOUND = {"day": "2025-09-01", "finding": "rebound", "text": "排口恢复出水"}


@pytest.mark.row("G4", "E11")
@pytest.mark.parametrize(
    ("fault", "unit", "clause", "people"),
    [("unfinished", "town_gov", "XQ-18/1", {"town_liaison", "town_head"}), ("lax", "housing", "XQ-18/2", {"lead_liaison", "lead_head"})],
)  # fmt: skip
def test_what_came_back_falls_on_who_applied_or_on_who_accepted(cast, fault, unit, clause, people):
    problem = reach(cast, State.CLOSED)
    with clock.at(date(2025, 9, 1)):
        take(problem, "look_back", cast.clerk, **REBOUND, fault=fault)
    found = problem.look_backs.get()
    assert (found.acceptance, found.answerable) == (problem.acceptances.get(), getattr(cast, unit))
    told = Notice.objects.filter(kind="look_back")
    assert set(told.values_list("recipient__username", flat=True)) == {"office_head", *people}
    assert set(told.values_list("clause", "day")) == {(clause, date(2025, 9, 1))}
    assert timeline(problem)[0].text.endswith(f"责任单位：{getattr(cast, unit).short_name}")
    assert broken() == []


@pytest.mark.row("G4")
def test_it_falls_on_the_last_attempt_after_one_that_failed(cast):
    problem = reach(cast, State.ACCEPTING)
    take(problem, "fail_acceptance", cast.lead_liaison, opinion="仍有水流出")
    take(problem, "report_progress", cast.town_liaison, percent=100, text="已封堵")
    take(problem, "apply", cast.town_head, statement="完成", picture_note="补拍")
    take(problem, "start_acceptance", cast.lead_liaison)
    for person in (cast.lead_liaison, cast.second_liaison):
        take(problem, "record_view", person, verdict="pass", opinion="到位")
    take(problem, "pass_acceptance", cast.lead_liaison, opinion="合格")
    take(problem, "sign", cast.lead_head, sealed=True)
    take(problem, "confirm", cast.leader)
    take(problem, "file", cast.clerk, filing_number="备2025-02")
    with clock.at(date(2025, 9, 1)):
        refused(attempt(problem, "look_back", cast.lead_liaison, **REBOUND, fault="none"), "wrong_actor", "整改办")
        take(problem, "look_back", cast.office_head, **REBOUND, fault="lax")
    assert problem.look_backs.get().acceptance.attempt == 2
    assert Notice.objects.filter(kind="look_back", recipient=cast.clerk).exists()


@pytest.mark.row("G4")
def test_without_fault_nobody_answers_and_nobody_is_told(cast):
    problem = reach(cast, State.CLOSED)
    with clock.at(date(2025, 9, 1)):
        take(problem, "look_back", cast.clerk, **REBOUND, fault="none")
        take(problem, "look_back", cast.clerk, **(REBOUND | {"finding": "steady"}), fault="none")
        take(problem, "look_back", cast.clerk, **(REBOUND | {"finding": "steady"}))
    assert set(problem.look_backs.values_list("fault", "answerable")) == {("none", None)}
    assert not Notice.objects.filter(kind="look_back").exists()


@pytest.mark.row("G4")
@pytest.mark.parametrize(
    ("finding", "fault", "words"),
    [("rebound", None, "请认定责任"), ("steady", "lax", "不认定责任"), ("steady", "unfinished", "不认定责任"), ("rebound", "众人", "请从所列选项中选择")],
)  # fmt: skip
def test_a_fault_goes_with_a_rebound_and_with_nothing_else(cast, finding, fault, words):
    problem = reach(cast, State.CLOSED)
    with clock.at(date(2025, 9, 1)):
        refusal = refused(attempt(problem, "look_back", cast.clerk, **(REBOUND | {"finding": finding, "fault": fault})), "inputs", "责任认定", words)
    assert set(refusal.fields) == {"fault"}
    assert not problem.look_backs.exists()


@pytest.mark.row("G6")
@pytest.mark.parametrize("name", ["resume", "recall", "report_progress", "apply", "merge", "urge", "attach"])
def test_after_closing_nothing_else_is_possible(cast, name):
    problem = reach(cast, State.CLOSED)
    for who in ("clerk", "town_head", "lead_head", "leader", "approver"):
        refused(attempt(problem, name, getattr(cast, who)), "wrong_state")


@pytest.mark.row("J7")
def test_a_case_keeps_the_rules_it_started_under(cast):
    old = register(cast)
    Adoption.objects.create(
        region=cast.district, pack=cast.pack_version, from_day=date(2025, 5, 1), decided_by=cast.approver, basis="新规",
        settings={"count_receipt_day": True},
    )  # fmt: skip
    with clock.at(date(2025, 5, 6)):
        new = register(cast)
        for problem in (old, new):
            reach(cast, State.APPLIED, problem)
    due = {p.pk: p.acceptances.get().due_on for p in (old, new)}
    assert due == {old.pk: date(2025, 5, 20), new.pk: date(2025, 5, 19)}
