"""What waits for a verdict, found body by body and programme by programme in the index of `OpenDuty`.

The price follows what the viewer answers for, not what waits elsewhere: of every body only the oldest rows asked for
are read. The six probes never find the same row twice, so that they can be counted without being compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation, Role
from thucthi.kernel.sight import seeing_everything
from thucthi.programmes.models import Programme, ProgrammeBasis
from thucthi.programmes.selectors.visibility import closed_programmes
from thucthi.reporting.access import REVIEWING_ROLES
from thucthi.reporting.models import Rung

# Above so many bodies the queue is walked in its own order, which then nearly everything in it is the viewer's.
MANY_BODIES = 3_000

# Takes an array of organisations; also asked for within another query, where a page has none to spare. Whether a body
# ended is looked up by key: joined, the planner may read all of them first (3 ms for 20,000 bodies, twice a page).
AND_PREDECESSORS = """
WITH RECURSIVE stood AS (
    SELECT unnest(%s::bigint[]) AS id
    UNION
    SELECT s.predecessor_id FROM stood JOIN directory_succession s ON s.successor_id = stood.id
    WHERE (SELECT o.valid_to FROM directory_organisation o WHERE o.id = s.predecessor_id) IS NOT NULL
) SELECT id FROM stood"""
_ROWS = """
SELECT d.report_id, d.rung, d.submitted_at FROM reporting_openduty d
WHERE d.state = 'waiting' AND d.rung = %s AND d.author_id <> %s AND d.programme_id <> ALL(%s::bigint[]) {also}
{order} LIMIT %s
"""
_BY_KEY = """
SELECT found.* FROM unnest(%s::bigint[]) AS wanted(id) CROSS JOIN LATERAL ({rows}) found
"""
# Whoever agreed on a lower rung, in person or represented, does not stand on a higher one.
_NOT_AGREED = """
AND NOT EXISTS (SELECT 1 FROM reporting_endorsement e WHERE e.report_id = d.report_id
                AND (e.reviewer_id = %s OR e.acting_for_id = %s))
"""
_BELOW = """
AND d.organisation_id <> ALL(%s::bigint[])
AND d.organisation_id IN (SELECT o.id FROM directory_organisation o WHERE o.path && %s::bigint[])
"""
_ORDER = "ORDER BY d.submitted_at, d.report_id"


@dataclass(frozen=True)
class _Probe:
    """Rows of one rung at these organisations or programmes; `below`: of everything under these, in order."""

    column: str
    keys: Sequence[int]
    rung: str
    without_programmes: Sequence[int] = ()
    below: bool = False


@dataclass(frozen=True)
class Reach:
    """Where a viewer's rungs are, read once for counting and for showing; `hidden`: programmes he may not know of."""

    viewer: Viewer
    probes: tuple[_Probe, ...]
    hidden: tuple[int, ...]


@dataclass(frozen=True)
class WaitingRow:
    report_id: int
    rung: str


def reach_of(viewer: Viewer) -> Reach:
    """A handful of queries, however much waits."""
    probes = tuple(probe for probe in _probes(viewer) if probe.keys)
    return Reach(viewer, probes, tuple(_hidden_programmes(viewer)) if probes else ())


def waiting_rows(reach: Reach, *, since: int = 0, to: int | None = None) -> list[WaitingRow]:
    """The rows `since`…`to` of what waits on the viewer's rungs, the oldest first (`to` None: all).

    Never his own report, nor one he agreed with on another rung. Of one task only the newest waits: it says what stands
    now, and a reviewer is not asked about the past again.
    """
    found = _union(reach, limit=to, order=_ORDER)
    if found is None:
        return []
    union, parameters = found
    ordered = f"SELECT report_id, rung FROM ({union}) u ORDER BY submitted_at, report_id OFFSET %s LIMIT %s"  # noqa: S608 - own parts
    with connection.cursor() as cursor:
        cursor.execute(ordered, [*parameters, since, None if to is None else to - since])
        return [WaitingRow(*row) for row in cursor.fetchall()]


def count_waiting(reach: Reach, most: int) -> int:
    """How many wait, counted up to `most`."""
    found = _union(reach, limit=most, order="")
    if found is None:
        return 0
    union, parameters = found
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM (SELECT 1 FROM ({union}) u LIMIT %s) c", [*parameters, most])  # noqa: S608
        return int(cursor.fetchone()[0])


def with_predecessors(organisation_ids: Sequence[int] | frozenset[int]) -> list[int]:
    """The organisations and those in whose place they stand since these ended; one query."""
    with connection.cursor() as cursor:
        cursor.execute(f"{AND_PREDECESSORS} ORDER BY id", [sorted(organisation_ids)])
        return [pk for (pk,) in cursor.fetchall()]


def _union(reach: Reach, *, limit: int | None, order: str) -> tuple[str, list[Any]] | None:
    if not reach.probes:
        return None
    parts: list[str] = []
    parameters: list[Any] = []
    for probe in reach.probes:
        part, given = _query(probe, reach, limit, order)
        parts.append(f"({part})")
        parameters += given
    return " UNION ALL ".join(parts), parameters


def _query(probe: _Probe, reach: Reach, limit: int | None, order: str) -> tuple[str, list[Any]]:
    """`d.{column} = wanted.id` looks into the index once per key."""
    also: list[str] = []
    more: list[Any] = []
    if probe.below:
        also.append(_BELOW)
        more += [list(probe.keys), list(probe.keys)]
    else:
        also.append(f"AND d.{probe.column} = wanted.id")
    if probe.rung:
        also.append(_NOT_AGREED)
        more += [reach.viewer.account_id, reach.viewer.account_id]
    rows = _ROWS.format(also=" ".join(also), order=order)
    given = [probe.rung, reach.viewer.account_id, [*reach.hidden, *probe.without_programmes], *more, limit]
    return (rows, given) if probe.below else (_BY_KEY.format(rows=rows), [list(probe.keys), *given])


def _probes(viewer: Viewer) -> list[_Probe]:
    judging, heads = viewer.organisation_ids(*REVIEWING_ROLES), viewer.organisation_ids(Role.HEAD)
    verifying = viewer.organisation_ids(Role.VERIFIER)
    probes = _of_reviewers(judging) if judging else []
    if heads:
        probes.append(_Probe("organisation_id", with_predecessors(heads), Rung.OWN_HEAD))
    if verifying:
        kept = ProgrammeBasis.objects.filter(document__register__in=verifying).values_list("programme", flat=True)
        probes.append(_Probe("programme_id", sorted(set(kept)), Rung.VERIFIER))
    return probes


def _of_reviewers(judging: frozenset[int]) -> list[_Probe]:
    programmes = list(Programme.objects.filter(organisation__in=judging).values_list("pk", flat=True))
    lines = Organisation.objects.filter(path__overlap=list(judging)).values_list("pk", "path")[: MANY_BODIES + 1]
    if len(lines) <= MANY_BODIES:
        below = [pk for pk, path in lines if judging.intersection(path[:-1])]
        bodies = _Probe("organisation_id", below, "", programmes)
        children = [pk for pk, path in lines if judging.intersection(path[-2:-1])]
    else:
        bodies = _Probe("organisation_id", sorted(judging), "", programmes, below=True)
        children = list(Organisation.objects.filter(parent__in=judging).values_list("pk", flat=True))
    return [
        bodies,
        _Probe("programme_id", programmes, ""),
        _Probe("programme_id", programmes, Rung.OWNER),
        _Probe("organisation_id", children, Rung.SUPERIOR),
    ]


def _hidden_programmes(viewer: Viewer) -> list[int]:
    """Issued programmes under a document that is not public, and that the viewer may not know of; a short list."""
    closed = Programme.objects.filter(issued_on__isnull=False, is_open=False)
    with seeing_everything():
        found = set(closed.values_list("pk", flat=True))
    if not found or viewer.is_system:
        return []
    return sorted(found.difference(closed_programmes(viewer)))
