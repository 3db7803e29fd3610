"""An issue as a whole."""

from datetime import date

from thucthi.monitoring import selectors as monitoring
from thucthi.monitoring.calculations import changes_between
from thucthi.publication.calculations import Issue, issue_of, trend_days
from thucthi.publication.models import Correction
from thucthi.publication.selectors.actors import actor_class_data
from thucthi.publication.selectors.documents import document_data, programme_data
from thucthi.publication.selectors.indicators import indicator_data
from thucthi.publication.selectors.instruments import instrument_data
from thucthi.publication.selectors.obstacles import obstacle_data
from thucthi.publication.selectors.organisations import organisation_data
from thucthi.publication.selectors.public import public_tasks
from thucthi.publication.selectors.published import corrections, earlier_issues
from thucthi.publication.selectors.reading import Reading, known_states, tally_data
from thucthi.publication.selectors.tasks import task_data
from thucthi.publication.selectors.values import Values, value_data
from thucthi.publication.selectors.vocabulary import vocabulary
from thucthi.publication.shapes import SHAPE_VERSION, ChangesData, Header, IssueData, TrendPoint
from thucthi.reporting.models import Acceptance, Evidence, Report

TREND_POINTS = 12


def public_issue(kind: str, as_of: date) -> IssueData:
    """All public material at the end of `as_of`; the same state always gives an equal result."""
    reading, issue = Reading(as_of), issue_of(kind, as_of)
    values = Values(reading)
    documents, indicators, tasks = document_data(reading), indicator_data(values), task_data(reading)
    instruments = instrument_data(reading)
    return IssueData(
        header=_header(issue, reading),
        tally=tally_data(monitoring.tally(reading.states)),
        trend=_trend(kind, as_of),
        changes=_changes(issue, reading),
        documents=documents,
        programmes=programme_data(reading),
        tasks=tasks,
        organisations=organisation_data(reading, documents, indicators, tasks, instruments),
        indicators=indicators,
        obstacles=obstacle_data(reading),
        corrections=corrections(Correction.objects.filter(announced_on__lte=as_of)),
        earlier=earlier_issues(as_of),
        vocabulary=vocabulary(),
        instruments=instruments,
        actor_classes=actor_class_data(reading),
        values=value_data(values),
    )


def _header(issue: Issue, reading: Reading) -> Header:
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
    )


def _is_simulated(reading: Reading) -> bool:
    """One invented figure is enough: the whole issue says so."""
    tasks = list(reading.task_codes)
    return (
        any(each.is_simulated for each in reading.obstacles)
        or Report.objects.filter(task__in=tasks, is_simulated=True).exists()
        or Acceptance.objects.filter(report__task__in=tasks, is_simulated=True).exists()
        or Evidence.objects.filter(obligation__task__in=tasks, is_simulated=True).exists()
        or monitoring.official_observations(reading.as_of).filter(is_simulated=True).exists()
    )


def _trend(kind: str, as_of: date) -> tuple[TrendPoint, ...]:
    days = trend_days(kind, as_of, TREND_POINTS)
    points = [TrendPoint(key, day, tally_data(monitoring.tally(known_states(day)))) for key, day in days]
    first = next((place for place, point in enumerate(points) if point.tally.total), len(points))
    return tuple(points[first:])


def _changes(issue: Issue, reading: Reading) -> ChangesData:
    moved = changes_between(monitoring.task_states(public_tasks(reading.as_of), issue.since), reading.states)
    removed = monitoring.unblocked(public_tasks(reading.as_of), since=issue.since, until=reading.as_of)
    known = {each.code for each in reading.obstacles}
    return ChangesData(
        moved.finished, moved.newly_late, moved.newly_issued, tuple(code for code in removed if code in known)
    )
