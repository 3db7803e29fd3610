"""Hiding what would give a confidential figure away.

An equation says that a total is made of parts and that readers know it. While exactly one quantity of an equation is
hidden, anybody can compute it; so another one is hidden, the smallest part first, until no equation has exactly one.
Totals made here leave confidential parts out and give nothing away by themselves: equations arise where a total comes
from its source, or where a total made here is itself hidden.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.figures.shapes import Figure, Operator, Origin, Rule
from thucthi.monitoring.calculations.figures.tree import Node


@dataclass(frozen=True, slots=True)
class Equation:
    """`total` follows from `parts`; each names a quantity."""

    total: str
    parts: tuple[str, ...]

    @property
    def quantities(self) -> tuple[str, ...]:
        return (*self.parts, self.total)


def suppressed(equations: Iterable[Equation], amounts: Mapping[str, Decimal | None], secret: Iterable[str]) -> set[str]:
    """What must be hidden beside `secret`. Ties are broken by name; a total is hidden only when no part is left.

    A quantity nobody has an amount of protects nothing: it may come in later.
    """
    rows = sorted(equations, key=lambda equation: equation.total)
    hidden = set(secret)
    further: set[str] = set()
    while chosen := next(filter(None, (_to_hide(row, amounts, hidden) for row in rows)), None):
        hidden.add(chosen)
        further.add(chosen)
    return further


def _to_hide(equation: Equation, amounts: Mapping[str, Decimal | None], hidden: set[str]) -> str | None:
    if sum(name in hidden for name in equation.quantities) != 1:
        return None
    shown = [
        (abs(amount), name)
        for name in equation.parts
        if (amount := amounts.get(name)) is not None and name not in hidden
    ]
    if shown:
        return min(shown)[1]
    is_shown = amounts.get(equation.total) is not None and equation.total not in hidden
    return equation.total if is_shown else None


Whole = Mapping[str, Mapping[int, Figure]]


@dataclass(frozen=True, slots=True)
class Known:
    """What a reader of figures knows: equations between quantities, amounts, and which of them are confidential.

    A quantity is "breakdown@unit" (the whole has an empty breakdown), "own:…" the unit's own part of it, "withheld:…"
    the confidential values that a figure made here leaves out and a total from elsewhere holds.
    """

    equations: tuple[Equation, ...]
    amounts: dict[str, Decimal | None]
    secret: frozenset[str]


def known_to_readers(
    nodes: Iterable[Node], rules: Mapping[str, Rule], figures: Whole, dimensions: Mapping[str, Sequence[str]]
) -> Known:
    """`figures` by breakdown and unit; `dimensions`: the categories of each exhaustive dimension.

    A published total holds every part that was owed. A total made here holds what has an amount, and nothing else; a
    mean or a largest value gives its last hidden part away as a sum does. A whole holds all parts of a dimension.
    """
    rows = list(nodes)
    equations: list[Equation] = []
    amounts: dict[str, Decimal | None] = {}
    secret: set[str] = set()
    for breakdown, by_unit in figures.items():
        for figure in by_unit.values():
            name = f"{breakdown}@{figure.unit_id}"
            amounts |= {name: figure.amount, f"own:{name}": figure.own}
            if figure.state is ValueState.CONFIDENTIAL:
                secret.add(name)
            elif figure.confidential:
                secret.add(f"withheld:{name}")
        equations += _of_units(rows, rules, breakdown, by_unit)
    equations += _of_dimensions(figures, dimensions)
    return Known(tuple(equations), amounts, frozenset(secret))


def _of_units(
    rows: Sequence[Node], rules: Mapping[str, Rule], breakdown: str, by_unit: Mapping[int, Figure]
) -> list[Equation]:
    below: dict[int, list[Figure]] = {}
    for node in rows:
        if node.anchor_id is not None:
            below.setdefault(node.anchor_id, []).append(by_unit[node.unit_id])
    made = (_of_unit(by_unit[row.unit_id], rules[row.kind], breakdown, below.get(row.unit_id, [])) for row in rows)
    return [equation for equation in made if equation is not None]


def _of_unit(total: Figure, rule: Rule, breakdown: str, members: list[Figure]) -> Equation | None:
    if rule.operator is Operator.NONE or not members:
        return None
    name = f"{breakdown}@{total.unit_id}"
    if rule.origin is Origin.SOURCE:
        return _of_published(name, total, [(f"{breakdown}@{member.unit_id}", member) for member in members])
    parts = tuple(f"{breakdown}@{member.unit_id}" for member in members if member.amount is not None)
    own = (f"own:{name}",) if rule.origin is Origin.BOTH and total.own is not None else ()
    return Equation(name, (*parts, *own)) if parts else None


def _of_published(name: str, total: Figure, members: Sequence[tuple[str, Figure]]) -> Equation | None:
    owed = tuple(part for part, figure in members if figure.expected)
    withheld = tuple(
        f"withheld:{part}"
        for part, figure in members
        if figure.confidential and figure.state is not ValueState.CONFIDENTIAL
    )
    is_known = total.amount is not None or total.state is ValueState.CONFIDENTIAL
    return Equation(name, (*owed, *withheld)) if owed and is_known else None


def _of_dimensions(figures: Whole, dimensions: Mapping[str, Sequence[str]]) -> list[Equation]:
    found = []
    for dimension, categories in dimensions.items():
        breakdowns = [f"{dimension}:{category}" for category in categories]
        for unit, total in figures.get("", {}).items():
            parts = [(f"{key}@{unit}", figures[key][unit]) for key in breakdowns if unit in figures.get(key, {})]
            equation = _of_published(f"@{unit}", total, parts)
            if equation is not None:
                found.append(equation)
    return found


def hide(figure: Figure) -> Figure:
    """The figure with its numbers taken away and its coverage kept."""
    return replace(
        figure,
        state=ValueState.CONFIDENTIAL,
        amount=None,
        numerator=None,
        denominator=None,
        own=None,
        contributed=None,
        is_suppressed=True,
    )


def with_suppression(
    nodes: Iterable[Node],
    rules: Mapping[str, Rule],
    figures: Whole,
    dimensions: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> dict[str, dict[int, Figure]]:
    """All figures of one indicator and period, the whole and its breakdowns, as they may be shown."""
    rows = list(nodes)
    known = known_to_readers(rows, rules, figures, dimensions)
    hidden = suppressed(known.equations, known.amounts, known.secret)
    shown: dict[str, dict[int, Figure]] = {}
    for breakdown, by_unit in figures.items():
        above = {node.anchor_id for node in rows if f"{breakdown}@{node.unit_id}" in hidden}
        shown[breakdown] = {
            unit: _as_shown(figure, f"{breakdown}@{unit}", hidden, unit in above) for unit, figure in by_unit.items()
        }
    return shown


def _as_shown(figure: Figure, name: str, hidden: set[str], is_above_hidden: bool) -> Figure:
    """What came from below is known to the readers too: it is not shown where it holds something hidden."""
    if name in hidden:
        return hide(figure)
    hides_own = f"own:{name}" in hidden
    if hides_own or is_above_hidden:
        return replace(figure, own=None if hides_own else figure.own, contributed=None)
    return figure
