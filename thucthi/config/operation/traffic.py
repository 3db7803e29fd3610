"""What the web processes of this machine answered, counted in one small file that they share.

A fixed table of 64-bit counters, so that reading is one copy and writing a lock of microseconds. It goes on over
restarts (readers of metrics work with differences) and begins anew when its layout changes. Several machines count
each for itself.
"""

import struct
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from thucthi.kernel.shared_map import SharedMap

SURFACES = ("public", "workspace", "api", "sign_in", "static", "operation")
ANSWERS = ("1xx", "2xx", "3xx", "4xx", "5xx")
# Seconds. The bars of docs/performance.md lie between two of them.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0)
_WORD = struct.Struct("<Q")
# Of each surface: one for each kind of answer, one for each bound and one above them all, and microseconds altogether.
_PER_SURFACE = len(ANSWERS) + len(BOUNDS) + 2
_LAYOUT = blake2b(repr((SURFACES, ANSWERS, BOUNDS)).encode(), digest_size=_WORD.size).digest()
_SIZE = _WORD.size * (1 + len(SURFACES) * _PER_SURFACE)
_PREFIXES = (
    ("/lam-viec/", "workspace"),
    ("/api/", "api"),
    ("/tai-khoan/", "sign_in"),
    ("/static/", "static"),
    ("/healthz", "operation"),
    ("/readyz", "operation"),
    ("/metrics", "operation"),
)


@dataclass(frozen=True)
class Served:
    """One surface: `answers` by kind, `within[i]` those of at most BOUNDS[i] seconds (cumulative), and all together."""

    surface: str
    answers: tuple[int, ...]
    within: tuple[int, ...]
    count: int
    seconds: float


def surface_of(path: str) -> str:
    return next((surface for prefix, surface in _PREFIXES if path.startswith(prefix)), "public")


class Traffic:
    """The counters in `path`, shared by every process that opens it."""

    def __init__(self, path: Path) -> None:
        self._shared = SharedMap(path, _SIZE, _LAYOUT)

    def add(self, surface: str, status: int, seconds: float) -> None:
        start = 1 + SURFACES.index(surface) * _PER_SURFACE
        answer = min(max(status // 100, 1), len(ANSWERS)) - 1
        within = len(ANSWERS) + bisect_left(BOUNDS, seconds)
        raised = ((answer, 1), (within, 1), (_PER_SURFACE - 1, round(seconds * 1_000_000)))
        with self._shared.held() as words:
            for place, by in raised:
                (before,) = _WORD.unpack_from(words, (start + place) * _WORD.size)
                _WORD.pack_into(words, (start + place) * _WORD.size, before + by)

    def read(self) -> list[Served]:
        with self._shared.held() as shared:
            copied = shared[_WORD.size :]
        words = [word for (word,) in _WORD.iter_unpack(copied)]
        return [_served(name, words[at * _PER_SURFACE : (at + 1) * _PER_SURFACE]) for at, name in enumerate(SURFACES)]


def _served(surface: str, words: list[int]) -> Served:
    each = words[len(ANSWERS) : -1]
    within = tuple(sum(each[: at + 1]) for at in range(len(BOUNDS)))
    return Served(surface, tuple(words[: len(ANSWERS)]), within, sum(each), words[-1] / 1_000_000)


@lru_cache(maxsize=4)
def traffic_at(path: str, process: int) -> Traffic:
    """One for each process."""
    return Traffic(Path(path))
