"""The page of one problem: what is offered to whom, and that a stranger finds nothing there."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from acts import DAY, materials, plan, reach, register, take
from cast import Cast
from huanze.base import clock
from huanze.problems.models import Problem, Watch
from huanze.rules.lifecycle import State
from pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day():
    with clock.at(DAY):
        yield


def page(user: object, problem: Problem, **query: str) -> str:
    answer = signed_in(user).get(reverse("problem", args=[problem.pk]), query)  # type: ignore[arg-type]
    assert answer.status_code == 200
    return answer.content.decode()


def offers(user: object, problem: Problem, name: str) -> bool:
    return reverse("act", args=[problem.pk, name]) in page(user, problem)


@pytest.mark.row("J4")
def test_each_person_is_offered_the_steps_of_his_own(cast: Cast) -> None:
    problem = register(cast)
    assert offers(cast.clerk, problem, "assign")
    assert not offers(cast.discipline_officer, problem, "assign")
    problem = reach(cast, State.RECTIFYING, problem)
    assert offers(cast.town_liaison, problem, "report_progress")
    assert not offers(cast.town_liaison, problem, "request_extension")
    assert offers(cast.town_head, problem, "request_extension")
    assert not offers(cast.lead_liaison, problem, "report_progress")


@pytest.mark.row("J4")
def test_a_closed_step_is_there_with_its_reason(cast: Cast) -> None:
    problem = reach(cast, State.RECTIFYING)
    html = page(cast.town_head, problem)
    assert "验收申请材料尚缺" in html
    assert not offers(cast.town_head, problem, "apply")
    with clock.at(date(2025, 5, 1)):
        materials(cast, problem)
    assert "完成日期" in page(cast.town_head, problem)


@pytest.mark.row("J6")
@pytest.mark.parametrize(
    ("who", "status"),
    [("clerk", 200), ("town_liaison", 200), ("lead_liaison", 200), ("second_liaison", 200), ("leader", 200), ("congress_leader", 200),
     ("discipline_officer", 200), ("water_liaison", 404), ("neighbour_liaison", 404), ("neighbour_head", 404), ("park_liaison", 404),
     ("other_clerk", 404), ("system_admin", 403), ("security_admin", 403), ("audit_admin", 403)],
)  # fmt: skip
def test_who_may_open_a_problem(cast: Cast, who: str, status: int) -> None:
    problem = reach(cast, State.ASSIGNED)
    for name, args in (("problem", []), ("act", ["urge"]), ("rehearsal", []), ("watch", [])):
        client = signed_in(getattr(cast, who))
        url = reverse(name, args=[problem.pk, *args])
        answer = client.post(url) if name == "watch" else client.get(url)
        expected = {200} if status == 200 else {status}
        if status == 200 and name in ("act", "watch"):
            expected = {200, 302, 403}
        assert answer.status_code in expected, (name, answer.status_code)


def test_everyone_must_come_in_first(cast: Cast, client: object) -> None:
    problem = register(cast)
    for name, args in (("home", []), ("ledger", []), ("overview", []), ("problem", [problem.pk]), ("dispatch", []), ("self_checks", [])):
        answer = client.get(reverse(name, args=args))  # type: ignore[attr-defined]
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("sign_in"))


def test_units_stand_in_order_with_the_lead_marked_and_the_rules_named(cast: Cast) -> None:
    html = page(cast.clerk, reach(cast, State.ASSIGNED))
    assert html.index("青禾区住房和城乡建设局") < html.index("牵头</span>") < html.index("青禾区农业农村局")
    assert "适用这一版本" in html
    assert "2021年12月31日" in html
    assert "区级自查发现问题" in html


def test_measures_stand_beside_their_progress(cast: Cast) -> None:
    problem = reach(cast, State.RECTIFYING)
    item = problem.plan.items.get(text="新建污水管网12公里")
    take(problem, "report_progress", cast.town_liaison, percent=20, text="已开工", items=[{"id": item.pk, "progress": "完成2公里"}])
    html = page(cast.clerk, problem)
    assert html.index("新建污水管网12公里") < html.index("完成2公里") < html.index("拆除违法排口3处")


def test_pictures_of_a_point_stand_side_by_side(cast: Cast) -> None:
    problem = reach(cast, State.RECTIFYING)
    materials(cast, problem)
    html = page(cast.clerk, problem)
    assert html.index("整改前照片，东河二号桥") < html.index("整改中照片，东河二号桥") < html.index("整改后照片，东河二号桥")
    assert "照片核对" in html


def test_every_view_and_signature_is_kept_on_the_page(cast: Cast) -> None:
    html = page(cast.clerk, reach(cast, State.CLOSED))
    for words in ("住建局", "农业农村局", "同意通过", "牵头单位主要负责人签字盖章", "已签字盖章", "分管领导签字确认", "备2025-01"):
        assert words in html


def test_a_change_is_shown_with_its_count_and_outcome(cast: Cast) -> None:
    problem = reach(cast, State.RECTIFYING)
    take(problem, "request_change", cast.town_head, reason="工期不足", plan=plan(target="力争消除污水直排"))
    take(problem, "refuse_change", cast.approver, opinion="不得降低标准")
    html = page(cast.town_liaison, problem)
    assert "调整申请（1 次）" in html
    assert "未批准" in html
    assert "不得降低标准" in html


@pytest.mark.row("F1")
def test_the_unit_itself_sees_what_comes_if_nothing_moves(cast: Cast) -> None:
    html = page(cast.town_liaison, reach(cast, State.RECTIFYING))
    assert "若无进展，将发生什么" in html
    assert "XQ-13/" in html


def test_watching_twice_is_watching_once(cast: Cast) -> None:
    problem = register(cast)
    client = signed_in(cast.clerk)
    for _ in range(2):
        client.post(reverse("watch", args=[problem.pk]), {"on": "1"})
    assert Watch.objects.filter(user=cast.clerk).count() == 1
    client.post(reverse("watch", args=[problem.pk]))
    assert not Watch.objects.exists()


def test_page_costs_few_queries_however_long_the_life(cast: Cast, django_assert_max_num_queries) -> None:
    problem = reach(cast, State.CLOSED)
    client = signed_in(cast.clerk)
    with django_assert_max_num_queries(60):
        client.get(reverse("problem", args=[problem.pk]))


@pytest.mark.row("G4", "E11")
def test_a_lax_acceptance_is_linked_to_what_came_of_it(cast: Cast) -> None:
    problem = reach(cast, State.CLOSED)
    with clock.at(date(2025, 9, 1)):
        assert "责任追溯" not in page(cast.clerk, problem)
        take(problem, "look_back", cast.clerk, day="2025-09-01", finding="rebound", fault="lax", text="排口恢复出水")
        take(problem, "rebound", cast.clerk, title="东河污水直排反弹", description="排口恢复出水", found_on="2025-09-01")
        new = Problem.objects.get(rebound_of=problem)
        html, again = page(cast.clerk, problem), page(cast.clerk, new)
    said = "验收把关不严，责任单位为住建局"
    assert html.count(said) == 2
    assert html.index('id="acceptance"') < html.index("责任追溯") < html.index('id="ladder"') < html.index("第1次验收</a>")
    assert "XQ-18/2" in html
    assert reverse("problem", args=[new.pk]) in html
    assert said in again
    assert reverse("problem", args=[problem.pk]) in again
