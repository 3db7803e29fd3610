"""Who is told what, and who looks after the letters."""

from thucthi.directory.access import Viewer
from thucthi.directory.models import Role


def may_run_the_post(viewer: Viewer) -> bool:
    """Derive notices, write and send letters: the system alone."""
    return viewer.is_system


def may_watch_letters(viewer: Viewer) -> bool:
    """See which letters wait or fail, addresses and texts aside: steering offices and who administers accounts."""
    return viewer.is_system or viewer.has_role(Role.STEERING_OFFICE, Role.ACCOUNT_ADMIN)


def can_revoke_calendar(viewer: Viewer, account_id: int) -> bool:
    """One's own calendar addresses only."""
    return viewer.account_id == account_id
