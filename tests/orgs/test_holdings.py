"""Posts given, ended, delegated and handed over."""

from __future__ import annotations

from datetime import date

import pytest

from cast import Cast
from huanze.base import clock
from huanze.orgs import services
from huanze.orgs.models import HandOver, Holding
from huanze.orgs.selectors import holders, posts_of, scope_of
from huanze.rules.verdicts import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.row("J6")]
JUNE_2, JUNE_10, JUNE_20, JUNE_30 = (date(2025, 6, d) for d in (2, 10, 20, 30))


def stand_in(cast: Cast, **changes: object) -> Holding | Refusal:
    said = {
        "holding": cast.holding_of(cast.town_head), "to": cast.town_liaison, "from_day": JUNE_10, "until_day": JUNE_20,
        "reason": "外出培训", "acting_user": cast.town_head, **changes,
    }  # fmt: skip
    with clock.at(JUNE_2):
        return services.delegate(**said)  # type: ignore[arg-type]


def test_a_heads_post_has_one_holder_at_a_time(cast: Cast) -> None:
    post = cast.post_of(cast.town_head)
    with clock.at(JUNE_2):
        taken = services.assign_post(user=cast.town_liaison, post=post, from_day=JUNE_10, acting_user=cast.security_admin)
        assert isinstance(taken, Refusal)
        assert services.end_holding(holding=cast.holding_of(cast.town_head), day=date(2025, 6, 9), acting_user=cast.security_admin)
        assert services.assign_post(user=cast.town_liaison, post=post, from_day=JUNE_10, acting_user=cast.security_admin)
    assert holders(post=post, day=date(2025, 6, 9)) == [cast.town_head]
    assert holders(post=post, day=JUNE_10) == [cast.town_liaison]


def test_a_liaisons_post_may_have_two_holders_but_not_the_same_person_twice(cast: Cast) -> None:
    post = cast.post_of(cast.town_liaison)
    assert services.assign_post(user=cast.second_liaison, post=post, from_day=JUNE_2, acting_user=cast.security_admin)
    again = services.assign_post(user=cast.second_liaison, post=post, from_day=JUNE_10, acting_user=cast.security_admin)
    assert isinstance(again, Refusal)


def test_days_the_wrong_way_round_and_closed_accounts_are_refused(cast: Cast) -> None:
    post = cast.post_of(cast.town_liaison)
    backward = services.assign_post(
        user=cast.second_liaison, post=post, from_day=JUNE_10, until_day=JUNE_2, acting_user=cast.security_admin
    )
    assert isinstance(backward, Refusal)
    assert "until_day" in backward.fields
    cast.second_liaison.is_active = False
    cast.second_liaison.save()
    assert isinstance(services.assign_post(user=cast.second_liaison, post=post, from_day=JUNE_2, acting_user=cast.security_admin), Refusal)


def test_what_has_ended_cannot_be_ended_again(cast: Cast) -> None:
    held = cast.holding_of(cast.leader)
    with clock.at(JUNE_2):
        assert services.end_holding(holding=held, day=JUNE_2, acting_user=cast.security_admin)
    with clock.at(JUNE_10):
        assert isinstance(services.end_holding(holding=held, day=JUNE_20, acting_user=cast.security_admin), Refusal)


def test_a_stand_in_holds_the_post_from_the_first_to_the_last_day(cast: Cast) -> None:
    assert stand_in(cast)
    post = cast.post_of(cast.town_head)
    assert holders(post=post, day=date(2025, 6, 9)) == [cast.town_head]
    assert holders(post=post, day=JUNE_10) == [cast.town_head, cast.town_liaison]
    assert holders(post=post, day=JUNE_20) == [cast.town_head, cast.town_liaison]
    assert holders(post=post, day=date(2025, 6, 21)) == [cast.town_head]
    own, lent = posts_of(cast.town_liaison, JUNE_10)
    assert own.delegated_from is None
    assert lent.delegated_from == cast.holding_of(cast.town_head)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"acting_user": "town_liaison"}, "not_allowed"),
        ({"acting_user": "security_admin"}, "not_allowed"),
        ({"to": "neighbour_liaison"}, "other_organisation"),
        ({"to": "town_head"}, "invalid"),
        ({"to": "system_admin"}, "invalid"),
        ({"from_day": date(2025, 6, 1)}, "invalid"),
        ({"from_day": JUNE_20, "until_day": JUNE_10}, "invalid"),
    ],
)
def test_a_delegation_out_of_order_is_refused(cast: Cast, changes: dict[str, object], code: str) -> None:
    answer = stand_in(cast, **{k: getattr(cast, v) if isinstance(v, str) else v for k, v in changes.items()})
    assert isinstance(answer, Refusal)
    assert answer.code == code
    assert not Holding.objects.exclude(delegated_from=None).exists()


def test_nobody_lends_longer_than_he_holds(cast: Cast) -> None:
    Holding.objects.filter(pk=cast.holding_of(cast.town_head).pk).update(until_day=date(2025, 6, 19))
    assert isinstance(stand_in(cast), Refusal)
    assert stand_in(cast, until_day=date(2025, 6, 19))


def test_what_was_lent_cannot_be_lent_on(cast: Cast) -> None:
    lent = stand_in(cast)
    assert isinstance(lent, Holding)
    third = services.assign_post(
        user=cast.second_liaison, post=cast.post_of(cast.town_liaison), from_day=JUNE_2, acting_user=cast.security_admin
    )
    assert third
    answer = stand_in(cast, holding=lent, to=cast.second_liaison, acting_user=cast.town_liaison)
    assert isinstance(answer, Refusal)
    assert answer.code == "no_redelegation"


def test_two_stand_ins_at_once_are_one_too_many(cast: Cast) -> None:
    assert stand_in(cast)
    assert isinstance(stand_in(cast, from_day=JUNE_20, until_day=JUNE_30), Refusal)
    assert stand_in(cast, from_day=date(2025, 6, 21), until_day=JUNE_30)


def test_a_delegation_ends_with_the_original(cast: Cast) -> None:
    lent = stand_in(cast)
    later = stand_in(cast, from_day=date(2025, 6, 25), until_day=JUNE_30)
    assert isinstance(lent, Holding)
    assert isinstance(later, Holding)
    with clock.at(JUNE_10):
        assert services.end_holding(holding=cast.holding_of(cast.town_head), day=date(2025, 6, 15), acting_user=cast.security_admin)
    lent.refresh_from_db()
    assert lent.until_day == date(2025, 6, 15)
    assert not Holding.objects.filter(pk=later.pk).exists()


def test_only_the_lender_takes_it_back(cast: Cast) -> None:
    lent = stand_in(cast)
    assert isinstance(lent, Holding)
    with clock.at(JUNE_10):
        assert isinstance(services.end_delegation(delegation=lent, day=JUNE_10, acting_user=cast.town_liaison), Refusal)
        own = cast.holding_of(cast.town_head)
        assert isinstance(services.end_delegation(delegation=own, day=JUNE_10, acting_user=cast.town_head), Refusal)
        assert services.end_delegation(delegation=lent, day=JUNE_10, acting_user=cast.town_head)
    assert len(posts_of(cast.town_liaison, date(2025, 6, 11))) == 1


def test_a_delegation_that_has_not_begun_is_undone(cast: Cast) -> None:
    lent = stand_in(cast)
    assert isinstance(lent, Holding)
    with clock.at(JUNE_2):
        assert services.end_delegation(delegation=lent, day=JUNE_2, acting_user=cast.town_head)
    assert len(posts_of(cast.town_liaison, JUNE_10)) == 1


def test_the_leaders_stand_in_sees_the_district_only_while_standing_in(cast: Cast) -> None:
    assert services.assign_post(
        user=cast.water_liaison, post=cast.post_of(cast.mayor), from_day=JUNE_2, until_day=JUNE_2, acting_user=cast.security_admin
    ) == Refusal("already_held", f"该职务在这段时间由{cast.mayor.name}担任，请先办理其免职")
    assert not scope_of(cast.water_liaison, JUNE_2).region_ranges


ITEMS = [{"title": "XQ-2025-001 河道黑臭", "url": "/problems/1/", "due": "2025-07-01"}]


def hand(cast: Cast, **changes: object) -> HandOver | Refusal:
    said = {
        "post": cast.post_of(cast.clerk), "giver": cast.clerk, "taker": cast.second_liaison, "day": JUNE_10,
        "note": "另有两件口头约定", "items": ITEMS, "acting_user": cast.clerk, **changes,
    }  # fmt: skip
    return services.hand_over(**said)  # type: ignore[arg-type]


def test_open_work_is_handed_over_with_a_receipt(cast: Cast) -> None:
    post = cast.post_of(cast.clerk)
    assert services.assign_post(user=cast.second_liaison, post=post, from_day=JUNE_10, acting_user=cast.security_admin)
    made = hand(cast)
    assert isinstance(made, HandOver)
    assert made.items == ITEMS
    assert isinstance(hand(cast), Refusal), "one open list is enough"
    assert isinstance(services.receive_hand_over(hand_over=made, acting_user=cast.clerk), Refusal)
    with clock.at(JUNE_10):
        received = services.receive_hand_over(hand_over=made, acting_user=cast.second_liaison)
    assert isinstance(received, HandOver)
    assert received.received_at is not None
    assert isinstance(services.receive_hand_over(hand_over=made, acting_user=cast.second_liaison), Refusal)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"acting_user": "town_head"}, "not_allowed"),
        ({"giver": "town_head", "acting_user": "town_head"}, "not_holder"),
        ({"taker": "town_liaison"}, "not_holder"),
        ({"taker": "clerk"}, "not_holder"),
    ],
)
def test_a_hand_over_among_the_wrong_people_is_refused(cast: Cast, changes: dict[str, str], code: str) -> None:
    answer = hand(cast, **{k: getattr(cast, v) for k, v in changes.items()})
    assert isinstance(answer, Refusal)
    assert answer.code == code
