"""When a question is put: one fact, or two independent oddities; how many of the latter to expect among the honest;
and when a check falls silent because people mostly found nothing behind it.
"""

import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from thucthi.monitoring.calculations.honesty import peers
from thucthi.monitoring.calculations.honesty.distributions import discoveries
from thucthi.monitoring.calculations.honesty.shapes import Panel, Tested

CHECKS_BY_PEERS: Mapping[str, peers.Check] = {
    "heaped_digits": peers.heaped_digits,
    "end_jump": peers.end_jump,
    "too_smooth": peers.too_smooth,
    "bunched_at_target": peers.bunched_at_target,
    "full_everywhere": peers.full_everywhere,
    "above_measured": peers.above_measured,
    "upward_revisions": peers.upward_revisions,
    "last_day_bursts": peers.last_day_bursts,
}
# Checks of one group measure nearly the same: whoever rounds to 80 also bunches at a target of 80.
GROUPS = {
    "heaped_digits": "digits",
    "bunched_at_target": "digits",
    "end_jump": "course",
    "too_smooth": "course",
    "full_everywhere": "level",
    "above_measured": "level",
    "upward_revisions": "entry",
    "last_day_bursts": "entry",
}
SHOWN = "shown"
RATES_FILE = Path(__file__).with_name("rates.json")
FEWEST_VERDICTS = 10
LEAST_CONFIRMED = 0.30
# Of nothing found among n one can say with 95 % confidence: not more than 3 in n.
RULE_OF_THREE = 3.0
Findings = Mapping[str, Mapping[int, Tested]]


def tested_units(panel: Panel) -> dict[str, dict[int, Tested]]:
    """By check, every unit that had enough values to be looked at."""
    return _tested([peers.numbers_of(unit) for unit in panel.units])


def peer_findings(panel: Panel) -> dict[str, dict[int, Tested]]:
    """By check, the units found; each check of a panel is one family of its own."""
    return found_among(tested_units(panel))


def findings_of(numbers: Sequence[peers.Numbers]) -> dict[str, dict[int, Tested]]:
    """The same of peers of whom only the numbers were kept."""
    return found_among(_tested(numbers))


def _tested(numbers: Sequence[peers.Numbers]) -> dict[str, dict[int, Tested]]:
    return {check: look(numbers) for check, look in CHECKS_BY_PEERS.items()}


def found_among(tested: Findings) -> dict[str, dict[int, Tested]]:
    """Of the units tested those found, with the false discoveries of each family held at 5 per cent."""
    kept = {}
    for check, units in tested.items():
        found = discoveries({unit: row.p for unit, row in units.items()})
        kept[check] = {unit: row for unit, row in units.items() if unit in found}
    return kept


def agreed(found: Findings) -> dict[int, tuple[str, ...]]:
    """Units about which at least two checks of different groups agree, with the checks."""
    by_unit: dict[int, list[str]] = {}
    for check, units in found.items():
        for unit in units:
            by_unit.setdefault(unit, []).append(check)
    return {unit: tuple(checks) for unit, checks in by_unit.items() if len({GROUPS[check] for check in checks}) >= 2}


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What people found when they were asked by a check."""

    confirmed: int = 0
    answered: int = 0

    @property
    def share(self) -> float | None:
        return self.confirmed / self.answered if self.answered else None

    @property
    def is_off(self) -> bool:
        """Enough people were asked for nothing: the check asks nobody any more."""
        return self.answered >= FEWEST_VERDICTS and self.confirmed < LEAST_CONFIRMED * self.answered


def confirmed_shares(verdicts: Iterable[tuple[str, bool]]) -> dict[str, Confirmed]:
    """By check, from (check, whether the answer confirmed it)."""
    found: dict[str, Confirmed] = {}
    for check, is_confirmed in verdicts:
        before = found.get(check, Confirmed())
        found[check] = Confirmed(before.confirmed + is_confirmed, before.answered + 1)
    return found


@dataclass(frozen=True, slots=True)
class Rate:
    """What was measured on invented units: honest ones asked, and planted faults found."""

    honest: int
    flagged: int
    planted: int
    found: int
    naive: int | None

    @property
    def false(self) -> float:
        return self.flagged / self.honest if self.honest else 0.0

    @property
    def at_most(self) -> float:
        """An upper bound of the share of honest units asked, with 95 % confidence."""
        if not self.honest:
            return 1.0
        if not self.flagged:
            return min(1.0, RULE_OF_THREE / self.honest)
        return min(1.0, self.false + 1.645 * math.sqrt(self.false * (1 - self.false) / self.honest) + 1 / self.honest)

    @property
    def power(self) -> float | None:
        return self.found / self.planted if self.planted else None

    @property
    def naive_share(self) -> float | None:
        return None if self.naive is None or not self.honest else self.naive / self.honest


@dataclass(frozen=True, slots=True)
class Rates:
    """All rates for a group of about `peers` peers, and when they were measured."""

    measured_on: date
    peers: int
    by_check: Mapping[str, Rate]


def rates_for(peers: int) -> Rates:
    """The rates measured on groups of the size nearest to `peers` (by ratio)."""
    data = _DATA
    sizes = [int(size) for size in data["sizes"]]
    nearest = min(sizes, key=lambda size: abs(math.log(size / max(1, peers))))
    table = data["sizes"][str(nearest)]
    by_check = {
        check: Rate(row["honest"], row["flagged"], row["planted"], row["found"], row.get("naive"))
        for check, row in table.items()
    }
    return Rates(date.fromisoformat(data["measured_on"]), nearest, by_check)


_DATA = json.loads(RATES_FILE.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Expected:
    """How many of the units looked at would be shown by statistics although honest: about, and at most."""

    looked_at: int
    about: float
    at_most: float


def expected_false(looked_at: int, rate: Rate) -> Expected:
    return Expected(looked_at, looked_at * rate.false, looked_at * rate.at_most)


def silent(shares: Mapping[str, Confirmed]) -> Collection[str]:
    """The checks that have switched themselves off."""
    return frozenset(check for check, share in shares.items() if share.is_off)
