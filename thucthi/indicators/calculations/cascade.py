"""Whether the targets of the parts reach the target of the whole: as a sum, a mean, or a floor for each.

A part without a target is not a part that promises nothing: it is counted and named, and never enters as 0. Of a range
the bound counts that binds (paths.binding_bound). No framework, no clock, no database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from thucthi.kernel.values import Direction


class Way(StrEnum):
    """How the promises of parts become one."""

    SUM = "sum"
    MEAN = "mean"
    WEIGHTED_MEAN = "weighted_mean"
    FLOOR = "floor"


@dataclass(frozen=True, slots=True)
class Part:
    """What one unit below promises: `amount` is the binding bound, None without a target; `weight` is for the mean."""

    name: str
    amount: Decimal | None
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Cascade:
    """What the parts come to against `wanted`, in the unit of the indicator.

    `reached` is None when nothing could be added up, and always for a floor. `gap` is what is missing to `wanted` on
    the good way, below 0 when there is more than enough. `is_kept` is None while missing parts may still decide it.
    `missing` have no target, `unweighted` no weight, `short` fall short of the floor.
    """

    way: Way
    wanted: Decimal
    reached: Decimal | None
    gap: Decimal | None
    is_kept: bool | None
    counted: int
    expected: int
    missing: tuple[Part, ...]
    unweighted: tuple[Part, ...]
    short: tuple[Part, ...]


def cascade(parts: Sequence[Part], wanted: Decimal, way: Way, direction: Direction) -> Cascade:
    """Hold what `parts` promise against `wanted`; nothing is rounded."""
    missing = tuple(part for part in parts if part.amount is None)
    weighed = way is Way.WEIGHTED_MEAN
    unweighted = tuple(p for p in parts if weighed and p.amount is not None and (p.weight is None or p.weight < 0))
    counted = [part for part in parts if part not in missing and part not in unweighted]
    reached = _reached(counted, way)
    short = tuple(p for p in counted if p.amount is not None and _falls_short(p.amount, wanted, direction))
    left_out = bool(missing or unweighted)
    if way is Way.FLOOR:
        kept, short_parts = (False if short else None if left_out or not counted else True), short
    else:
        kept, short_parts = _is_kept(counted, reached, wanted, way, direction, left_out=left_out), ()
    return Cascade(
        way=way,
        wanted=wanted,
        reached=reached,
        gap=None if reached is None else _gap(reached, wanted, direction),
        is_kept=kept,
        counted=len(counted),
        expected=len(parts),
        missing=missing,
        unweighted=unweighted,
        short=short_parts,
    )


def _reached(counted: Sequence[Part], way: Way) -> Decimal | None:
    amounts = [(part.amount, part.weight) for part in counted]
    if way is Way.FLOOR or not amounts:
        return None
    if way is Way.SUM:
        return sum((amount for amount, _w in amounts if amount is not None), Decimal(0))
    weights = [(amount, weight if way is Way.WEIGHTED_MEAN else Decimal(1)) for amount, weight in amounts]
    whole = sum((weight for _a, weight in weights if weight is not None), Decimal(0))
    if whole == 0:
        return None
    return sum((a * w for a, w in weights if a is not None and w is not None), Decimal(0)) / whole


def _is_kept(
    counted: Sequence[Part], reached: Decimal | None, wanted: Decimal, way: Way, direction: Direction, *, left_out: bool
) -> bool | None:
    """With parts left out only a sum that no further part can pull back is decided."""
    if reached is None:
        return None
    kept = not _falls_short(reached, wanted, direction)
    if not left_out:
        return kept
    only_adds = way is Way.SUM and all(part.amount is not None and part.amount >= 0 for part in counted)
    if only_adds and direction is Direction.RISE:
        return True if kept else None
    if only_adds and direction is Direction.FALL:
        return None if kept else False
    return None


def _gap(reached: Decimal, wanted: Decimal, direction: Direction) -> Decimal:
    if direction is Direction.HOLD:
        return abs(wanted - reached)
    return wanted - reached if direction is Direction.RISE else reached - wanted


def _falls_short(amount: Decimal, wanted: Decimal, direction: Direction) -> bool:
    return _gap(amount, wanted, direction) > 0
