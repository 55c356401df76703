"""What the pictures of a case say about each other: re-used, near-identical, older, elsewhere.

XQ-16 asks for pictures before, during and after. Nothing here refuses a picture; a finding tells the
acceptor what to look at, and why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from itertools import combinations
from math import asin, cos, radians, sin, sqrt

NEAR_BITS = 7
"""At most so many of 128 bits differ between a picture and its re-saved, resized or lightly edited copy."""
RADIUS_M = 300.0
"""A phone's position in a street is good to tens of metres; a site under rectification may be wide."""
EARTH_M = 6_371_008.8
CHINA = timezone(timedelta(hours=8))

BEFORE, DURING, AFTER = "before", "during", "after"
ROLES = {BEFORE: "整改前", DURING: "整改中", AFTER: "整改后"}


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture in its place. ``phash`` is 128 bits, None when the picture has no detail to compare.

    ``lat`` and ``lon`` are degrees of WGS 84; ``captured_at`` carries its zone. ``key`` is the caller's.
    """

    key: int
    name: str
    sm3: str
    role: str
    point: str = ""
    phash: int | None = None
    captured_at: datetime | None = None
    lat: float | None = None
    lon: float | None = None
    device: str = ""

    @property
    def called(self) -> str:
        """How a sentence names it."""
        where = f"点位“{self.point}”" if self.point else ""
        return f"{where}{ROLES.get(self.role, '其他')}照片“{self.name}”"


class Weight(StrEnum):
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """``keys`` are pictures of the case, ``others`` pictures of other cases that the reader may not see."""

    code: str
    weight: Weight
    text: str
    keys: tuple[int, ...]
    others: tuple[int, ...] = ()


def findings(
    pictures: Sequence[Picture], elsewhere: Sequence[Picture] = (), *, near_bits: int = NEAR_BITS, radius_m: float = RADIUS_M
) -> tuple[Finding, ...]:
    """Everything worth a look, warnings first. ``elsewhere`` holds like pictures of other cases."""
    found = [
        *_same_or_near(pictures, near_bits),
        *_used_elsewhere(pictures, elsewhere, near_bits),
        *_after_against_before(pictures, radius_m),
        *_without_time(pictures),
    ]
    return tuple(sorted(found, key=lambda f: f.weight != Weight.WARNING))


def missing(pictures: Sequence[Picture], points: Sequence[str], *, roles: Sequence[str] = (BEFORE, DURING, AFTER)) -> tuple[str, ...]:
    """Which of the pictures each point must have are not there (XQ-16)."""
    there = {(p.point, p.role) for p in pictures}
    return tuple(f"点位“{point}”缺少{ROLES[role]}照片" for point in points for role in roles if (point, role) not in there)


def distance_bits(a: int, b: int) -> int:
    """In how many bits two perceptual hashes differ."""
    return (a ^ b).bit_count()


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance in metres between two (latitude, longitude) in degrees."""
    (la, lo), (lb, mo) = (tuple(map(radians, p)) for p in (a, b))
    h = sin((lb - la) / 2) ** 2 + cos(la) * cos(lb) * sin((mo - lo) / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(h)))


def _alike(a: Picture, b: Picture, near_bits: int) -> str:
    """``same`` file, ``near`` picture, or nothing."""
    if a.sm3 == b.sm3:
        return "same"
    if a.phash is not None and b.phash is not None and distance_bits(a.phash, b.phash) <= near_bits:
        return "near"
    return ""


def _same_or_near(pictures: Sequence[Picture], near_bits: int) -> Iterator[Finding]:
    for a, b in combinations(pictures, 2):
        alike, one_place = _alike(a, b, near_bits), (a.role, a.point) == (b.role, b.point)
        if alike == "same":
            weight, what = (Weight.INFO, "重复上传") if one_place else (Weight.WARNING, "请核对是否误传或重复使用")
            yield Finding("reused", weight, f"{a.called}与{b.called}是同一个文件，{what}。", (a.key, b.key))
        elif alike == "near" and not one_place:  # a burst of shots of one place is how people take pictures
            yield Finding(
                "near_duplicate", Weight.WARNING, f"{a.called}与{b.called}画面几乎相同，请核对是否为同一张照片处理后再次使用。", (a.key, b.key)
            )


def _used_elsewhere(pictures: Sequence[Picture], elsewhere: Sequence[Picture], near_bits: int) -> Iterator[Finding]:
    for mine in pictures:
        for alike, code, what in (("same", "reused_elsewhere", "是同一个文件"), ("near", "near_duplicate_elsewhere", "画面几乎相同")):
            others = tuple(o.key for o in elsewhere if _alike(mine, o, near_bits) == alike)
            if others:
                text = f"{mine.called}与其他事项中的{len(others)}张照片{what}，请核对是否挪用。"
                yield Finding(code, Weight.WARNING, text, (mine.key,), others)


def _after_against_before(pictures: Sequence[Picture], radius_m: float) -> Iterator[Finding]:
    for after in (p for p in pictures if p.role == AFTER):
        befores = [p for p in pictures if p.role == BEFORE and p.point == after.point]
        yield from _older(after, befores)
        yield from _apart(after, befores, radius_m)
        devices = sorted({b.device for b in befores if b.device})
        if after.device and devices and after.device not in devices:
            text = f"{after.called}由{after.device}拍摄，整改前照片由{'、'.join(devices)}拍摄，设备不同。"
            yield Finding("device_differs", Weight.INFO, text, (after.key,))


def _older(after: Picture, befores: Sequence[Picture]) -> Iterator[Finding]:
    """Against the latest picture before: work cannot be over before it was seen undone."""
    dated = [(b.captured_at, b) for b in befores if b.captured_at]
    if after.captured_at is None or not dated:
        return
    when, before = max(dated, key=lambda d: d[0])
    if after.captured_at < when:
        text = f"{after.called}拍摄于{_said(after.captured_at)}，早于{before.called}的{_said(when)}，请核对是否为整改后所摄。"
        yield Finding("after_older", Weight.WARNING, text, (after.key, before.key))


def _apart(after: Picture, befores: Sequence[Picture], radius_m: float) -> Iterator[Finding]:
    here = _place(after)
    there = [(distance_m(here, place), b) for b in befores if here and (place := _place(b))]
    if not there:
        return
    metres, before = min(there, key=lambda t: t[0])
    if metres > radius_m:
        text = f"{after.called}的拍摄位置距{before.called}约{_length(metres)}，超过{radius_m:.0f}米，请核对是否为同一点位。"
        yield Finding("place_differs", Weight.WARNING, text, (after.key, before.key))


def _place(picture: Picture) -> tuple[float, float] | None:
    return (picture.lat, picture.lon) if picture.lat is not None and picture.lon is not None else None


def _without_time(pictures: Sequence[Picture]) -> Iterator[Finding]:
    bare = [p for p in pictures if p.role in ROLES and p.captured_at is None]
    if bare:
        names = "；".join(p.called for p in bare[:3]) + ("等" if len(bare) > 3 else "")
        text = f"有{len(bare)}张照片没有拍摄时间，无法与整改过程对照：{names}。"
        yield Finding("no_capture_time", Weight.INFO, text, tuple(p.key for p in bare))


def _said(when: datetime) -> str:
    return when.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def _length(metres: float) -> str:
    return f"{metres:.0f}米" if metres < 1000 else f"{metres / 1000:.1f}公里"
