"""Who sees what signals ask, and who answers them. Pure rules on a viewer and a few facts."""

from collections.abc import Sequence

from thucthi.directory.access import Viewer
from thucthi.directory.models import Role

CHECKING_ROLES = (Role.STEERING_OFFICE, Role.VERIFIER, Role.AUDITOR)


def may_read_signals(viewer: Viewer) -> bool:
    """The door of signals: who checks others' figures, and heads, who see those about their own bodies."""
    return viewer.is_system or viewer.has_role(*CHECKING_ROLES, Role.HEAD)


def can_see_signals_of(viewer: Viewer, path: Sequence[int]) -> bool:
    """Signals about an organisation: its head, and checkers in it or above. They are questions, not for the public."""
    if viewer.is_system:
        return True
    return viewer.is_in_or_above(path, *CHECKING_ROLES, Role.HEAD)


def can_judge_signals_of(viewer: Viewer, path: Sequence[int]) -> bool:
    """Record what was found: a checker above the organisation, never somebody of the organisation itself."""
    return viewer.is_system or viewer.is_strictly_above(path, *CHECKING_ROLES)


FOLLOWING_ROLES = (*CHECKING_ROLES, Role.HEAD, Role.APPROVER)
DOSSIER_ROLES = (Role.STEERING_OFFICE, Role.AUDITOR)


def may_follow_execution(viewer: Viewer) -> bool:
    """The door of who is silent: heads, those who accept, and those who check."""
    return viewer.is_system or viewer.has_role(*FOLLOWING_ROLES)


def places_followed(viewer: Viewer) -> frozenset[int]:
    """Where the viewer follows the execution: everything in and below these organisations."""
    return viewer.organisation_ids(*FOLLOWING_ROLES)


def can_see_scorecard_of(viewer: Viewer, path: Sequence[int]) -> bool:
    """What is measured of a body: whoever works in it, and heads, acceptors and checkers in or above it."""
    if viewer.is_system:
        return True
    own = bool(path) and path[-1] in viewer.organisation_ids()
    return own or viewer.is_in_or_above(path, *FOLLOWING_ROLES)


def can_state_reply_of(viewer: Viewer, organisation_id: int) -> bool:
    """The right of reply is the head's, or whoever acts in his place."""
    return viewer.is_system or viewer.is_in(organisation_id, Role.HEAD)


def may_read_dossiers(viewer: Viewer) -> bool:
    """The door of facts about tenures."""
    return viewer.is_system or viewer.has_role(*DOSSIER_ROLES, Role.HEAD)


def can_see_dossier_of(viewer: Viewer, path: Sequence[int]) -> bool:
    """Facts about those who head a body: its own head, steering offices and auditors in or above it (D33)."""
    if viewer.is_system:
        return True
    return (bool(path) and viewer.is_in(path[-1], Role.HEAD)) or viewer.is_in_or_above(path, *DOSSIER_ROLES)
