"""The world of this app's tests."""

import pytest

from tests.kept_states import Kept
from tests.reporting.world import World, make_world


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)
