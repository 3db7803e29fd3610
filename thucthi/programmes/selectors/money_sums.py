"""The money of many tasks added up by the database: what `calculations.resources.sums` gives of them, by a test."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from thucthi.directory.access import Viewer
from thucthi.documents.models import Document
from thucthi.documents.selectors import visible_documents
from thucthi.kernel.answers import ANSWERS, Answer
from thucthi.programmes.calculations.resources import Part, Sums, sums
from thucthi.programmes.models import FundingKind, Programme, ProgrammeBasis, Task
from thucthi.programmes.selectors.visibility import closed_programmes, one_of, visible_programmes

NOTHING = sums(())
_NEEDS = Q(money_vnd_million__gt=0)
_KNOWN, _NEEDED = Count("money_vnd_million"), Sum("money_vnd_million")
# What `standing_fundings` are, of each task, and then of each programme.
_STATED = """
SELECT each.programme_id, each.kind, sum(each.amount), count(*), count(*) FILTER (WHERE each.amount >= each.needed)
FROM (
    SELECT t.programme_id, f.kind, t.money_vnd_million AS needed, sum(f.amount_vnd_million) AS amount
    FROM programmes_funding f JOIN programmes_task t ON t.id = f.task_id
    WHERE t.programme_id = ANY (%(programmes)s::bigint[]) AND t.is_issued AND t.money_vnd_million > 0
      AND NOT t.id = ANY (%(without)s::bigint[]) AND f.dated_on <= %(as_of)s
      AND NOT EXISTS (SELECT 1 FROM programmes_funding r WHERE r.corrects_id = f.id)
    GROUP BY t.id, f.kind
) each GROUP BY each.programme_id, each.kind
"""


@dataclass(frozen=True)
class MoneyOfProgramme:
    programme: Programme
    sums: Sums


@dataclass(frozen=True)
class MoneyOfDocument:
    """A task counts once under each document its programme carries out, so documents do not add up to a whole."""

    document: Document
    programmes: int
    sums: Sums


@dataclass(frozen=True)
class Stated:
    """Of the tasks that need money: what was stated, by how many of them, and for how many it is what they need."""

    amount: Decimal
    tasks: int
    covering: int


def sums_by_programme(programmes: Collection[int], as_of: date) -> dict[int, Sums]:
    """Of the issued tasks of these programmes; two queries. A programme without any is absent."""
    rows = (
        Task.objects.filter(one_of("programme_id", programmes), is_issued=True)
        .order_by()
        .values_list("programme_id")
        .annotate(Count("pk"), needing=Count("pk", filter=_NEEDS), known=_KNOWN, needed=_NEEDED)
    )
    stated = stated_by_programme(programmes, as_of)
    return {row[0]: sums_of(row[1:], [stated.get((row[0], kind)) for kind in FundingKind]) for row in rows}


def stated_by_programme(
    programmes: Collection[int], as_of: date, without: Collection[int] = ()
) -> dict[tuple[int, str], Stated]:
    """By programme and kind, of the issued tasks that need money but those in `without`; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_STATED, {"programmes": list(programmes), "as_of": as_of, "without": list(without)})
        return {(row[0], row[1]): Stated(*row[2:]) for row in cursor.fetchall()}


def sums_of(counted: Sequence[Any], stated: Sequence[Stated | None]) -> Sums:
    """`counted`: tasks, those that need money, those that say so, how much; `stated` by the order of FundingKind."""
    tasks, needing, known, needed = counted
    allocated, disbursed = (Part(*_amount(each), needing) for each in stated)
    return Sums(tasks, needing, Part(needed, known, tasks), allocated, disbursed)


def _amount(stated: Stated | None) -> tuple[Decimal | None, int]:
    return (stated.amount, stated.tasks) if stated else (None, 0)


def documents_with_money(viewer: Viewer) -> QuerySet[Document]:
    """Visible documents that a visible issued programme carries out, the newest first."""
    carried = ProgrammeBasis.objects.filter(document=OuterRef("pk"), programme__in=_issued(viewer))
    return visible_documents(viewer).filter(Exists(carried))


def programmes_under(viewer: Viewer, document: Document) -> QuerySet[Programme]:
    """Visible issued programmes that carry out a document, by code."""
    of_it = ProgrammeBasis.objects.filter(document=document).values("programme")
    return _issued(viewer).filter(pk__in=of_it).select_related("organisation").order_by("code")


def _issued(viewer: Viewer) -> QuerySet[Programme]:
    return visible_programmes(viewer).filter(issued_on__isnull=False).order_by()


def money_of_documents(viewer: Viewer, documents: Collection[Document], as_of: date) -> Answer[list[MoneyOfDocument]]:
    """Issued tasks the viewer may see, by document; kept for whoever sees the same programmes if that took long."""
    ids = tuple(document.pk for document in documents)
    question = ("money of documents", ids, closed_programmes(viewer), as_of)
    found = ANSWERS.answer(question, lambda: _by_document(viewer, ids, as_of))
    rows = [MoneyOfDocument(each, *found.value.get(each.pk, (0, NOTHING))) for each in documents]
    return Answer(rows, found.kept_since)


def _by_document(viewer: Viewer, ids: Collection[int], as_of: date) -> dict[int, tuple[int, Sums]]:
    bases = ProgrammeBasis.objects.filter(document__in=ids, programme__in=_issued(viewer))
    carried: dict[int, list[int]] = {pk: [] for pk in ids}
    for document_id, programme_id in bases.values_list("document_id", "programme_id"):
        carried[document_id].append(programme_id)
    chosen = {pk for found in carried.values() for pk in found}
    # By programme and not by document: their pairs need not be joined to every task.
    each = sums_by_programme(chosen, as_of)
    return {pk: (len(found), added(each[one] for one in found if one in each)) for pk, found in carried.items()}


def added(parts: Iterable[Sums]) -> Sums:
    """The sums of disjoint sets of tasks taken together."""
    whole = NOTHING
    for part in parts:
        whole = Sums(
            whole.tasks + part.tasks,
            whole.needing + part.needing,
            _both(whole.needed, part.needed),
            _both(whole.allocated, part.allocated),
            _both(whole.disbursed, part.disbursed),
        )
    return whole


def _both(one: Part, other: Part) -> Part:
    amounts = [part.amount for part in (one, other) if part.amount is not None]
    return Part(sum(amounts, Decimal(0)) if amounts else None, one.known + other.known, one.of + other.of)


def money_of_programmes(programmes: Collection[Programme], as_of: date) -> list[MoneyOfProgramme]:
    """`programmes` come from `programmes_under`; two queries."""
    found = sums_by_programme([row.pk for row in programmes], as_of)
    return [MoneyOfProgramme(row, found.get(row.pk, NOTHING)) for row in programmes]
