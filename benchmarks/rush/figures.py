"""What came back: counting, percentiles, the table. Pure."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from benchmarks.kept import p95
from benchmarks.rush.plan import PUBLIC, READING, REPORTING, SIGN_IN

BAR_MS, BAR_RATE = 300.0, 50.0
KINDS = (*SIGN_IN, *REPORTING, *(f"{name} (official)" for name in READING), *(f"{name} (public)" for name in PUBLIC))


@dataclass(frozen=True)
class Shot:
    """One request: milliseconds from when it was due; `ended` in seconds from the start; `error` "" for none."""

    kind: str
    milliseconds: float
    ended: float
    error: str = ""


@dataclass(frozen=True)
class Acknowledged:
    """A report of which the server said that it has it. `report` is its number."""

    key: str
    report: int


@dataclass(frozen=True)
class Driven:
    """All of a run; `prepared` are sign-ins before the clock, `processor` the driver's own seconds of the processor."""

    shots: tuple[Shot, ...]
    prepared: tuple[Shot, ...]
    acknowledged: tuple[Acknowledged, ...]
    seconds: float
    processor: float
    planned: int

    @property
    def rate(self) -> float:
        """Answers without error in a second, until the last one was there."""
        good = sum(not shot.error for shot in self.shots)
        return good / max([self.seconds, *(shot.ended for shot in self.shots)])

    @property
    def errors(self) -> Counter[str]:
        """Of the run and of what went before it; a request that was planned and never made is one too."""
        found = Counter(f"{shot.kind}: {shot.error}" for shot in (*self.shots, *self.prepared) if shot.error)
        missing = self.planned - len(self.shots)
        return found + Counter({"never asked, for an error before it": missing} if missing > 0 else {})


def p(taken: Sequence[float], share: float) -> float:
    """The smallest that so many of a hundred do not exceed; nothing of nothing."""
    return sorted(taken)[max(0, math.ceil(len(taken) * share / 100) - 1)] if taken else math.nan


def table(driven: Driven) -> list[str]:
    """A line for each kind, in the order of the mix, and one for all together."""
    lines = ["| request | how many | p50 ms | p95 ms | p99 ms | errors |", "|---|---|---|---|---|---|"]
    for kind in KINDS:
        if mine := [shot for shot in driven.shots if shot.kind == kind]:
            lines.append(_line(kind, mine))
    lines.append(_line("**all**", driven.shots))
    if driven.prepared:
        lines.append(_line("sign-ins before the clock", driven.prepared))
    return lines


def _line(name: str, shots: Iterable[Shot]) -> str:
    shots = list(shots)
    taken = [shot.milliseconds for shot in shots]
    cells = " | ".join(f"{p(taken, share):,.0f}" for share in (50, 95, 99))
    return f"| {name} | {len(shots):,} | {cells} | {sum(bool(shot.error) for shot in shots)} |"


def misses(driven: Driven, rate: float = BAR_RATE) -> list[str]:
    """What of the bar is not met, in words; empty when all is."""
    slow = p95([shot.milliseconds for shot in driven.shots]) if driven.shots else math.inf
    found = [f"p95 {slow:,.0f} ms, not {BAR_MS:,.0f}"] if slow > BAR_MS else []
    if driven.rate < rate:
        found.append(f"{driven.rate:.1f} answers a second, not {rate:g}")
    return [*found, *(f"{count} × {what}" for what, count in driven.errors.most_common())]


def written(driven: Driven) -> str:
    return json.dumps(asdict(driven), ensure_ascii=False)


def read(text: str) -> Driven:
    said = json.loads(text)
    shots, prepared = (tuple(Shot(**each) for each in said.pop(name)) for name in ("shots", "prepared"))
    acknowledged = tuple(Acknowledged(**each) for each in said.pop("acknowledged"))
    return Driven(shots=shots, prepared=prepared, acknowledged=acknowledged, **said)
