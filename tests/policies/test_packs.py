"""Packs stored under their hash, adopted from a day on, and pinned."""

from __future__ import annotations

from datetime import date

import pytest

from cast import Cast
from huanze.base import clock
from huanze.policies import selectors, services
from huanze.policies.models import Adoption, PackVersion
from huanze.rules.packs import loader
from huanze.rules.packs.schema import Pack
from huanze.rules.verdicts import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.row("J7")]


def adopt(cast: Cast, **changes: object) -> Adoption | Refusal:
    said = {
        "region": cast.district, "pack_version": cast.pack_version, "from_day": date(2026, 1, 1), "settings": {"near_days": 20},
        "basis": "青禾整改〔2025〕9号", "acting_user": cast.office_head, **changes,
    }  # fmt: skip
    with clock.at(date(2025, 12, 1)):
        return services.adopt(**said)  # type: ignore[arg-type]


def tightened() -> PackVersion:
    """A later version of the same pack, as a revision of the document would make it."""
    data = loader.shipped_pack("xq").model_dump(mode="json", exclude_defaults=True)
    data["version"] = "2026-01-01"
    data["title"] = data["title"] + "（修订）"
    revised = Pack.model_validate(data)
    return PackVersion.objects.create(
        code="xq", version=revised.version, title=revised.title, content_hash=loader.content_hash(revised), content=loader.to_json(revised)
    )


def test_shipped_packs_are_published_once() -> None:
    first = services.publish_shipped()
    second = services.publish_shipped()
    assert [v.pk for v in first] == [v.pk for v in second]
    assert PackVersion.objects.count() == len(first) == len(loader.shipped_codes())
    for version in first:
        stored = selectors.pack(version.pk)
        assert stored == loader.shipped_pack(version.code)
        assert loader.content_hash(stored) == version.content_hash


def test_a_stored_pack_is_read_once_a_process(cast: Cast, django_assert_num_queries: object) -> None:
    selectors.pack(cast.pack_version)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert selectors.pack(cast.pack_version).code == "xq"
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert selectors.pack(cast.pack_version.pk).code == "xq"


def test_a_place_runs_under_the_nearest_adoption_above(cast: Cast) -> None:
    assert selectors.pack_for(cast.town, date(2025, 1, 1)) == cast.adoption
    assert selectors.pack_for(cast.park, date(2030, 1, 1)) == cast.adoption
    assert selectors.pack_for(cast.town, date(2024, 12, 31)) is None
    assert selectors.pack_for(cast.other_district, date(2025, 6, 1)) is None
    assert selectors.pack_for(cast.city, date(2025, 6, 1)) is None
    own = Adoption.objects.create(
        region=cast.town, pack=cast.pack_version, from_day=date(2025, 3, 1), decided_by=cast.approver, basis="试点"
    )
    assert selectors.pack_for(cast.town, date(2025, 2, 28)) == cast.adoption
    assert selectors.pack_for(cast.town, date(2025, 3, 1)) == own
    assert selectors.pack_for(cast.neighbour_town, date(2025, 3, 1)) == cast.adoption


def test_a_new_version_binds_from_its_day_and_leaves_the_old_adoption_alone(cast: Cast) -> None:
    later = adopt(cast, pack_version=tightened())
    assert isinstance(later, Adoption)
    assert selectors.pack_for(cast.town, date(2025, 12, 31)) == cast.adoption
    assert selectors.pack_for(cast.town, date(2026, 1, 1)) == later
    pinned = Adoption.objects.get(pk=cast.adoption.pk)
    assert selectors.pack(pinned.pack_id).version == loader.shipped_pack("xq").version
    assert selectors.effective_settings(pinned)["near_days"] == loader.settings(loader.shipped_pack("xq"))["near_days"]
    assert selectors.effective_settings(later)["near_days"] == 20


def test_what_was_adopted_is_not_changed_from_behind(cast: Cast) -> None:
    assert adopt(cast)
    for day in (date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1)):
        answer = adopt(cast, from_day=day)
        assert isinstance(answer, Refusal)
        assert answer.code == "back_dated"
    assert adopt(cast, from_day=date(2026, 1, 2))


@pytest.mark.parametrize("who", ["office_head", "approver", "mayor"])
def test_heads_of_the_place_decide(cast: Cast, who: str) -> None:
    assert isinstance(adopt(cast, acting_user=getattr(cast, who)), Adoption)


@pytest.mark.parametrize("who", ["clerk", "leader", "town_head", "lead_head", "other_clerk", "discipline_officer", "system_admin", "security_admin"])
def test_nobody_else_decides(cast: Cast, who: str) -> None:
    answer = adopt(cast, acting_user=getattr(cast, who))
    assert isinstance(answer, Refusal)
    assert answer.code == "not_allowed"


def test_a_district_does_not_decide_for_the_place_next_to_it_or_above(cast: Cast) -> None:
    assert isinstance(adopt(cast, region=cast.other_district), Refusal)
    assert isinstance(adopt(cast, region=cast.city), Refusal)
    assert isinstance(adopt(cast, region=cast.town), Adoption)


@pytest.mark.parametrize("local", [{"near_days": "soon"}, {"near_days": -1}, {"no_such_term": 3}])
def test_a_local_value_must_fit_its_term(cast: Cast, local: dict[str, object]) -> None:
    answer = adopt(cast, settings=local)
    assert isinstance(answer, Refusal)
    assert answer.code == "bad_settings"


def test_a_decision_names_its_basis(cast: Cast) -> None:
    answer = adopt(cast, basis="  ")
    assert isinstance(answer, Refusal)
    assert "basis" in answer.fields
