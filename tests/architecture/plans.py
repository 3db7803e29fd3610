"""How PostgreSQL would read a query, and whether it would have to read a large table from end to end for it.

In a small database the planner reads everything, rightly. Told that the tables are large, and without sequential scans,
hashes and merges, it uses an index wherever one fits: what still reads a whole table has none. A prepared statement is
asked for both its plans: the one for these values and the one for any, which it settles on.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection

LOOP = "Nested Loop"
LARGE = frozenset(
    {
        "programmes_task",
        "programmes_taskevent",
        "programmes_taskchange",
        "programmes_coordination",
        "programmes_citation",
        "reporting_obligation",
        "reporting_report",
        "reporting_acceptance",
        "reporting_openduty",
        "reporting_pause",
        "indicators_observation",
        "monitoring_taskstanding",
    }
)


def sequential_scans(query: str) -> list[str]:
    """Large tables that the plan of the query reads from end to end, each with the node that does."""
    with connection.cursor() as cursor:
        for way in ("seqscan", "hashjoin", "mergejoin", "material", "memoize"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    plans = ("force_custom_plan", "force_generic_plan") if query.startswith("EXECUTE ") else ("auto",)
    found = (node for plan in plans for node in _nodes(_planned(query, plan)))
    return sorted(
        {
            f"{node['Relation Name']}: {node['Node Type']}"
            for node, limited in found
            if node.get("Relation Name") in LARGE and _is_whole(node, limited)
        }
    )


def joins(query: str, mode: str) -> list[str]:
    """The joins of the rows themselves; what is looked up for each row, or once before, may join as it likes."""
    return [
        kind for node in _of_the_rows(_planned(query, mode)) if "Join" in (kind := node["Node Type"]) or kind == LOOP
    ]


def _of_the_rows(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        if below["Parent Relationship"] not in ("SubPlan", "InitPlan"):
            yield from _of_the_rows(below)


def _planned(query: str, mode: str) -> dict[str, Any]:
    """Anew: a plan that is kept was made before the sequential scans were taken away."""
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")
        cursor.execute(f"SET LOCAL plan_cache_mode = {mode}")
        cursor.execute("EXPLAIN (FORMAT JSON) " + query.replace("%", "%%"), [])
        [(plan,)] = cursor.fetchall()
    parsed: list[dict[str, Any]] = plan if isinstance(plan, list) else json.loads(plan)
    root: dict[str, Any] = parsed[0]["Plan"]
    return root


def _is_whole(node: dict[str, Any], is_limited: bool) -> bool:
    """Rows read in the order of an index without a condition are all rows, unless somebody above stops after the first.

    An index alone is read for less: a partial one holds few, and whoever counts a whole country reads one.
    """
    is_read_in_order = node["Node Type"] == "Index Scan" and "Index Cond" not in node
    return node["Node Type"] == "Seq Scan" or (is_read_in_order and not is_limited)


def _nodes(node: dict[str, Any], is_limited: bool = False) -> Iterator[tuple[dict[str, Any], bool]]:
    """Each node, and whether a Limit above it stops the reading; what sorts or groups reads on to the end."""
    is_limited = node["Node Type"] == "Limit" or (is_limited and node["Node Type"] not in ("Sort", "Aggregate"))
    yield node, is_limited
    for below in node.get("Plans", ()):
        yield from _nodes(below, is_limited)
