"""A real S3 server for each test, and officials who report."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.buckets.server import Store, store_in
from tests.kept_states import Kept
from tests.reporting.world import World, make_world


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_in(tmp_path / "s3") as running:
        yield running


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)
