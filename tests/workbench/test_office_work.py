"""Registration, monthly dispatch and quarterly self-check on screen."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from acts import reach, register
from cast import Cast
from huanze.base import clock
from huanze.problems.models import DispatchReturn, Problem, SelfCheckReturn
from huanze.problems.services.sweep import sweep
from huanze.rules.lifecycle import State
from pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day():
    with clock.at(date(2025, 4, 1)):
        yield


def form(cast: Cast, **over: object) -> dict[str, object]:
    return {
        "title": "禾丰镇东河污水直排", "description": "沿河三处生活污水未纳管。", "region": cast.town.pk, "place": "东河二号桥", "lat": "", "lon": "",
        "source": "own_check", "round": "", "batch": "", "source_document": "", "found_on": "2025-03-28", "field": "水务",
        "way_form.how": "日常巡查发现",
    } | over  # fmt: skip


@pytest.mark.row("E1")
def test_all_ways_of_the_rules_are_offered_each_with_its_clause(cast: Cast) -> None:
    html = signed_in(cast.clerk).get(reverse("register_ways")).content.decode()
    for words in ("整改办季度警示片", "环境信访投诉", "其他途径", "XQ-6/1", "XQ-6/6"):
        assert words in html


def test_registration_makes_the_problem_and_opens_it(cast: Cast) -> None:
    answer = signed_in(cast.clerk).post(reverse("register", args=["other"]), form(cast))
    problem = Problem.objects.get()
    assert answer.status_code == 302
    assert answer.url == reverse("problem", args=[problem.pk])
    assert problem.way_form["how"] == "日常巡查发现"


def test_what_the_way_asks_for_is_refused_at_its_field(cast: Cast) -> None:
    answer = signed_in(cast.clerk).post(reverse("register", args=["petition"]), form(cast, **{"way_form.petition_no": "XF18", "lat": "三十六"}))
    assert answer.status_code == 422
    assert "应为数字" in answer.content.decode()
    answer = signed_in(cast.clerk).post(reverse("register", args=["petition"]), form(cast) | {"way_form.petition_no": "XF18"})
    assert answer.status_code == 422
    assert 'value="XF18"' in answer.content.decode()
    assert not Problem.objects.exists()


def test_files_of_a_way_are_kept_with_the_problem(cast: Cast) -> None:
    posted = form(cast) | {"way_form.issue": "2025年第一期", "way_form.film": SimpleUploadedFile("片.txt", "截图说明".encode())}
    posted.pop("way_form.how")
    assert signed_in(cast.clerk).post(reverse("register", args=["film"]), posted).status_code == 302
    assert Problem.objects.get().way_form["film"] == ["片.txt"]


def test_a_like_problem_is_shown_before_it_is_registered_twice(cast: Cast) -> None:
    first = register(cast)
    client = signed_in(cast.clerk)
    assert first.number in client.get(reverse("similar"), {"title": first.title}).content.decode()
    answer = client.post(reverse("register", args=["other"]), form(cast))
    assert answer.status_code == 422
    assert first.number in answer.content.decode()
    assert Problem.objects.count() == 1
    assert client.post(reverse("register", args=["other"]), form(cast, similar_seen="1")).status_code == 302
    assert Problem.objects.count() == 2


def test_like_problems_out_of_sight_are_not_shown(cast: Cast) -> None:
    first = register(cast)
    html = signed_in(cast.neighbour_liaison).get(reverse("similar"), {"title": first.title}).content.decode()
    assert first.number not in html


@pytest.mark.parametrize(("way", "status"), [("other", 200), ("nonsense", 404)])
def test_an_unknown_way_is_not_there(cast: Cast, way: str, status: int) -> None:
    assert signed_in(cast.clerk).get(reverse("register", args=[way])).status_code == status


def opened(cast: Cast) -> Problem:
    """A problem under rectification whose dispatch of May is open."""
    problem = reach(cast, State.RECTIFYING)
    with clock.at(date(2025, 5, 1)):
        sweep(on=date(2025, 5, 1))
    return problem


ANSWERS = {"organising": "已召开推进会", "measures_done": "完成管网三公里", "difficulties": "无", "next_steps": "加快施工"}


@pytest.mark.row("D7")
def test_a_unit_hands_in_its_return_and_the_progress_follows(cast: Cast) -> None:
    problem = opened(cast)
    row = DispatchReturn.objects.get(problem=problem, role="main")
    with clock.at(date(2025, 5, 20)):
        client = signed_in(cast.town_liaison)
        html = client.get(reverse("dispatch")).content.decode()
        assert problem.number in html
        assert "5月25日" in html
        posted = {f"r{row.pk}.{k}": v for k, v in ANSWERS.items()}
        answer = client.post(reverse("dispatch_submit", args=[row.pk]), posted | {f"r{row.pk}.difficulties": "", "percent": "40"})
        assert answer.status_code == 422
        assert "加快施工" in answer.content.decode()
        assert client.post(reverse("dispatch_submit", args=[row.pk]), posted | {"percent": "40"}).status_code == 302
    problem.refresh_from_db()
    assert problem.percent == 40


@pytest.mark.row("D7")
@pytest.mark.parametrize("who", ["neighbour_liaison", "clerk", "lead_liaison"])
def test_a_return_is_handed_in_by_its_own_unit_only(cast: Cast, who: str) -> None:
    row = DispatchReturn.objects.get(problem=opened(cast), role="main")
    with clock.at(date(2025, 5, 20)):
        assert signed_in(getattr(cast, who)).post(reverse("dispatch_submit", args=[row.pk]), {"percent": "90"}).status_code == 404


@pytest.mark.row("D7")
def test_office_sees_who_has_not_reported(cast: Cast) -> None:
    opened(cast)
    with clock.at(date(2025, 5, 20)):
        html = signed_in(cast.clerk).get(reverse("dispatch")).content.decode()
    assert "各单位报送情况" in html
    assert "禾丰镇" in html


def quarter(cast: Cast) -> SelfCheckReturn:
    sweep(on=date(2025, 4, 1))
    return SelfCheckReturn.objects.get(organisation=cast.town_gov)


@pytest.mark.row("D6")
def test_the_quarter_is_shown_before_submission_on_both_sides_of_the_limit(cast: Cast) -> None:
    row = quarter(cast)
    for day, words in ((date(2025, 6, 10), "列入2025Q2问题清单"), (date(2025, 6, 11), "列入下一季度（2025Q3）问题清单")):
        with clock.at(day):
            assert words in signed_in(cast.town_liaison).get(reverse("self_check", args=[row.pk])).content.decode()


@pytest.mark.row("D6")
def test_self_check_is_reported_and_its_paper_received(cast: Cast) -> None:
    row = quarter(cast)
    posted = {
        "items.0.title": "小作坊无组织排放", "items.0.description": "未安装收集设施。", "items.0.region": cast.town.pk, "items.0.place": "",
        "items.0.field": "工业", "items.0.found_on": "", "items.1.title": "", "electronic": "1",
    }  # fmt: skip
    with clock.at(date(2025, 6, 9)):
        liaison = signed_in(cast.town_liaison)
        assert liaison.post(reverse("self_check", args=[row.pk]), {"electronic": "1"}).status_code == 422
        assert liaison.post(reverse("self_check", args=[row.pk]), posted | {"items.0.title": ""}).status_code == 422
        assert liaison.post(reverse("self_check", args=[row.pk]), posted).status_code == 302
    with clock.at(date(2025, 6, 10)):
        own = signed_in(cast.town_liaison).post(reverse("self_check_paper", args=[row.pk]), {"day": "2025-06-10"})
        assert own.status_code == 403
        clerk = signed_in(cast.clerk)
        assert "禾丰镇" in clerk.get(reverse("self_checks")).content.decode()
        assert clerk.post(reverse("self_check_paper", args=[row.pk]), {"day": "2025-06-11"}).status_code == 422
        assert clerk.post(reverse("self_check_paper", args=[row.pk]), {"day": "2025-06-10"}).status_code == 302
    assert Problem.objects.get(title="小作坊无组织排放").counted_in == "2025Q2"


@pytest.mark.row("D6")
def test_a_neighbour_does_not_see_the_return(cast: Cast) -> None:
    row = quarter(cast)
    assert signed_in(cast.neighbour_liaison).get(reverse("self_check", args=[row.pk])).status_code == 404
    assert signed_in(cast.neighbour_liaison).post(reverse("self_check_paper", args=[row.pk]), {"day": "2025-04-01"}).status_code == 404
