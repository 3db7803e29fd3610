"""Keeps the signatures by which like tasks are found."""

from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import MD5
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.intake.copying.signatures import bands_of
from thucthi.intake.models import TaskSignature
from thucthi.intake.selectors.copies import as_signed, names_mask
from thucthi.kernel.errors import require
from thucthi.ledger.actions import record
from thucthi.programmes.models import Task

# One transaction's worth: some seconds of work, so that nobody waits long for a row.
MOST_AT_ONCE = 5_000


class Signed(NamedTuple):
    """How many tasks were signed, and the last of them: those that follow have not been looked at."""

    number: int
    last: int


@transaction.atomic
def sign_tasks(*, by: Viewer, after: int = 0) -> Signed:
    """Sign the tasks that have no signature, or whose words have changed since, some at a time in the order of ids.

    Call again with `after`, the last one, until none was signed: without it each round would look through all of those
    before, a quarter of an hour for a million.
    """
    require(by.is_system, _("Việc này do hệ thống tự làm."))
    tasks = Task.objects.annotate(md5=MD5("text")).filter(Q(signature=None) | ~Q(signature__text_md5=F("md5")))
    tasks = tasks.filter(pk__gt=after)
    found = list(tasks.order_by("pk").values_list("pk", "text", "md5")[:MOST_AT_ONCE])
    if not found:
        return Signed(0, after)
    mask = names_mask()
    keys = bands_of([mask.masked(text) for _pk, text, _md5 in found])
    signatures = TaskSignature.objects.bulk_create(
        (
            TaskSignature(task_id=pk, text_md5=md5, keys=as_signed(row))
            for (pk, _text, md5), row in zip(found, keys, strict=True)
        ),
        update_conflicts=True,
        unique_fields=["task"],
        update_fields=["text_md5", "keys"],
    )
    record("signatures.made", by=by, subject=signatures[0], count=len(found))
    return Signed(len(found), found[-1][0])
