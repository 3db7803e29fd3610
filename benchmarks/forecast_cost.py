"""What forecasts cost and how far they can be trusted, on simulated series, in Markdown. Nothing here can fail a build.

    .venv/bin/python -m benchmarks.forecast_cost [SERIES] > benchmarks/values/forecast.md

Three kinds of monthly series of 48 values, twelve more kept back: wandering ones, where nothing beats "it stays as it
is"; growing ones; growing ones with a season. For each: which methods were used, and how often what came lay inside
the two intervals one, six and twelve months ahead. The cost is that of the worker processes.
"""

import math
import os
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from thucthi.monitoring.forecasting.asking import AT_ONCE, outlooks
from thucthi.monitoring.forecasting.chances import MULTIPLES, NARROW, WIDE
from thucthi.monitoring.forecasting.shapes import Outlook, Series

LENGTH, AHEAD = 48, 12
SHOWN_AHEAD = (1, 6, 12)


def wandering(chance: random.Random) -> Iterator[float]:
    level = 100.0
    while True:
        level += chance.gauss(0, 2)
        yield level


def growing(chance: random.Random) -> Iterator[float]:
    place = 0
    while True:
        yield 100 + 0.8 * place + chance.gauss(0, 1.5)
        place += 1


def seasonal(chance: random.Random) -> Iterator[float]:
    for place, amount in enumerate(growing(chance)):
        yield amount + 6 * math.sin(place * math.pi / 6)


KINDS: dict[str, Callable[[random.Random], Iterator[float]]] = {
    "wandering": wandering,
    "growing": growing,
    "growing with a season": seasonal,
}


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def drawn(kind: str, number: int) -> list[list[float]]:
    found = []
    for seed in range(number):
        source = KINDS[kind](random.Random(seed))  # noqa: S311 - no secret
        found.append([next(source) for _ in range(LENGTH + AHEAD)])
    return found


def inside(answers: list[Outlook], whole: list[list[float]], ahead: int, confidence: int) -> float:
    hits = [
        abs(amounts[LENGTH + ahead - 1] - answer.steps[ahead - 1].middle)
        <= MULTIPLES[confidence] * answer.steps[ahead - 1].error
        for answer, amounts in zip(answers, whole, strict=True)
    ]
    return 100 * sum(hits) / len(hits)


def main(number: int) -> None:
    each = number // len(KINDS)
    started, rows = time.perf_counter(), []
    for kind in KINDS:
        whole = drawn(kind, each)
        asked = [Series(str(n), tuple(amounts[:LENGTH]), 12, AHEAD) for n, amounts in enumerate(whole)]
        answers = [answer for first in range(0, each, AT_ONCE) for answer in outlooks(asked[first : first + AT_ONCE])]
        rows.append((kind, answers, whole))
    wall, used = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    made = sum(len(answers) for _kind, answers, _whole in rows)
    processor = used.ru_utime + used.ru_stime
    say("# Forecasts\n")
    day, load = datetime.now(UTC), os.getloadavg()[0]
    say(f"{day:%Y-%m-%d}, {os.cpu_count()} cores, load {load:.1f}; {made} series of {LENGTH} months.\n")
    say("| per 1,000 series | |\n|---|---|")
    say(f"| processor seconds | {1000 * processor / made:.0f} |")
    say(f"| wall seconds, one worker at a time | {1000 * wall / made:.0f} |")
    say(f"| memory of a worker, MB | {used.ru_maxrss / 1024:.0f} |")
    heads = " | ".join(f"80 % / 95 % at {ahead}" for ahead in SHOWN_AHEAD)
    say(f"\n| simulated series | methods used | {heads} |\n|---|---|{'---|' * len(SHOWN_AHEAD)}")
    for kind, answers, whole in rows:
        methods = ", ".join(f"{name} {n}" for name, n in Counter(str(row.method) for row in answers).most_common())
        shares = " | ".join(
            f"{inside(answers, whole, ahead, NARROW):.0f} / {inside(answers, whole, ahead, WIDE):.0f}"
            for ahead in SHOWN_AHEAD
        )
        say(f"| {kind} | {methods} | {shares} |")
    say("\nThe last columns: per cent of what came that lay inside the interval, so many months ahead.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
