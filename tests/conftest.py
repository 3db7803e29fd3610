"""What every test may use."""

from pathlib import Path
from typing import Any

import hypothesis
import pytest

# Named here so that they take precedence over pytest-django's own.
from tests.database import demonstration, django_db_setup, fresh_database, in_demonstration, postgres

__all__ = ["demonstration", "django_db_setup", "fresh_database", "in_demonstration", "postgres"]


# How long an example takes says something of the machine, nothing of the code.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


@pytest.fixture(autouse=True)
def _files_of_their_own(settings: Any, tmp_path: Path) -> None:
    """No test writes where another reads: evidence and published issues lie in the test's own directory."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    settings.PUBLISHED_ROOT = tmp_path / "published"
    settings.PUBLISHED_DURABLE = False
    settings.STORAGES = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "evidence"},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Where several processes share the tests, one of them loads the demonstration, and one starts whole systems."""
    if "supervisor" in item.path.parts:
        item.add_marker(pytest.mark.xdist_group("systems"))
    elif "browser" in item.path.parts or "demonstration" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.xdist_group("demonstration"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser comes last: while it is open an event loop runs in its thread, and the ORM refuses that."""
    items.sort(key=lambda item: "browser" in item.path.parts)
