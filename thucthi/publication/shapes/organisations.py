"""Organisations and indicators."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thucthi.publication.shapes.counts import TallyData


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
