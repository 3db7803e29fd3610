"""Fits the smoothing methods with the statistics library. Only the worker imports this module."""

import warnings
from collections.abc import Sequence

import numpy as np
from statsmodels.tsa.forecasting.theta import ThetaModel
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from thucthi.monitoring.forecasting.exponential import Smoothing, Theta
from thucthi.monitoring.forecasting.shapes import Model

FEWEST_FOR_TREND = 8
# What the optimiser and its linear algebra raise on series that have no answer, such as constant ones.
NO_ANSWER = (ValueError, ArithmeticError, np.linalg.LinAlgError, IndexError)


def fit_damped(history: Sequence[float], season: int) -> Model | None:
    """Level and damped trend."""
    if len(history) < FEWEST_FOR_TREND:
        return None
    return _smoothing(history, {})


def fit_seasonal(history: Sequence[float], season: int) -> Model | None:
    """Level, damped trend and season; two whole years are needed to tell the season from the trend."""
    if season < 2 or len(history) < 2 * season:
        return None
    return _smoothing(history, {"seasonal": "add", "seasonal_periods": season})


def fit_theta(history: Sequence[float], season: int) -> Model | None:
    if len(history) < FEWEST_FOR_TREND:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = ThetaModel(np.asarray(history, dtype=float), period=1, deseasonalize=False).fit()
    except NO_ANSWER:
        return None
    return Theta(float(found.params["alpha"]), float(found.params["b0"]), float(history[0]))


def _smoothing(history: Sequence[float], seasonal: dict[str, object]) -> Model | None:
    # Estimating the initial states as well takes fifteen times as long and changes little after two years.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = ExponentialSmoothing(
                np.asarray(history, dtype=float),
                trend="add",
                damped_trend=True,
                initialization_method="heuristic",
                **seasonal,
            )
            found = model.fit().params
    except NO_ANSWER:
        return None
    return Smoothing(
        alpha=float(found["smoothing_level"]),
        beta=float(found["smoothing_trend"]),
        phi=float(found["damping_trend"]),
        level=float(found["initial_level"]),
        trend=float(found["initial_trend"]),
        gamma=float(found["smoothing_seasonal"]) if seasonal else 0.0,
        seasons=tuple(float(one) for one in found["initial_seasons"]) if seasonal else (),
    )
