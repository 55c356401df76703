"""Putting files to use, taking them back, and what is given out."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from PIL import Image

from evidence import files
from huanze.audit.selectors import timeline
from huanze.audit.services import Verified, verify
from huanze.evidence import storage
from huanze.evidence.models import Evidence, File
from huanze.evidence.selectors import of_object
from huanze.evidence.services import attach, public_copy, store, thumbnail, withdraw
from huanze.evidence.serving import serve, serve_thumbnail
from huanze.rules.verdicts import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo(cast: SimpleNamespace) -> File:
    data = files.jpeg(taken="2026:03:02 09:08:07", device=("SecretMake", "SecretModel"), place=(36.123456, 118.765432))
    return store(stream=data, name="现场.jpg", acting_user=cast.town_liaison)  # type: ignore[return-value]


@pytest.fixture
def paper(cast: SimpleNamespace) -> File:
    return store(stream=files.PDF, name="方案.pdf", acting_user=cast.town_liaison)  # type: ignore[return-value]


@pytest.mark.row("G1", "J1")
def test_evidence_is_attached_and_recorded_with_the_hash(cast: SimpleNamespace, photo: File) -> None:
    kept = attach(file=photo, object_type="problem", object_id=7, role="before", point=" 1号排口 ", acting_user=cast.town_liaison, hat="联络员")
    assert isinstance(kept, Evidence)
    assert (kept.point, kept.added_by, list(of_object("problem", 7))) == ("1号排口", cast.town_liaison, [kept])
    entry = timeline("problem", 7).get()
    assert (entry.action, entry.actor, entry.hat) == ("evidence.attach", "town_liaison", "联络员")
    assert photo.sm3 in entry.payload


@pytest.mark.row("G1")
@pytest.mark.parametrize(
    ("role", "more", "code"),
    [("after", {}, "role"), ("nothing", {}, "role"), ("plan", {"point": "点" * 101}, "point"), ("plan", {"note": "注" * 301}, "note")],
)
def test_a_wrong_use_is_refused(cast: SimpleNamespace, paper: File, role: str, more: dict[str, str], code: str) -> None:
    found = attach(file=paper, object_type="problem", object_id=7, role=role, acting_user=cast.town_liaison, **more)  # type: ignore[arg-type]
    assert isinstance(found, Refusal)
    assert found.code == code
    assert not Evidence.objects.exists()


@pytest.mark.row("G1", "J1")
def test_what_is_withdrawn_leaves_the_object_but_not_the_record(cast: SimpleNamespace, paper: File) -> None:
    kept = attach(file=paper, object_type="problem", object_id=7, role="plan", acting_user=cast.town_liaison)
    assert isinstance(kept, Evidence)
    assert isinstance(withdraw(evidence=kept, reason=" ", acting_user=cast.town_liaison), Refusal)
    assert isinstance(withdraw(evidence=kept, reason="传错文件", acting_user=cast.town_liaison), Evidence)
    again = withdraw(evidence=kept, reason="传错文件", acting_user=cast.town_liaison)
    assert isinstance(again, Refusal)
    assert again.code == "withdrawn"
    assert not of_object("problem", 7)
    assert Evidence.objects.get().withdrawn_by == cast.town_liaison
    assert [e.action for e in timeline("problem", 7)] == ["evidence.attach", "evidence.withdraw"]
    assert storage.path_of(paper.sm3).exists()
    assert isinstance(verify(), Verified)


@pytest.mark.row("G1")
def test_a_public_copy_holds_pixels_only(photo: File) -> None:
    stored = storage.path_of(photo.sm3).read_bytes()
    assert all(word in stored for word in (b"secret comment", b"SecretModel", b"2026:03:02"))
    copy = public_copy(photo)
    assert isinstance(copy, bytes)
    assert not any(word in copy for word in (b"secret comment", b"SecretM", b"2026:03:02", b"Exif"))
    image = Image.open(io.BytesIO(copy))
    assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (640, 480), {})
    assert "comment" not in image.info
    assert storage.path_of(photo.sm3).read_bytes() == stored


def test_a_public_copy_is_upright_and_not_too_large(cast: SimpleNamespace) -> None:
    turned = Image.Exif()
    turned[274] = 6
    data = files.encoded(files.picture(size=(4000, 1000)), exif=turned)
    file = store(stream=data, name="a.jpg", acting_user=cast.town_liaison)
    assert isinstance(file, File)
    copy = public_copy(file)
    assert isinstance(copy, bytes)
    assert Image.open(io.BytesIO(copy)).size == (640, 2560)


def test_a_thumbnail_is_made_once_and_can_be_made_again(photo: File) -> None:
    made = thumbnail(photo, side=100)
    assert isinstance(made, bytes)
    assert Image.open(io.BytesIO(made)).size == (100, 75)
    assert b"SecretM" not in made
    cached = storage.cache_of(photo.sm3, 100)
    assert thumbnail(photo, side=100) == made == cached.read_bytes()
    cached.unlink()
    assert thumbnail(photo, side=100) == made


def test_only_pictures_have_copies(paper: File) -> None:
    assert isinstance(public_copy(paper), Refusal)
    assert isinstance(thumbnail(paper), Refusal)
    assert isinstance(serve_thumbnail(paper), Refusal)


def test_a_file_lost_from_the_disk_is_said_so(photo: File) -> None:
    storage.path_of(photo.sm3).unlink()
    for found in (serve(photo), public_copy(photo), thumbnail(photo)):
        assert isinstance(found, Refusal)
        assert found.code == "file_lost"


@pytest.mark.parametrize(("inline", "how"), [(False, "attachment"), (True, "inline")])
def test_a_served_picture_can_do_nothing(photo: File, inline: bool, how: str) -> None:
    answer = serve(photo, inline=inline)
    assert not isinstance(answer, Refusal)
    assert answer["Content-Disposition"] == f"{how}; filename*=utf-8''%E7%8E%B0%E5%9C%BA.jpg"
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer) == storage.path_of(photo.sm3).read_bytes()


def test_a_document_is_never_shown_in_place(paper: File) -> None:
    answer = serve(paper, inline=True)
    assert not isinstance(answer, Refusal)
    assert answer["Content-Disposition"].startswith("attachment")
