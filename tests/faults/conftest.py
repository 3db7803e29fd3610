"""One lasting cluster for all faults, and the table that `make fault` prints."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.backup.test_drill import fill
from thucthi.config.supervisor import LocalPostgres

ROWS: list[tuple[str, str]] = []


@dataclass
class Standing:
    """The cluster that is hurt, and the state directory it lies in."""

    postgres: LocalPostgres
    state: Path


@pytest.fixture(scope="session")
def standing(postgres: LocalPostgres) -> Iterator[Standing]:
    state = Path(tempfile.mkdtemp(prefix="thucthi-faults-"))
    state.chmod(0o711)
    with LocalPostgres(state) as lasting:
        fill(postgres, lasting)
        yield Standing(lasting, state)
    shutil.rmtree(state)


@pytest.fixture
def tell() -> Callable[[str, str], None]:
    """A line of the table."""
    return lambda fault, found: ROWS.append((fault, found))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if ROWS:
        terminalreporter.write_sep("=", "faults")
        for fault, found in ROWS:
            terminalreporter.write_line(f"{fault:<44} {found}")
