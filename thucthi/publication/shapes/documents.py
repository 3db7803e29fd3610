"""Documents, their control frames, and the programmes that carry them out."""

from dataclasses import dataclass
from datetime import date

from thucthi.publication.shapes.counts import TallyData


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
class GroupData:
    """A part of a programme; the tallies of its parts add up to the programme's."""

    title: str
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
    groups: tuple[GroupData, ...]
    tally: TallyData
