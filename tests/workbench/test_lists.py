"""Home, ledger, saved views and overview as people open them."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from acts import DAY, assignment, reach, register, take
from cast import Cast
from huanze.base import clock
from huanze.problems.models import SavedView
from huanze.rules.lifecycle import State
from pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.row("J4")]


@pytest.fixture(autouse=True)
def _on_the_day():
    with clock.at(DAY):
        yield


def html(user: object, name: str, **query: str) -> str:
    answer = signed_in(user).get(reverse(name), query)  # type: ignore[arg-type]
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_is_to_be_done_is_on_the_page_of_whose_move_it_is(cast: Cast) -> None:
    problem = register(cast)
    assert problem.title in html(cast.clerk, "home")
    assert problem.title not in html(cast.town_liaison, "home")
    take(problem, "assign", cast.clerk, **assignment(cast))
    assert problem.title in html(cast.town_liaison, "home")
    assert problem.title not in html(cast.neighbour_liaison, "home")


def test_an_administrator_goes_to_his_own_desk(cast: Cast) -> None:
    answer = signed_in(cast.audit_admin).get(reverse("home"))
    assert answer.status_code == 302
    assert answer.url == reverse("manage")


@pytest.mark.parametrize("name", ["ledger", "overview", "dispatch", "self_checks", "register_ways"])
def test_an_administrator_sees_no_business_list(cast: Cast, name: str) -> None:
    answer = signed_in(cast.system_admin).get(reverse(name))
    assert answer.status_code == 403
    assert "三员分立" in answer.content.decode()


def test_ledger_shows_what_may_be_seen_and_no_more(cast: Cast) -> None:
    problem = reach(cast, State.ASSIGNED)
    assert problem.number in html(cast.clerk, "ledger")
    assert problem.number in html(cast.second_liaison, "ledger")
    for stranger in (cast.neighbour_liaison, cast.water_liaison, cast.park_head, cast.other_clerk):
        assert problem.number not in html(stranger, "ledger")


def test_conditions_are_chips_that_can_be_taken_off(cast: Cast) -> None:
    problem = reach(cast, State.RECTIFYING)
    shown = html(cast.clerk, "ledger", unit=str(cast.town_gov.pk), group="working")
    assert problem.number in shown
    assert "责任单位：禾丰镇" in shown
    assert f'href="{reverse("ledger")}?group=working"' in shown
    assert problem.number not in html(cast.clerk, "ledger", unit=str(cast.neighbour_gov.pk))
    assert problem.number in html(cast.clerk, "ledger", text="污水直排")
    assert problem.number not in html(cast.clerk, "ledger", text="秸秆焚烧")


@pytest.mark.parametrize(
    "query", [{"due_from": "2025-13-01"}, {"region": "abc"}, {"light": "purple"}, {"after": "nonsense"}, {"due_from": "2025-06-01", "due_to": "2025-05-01"}]
)
def test_a_link_that_was_tampered_with_is_answered_in_words(cast: Cast, query: dict[str, str]) -> None:
    answer = signed_in(cast.clerk).get(reverse("ledger"), query)
    assert answer.status_code == 422
    assert "未办成" in answer.content.decode()


def test_pages_follow_one_another_without_gap_or_repeat(cast: Cast) -> None:
    numbers = {register(cast, title=f"第{n}处排口溢流").number for n in range(53)}
    client = signed_in(cast.clerk)
    first = client.get(reverse("ledger")).content.decode()
    link = first.split('rel="next" href="')[1].split('"')[0]
    second = client.get(reverse("ledger") + link).content.decode()
    on_first, on_second = ({n for n in numbers if n in page} for page in (first, second))
    assert len(on_first) == 50
    assert on_first | on_second == numbers
    assert not on_first & on_second
    back = second.split('rel="prev" href="')[1].split('"')[0]
    assert {n for n in numbers if n in client.get(reverse("ledger") + back).content.decode()} == on_first


def test_a_view_is_kept_under_its_name_and_deleted(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    client.post(reverse("save_view"), {"name": "本镇整改中", "query": f"unit={cast.town_gov.pk}&group=working"})
    kept = SavedView.objects.get()
    assert "本镇整改中" in html(cast.clerk, "ledger")
    assert "本镇整改中" not in html(cast.office_head, "ledger")
    assert signed_in(cast.office_head).post(reverse("delete_view", args=[kept.pk])).status_code == 404
    client.post(reverse("save_view"), {"name": "", "query": "group=working"})
    client.post(reverse("save_view"), {"name": "坏的", "query": "light=purple"})
    assert SavedView.objects.count() == 1
    client.post(reverse("delete_view", args=[kept.pk]))
    assert not SavedView.objects.exists()


def test_every_figure_of_the_overview_leads_to_its_rows(cast: Cast) -> None:
    problem = reach(cast, State.RECTIFYING)
    with clock.at(date(2025, 7, 15)):
        take(problem, "urge", cast.clerk, text="已逾期，请抓紧")
        shown = html(cast.clerk, "overview")
        link = f"{reverse('ledger')}?group=working&amp;light=red"
        assert link in shown
        rows = signed_in(cast.clerk).get(link.replace("&amp;", "&")).content.decode()
        assert problem.number in rows
        assert "禾丰镇" in shown
        assert "区级自查发现问题" in shown
        assert problem.number not in html(cast.neighbour_head, "overview")


def test_lists_cost_the_same_few_queries_however_many_rows(cast: Cast, django_assert_max_num_queries) -> None:
    for n in range(20):
        register(cast, title=f"第{n}处排口溢流")
    client = signed_in(cast.clerk)
    for name, most in (("home", 60), ("ledger", 40), ("overview", 30)):
        with django_assert_max_num_queries(most):
            client.get(reverse(name))
