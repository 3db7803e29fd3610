"""What is asked of a forecast and what is answered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Method(StrEnum):
    """Simple ones first: of two that are equally good the first is used."""

    NAIVE = "naive"
    SEASONAL_NAIVE = "seasonal_naive"
    DRIFT = "drift"
    DAMPED = "holt_damped"
    THETA = "theta"
    SEASONAL = "ets_seasonal"


class Refusal(StrEnum):
    """Why nothing is forecast."""

    TOO_SHORT = "too_short"
    GAPS = "gaps"
    NO_WAY_AHEAD = "no_way_ahead"


@dataclass(frozen=True, slots=True)
class Series:
    """Amounts of consecutive periods, oldest first, None where there is none; `season` periods make a year.

    `horizon` counts from the last period with an amount.
    """

    key: str
    amounts: tuple[float | None, ...]
    season: int
    horizon: int


@dataclass(frozen=True, slots=True)
class Step:
    """One period ahead: the middle and the standard error around it."""

    middle: float
    error: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """`errors`: by method its mean absolute error on the past, the naive one being 1; None where it was not tried."""

    key: str
    method: Method | None = None
    steps: tuple[Step, ...] = ()
    errors: dict[str, float | None] = field(default_factory=dict)
    refusal: Refusal | None = None


class Model(Protocol):
    """A method with its parameters, applied to any history of the series."""

    def forecast(self, history: Sequence[float], horizon: int) -> list[float]:
        """The middles of the periods after `history`."""
        ...

    def residuals(self, history: Sequence[float]) -> list[float]:
        """The errors of forecasting each period of `history` from those before it."""
        ...

    def widening(self, length: int, horizon: int) -> list[float]:
        """By which multiple of the one-step error the error grows; never smaller further ahead."""
        ...


class Fitter(Protocol):
    """Finds the parameters on `history`; None when there is too little of it or no answer."""

    def __call__(self, history: Sequence[float], season: int) -> Model | None: ...
