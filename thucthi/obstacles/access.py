"""Who may put a condition to another body, and who may say what became of it."""

from collections.abc import Collection
from dataclasses import dataclass

from thucthi.directory.access import Viewer
from thucthi.directory.models import Role

SPEAKING_ROLES = (Role.REPORTER, Role.HEAD)
ANSWERING_ROLES = (Role.REPORTER, Role.APPROVER, Role.HEAD, Role.STEERING_OFFICE)


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
