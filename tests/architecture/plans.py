"""How PostgreSQL would read a query, and whether it would have to read a large table from end to end for it.

In a small database the planner reads everything, rightly. Told that the tables are large, and without sequential scans,
hashes and merges, it uses an index wherever one fits: what still reads a whole table has none.
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


def sequential_scans(query: str) -> list[str]:
    """Large tables that the plan of the query reads from end to end, each with the node that does."""
    with connection.cursor() as cursor:
        for way in ("seqscan", "hashjoin", "mergejoin", "material", "memoize"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute("EXPLAIN (FORMAT JSON) " + query.replace("%", "%%"), [])
        [(plan,)] = cursor.fetchall()
    parsed = plan if isinstance(plan, list) else json.loads(plan)
    nodes = (node for node in _nodes(parsed[0]["Plan"]) if node["Node Type"] == "Seq Scan")
    return sorted({f"{node['Relation Name']}: Seq Scan" for node in nodes if node["Relation Name"] in LARGE})


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)
