"""Regions, organisations and posts: what may stand below what, and what may not be said twice."""

from __future__ import annotations

import pytest

from cast import Cast
from huanze.orgs import structure
from huanze.orgs.models import Organisation, Post, Region
from huanze.rules.verdicts import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.row("J6")]


def test_a_park_without_code_stands_below_a_county(cast: Cast) -> None:
    park = structure.create_region(name="新区", level="park", parent=cast.district, acting_user=cast.system_admin)
    assert isinstance(park, Region)
    assert park.path.startswith(cast.district.path)
    assert park.code == ""


@pytest.mark.parametrize(
    ("name", "level", "code", "parent", "field"),
    [
        ("某市", "city", "990200", "district", "level"),
        ("某县", "county", "990104", "district", "level"),
        ("某镇", "town", "990102103", "park", "level"),
        ("禾丰镇", "town", "990102104", "district", "name"),
        ("某镇", "town", "九九", "district", "code"),
        ("", "town", "", "district", "name"),
        ("某地", "planet", "", "district", "level"),
    ],
)
def test_a_region_out_of_place_is_refused_at_its_field(cast: Cast, name: str, level: str, code: str, parent: str, field: str) -> None:
    answer = structure.create_region(name=name, level=level, code=code, parent=getattr(cast, parent), acting_user=cast.system_admin)
    assert isinstance(answer, Refusal)
    assert field in answer.fields


def test_an_organisation_is_named_once_in_its_region(cast: Cast) -> None:
    again = structure.create_organisation(
        name="青禾区水务局", short_name="水务", kind="department", region=cast.district, acting_user=cast.system_admin
    )
    assert isinstance(again, Refusal)
    elsewhere = structure.create_organisation(
        name="青禾区水务局", short_name="水务", kind="department", region=cast.other_district, acting_user=cast.system_admin
    )
    assert isinstance(elsewhere, Organisation)


def test_a_post_lies_in_an_inner_unit_of_its_own_organisation(cast: Cast) -> None:
    unit = structure.create_inner_unit(organisation=cast.water, name="河湖股", acting_user=cast.system_admin)
    assert unit
    wrong = structure.create_post(organisation=cast.housing, title="股长", rank="liaison", inner_unit=unit, acting_user=cast.system_admin)
    assert isinstance(wrong, Refusal)
    right = structure.create_post(
        organisation=cast.water, title="股长", rank="liaison", inner_unit=unit, fields=["河湖", " "], acting_user=cast.system_admin
    )
    assert isinstance(right, Post)
    assert right.fields == ["河湖"]


def test_a_rank_that_does_not_exist_is_refused(cast: Cast) -> None:
    answer = structure.create_post(organisation=cast.water, title="顾问", rank="guru", acting_user=cast.system_admin)
    assert isinstance(answer, Refusal)
    assert "rank" in answer.fields
