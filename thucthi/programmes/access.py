"""Who may read, draft, issue and change programmes, tasks and control frames. Pure rules on a few facts."""

from collections.abc import Sequence
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


def can_keep_frame_of(viewer: Viewer, register_path: Sequence[int]) -> bool:
    """Set up a control frame, move its checkpoints: the steering office where the document is registered, or above."""
    return viewer.is_system or viewer.is_in_or_above(register_path, Role.STEERING_OFFICE)


def may_decide(viewer: Viewer) -> bool:
    """The door of the pages of decisions: whoever heads an organisation."""
    return viewer.has_role(Role.HEAD)
