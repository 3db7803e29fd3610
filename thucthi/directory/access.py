"""Who is looking, and what the directory lets them do.

A `Viewer` carries the memberships in force at this request; it is read anew for every request, so a change of
role takes effect at the next one. Every rule of every app is a function of a viewer and a few facts.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from thucthi.directory.models import Role
from thucthi.kernel.sight import EVERYTHING, NOBODY, Sight


@dataclass(frozen=True)
class Grant:
    """One membership in force: this role in this organisation; `acting_for`: the absent account it is lent by."""

    organisation_id: int
    role: Role
    acting_for: int | None = None


@dataclass(frozen=True)
class Viewer:
    """Whoever reads or acts. `account_id` None is an anonymous visitor, or the system itself."""

    account_id: int | None
    label: str
    grants: tuple[Grant, ...] = ()
    is_system: bool = False
    units: tuple[str, ...] = ()

    def has_role(self, *roles: Role) -> bool:
        """Holds one of the roles in any organisation."""
        return any(grant.role in roles for grant in self.grants)

    def is_in(self, organisation_id: int | None, *roles: Role) -> bool:
        """Holds one of the roles in exactly this organisation."""
        return any(grant.organisation_id == organisation_id and grant.role in roles for grant in self.grants)

    def is_in_or_above(self, path: Iterable[int], *roles: Role) -> bool:
        """Holds one of the roles in an organisation of this lineage (`Organisation.path`)."""
        lineage = frozenset(path)
        return any(grant.organisation_id in lineage and grant.role in roles for grant in self.grants)

    def is_strictly_above(self, path: Iterable[int], *roles: Role) -> bool:
        """Holds one of the roles in a superior of the organisation whose lineage this is."""
        return self.is_in_or_above(list(path)[:-1], *roles)

    def acting_for(self, organisation_id: int, *roles: Role) -> int | None:
        """In whose place the viewer acts there with one of these roles; None: in its own right, or not at all."""
        found = [grant for grant in self.grants if grant.organisation_id == organisation_id and grant.role in roles]
        return None if any(grant.acting_for is None for grant in found) or not found else found[0].acting_for

    def organisation_ids(self, *roles: Role) -> frozenset[int]:
        """Where the viewer holds one of the roles; without roles, any but account administration."""
        wanted = roles or WORKING_ROLES
        return frozenset(grant.organisation_id for grant in self.grants if grant.role in wanted)


# Whoever administers accounts sees no drafts: that role alone opens no working page.
WORKING_ROLES = tuple(role for role in Role if role != Role.ACCOUNT_ADMIN)

# What an absent holder may lend for some days: the roles that decide, never those that write or administer.
DELEGABLE_ROLES = (Role.HEAD, Role.APPROVER, Role.VERIFIER)

ANONYMOUS = Viewer(account_id=None, label="Khách")
SYSTEM = Viewer(account_id=None, label="Hệ thống", is_system=True)


def may_work(viewer: Viewer) -> bool:
    """Opens the workspace: anyone with a working role."""
    return viewer.has_role(*WORKING_ROLES)


def sight_of(viewer: Viewer) -> Sight:
    """What the database is told of the viewer: the bodies in which he works, and those below which he audits."""
    if viewer.is_system:
        return EVERYTHING
    if not may_work(viewer):
        return NOBODY
    return Sight("working", viewer.organisation_ids(), viewer.organisation_ids(Role.AUDITOR))


def may_administer_accounts(viewer: Viewer) -> bool:
    return viewer.is_system or viewer.has_role(Role.ACCOUNT_ADMIN)


def can_administer_accounts_of(viewer: Viewer, path: Iterable[int]) -> bool:
    """Accounts of an organisation: its own administrator, or one of a superior body."""
    return viewer.is_system or viewer.is_in_or_above(path, Role.ACCOUNT_ADMIN)


def can_shut_account(viewer: Viewer, account_id: int, paths: Collection[Iterable[int]]) -> bool:
    """Close somebody's account or give it a new password: only who administers every place where it holds a role.

    Never one's own: nobody locks himself out, and nobody's own password changes without the old one.
    """
    if viewer.is_system:
        return True
    return bool(paths) and viewer.account_id != account_id and all(can_administer_accounts_of(viewer, p) for p in paths)


def can_give_role(viewer: Viewer, account_id: int, path: Iterable[int]) -> bool:
    """Roles in an organisation are given by its administrator or a superior one, never to oneself."""
    return (viewer.account_id != account_id and can_administer_accounts_of(viewer, path)) or viewer.is_system


def may_change_the_tree(viewer: Viewer) -> bool:
    """The door of merging, splitting, renaming and moving organisations: a steering office, on a decision."""
    return viewer.is_system or viewer.has_role(Role.STEERING_OFFICE)


def can_rearrange(viewer: Viewer, paths: Collection[Iterable[int]], *, from_the_centre: bool) -> bool:
    """Change organisations of these lineages: a steering office at the centre any, another one those in or below it."""
    if viewer.is_system:
        return True
    if not may_change_the_tree(viewer) or not paths:
        return False
    return from_the_centre or all(viewer.is_in_or_above(path, Role.STEERING_OFFICE) for path in paths)


def may_delegate(viewer: Viewer) -> bool:
    """The door of delegations: everyone who works, to see who acts for whom around him; administrators of accounts."""
    return viewer.is_system or may_work(viewer) or may_administer_accounts(viewer)


def can_delegate(viewer: Viewer, giver_id: int, organisation_id: int, path: Iterable[int], role: str) -> bool:
    """Lend a role, or take it back: its holder himself, not whoever it is lent to; or who administers the accounts."""
    if viewer.is_system or (viewer.account_id != giver_id and can_administer_accounts_of(viewer, path)):
        return True
    return viewer.account_id == giver_id and any(
        grant.organisation_id == organisation_id and grant.role == role and grant.acting_for is None
        for grant in viewer.grants
    )


def may_keep_tokens(viewer: Viewer) -> bool:
    """The door of tokens and webhooks: heads, and who administers accounts."""
    return viewer.is_system or viewer.has_role(Role.HEAD, Role.ACCOUNT_ADMIN)


def can_keep_tokens_of(viewer: Viewer, path: Sequence[int]) -> bool:
    """Give a program the right to read for an organisation, or take it back: its own head, or who administers its
    accounts and could open one there for a person just as well."""
    return can_administer_accounts_of(viewer, path) or viewer.is_in(path[-1], Role.HEAD)
