"""The few distributions the checks need, and the control of false discoveries.

Written out here because all of them together are a page of arithmetic, and because a package of statistics would add
80 MB to every web process that shows a question.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

MAD_TO_SD = 1.4826
# A median absolute deviation knows its spread about as well as a standard deviation of this share of the values.
MAD_EFFICIENCY = 0.37
SMALLEST_OVERDISPERSION = 1e-4
FEWEST_PEERS = 20


def student_upper_tail(t: float, freedom: int) -> float:
    """P(T ≥ t) for an even number of degrees of freedom, by the finite series."""
    half = max(1, freedom // 2)
    angle = math.atan(t / math.sqrt(2 * half))
    cosine_squared = math.cos(angle) ** 2
    term = total = 1.0
    for step in range(1, half):
        term *= cosine_squared * (2 * step - 1) / (2 * step)
        total += term
    return min(1.0, max(0.0, 0.5 * (1 - math.sin(angle) * total)))


def robust_spread(values: np.ndarray) -> float:
    """The spread of honest peers: of MAD and the upper half up to the 84th percentile the larger one."""
    middle = float(np.median(values))
    mad = MAD_TO_SD * float(np.median(np.abs(values - middle)))
    return max(mad, float(np.quantile(values, 0.84)) - middle)


def robust_tails(values: Mapping[int, float]) -> dict[int, float]:
    """For each unit the probability that an honest peer lies so high or higher; nothing with too few or equal peers."""
    if len(values) < FEWEST_PEERS:
        return {}
    found = np.array(list(values.values()), dtype=float)
    middle, spread = float(np.median(found)), robust_spread(found)
    if spread <= 0:
        return {}
    freedom = max(2, int(MAD_EFFICIENCY * len(found)))
    return {unit: student_upper_tail((value - middle) / spread, freedom) for unit, value in values.items()}


def share_tails(counts: Mapping[int, tuple[int, int]], *, fewest: int, floor: float = 0.0) -> dict[int, float]:
    """For each unit with `fewest` trials: how rare k of n or more is among its peers, by a beta-binomial.

    The peers' usual share is their median (at least `floor`), the spread of honest units about it comes from MAD: a
    binomial takes everybody's habits for a fault and flags a third of honest units.
    """
    large = {unit: (k, n) for unit, (k, n) in counts.items() if n >= fewest}
    if len(large) < FEWEST_PEERS:
        return {}
    hits = np.array([k for k, _ in large.values()], dtype=float)
    trials = np.array([n for _, n in large.values()], dtype=float)
    share, overdispersion = _usual(hits, trials, floor)
    weight = 1 / overdispersion - 1
    tail = _BetaBinomial(share * weight, (1 - share) * weight, int(trials.max()))
    return {unit: tail.upper(k, n) for unit, (k, n) in large.items()}


def usual_share(counts: Mapping[int, tuple[int, int]], *, fewest: int) -> float:
    """The median share of the peers that have enough trials; 0 without any."""
    shares = [k / n for k, n in counts.values() if n >= fewest]
    return float(np.median(shares)) if shares else 0.0


def _usual(hits: np.ndarray, trials: np.ndarray, floor: float) -> tuple[float, float]:
    rates = hits / trials
    typical = float(np.median(trials))
    share = min(max(float(np.median(rates)), floor, 1 / (typical + 2)), 1 - 1 / (typical + 2))
    possible = share * (1 - share)
    excess = robust_spread(rates) ** 2 / possible - 1 / typical
    overdispersion = max(SMALLEST_OVERDISPERSION, excess / (1 - 1 / typical))
    return share, min(overdispersion, 0.9)


class _BetaBinomial:
    """Upper tails for many (k, n) with the same two parameters: the logarithms of Γ are looked up."""

    def __init__(self, a: float, b: float, most: int) -> None:
        self.choose = self._table(1.0, most)
        self.of_a = self._table(a, most)
        self.of_b = self._table(b, most)
        self.of_both = self._table(a + b, most)
        self.constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)

    @staticmethod
    def _table(start: float, most: int) -> np.ndarray:
        return np.array([math.lgamma(start + step) for step in range(most + 1)])

    def upper(self, k: int, n: int) -> float:
        among = np.arange(k, n + 1)
        rest = n - among
        logs = self.choose[n] - self.choose[among] - self.choose[rest]
        logs = logs + self.of_a[among] + self.of_b[rest] - self.of_both[n] + self.constant
        return min(1.0, float(np.exp(logs).sum()))


def discoveries(tails: Mapping[int, float], level: float = 0.05) -> frozenset[int]:
    """The units found within one family (one check, one period) by Benjamini and Hochberg at `level`."""
    ranked = sorted(tails.items(), key=lambda item: (item[1], item[0]))
    last = 0
    for rank, (_, p) in enumerate(ranked, start=1):
        if p <= level * rank / len(ranked):
            last = rank
    return frozenset(unit for unit, _ in ranked[:last])


def theil_sen(x: Sequence[float], y: Sequence[float]) -> tuple[float, float]:
    """(slope, intercept) by the median of slopes; with many points those between the lower and the upper half."""
    order = np.argsort(np.array(x), kind="stable")
    across, up = np.array(x, dtype=float)[order], np.array(y, dtype=float)[order]
    count = len(across)
    if count <= 300:
        first, second = np.triu_indices(count, 1)
    else:
        first = np.arange(count // 2)
        second = first + (count - count // 2)
    runs = across[second] - across[first]
    slopes = (up[second] - up[first])[runs > 0] / runs[runs > 0]
    slope = float(np.median(slopes)) if len(slopes) else 0.0
    return slope, float(np.median(up - slope * across))
