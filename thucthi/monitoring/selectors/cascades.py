"""Who owes a programme under a document, what those programmes carry of it, and where the chain breaks (D36, D64, D68).

Only programmes that are issued and that the viewer may know of count.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, QuerySet

from thucthi.directory.access import Viewer
from thucthi.directory.models import Level, Organisation
from thucthi.documents.models import Clause, Document
from thucthi.documents.selectors import visible_documents
from thucthi.monitoring.calculations.cascade import (
    DutyStanding,
    DutyState,
    Link,
    duty_standing,
    links_of,
    reached,
    unbroken,
)
from thucthi.monitoring.calculations.standing import Ratio
from thucthi.programmes.access import can_keep_frame_of
from thucthi.programmes.models import CascadeDuty, Citation, Programme, ProgrammeBasis, Task
from thucthi.programmes.selectors import visible_programmes, visible_tasks

PER_PAGE = 50
MOST_INITIATIVES = 30
LOCAL = (Level.PROVINCE, Level.COMMUNE)


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One body's duty; `programme` the first it issued under the document, `covered` how much of it that carries."""

    duty: CascadeDuty
    programme: Programme | None
    standing: DutyStanding
    covered: Ratio


@dataclass(frozen=True, slots=True)
class DutyCounts:
    """`owed` = issued + issued_late + overdue + due; lifted ones stand beside."""

    issued: int = 0
    issued_late: int = 0
    overdue: int = 0
    due: int = 0
    lifted: int = 0

    @property
    def owed(self) -> int:
        return self.issued + self.issued_late + self.overdue + self.due

    @property
    def all_issued(self) -> int:
        return self.issued + self.issued_late


@dataclass(frozen=True, slots=True)
class DutyBranch:
    organisation: Organisation
    counts: DutyCounts


@dataclass(frozen=True, slots=True)
class ClauseLink:
    clause: Clause
    words: str
    link: Link


@dataclass(frozen=True, slots=True)
class CascadePage:
    """`initiatives`: tasks of provinces and communes under the document that cite no clause; allowed, tagged (D40)."""

    document: Document
    under: Organisation | None
    as_of: date
    counts: DutyCounts
    rows: tuple[DutyRow, ...]
    page: int
    pages: int
    branches: tuple[DutyBranch, ...]
    chain: tuple[ClauseLink, ...]
    reached: dict[str, Ratio]
    unbroken: dict[str, Ratio]
    initiatives: tuple[Task, ...]
    initiative_count: int
    local_tasks: int
    may_oblige: bool


@dataclass(frozen=True, slots=True)
class DocumentLine:
    document: Document
    counts: DutyCounts
    clauses: int
    cited: int


def documents_cascading(viewer: Viewer, as_of: date) -> list[DocumentLine]:
    """Every document the viewer may know of that has a duty or a programme; four queries."""
    documents = list(visible_documents(viewer).order_by("-issued_on", "pk"))
    duties = CascadeDuty.objects.filter(document__in=documents)
    standings: dict[int, list[DutyStanding]] = {}
    for duty, issued in _with_programmes(viewer, duties):
        found = duty_standing(duty.due_on, issued.issued_on if issued else None, duty.lifted_on, as_of)
        standings.setdefault(duty.document_id, []).append(found)
    clauses = dict(Clause.objects.values("document").annotate(n=Count("pk")).values_list("document", "n").order_by())
    cited = _cited_clauses(viewer)
    return [
        DocumentLine(row, _counts(standings.get(row.pk, ())), clauses.get(row.pk, 0), cited.get(row.pk, 0))
        for row in documents
        if row.pk in standings or cited.get(row.pk)
    ]


def cascade_page(
    viewer: Viewer, document: Document, under: Organisation | None, as_of: date, page: int = 1
) -> CascadePage:
    """`document` comes from `document_for`. Twelve queries however many bodies owe a programme."""
    duties = CascadeDuty.objects.filter(document=document)
    if under:
        duties = duties.filter(organisation__path__contains=[under.pk])
    clauses = list(document.clauses.order_by("start"))
    covered = _coverage(viewer, document)
    rows = [_row(duty, made, covered, len(clauses), as_of) for duty, made in _with_programmes(viewer, duties)]
    rows.sort(key=lambda row: (-row.standing.days_late * (not row.programme), row.duty.organisation.sort_key))
    pages = max(1, -(-len(rows) // PER_PAGE))
    page = min(max(page, 1), pages)
    links = links_of([clause.pk for clause in clauses], _cited_by_step(viewer, document))
    local = _local_tasks(viewer, document)
    initiatives = local.filter(clauses__isnull=True)
    return CascadePage(
        document=document,
        under=under,
        as_of=as_of,
        counts=_counts(row.standing for row in rows),
        rows=tuple(rows[(page - 1) * PER_PAGE : page * PER_PAGE]),
        page=page,
        pages=pages,
        branches=_branches(rows, under),
        chain=tuple(
            ClauseLink(clause, document.text[clause.start : clause.end], link)
            for clause, link in zip(clauses, links, strict=True)
        ),
        reached=reached(links),
        unbroken=unbroken(links),
        initiatives=tuple(initiatives.select_related("programme__organisation")[:MOST_INITIATIVES]),
        initiative_count=initiatives.count(),
        local_tasks=local.count(),
        may_oblige=can_keep_frame_of(viewer, document.register.path),
    )


def _with_programmes(viewer: Viewer, duties: QuerySet[CascadeDuty]) -> list[tuple[CascadeDuty, Programme | None]]:
    """Each duty with the first programme its body issued under the document, if the viewer may know of it."""
    found = list(duties.select_related("organisation").order_by("pk"))
    issued = visible_programmes(viewer).filter(issued_on__isnull=False).order_by()
    bases = ProgrammeBasis.objects.filter(
        programme__in=issued.values("pk"), document__in={duty.document_id for duty in found}
    ).select_related("programme")
    first: dict[tuple[int, int], Programme] = {}
    for basis in bases.order_by("programme__issued_on", "programme_id"):
        first.setdefault((basis.document_id, basis.programme.organisation_id), basis.programme)
    return [(duty, first.get((duty.document_id, duty.organisation_id))) for duty in found]


def _row(duty: CascadeDuty, made: Programme | None, covered: dict[int, int], clauses: int, as_of: date) -> DutyRow:
    standing = duty_standing(duty.due_on, made.issued_on if made else None, duty.lifted_on, as_of)
    return DutyRow(duty, made, standing, Ratio(covered.get(made.pk, 0) if made else 0, clauses))


def _counts(standings: Iterable[DutyStanding]) -> DutyCounts:
    counted = Counter(row.state for row in standings)
    return DutyCounts(*(counted[state] for state in DutyState))


def _branches(rows: list[DutyRow], under: Organisation | None) -> tuple[DutyBranch, ...]:
    """Below `under`; from the top, what stands right below the roots of the trees."""
    found: dict[int, list[DutyStanding]] = {}
    for row in rows:
        path = row.duty.organisation.path
        place = path.index(under.pk) + 1 if under else 1
        found.setdefault(path[min(place, len(path) - 1)], []).append(row.standing)
    names = Organisation.objects.in_bulk(found)
    branches = [DutyBranch(names[pk], _counts(each)) for pk, each in found.items()]
    return tuple(sorted(branches, key=lambda row: (-row.counts.overdue, row.organisation.sort_key)))


def _citations(viewer: Viewer) -> QuerySet[Citation]:
    return Citation.objects.filter(task__in=visible_tasks(viewer).filter(is_issued=True).order_by().values("pk"))


def _coverage(viewer: Viewer, document: Document) -> dict[int, int]:
    """By programme, how many clauses of the document its tasks cite."""
    rows = _citations(viewer).filter(clause__document=document).values("task__programme")
    return dict(rows.annotate(n=Count("clause", distinct=True)).values_list("task__programme", "n").order_by())


def _cited_clauses(viewer: Viewer) -> dict[int, int]:
    rows = _citations(viewer).values("clause__document").annotate(n=Count("clause", distinct=True))
    return dict(rows.values_list("clause__document", "n").order_by())


def _cited_by_step(viewer: Viewer, document: Document) -> dict[tuple[int, str], int]:
    """Tasks by clause and by the level of the body whose programme holds them."""
    rows = (
        _citations(viewer)
        .filter(clause__document=document)
        .values("clause", step=F("task__programme__organisation__level"))
        .annotate(n=Count("task", distinct=True))
        .order_by()
    )
    return {(row["clause"], row["step"]): row["n"] for row in rows}


def _local_tasks(viewer: Viewer, document: Document) -> QuerySet[Task]:
    rows = visible_tasks(viewer).filter(
        is_issued=True, programme__bases=document, programme__organisation__level__in=LOCAL
    )
    return rows.order_by("code")
