"""What `make thorough` and `make trust` try in full, and `make test` in part: so that a change is judged in minutes.

The tests are the same; only how many cases each looks at differs. What is left out is chosen by the names of the cases,
never by chance, so that a red test is red again.
"""

import os
from typing import TypeVar
from zlib import crc32

Cases = TypeVar("Cases")
THOROUGH = os.environ.get("THUCTHI_THOROUGH") == "1"


def in_full(few: Cases, every: Cases) -> Cases:
    return every if THOROUGH else few


def is_among(case: object, one_in: int) -> bool:
    """Whether this case is one of those looked at when only one in so many is; always in full."""
    return THOROUGH or crc32(str(case).encode()) % one_in == 0
