"""What `make thorough` and `make trust` try in full, and `make test` in part: so that a change is judged in minutes.

The tests are the same; only how many cases each looks at differs. What is left out is chosen by the names of the cases,
never by chance, so that a red test is red again. Tests marked `thorough` start whole systems or take long for what
they add to their neighbours; `make test` leaves them out, and says how many. Asked for by name they always run.
"""

import os
from typing import TypeVar
from zlib import crc32

import pytest

Cases = TypeVar("Cases")
THOROUGH = os.environ.get("THUCTHI_THOROUGH") == "1"
LEFT_OUT = pytest.StashKey[int]()


def in_full(few: Cases, every: Cases) -> Cases:
    return every if THOROUGH else few


def is_among(case: object, one_in: int) -> bool:
    """Whether this case is one of those looked at when only one in so many is; always in full."""
    return THOROUGH or crc32(str(case).encode()) % one_in == 0


def left_in(config: pytest.Config, items: list[pytest.Item]) -> list[pytest.Item]:
    """Without the tests marked `thorough` where all tests were asked for, as `make test` does."""
    if THOROUGH or list(config.args) != list(config.getini("testpaths")):
        return items
    chosen = [item for item in items if not item.get_closest_marker("thorough")]
    config.stash[LEFT_OUT] = len(items) - len(chosen)
    if hasattr(config, "workeroutput"):
        config.workeroutput["left out"] = config.stash[LEFT_OUT]
    return chosen
