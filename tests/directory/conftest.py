"""The small state of tests/people.py, for every test of the directory."""

import pytest

from tests.kept_states import Kept
from tests.people import State, make_state


@pytest.fixture
def state(kept: Kept[State]) -> State:
    return kept(make_state)
