"""The kernel has no framework, so its tests need none of its fixtures."""

import pytest


@pytest.fixture(autouse=True)
def _files_of_their_own() -> None:
    """Takes the place of the fixture that sets up files for the rest of the tests."""
