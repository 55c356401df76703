"""Who sees which problems: one rule, asked through every list, count and search there is."""

from datetime import date
from types import SimpleNamespace

import pytest

from acts import DAY, reach, register
from huanze.base import clock
from huanze.orgs.models import Holding
from huanze.problems import selectors
from huanze.problems.models import Omission, Watch
from huanze.problems.selectors import LedgerFilter
from huanze.problems.selectors.similar import similar
from huanze.rules.lifecycle import State

pytestmark = [pytest.mark.django_db, pytest.mark.row("J6")]

EVERYTHING = LedgerFilter(group="all")


@pytest.fixture(autouse=True)
def _first_of_april():
    with clock.at(DAY):
        yield


@pytest.fixture
def two(cast):
    """One that the town rectifies and two departments oversee, and one in the neighbour town that only the office has seen."""
    ours = reach(cast, State.RECTIFYING)
    theirs = register(cast, region=cast.neighbour_town.pk, title="柳湾镇矿山未复绿")
    return SimpleNamespace(ours=ours.pk, theirs=theirs.pk, both={ours.pk, theirs.pk})


def seen(user):
    return set(selectors.visible(user).values_list("pk", flat=True))


def ways_to_look(user, cast):
    """Every selector that shows problems, by name: the ids it shows this person, the watch list filled with all there is."""
    page = selectors.ledger_page(user, EVERYTHING)
    home = selectors.home_lists(user)
    return {
        "ledger": {p.pk for p in page.rows},
        "text": {p.pk for text in ("污水", "矿山") for p in selectors.ledger_page(user, LedgerFilter(text=text, group="all")).rows},
        "number": {p.pk for p in selectors.ledger_page(user, LedgerFilter(text="990102-2025-", group="all")).rows},
        "states": {p.pk for s in State for p in selectors.ledger_page(user, LedgerFilter(group="all", states=(s,))).rows},
        "regions": {p.pk for r in (cast.town, cast.neighbour_town) for p in selectors.ledger_page(user, LedgerFilter(group="all", region=r.pk)).rows},
        "watched": {p.pk for p in home.watched},
        "similar": {p.pk for t in ("禾丰镇东河污水直排", "柳湾镇矿山未复绿") for p in similar(user, t)},
    }


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("clerk", "both"), ("office_head", "both"), ("leader", "both"), ("approver", "both"), ("mayor", "both"), ("discipline_officer", "both"),
        ("congress_leader", "both"), ("cppcc_leader", "both"), ("supervisor", "both"),
        ("town_liaison", "ours"), ("town_head", "ours"), ("lead_liaison", "ours"), ("second_head", "ours"),
        ("water_liaison", ""), ("neighbour_liaison", ""), ("neighbour_head", ""), ("park_liaison", ""), ("other_clerk", ""),
        ("system_admin", ""), ("security_admin", ""), ("audit_admin", ""),
    ],
)  # fmt: skip
def test_each_sees_the_same_through_every_selector(cast, two, who, sees):
    user = getattr(cast, who)
    Watch.objects.bulk_create([Watch(user=user, problem_id=pk) for pk in two.both])
    expected = {"both": two.both, "ours": {two.ours}, "": set()}[sees]
    assert seen(user) == expected
    assert ways_to_look(user, cast) == dict.fromkeys(ways_to_look(user, cast), expected)
    counts = selectors.ledger_counts(user, EVERYTHING)
    assert counts.total.n == len(expected) == counts.by_group["open"].n
    assert selectors.overview(user, DAY, 30).open == len(expected)


def test_near_ones_are_shown_only_to_those_who_see_them(cast, two):
    with clock.at(date(2025, 6, 20)):
        near = {who: [p.pk for p in selectors.home_lists(getattr(cast, who)).near] for who in ("clerk", "lead_liaison", "water_liaison", "audit_admin")}
    assert near == {"clerk": [two.ours], "lead_liaison": [two.ours], "water_liaison": [], "audit_admin": []}


def test_a_unit_that_found_it_sees_it_and_its_neighbour_does_not(cast):
    found = register(cast, by=cast.water_liaison, region=cast.neighbour_town.pk)
    assert seen(cast.water_liaison) == {found.pk} and seen(cast.neighbour_liaison) == set() == seen(cast.lead_liaison)


def test_a_holding_that_ended_shows_nothing_from_the_day_after(cast, two):
    Holding.objects.filter(pk=cast.holding_of(cast.clerk).pk).update(until_day=date(2025, 4, 10))
    with clock.at(date(2025, 4, 10)):
        assert seen(cast.clerk) == two.both
    with clock.at(date(2025, 4, 11)):
        assert seen(cast.clerk) == set()
        assert selectors.ledger_page(cast.clerk, EVERYTHING).rows == ()


def test_a_holding_that_has_not_begun_shows_nothing_yet(cast, two):
    Holding.objects.create(user=cast.water_liaison, post=cast.post_of(cast.lead_liaison), from_day=date(2025, 4, 2))
    assert seen(cast.water_liaison) == set()
    with clock.at(date(2025, 4, 2)):
        assert seen(cast.water_liaison) == {two.ours}


def test_who_stands_in_sees_what_the_absent_one_sees_and_no_longer_than_that(cast, two):
    Holding.objects.create(
        user=cast.water_liaison, post=cast.post_of(cast.clerk), from_day=date(2025, 4, 1), until_day=date(2025, 4, 5),
        delegated_from=cast.holding_of(cast.clerk), reason="出差",
    )  # fmt: skip
    assert seen(cast.water_liaison) == two.both
    with clock.at(date(2025, 4, 6)):
        assert seen(cast.water_liaison) == set()


def test_who_holds_two_posts_sees_both_sides_and_each_problem_once(cast, two):
    Holding.objects.create(user=cast.clerk, post=cast.post_of(cast.town_liaison), from_day=date(2025, 4, 1))
    assert [p.pk for p in selectors.ledger_page(cast.clerk, EVERYTHING).rows] == [two.ours, two.theirs]
    assert selectors.ledger_counts(cast.clerk, EVERYTHING).total.n == 2


def test_a_disabled_account_sees_nothing(cast, two):
    cast.clerk.is_active = False
    cast.clerk.save(update_fields=["is_active"])
    assert seen(cast.clerk) == set()


def test_omissions_are_told_to_the_place_and_to_the_unit_that_owes(cast, two):
    Omission.objects.create(kind="overdue", organisation=cast.town_gov, office=cast.office, problem_id=two.ours, period="x", day=DAY, clause="XQ-7")

    def told(who):
        return [m.label for m in selectors.overview(getattr(cast, who), DAY, 30).omissions]

    assert told("clerk") == ["禾丰镇"] == told("town_liaison")
    assert told("neighbour_liaison") == told("water_liaison") == told("other_clerk") == told("audit_admin") == []


def test_the_form_offers_only_places_and_units_within_sight(cast, two):
    offered = selectors.facets(cast.town_liaison)
    assert [name.strip() for _, name in offered.regions] == ["禾丰镇"] and [name for _, name in offered.units] == ["禾丰镇"]
    assert {"禾丰镇", "柳湾镇", "青禾园区"} <= {name.strip() for _, name in selectors.facets(cast.clerk).regions}
    assert selectors.facets(cast.audit_admin).regions == []


@pytest.mark.parametrize("few", [0, 2_000])
def test_much_or_little_it_is_the_same_rows(cast, two, monkeypatch, few):
    """What few take part in is gathered, what many do is met on the walk; nobody can tell the difference."""
    from huanze.problems.selectors import bounded

    monkeypatch.setattr(bounded, "FEW", few)
    for who, expected in (("clerk", two.both), ("lead_liaison", {two.ours}), ("water_liaison", set())):
        user = getattr(cast, who)
        assert {p.pk for p in selectors.ledger_page(user, EVERYTHING).rows} == expected
        assert selectors.ledger_counts(user, EVERYTHING).total.n == len(expected)
    only = selectors.ledger_page(cast.clerk, LedgerFilter(unit=cast.housing.pk))
    assert [p.pk for p in only.rows] == [two.ours]


def test_open_problems_are_walked_by_their_own_index(cast, two):
    """On SQLite nothing but the very words of the index lets it serve; this holds them to each other."""
    from django.db import connection

    if connection.vendor != "sqlite":
        return
    from huanze.problems.models import Problem
    from huanze.problems.selectors.bounded import StillOpen

    plan = Problem.objects.filter(StillOpen("state")).order_by("sort_day", "pk").values("pk")[:50].explain()
    assert "open_ledger" in plan and "TEMP" not in plan
