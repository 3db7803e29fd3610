"""Tasks with their history, and what stands in their way."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ClarityMark:
    """One "rõ": verdict met, doubtful or missing, with the reason and, when one was granted, the public exception."""

    criterion: str
    name: str
    name_en: str
    verdict: str
    reason: str
    reason_en: str
    exception: str


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class StepData:
    kind: str
    happened_on: date
    decision: str
    reason: str


@dataclass(frozen=True, slots=True)
class EvidenceData:
    """A file a report rests on: its SHA-256, its kind and the day it was handed in; never its content or its name."""

    sha256: str
    media_type: str
    handed_in_on: date


@dataclass(frozen=True, slots=True)
class PeriodData:
    """One owed report. `declared` is what the lead said last, `accepted` what somebody else agreed to.

    `missed_its_issue`: the first report came after the cut-off of the weekly or monthly issue of its own period.
    """

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
    missed_its_issue: bool = False


@dataclass(frozen=True, slots=True)
class MilestoneData:
    due_on: date
    text: str


@dataclass(frozen=True, slots=True)
class ResourcesData:
    """Money in millions of đồng; None when the plan names no sum."""

    money_vnd_million: Decimal | None
    money_source: str
    people: str
    facilities: str
    authority_basis: str


@dataclass(frozen=True, slots=True)
class StandingData:
    """The two scales, whether the latest period due was reported, and the three figures, in per cent and unclamped."""

    stage: str
    schedule: str
    reported: str
    owed_period: str | None
    declared: Decimal | None
    declared_on: date | None
    accepted: Decimal | None
    measured: Decimal | None
    completed_on: date | None


@dataclass(frozen=True, slots=True)
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
    standing: StandingData
    clarity: tuple[ClarityMark, ...]
    changes: tuple[ChangeData, ...]
    steps: tuple[StepData, ...]
    history: tuple[PeriodData, ...]
    indicators: tuple[str, ...]
    obstacles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ObstacleStepData:
    kind: str
    text: str
    organisation: str
    happened_on: date


@dataclass(frozen=True, slots=True)
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
