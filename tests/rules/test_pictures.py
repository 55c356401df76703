"""What pictures say about each other, both sides of each limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from huanze.rules.pictures import NEAR_BITS, Picture, Weight, distance_m, findings, missing

CHINA = timezone(timedelta(hours=8))
NINE = datetime(2026, 3, 2, 9, tzinfo=CHINA)
BEFORE = Picture(
    key=1, name="前.jpg", sm3="a", role="before", point="1号排口", phash=0, captured_at=NINE, lat=36.0, lon=118.0, device="甲"
)
AFTER = replace(BEFORE, key=2, name="后.jpg", sm3="b", role="after", phash=(1 << 60) - 1, captured_at=NINE + timedelta(days=9))


def codes(*pictures: Picture, elsewhere: tuple[Picture, ...] = ()) -> list[str]:
    return [f.code for f in findings(pictures, elsewhere)]


@pytest.mark.row("G1")
def test_good_pictures_give_nothing() -> None:
    assert codes(BEFORE, AFTER) == []


@pytest.mark.row("G1")
def test_the_same_file_before_and_after_is_a_warning_and_says_why() -> None:
    first, *_ = findings([BEFORE, replace(AFTER, sm3="a")])
    assert (first.code, first.weight, first.keys) == ("reused", Weight.WARNING, (1, 2))
    assert first.text == "点位“1号排口”整改前照片“前.jpg”与点位“1号排口”整改后照片“后.jpg”是同一个文件，请核对是否误传或重复使用。"


def test_the_same_file_twice_in_one_place_is_only_said() -> None:
    (found,) = findings([BEFORE, replace(BEFORE, key=3)])
    assert (found.code, found.weight) == ("reused", Weight.INFO)


@pytest.mark.row("G1")
@pytest.mark.parametrize(("bits", "found"), [(NEAR_BITS, ["near_duplicate"]), (NEAR_BITS + 1, [])])
def test_near_pictures_by_the_number_of_bits(bits: int, found: list[str]) -> None:
    assert codes(BEFORE, replace(AFTER, phash=(1 << bits) - 1)) == found


def test_a_burst_of_one_place_is_no_matter_and_no_hash_is_no_likeness() -> None:
    assert codes(BEFORE, replace(BEFORE, key=3, sm3="c")) == []
    assert codes(replace(BEFORE, phash=None), replace(AFTER, phash=None)) == []


@pytest.mark.row("G1")
def test_pictures_of_other_cases_are_counted_not_named() -> None:
    others = (replace(BEFORE, key=8, name="别处.jpg", point="别处"), replace(BEFORE, key=9, sm3="z", phash=1))
    same, near = findings([BEFORE], others)
    assert (same.code, same.keys, same.others) == ("reused_elsewhere", (1,), (8,))
    assert (near.code, near.others) == ("near_duplicate_elsewhere", (9,))
    assert "别处" not in same.text


@pytest.mark.row("G1")
@pytest.mark.parametrize(("seconds", "found"), [(-1, ["after_older"]), (0, []), (1, [])])
def test_after_older_than_before(seconds: int, found: list[str]) -> None:
    assert codes(BEFORE, replace(AFTER, captured_at=NINE + timedelta(seconds=seconds))) == found


def test_after_is_held_against_the_latest_before_of_its_own_point() -> None:
    late = replace(BEFORE, key=3, sm3="c", captured_at=NINE + timedelta(days=20))
    assert codes(BEFORE, late, AFTER) == ["after_older"]
    assert codes(BEFORE, replace(late, point="2号排口", phash=1 << 127 | 0xFFFF), AFTER) == []


@pytest.mark.row("G1")
@pytest.mark.parametrize(("north", "found"), [(299.0, []), (301.0, ["place_differs"])])
def test_places_by_distance(north: float, found: list[str]) -> None:
    assert codes(BEFORE, replace(AFTER, lat=36.0 + north / 111_195.08)) == found


def test_distance_is_that_of_the_great_circle() -> None:
    assert distance_m((0, 0), (0, 1)) == pytest.approx(111_195.08, abs=0.01)
    assert distance_m((36.5, 118.5), (36.5, 118.5)) == 0


def test_another_device_and_a_missing_time_are_only_said() -> None:
    found = findings([BEFORE, replace(AFTER, device="乙", captured_at=None)])
    assert [(f.code, f.weight) for f in found] == [("device_differs", Weight.INFO), ("no_capture_time", Weight.INFO)]


def test_warnings_come_first() -> None:
    found = findings([replace(BEFORE, captured_at=None), replace(AFTER, sm3="a", device="乙")])
    assert [f.weight for f in found] == [Weight.WARNING, Weight.INFO, Weight.INFO]


@pytest.mark.row("G1")
def test_what_each_point_lacks() -> None:
    assert missing([BEFORE, AFTER], ["1号排口", "2号排口"]) == (
        "点位“1号排口”缺少整改中照片",
        "点位“2号排口”缺少整改前照片",
        "点位“2号排口”缺少整改中照片",
        "点位“2号排口”缺少整改后照片",
    )
