"""Four of the five checks of resolutions, counted by the database; the fifth needs a published issue (D13).

What a rule needs to know of a task has few values: the database counts how many tasks have each, and the pure rule is
asked once for each. The lists behind the counts stand in `consistency_lists`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, When

from thucthi.directory.access import Viewer
from thucthi.documents.models import Clause, Document, Instrument
from thucthi.indicators.models import Indicator, Target
from thucthi.monitoring.calculations.consistency_of_resolutions import (
    Check,
    CheckKey,
    LawFacts,
    Line,
    SheetFacts,
    check_of,
    law_reasons,
    sheet_problems,
)
from thucthi.monitoring.selectors.tasks_under import OF_DOCUMENT, Scope, scope_of
from thucthi.programmes.calculations.resources import Sums
from thucthi.programmes.models import (
    ENDING,
    Citation,
    FundingKind,
    TaskEvent,
    TaskInstrument,
)
from thucthi.programmes.selectors.money_sums import Stated, stated_by_programme, sums_of
from thucthi.programmes.selectors.visibility import one_of, visible_programmes


@dataclass(frozen=True)
class Consistency:
    """Of one resolution as of a day. `sums`: the money of its tasks added up, beside the check of each."""

    document: Document
    checks: Mapping[CheckKey, Check]
    sums: Sums


@dataclass
class Counted:
    """Of one document: tasks, those that need money, those that say so, how much; those that need law, and lack it.

    `authorities`: the bases that are no basis, so that whoever rests on one needs law.
    """

    money: list[Any] = field(default_factory=lambda: [0, 0, 0, None])
    law: int = 0
    without: int = 0
    authorities: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Read:
    """What the checks of some documents and their lists both rest on; every document is a key."""

    as_of: date
    scope: Scope
    clauses: Mapping[int, list[Any]]
    sheets: Mapping[int, dict[int, Indicator]]


def read_of(viewer: Viewer, documents: Iterable[Document], as_of: date) -> Read:
    """Issued tasks that the viewer may see, neither cancelled nor superseded; four queries."""
    ids = [row.pk for row in documents]
    clauses: dict[int, list[Any]] = {pk: [] for pk in ids}
    for clause in _cited_clauses(viewer, ids, as_of):
        clauses[clause.document_id].append(clause)
    return Read(as_of, scope_of(viewer, ids, as_of), clauses, _sheets(ids))


@dataclass(frozen=True)
class Checked:
    """What a document's checks come to; `authorities`: the bases of its tasks that are no basis."""

    checks: Mapping[CheckKey, Check]
    sums: Sums
    authorities: frozenset[str]


def consistency_of(read: Read) -> dict[int, Checked]:
    """By document; every id is a key. Three queries however many documents and tasks."""
    counted = _counted(read.scope, list(read.clauses))
    _add_those_whose_clause_owes(counted, read.scope, list(read.clauses))
    stated = stated_by_programme(read.scope.programmes, read.as_of, read.scope.ended)
    return {pk: _checked(here, _of_document(read.scope, stated, pk), read, pk) for pk, here in counted.items()}


def authority_of(task: str = "") -> Case:
    """The basis of a task is its own, else its programme's. `task`: the path to it."""
    of_programme = F(f"{task}programme__authority_basis")
    return Case(When(**{f"{task}authority_basis": ""}, then=of_programme), default=F(f"{task}authority_basis"))


def has_instrument(task: str = "pk") -> Exists:
    return Exists(TaskInstrument.objects.filter(task=OuterRef(task)))


def _counted(scope: Scope, ids: Collection[int]) -> dict[int, Counted]:
    found = {pk: Counted() for pk in ids}
    rows = (
        scope.tasks()
        .filter(programme__programmebasis__document__in=ids)
        .annotate(document=F(OF_DOCUMENT), authority=authority_of(), served=has_instrument())
        .values_list("document", "kind", "authority", "served")
        .annotate(
            Count("pk"),
            needing=Count("pk", filter=Q(money_vnd_million__gt=0)),
            known=Count("money_vnd_million"),
            needed=Sum("money_vnd_million"),
        )
    )
    for document_id, kind, authority, is_served, tasks, needing, known, needed in rows:
        here = found[document_id]
        here.money = [*_added(here.money[:3], (tasks, needing, known)), _sum(here.money[3], needed)]
        if law_reasons(LawFacts(kind, authority, clause_owes=False, instruments=0)):
            here.law += tasks
            here.without += 0 if is_served else tasks
        if law_reasons(LawFacts("", authority, clause_owes=False, instruments=0)):
            here.authorities.add(authority)
    return found


def _added(one: Iterable[int], other: Iterable[int]) -> list[int]:
    return [a + b for a, b in zip(one, other, strict=True)]


def _sum(one: Any, other: Any) -> Any:
    return other if one is None else one if other is None else one + other


def owing_clauses(ids: Collection[int]) -> QuerySet[Any, Any]:
    """The clauses of these documents that owe a text."""
    return Instrument.objects.filter(document__in=ids, clause__isnull=False).order_by().values("clause")


def _add_those_whose_clause_owes(counted: dict[int, Counted], scope: Scope, ids: Collection[int]) -> None:
    """Tasks that need law because they cite a clause of the document that owes a text, and for nothing else."""
    citing = Citation.objects.filter(
        one_of("task__programme_id", scope.programmes), clause__in=owing_clauses(ids), task__is_issued=True
    ).exclude(one_of("task_id", scope.ended))
    rows = citing.annotate(authority=authority_of("task__"), served=has_instrument("task")).values_list(
        "task_id", "clause__document_id", "task__programme_id", "task__kind", "authority", "served"
    )
    for _, document_id, programme_id, kind, authority, is_served in rows.distinct():
        is_under = document_id in scope.carried[programme_id]
        if is_under and not law_reasons(LawFacts(kind, authority, clause_owes=False, instruments=0)):
            counted[document_id].law += 1
            counted[document_id].without += not is_served


def _of_document(scope: Scope, stated: Mapping[tuple[int, str], Stated], document_id: int) -> list[Stated | None]:
    """What was stated of the tasks under one document, by the order of FundingKind."""
    carrying = [pk for pk, documents in scope.carried.items() if document_id in documents]
    return [_together(stated.get((pk, kind)) for pk in carrying) for kind in FundingKind]


def _together(found: Iterable[Stated | None]) -> Stated | None:
    rows = [each for each in found if each is not None]
    if not rows:
        return None
    amount = sum((row.amount for row in rows[1:]), rows[0].amount)
    return Stated(amount, sum(row.tasks for row in rows), sum(row.covering for row in rows))


def _checked(counted: Counted, stated: list[Stated | None], read: Read, document_id: int) -> Checked:
    clauses, sheets = read.clauses[document_id], read.sheets[document_id]
    without_task = sum(clause.first_cited is None for clause in clauses)
    tasks, needing, known, _ = counted.money
    allocated = stated[0]
    checks = {
        CheckKey.CLAUSES: Check(CheckKey.CLAUSES, len(clauses), without_task, unjudged=0),
        CheckKey.LAW: Check(CheckKey.LAW, counted.law, counted.without, unjudged=0),
        CheckKey.INDICATORS: check_of(CheckKey.INDICATORS, len(sheets), sheet_lines(sheets)),
        # A task that needs no money is not among those that money must cover.
        CheckKey.MONEY: Check(
            CheckKey.MONEY,
            needing + tasks - known,
            needing - (allocated.covering if allocated else 0),
            unjudged=tasks - known,
        ),
    }
    return Checked(checks, sums_of(counted.money, stated), frozenset(counted.authorities))


def _cited_clauses(viewer: Viewer, ids: Collection[int], as_of: date) -> QuerySet[Clause]:
    """With `first_cited`: the citation of a running task that is seen, whatever programme it stands in; or None.

    A value and not a condition: the first task that does is enough, and nobody need look for all of them.
    """
    ended = TaskEvent.objects.filter(task=OuterRef("task"), kind__in=ENDING, happened_on__lte=as_of)
    citing = Citation.objects.filter(~Exists(ended), clause=OuterRef("pk"), task__is_issued=True)
    if not viewer.is_system:
        citing = citing.filter(task__programme__in=visible_programmes(viewer).order_by().values("pk"))
    first = Subquery(citing.values("pk")[:1])
    return Clause.objects.filter(document__in=ids).annotate(first_cited=first).order_by("document_id", "start")


def _sheets(ids: Collection[int]) -> dict[int, dict[int, Indicator]]:
    found: dict[int, dict[int, Indicator]] = {pk: {} for pk in ids}
    for target in Target.objects.filter(document__in=found).select_related("indicator").order_by("indicator__code"):
        found[target.document_id][target.indicator_id] = target.indicator
    return found


def sheet_lines(sheets: Mapping[int, Indicator]) -> list[Line]:
    facts = [
        SheetFacts(row.code, row.name, row.definition, row.source_owner_id is not None or bool(row.source.strip()))
        for row in sheets.values()
    ]
    names = {row.code: row.name for row in sheets.values()}
    return [Line(code, names[code], problem) for code, found in sheet_problems(facts).items() for problem in found]
