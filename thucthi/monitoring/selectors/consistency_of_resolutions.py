"""Four of the five checks of resolutions, with the lists behind them; the fifth needs a published issue (D13)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from thucthi.directory.access import Viewer
from thucthi.documents.models import Clause, Document, Instrument
from thucthi.indicators.models import Indicator, Target
from thucthi.kernel.values import format_vi
from thucthi.monitoring.calculations.consistency_of_resolutions import (
    Check,
    CheckKey,
    LawFacts,
    Line,
    Problem,
    SheetFacts,
    law_reasons,
    money_problem,
    sheet_problems,
)
from thucthi.monitoring.selectors.early import open_tasks
from thucthi.programmes.calculations.resources import Money, Sums, sums
from thucthi.programmes.models import Citation, ProgrammeBasis, Task
from thucthi.programmes.selectors.resources import money_of
from thucthi.programmes.selectors.visibility import visible_tasks

WORDS = 300


@dataclass(frozen=True)
class Consistency:
    """Of one resolution as of a day. `sums`: the money of its tasks added up, beside the check of each."""

    document: Document
    checks: Mapping[CheckKey, Check]
    sums: Sums


@dataclass(frozen=True)
class _Read:
    """Everything read once for all documents asked about."""

    tasks: dict[int, list[Task]]
    cited: dict[int, set[int]]
    owing_clauses: set[int]
    money: dict[int, Money]


def consistency_of(viewer: Viewer, documents: Iterable[Document], as_of: date) -> dict[int, Consistency]:
    """By document; every id is a key. Issued tasks that the viewer may see, neither cancelled nor superseded.

    The words of clauses are read from `document.text`. Eight queries however many documents.
    """
    documents = list(documents)
    read = _read(viewer, [row.pk for row in documents], as_of)
    clauses = _clauses(documents)
    sheets = _sheets(documents)
    return {
        row.pk: Consistency(
            row,
            {
                CheckKey.CLAUSES: _check_clauses(row, clauses[row.pk], read),
                CheckKey.LAW: _check_law(read.tasks[row.pk], read),
                CheckKey.INDICATORS: _check_indicators(sheets[row.pk]),
                CheckKey.MONEY: _check_money(read.tasks[row.pk], read),
            },
            sums(read.money[task.pk] for task in read.tasks[row.pk]),
        )
        for row in documents
    }


def _read(viewer: Viewer, ids: list[int], as_of: date) -> _Read:
    carried: dict[int, list[int]] = {}
    bases = ProgrammeBasis.objects.filter(document__in=ids, programme__issued_on__lte=as_of)
    for programme_id, document_id in bases.values_list("programme_id", "document_id"):
        carried.setdefault(programme_id, []).append(document_id)
    chosen = open_tasks(visible_tasks(viewer).filter(programme__in=carried), as_of)
    rows = list(chosen.select_related("programme").annotate(instruments=Count("task_instruments")).defer("search_text"))
    tasks: dict[int, list[Task]] = {pk: [] for pk in ids}
    for row in rows:
        for document_id in carried[row.programme_id]:
            tasks[document_id].append(row)
    # A clause is carried out by any visible task that cites it, whatever programme it stands in.
    everywhere = open_tasks(visible_tasks(viewer), as_of).order_by()
    cited: dict[int, set[int]] = {}
    links = Citation.objects.filter(clause__document__in=ids, task__in=everywhere.values("pk"))
    for clause_id, task_id in links.values_list("clause_id", "task_id"):
        cited.setdefault(clause_id, set()).add(task_id)
    owing = Instrument.objects.filter(document__in=ids, clause__isnull=False).values_list("clause_id", flat=True)
    return _Read(tasks, cited, {pk for pk in owing if pk is not None}, money_of(rows, as_of))


def _clauses(documents: list[Document]) -> dict[int, list[Clause]]:
    found: dict[int, list[Clause]] = {row.pk: [] for row in documents}
    for clause in Clause.objects.filter(document__in=found).order_by("document_id", "start"):
        found[clause.document_id].append(clause)
    return found


def _sheets(documents: list[Document]) -> dict[int, dict[int, Indicator]]:
    found: dict[int, dict[int, Indicator]] = {row.pk: {} for row in documents}
    for target in Target.objects.filter(document__in=found).select_related("indicator").order_by("indicator__code"):
        found[target.document_id][target.indicator_id] = target.indicator
    return found


def _check_clauses(document: Document, clauses: list[Clause], read: _Read) -> Check:
    lines = [
        Line(clause.path, document.text[clause.start : clause.end].strip()[:WORDS], Problem.NO_TASK)
        for clause in clauses
        if not read.cited.get(clause.pk)
    ]
    return Check(CheckKey.CLAUSES, len(clauses), tuple(lines))


def _check_law(tasks: list[Task], read: _Read) -> Check:
    citing_owing = {task_id for clause_id in read.owing_clauses for task_id in read.cited.get(clause_id, ())}
    needing, lines = 0, []
    for task in tasks:
        facts = LawFacts(
            kind=task.kind,
            authority=task.authority_basis or task.programme.authority_basis,
            clause_owes=task.pk in citing_owing,
            instruments=getattr(task, "instruments", 0),
        )
        reasons = law_reasons(facts)
        needing += bool(reasons)
        if reasons and not facts.instruments:
            lines.append(Line(task.code, task.text, Problem.NO_INSTRUMENT, ",".join(reasons)))
    return Check(CheckKey.LAW, needing, tuple(lines))


def _check_indicators(sheets: dict[int, Indicator]) -> Check:
    facts = [
        SheetFacts(row.code, row.name, row.definition, row.source_owner_id is not None or bool(row.source.strip()))
        for row in sheets.values()
    ]
    names = {row.code: row.name for row in sheets.values()}
    lines = [Line(code, names[code], problem) for code, found in sheet_problems(facts).items() for problem in found]
    return Check(CheckKey.INDICATORS, len(facts), tuple(lines))


def _check_money(tasks: list[Task], read: _Read) -> Check:
    lines, asked = [], 0
    for task in tasks:
        money = read.money[task.pk]
        problem = money_problem(money)
        # A task that needs no money is not among those that money must cover.
        asked += money.needs_money or problem is Problem.NOT_STATED
        if problem is not None:
            gap = format_vi(money.gap) if money.gap else ""
            lines.append(Line(task.code, task.text, problem, gap))
    return Check(CheckKey.MONEY, asked, tuple(lines))
