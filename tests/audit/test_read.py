"""One object's history and the audit administrator's pages."""

from __future__ import annotations

from datetime import date

import pytest

from huanze.audit.selectors import page, timeline
from huanze.audit.services import Act, record_many
from huanze.base import clock


@pytest.fixture
def acts(db: None) -> None:
    for day, actor, action, number in [
        (date(2026, 3, 1), "zhang", "problem.register", 7),
        (date(2026, 3, 2), "li", "problem.assign", 7),
        (date(2026, 3, 2), "li", "problem.assign", 70),
        (date(2026, 3, 3), "zhang", "problem.receive", 7),
    ]:
        record_many([Act(action, "problem", number, actor, at=clock.moment(day, 0))])


@pytest.mark.row("J1")
def test_a_timeline_has_one_object_only(acts: None) -> None:
    assert [e.action for e in timeline("problem", 7)] == ["problem.register", "problem.assign", "problem.receive"]


@pytest.mark.row("J1")
def test_pages_go_by_key_from_the_newest(acts: None) -> None:
    first = page(size=3)
    assert [e.seq for e in first.entries] == [4, 3, 2]
    second = page(size=3, before=first.older)
    assert [e.seq for e in second.entries] == [1]
    assert second.older is None
    assert page(size=4).older is None


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"actor": "zhang"}, [4, 1]),
        ({"action": "problem.assign"}, [3, 2]),
        ({"object_type": "problem", "object_id": "70"}, [3]),
        ({"day": date(2026, 3, 2)}, [3, 2]),
        ({"day": date(2026, 3, 2), "actor": "zhang"}, []),
    ],
)
def test_filters(acts: None, wanted: dict[str, object], found: list[int]) -> None:
    assert [e.seq for e in page(**wanted).entries] == found  # type: ignore[arg-type]
