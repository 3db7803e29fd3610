"""Reading the directory."""

from datetime import date
from typing import Any

from django.utils import timezone

from thucthi.directory.access import ANONYMOUS, Grant, Viewer
from thucthi.directory.models import Membership, Role


def viewer_of(user: Any, on: date | None = None) -> Viewer:
    """The viewer behind a signed-in account, with the memberships in force today (or `on`)."""
    if not user.is_authenticated or not user.is_active:
        return ANONYMOUS
    grants = Membership.objects.in_force(on or timezone.localdate()).filter(account=user).order_by("pk")
    return Viewer(
        account_id=user.pk,
        label=user.get_username(),
        grants=tuple(Grant(row.organisation_id, Role(row.role)) for row in grants),
    )
