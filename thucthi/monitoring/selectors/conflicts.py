"""Where resolutions contradict or repeat each other: targets, tasks, rivals for a resource, texts owed twice (D65)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.documents.models import Document, DocumentRelation, Instrument
from thucthi.documents.selectors import visible_documents
from thucthi.documents.selectors.instruments import visible_instruments
from thucthi.indicators.models import Target
from thucthi.intake.copying.comparison import NEAR_IDENTICAL, likeness, sorted_words
from thucthi.intake.selectors.copies import names_mask
from thucthi.kernel.vietnamese_text import fold
from thucthi.monitoring.selectors.readings import wording_of
from thucthi.programmes.models import ENDING, Dependency, DependencyKind, Task, TaskEvent
from thucthi.programmes.selectors import visible_tasks

MOST_ROWS = 200
MOST_CANDIDATES = 5_000


@dataclass(frozen=True)
class TargetPair:
    """Two documents that ask for different things of one indicator, body and year; `relation` of the documents."""

    first: Target
    second: Target
    first_words: str
    second_words: str
    relation: str


@dataclass(frozen=True)
class TaskPair:
    """Two tasks of one lead under different documents that say nearly the same; `score` 85 to 100."""

    first: Task
    second: Task
    score: float


@dataclass(frozen=True)
class TextPair:
    """The same text owed twice: same type, same title."""

    first: Instrument
    second: Instrument


@dataclass(frozen=True)
class ConflictsPage:
    """`signed` of `tasks` issued tasks could be compared; the others wait for the job that signs them."""

    targets: tuple[TargetPair, ...]
    twins: tuple[TaskPair, ...]
    rivals: tuple[Dependency, ...]
    texts: tuple[TextPair, ...]
    tasks: int
    signed: int


def conflicts_page(viewer: Viewer) -> ConflictsPage:
    """Among what the viewer may see; at most 200 rows of each sort."""
    running = _running(viewer)
    rivals = Dependency.objects.filter(
        kind=DependencyKind.COMPETES, ended_on__isnull=True, waiting_task__in=running, needed_task__in=running
    )
    related = ("waiting_task__lead", "needed_task__lead")
    return ConflictsPage(
        targets=tuple(_targets(viewer)[:MOST_ROWS]),
        twins=tuple(_twins(running)[:MOST_ROWS]),
        rivals=tuple(rivals.select_related(*related).order_by("-created_on", "pk")[:MOST_ROWS]),
        texts=tuple(_texts(viewer)[:MOST_ROWS]),
        tasks=running.count(),
        signed=running.filter(signature__isnull=False).count(),
    )


def _running(viewer: Viewer) -> QuerySet[Task]:
    """Issued, neither cancelled nor superseded."""
    ended = TaskEvent.objects.filter(task=OuterRef("pk"), kind__in=ENDING)
    return visible_tasks(viewer).filter(~Exists(ended), is_issued=True).order_by()


def _targets(viewer: Viewer) -> list[TargetPair]:
    seen = visible_documents(viewer).order_by().values("pk")
    rows = Target.objects.filter(document__in=seen, year__isnull=False).only(
        "indicator", "organisation", "each_unit", "year", "document", "operator", "low", "high"
    )
    asked: dict[tuple[int, int | None, str, int | None], list[Target]] = {}
    for row in rows.order_by("pk"):
        asked.setdefault((row.indicator_id, row.organisation_id, row.each_unit, row.year), []).append(row)
    pairs = [pair for group in asked.values() for pair in combinations(group, 2) if _differ(*pair)][:MOST_ROWS]
    whole = Target.objects.select_related("indicator", "organisation", "document").in_bulk(
        [row.pk for pair in pairs for row in pair]
    )
    relations = _relations({row.document_id for pair in pairs for row in pair})
    return [_target_pair(whole[first.pk], whole[second.pk], relations) for first, second in pairs]


def _differ(first: Target, second: Target) -> bool:
    if first.document_id == second.document_id:
        return False
    return (first.operator, first.low, first.high) != (second.operator, second.low, second.high)


def _target_pair(first: Target, second: Target, relations: dict[tuple[int, int], str]) -> TargetPair:
    ends = (first.document_id, second.document_id)
    relation = relations.get(ends) or relations.get(ends[::-1]) or _("chưa ghi quan hệ giữa hai văn bản")
    return TargetPair(first, second, wording_of(first), wording_of(second), relation)


def _relations(documents: Iterable[int]) -> dict[tuple[int, int], str]:
    rows = DocumentRelation.objects.filter(source__in=documents, target__in=documents).select_related(
        "source", "target"
    )
    return {(row.source_id, row.target_id): _relation(row) for row in rows.order_by("pk")}


def _relation(row: DocumentRelation) -> str:
    return f"{row.source.code} {row.get_kind_display().lower()} {row.target.code}"


def _twins(running: QuerySet[Task]) -> list[TaskPair]:
    candidates = _candidates(running)
    tasks = Task.objects.select_related("lead", "programme").in_bulk({pk for pair in candidates for pk in pair})
    mask = names_mask() if candidates else None
    words = {pk: sorted_words(mask.masked(task.text)) for pk, task in tasks.items()} if mask else {}
    scored = [TaskPair(tasks[a], tasks[b], likeness(words[a], words[b])) for a, b in candidates]
    return sorted(
        (pair for pair in scored if pair.score >= NEAR_IDENTICAL), key=lambda pair: (-pair.score, pair.first.code)
    )


def _candidates(running: QuerySet[Task]) -> Sequence[tuple[int, int]]:
    """Pairs of one lead whose signatures meet and whose programmes carry out no common document."""
    seen, values = running.filter(lead__isnull=False).values("pk", "lead_id", "programme_id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH seen (task_id, lead_id, programme_id) AS ({seen}),
                 signed AS (SELECT seen.*, s.keys FROM seen JOIN intake_tasksignature s USING (task_id))
            SELECT a.task_id, b.task_id
              FROM signed a JOIN signed b
                ON a.lead_id = b.lead_id AND a.task_id < b.task_id AND a.programme_id <> b.programme_id
               AND a.keys && b.keys
             WHERE NOT EXISTS (
                   SELECT 1 FROM programmes_programmebasis one JOIN programmes_programmebasis other USING (document_id)
                    WHERE one.programme_id = a.programme_id AND other.programme_id = b.programme_id)
             ORDER BY 1, 2 LIMIT {MOST_CANDIDATES}
            """,  # noqa: S608 - the query of the viewer's own tasks, its values given apart
            values,
        )
        return [(first, second) for first, second in cursor.fetchall()]


def _texts(viewer: Viewer) -> list[TextPair]:
    rows = visible_instruments(viewer).select_related("document", "drafter")
    owed: dict[tuple[str, str], list[Instrument]] = {}
    for row in rows:
        owed.setdefault((row.type, " ".join(fold(row.title).split())), []).append(row)
    return [TextPair(*pair) for group in owed.values() for pair in combinations(group, 2)]


def documents_offered(viewer: Viewer) -> list[Document]:
    """The documents with programmes or owed texts, for choosing a scope."""
    known = visible_documents(viewer)
    return list(known.filter(programmes__issued_on__isnull=False).distinct().order_by("-issued_on", "slug")[:MOST_ROWS])
