"""An issue as a whole."""

from dataclasses import replace
from datetime import date, datetime

from django.db.models import Q

from thucthi.monitoring import selectors as monitoring
from thucthi.monitoring.calculations import changes_between
from thucthi.monitoring.models import Statement
from thucthi.publication.calculations import Issue, issue_of, trend_days
from thucthi.publication.models import Correction, Snapshot
from thucthi.publication.selectors.actors import actor_class_data
from thucthi.publication.selectors.documents import document_data, programme_data
from thucthi.publication.selectors.indicators import indicator_data
from thucthi.publication.selectors.instruments import instrument_data
from thucthi.publication.selectors.obstacles import obstacle_data
from thucthi.publication.selectors.organisations import organisation_data
from thucthi.publication.selectors.public import public_tasks
from thucthi.publication.selectors.published import corrections, earlier_issues
from thucthi.publication.selectors.reading import Reading, known_states, tally_data
from thucthi.publication.selectors.tasks import TASKS_AT_ONCE, task_data
from thucthi.publication.selectors.values import Values, value_data
from thucthi.publication.selectors.vocabulary import vocabulary
from thucthi.publication.shapes import SHAPE_VERSION, ChangesData, CorrectionData, Header, IssueData, TrendPoint
from thucthi.reporting.models import Acceptance, Evidence, Report
from thucthi.reporting.selectors.obligations import known

TREND_POINTS = 12


def public_issue(
    kind: str, as_of: date, *, cut_off_at: datetime | None = None, corrects: Snapshot | None = None
) -> IssueData:
    """All public material at the end of `as_of`, as recorded before `cut_off_at`; the same state gives an equal result.

    `corrects`: the published version of this issue that the result is to put right.
    """
    reading, issue = Reading(as_of, cut_off_at), issue_of(kind, as_of)
    values = Values(reading)
    documents, indicators, tasks = document_data(reading), indicator_data(values), task_data(reading)
    instruments = instrument_data(reading)
    return IssueData(
        header=_header(issue, reading, corrects),
        tally=tally_data(monitoring.tally(reading.states)),
        trend=_trend(kind, reading),
        changes=_changes(issue, reading),
        documents=documents,
        programmes=programme_data(reading),
        tasks=tasks,
        organisations=organisation_data(reading, documents, indicators, tasks, instruments),
        indicators=indicators,
        obstacles=obstacle_data(reading),
        corrections=_notices(reading, corrects),
        earlier=earlier_issues(as_of),
        vocabulary=vocabulary(),
        instruments=instruments,
        actor_classes=actor_class_data(reading),
        values=value_data(values),
    )


def _header(issue: Issue, reading: Reading, corrects: Snapshot | None) -> Header:
    return Header(
        version=SHAPE_VERSION,
        kind=issue.kind,
        issue=issue.key,
        label_vi=issue.label_vi,
        label_en=issue.label_en,
        as_of=reading.as_of,
        since=issue.since,
        next_update=issue.next_update,
        simulated=_is_simulated(reading),
        cut_off_at=reading.known_by,
        issue_version=corrects.version + 1 if corrects else 1,
        corrects=corrects.manifest_hash if corrects else None,
    )


def _notices(reading: Reading, corrects: Snapshot | None) -> tuple[CorrectionData, ...]:
    """Those of the days before, and those that call for this very version, whenever they were announced."""
    said = Q(announced_on__lte=reading.as_of)
    if reading.known_by:
        said &= Q(recorded_at__lt=reading.known_by)
    found = corrections(Correction.objects.filter(said | Q(snapshot=corrects) if corrects else said), reading.known_by)
    if corrects is None:
        return found
    name = f"{corrects.issue}-v{corrects.version + 1}"
    return tuple(
        replace(row, corrected_by=name) if row.manifest_hash == corrects.manifest_hash else row for row in found
    )


def _is_simulated(reading: Reading) -> bool:
    """One invented figure is enough: the whole issue says so."""
    tasks, by = list(reading.task_codes), reading.known_by
    return (
        any(each.is_simulated for each in reading.obstacles)
        or monitoring.official_observations(reading.as_of, by).filter(is_simulated=True).exists()
        or known(Statement.objects.filter(is_public=True, is_simulated=True, stated_on__lte=reading.as_of), by).exists()
        or any(_any_invented(tasks[start : start + TASKS_AT_ONCE], by) for start in range(0, len(tasks), TASKS_AT_ONCE))
    )


def _any_invented(tasks: list[int], by: datetime | None) -> bool:
    return (
        known(Report.objects.filter(task__in=tasks, is_simulated=True), by).exists()
        or known(Acceptance.objects.filter(report__task__in=tasks, is_simulated=True), by).exists()
        or known(Evidence.objects.filter(obligation__task__in=tasks, is_simulated=True), by).exists()
    )


def _trend(kind: str, reading: Reading) -> tuple[TrendPoint, ...]:
    days, by = trend_days(kind, reading.as_of, TREND_POINTS), reading.known_by
    points = [TrendPoint(key, day, tally_data(monitoring.tally(known_states(day, by)))) for key, day in days]
    first = next((place for place, point in enumerate(points) if point.tally.total), len(points))
    return tuple(points[first:])


def _changes(issue: Issue, reading: Reading) -> ChangesData:
    public, by = public_tasks(reading.as_of), reading.known_by
    moved = changes_between(monitoring.task_states(public, issue.since, by), reading.states)
    removed = monitoring.unblocked(public, since=issue.since, until=reading.as_of, known_by=by)
    known = {each.code for each in reading.obstacles}
    return ChangesData(
        moved.finished, moved.newly_late, moved.newly_issued, tuple(code for code in removed if code in known)
    )
