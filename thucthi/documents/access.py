"""Who may read and keep documents. Pure rules on a viewer and a few facts."""

from collections.abc import Sequence

from thucthi.directory.access import Viewer, may_work
from thucthi.directory.models import Role

KEEPERS = (Role.STEERING_OFFICE, Role.PROGRAMME_EDITOR)


def may_open_documents(viewer: Viewer) -> bool:
    """The door of the pages of documents: anyone with a working role."""
    return may_work(viewer)


def may_keep_documents(viewer: Viewer) -> bool:
    """The door of the form that registers a document."""
    return viewer.is_system or viewer.has_role(*KEEPERS)


def can_see_document(viewer: Viewer, *, is_public: bool, register_id: int) -> bool:
    """A public document: every working account. Any other: only who works in the organisation that keeps it."""
    if viewer.is_system:
        return True
    return may_work(viewer) and (is_public or register_id in viewer.organisation_ids())


def can_keep_in(viewer: Viewer, register_path: Sequence[int]) -> bool:
    """Register a document, or say how it relates to others: whoever keeps the register of exactly that organisation."""
    return viewer.is_system or (bool(register_path) and viewer.is_in(register_path[-1], *KEEPERS))


FOLLOWERS = (Role.REPORTER, Role.HEAD, Role.PROGRAMME_EDITOR)


def can_follow_instrument(viewer: Viewer, register_path: Sequence[int], drafter_id: int) -> bool:
    """Record the stages of an owed text: its drafter's people, or whoever keeps the register of the resolution."""
    return can_keep_in(viewer, register_path) or viewer.is_in(drafter_id, *FOLLOWERS)


def can_answer_conflict(viewer: Viewer, drafter_id: int) -> bool:
    """Say what was done about a contradiction: the drafter's people alone."""
    return viewer.is_system or viewer.is_in(drafter_id, *FOLLOWERS)


def can_state_conflict(viewer: Viewer, organisation_id: int) -> bool:
    """Point at a contradiction for an organisation: anyone with a working role in it."""
    return viewer.is_system or organisation_id in viewer.organisation_ids()


def can_keep_clocks(viewer: Viewer, *, is_central: bool) -> bool:
    """Set the times of the law: the steering office of a central body, since they hold for the whole country."""
    return viewer.is_system or (is_central and viewer.has_role(Role.STEERING_OFFICE))


def may_follow_instruments(viewer: Viewer) -> bool:
    """The door of the forms about owed texts."""
    return viewer.is_system or viewer.has_role(*FOLLOWERS, *KEEPERS)


def may_keep_clocks(viewer: Viewer) -> bool:
    """The door of the forms about the times of the law."""
    return viewer.is_system or viewer.has_role(Role.STEERING_OFFICE)
