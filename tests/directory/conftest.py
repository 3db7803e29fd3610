"""The small state of tests/people.py, for every test of the directory."""

import pytest

from tests.people import State, make_state


@pytest.fixture
def state(db: None) -> State:
    return make_state()
