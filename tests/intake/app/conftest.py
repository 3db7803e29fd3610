"""The world of this app's tests."""

import pytest

from tests.intake.app.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()
