"""The critical chain of a thing, and how many working days each thing before it may slip without moving its end."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from thucthi.monitoring.calculations.propagation import (
    CONTRIBUTES,
    INSTRUMENT,
    OWES,
    Expected,
    Plan,
    calendar_for,
    is_planned_after,
)
from thucthi.monitoring.calculations.propagation_days import WorkingCalendar
from thucthi.programmes.calculations.graph import Edge, Node, needed_by, ordered, upstream


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a chain: `edge` pushed this node, None for the first, whose own date decides."""

    node: Node
    edge: Edge | None


def chain_of(found: Mapping[Node, Expected], goal: Node) -> tuple[Link, ...]:
    """From the thing whose own date decides to `goal`; only `goal` itself when nothing pushes it."""
    links: list[Link] = []
    node: Node | None = goal
    while node is not None:
        edge = found[node].pushed_by
        links.append(Link(node, edge))
        node = edge.needed if edge else None
    return tuple(reversed(links))


def slacks(
    plans: Mapping[Node, Plan], edges: Collection[Edge], found: Mapping[Node, Expected], goal: Node
) -> dict[Node, int]:
    """Working days that each thing before `goal` may slip without moving its expected end; 0 on the chain.

    Things that have ended, that have no expected day, or that reach `goal` only through an ended one are left out.
    """
    before = upstream(edges, [goal])
    known = [edge for edge in edges if edge.waiting in before and edge.needed in plans and edge.waiting in plans]
    known = [edge for edge in known if not is_planned_after(edge, plans)]
    calendar, incoming = calendar_for(plans.values()), needed_by(known)
    latest: dict[Node, int] = {}
    for node in reversed(ordered([goal], known).nodes):
        place = _place(found[node], calendar)
        if place is None or not _is_open(plans[node]):
            continue
        if node == goal:
            latest[node] = place
        if node in latest:
            _hold(latest, incoming.get(node, ()), plans[node], latest[node])
    places = {node: _place(found[node], calendar) for node in latest if _is_open(plans[node])}
    return {node: latest[node] - place for node, place in places.items() if place is not None}


def _is_open(plan: Plan) -> bool:
    return plan.settled is None and not plan.is_void


def _place(expected: Expected, calendar: WorkingCalendar) -> int | None:
    """Working days before the first day on which something that waits may start."""
    if expected.expected is None:
        return None
    if expected.node.kind == INSTRUMENT:
        return calendar.first_at(expected.expected) - 1
    return calendar.count(expected.expected)


def _hold(latest: dict[Node, int], incoming: Collection[Edge], plan: Plan, number: int) -> None:
    """Hand on to what `plan` needs how late it may end at most."""
    for edge in incoming:
        if edge.kind == OWES:
            allowed = number + 1
        elif edge.kind == CONTRIBUTES:
            allowed = number
        else:
            allowed = number - 1 - edge.lag - (plan.work_days or 0)
        latest[edge.needed] = min(allowed, latest.get(edge.needed, allowed))
