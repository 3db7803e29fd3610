"""The units that have a rule, as the organisations stood on a day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from django.db import connection

from thucthi.monitoring.calculations.figures.shapes import COUNTRY
from thucthi.monitoring.calculations.figures.tree import COUNTRY_KIND, Node

# A body without any recorded placement stands where it stands today. Each unit climbs to the next one with a rule.
_NODES = """
WITH RECURSIVE placed AS MATERIALIZED (
    SELECT o.id,
           CASE WHEN o.kind = ANY(%(kinds)s)
                 AND coalesce(o.valid_from <= %(day)s, true) AND coalesce(o.valid_to >= %(day)s, true)
                THEN o.kind END AS kind,
           CASE WHEN p.id IS NOT NULL THEN p.parent_id
                WHEN o.parent_id IS NOT NULL
                     AND NOT EXISTS (SELECT FROM directory_placement e WHERE e.organisation_id = o.id)
                THEN o.parent_id END AS parent
      FROM directory_organisation o
      LEFT JOIN directory_placement p
        ON p.organisation_id = o.id
       AND coalesce(p.valid_from <= %(day)s, true) AND coalesce(p.valid_to >= %(day)s, true)
), climb AS (
    SELECT id, parent AS at, 0 AS steps FROM placed WHERE kind IS NOT NULL
    UNION ALL
    SELECT c.id, p.parent, c.steps + 1 FROM climb c JOIN placed p ON p.id = c.at
     WHERE p.kind IS NULL AND c.steps < %(most_steps)s
)
SELECT u.id, u.kind, c.at FROM placed u JOIN climb c ON c.id = u.id LEFT JOIN placed p ON p.id = c.at
 WHERE u.kind IS NOT NULL AND (c.at IS NULL OR p.kind IS NOT NULL)
"""
MOST_STEPS = 30
_CHANGES = """
SELECT DISTINCT day FROM (
    SELECT valid_from AS day FROM directory_placement UNION ALL SELECT valid_to + 1 FROM directory_placement
    UNION ALL SELECT valid_from FROM directory_organisation UNION ALL SELECT valid_to + 1 FROM directory_organisation
) changes WHERE day > %(first)s AND day <= %(last)s
"""


def nodes_on(day: date, kinds: Collection[str]) -> list[Node]:
    """The units of those kinds that existed on `day`, with the country when it has a rule."""
    bodies = [kind for kind in kinds if kind != COUNTRY_KIND]
    top = Node(COUNTRY, COUNTRY_KIND, None, 0) if COUNTRY_KIND in kinds else None
    if not bodies:
        return [top] if top else []
    with connection.cursor() as cursor:
        cursor.execute(_NODES, {"kinds": bodies, "day": day, "most_steps": MOST_STEPS})
        above: dict[int, list[tuple[int, str]]] = {}
        roots: list[tuple[int, str]] = []
        for unit, kind, anchor in cursor.fetchall():
            (roots if anchor is None else above.setdefault(anchor, [])).append((unit, kind))
    found = [top] if top else []
    waiting = [Node(unit, kind, COUNTRY if top else None, int(top is not None)) for unit, kind in roots]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting += [Node(unit, kind, node.unit_id, node.depth + 1) for unit, kind in above.get(node.unit_id, ())]
    return found


def same_trees(days: Collection[date]) -> dict[date, date]:
    """For each day the first of `days` on which the tree was the same."""
    ordered = sorted(set(days))
    if len(ordered) < 2:
        return {day: day for day in ordered}
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, {"first": ordered[0], "last": ordered[-1]})
        changes = sorted(row[0] for row in cursor.fetchall())
    first_of: dict[date | None, date] = {}
    found = {}
    for day in ordered:
        since = max((change for change in changes if change <= day), default=None)
        found[day] = first_of.setdefault(since, day)
    return found


def under(nodes: Sequence[Node], units: Collection[int]) -> list[Node]:
    """Those of `nodes` that are among `units` or stand below one of them."""
    kept: set[int] = set()
    wanted = frozenset(units)
    found = []
    for node in sorted(nodes, key=lambda node: node.depth):
        if node.unit_id in wanted or node.anchor_id in kept:
            kept.add(node.unit_id)
            found.append(node)
    return found


def kinds_of(units: Iterable[int]) -> Mapping[int, tuple[str, date, date]]:
    """Kind, first and last day of each unit; the country has always been."""
    asked = set(units)
    found = {COUNTRY: (COUNTRY_KIND, date.min, date.max)} if COUNTRY in asked else {}
    with connection.cursor() as cursor:
        if bodies := list(asked - {COUNTRY}):
            cursor.execute(
                "SELECT id, kind, valid_from, valid_to FROM directory_organisation WHERE id = ANY(%s)", [bodies]
            )
            found |= {row[0]: (row[1], row[2] or date.min, row[3] or date.max) for row in cursor.fetchall()}
    return found
