"""Creating the obligations to report: the system does it every day, nobody has to ask for them."""

from collections.abc import Iterator
from datetime import date
from itertools import islice

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Role
from thucthi.kernel.errors import require
from thucthi.kernel.working_days import Period, monthly_period, report_due_on, weekly_period
from thucthi.ledger.actions import record
from thucthi.programmes.models import Programme, Task
from thucthi.reporting import access
from thucthi.reporting.models import Obligation
from thucthi.reporting.selectors.obligations import owing_organisation, tasks_that_report, within_subtree

AT_ONCE = 2_000
OBLIGATIONS_LOCK = 7201


@transaction.atomic
def create_obligations(*, by: Viewer, on: date) -> int:
    """One obligation per task that reports, for the week or month that holds `on`; returns how many are new (D42).

    Safe to repeat: what is there stays as it is. By hand a steering office does it for its own subtree.
    """
    require(
        access.may_create_obligations(by), _("Chỉ hệ thống hoặc cơ quan thường trực chỉ đạo được lập nghĩa vụ báo cáo.")
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [OBLIGATIONS_LOCK])
    tasks = tasks_that_report(on)
    if not by.is_system:
        tasks = within_subtree(tasks, by.organisation_ids(Role.STEERING_OFFICE))
    periods = {Programme.Rhythm.WEEKLY.value: weekly_period(on), Programme.Rhythm.MONTHLY.value: monthly_period(on)}
    created = 0
    for rhythm, period in periods.items():
        owing = tasks.filter(programme__rhythm=rhythm).exclude(
            pk__in=Obligation.objects.filter(period_kind=period.kind.value, period_key=period.key).values("task")
        )
        made = _obligations(owing.select_related("lead").iterator(AT_ONCE), period, on)
        while batch := list(islice(made, AT_ONCE)):
            Obligation.objects.bulk_create(batch, ignore_conflicts=True)
            created += len(batch)
    if created:
        newest = Obligation.objects.order_by("-pk")[0]
        record(
            "obligations.created",
            by=by,
            subject=newest,
            count=created,
            on=on,
            periods=[p.key for p in periods.values()],
        )
    return created


def _obligations(tasks: Iterator[Task], period: Period, on: date) -> Iterator[Obligation]:
    due_on = report_due_on(period)
    for task in tasks:
        yield Obligation(
            task=task,
            organisation=owing_organisation(task.lead, on),
            period_kind=period.kind.value,
            period_key=period.key,
            period_start=period.start,
            period_end=period.end,
            due_on=due_on,
        )
