"""Asking the engine of counts for work (ADR 0035). Nothing is stated and nobody decides: the ledger is not told."""

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel.errors import require
from thucthi.monitoring.models import RollupState, Work

AT_ONCE = 2_000


def fold_deltas(*, by: Viewer) -> int:
    """Put what writes have noted into the counts; how many notes there were. Raises Forbidden but for the system."""
    return _ring(by, Work.FOLD)


def roll_day(*, by: Viewer, room: int = AT_ONCE) -> int:
    """Derive standings that a new day has changed, then those that tomorrow will; how many, at most `room`.

    Those that a writer holds are left for the next time. Raises Forbidden but for the system.
    """
    return _ring(by, Work.ROLL, room)


def rebuild_rollups(*, by: Viewer) -> int:
    """Make everything from the facts; how many standings were wrong or missing. Writers wait meanwhile, readers do not.

    Raises Forbidden but for the system.
    """
    return _ring(by, Work.REBUILD)


@transaction.atomic
def _ring(by: Viewer, work: Work, room: int = 0) -> int:
    require(by.is_system, _("Số đếm do hệ thống tự cộng, không ai sửa tay."))
    RollupState.objects.update(work=work, room=room)
    return RollupState.objects.values_list("done", flat=True).get()
