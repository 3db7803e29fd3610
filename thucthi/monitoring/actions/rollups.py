"""Asking the engine of counts for work (ADR 0035). Nothing is stated and nobody decides: the ledger is not told."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel.errors import require
from thucthi.monitoring.models import RollupState, Work

AT_ONCE = 2_000


@transaction.atomic
def fold_deltas(*, by: Viewer) -> int:
    """Put what writes have noted into the counts; how many notes there were. Raises Forbidden but for the system."""
    return _ring(by, Work.FOLD)


@transaction.atomic
def roll_day(*, by: Viewer, room: int = AT_ONCE) -> int:
    """Derive standings that a new day has changed, then those that tomorrow will; how many, at most `room`.

    Those that a writer holds are left for the next time. Raises Forbidden but for the system.
    """
    return _ring(by, Work.ROLL, room)


@transaction.atomic
def rebuild_rollups(*, by: Viewer) -> int:
    """Make everything from the facts; how many standings were wrong or missing. Writers wait meanwhile, readers do not.

    Raises Forbidden but for the system.
    """
    return _ring(by, Work.REBUILD)


@transaction.atomic
def forget_runs_of_counting(*, by: Viewer) -> int:
    """Take the runs of the periodic job that succeeded off the queue's table. Raises Forbidden but for the system."""
    require(by.is_system, _by_itself())
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE task_name = 'monitoring.keep_counts' AND status = 'succeeded'"
        )
        return int(cursor.rowcount)


def _by_itself() -> str:
    return _("Số đếm do hệ thống tự cộng, không ai sửa tay.")


def _ring(by: Viewer, work: Work, room: int = 0) -> int:
    require(by.is_system, _by_itself())
    if work == Work.REBUILD:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
    RollupState.objects.update(work=work, room=room)
    return RollupState.objects.values_list("done", flat=True).get()
