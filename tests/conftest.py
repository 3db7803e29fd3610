"""What every test may use."""

from pathlib import Path
from typing import Any

import pytest

# Named here so that they take precedence over pytest-django's own.
from tests.database import demonstration, django_db_setup, fresh_database, in_demonstration, postgres

__all__ = ["demonstration", "django_db_setup", "fresh_database", "in_demonstration", "postgres"]


@pytest.fixture(autouse=True)
def _files_of_their_own(settings: Any, tmp_path: Path) -> None:
    """No test writes where another reads: evidence and published issues lie in the test's own directory."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    settings.PUBLISHED_ROOT = tmp_path / "published"
    settings.STORAGES = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "evidence"},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser comes last: while it is open an event loop runs in this thread, and the ORM refuses that."""
    items.sort(key=lambda item: "browser" in item.path.parts)
