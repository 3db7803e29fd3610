"""Which units have figures, to which unit above each belongs, and the roll-up from the leaves to the country.

Units without a rule, and bodies that do not exist on the day, are transparent: what stands below them belongs to the
next unit above that has a rule. The country stands above all roots.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thucthi.monitoring.calculations.figures.combine import figure_of, figure_of_cell
from thucthi.monitoring.calculations.figures.shapes import COUNTRY, Cell, Figure, Rule

COUNTRY_KIND = "country"


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation as it stood on a day: under whom (None: a root), of what kind, whether it existed."""

    unit_id: int
    parent_id: int | None
    kind: str
    exists: bool = True


@dataclass(frozen=True, slots=True)
class Node:
    """A unit with a rule. `anchor_id` is the next unit above that has one (None: none), `depth` how many there are."""

    unit_id: int
    kind: str
    anchor_id: int | None
    depth: int


def nodes_of(bodies: Iterable[Body], ruled: Iterable[str]) -> list[Node]:
    """The units that have a rule, each before what stands below it. Bodies that no root leads to are left out."""
    kinds = frozenset(ruled)
    below: dict[int | None, list[Body]] = {}
    for body in bodies:
        below.setdefault(body.parent_id, []).append(body)
    top = Node(COUNTRY, COUNTRY_KIND, None, 0) if COUNTRY_KIND in kinds else None
    found = [top] if top else []
    waiting = [(body, top) for body in below.get(None, ())]
    while waiting:
        body, above = waiting.pop()
        if body.exists and body.kind in kinds:
            above = Node(body.unit_id, body.kind, above.unit_id if above else None, above.depth + 1 if above else 0)
            found.append(above)
        waiting += [(child, above) for child in below.get(body.unit_id, ())]
    return sorted(found, key=lambda node: (node.depth, node.unit_id))


def roll_up(
    indicator_id: int,
    period: str,
    *,
    nodes: Iterable[Node],
    rules: Mapping[str, Rule],
    cells: Mapping[int, Cell],
    weights: Callable[[str, int], Decimal | None],
) -> dict[int, Figure]:
    """The figure of every node, by unit. `weights(kind of the unit above, unit)` is what a part weighs there."""
    figures: dict[int, Figure] = {}
    below: dict[int, list[Figure]] = {}
    for node in sorted(nodes, key=lambda node: (-node.depth, node.unit_id)):

        def weigh(unit_id: int, kind: str = node.kind) -> Decimal | None:
            return weights(kind, unit_id)

        stated = figure_of_cell(indicator_id, period, node.unit_id, cells.get(node.unit_id))
        made = figure_of(rules[node.kind], stated=stated, below=below.get(node.unit_id, ()), weigh=weigh)
        figures[node.unit_id] = made
        if node.anchor_id is not None:
            below.setdefault(node.anchor_id, []).append(made)
    return figures


@dataclass(frozen=True, slots=True)
class Known:
    """A row of values as far as standing is concerned: what it corrects, and from when it counts as known."""

    row_id: int
    corrects_id: int | None
    available_on: date
    cell: Cell


def standing(line: Iterable[Known], as_of: date) -> Cell | None:
    """What stood for one line on that day: known then, and not corrected by a row known then.

    When a correction became known later than the one that corrects it, the newest of what is left stands.
    """
    known = [row for row in line if row.available_on <= as_of]
    corrected = {row.corrects_id for row in known}
    left = [row for row in known if row.row_id not in corrected]
    return max(left, key=lambda row: row.row_id).cell if left else None
