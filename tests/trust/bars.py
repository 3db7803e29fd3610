"""The bars of trust, which tests measure each, and the table that `make trust` prints.

A test is tied to a bar with `@bar("B28")`, its planted fault with `@bar("B28", planted=True)`; what was counted is said
with `record_property("measured", "…")`. A bar stands when its tests pass and at least one planted fault was seen.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest

BARS = {
    "B1": "no statement of the application rewrites a fact",
    "B2": "every table of facts is guarded, a new one too",
    "B3": "nobody states a figure for a body that is not his",
    "B4": "each act leaves exactly one entry in its transaction",
    "B7": "a bundle changed anywhere is refused by both verifiers",
    "B8": "the hash tree agrees with an independent one; a fork is refused",
    "B10": "each address answers each role as the table of people says",
    "B11": "no address without a rule",
    "B12": "another unit's ids give nothing away",
    "B13": "what one may not see looks like what does not exist",
    "B14": "rules, lists and the database's own policies agree",
    "B17": "nobody approves his own",
    "B22": "no exported cell is a formula",
    "B23": "published totals are the sums of published rows, under writers",
    "B27": "every answer carries its headers; no text is run as script",
    "B28": "nothing changes without a token, nothing by reading",
}


def bar(name: str, *, planted: bool = False) -> pytest.MarkDecorator:
    """Ties a test to a bar; raises KeyError for a bar that is not in the list."""
    return pytest.mark.trust(name, BARS[name], planted=planted)


def tell_bars(items: Iterable[pytest.Item]) -> None:
    """Marks become properties of the reports, which also cross the border between processes."""
    for item in items:
        for mark in item.iter_markers("trust"):
            item.user_properties.append(("bar", mark.args[0]))
            item.user_properties.append(("planted", mark.kwargs["planted"]))


@dataclass
class Standing:
    passed: int = 0
    failed: int = 0
    planted: int = 0
    measured: list[str] = field(default_factory=list)

    @property
    def stands(self) -> bool:
        return bool(self.passed and self.planted and not self.failed)


def standings(reports: Iterable[Any]) -> dict[str, Standing]:
    """By bar, from reports of the calls of tests (and of set-ups that failed)."""
    found: dict[str, Standing] = defaultdict(Standing)
    for report in reports:
        told = dict(report.user_properties)
        if "bar" not in told:
            continue
        standing = found[told["bar"]]
        if not report.passed:
            standing.failed += 1
        elif told["planted"]:
            standing.planted += 1
        else:
            standing.passed += 1
            standing.measured += [str(value) for name, value in report.user_properties if name == "measured"]
    return found


def lines(found: dict[str, Standing]) -> list[str]:
    """The table: a line for each bar, also for one that nothing measured."""
    rows = [f"{'bar':5}{'holds':8}{'tests':>6}{'planted':>9}  what · measured"]
    for name, text in BARS.items():
        standing = found.get(name, Standing())
        word = "yes ✓" if standing.stands else "NO ✗"
        measured = f" · {'; '.join(standing.measured)}" if standing.measured else ""
        tests = standing.passed + standing.failed
        rows.append(f"{name:5}{word:8}{tests:>6}{standing.planted:>9}  {text}{measured}")
    return rows
