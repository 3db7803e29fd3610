"""Who keeps indicators and their values. Pure rules on a viewer and a few facts."""

from collections.abc import Sequence

from thucthi.directory.access import Viewer
from thucthi.directory.models import Role

ENTERING_ROLES = (Role.REPORTER, Role.HEAD)


def can_define(viewer: Viewer) -> bool:
    """Define indicators, their rules of adding up, and enter the targets of documents: a steering office."""
    return viewer.is_system or viewer.has_role(Role.STEERING_OFFICE)


def may_enter_values(viewer: Viewer) -> bool:
    """The door of entering values: reporters, heads, steering offices; of whom, `can_observe_for` decides."""
    return viewer.is_system or viewer.has_role(*ENTERING_ROLES, Role.STEERING_OFFICE)


def can_observe_for(viewer: Viewer, path: Sequence[int] | None) -> bool:
    """Record a value of an organisation: its reporter or head, or a steering office in it or above.

    Without a path the value is of the whole country: a steering office.
    """
    if viewer.is_system:
        return True
    if not path:
        return viewer.has_role(Role.STEERING_OFFICE)
    return viewer.is_in(path[-1], *ENTERING_ROLES) or viewer.is_in_or_above(path, Role.STEERING_OFFICE)


def can_link_for(viewer: Viewer, owner_id: int) -> bool:
    """Say which indicator a task moves: the editors of the programme's organisation, or its head."""
    return viewer.is_system or viewer.is_in(owner_id, Role.PROGRAMME_EDITOR, Role.HEAD)


def feed_may_write(scope_id: int | None, path: Sequence[int] | None) -> bool:
    """A machine writes for the organisation of its scope and those below it; without a scope also for the country."""
    return scope_id is None or (path is not None and scope_id in path)


def may_manage_feeds(viewer: Viewer) -> bool:
    """The door of machine sources: steering offices."""
    return viewer.is_system or viewer.has_role(Role.STEERING_OFFICE)


def can_manage_feed(viewer: Viewer, path: Sequence[int]) -> bool:
    """Set up a source of an organisation, give and revoke its secrets: a steering office in it or above."""
    return viewer.is_system or viewer.is_in_or_above(path, Role.STEERING_OFFICE)


def can_dispute_for(viewer: Viewer, organisation_id: int) -> bool:
    """Say that a value about an organisation is not right: its own reporter or head."""
    return viewer.is_system or viewer.is_in(organisation_id, *ENTERING_ROLES)


def can_answer_dispute(viewer: Viewer, answering_id: int | None) -> bool:
    """Answer a dispute: the body that owns the source, by its reporter, head or verifier; else a steering office."""
    if viewer.is_system:
        return True
    if answering_id is None:
        return viewer.has_role(Role.STEERING_OFFICE)
    return viewer.is_in(answering_id, *ENTERING_ROLES, Role.VERIFIER, Role.STEERING_OFFICE)


def may_follow_up(viewer: Viewer) -> bool:
    """Mark a value to be looked at again, and close such a mark: who checks others' figures."""
    return viewer.is_system or viewer.has_role(Role.STEERING_OFFICE, Role.VERIFIER, Role.AUDITOR)
