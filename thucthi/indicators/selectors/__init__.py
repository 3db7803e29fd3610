"""Reading indicators, their targets and values."""

from thucthi.indicators.selectors.series import (
    Line,
    StandingRow,
    bound_of,
    history,
    latest_values,
    progress_towards,
    series,
    standing_lines,
    targets_of,
    value_of,
)

__all__ = [
    "Line",
    "StandingRow",
    "bound_of",
    "history",
    "latest_values",
    "progress_towards",
    "series",
    "standing_lines",
    "targets_of",
    "value_of",
]
