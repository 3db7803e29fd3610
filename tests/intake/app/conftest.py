"""The world of this app's tests."""

import pytest

from tests.intake.app.world import World, make_world
from tests.kept_states import Kept


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)
