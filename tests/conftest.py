"""What every test shares: a quick password hasher, plain static files, a data directory of its own."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp

import pytest
from django.conf import settings as django_settings

from append_only import let_flush_pass
from browser import chromium, screen  # noqa: F401 - fixtures for tests marked browser
from cast import cast  # noqa: F401 - a fixture for every room


def pytest_configure() -> None:
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django_settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    django_settings.STATIC_ROOT = ""  # nothing is collected; a live server finds the files where they are
    database = django_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # A file, as in life: an in-memory database cannot be shared by two people pressing at once.
        database.setdefault("TEST", {})["NAME"] = str(Path(mkdtemp(prefix="huanze-tests-")) / "test.sqlite3")
    let_flush_pass()


@pytest.fixture(autouse=True)
def _own_data_dir(settings: object, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files that a test stores never reach the data directory of the person who runs it."""
    folder = tmp_path_factory.mktemp("data")
    settings.DATA_DIR = folder  # type: ignore[attr-defined]
    settings.MEDIA_ROOT = folder / "media"  # type: ignore[attr-defined]
    return folder
