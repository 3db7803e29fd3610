"""Counting questions about organisations of one kind in one year, for everybody at once; a job keeps them (0020)."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zlib import compress, decompress

from django.utils import timezone

from thucthi.directory.access import SYSTEM
from thucthi.monitoring.calculations import honesty
from thucthi.monitoring.calculations.honesty.facts_of_tasks import questions_of_tasks, shared
from thucthi.monitoring.calculations.honesty.facts_of_values import (
    Published,
    questions_of_families,
    questions_of_targets,
    questions_of_values,
)
from thucthi.monitoring.calculations.honesty.peers import Numbers, closed_up, numbers_of
from thucthi.monitoring.calculations.honesty.shapes import Matter, Question, Stated
from thucthi.monitoring.models import KeptQuestion, QuestionCount
from thucthi.monitoring.selectors import stated_facts
from thucthi.monitoring.selectors.oddities import Findings, odd_indicators
from thucthi.monitoring.selectors.peer_kinds import kinds_of_peers
from thucthi.monitoring.selectors.peer_panels import units_by_tasks
from thucthi.monitoring.selectors.reliability_counts import Counted as Cases
from thucthi.monitoring.selectors.reliability_kept import cases_worth_keeping
from thucthi.monitoring.selectors.scopes import scope_for
from thucthi.programmes.models import Programme
from thucthi.reporting.models import Report

_COLUMNS = ("check_code", "organisation_id", "period", "subject", "programmes", "shared", "report_id")


@dataclass(frozen=True, slots=True)
class Counted:
    """All questions about the organisations of `kind` in `year`; `questions` are not yet saved.

    `cases`: what their reliability is made of, as `counted_cases`; none where counting them takes no time.
    """

    kind: str
    year: int
    counted_at: datetime
    questions: Iterable[KeptQuestion]
    oddities: dict[Matter, Findings]
    cases: Sequence[Cases] = ()


def due_counts(years: Collection[int], on: date) -> list[tuple[str, int]]:
    """(kind, year) not counted on the day `on` of this country, the newest year first."""
    counted = {(row.kind, row.year): row.counted_at for row in QuestionCount.objects.all()}
    return [
        (kind, year)
        for year in sorted(years, reverse=True)
        for kind, _ in kinds_of_peers()
        if (kind, year) not in counted or timezone.localdate(counted[kind, year]) < on
    ]


def counted_questions(kind: str, year: int, today: date) -> Counted:
    """Found from the rows, some organisations at a time: no statement may take as long as a country does."""
    began, scope = timezone.now(), scope_for(SYSTEM, kind, year, today)
    closed = frozenset(Programme.objects.filter(is_open=False).values_list("pk", flat=True))
    issues = stated_facts.published_issues()
    questions, by_tasks = Packed(), list[Numbers]()
    for some in stated_facts.pieces_by_reports(sorted(scope.peers), year):
        questions.add(_of_no_programme(row) for row in _questions_of_figures(some, year, issues))
        reports = stated_facts.stated_reports(Report.objects.all(), some, year, with_measured=True)
        questions.add(_questions_of_reports(reports, closed))
        compared = [row for row in reports if row.programme not in closed]
        by_tasks += map(numbers_of, units_by_tasks(compared, some, year))
    odd = {Matter.TASKS: honesty.findings_of(closed_up(by_tasks)), Matter.INDICATORS: odd_indicators(scope)}
    return Counted(kind, year, began, questions, odd, cases_worth_keeping(scope))


class Packed:
    """Questions found so far, pressed together: those of a country would not fit in the memory of a worker."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def add(self, questions: Iterable[KeptQuestion]) -> None:
        self._pieces.append(compress(json.dumps([_plain(row) for row in questions]).encode()))

    def __iter__(self) -> Iterator[KeptQuestion]:
        return (_told(row) for piece in self._pieces for row in json.loads(decompress(piece)))


def _plain(row: KeptQuestion) -> dict[str, object]:
    values = {name: getattr(row, name) for name in _COLUMNS}
    return values | {"told_on": row.told_on.isoformat() if row.told_on else None}


def _told(values: dict[str, Any]) -> KeptQuestion:
    on = values["told_on"]
    return KeptQuestion(**values | {"told_on": date.fromisoformat(on) if on else None})


def _questions_of_figures(some: Sequence[int], year: int, issues: Sequence[Published]) -> list[Question]:
    return [
        *questions_of_values(stated_facts.known_values(some, year), issues),
        *questions_of_targets(stated_facts.eased_targets(some, year)),
        *questions_of_families(stated_facts.families(some, year)),
    ]


def _of_no_programme(row: Question) -> KeptQuestion:
    return _kept(row.check, row.organisation_id, row.period, row.subject, ())


def _questions_of_reports(reports: Sequence[Stated], closed: Collection[int]) -> Iterator[KeptQuestion]:
    programme_of = {row.task: row.programme for row in reports}
    for question in questions_of_tasks(reports):
        programmes = (programme_of[question.subject],)
        yield _kept(question.check, question.organisation_id, question.period, question.subject, programmes)
    together: dict[tuple[str, int, str, str], set[int]] = {}
    for number, (check, rows) in enumerate(shared(reports), 1):
        programmes_of_group = {row.programme for row in rows}
        if programmes_of_group.isdisjoint(closed):
            latest = max(rows, key=lambda row: (row.on, row.report_id))
            key = (check, latest.organisation_id, latest.period, latest.task)
            together[key] = together.get(key, set()) | programmes_of_group
        else:
            yield from _row_by_row(check, rows, number)
    for key, programmes_of_key in together.items():
        yield _kept(*key, sorted(programmes_of_key))


def _row_by_row(check: str, rows: Iterable[Stated], number: int) -> Iterator[KeptQuestion]:
    for row in rows:
        kept = _kept(check, row.organisation_id, row.period, row.task, (row.programme,))
        kept.shared, kept.told_on, kept.report_id = number, row.on, row.report_id
        yield kept


def _kept(check: str, body: int, period: str, subject: str, programmes: Iterable[int]) -> KeptQuestion:
    return KeptQuestion(
        check_code=check, organisation_id=body, period=period, subject=subject, programmes=list(programmes)
    )
