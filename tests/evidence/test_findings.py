"""Like pictures are found among all cases, by index, after real encoding and resizing."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PIL import Image, ImageEnhance

from evidence import files
from huanze.evidence.models import Band, Evidence, File
from huanze.evidence.selectors import picture_findings
from huanze.evidence.services import attach, store, withdraw
from huanze.rules.pictures import NEAR_BITS, distance_bits

pytestmark = pytest.mark.django_db


def use(cast: SimpleNamespace, data: bytes, problem: int, role: str, point: str = "1号", name: str = "a.jpg") -> Evidence:
    file = store(stream=data, name=name, acting_user=cast.town_liaison)
    assert isinstance(file, File), file
    kept = attach(file=file, object_type="problem", object_id=problem, role=role, point=point, acting_user=cast.town_liaison)
    assert isinstance(kept, Evidence)
    return kept


def said(problem: int) -> list[tuple[str, tuple[int, ...]]]:
    return [(f.code, f.others) for f in picture_findings("problem", problem) if f.code != "no_capture_time"]


def altered() -> dict[str, bytes]:
    image = files.picture(1)
    return {
        "saved again": files.encoded(image, quality=40),
        "made smaller": files.encoded(image.resize((400, 300)), quality=80),
        "brighter": files.encoded(ImageEnhance.Brightness(image).enhance(1.08), quality=85),
        "turned by its EXIF only": files.encoded(image.transpose(Image.Transpose.ROTATE_90), quality=90, exif=_turned()),
    }


def _turned() -> Image.Exif:
    turned = Image.Exif()
    turned[274] = 6
    return turned


@pytest.mark.row("G1")
def test_the_same_file_in_another_case_is_found(cast: SimpleNamespace) -> None:
    other = use(cast, files.jpeg(1), 1, "after")
    use(cast, files.jpeg(1), 2, "after")
    assert said(2) == [("reused_elsewhere", (other.pk,))]


@pytest.mark.row("G1")
@pytest.mark.parametrize("how", list(altered()))
def test_an_altered_copy_in_another_case_is_found(cast: SimpleNamespace, how: str) -> None:
    other = use(cast, files.encoded(files.picture(1), quality=92), 1, "after")
    use(cast, altered()[how], 2, "after")
    assert said(2) == [("near_duplicate_elsewhere", (other.pk,))]


@pytest.mark.row("G1")
def test_different_scenes_are_not_confused(cast: SimpleNamespace) -> None:
    for seed in range(12):
        use(cast, files.jpeg(seed), seed, "before")
    assert [said(seed) for seed in range(12)] == [[]] * 12


def test_blank_pictures_are_not_compared(cast: SimpleNamespace) -> None:
    for problem, grey in ((1, 20), (2, 200)):
        use(cast, files.encoded(Image.new("RGB", (300, 200), (grey, grey, grey))), problem, "before")
    assert said(2) == []
    assert not Band.objects.exists()


def test_withdrawn_pictures_no_longer_count(cast: SimpleNamespace) -> None:
    other = use(cast, files.jpeg(1), 1, "after")
    use(cast, files.jpeg(1), 2, "after")
    withdraw(evidence=other, reason="传错", acting_user=cast.town_liaison)
    assert said(2) == []


@pytest.mark.row("G1")
def test_capture_time_and_place_come_from_the_pictures(cast: SimpleNamespace) -> None:
    use(cast, files.jpeg(1, taken="2026:03:02 10:00:00", place=(36.1, 118.1)), 1, "before")
    use(cast, files.jpeg(2, taken="2026:03:02 09:59:59", place=(36.2, 118.1)), 1, "after")
    assert said(1) == [("after_older", ()), ("place_differs", ())]


def test_looking_for_like_pictures_takes_four_queries(cast: SimpleNamespace, django_assert_num_queries: object) -> None:
    for problem in range(5):
        use(cast, files.jpeg(1), problem, "after")
    with django_assert_num_queries(4):  # type: ignore[operator]
        found = picture_findings("problem", 4)
    assert len(found[0].others) == 4


def test_any_two_hashes_within_the_limit_share_a_slice() -> None:
    """The promise of the index: eight slices, at most seven bits apart."""
    one = int("f0e1d2c3b4a5968778695a4b3c2d1e0f", 16)
    other = one
    for place in range(NEAR_BITS):
        other ^= 1 << (16 * place + place)
    assert distance_bits(one, other) == NEAR_BITS
    assert sum((one >> 16 * p & 0xFFFF) == (other >> 16 * p & 0xFFFF) for p in range(8)) == 1
