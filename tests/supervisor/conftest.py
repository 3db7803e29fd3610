"""Directories that PostgreSQL's account can enter: pytest's own lie below one of mode 0700."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def passable() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="thucthi-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def state(passable: Path) -> Iterator[Path]:
    """A state directory not made yet, as `var` is in a fresh clone."""
    path = passable / "var"
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(autouse=True)
def _no_addresses_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "HOST", "PORT", "THUCTHI_STATE", "THUCTHI_PRODUCTION"):
        monkeypatch.delenv(name, raising=False)


root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL under another account")
