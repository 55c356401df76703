"""The decision: signed by each body the chain names, dissent kept, published (A3, B1)."""

from __future__ import annotations

from datetime import date

import pytest

from acts import ok, refused
from cast import Cast
from duties_leading import DAY, adopt, jx, means, opinion, person, raised
from huanze.base import clock
from huanze.duties.models import DecisionSignature, Determination
from huanze.duties.selectors.determinations import decided, standing, visible
from huanze.duties.services import deciding, determining
from huanze.notices.models import Notice
from huanze.obligations.models import Occurrence

pytestmark = [pytest.mark.django_db, pytest.mark.row("A3")]
SAID = {"basis": "青政〔2025〕5号", "reason": "属于建筑垃圾管理的延伸。"}


@pytest.fixture(autouse=True)
def _today():
    with clock.at(DAY):
        yield


@pytest.fixture
def row(cast: Cast) -> Determination:
    jx(cast)
    return opinion(cast)


def by_all(cast: Cast, row: Determination) -> Determination:
    ok(deciding.decide(determination=row, lead=cast.housing, acting_user=cast.secretary, co_units=[cast.farming], **SAID))
    return ok(deciding.decide(determination=row, lead=cast.housing, acting_user=cast.mayor, co_units=[cast.farming], **SAID))


def test_each_body_that_the_document_names_signs(cast: Cast, row: Determination) -> None:
    first = ok(deciding.decide(determination=row, lead=cast.housing, acting_user=cast.secretary, co_units=[cast.farming], **SAID))
    assert first.state == "opinion" and not standing(first).dissents
    refused(deciding.decide(determination=row, lead=cast.housing, acting_user=cast.secretary, **SAID), "already", "省政府")
    second = ok(deciding.decide(determination=row, lead=cast.housing, acting_user=cast.mayor, **SAID))
    assert (second.state, second.lead, second.decided_by, second.decided_on) == ("decided", cast.housing, cast.mayor, DAY)
    assert (second.basis, list(second.co_units.all())) == ("青政〔2025〕5号", [cast.farming])
    signed = [(s.by, s.organisation, s.signed_by) for s in DecisionSignature.objects.all()]
    assert signed == [("省委", cast.party_committee, cast.secretary), ("省政府", cast.government, cast.mayor)]
    assert list(decided(cast.town)) == [second]


def test_only_the_heads_of_those_bodies_decide(cast: Cast, row: Determination) -> None:
    for user in (cast.leader, cast.clerk, cast.office_head, cast.approver, cast.lead_head, cast.other_clerk):
        refused(deciding.decide(determination=row, lead=cast.housing, acting_user=user, **SAID), "wrong_actor", "省委")
    assert not DecisionSignature.objects.exists()


def test_the_bodies_agree_or_one_returns_it(cast: Cast, row: Determination) -> None:
    ok(deciding.decide(determination=row, lead=cast.housing, acting_user=cast.secretary, **SAID))
    refused(deciding.decide(determination=row, lead=cast.farming, acting_user=cast.mayor, **SAID), "differs", "住建局")
    refused(deciding.send_back(determination=row, opinion=" ", acting_user=cast.mayor), "inputs")
    back = ok(deciding.send_back(determination=row, opinion="请再研究农房部分。", acting_user=cast.mayor))
    assert (back.state, back.lead, back.basis) == ("consulting", None, "")
    assert standing(back).round == 2
    again = ok(determining.form_opinion(determination=back, proposed_lead=cast.farming, opinion="改由农业农村局。", acting_user=cast.clerk))
    ok(deciding.decide(determination=again, lead=cast.farming, acting_user=cast.secretary, **SAID))
    done = ok(deciding.decide(determination=again, lead=cast.farming, acting_user=cast.mayor, **SAID))
    assert (done.state, done.lead) == ("decided", cast.farming)
    assert [(s.round, s.by, s.result) for s in DecisionSignature.objects.all()] == [
        (1, "省委", "passed"), (1, "省政府", "returned"), (2, "省委", "passed"), (2, "省政府", "passed"),
    ]  # fmt: skip


@pytest.mark.parametrize(("over", "field"), [({"basis": ""}, "basis"), ({"reason": " "}, "reason"), ({"co": True}, "co_units"), ({"lead": True}, "lead")])
def test_a_decision_has_a_number_a_reason_and_a_lead_of_the_place(cast: Cast, row: Determination, over: dict, field: str) -> None:
    given = SAID | {k: v for k, v in over.items() if k in SAID}
    lead = cast.other_office if "lead" in over else cast.housing
    co_units = [cast.housing] if "co" in over else []
    answer = deciding.decide(determination=row, lead=lead, co_units=co_units, acting_user=cast.mayor, **given)
    assert field in refused(answer, "inputs").fields


def test_dissent_is_marked_and_kept(cast: Cast, row: Determination) -> None:
    done = by_all(cast, row)
    assert [(v.organisation, v.proposes, v.text) for v in standing(done).dissents] == [(cast.housing, cast.farming, "与农房改造相连。")]
    answer = determining.give_view(determination=done, stance="self", text="改了主意。", acting_user=cast.lead_head)
    refused(answer, "already")


def test_nothing_is_decided_before_an_opinion(cast: Cast) -> None:
    jx(cast)
    row = raised(cast)
    refused(deciding.decide(determination=row, lead=cast.housing, acting_user=cast.mayor, **SAID), "wrong_state", "已提出")


def test_where_nobody_answers_to_the_words_that_is_said(cast: Cast) -> None:
    adopt(cast, "jx")
    row = opinion(cast)
    refused(deciding.decide(determination=row, lead=cast.housing, acting_user=cast.mayor, **SAID), "unplaced", "省委", "文件用语")


@pytest.mark.row("B1")
def test_a_decision_opens_the_duty_to_publish_it_and_the_lead_settles_it(cast: Cast, row: Determination) -> None:
    done = by_all(cast, row)
    owed = Occurrence.objects.get(subject_type="determination", subject_id=done.pk)
    # Twenty working days: 4 April and 1, 2, 5 May are holidays, 27 April is worked.
    assert (owed.organisation, owed.due, owed.publish, owed.clause, owed.done_on) == (cast.housing, date(2025, 4, 29), True, "JX-4", None)
    page = {"url": "https://zjj.example.test/lead/1", "day": date(2025, 4, 10)}
    with clock.at(date(2025, 4, 10)):
        refused(deciding.publish(determination=done, acting_user=cast.clerk, **page), "wrong_actor", "住建局")
        assert "url" in refused(deciding.publish(determination=done, acting_user=cast.lead_liaison, url="不是网址", day=DAY), "inputs").fields
        for day in (date(2025, 3, 31), date(2025, 4, 11)):
            assert "day" in refused(deciding.publish(determination=done, acting_user=cast.lead_liaison, url=page["url"], day=day), "inputs").fields
        shown = ok(deciding.publish(determination=done, acting_user=cast.lead_liaison, **page))
        refused(deciding.publish(determination=done, acting_user=cast.lead_liaison, **page), "wrong_state")
    assert (shown.state, shown.published_on) == ("published", date(2025, 4, 10))
    owed.refresh_from_db()
    assert owed.done_on == date(2025, 4, 10)


def test_a_chain_without_publication_ends_with_the_decision(cast: Cast) -> None:
    adopt(cast, "hb", lead_decider="领导小组")
    row = opinion(cast)
    done = ok(deciding.decide(determination=row, lead=cast.housing, acting_user=cast.approver, **SAID))
    assert done.state == "decided"
    assert not Occurrence.objects.filter(subject_type="determination").exists()
    refused(deciding.publish(determination=done, url="https://a.example.test", day=DAY, acting_user=cast.lead_head), "no_step", "没有规定公开")


def test_a_city_decides_for_itself_where_the_document_lets_it(cast: Cast) -> None:
    adopt(cast, "sd", cast.province)
    means(cast, "各市党委", cast.party_committee)
    means(cast, "政府", cast.government)
    secretary = person("secretary", cast.party_committee)
    row = opinion(cast)
    assert row.chain == "city_lead_decision"
    ok(deciding.decide(determination=row, lead=cast.housing, acting_user=secretary, **SAID))
    done = ok(deciding.decide(determination=row, lead=cast.housing, acting_user=cast.mayor, **SAID))
    assert done.state == "decided"
    assert Occurrence.objects.get(subject_type="determination").organisation == cast.party_committee


def test_a_decision_is_seen_by_everyone_of_the_place_and_by_nobody_of_another(cast: Cast, row: Determination) -> None:
    assert not visible(cast.neighbour_head).filter(pk=row.pk).exists()
    done = by_all(cast, row)
    for user in (cast.neighbour_head, cast.park_liaison, cast.second_head):
        assert visible(user).filter(pk=done.pk).exists()
    assert not visible(cast.other_clerk).filter(pk=done.pk).exists()
    assert set(Notice.objects.filter(kind="lead_decided").values_list("recipient__username", flat=True)) >= {"town_liaison", "lead_head", "water_head", "second_head", "clerk"}
