"""The lists behind four of the five checks of one resolution; those of tasks are read page by page (D13)."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, overload

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from thucthi.documents.models import Clause, Document
from thucthi.kernel.values import format_vi
from thucthi.monitoring.calculations.consistency_of_resolutions import (
    CheckKey,
    LawFacts,
    Line,
    Problem,
    law_reasons,
    money_problem,
)
from thucthi.monitoring.selectors.consistency_of_resolutions import (
    Checked,
    Read,
    authority_of,
    has_instrument,
    owing_clauses,
    sheet_lines,
)
from thucthi.programmes.calculations.resources import Money
from thucthi.programmes.models import Citation, FundingKind, Task, TaskKind
from thucthi.programmes.selectors.resources import standing_fundings

WORDS = 300


@dataclass(frozen=True)
class LinesOfTasks(Sequence[Line]):
    """As many as the check counted, by code of the task; a slice is one query."""

    rows: QuerySet[Any, Any]
    line: Callable[[Any], Line]
    count_of_all: int

    def __len__(self) -> int:
        return self.count_of_all

    @overload
    def __getitem__(self, asked: int) -> Line: ...
    @overload
    def __getitem__(self, asked: slice) -> list[Line]: ...
    def __getitem__(self, asked: int | slice) -> Line | list[Line]:
        if isinstance(asked, int):
            return self.line(self.rows[asked])
        return [self.line(row) for row in self.rows[asked]] if self.count_of_all else []


def lists_of(document: Document, read: Read, checked: Checked) -> dict[CheckKey, Sequence[Line]]:
    """`checked`: what `consistency_of` says of the document; the words of clauses are read from `document.text`."""
    tasks = read.scope.tasks().order_by("code")
    law, money = checked.checks[CheckKey.LAW], checked.checks[CheckKey.MONEY]
    return {
        CheckKey.CLAUSES: [_clause_line(document, each) for each in read.clauses[document.pk] if not each.first_cited],
        CheckKey.LAW: LinesOfTasks(_without_instrument(tasks, document, checked.authorities), _law_line, law.broken),
        CheckKey.INDICATORS: sheet_lines(read.sheets[document.pk]),
        CheckKey.MONEY: LinesOfTasks(_not_covered(tasks, read.as_of), _money_line, money.broken + money.unjudged),
    }


def _clause_line(document: Document, clause: Clause) -> Line:
    return Line(clause.path, document.text[clause.start : clause.end].strip()[:WORDS], Problem.NO_TASK)


def _without_instrument(tasks: QuerySet[Task], document: Document, authorities: Collection[str]) -> QuerySet[Any, Any]:
    owes = Citation.objects.filter(clause__in=owing_clauses([document.pk]), task=OuterRef("pk"))
    rows = tasks.annotate(authority=authority_of(), clause_owes=Exists(owes))
    wanted = Q(kind=TaskKind.LEGAL_TEXT) | Q(clause_owes=True) | Q(authority__in=authorities)
    return rows.filter(wanted, ~has_instrument()).values("code", "text", "kind", "authority", "clause_owes")


def _law_line(row: dict[str, Any]) -> Line:
    reasons = law_reasons(LawFacts(row["kind"], row["authority"], row["clause_owes"], instruments=0))
    return Line(row["code"], row["text"], Problem.NO_INSTRUMENT, ",".join(reasons))


def _not_covered(tasks: QuerySet[Task], as_of: date) -> QuerySet[Any, Any]:
    given = standing_fundings(as_of).filter(task=OuterRef("pk"), kind=FundingKind.ALLOCATED).order_by()
    allocated = Subquery(given.values("task").annotate(whole=Sum("amount_vnd_million")).values("whole"))
    lacks = Q(money_vnd_million__isnull=True) | Q(money_vnd_million__gt=Coalesce(F("allocated"), Decimal(0)))
    rows = tasks.annotate(allocated=allocated).filter(lacks)
    return rows.values("code", "text", "money_vnd_million", "allocated")


def _money_line(row: dict[str, Any]) -> Line:
    money = Money(row["money_vnd_million"], row["allocated"], None)
    problem = money_problem(money) or Problem.NOT_STATED
    return Line(row["code"], row["text"], problem, format_vi(money.gap) if money.gap else "")
