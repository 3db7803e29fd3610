"""Who may put a condition to another body, and who may say what became of it."""

from collections.abc import Collection
from dataclasses import dataclass

from thucthi.directory.access import Viewer
from thucthi.directory.models import Role

SPEAKING_ROLES = (Role.REPORTER, Role.HEAD)
DECIDING_ROLES = (Role.HEAD, Role.APPROVER, Role.STEERING_OFFICE)
ANSWERING_ROLES = (Role.REPORTER, Role.APPROVER, Role.HEAD, Role.STEERING_OFFICE)
MEETING_ROLES = (Role.STEERING_OFFICE, Role.HEAD)


@dataclass(frozen=True)
class Parties:
    """The organisations around one obstacle; bodies that no longer exist are joined by those that answer for them."""

    raising_ids: Collection[int]
    raising_path: tuple[int, ...]
    asked_ids: Collection[int]


def may_raise_obstacles(viewer: Viewer) -> bool:
    return viewer.is_system or viewer.has_role(*SPEAKING_ROLES, Role.STEERING_OFFICE)


def can_raise(
    viewer: Viewer, organisation_id: int, path: Collection[int], task_party_ids: Collection[int] | None
) -> bool:
    """In the name of one's own organisation; about a task only if it leads or coordinates that task.

    A steering office may do so for any organisation of its subtree. `task_party_ids` None: the obstacle stands alone.
    """
    if viewer.is_system:
        return True
    takes_part = task_party_ids is None or organisation_id in task_party_ids
    speaks_for = viewer.is_in(organisation_id, *SPEAKING_ROLES) or viewer.is_in_or_above(path, Role.STEERING_OFFICE)
    return takes_part and speaks_for


def can_answer(viewer: Viewer, organisation_id: int, parties: Parties) -> bool:
    """The asked body itself acknowledges and answers."""
    if viewer.is_system:
        return True
    return organisation_id in parties.asked_ids and viewer.is_in(organisation_id, *ANSWERING_ROLES)


def can_close(viewer: Viewer, organisation_id: int, parties: Parties) -> bool:
    """Whoever raised it says that it is gone or takes it back; so does a steering office over the raising body."""
    if viewer.is_system:
        return True
    if organisation_id in parties.raising_ids:
        return viewer.is_in(organisation_id, *SPEAKING_ROLES)
    return organisation_id in parties.raising_path and viewer.is_in(organisation_id, Role.STEERING_OFFICE)


@dataclass(frozen=True)
class RequestSides:
    """The two sides of a coordination request; bodies that no longer exist are joined by those that answer for them."""

    asking_ids: Collection[int]
    asked_ids: Collection[int]


def may_send_requests(viewer: Viewer) -> bool:
    return viewer.is_system or viewer.has_role(*SPEAKING_ROLES, Role.STEERING_OFFICE)


def can_send_request(viewer: Viewer, organisation_id: int, task_party_ids: Collection[int] | None) -> bool:
    """In the name of one's own body: its reporter, its head, or its steering office.

    About a task only if the body leads or coordinates it, or oversees it as a steering office. `task_party_ids` None:
    the request stands alone.
    """
    if viewer.is_system:
        return True
    if viewer.is_in(organisation_id, Role.STEERING_OFFICE):
        return True
    takes_part = task_party_ids is None or organisation_id in task_party_ids
    return takes_part and viewer.is_in(organisation_id, *SPEAKING_ROLES)


def can_answer_request(viewer: Viewer, organisation_id: int, sides: RequestSides) -> bool:
    """The asked body takes note and answers, in whole or in part."""
    if viewer.is_system:
        return True
    return organisation_id in sides.asked_ids and viewer.is_in(organisation_id, *ANSWERING_ROLES)


def can_judge_request(viewer: Viewer, organisation_id: int, sides: RequestSides) -> bool:
    """The asking body says that an answer is not enough, or takes the request back."""
    if viewer.is_system:
        return True
    return organisation_id in sides.asking_ids and viewer.is_in(organisation_id, *SPEAKING_ROLES, Role.STEERING_OFFICE)


def may_hold_meetings(viewer: Viewer) -> bool:
    return viewer.is_system or viewer.has_role(*MEETING_ROLES)


def can_hold_meeting(viewer: Viewer, committee_id: int) -> bool:
    """The committee's own steering office and head call its meetings, keep the agenda and record the minutes."""
    return viewer.is_system or viewer.is_in(committee_id, *MEETING_ROLES)


def can_run_the_ladder(viewer: Viewer) -> bool:
    """Only the system itself moves what is stuck when a clock runs out."""
    return viewer.is_system


def may_set_ladder_rules(viewer: Viewer) -> bool:
    """The door of the page that sets the clocks."""
    return viewer.has_role(Role.STEERING_OFFICE)


def can_set_ladder_rules(viewer: Viewer, *, from_the_centre: bool) -> bool:
    """Clocks hold for the whole country: a steering office at the centre sets them."""
    return viewer.is_system or (viewer.has_role(Role.STEERING_OFFICE) and from_the_centre)


def can_decide(viewer: Viewer, organisation_id: int, desk_ids: Collection[int]) -> bool:
    """Whoever decides for a body on whose desk it lies or lay, or for the committee above: head, approver, office."""
    if viewer.is_system:
        return True
    return organisation_id in desk_ids and viewer.is_in(organisation_id, *DECIDING_ROLES)


def can_refuse(viewer: Viewer, organisation_id: int, holder_ids: Collection[int]) -> bool:
    """The head of the body that holds the duty, or who approves in its name, says that it is not its own (D66)."""
    if viewer.is_system:
        return True
    return organisation_id in holder_ids and viewer.is_in(organisation_id, Role.HEAD, Role.APPROVER)


def can_rule(viewer: Viewer, refusing_path: Collection[int], ruling_id: int, *, from_the_centre: bool) -> bool:
    """On a refusal rules a body above the refusing one, or a steering office at the centre; never the refusing one."""
    if viewer.is_system:
        return True
    path = list(refusing_path)
    above = ruling_id in path[:-1] and viewer.is_in(ruling_id, *DECIDING_ROLES)
    central = from_the_centre and ruling_id != path[-1] and viewer.is_in(ruling_id, Role.STEERING_OFFICE)
    return above or central


def may_decide_obstacles(viewer: Viewer) -> bool:
    """The door of the page on which a body decides about what lies with it."""
    return viewer.has_role(*DECIDING_ROLES)


def may_refuse_duties(viewer: Viewer) -> bool:
    """The door of the pages on which a body refuses what is not its own."""
    return viewer.has_role(Role.HEAD, Role.APPROVER)


def may_assign_tasks(viewer: Viewer) -> bool:
    """The door of the page on which a decision becomes a task."""
    return viewer.has_role(Role.HEAD, Role.STEERING_OFFICE)
