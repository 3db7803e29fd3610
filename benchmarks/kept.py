"""Figures kept from an earlier run, and whether a new run is slower: ratios to two fixed tasks of the same run.

A machine that is busy or slow lengthens the fixed tasks as well; their ratio to a row says something of the row.
Medians are compared: of p95, which is printed, a busy neighbour makes anything.
"""

import hashlib
import json
import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import psycopg

KEPT = Path(__file__).with_name("kept.json")
# Slower than this against the kept ratio is a fall.
TOLERATED = 1.20
_FIXED_QUERY = "SELECT sum(hashint8extended(i, 7) & 255) FROM generate_series(1, 200000) i"
_ROUNDS = 5


@dataclass(frozen=True)
class Row:
    """One measured thing. `cost` is in milliseconds and is compared; `p95` too, and is judged by `bar`, 0 for none.

    `rate` is so many a second with `at_least` asked for; 0 where nothing is counted.
    """

    name: str
    size: int
    cost: float
    p95: float = 0.0
    bar: float = 0.0
    rate: float = 0.0
    at_least: float = 0.0

    @property
    def key(self) -> str:
        return f"{self.name} @ {self.size:,}"

    @property
    def is_met(self) -> bool:
        return (not self.bar or self.p95 <= self.bar) and self.rate >= self.at_least


@dataclass(frozen=True)
class Fixed:
    """Milliseconds of the fixed query and of the fixed loop."""

    query: float
    loop: float

    @property
    def unit(self) -> float:
        """What costs are measured in: half database, half processor."""
        return math.sqrt(self.query * self.loop)


@dataclass(frozen=True)
class Slower:
    key: str
    kept: float
    now: float

    def __str__(self) -> str:
        return f"{self.key}: {self.now / self.kept - 1:+.0%} (ratio {self.kept:.3f} → {self.now:.3f})"


@dataclass(frozen=True)
class KeptRun:
    """`ratios` by the key of the row."""

    date: str
    machine: str
    ratios: dict[str, float]


def fixed_tasks(url: str) -> Fixed:
    with psycopg.connect(url, autocommit=True) as server:
        query = median(_taken(lambda: server.execute(_FIXED_QUERY).fetchone()) for _ in range(_ROUNDS))
    return Fixed(query, median(_taken(_loop) for _ in range(_ROUNDS)))


def _loop() -> str:
    seen = b""
    for number in range(60_000):
        seen = hashlib.sha256(seen + str(number).encode()).digest()
    return seen.hex()


def _taken(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


def ratios(rows: Iterable[Row], fixed: Fixed) -> dict[str, float]:
    return {row.key: row.cost / fixed.unit for row in rows}


def slower(now: dict[str, float], kept: dict[str, float]) -> list[Slower]:
    """Rows of both that cost more than tolerated, the worst first. A row that is new has nothing to fall from."""
    found = [Slower(key, kept[key], ratio) for key, ratio in now.items() if key in kept]
    return sorted(
        (each for each in found if each.now > each.kept * TOLERATED),
        key=lambda each: each.now / each.kept,
        reverse=True,
    )


def read_kept(path: Path = KEPT) -> KeptRun:
    """What is kept; nothing at all where nobody has kept anything yet."""
    if not path.is_file():
        return KeptRun("", "", {})
    return KeptRun(**json.loads(path.read_text(encoding="utf-8")))


def keep(run: KeptRun, path: Path = KEPT) -> None:
    """Rows of sizes that were not measured this time stay as they were."""
    whole = KeptRun(run.date, run.machine, {**read_kept(path).ratios, **run.ratios})
    said = asdict(whole) | {"ratios": {key: round(ratio, 4) for key, ratio in sorted(whole.ratios.items())}}
    path.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def p95(taken: Sequence[float]) -> float:
    return sorted(taken)[max(0, math.ceil(len(taken) * 0.95) - 1)]
