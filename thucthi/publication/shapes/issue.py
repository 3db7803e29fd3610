"""An issue as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from thucthi.publication.shapes.actors import ActorClassData
from thucthi.publication.shapes.counts import TallyData, TrendPoint, Word
from thucthi.publication.shapes.documents import DocumentData, ProgrammeData
from thucthi.publication.shapes.indicators import IndicatorData, ValueData
from thucthi.publication.shapes.instruments import InstrumentData
from thucthi.publication.shapes.organisations import OrganisationData
from thucthi.publication.shapes.tasks import ObstacleData, TaskData

SHAPE_VERSION = "2"


@dataclass(frozen=True)
class Header:
    """Which issue this is. `since` is the day that changes are counted from; `simulated` marks invented figures."""

    version: str
    kind: str
    issue: str
    label_vi: str
    label_en: str
    as_of: date
    since: date
    next_update: date
    simulated: bool


@dataclass(frozen=True)
class ChangesData:
    """What moved since `Header.since`: codes of tasks, and of obstacles for `unblocked`."""

    finished: tuple[str, ...]
    newly_late: tuple[str, ...]
    newly_issued: tuple[str, ...]
    unblocked: tuple[str, ...]


@dataclass(frozen=True)
class CorrectionData:
    """A notice about an issue already published, which itself is never edited."""

    issue: str
    announced_on: date
    text: str


@dataclass(frozen=True)
class EarlierIssue:
    """An issue published before; its hash binds it to this one, so that none can be exchanged unnoticed."""

    issue: str
    kind: str
    as_of: date
    manifest_hash: str


@dataclass(frozen=True)
class IssueData:
    """Everything an issue says.

    `values` (by code of the indicator) are many and stand in one CSV for each indicator, not in issue.json.
    """

    header: Header
    tally: TallyData
    trend: tuple[TrendPoint, ...]
    changes: ChangesData
    documents: tuple[DocumentData, ...]
    programmes: tuple[ProgrammeData, ...]
    tasks: tuple[TaskData, ...]
    organisations: tuple[OrganisationData, ...]
    indicators: tuple[IndicatorData, ...]
    obstacles: tuple[ObstacleData, ...]
    corrections: tuple[CorrectionData, ...]
    earlier: tuple[EarlierIssue, ...]
    vocabulary: Mapping[str, Mapping[str, Word]] = field(default_factory=dict)
    instruments: tuple[InstrumentData, ...] = ()
    actor_classes: tuple[ActorClassData, ...] = ()
    values: Mapping[str, tuple[ValueData, ...]] = field(default_factory=dict)
