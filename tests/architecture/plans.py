"""How PostgreSQL would read a query, and whether it would have to read a large table from end to end for it.

In a small database the planner reads everything, rightly. Without sequential scans, hashes and merges it must use an
index wherever one fits: what still reads a whole table has none, and will read it whole at a million rows too.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection

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
        "indicators_observation",
        "monitoring_taskstanding",
    }
)
_CONDITIONS = ("Index Cond", "Recheck Cond", "TID Cond")


def whole_readings(query: str) -> list[str]:
    """Large tables that the plan of the query reads whole, each with the node that does."""
    with connection.cursor() as cursor:
        for way in ("seqscan", "hashjoin", "mergejoin", "material", "memoize"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute("EXPLAIN (FORMAT JSON) " + query.replace("%", "%%"), [])
        [(plan,)] = cursor.fetchall()
    parsed = plan if isinstance(plan, list) else json.loads(plan)
    return sorted(
        {f"{node['Relation Name']}: {node['Node Type']}" for node in _nodes(parsed[0]["Plan"]) if _whole(node)}
    )


def _whole(node: dict[str, Any]) -> bool:
    return node.get("Relation Name") in LARGE and not any(node.get(name) for name in _CONDITIONS)


def _nodes(node: dict[str, Any], *, is_cut: bool = False) -> Iterator[dict[str, Any]]:
    """All nodes but those whose reading a LIMIT directly above ends early."""
    if not (is_cut and "Index" in node["Node Type"]):
        yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below, is_cut=node["Node Type"] == "Limit")
