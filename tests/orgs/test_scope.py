"""What a person may see follows from the posts they hold, and from nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from cast import Cast
from huanze.base import clock
from huanze.orgs import selectors
from huanze.orgs.models import Holding, Organisation, Post
from huanze.orgs.selectors import Scope, holders, holders_of, office_of, organisations_in, scope_of

pytestmark = [pytest.mark.django_db, pytest.mark.row("J6")]
DAY = date(2025, 6, 2)

WHOLE_DISTRICT = ["clerk", "office_head", "leader", "mayor", "approver", "congress_leader", "cppcc_leader", "discipline_officer", "supervisor"]
OWN_MATTERS = ["town_liaison", "town_head", "lead_liaison", "second_head", "water_liaison", "park_head", "neighbour_liaison"]


@pytest.mark.parametrize("who", WHOLE_DISTRICT)
def test_bodies_that_answer_for_the_district_see_all_of_it(cast: Cast, who: str) -> None:
    scope = scope_of(getattr(cast, who), DAY)
    assert scope.covers(cast.district.path)
    assert scope.covers(cast.town.path)
    assert scope.covers(cast.park.path)
    assert not scope.covers(cast.other_district.path)
    assert not scope.covers(cast.city.path)


@pytest.mark.parametrize("who", OWN_MATTERS)
def test_departments_towns_and_parks_see_only_what_they_take_part_in(cast: Cast, who: str) -> None:
    user = getattr(cast, who)
    organisation = cast.post_of(user).organisation
    scope = scope_of(user, DAY)
    assert scope.region_ranges == ()
    assert scope.organisation_ids == {organisation.pk}
    assert scope.admits(path=cast.town.path, organisation_ids=[organisation.pk])
    assert not scope.admits(path=organisation.region.path, organisation_ids=[])


def test_the_neighbour_does_not_see_the_towns_matters(cast: Cast) -> None:
    scope = scope_of(cast.neighbour_liaison, DAY)
    assert not scope.admits(path=cast.town.path, organisation_ids=[cast.town_gov.pk, cast.housing.pk])


@pytest.mark.parametrize("who", ["system_admin", "security_admin", "audit_admin"])
def test_administrators_see_no_business(cast: Cast, who: str) -> None:
    assert scope_of(getattr(cast, who), DAY) == Scope.nothing()
    assert scope_of(getattr(cast, who), DAY).empty


def test_a_closed_account_sees_nothing(cast: Cast) -> None:
    cast.clerk.is_active = False
    cast.clerk.save()
    assert scope_of(cast.clerk, DAY) == Scope.nothing()


def test_sight_begins_and_ends_with_the_holding_both_days_included(cast: Cast) -> None:
    held = cast.holding_of(cast.clerk)
    held.until_day = date(2025, 6, 30)
    held.save()
    assert scope_of(cast.clerk, date(2024, 12, 31)).empty
    assert not scope_of(cast.clerk, date(2025, 1, 1)).empty
    assert not scope_of(cast.clerk, date(2025, 6, 30)).empty
    assert scope_of(cast.clerk, date(2025, 7, 1)).empty


def test_today_is_meant_when_no_day_is_given(cast: Cast) -> None:
    with clock.at(date(2024, 12, 31)):
        assert scope_of(cast.clerk).empty
    with clock.at(date(2025, 1, 1)):
        assert not scope_of(cast.clerk).empty


def test_a_post_out_of_use_gives_no_sight(cast: Cast) -> None:
    Post.objects.filter(pk=cast.post_of(cast.clerk).pk).update(active=False)
    assert scope_of(cast.clerk, DAY).empty


def test_two_posts_add_up_and_a_wide_range_swallows_a_narrow_one(cast: Cast) -> None:
    town_office = Organisation.objects.create(name="禾丰镇整改办", short_name="镇整改办", kind="commission_office", region=cast.town)
    post = Post.objects.create(organisation=town_office, title="主任", rank="head")
    Holding.objects.create(user=cast.clerk, post=post, from_day=DAY)
    scope = scope_of(cast.clerk, DAY)
    assert scope.region_ranges == (selectors.subtree(cast.district),)
    assert scope.organisation_ids == {cast.office.pk, town_office.pk}


def test_scope_takes_one_query(cast: Cast, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        scope_of(cast.clerk, DAY)


def test_holders_by_post_and_by_rank(cast: Cast) -> None:
    assert holders(post=cast.post_of(cast.leader), day=DAY) == [cast.leader]
    assert holders(organisation=cast.government, rank="head", day=DAY) == [cast.mayor]
    assert holders(organisation=cast.government, day=DAY) == [cast.leader, cast.mayor]
    assert holders(organisation=cast.government, day=date(2024, 12, 31)) == []


def test_holders_of_many_organisations_take_one_query(cast: Cast, django_assert_num_queries: object) -> None:
    wanted = [cast.town_gov.pk, cast.housing.pk, cast.party_committee.pk]
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = holders_of(wanted, ["head"], DAY)
    assert found == {cast.town_gov.pk: [cast.town_head], cast.housing.pk: [cast.lead_head], cast.party_committee.pk: []}


def test_the_office_of_a_place_is_the_nearest_one_up_the_tree(cast: Cast) -> None:
    assert office_of(cast.town) == cast.office
    assert office_of(cast.district) == cast.office
    assert office_of(cast.city) is None
    city_office = Organisation.objects.create(name="清和市整改办", short_name="市整改办", kind="commission_office", region=cast.city)
    assert office_of(cast.city) == city_office
    assert office_of(cast.park) == cast.office


def test_organisations_in_a_region_and_below_it(cast: Cast) -> None:
    towns = organisations_in(cast.district, ["town", "park"])
    assert list(towns) == [cast.town_gov, cast.neighbour_gov, cast.park_centre]
    assert list(organisations_in(cast.town)) == [cast.town_gov]
    assert cast.other_office not in organisations_in(cast.district)
