"""An issue as a whole."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db.models import Q

from thucthi.monitoring import selectors as monitoring
from thucthi.monitoring.calculations import Changes, Tally
from thucthi.monitoring.models import Statement
from thucthi.publication.calculations import Issue, issue_of, trend_days
from thucthi.publication.models import Correction, Snapshot
from thucthi.publication.moments import ALONE, Readers
from thucthi.publication.selectors.actors import actor_class_data
from thucthi.publication.selectors.batches import Share, read_tasks
from thucthi.publication.selectors.documents import document_data, programme_data
from thucthi.publication.selectors.indicators import indicator_data
from thucthi.publication.selectors.instruments import instrument_data
from thucthi.publication.selectors.obstacles import obstacle_data
from thucthi.publication.selectors.organisations import organisation_data
from thucthi.publication.selectors.public import public_tasks
from thucthi.publication.selectors.published import corrections, earlier_issues
from thucthi.publication.selectors.reading import Reading, tally_data
from thucthi.publication.selectors.values import Values, value_data
from thucthi.publication.selectors.vocabulary import vocabulary
from thucthi.publication.shapes import (
    SHAPE_OF_A_COUNTRY,
    SHAPE_VERSION,
    ChangesData,
    CorrectionData,
    Header,
    IssueData,
    TrendPoint,
)
from thucthi.publication.sheets import MOST_TASK_PAGES
from thucthi.reporting.selectors.obligations import known

TREND_POINTS = 12


def public_issue(
    kind: str,
    as_of: date,
    *,
    cut_off_at: datetime | None = None,
    corrects: Snapshot | None = None,
    readers: Readers = ALONE,
) -> IssueData:
    """All public material at the end of `as_of`, as recorded before `cut_off_at`; the same state gives an equal result.

    `corrects`: the published version of this issue that the result is to put right. `readers` share the reading of the
    tasks; the result does not depend on how many they are. Raises OSError when the disk cannot take the tasks, and
    WorkerDied when one of the readers was killed.
    """
    reading, issue = Reading(as_of, cut_off_at), issue_of(kind, as_of)
    days = trend_days(kind, as_of, TREND_POINTS)
    read = read_tasks(issue, reading, readers, [day for _key, day in days[:-1]])
    reading.states.extend(read.whole.states)
    values = Values(reading)
    documents, indicators = document_data(reading), indicator_data(values)
    instruments = instrument_data(reading)
    tally = monitoring.tally(reading.states)
    return IssueData(
        header=_header(issue, reading, corrects, simulated=_is_simulated(reading, read.whole)),
        tally=tally_data(tally),
        trend=_trend(days, [*read.whole.earlier, tally]),
        changes=_changes(issue, reading, read.whole.changes),
        documents=documents,
        programmes=programme_data(reading, read.whole.parts),
        tasks=read.tasks,
        organisations=organisation_data(reading, documents, indicators, read.whole, instruments),
        indicators=indicators,
        obstacles=obstacle_data(reading),
        corrections=_notices(reading, corrects),
        earlier=earlier_issues(as_of),
        vocabulary=vocabulary(),
        instruments=instruments,
        actor_classes=actor_class_data(reading),
        values=value_data(values),
    )


def _header(issue: Issue, reading: Reading, corrects: Snapshot | None, *, simulated: bool) -> Header:
    return Header(
        version=SHAPE_OF_A_COUNTRY if len(reading.states) > MOST_TASK_PAGES else SHAPE_VERSION,
        kind=issue.kind,
        issue=issue.key,
        label_vi=issue.label_vi,
        label_en=issue.label_en,
        as_of=reading.as_of,
        since=issue.since,
        next_update=issue.next_update,
        simulated=simulated,
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


def _is_simulated(reading: Reading, tasks: Share) -> bool:
    """One invented figure is enough: the whole issue says so."""
    return (
        tasks.is_simulated
        or any(each.is_simulated for each in reading.obstacles)
        or monitoring.official_observations(reading.as_of, reading.known_by).filter(is_simulated=True).exists()
        or known(
            Statement.objects.filter(is_public=True, is_simulated=True, stated_on__lte=reading.as_of), reading.known_by
        ).exists()
    )


def _trend(days: Sequence[tuple[str, date]], tallies: Sequence[Tally]) -> tuple[TrendPoint, ...]:
    """From the first day on which there was anything. Earlier days as they are known now, with what came in late."""
    points = [TrendPoint(key, day, tally_data(tally)) for (key, day), tally in zip(days, tallies, strict=True)]
    first = next((place for place, point in enumerate(points) if point.tally.total), len(points))
    return tuple(points[first:])


def _changes(issue: Issue, reading: Reading, moved: Changes) -> ChangesData:
    public = public_tasks(reading.as_of)
    removed = monitoring.unblocked(public, since=issue.since, until=reading.as_of, known_by=reading.known_by)
    known = {each.code for each in reading.obstacles}
    return ChangesData(
        moved.finished, moved.newly_late, moved.newly_issued, tuple(code for code in removed if code in known)
    )
