"""Who prepares an issue, who puts it before the public, who may look at it before that."""

from thucthi.directory.access import Viewer
from thucthi.directory.models import Role


def may_prepare(viewer: Viewer) -> bool:
    """The steering office, or the system on its weekly day."""
    return viewer.is_system or viewer.has_role(Role.STEERING_OFFICE)


def may_publish(viewer: Viewer) -> bool:
    return viewer.has_role(Role.PUBLISHER)


def may_see_issues(viewer: Viewer) -> bool:
    return viewer.is_system or viewer.has_role(Role.STEERING_OFFICE, Role.PUBLISHER, Role.AUDITOR)


def can_publish(viewer: Viewer, prepared_by_id: int | None) -> bool:
    """A publisher who did not prepare this very issue."""
    return may_publish(viewer) and viewer.account_id is not None and viewer.account_id != prepared_by_id
