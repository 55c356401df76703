"""What may come in, what may not, and what a picture says of itself."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from evidence import files
from huanze.audit.models import Entry
from huanze.audit.services import Verified, sm3, verify
from huanze.base import clock
from huanze.evidence import picture, storage
from huanze.evidence.models import File
from huanze.evidence.services import store
from huanze.rules.verdicts import Refusal

pytestmark = pytest.mark.django_db


def kept(cast: SimpleNamespace, data: bytes, name: str) -> File:
    file = store(stream=io.BytesIO(data), name=name, acting_user=cast.town_liaison)
    assert isinstance(file, File), file
    return file


def refused(cast: SimpleNamespace, data: bytes, name: str) -> Refusal:
    found = store(stream=data, name=name, acting_user=cast.town_liaison)
    assert isinstance(found, Refusal), found
    assert not File.objects.exists()
    assert not [p for p in storage.root().rglob("*") if p.is_file()]
    assert found.reason.endswith("。")
    return found


@pytest.mark.row("G1")
@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (files.jpeg(), "现场.JPG", "image/jpeg"),
        (files.jpeg(), "a.jpeg", "image/jpeg"),
        (files.encoded(files.picture(), "PNG"), "a.png", "image/png"),
        (files.encoded(files.picture(), "WEBP"), "a.webp", "image/webp"),
        (files.PDF, "a.pdf", "application/pdf"),
        (files.DOCX, "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (files.XLSX, "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (files.OFD, "a.ofd", "application/ofd"),
        ("情况说明\r\n".encode(), "a.txt", "text/plain"),
        ("情况说明".encode("gb18030"), "a.txt", "text/plain"),
        (files.MP4, "a.mp4", "video/mp4"),
    ],
)
def test_allowed_files_are_known_by_their_content(cast: SimpleNamespace, data: bytes, name: str, media_type: str) -> None:
    file = kept(cast, data, name)
    assert (file.media_type, file.size, file.sm3, file.name) == (media_type, len(data), sm3(data), name)
    assert storage.path_of(file.sm3).read_bytes() == data
    assert file.uploaded_by == cast.town_liaison


@pytest.mark.row("G1")
@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.jpg", "file_empty"),
        (b"MZ\x90\0" + b"\0" * 100, "a.pdf", "file_program"),
        (b"\x7fELF" + b"\0" * 100, "a.jpg", "file_program"),
        (b"#!/bin/sh\nrm -rf /\n", "a.txt", "file_program"),
        (b"<html><script>alert(1)</script></html>", "a.txt", "file_active"),
        (b"\xef\xbb\xbf  <!DOCTYPE html>", "a.txt", "file_active"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "a.png", "file_active"),
        (files.ZIP, "a.docx", "file_type"),
        (files.ZIP, "a.zip", "file_type"),
        (files.MACRO, "a.docx", "file_macro"),
        (files.BOMB, "a.docx", "file_bomb"),
        (files.DOCX[:-30], "a.docx", "file_damaged"),
        (files.DOCX, "a.xlsx", "file_extension"),
        (files.jpeg(), "a.png", "file_extension"),
        (files.jpeg(), "jpg", "file_extension"),
        (files.jpeg()[:2000], "a.jpg", "file_damaged"),
        (files.encoded(files.picture(), "GIF"), "a.gif", "file_type"),
        (files.MOV, "a.mp4", "file_type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "file_type"),
        (bytes(range(256)) * 4, "a.txt", "file_type"),
        (b"a\0b", "a.txt", "file_type"),
    ],
)
def test_other_files_are_refused_in_words(cast: SimpleNamespace, data: bytes, name: str, code: str) -> None:
    assert refused(cast, data, name).code == code


@pytest.mark.row("G1")
@pytest.mark.parametrize(("spare", "comes_in"), [(0, True), (-1, False)])
def test_size_limits_hold_to_the_byte(cast: SimpleNamespace, settings: SimpleNamespace, spare: int, comes_in: bool) -> None:
    settings.EVIDENCE_LIMITS = {"document": len(files.PDF) + spare}
    found = store(stream=files.PDF, name="a.pdf", acting_user=cast.town_liaison)
    assert isinstance(found, File) is comes_in
    assert comes_in or found.code == "file_too_large"  # type: ignore[union-attr]


def test_a_stream_longer_than_any_limit_is_cut_off(cast: SimpleNamespace, settings: SimpleNamespace) -> None:
    settings.EVIDENCE_LIMITS = {"video": 1000}
    assert refused(cast, files.jpeg(), "a.jpg").code == "file_too_large"


def test_a_picture_of_too_many_pixels_is_not_decoded(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "PIXELS", 640 * 480 - 1)
    assert "一亿像素" in refused(cast, files.jpeg(), "a.jpg").reason
    huge = files.encoded(Image.new("1", (20_000, 20_000)), "PNG")
    assert "一亿像素" in refused(cast, huge, "a.png").reason


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_pictures_of_every_mode_come_in(cast: SimpleNamespace, mode: str) -> None:
    image = Image.new("I;16", (300, 200), 9000) if mode == "I;16" else files.picture().convert(mode)
    assert kept(cast, files.encoded(image, "PNG"), "a.png").is_picture


@pytest.mark.row("G1")
def test_a_picture_tells_when_where_and_with_what(cast: SimpleNamespace) -> None:
    file = kept(cast, files.jpeg(taken="2026:03:02 09:08:07", device=("HUAWEI", "HUAWEI Mate 60"), place=(36.123456, 118.7654321)), "a.jpg")
    assert file.captured_at == datetime(2026, 3, 2, 1, 8, 7, tzinfo=UTC)
    assert (file.device, file.width, file.height) == ("HUAWEI Mate 60", 640, 480)
    assert file.lat == pytest.approx(36.123456, abs=1e-6)
    assert file.lon == pytest.approx(118.7654321, abs=1e-6)


@pytest.mark.parametrize(
    ("said", "captured", "lat"),
    [
        ({"taken": "2026:03:02 09:08:07", "offset": "+09:00"}, datetime(2026, 3, 2, 0, 8, 7, tzinfo=UTC), None),
        ({"taken": "0000:00:00 00:00:00"}, None, None),
        ({"taken": "yesterday"}, None, None),
        ({"place": (-36.5, -118.25)}, None, -36.5),
        ({"place": (0.0, 0.0)}, None, None),
        ({"place": (95.0, 10.0)}, None, None),
    ],
)
def test_odd_exif_is_read_or_left_out(cast: SimpleNamespace, said: dict[str, object], captured: datetime | None, lat: float | None) -> None:
    file = kept(cast, files.jpeg(**said), "a.jpg")
    assert (file.captured_at, file.lat) == (captured, lat)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(20, 400), value=st.integers(0, 255))
def test_broken_bytes_never_raise(cast: SimpleNamespace, at: int, value: int) -> None:
    data = bytearray(files.jpeg(taken="2026:03:02 09:08:07", device=("A", "B"), place=(36.1, 118.2)))
    data[at] = value
    assert isinstance(store(stream=bytes(data), name="a.jpg", acting_user=cast.town_liaison), File | Refusal)


@pytest.mark.parametrize(
    ("given_name", "kept_name"),
    [
        ("C:\\照片\\现场.jpg", "现场.jpg"),
        ("../../etc/a.jpg", "a.jpg"),
        ("现场\u202egpj.jpg", "现场gpj.jpg"),
        ("a\n\r\tb.jpg", "ab.jpg"),
        ("长" * 300 + ".jpg", "长" * 146 + ".jpg"),
    ],
)
def test_names_are_made_harmless(cast: SimpleNamespace, given_name: str, kept_name: str) -> None:
    assert kept(cast, files.jpeg(), given_name).name == kept_name


@pytest.mark.row("J1", "G1")
def test_the_hash_of_a_file_is_in_the_chain(cast: SimpleNamespace) -> None:
    with clock.at(datetime(2026, 3, 2, 9, tzinfo=clock.ZONE)):
        file = kept(cast, files.PDF, "a.pdf")
    entry = Entry.objects.get(action="evidence.store", object_id=str(file.pk))
    assert file.sm3 in entry.payload
    assert (entry.actor, entry.at) == ("town_liaison", datetime(2026, 3, 2, 1, tzinfo=UTC))
    assert isinstance(verify(), Verified)


def test_the_same_bytes_twice_are_two_sendings_and_one_stored_file(cast: SimpleNamespace) -> None:
    first, second = kept(cast, files.PDF, "a.pdf"), kept(cast, files.PDF, "b.pdf")
    assert (first.pk == second.pk, first.sm3 == second.sm3) == (False, True)
    stored: list[Path] = [p for p in storage.root().rglob("*") if p.is_file()]
    assert stored == [storage.path_of(first.sm3)]
