"""Who reports, who accepts, who reads reports."""

from collections.abc import Collection
from dataclasses import dataclass

from thucthi.directory.access import WORKING_ROLES, Viewer
from thucthi.directory.models import Role

REPORTING_ROLES = (Role.REPORTER, Role.HEAD)
REVIEWING_ROLES = (Role.APPROVER, Role.HEAD)


@dataclass(frozen=True)
class ReportPlace:
    """The organisations around the report of a task.

    `reporting_ids`: who owes it (the lead, or whoever answers for it); `reporting_path`: its lineage.
    """

    reporting_ids: Collection[int]
    reporting_path: Collection[int]
    programme_owner_id: int
    coordinator_ids: Collection[int] = ()


def may_report(viewer: Viewer) -> bool:
    return viewer.has_role(*REPORTING_ROLES)


def may_review(viewer: Viewer) -> bool:
    return viewer.has_role(*REVIEWING_ROLES)


def may_read_reports(viewer: Viewer) -> bool:
    return viewer.has_role(*WORKING_ROLES)


def can_report(viewer: Viewer, place: ReportPlace) -> bool:
    """Exactly the organisation that owes the report, never one above or below it."""
    return any(viewer.is_in(organisation_id, *REPORTING_ROLES) for organisation_id in place.reporting_ids)


def can_review(viewer: Viewer, place: ReportPlace, author_id: int) -> bool:
    """The programme's owner, or a body strictly above the reporting one; never the author."""
    if viewer.account_id is None or viewer.account_id == author_id:
        return False
    return viewer.is_in(place.programme_owner_id, *REVIEWING_ROLES) or viewer.is_strictly_above(
        place.reporting_path, *REVIEWING_ROLES
    )


def can_read_report(viewer: Viewer, place: ReportPlace) -> bool:
    """Both ends, the coordinators, and everyone above the reporting body with a working role."""
    own = viewer.organisation_ids()
    around = {*place.reporting_ids, *place.reporting_path, *place.coordinator_ids, place.programme_owner_id}
    return viewer.is_system or bool(own & around)


def may_create_obligations(viewer: Viewer) -> bool:
    """The system, every day; a steering office by hand, for its subtree."""
    return viewer.is_system or viewer.has_role(Role.STEERING_OFFICE)
