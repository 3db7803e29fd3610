"""The reports owed on public tasks, with what was handed in and decided, as known at the day of the issue.

Read as plain rows: an issue of a whole country holds millions of them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone

from thucthi.monitoring.calculations import Handed, punctuality
from thucthi.monitoring.selectors import end_of
from thucthi.publication.calculations import run_of
from thucthi.publication.models import SnapshotKind
from thucthi.publication.selectors.reading import Reading, among
from thucthi.publication.shapes import EvidenceData, PeriodData
from thucthi.reporting.models import Obligation, Report, ReportEvidence
from thucthi.reporting.selectors.obligations import known

REPORT = (
    "obligation_id", "pk", "submitted_at", "claim", "cause", "progress_declared",
    "acceptance__verdict", "acceptance__progress_accepted", "acceptance__decided_at", "acceptance__recorded_at",
)  # fmt: skip
OWED = ("pk", "task_id", "period_key", "period_kind", "period_start", "due_on")


class _Report(NamedTuple):
    """A version of a report and the decision on it, None where there is none."""

    obligation_id: int
    pk: int
    submitted_at: datetime
    claim: str
    cause: str
    declared: Decimal
    verdict: str | None
    accepted: Decimal | None
    decided_at: datetime | None
    decision_recorded_at: datetime | None


class _Owed(NamedTuple):
    pk: int
    task_id: int
    period: str
    kind: str
    start: date
    due_on: date


@dataclass(frozen=True)
class Histories:
    """Asked for some tasks at a time."""

    reading: Reading
    _cut_offs: dict[tuple[str, date], datetime | None] = field(default_factory=dict)

    def of(self, task_ids: Collection[int]) -> Mapping[int, tuple[PeriodData, ...]]:
        """By task, the newest period first; three queries."""
        by = self.reading.known_by
        reports = self._reports(task_ids)
        evidence = self._evidence(reports)
        owed = Obligation.objects.filter(task__in=among(task_ids), period_start__lte=self.reading.as_of)
        rows = known(owed, by, "created_at").order_by("task_id", "-period_end", "-pk").values_list(*OWED)
        found: dict[int, list[PeriodData]] = defaultdict(list)
        for row in (_Owed(*each) for each in rows.iterator(chunk_size=5_000)):
            if row.due_on <= self.reading.as_of or row.pk in reports:
                found[row.task_id].append(self._period(row, reports.get(row.pk, ()), evidence))
        return defaultdict(tuple, {task_id: tuple(periods) for task_id, periods in found.items()})

    def _reports(self, task_ids: Collection[int]) -> Mapping[int, list[_Report]]:
        """By what was owed, the first version first."""
        rows = known(
            Report.objects.filter(task__in=among(task_ids), submitted_at__lt=self._end), self.reading.known_by
        ).order_by("obligation_id", "version")
        found: dict[int, list[_Report]] = {}
        for values in rows.values_list(*REPORT).iterator(chunk_size=5_000):
            row = _Report(*values)
            found.setdefault(row.obligation_id, []).append(row)
        return found

    def _evidence(self, reports: Mapping[int, list[_Report]]) -> Mapping[int, list[tuple[str, str]]]:
        """Hash and kind of the files of the last versions, by report."""
        last = [rows[-1].pk for rows in reports.values()]
        found: dict[int, list[tuple[str, str]]] = {}
        files = ReportEvidence.objects.filter(report__in=among(last)) if last else ReportEvidence.objects.none()
        for pk, sha256, kind in files.values_list("report_id", "evidence__sha256", "evidence__media_type"):
            found.setdefault(pk, []).append((sha256, kind))
        return found

    @cached_property
    def _end(self) -> datetime:
        return end_of(self.reading.as_of)

    @cached_property
    def _zone(self) -> tzinfo:
        return timezone.get_current_timezone()

    def _period(
        self, owed: _Owed, reports: Iterable[_Report], evidence: Mapping[int, list[tuple[str, str]]]
    ) -> PeriodData:
        first, last = self._ends(reports)
        first_on = first.submitted_at.astimezone(self._zone).date() if first else None
        is_decided = last is not None and self._is_decided(last)
        return PeriodData(
            period=owed.period,
            kind=owed.kind,
            due_on=owed.due_on,
            first_reported_on=first_on,
            punctuality=punctuality(Handed(owed.period, owed.due_on, first_on)).value,
            claim=last.claim if last else None,
            cause=(last.cause or None) if last else None,
            declared=last.declared if last else None,
            verdict=last.verdict if last and is_decided else None,
            accepted=last.accepted if last and is_decided else None,
            evidence=self._files(last, evidence.get(last.pk, ())) if last else (),
            missed_its_issue=first is not None and self._missed_its_issue(owed, first.submitted_at),
        )

    @staticmethod
    def _ends(reports: Iterable[_Report]) -> tuple[_Report | None, _Report | None]:
        rows = list(reports)
        return (rows[0], rows[-1]) if rows else (None, None)

    def _is_decided(self, report: _Report) -> bool:
        at, recorded_at = report.decided_at, report.decision_recorded_at
        return at is not None and recorded_at is not None and at < self._end and self.reading.knew(recorded_at)

    def _files(self, report: _Report, files: Iterable[tuple[str, str]]) -> tuple[EvidenceData, ...]:
        on = report.submitted_at.astimezone(self._zone).date()
        return tuple(EvidenceData(sha256, kind, on) for sha256, kind in sorted(files))

    def _missed_its_issue(self, owed: _Owed, submitted_at: datetime) -> bool:
        key: Any = (owed.kind, owed.start)
        if key not in self._cut_offs:
            self._cut_offs[key] = _cut_off(*key)
        cut_off = self._cut_offs[key]
        return cut_off is not None and submitted_at >= cut_off


def _cut_off(kind: str, start: date) -> datetime | None:
    """Of the issue of that period; only weeks and months have issues of their own."""
    if kind not in SnapshotKind.values:
        return None
    return run_of(kind, start, settings.ISSUE_RHYTHM, timezone.get_default_timezone()).cut_off_at
