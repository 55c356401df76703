"""A matter nobody leads: raised, units asked, views written, an opinion formed, or closed (A3)."""

from __future__ import annotations

from datetime import date

import pytest

from acts import ok, refused
from cast import Cast
from duties_leading import DAY, adopt, consulting, jx, opinion, raised
from huanze.audit.models import Entry
from huanze.base import clock
from huanze.duties.models import Determination, View
from huanze.duties.selectors.determinations import procedure, ruling, standing, view_term, visible
from huanze.duties.services import determining
from huanze.notices.models import Notice
from huanze.policies.models import Naming

pytestmark = [pytest.mark.django_db, pytest.mark.row("A3")]


@pytest.fixture(autouse=True)
def _today():
    with clock.at(DAY):
        yield


def told(user) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("kind", flat=True))


# ---- which rules


def test_the_place_s_own_document_says_who_decides_and_where_it_does_not_the_one_above(cast: Cast) -> None:
    assert ruling(cast.district) is None  # the district's own document says nothing of it
    above = adopt(cast, "sd", cast.province)
    assert ruling(cast.district) == (above, "city_lead_decision")
    assert ruling(cast.province) == (above, "lead_decision")
    own = adopt(cast, "jx")
    assert ruling(cast.district) == (own, "lead_decision")


def test_without_a_rule_nothing_can_be_raised(cast: Cast) -> None:
    answer = determining.raise_matter(organisation=cast.town_gov, matter="某事", why="无人管", acting_user=cast.town_liaison)
    refused(answer, "no_rule", "青禾区", "没有规定")


def test_the_bodies_are_those_the_document_names(cast: Cast) -> None:
    adoption = jx(cast)
    known = procedure(cast.district, adoption, "lead_decision")
    assert known.handler == cast.office
    assert [(b.name, b.organisations) for b in known.deciders] == [("省委", (cast.party_committee,)), ("省政府", (cast.government,))]
    assert known.publishes and known.by_the_lead
    assert known.clause_of("decide") == "JX-4"


def test_the_place_says_who_decides_where_the_document_leaves_it_open(cast: Cast) -> None:
    adoption = adopt(cast, "hb", lead_decider="领导小组")
    known = procedure(cast.district, adoption, "lead_decision")
    assert [(b.name, b.organisations) for b in known.deciders] == [("领导小组", (cast.leading_group,))]
    assert not known.publishes


def test_words_that_nobody_answers_to_are_named(cast: Cast) -> None:
    adoption = adopt(cast, "jx")
    assert procedure(cast.district, adoption, "lead_decision").missing == ("省委", "省政府")


# ---- raised


def test_a_unit_raises_a_matter_and_the_office_is_told(cast: Cast) -> None:
    jx(cast)
    row = raised(cast)
    assert (row.number, row.state, row.region, row.chain, row.raised_on) == ("2025-牵头-001", "raised", cast.district, "lead_decision", DAY)
    assert told(cast.clerk) == ["lead_raised"]
    assert Entry.objects.latest("seq").action == "determinations.raise"


def test_numbers_go_on_within_a_place_and_a_year(cast: Cast) -> None:
    jx(cast)
    assert [raised(cast, f"事项{n}").number for n in range(3)] == ["2025-牵头-001", "2025-牵头-002", "2025-牵头-003"]
    with clock.at(date(2026, 1, 4)):
        assert raised(cast, "事项3").number == "2026-牵头-001"
    adopt(cast, "jx", cast.other_district)
    other = ok(determining.raise_matter(organisation=cast.other_office, matter="事项0", why="无人管", acting_user=cast.other_clerk))
    assert other.number == "2025-牵头-001"


def test_only_the_unit_s_own_people_raise_in_its_name(cast: Cast) -> None:
    jx(cast)
    answer = determining.raise_matter(organisation=cast.town_gov, matter="某事", why="无人管", acting_user=cast.neighbour_head)
    refused(answer, "wrong_actor", "禾丰镇")
    assert not Determination.objects.exists()


def test_the_same_matter_is_raised_once_until_it_is_closed(cast: Cast) -> None:
    jx(cast)
    row = raised(cast)
    again = determining.raise_matter(organisation=cast.housing, matter=row.matter, why="无人管", acting_user=cast.lead_head)
    assert "2025-牵头-001" in refused(again, "already").fields["matter"]
    ok(determining.close(determination=row, existing_lead=cast.housing, why="清单第7项", acting_user=cast.clerk))
    assert ok(determining.raise_matter(organisation=cast.housing, matter=row.matter, why="不是一回事", acting_user=cast.lead_head)).number == "2025-牵头-002"


@pytest.mark.parametrize(("matter", "why", "field"), [("", "无人管", "matter"), ("某事", " ", "why"), ("长" * 501, "无人管", "matter")])
def test_a_matter_and_a_reason_are_needed(cast: Cast, matter: str, why: str, field: str) -> None:
    jx(cast)
    answer = determining.raise_matter(organisation=cast.town_gov, matter=matter, why=why, acting_user=cast.town_liaison)
    assert field in refused(answer, "inputs").fields


# ---- units are asked


def test_units_have_five_working_days_where_nothing_else_is_set(cast: Cast) -> None:
    row = raised_under_jx(cast)
    ok(determining.consult(determination=row, organisations=[cast.housing, cast.water], acting_user=cast.clerk))
    assert [(v.organisation, v.due, v.asked_on) for v in View.objects.order_by("pk")] == [
        (cast.housing, date(2025, 4, 9), DAY), (cast.water, date(2025, 4, 9), DAY),
    ]  # fmt: skip
    row.refresh_from_db()
    assert row.state == "consulting"
    assert told(cast.lead_liaison) == ["lead_view_asked"]
    term = view_term(row.adoption, DAY)
    assert term.local and term.due == date(2025, 4, 9)


def raised_under_jx(cast: Cast) -> Determination:
    jx(cast)
    return raised(cast)


def test_more_units_can_be_asked_later_but_none_twice(cast: Cast) -> None:
    jx(cast)
    row = consulting(cast)
    ok(determining.consult(determination=row, organisations=[cast.farming], due=date(2025, 4, 2), acting_user=cast.office_head))
    refused(determining.consult(determination=row, organisations=[cast.farming], acting_user=cast.clerk), "inputs", "农业农村局")


@pytest.mark.parametrize("day", [DAY, date(2025, 3, 31), date(2025, 7, 1)])
def test_the_day_lies_ahead_and_not_too_far(cast: Cast, day: date) -> None:
    row = raised_under_jx(cast)
    assert "due" in refused(determining.consult(determination=row, organisations=[cast.housing], due=day, acting_user=cast.clerk), "inputs").fields


def test_only_the_office_asks_and_only_units_of_the_place(cast: Cast) -> None:
    row = raised_under_jx(cast)
    refused(determining.consult(determination=row, organisations=[cast.housing], acting_user=cast.town_head), "wrong_actor", "整改办")
    refused(determining.consult(determination=row, organisations=[cast.other_office], acting_user=cast.clerk), "inputs", "不是本地")
    refused(determining.consult(determination=row, organisations=[], acting_user=cast.clerk), "inputs")


# ---- views


def test_a_unit_writes_its_view_once(cast: Cast) -> None:
    jx(cast)
    row = consulting(cast)
    view = ok(determining.give_view(determination=row, stance="self", text="由我局牵头。", acting_user=cast.lead_liaison))
    assert (view.organisation, view.stance, view.given_by, view.given_on) == (cast.housing, "self", cast.lead_liaison, DAY)
    refused(determining.give_view(determination=row, stance="none", text="", acting_user=cast.lead_head), "already", "冯筑")
    assert View.objects.get(pk=view.pk).stance == "self"


def test_only_those_asked_write(cast: Cast) -> None:
    jx(cast)
    row = consulting(cast)
    for user in (cast.second_head, cast.clerk, cast.neighbour_head):
        refused(determining.give_view(determination=row, stance="none", text="", acting_user=user), "wrong_actor")


@pytest.mark.parametrize(
    ("stance", "proposes", "text", "field"),
    [("", None, "理由", "stance"), ("other", None, "理由", "proposes"), ("other", "housing", "理由", "proposes"), ("self", None, "", "text"), ("self", "water", "理由", "proposes")],
)
def test_a_view_says_who_and_why(cast: Cast, stance: str, proposes: str | None, text: str, field: str) -> None:
    jx(cast)
    row = consulting(cast)
    other = getattr(cast, proposes) if proposes else None
    answer = determining.give_view(determination=row, stance=stance, proposes=other, text=text, acting_user=cast.lead_head)
    assert field in refused(answer, "inputs").fields


# ---- the opinion


def test_no_opinion_before_each_view_is_in_or_its_day_has_passed(cast: Cast) -> None:
    jx(cast)
    row = consulting(cast)
    ok(determining.give_view(determination=row, stance="none", text="", acting_user=cast.lead_liaison))

    def form():
        return determining.form_opinion(determination=row, proposed_lead=cast.housing, opinion="属于建筑垃圾。", acting_user=cast.clerk)

    with clock.at(date(2025, 4, 9)):
        refused(form(), "not_ready", "水务局", "2025年4月9日")
    with clock.at(date(2025, 4, 10)):
        formed = ok(form())
    assert (formed.state, formed.proposed_lead) == ("opinion", cast.housing)
    assert [v.organisation for v in standing(formed).views if v.given_on is None] == [cast.water]
    with clock.at(date(2025, 4, 10)):
        refused(determining.give_view(determination=row, stance="none", text="", acting_user=cast.water_head), "wrong_state")


def test_the_opinion_goes_to_those_who_decide(cast: Cast) -> None:
    jx(cast)
    assert opinion(cast).state == "opinion"
    assert told(cast.mayor) == told(cast.secretary) == ["lead_opinion_1"]
    assert told(cast.leader) == []


def test_nothing_skips(cast: Cast) -> None:
    row = raised_under_jx(cast)
    formed = determining.form_opinion(determination=row, proposed_lead=cast.housing, opinion="由住建局。", acting_user=cast.clerk)
    refused(formed, "wrong_state", "已提出")
    done = opinion_of_another(cast)
    refused(determining.consult(determination=done, organisations=[cast.farming], acting_user=cast.clerk), "wrong_state", "已形成意见")
    refused(determining.close(determination=done, existing_lead=cast.housing, why="清单", acting_user=cast.clerk), "wrong_state")


def opinion_of_another(cast: Cast) -> Determination:
    Determination.objects.all().delete()
    return opinion(cast)


def test_what_a_unit_leads_already_is_closed_with_its_name(cast: Cast) -> None:
    row = raised_under_jx(cast)
    refused(determining.close(determination=row, existing_lead=cast.housing, why="", acting_user=cast.clerk), "inputs")
    refused(determining.close(determination=row, existing_lead=cast.housing, why="清单第7项", acting_user=cast.lead_head), "wrong_actor")
    closed = ok(determining.close(determination=row, existing_lead=cast.housing, why="清单第7项", acting_user=cast.clerk))
    assert (closed.state, closed.closed_why) == ("closed", "已由青禾区住房和城乡建设局牵头：清单第7项")
    assert "lead_closed" in told(cast.town_liaison)


# ---- sight


def test_who_sees_a_matter_before_it_is_decided(cast: Cast) -> None:
    jx(cast)
    row = consulting(cast)
    sees = {name for name in ("clerk", "mayor", "approver", "discipline_officer", "town_head", "lead_liaison", "water_head") if visible(getattr(cast, name)).filter(pk=row.pk)}
    assert sees == {"clerk", "mayor", "approver", "discipline_officer", "town_head", "lead_liaison", "water_head"}
    for name in ("second_head", "neighbour_head", "park_head", "other_clerk", "system_admin"):
        assert not visible(getattr(cast, name)).filter(pk=row.pk).exists(), name


def test_asking_for_what_one_sees_costs_a_few_queries(cast: Cast, django_assert_max_num_queries) -> None:
    jx(cast)
    for n in range(5):
        raised(cast, f"事项{n}")
    with django_assert_max_num_queries(10):
        assert len(list(visible(cast.clerk))) == 5
    assert Naming.objects.count() == 2
