"""Who keeps indicators and their values. Pure rules on a viewer and a few facts."""

from collections.abc import Sequence

from thucthi.directory.access import Viewer
from thucthi.directory.models import Role


def can_define(viewer: Viewer) -> bool:
    """Define indicators and enter the targets of documents: a steering office."""
    return viewer.is_system or viewer.has_role(Role.STEERING_OFFICE)


def can_observe_for(viewer: Viewer, path: Sequence[int] | None) -> bool:
    """Record a value of an organisation: its reporter or head, or a steering office in it or above.

    Without a path the value is of the whole country: a steering office.
    """
    if viewer.is_system:
        return True
    if not path:
        return viewer.has_role(Role.STEERING_OFFICE)
    return viewer.is_in(path[-1], Role.REPORTER, Role.HEAD) or viewer.is_in_or_above(path, Role.STEERING_OFFICE)


def can_link_for(viewer: Viewer, owner_id: int) -> bool:
    """Say which indicator a task moves: the editors of the programme's organisation, or its head."""
    return viewer.is_system or viewer.is_in(owner_id, Role.PROGRAMME_EDITOR, Role.HEAD)
