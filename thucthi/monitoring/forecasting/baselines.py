"""The three methods that need no parameters. Errors grow by the textbook formulas (Hyndman, FPP3, 5.5)."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from thucthi.monitoring.forecasting.shapes import Model


@dataclass(frozen=True, slots=True)
class Naive:
    """It stays as it is."""

    def forecast(self, history: Sequence[float], horizon: int) -> list[float]:
        return [history[-1]] * horizon

    def residuals(self, history: Sequence[float]) -> list[float]:
        return [here - before for before, here in itertools.pairwise(history)]

    def widening(self, length: int, horizon: int) -> list[float]:
        return [sqrt(step) for step in range(1, horizon + 1)]


@dataclass(frozen=True, slots=True)
class SeasonalNaive:
    """It is as in the same period of the year before."""

    season: int

    def forecast(self, history: Sequence[float], horizon: int) -> list[float]:
        year = history[-self.season :]
        return [year[step % self.season] for step in range(horizon)]

    def residuals(self, history: Sequence[float]) -> list[float]:
        return [here - before for before, here in zip(history, history[self.season :], strict=False)]

    def widening(self, length: int, horizon: int) -> list[float]:
        return [sqrt(step // self.season + 1) for step in range(horizon)]


@dataclass(frozen=True, slots=True)
class Drift:
    """It goes on by the mean step of the past."""

    def forecast(self, history: Sequence[float], horizon: int) -> list[float]:
        slope = (history[-1] - history[0]) / (len(history) - 1)
        return [history[-1] + slope * step for step in range(1, horizon + 1)]

    def residuals(self, history: Sequence[float]) -> list[float]:
        slope = (history[-1] - history[0]) / (len(history) - 1)
        return [here - before - slope for before, here in itertools.pairwise(history)]

    def widening(self, length: int, horizon: int) -> list[float]:
        return [sqrt(step * (1 + step / (length - 1))) for step in range(1, horizon + 1)]


def fit_naive(history: Sequence[float], season: int) -> Model | None:
    return Naive() if history else None


def fit_seasonal_naive(history: Sequence[float], season: int) -> Model | None:
    return SeasonalNaive(season) if season > 1 and len(history) > season else None


def fit_drift(history: Sequence[float], season: int) -> Model | None:
    return Drift() if len(history) > 2 else None
