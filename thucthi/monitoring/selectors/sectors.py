"""Every sector under every resolution: a resolution is not the matter of one ministry alone (D64)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.documents.models import Document, DocumentType
from thucthi.documents.selectors import visible_documents
from thucthi.kernel.answers import ANSWERS, Answer
from thucthi.monitoring.selectors.rollups import live_counts
from thucthi.monitoring.selectors.tasks_under import OF_DOCUMENT
from thucthi.programmes.models import ProgrammeBasis
from thucthi.programmes.selectors import visible_programmes, visible_tasks
from thucthi.programmes.selectors.visibility import closed_programmes

SECTORS = ("ministry", "ministerial_body", "government_agency")
CARRIED = (DocumentType.RESOLUTION, DocumentType.PROGRAMME)
# Whether a task is issued, seen by everybody, and under which documents its standing says (ADR 0035).
_TAKEN_PART = """
WITH below AS MATERIALIZED (
    SELECT o.id, o.path FROM directory_organisation o WHERE o.path && %(bodies)s::bigint[]
)
SELECT d.id, o.path, count(DISTINCT c.task_id)
FROM below o JOIN programmes_coordination c ON c.organisation_id = o.id
JOIN monitoring_taskstanding s ON s.task_id = c.task_id CROSS JOIN LATERAL unnest(s.documents) d(id)
WHERE s.is_issued AND (s.is_open OR s.programme_id = ANY (%(programmes)s::bigint[]))
  AND d.id = ANY (%(documents)s::bigint[])
GROUP BY d.id, o.id, o.path
"""


@dataclass(frozen=True, slots=True)
class SectorCell:
    led: int
    coordinated: int


@dataclass(frozen=True, slots=True)
class SectorRow:
    organisation: Organisation
    cells: tuple[SectorCell, ...]

    @property
    def without(self) -> int:
        """Resolutions under which the sector leads nothing."""
        return sum(cell.led == 0 for cell in self.cells)


@dataclass(frozen=True, slots=True)
class SectorMatrix:
    """Resolutions × central bodies: tasks led, and taken part in, by the body or what stands below it."""

    documents: tuple[Document, ...]
    rows: tuple[SectorRow, ...]
    as_of: date
    kept_since: datetime | None = None

    @property
    def empty(self) -> int:
        return sum(row.without for row in self.rows)


def sector_matrix(viewer: Viewer, as_of: date) -> SectorMatrix:
    """Every living ministry and agency against every resolution with a programme; six queries (D64)."""
    bodies = list(Organisation.objects.filter(kind__in=SECTORS).live(as_of).order_by("sort_key"))
    documents = visible_documents(viewer).filter(Exists(_carried(viewer)), type__in=CARRIED)
    shown = tuple(documents.defer("text").order_by("issued_on", "pk"))
    ids, body_ids = [row.pk for row in shown], [body.pk for body in bodies]
    leads, taken_part = _led(viewer, ids, body_ids), _coordinated(viewer, ids, body_ids)
    parts = taken_part.value
    rows = (
        SectorRow(body, tuple(SectorCell(leads[row.pk, body.pk], parts[row.pk, body.pk]) for row in shown))
        for body in bodies
    )
    return SectorMatrix(shown, tuple(rows), as_of, taken_part.kept_since)


def _carried(viewer: Viewer) -> QuerySet[ProgrammeBasis]:
    programmes = visible_programmes(viewer).order_by()
    return ProgrammeBasis.objects.filter(document=OuterRef("pk"), programme__in=programmes)


def _led(viewer: Viewer, ids: list[int], bodies: list[int]) -> Counter[tuple[int, int]]:
    """Issued tasks by document and body, as the roll-up engine keeps them; by the facts while the tree has moved."""
    found = live_counts(viewer, bodies, document_ids=ids)
    if found is None:
        return led_by_facts(viewer, ids, bodies)
    return Counter({(document, body): tally.total for (body, document), tally in found.tallies.items()})


def led_by_facts(viewer: Viewer, ids: list[int], bodies: list[int]) -> Counter[tuple[int, int]]:
    tasks = visible_tasks(viewer).filter(is_issued=True, lead__path__overlap=bodies)
    pairs = tasks.filter(programme__programmebasis__document__in=ids).order_by()
    return _by_pair(pairs.values_list(OF_DOCUMENT, "lead__path").annotate(n=Count("pk", distinct=True)), bodies)


def _coordinated(viewer: Viewer, ids: list[int], bodies: list[int]) -> Answer[Counter[tuple[int, int]]]:
    """Kept, if it took long, for whoever sees the same programmes."""
    closed = closed_programmes(viewer)
    question = ("coordinated by sectors", tuple(ids), tuple(bodies), closed)
    return ANSWERS.answer(question, lambda: _count_coordinated(ids, bodies, closed))


def _count_coordinated(ids: list[int], bodies: list[int], closed: Sequence[int]) -> Counter[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN_PART, {"documents": ids, "bodies": bodies, "programmes": list(closed)})
        return _by_pair(cursor.fetchall(), bodies)


def _by_pair(rows: Iterable[tuple[int, list[int], int]], bodies: list[int]) -> Counter[tuple[int, int]]:
    wanted, counted = frozenset(bodies), Counter[tuple[int, int]]()
    for document, path, tasks in rows:
        for body in wanted.intersection(path or ()):
            counted[document, body] += tasks
    return counted
