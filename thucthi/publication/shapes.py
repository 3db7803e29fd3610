"""The data of an issue: the documented shape behind every page and every file (version 1).

Only public material. Bodies are named by their code, officials by post and unit, never by name. Days are days where the
site is. None means that there is no such figure; 0 means zero. Words of machine codes stand in `IssueData.vocabulary`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

SHAPE_VERSION = "1"


@dataclass(frozen=True)
class Word:
    """What a machine code is called in both languages, and the tone it is shown in."""

    vi: str
    en: str
    tone: str = "neutral"


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
class RatioData:
    """Two counts whose quotient is the rate; there is no rate without both."""

    numerator: int
    denominator: int


@dataclass(frozen=True)
class TallyData:
    """Counts of tasks. `stages` and `schedules` each add up to `total`; `reported` of `owed` reports are in."""

    total: int
    stages: Mapping[str, int]
    schedules: Mapping[str, int]
    owed: int
    reported: int
    completion: RatioData | None
    on_time: RatioData | None

    @property
    def not_reported(self) -> int:
        return self.owed - self.reported

    @property
    def done(self) -> int:
        return self.stages["done"]


@dataclass(frozen=True)
class TrendPoint:
    """The same counts at the end of an earlier period."""

    period: str
    as_of: date
    tally: TallyData


@dataclass(frozen=True)
class Responsibility:
    """Who answers at one node of a control frame: a committee and the post of its head."""

    node: str
    committee: str
    head_post: str


@dataclass(frozen=True)
class GoalData:
    """`rubric` holds the levels of a qualitative goal, low to high; a quantitative one has `targets`."""

    code: str
    kind: str
    text: str
    rubric: tuple[str, ...]
    clause: str | None
    targets: tuple[str, ...]


@dataclass(frozen=True)
class CheckpointMoveData:
    old_due_on: date
    new_due_on: date
    decision: str
    decided_on: date
    reason: str


@dataclass(frozen=True)
class CheckpointData:
    """A mandatory checkpoint; every earlier day stays readable in `moves`."""

    code: str
    text: str
    due_on: date
    evidence_required: str
    examiner: str
    moves: tuple[CheckpointMoveData, ...]


@dataclass(frozen=True)
class FrameData:
    benefit_country: str
    benefit_people: str
    benefit_future: str
    responsibilities: tuple[Responsibility, ...]
    goals: tuple[GoalData, ...]
    checkpoints: tuple[CheckpointData, ...]


@dataclass(frozen=True)
class ClauseData:
    """A place in the document and the public tasks that cite it; an empty `tasks` is a gap that anyone can see."""

    path: str
    text: str
    tasks: tuple[str, ...]


@dataclass(frozen=True)
class DocumentData:
    slug: str
    code: str
    type: str
    title: str
    issuer: str
    issued_on: date
    source: str
    text_is_summary: bool
    frame: FrameData | None
    clauses: tuple[ClauseData, ...]
    programmes: tuple[str, ...]
    targets: tuple[str, ...]
    tally: TallyData


@dataclass(frozen=True)
class ProgrammeData:
    code: str
    title: str
    organisation: str
    head_post: str
    issued_on: date
    issued_as: str
    rhythm: str
    documents: tuple[str, ...]
    tally: TallyData


@dataclass(frozen=True)
class ClarityMark:
    """One "rõ": verdict met, doubtful or missing, with the reason and, when one was granted, the public exception."""

    criterion: str
    name: str
    name_en: str
    verdict: str
    reason: str
    reason_en: str
    exception: str


@dataclass(frozen=True)
class ChangeData:
    """A decision that changed an issued task; the old value stays readable."""

    field: str
    old_value: str
    new_value: str
    old_end: date | None
    new_end: date | None
    decision: str
    decided_on: date
    reason: str


@dataclass(frozen=True)
class StepData:
    kind: str
    happened_on: date
    decision: str
    reason: str


@dataclass(frozen=True)
class EvidenceData:
    """A file a report rests on: its SHA-256, its kind and the day it was handed in; never its content or its name."""

    sha256: str
    media_type: str
    handed_in_on: date


@dataclass(frozen=True)
class PeriodData:
    """One owed report. `declared` is what the lead said last, `accepted` what somebody else agreed to."""

    period: str
    kind: str
    due_on: date
    first_reported_on: date | None
    punctuality: str
    claim: str | None
    cause: str | None
    declared: Decimal | None
    verdict: str | None
    accepted: Decimal | None
    evidence: tuple[EvidenceData, ...]


@dataclass(frozen=True)
class MilestoneData:
    due_on: date
    text: str


@dataclass(frozen=True)
class ResourcesData:
    """Money in millions of đồng; None when the plan names no sum."""

    money_vnd_million: Decimal | None
    money_source: str
    people: str
    facilities: str
    authority_basis: str


@dataclass(frozen=True)
class TaskData:
    """`lead` is named in the plan, `answering` are the bodies that answer for it today (after mergers)."""

    code: str
    kind: str
    text: str
    product: str
    acceptance_criterion: str
    programme: str
    group: str
    documents: tuple[str, ...]
    clauses: tuple[tuple[str, str], ...]
    lead: str
    answering: tuple[str, ...]
    lead_post: str
    coordinators: tuple[str, ...]
    start_on: date | None
    deadline_text: str
    due_on: date | None
    resources: ResourcesData
    milestones: tuple[MilestoneData, ...]
    stage: str
    schedule: str
    reported: str
    owed_period: str | None
    declared: Decimal | None
    declared_on: date | None
    accepted: Decimal | None
    measured: Decimal | None
    completed_on: date | None
    clarity: tuple[ClarityMark, ...]
    changes: tuple[ChangeData, ...]
    steps: tuple[StepData, ...]
    history: tuple[PeriodData, ...]
    indicators: tuple[str, ...]
    obstacles: tuple[str, ...]


@dataclass(frozen=True)
class DisciplineData:
    """Reports owed in one period by an organisation and everything below it."""

    period: str
    on_time: int
    late: int
    missing: int


@dataclass(frozen=True)
class OriginData:
    """From whom the organisation took over, when and on what basis."""

    organisation: str
    effective_on: date
    kind: str
    legal_basis: str


@dataclass(frozen=True)
class OrganisationData:
    """`own` counts what it leads itself, `subtree` that and what those below it lead."""

    code: str
    official_name: str
    short_name: str
    tree: str
    level: str
    unit_code: str
    parent: str | None
    children: tuple[str, ...]
    head_post: str
    valid_from: date | None
    valid_to: date | None
    origins: tuple[OriginData, ...]
    own: TallyData
    subtree: TallyData
    led: tuple[str, ...]
    coordinates: tuple[str, ...]
    discipline: tuple[DisciplineData, ...]
    raised_obstacles: tuple[str, ...]
    asked_obstacles: tuple[str, ...]


@dataclass(frozen=True)
class TargetData:
    """What a document promises of an indicator. `met` is None while there is no figure to judge by."""

    code: str
    document: str
    operator: str
    low: Decimal | None
    high: Decimal | None
    baseline: Decimal | None
    year: int | None
    wording_vi: str
    wording_en: str
    met: bool | None


@dataclass(frozen=True)
class ObservationData:
    """One value with its state: number, confirmed_zero, not_reported, not_applicable, confidential, provisional."""

    period: str
    period_end: date
    kind: str
    state: str
    amount: Decimal | None
    organisation: str | None
    source: str
    available_on: date
    is_correction: bool


@dataclass(frozen=True)
class IndicatorData:
    """`achievement`: per cent of the way to the target now in force, unclamped (130 stays 130)."""

    code: str
    name: str
    name_en: str
    unit: str
    unit_en: str
    direction: str
    definition: str
    source: str
    owner: str | None
    frequency: str
    targets: tuple[TargetData, ...]
    observations: tuple[ObservationData, ...]
    achievement: Decimal | None
    tasks: tuple[str, ...]


@dataclass(frozen=True)
class ObstacleStepData:
    kind: str
    text: str
    organisation: str
    happened_on: date


@dataclass(frozen=True)
class ObstacleData:
    """`working_days` from the day it was raised to the day it was closed, or to the day of the issue."""

    code: str
    task: str
    raised_by: str
    raised_on: date
    cause: str
    condition: str
    asked_of: str
    asked_what: str
    due_on: date
    state: str
    closed_on: date | None
    working_days: int
    steps: tuple[ObstacleStepData, ...]

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


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
    """Everything an issue says."""

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
