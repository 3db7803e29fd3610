"""Who reports, who accepts, who reads reports."""

from collections.abc import Collection
from dataclasses import dataclass

from thucthi.directory.access import WORKING_ROLES, Viewer
from thucthi.directory.models import Role

REPORTING_ROLES = (Role.REPORTER, Role.HEAD)
REVIEWING_ROLES = (Role.APPROVER, Role.HEAD)
# With the verifiers of a steering office, who may be the last rung of a route.
JUDGING_ROLES = (*REVIEWING_ROLES, Role.VERIFIER)


@dataclass(frozen=True)
class ReportPlace:
    """The organisations around the report of a task.

    `reporting_ids`: who owes it (the lead of that time, or whoever answers for it); `reporting_path`: its lineage;
    `superior_id`: the body right above; `verifier_ids`: where the programme's documents are registered.
    """

    reporting_ids: Collection[int]
    reporting_path: Collection[int]
    programme_owner_id: int
    superior_id: int | None = None
    verifier_ids: Collection[int] = ()


def may_report(viewer: Viewer) -> bool:
    return viewer.has_role(*REPORTING_ROLES)


def may_review(viewer: Viewer) -> bool:
    return viewer.has_role(*JUDGING_ROLES)


def may_read_reports(viewer: Viewer) -> bool:
    return viewer.has_role(*WORKING_ROLES)


def can_report(viewer: Viewer, place: ReportPlace) -> bool:
    """Exactly the organisation that owes the report, never one above or below it."""
    return any(viewer.is_in(organisation_id, *REPORTING_ROLES) for organisation_id in place.reporting_ids)


@dataclass(frozen=True)
class Seat:
    """The right to decide; `acting_for`: the absent account in whose place (recorded beside the one who acts)."""

    acting_for: int | None = None


def seat_of(viewer: Viewer, place: ReportPlace, author_id: int, rung: str = "") -> Seat | None:
    """Whether, and in whose place, the viewer decides on this rung; never about his own report, nor for its author.

    Without a route (`rung` ""): the programme's owner, or a body strictly above the reporting one.
    """
    if viewer.account_id is None or viewer.account_id == author_id:
        return None
    bodies, roles = _seats(place, rung)
    grants = [grant for grant in viewer.grants if grant.organisation_id in bodies and grant.role in roles]
    lent = [grant.acting_for for grant in grants]
    if None in lent:
        return Seat()
    return next((Seat(giver) for giver in lent if giver != author_id), None)


def _seats(place: ReportPlace, rung: str) -> tuple[frozenset[int | None], tuple[Role, ...]]:
    match rung:
        case "own_head":
            return frozenset(place.reporting_ids), (Role.HEAD,)
        case "superior":
            return frozenset({place.superior_id}), REVIEWING_ROLES
        case "owner":
            return frozenset({place.programme_owner_id}), REVIEWING_ROLES
        case "verifier":
            return frozenset(place.verifier_ids), (Role.VERIFIER,)
    return frozenset({place.programme_owner_id, *list(place.reporting_path)[:-1]}), REVIEWING_ROLES


def can_review(viewer: Viewer, place: ReportPlace, author_id: int, rung: str = "") -> bool:
    """See `seat_of`."""
    return seat_of(viewer, place, author_id, rung) is not None


def may_create_obligations(viewer: Viewer) -> bool:
    """The system, every day; a steering office by hand, for its subtree."""
    return viewer.is_system or viewer.has_role(Role.STEERING_OFFICE)


def can_set_cycle(viewer: Viewer, register_id: int) -> bool:
    """When reports are owed under a document and whom they climb: the steering office where it is registered."""
    return viewer.is_system or viewer.is_in(register_id, Role.STEERING_OFFICE)


def can_set_after_check(viewer: Viewer, place: ReportPlace) -> bool:
    """When somebody looks again: the programme's owner, or the steering office of its documents."""
    return (
        viewer.is_system
        or viewer.is_in(place.programme_owner_id, *REVIEWING_ROLES, Role.STEERING_OFFICE)
        or any(viewer.is_in(pk, Role.STEERING_OFFICE) for pk in place.verifier_ids)
    )


def can_record_after_check(viewer: Viewer, examiner_id: int, reporting_ids: Collection[int]) -> bool:
    """What was found: somebody of the body that was asked to look, who does not himself answer for the task."""
    roles = (Role.VERIFIER, Role.HEAD, Role.APPROVER)
    return viewer.is_system or (
        viewer.is_in(examiner_id, *roles) and not any(viewer.is_in(pk, *REPORTING_ROLES) for pk in reporting_ids)
    )
