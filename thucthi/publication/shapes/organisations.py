"""Organisations."""

from dataclasses import dataclass
from datetime import date

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
class SuccessorData:
    """Who took over from the organisation, when and on what basis."""

    organisation: str
    effective_on: date
    kind: str
    legal_basis: str


@dataclass(frozen=True)
class StatementData:
    """What the head of a body said to what is shown of it in a quarter, word for word.

    `post`: of the head, never a name. `entry` is the uid of its entry in the ledger, where it was said and stands.
    """

    period: str
    stated_on: date
    post: str
    text: str
    entry: str


@dataclass(frozen=True)
class OrganisationData:
    """`own` counts what it leads itself, `subtree` that and what those below it lead. `statements`: newest first.

    `actor_class` is one of the seven classes a resolution names (D46).
    """

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
    actor_class: str = ""
    successors: tuple[SuccessorData, ...] = ()
    statements: tuple[StatementData, ...] = ()
