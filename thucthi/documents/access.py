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
