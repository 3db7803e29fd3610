"""Every sector under every resolution: a resolution is not the matter of one ministry alone (D64)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.documents.models import Document, DocumentType
from thucthi.documents.selectors import visible_documents
from thucthi.programmes.models import ProgrammeBasis
from thucthi.programmes.selectors import visible_tasks

SECTORS = ("ministry", "ministerial_body", "government_agency")
CARRIED = (DocumentType.RESOLUTION, DocumentType.PROGRAMME)


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

    @property
    def empty(self) -> int:
        return sum(row.without for row in self.rows)


def sector_matrix(viewer: Viewer, as_of: date) -> SectorMatrix:
    """Every living ministry and agency against every resolution with a programme; five queries (D64)."""
    bodies = list(Organisation.objects.filter(kind__in=SECTORS).live(as_of).order_by("sort_key"))
    tasks = visible_tasks(viewer).filter(is_issued=True).order_by()
    pairs = ProgrammeBasis.objects.filter(programme__tasks__in=tasks).order_by()
    number = Count("programme__tasks", distinct=True)
    led = pairs.values_list("document", "programme__tasks__lead__path").annotate(n=number)
    joined = pairs.values_list("document", "programme__tasks__coordination__organisation__path").annotate(n=number)
    leads, parts = _by_pair(led, bodies), _by_pair(joined, bodies)
    documents = visible_documents(viewer).filter(type__in=CARRIED, programmebasis__isnull=False)
    shown = tuple(documents.order_by("issued_on", "pk").distinct())
    rows = (
        SectorRow(body, tuple(SectorCell(leads[row.pk, body.pk], parts[row.pk, body.pk]) for row in shown))
        for body in bodies
    )
    return SectorMatrix(shown, tuple(rows), as_of)


def _by_pair(rows: Iterable[tuple[int, list[int], int]], bodies: list[Organisation]) -> Counter[tuple[int, int]]:
    wanted = {body.pk for body in bodies}
    counted: Counter[tuple[int, int]] = Counter()
    for document, path, tasks in rows:
        for body in wanted.intersection(path or ()):
            counted[document, body] += tasks
    return counted
