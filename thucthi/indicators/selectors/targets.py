"""Targets in the shapes of the arithmetic: their bound, their path, their words."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from thucthi.indicators.calculations.lowering import Terms
from thucthi.indicators.calculations.paths import PathFacts, PathKind, Point, binding_bound
from thucthi.indicators.models import Target
from thucthi.indicators.selectors.series import bound_of
from thucthi.kernel.values import Direction


def path_of(target: Target) -> PathFacts:
    """The way a target wants to be gone, until the last day of its year; `target.indicator` should be at hand."""
    direction = Direction(target.indicator.direction)
    return PathFacts(
        kind=PathKind(target.path),
        baseline=target.baseline,
        baseline_on=target.baseline_on,
        target=binding_bound(bound_of(target), direction, target.baseline),
        ends_on=date(target.year, 12, 31) if target.year else None,
        points=points_of(target.path_points),
    )


def points_of(stored: object) -> tuple[Point, ...]:
    """Stored points of a path as days and amounts."""
    rows = stored if isinstance(stored, list) else []
    return tuple((date.fromisoformat(day), Decimal(amount)) for day, amount in rows)


def plain_points(points: Sequence[Point]) -> list[list[str]]:
    """Points of a path as they are stored."""
    return [[day.isoformat(), f"{amount:f}"] for day, amount in points]


def terms_of(target: Target) -> Terms:
    """What a decision may change in the target."""
    return Terms(
        operator=target.operator,
        low=target.low,
        high=target.high,
        year=target.year,
        baseline=target.baseline,
        baseline_on=target.baseline_on,
        path=target.path,
        path_points=points_of(target.path_points),
    )


def plain_terms(terms: Terms) -> dict[str, object]:
    """Terms as they are kept with a change and in the ledger; the same amount is always written alike."""
    return {
        "operator": str(terms.operator),
        "low": _plain(terms.low),
        "high": _plain(terms.high),
        "year": terms.year,
        "baseline": _plain(terms.baseline),
        "baseline_on": terms.baseline_on.isoformat() if terms.baseline_on else None,
        "path": str(terms.path),
        "path_points": [[day.isoformat(), _plain(amount)] for day, amount in terms.path_points],
    }


def kept_terms(plain: dict[str, Any]) -> Terms:
    """Terms as they were kept."""
    day = plain.get("baseline_on")
    return Terms(
        operator=plain["operator"],
        low=_amount(plain.get("low")),
        high=_amount(plain.get("high")),
        year=plain.get("year"),
        baseline=_amount(plain.get("baseline")),
        baseline_on=date.fromisoformat(day) if day else None,
        path=plain.get("path", "straight"),
        path_points=points_of(plain.get("path_points", [])),
    )


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount.normalize():f}"


def _amount(plain: str | None) -> Decimal | None:
    return None if plain is None else Decimal(plain)


def is_norm(target: Target) -> bool:
    """Owed by every period alike: no year to reach it by, or a yearly rate."""
    indicator = target.indicator
    return (target.year is None and not target.path_points) or (
        target.baseline is None and indicator.unit.rstrip().endswith("/năm")
    )
