"""What came back: counting, percentiles, the table. Pure."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from benchmarks.kept import p95
from benchmarks.rush.plan import PUBLIC, READING, REPORTING, SIGN_IN

BAR_MS, BAR_RATE = 300.0, 50.0
# Who asks: cheap requests of one group must not hide the dear ones of another.
GROUPS = {
    "units": (*SIGN_IN, *REPORTING),
    "officials": tuple(f"{name} (official)" for name in READING),
    "public": tuple(f"{name} (public)" for name in PUBLIC),
}


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


def groups(driven: Driven) -> dict[str, list[Shot]]:
    """By who asked, and all together; those of whom there are any."""
    found = {name: [shot for shot in driven.shots if shot.kind in kinds] for name, kinds in GROUPS.items()}
    return {name: mine for name, mine in (found | {"all": list(driven.shots)}).items() if mine}


def table(driven: Driven) -> list[str]:
    """A line for each kind, in the order of the mix, one for each group, and one for all together."""
    lines = ["| request | how many | p50 ms | p95 ms | p99 ms | errors |", "|---|---|---|---|---|---|"]
    for kind in (kind for kinds in GROUPS.values() for kind in kinds):
        if mine := [shot for shot in driven.shots if shot.kind == kind]:
            lines.append(_line(kind, mine))
    lines += [_line(f"**{name}**", mine) for name, mine in groups(driven).items()]
    if driven.prepared:
        lines.append(_line("before the clock", driven.prepared))
    return lines


def _line(name: str, shots: Iterable[Shot]) -> str:
    shots = list(shots)
    taken = [shot.milliseconds for shot in shots]
    cells = " | ".join(f"{p(taken, share):,.0f}" for share in (50, 95, 99))
    return f"| {name} | {len(shots):,} | {cells} | {sum(bool(shot.error) for shot in shots)} |"


def misses(driven: Driven, rate: float = BAR_RATE) -> list[str]:
    """What of the bar is not met, by any group, in words; empty when all is."""
    slow = {name: p95([shot.milliseconds for shot in mine]) for name, mine in groups(driven).items()}
    found = [f"p95 of {name} {each:,.0f} ms, not {BAR_MS:,.0f}" for name, each in slow.items() if each > BAR_MS]
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
