"""An issue as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from thucthi.publication.shapes.actors import ActorClassData
from thucthi.publication.shapes.counts import TallyData, TrendPoint, Word
from thucthi.publication.shapes.documents import DocumentData, ProgrammeData
from thucthi.publication.shapes.indicators import IndicatorData, ValueData
from thucthi.publication.shapes.instruments import InstrumentData
from thucthi.publication.shapes.organisations import OrganisationData
from thucthi.publication.shapes.tasks import ObstacleData, TaskData

SHAPE_VERSION = "2"
# Of an issue whose issue.json names the files that hold its tasks, instead of holding them (ADR 0044).
SHAPE_OF_A_COUNTRY = "3"


@dataclass(frozen=True)
class Header:
    """Which issue this is. `since` is the day that changes are counted from; `simulated` marks invented figures.

    What was recorded at `cut_off_at` or later is not in it; None: it takes in everything said of its days. Version 2
    and later correct an issue already published, named by its manifest hash in `corrects`, for the reason given in
    `corrections`.
    """

    version: str
    kind: str
    issue: str
    label_vi: str
    label_en: str
    as_of: date
    since: date
    next_update: date
    simulated: bool
    cut_off_at: datetime | None = None
    issue_version: int = 1
    corrects: str | None = None

    @property
    def name(self) -> str:
        """Its name in addresses: "2026-W47", and "2026-W47-v2" once it corrects an earlier version."""
        return self.issue if self.issue_version == 1 else f"{self.issue}-v{self.issue_version}"


@dataclass(frozen=True)
class ChangesData:
    """What moved since `Header.since`: codes of tasks, and of obstacles for `unblocked`."""

    finished: tuple[str, ...]
    newly_late: tuple[str, ...]
    newly_issued: tuple[str, ...]
    unblocked: tuple[str, ...]


@dataclass(frozen=True)
class CorrectionData:
    """A notice about an issue already published, which itself is never edited.

    `version` and `manifest_hash` say which one; `corrected_by` names the version that puts it right, once there is one.
    """

    issue: str
    announced_on: date
    text: str
    version: int = 1
    kind: str = ""
    manifest_hash: str = ""
    corrected_by: str | None = None

    @property
    def name(self) -> str:
        return self.issue if self.version == 1 else f"{self.issue}-v{self.version}"


@dataclass(frozen=True)
class EarlierIssue:
    """An issue published before; its hash binds it to this one, so that none can be exchanged unnoticed."""

    issue: str
    kind: str
    as_of: date
    manifest_hash: str
    version: int = 1

    @property
    def name(self) -> str:
        return self.issue if self.version == 1 else f"{self.issue}-v{self.version}"


@dataclass(frozen=True)
class IssueData:
    """Everything an issue says.

    `values` (by code of the indicator) are many and stand in one CSV for each indicator, not in issue.json. `tasks`
    come in the order of their codes. A country's tasks and values are read from their files as somebody looks at them.
    """

    header: Header
    tally: TallyData
    trend: tuple[TrendPoint, ...]
    changes: ChangesData
    documents: tuple[DocumentData, ...]
    programmes: tuple[ProgrammeData, ...]
    tasks: Sequence[TaskData]
    organisations: tuple[OrganisationData, ...]
    indicators: tuple[IndicatorData, ...]
    obstacles: tuple[ObstacleData, ...]
    corrections: tuple[CorrectionData, ...]
    earlier: tuple[EarlierIssue, ...]
    vocabulary: Mapping[str, Mapping[str, Word]] = field(default_factory=dict)
    instruments: tuple[InstrumentData, ...] = ()
    actor_classes: tuple[ActorClassData, ...] = ()
    values: Mapping[str, Sequence[ValueData]] = field(default_factory=dict)
