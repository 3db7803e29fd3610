"""Whether values can be relied on: in time, plausible, agreeing with one another, all there. No clock, no database."""

from thucthi.indicators.calculations.quality.consistency import Finding, Outcome, Relation, Term, check
from thucthi.indicators.calculations.quality.freshness import Freshness, Staleness, staleness
from thucthi.indicators.calculations.quality.outliers import (
    FEWEST_OTHERS,
    FLAGGED_FROM,
    FLAGGED_FROM_BY_MEAN,
    Deviation,
    OutOfRange,
    against_history,
    out_of_range,
    robust_score,
    scores_among,
)
from thucthi.indicators.calculations.quality.rates import OwedValue, Rates, Reporting, rates, reporting_of

__all__ = [
    "Finding",
    "Outcome",
    "Relation",
    "Term",
    "check",
    "Freshness",
    "Staleness",
    "staleness",
    "FEWEST_OTHERS",
    "FLAGGED_FROM",
    "FLAGGED_FROM_BY_MEAN",
    "Deviation",
    "OutOfRange",
    "against_history",
    "out_of_range",
    "robust_score",
    "scores_among",
    "OwedValue",
    "Rates",
    "Reporting",
    "rates",
    "reporting_of",
]
