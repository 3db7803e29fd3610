"""Who may read, draft, issue and change programmes, tasks and control frames. Pure rules on a few facts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from thucthi.directory.access import Viewer, may_work
from thucthi.directory.models import Role


@dataclass(frozen=True)
class ProgrammeFacts:
    """`owner_path` is the lineage of the owning organisation; `is_public`: no document it carries out is restricted."""

    owner_path: tuple[int, ...]
    is_issued: bool
    is_public: bool

    @property
    def owner_id(self) -> int:
        return self.owner_path[-1]


def may_open_programmes(viewer: Viewer) -> bool:
    """The door of the pages of programmes and tasks: anyone with a working role."""
    return may_work(viewer)


def may_draft(viewer: Viewer) -> bool:
    """The door of the pages that write programmes."""
    return viewer.has_role(Role.PROGRAMME_EDITOR, Role.HEAD)


def may_keep_frames(viewer: Viewer) -> bool:
    """The door of the pages that write control frames."""
    return viewer.has_role(Role.STEERING_OFFICE)


def can_see_programme(viewer: Viewer, facts: ProgrammeFacts) -> bool:
    """Issued and based on public documents alone: every working account. Otherwise its people and auditors above."""
    if viewer.is_system:
        return True
    if not may_work(viewer):
        return False
    if facts.is_issued and facts.is_public:
        return True
    return can_see_papers_of(viewer, facts.owner_path)


def can_see_papers_of(viewer: Viewer, owner_path: Sequence[int]) -> bool:
    """Drafts and the files they were read from: the owning organisation's people and auditors above it."""
    if viewer.is_system:
        return True
    own = may_work(viewer) and owner_path[-1] in viewer.organisation_ids()
    return own or viewer.is_in_or_above(owner_path, Role.AUDITOR)


def can_draft_for(viewer: Viewer, owner_id: int) -> bool:
    """Write a programme and its draft tasks: the editors of exactly the owning organisation."""
    return viewer.is_system or viewer.is_in(owner_id, Role.PROGRAMME_EDITOR)


def can_decide_for(viewer: Viewer, owner_id: int) -> bool:
    """Issue, grant exceptions, change issued tasks: the head of exactly the owning organisation."""
    return viewer.is_system or viewer.is_in(owner_id, Role.HEAD)


def can_receive(viewer: Viewer, lead_id: int | None) -> bool:
    """Acknowledge a task: whoever reports for its lead."""
    return viewer.is_system or (lead_id is not None and viewer.is_in(lead_id, Role.REPORTER, Role.HEAD))


def can_allocate(viewer: Viewer, owner_id: int) -> bool:
    """Give money to an issued task: the head or the editors of exactly the owning organisation."""
    return viewer.is_system or viewer.is_in(owner_id, Role.HEAD, Role.PROGRAMME_EDITOR)


def can_keep_frame_of(viewer: Viewer, register_path: Sequence[int]) -> bool:
    """Set up a control frame, move its checkpoints: the steering office where the document is registered, or above."""
    return viewer.is_system or viewer.is_in_or_above(register_path, Role.STEERING_OFFICE)


def may_decide(viewer: Viewer) -> bool:
    """The door of the pages of decisions: whoever heads an organisation."""
    return viewer.has_role(Role.HEAD)


def may_tie(viewer: Viewer) -> bool:
    """The door of saying what waits for what: editors, heads, steering offices."""
    return viewer.has_role(Role.PROGRAMME_EDITOR, Role.HEAD, Role.STEERING_OFFICE)


def can_tie(viewer: Viewer, owners: Collection[int], sides: Collection[Sequence[int]]) -> bool:
    """Say that a task waits, or no longer does: who edits or heads a programme of `owners`; a steering office above.

    `owners`: the body of the programme whose task waits, of both programmes where two compete. `sides`: the lineages
    of either side.
    """
    if viewer.is_system or any(viewer.is_in(owner, Role.PROGRAMME_EDITOR, Role.HEAD) for owner in owners):
        return True
    return any(viewer.is_in_or_above(path, Role.STEERING_OFFICE) for path in sides)


def can_open_tying(viewer: Viewer, owner: Sequence[int]) -> bool:
    """The form for a task of this owner; a steering office may turn out to stand above the other side."""
    return can_tie(viewer, [owner[-1]], [owner]) or viewer.has_role(Role.STEERING_OFFICE)


def may_state_money(viewer: Viewer) -> bool:
    """The door of the forms about money: owners of programmes and leads of tasks."""
    return viewer.is_system or viewer.has_role(Role.HEAD, Role.PROGRAMME_EDITOR, Role.REPORTER)


def may_start(viewer: Viewer) -> bool:
    """The door of the form by which a lead says that a project has begun."""
    return viewer.is_system or viewer.has_role(Role.HEAD, Role.REPORTER)


def can_assign_into(viewer: Viewer, owner_path: Sequence[int]) -> bool:
    """Add an issued task by decision: the head of the owning organisation, a head or steering office above it."""
    if viewer.is_system:
        return True
    own = viewer.is_in(owner_path[-1], Role.HEAD)
    return own or viewer.is_strictly_above(owner_path, Role.HEAD, Role.STEERING_OFFICE)


def can_remark(viewer: Viewer, facts: ProgrammeFacts, organisation_id: int) -> bool:
    """Talk about a task: whoever may see it, in the name of a body where he works."""
    return can_see_programme(viewer, facts) and (viewer.is_system or organisation_id in viewer.organisation_ids())


def can_close_thread(viewer: Viewer, author_id: int, lead_id: int | None) -> bool:
    """Say that a matter is settled: who raised it, or the task's lead."""
    if viewer.is_system or viewer.account_id == author_id:
        return True
    return lead_id is not None and viewer.is_in(lead_id, Role.REPORTER, Role.HEAD)


def may_speak_of_obstacles(viewer: Viewer) -> bool:
    """Is offered to turn a remark into an obstacle; who may really raise one is decided there."""
    return viewer.has_role(Role.REPORTER, Role.HEAD, Role.STEERING_OFFICE)
