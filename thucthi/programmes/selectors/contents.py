"""What the use cases of programmes take in, and what they compare."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thucthi.directory.models import Organisation, Post
from thucthi.documents.models import Clause, Document
from thucthi.programmes.models import Programme, Task, TaskKind


@dataclass(frozen=True)
class NewResponsibility:
    """`head` must be a post of `committee`. The first node is the document as a whole."""

    node: str
    committee: Organisation
    head: Post


@dataclass(frozen=True)
class NewGoal:
    """With a `rubric` (levels, lowest first) the goal is qualitative; without one it is measured by indicators."""

    code: str
    text: str
    rubric: tuple[str, ...] = ()
    clause: Clause | None = None


@dataclass(frozen=True)
class NewCheckpoint:
    code: str
    text: str
    due_on: date
    evidence_required: str
    examiner: Organisation


@dataclass(frozen=True)
class NewFrame:
    benefit_country: str
    benefit_people: str
    benefit_future: str
    responsibilities: tuple[NewResponsibility, ...]
    goals: tuple[NewGoal, ...]
    checkpoints: tuple[NewCheckpoint, ...]


@dataclass(frozen=True)
class NewProgramme:
    """`documents` are what it carries out, `groups` the titles of its parts in order."""

    code: str
    organisation: Organisation
    title: str
    documents: tuple[Document, ...]
    groups: tuple[str, ...] = ()
    profile: str = Programme.Profile.SEVEN
    rhythm: str = Programme.Rhythm.WEEKLY
    head: Post | None = None
    authority_basis: str = ""
    resource_source: str = ""


@dataclass(frozen=True)
class MilestoneContent:
    due_on: date
    text: str


@dataclass(frozen=True)
class TaskContent:
    """A task as drafted. An empty `code` asks for the next free one; `group` is a title of the programme's groups.

    `lead` is one living organisation, or None and `lead_text` keeps what the draft says. `deadline_raw` is read by
    kernel.deadlines; `recurrence` (weekly, monthly, quarterly, halfyear, yearly) overrides what the words say.
    """

    text: str
    code: str = ""
    kind: str = TaskKind.WORK
    group: str = ""
    product: str = ""
    acceptance_criterion: str = ""
    lead: Organisation | None = None
    lead_text: str = ""
    coordinators: tuple[Organisation, ...] = ()
    start_on: date | None = None
    deadline_raw: str = ""
    recurrence: str = ""
    yearly_deliverable: str = ""
    weight: int = 1
    money_vnd_million: Decimal | None = None
    money_source: str = ""
    people: str = ""
    facilities: str = ""
    authority_basis: str = ""
    clauses: tuple[Clause, ...] = ()
    milestones: tuple[MilestoneContent, ...] = ()


# The choices of a rhythm; words of a deadline may say more (monthly@25).
RECURRENCES = ("", "weekly", "monthly", "quarterly", "halfyear", "yearly")
# What a task and its content say alike.
PLAIN_FIELDS = (
    "code", "kind", "text", "product", "acceptance_criterion", "lead_text", "start_on", "deadline_raw",
    "yearly_deliverable", "weight", "money_vnd_million", "money_source", "people", "facilities", "authority_basis",
)  # fmt: skip


def content_of(task: Task) -> TaskContent:
    """The task as its editor would type it."""
    return TaskContent(
        **{name: getattr(task, name) for name in PLAIN_FIELDS},
        group=task.group.title if task.group else "",
        lead=task.lead,
        coordinators=tuple(task.coordinators.order_by("coordination__pk")),
        recurrence=task.deadline_recurrence if task.deadline_recurrence in RECURRENCES else "",
        clauses=tuple(task.clauses.order_by("citation__pk")),
        milestones=tuple(MilestoneContent(row.due_on, row.text) for row in task.milestones.order_by("due_on", "pk")),
    )


def plain(content: TaskContent) -> dict[str, object]:
    """For the ledger and for comparing: names and codes instead of rows."""
    return {
        **{name: getattr(content, name) for name in PLAIN_FIELDS},
        "group": content.group,
        "lead": content.lead.code if content.lead else "",
        "coordinators": [organisation.code for organisation in content.coordinators],
        "recurrence": content.recurrence,
        "clauses": [f"{clause.document.slug}:{clause.path}" for clause in content.clauses],
        "milestones": [f"{row.due_on.isoformat()}|{row.text}" for row in content.milestones],
    }


def differences(current: TaskContent, submitted: TaskContent) -> list[tuple[str, str, str]]:
    """(field, what stands now, what was sent) of everything that differs, as text."""
    now, sent = plain(current), plain(submitted)
    return [(name, _as_text(now[name]), _as_text(sent[name])) for name in now if now[name] != sent[name]]


def _as_text(value: object) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)
