"""What waits, directly or through others, for a task: read from the graph of dependencies (D65)."""

from collections.abc import Collection

from django.db import connection

_DOWNSTREAM = """
    WITH RECURSIVE down(origin, id) AS (
        SELECT pk, pk FROM unnest(%s::bigint[]) AS pk
        UNION
        SELECT down.origin, d.waiting_task_id FROM down
          JOIN programmes_dependency d
            ON d.needed_task_id = down.id AND d.ended_on IS NULL AND d.kind <> 'competes'
    )
    SELECT origin, array_agg(id) FROM down WHERE id <> origin GROUP BY origin
"""


def downstream_of(task_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """By task id, the ids of all tasks that cannot go on before it; every id is a key, none is its own follower.

    One query; dependencies that were ended and pairs that only compete do not count; a ring ends where it closes.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DOWNSTREAM, [list(task_ids)])
        found = {origin: frozenset(ids) for origin, ids in cursor.fetchall()}
    return {pk: found.get(pk, frozenset()) for pk in task_ids}
