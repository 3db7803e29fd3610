"""How often somebody may ask, counted for all processes of this machine in one small file; no database is asked.

The file is a table of `SETS` × `WAYS` counters of one key and one window each. A key is kept as eight bytes of a keyed
hash, so that the file tells no address. What does not fit any more pushes out the counter least used: memory is
bounded, and a flood of invented addresses can make the limit milder, never stricter. Several machines count each for
itself.
"""

import os
import struct
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from thucthi.kernel.shared_map import SharedMap

SETS, WAYS = 8_192, 8
_ROW = struct.Struct("<8sII")
_SIZE = SETS * WAYS * _ROW.size


@dataclass(frozen=True)
class Policy:
    """At most `quota` requests in each window of `seconds`."""

    name: str
    quota: int
    seconds: int = 60


@dataclass(frozen=True)
class Count:
    """Where one caller stands in the window: `left` requests, and seconds until it starts anew."""

    policy: Policy
    left: int
    reset: int
    is_over: bool

    def tell(self, answer: HttpResponse) -> None:
        """Write the standard heads (draft-ietf-httpapi-ratelimit-headers; Retry-After of RFC 9110)."""
        policy = self.policy
        answer["RateLimit-Policy"] = f'"{policy.name}";q={policy.quota};w={policy.seconds}'
        answer["RateLimit"] = f'"{policy.name}";r={self.left};t={self.reset}'
        if self.is_over:
            answer["Retry-After"] = str(self.reset)


class Table:
    """The counters in `path`, shared by every process that opens it."""

    def __init__(self, path: Path) -> None:
        self._shared = SharedMap(path, _SIZE)

    def add(self, key: bytes, window: int) -> int:
        """How many times `key` was counted in `window`, this time included."""
        start = int.from_bytes(key, "little") % SETS * WAYS * _ROW.size
        places = range(start, start + WAYS * _ROW.size, _ROW.size)
        with self._shared.held() as counted:
            rows = [(_ROW.unpack_from(counted, place), place) for place in places]
            place, count = _place(rows, key, window)
            _ROW.pack_into(counted, place, key, window, min(count + 1, 2**32 - 1))
        return count + 1


def _place(rows: list[tuple[tuple[bytes, int, int], int]], key: bytes, window: int) -> tuple[int, int]:
    """Where the key is counted, and how often it was: its own place, else one of an earlier window, else the least."""
    for (known, when, count), place in rows:
        if known == key:
            return place, count if when == window else 0
    (_known, _when, _count), place = min(rows, key=lambda row: (row[0][1], row[0][2]))
    return place, 0


@lru_cache(maxsize=4)
def table_at(path: str, process: int) -> Table:
    """One table for each process."""
    return Table(Path(path))


def count(policy: Policy, who: str, *, at: float) -> Count:
    """Count one request of `who` at the moment `at` (seconds since 1970)."""
    second = int(at)
    window = second // policy.seconds
    name = f"{policy.name}:{policy.seconds}:{who}".encode("utf-8", "replace")
    key = blake2b(name, digest_size=8, key=settings.SECRET_KEY.encode()[:64]).digest()
    used = table_at(str(settings.RATES_FILE), os.getpid()).add(key, window)
    reset = policy.seconds - second % policy.seconds
    return Count(policy, max(policy.quota - used, 0), reset, used > policy.quota)


def caller_of(request: HttpRequest) -> str:
    """The address a request came from; "" when the server was not told.

    Behind our own proxy the last address of X-Forwarded-For, which that proxy wrote; whatever stands before it, the
    caller may have invented.
    """
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() if settings.BEHIND_PROXY else ""
    return told or str(request.META.get("REMOTE_ADDR", ""))


def address_of(request: HttpRequest) -> str:
    """Whom a request without a key is counted for: its address, of version 6 the network of 64 bits."""
    address = caller_of(request)
    return ":".join(address.split(":")[:4]) if address.count(":") > 1 else address
