"""Exponential smoothing with given parameters: the recursions that carry a fitted model along a history."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Smoothing:
    """Additive level, damped trend and, when `seasons` are given, additive season (Hyndman, FPP3, 8.1–8.5).

    The initial states belong to the first period of the history; `seasons` are those of the first year in order.
    """

    alpha: float
    beta: float
    phi: float
    level: float
    trend: float
    gamma: float = 0.0
    seasons: tuple[float, ...] = ()

    def forecast(self, history: Sequence[float], horizon: int) -> list[float]:
        level, trend, seasons, _errors = self._run(history)
        found, damping = [], 0.0
        for step in range(1, horizon + 1):
            damping += self.phi**step
            season = seasons[(len(history) + step - 1) % len(seasons)] if seasons else 0.0
            found.append(level + damping * trend + season)
        return found

    def residuals(self, history: Sequence[float]) -> list[float]:
        return self._run(history)[3]

    def widening(self, length: int, horizon: int) -> list[float]:
        """The variance of the class-1 state space models (Hyndman et al. 2008, table 6.1)."""
        variance, damping, found = 1.0, 0.0, []
        for step in range(1, horizon + 1):
            found.append(sqrt(variance))
            damping += self.phi**step
            weight = self.alpha * (1 + self.beta * damping)
            if self.seasons and step % len(self.seasons) == 0:
                weight += self.gamma * (1 - self.alpha)
            variance += weight * weight
        return found

    def _run(self, history: Sequence[float]) -> tuple[float, float, list[float], list[float]]:
        level, trend, seasons = self.level, self.trend, list(self.seasons)
        errors = []
        for at, amount in enumerate(history):
            before, carried = level, self.phi * trend
            season = seasons[at % len(seasons)] if seasons else 0.0
            errors.append(amount - before - carried - season)
            level = self.alpha * (amount - season) + (1 - self.alpha) * (before + carried)
            trend = self.beta * (level - before) + (1 - self.beta) * carried
            if seasons:
                seasons[at % len(seasons)] = self.gamma * (amount - before - carried) + (1 - self.gamma) * season
        return level, trend, seasons, errors


@dataclass(frozen=True, slots=True)
class Theta:
    """Simple smoothing and half the slope of the whole series (Assimakopoulos and Nikolopoulos 2000).

    It is simple smoothing with drift (Hyndman and Billah 2003), whence the growth of its error.
    """

    alpha: float
    slope: float
    level: float

    def forecast(self, history: Sequence[float], horizon: int) -> list[float]:
        level, _errors = self._run(history)
        return [level + self._drift(len(history), step) for step in range(1, horizon + 1)]

    def residuals(self, history: Sequence[float]) -> list[float]:
        return self._run(history)[1]

    def widening(self, length: int, horizon: int) -> list[float]:
        return [sqrt(1 + step * self.alpha**2) for step in range(horizon)]

    def _drift(self, length: int, step: int) -> float:
        if self.alpha <= 0:
            return self.slope / 2 * (step - 1)
        return self.slope / 2 * (step - 1 + (1 - (1 - self.alpha) ** length) / self.alpha)

    def _run(self, history: Sequence[float]) -> tuple[float, list[float]]:
        level, errors = self.level, []
        for at, amount in enumerate(history):
            errors.append(amount - level - self._drift(at, 1))
            level += self.alpha * (amount - level)
        return level, errors
