"""Tries the methods on the past, uses the best one that beats the naive method, and says how wrong each was.

The back-test lets each method see the past up to some period and compares the next year with what came (rolling
origin). Parameters are found once, on what lies before the first of these periods. The error is the mean absolute error
divided by that of the naive method: 1 is as good as saying "it stays as it is". Errors further ahead overlap, and a
series that only wanders looks like a trend afterwards. So a method is used instead of the naive one only if it also
misses the very next value by less (paired test): error at most 0.9 with t at least 2, or at most 0.6 with t at least 1.
How many series that only wander are given another method nonetheless is measured in benchmarks/values/forecast.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, inf, isfinite, sqrt

from thucthi.monitoring.forecasting.baselines import Naive, fit_drift, fit_naive, fit_seasonal_naive
from thucthi.monitoring.forecasting.shapes import Fitter, Method, Model, Outlook, Refusal, Series, Step

FEWEST_VALUES = {52: 26, 12: 12, 4: 8}
FEWEST_VALUES_ELSE = 8
LONGEST_GAP_BRIDGED = 2
MOST_BRIDGED = 0.1
MOST_ORIGINS = 8
# (largest error, least t): what beats the naive method clearly needs less certainty about the next step.
GOOD_ENOUGH = ((0.9, 2.0), (0.6, 1.0))
FEWEST_TO_LEARN_FROM = 5
LONGEST_TRIED = 12
BASELINES: Mapping[Method, Fitter] = {
    Method.NAIVE: fit_naive,
    Method.SEASONAL_NAIVE: fit_seasonal_naive,
    Method.DRIFT: fit_drift,
}


@dataclass(frozen=True, slots=True)
class Trial:
    """What one method missed on the past: `misses` by origin, one, two … steps ahead; `next_misses` of each period.

    All are absolute errors.
    """

    misses: tuple[tuple[float, ...], ...]
    next_misses: tuple[float, ...]

    @property
    def mean(self) -> float:
        flat = [miss for misses in self.misses for miss in misses]
        return sum(flat) / len(flat)


def fewest_values(season: int) -> int:
    return FEWEST_VALUES.get(season, FEWEST_VALUES_ELSE)


def prepared(amounts: Sequence[float | None], season: int) -> tuple[list[float], Refusal | None]:
    """The newest stretch without a long gap, short gaps bridged by a straight line; or why it cannot be used."""
    stretch, gap = [], 0
    for amount in reversed(_trimmed(amounts)):
        gap = gap + 1 if amount is None else 0
        if gap > LONGEST_GAP_BRIDGED:
            break
        stretch.append(amount)
    stretch = _trimmed(stretch[::-1])
    known = sum(amount is not None for amount in stretch)
    if known < fewest_values(season):
        was_long_enough = sum(amount is not None for amount in amounts) >= fewest_values(season)
        return [], Refusal.GAPS if was_long_enough else Refusal.TOO_SHORT
    if len(stretch) - known > MOST_BRIDGED * len(stretch):
        return [], Refusal.GAPS
    return _bridged(stretch), None


def outlook(series: Series, smoothing: Mapping[Method, Fitter]) -> Outlook:
    """The forecast of one series by the best of the baselines and the `smoothing` methods. Never raises."""
    history, refusal = prepared(series.amounts, series.season)
    if refusal is None and series.horizon < 1:
        refusal = Refusal.NO_WAY_AHEAD
    if refusal:
        return Outlook(series.key, refusal=refusal)
    fitters = {**BASELINES, **smoothing}
    starts = origins(len(history), series.season)
    trials = {method: _tried(fit, history, series.season, starts) for method, fit in fitters.items()}
    errors = _errors(trials)
    method = _best(trials, errors)
    model = fitters[method](history, series.season)
    if model is None:
        method, model = Method.NAIVE, Naive()
    steps = _steps(model, history, series.horizon, trials[method])
    if not steps:
        method, steps = Method.NAIVE, _steps(Naive(), history, series.horizon, trials[Method.NAIVE])
    return Outlook(series.key, method, steps, {str(name): error for name, error in errors.items()})


def origins(length: int, season: int) -> list[int]:
    """How much of the past each try may see: at most MOST_ORIGINS, evenly spread, from two years on if possible."""
    first = max(FEWEST_TO_LEARN_FROM, length // 2)
    if length >= 2 * season + 4:
        first = max(first, 2 * season)
    possible = range(first, length)
    every = ceil(len(possible) / MOST_ORIGINS)
    return list(possible[::-every])[::-1]


def _tried(fit: Fitter, history: Sequence[float], season: int, starts: Sequence[int]) -> Trial | None:
    model = fit(history[: starts[0]], season)
    if model is None:
        return None
    ahead = min(max(season, 3), LONGEST_TRIED)
    misses = tuple(_misses(model, history, start, ahead) for start in starts)
    following = tuple(_misses(model, history, start, 1)[0] for start in range(starts[0], len(history)))
    return Trial(misses, following) if all(isfinite(miss) for row in (*misses, following) for miss in row) else None


def _misses(model: Model, history: Sequence[float], start: int, ahead: int) -> tuple[float, ...]:
    came = history[start : start + ahead]
    said = model.forecast(history[:start], len(came))
    return tuple(abs(right - wrong) for right, wrong in zip(came, said, strict=True))


def _errors(trials: Mapping[Method, Trial | None]) -> dict[Method, float | None]:
    naive = trials[Method.NAIVE]
    scale = naive.mean if naive else 0.0
    found: dict[Method, float | None] = {}
    for method, trial in trials.items():
        found[method] = round(trial.mean / scale, 4) if trial and scale else None
    found[Method.NAIVE] = 1.0
    return found


def _best(trials: Mapping[Method, Trial | None], errors: Mapping[Method, float | None]) -> Method:
    naive = trials[Method.NAIVE]
    best, least = Method.NAIVE, 1.0
    for method, trial in trials.items():
        error = errors[method]
        if naive is None or trial is None or error is None or error >= least:
            continue
        sure = _certainty(trial, naive)
        if any(error <= largest and sure >= fewest for largest, fewest in GOOD_ENOUGH):
            best, least = method, error
    return best


def _certainty(trial: Trial, naive: Trial) -> float:
    """The t of the paired test of how much less the next value is missed (Diebold and Mariano 1995, one step ahead)."""
    gains = [theirs - ours for theirs, ours in zip(naive.next_misses, trial.next_misses, strict=True)]
    mean = sum(gains) / len(gains)
    if len(gains) < 2 or mean <= 0:
        return 0.0
    spread = sqrt(sum((gain - mean) ** 2 for gain in gains) / (len(gains) - 1))
    return mean * sqrt(len(gains)) / spread if spread else inf


def _steps(model: Model, history: Sequence[float], horizon: int, trial: Trial | None) -> tuple[Step, ...]:
    """The one-step error is the larger of what the model misses on the history and what the back-test missed."""
    error = max(_root_mean_square(model.residuals(history)), _root_mean_square(trial.next_misses if trial else ()))
    middles = model.forecast(history, horizon)
    steps = [
        Step(middle, error * multiple)
        for middle, multiple in zip(middles, model.widening(len(history), horizon), strict=True)
    ]
    return tuple(steps) if all(isfinite(step.middle) and isfinite(step.error) for step in steps) else ()


def _root_mean_square(errors: Sequence[float]) -> float:
    return sqrt(sum(error * error for error in errors) / len(errors)) if errors else 0.0


def _trimmed(amounts: Sequence[float | None]) -> list[float | None]:
    known = [place for place, amount in enumerate(amounts) if amount is not None]
    return list(amounts[known[0] : known[-1] + 1]) if known else []


def _bridged(stretch: Sequence[float | None]) -> list[float]:
    found: list[float] = []
    for place, amount in enumerate(stretch):
        if amount is not None:
            found.append(amount)
            continue
        after, further = next((a, n) for n, a in enumerate(stretch[place:]) if a is not None)
        found.append(found[-1] + (after - found[-1]) / (further + 1))
    return found
