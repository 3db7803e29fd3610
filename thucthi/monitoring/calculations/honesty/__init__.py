"""Questions raised by figures: facts that do not fit, and oddities among peers. A question is never a verdict."""

from thucthi.monitoring.calculations.honesty.control import (
    CHECKS_BY_PEERS,
    GROUPS,
    RATES_FILE,
    SHOWN,
    Confirmed,
    Expected,
    Rate,
    Rates,
    agreed,
    confirmed_shares,
    expected_false,
    found_among,
    peer_findings,
    rates_for,
    silent,
    tested_units,
)

__all__ = [
    "CHECKS_BY_PEERS",
    "GROUPS",
    "RATES_FILE",
    "SHOWN",
    "Confirmed",
    "Expected",
    "Rate",
    "Rates",
    "agreed",
    "confirmed_shares",
    "expected_false",
    "found_among",
    "peer_findings",
    "rates_for",
    "silent",
    "tested_units",
]
