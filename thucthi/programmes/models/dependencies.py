"""What waits for what, across programmes and resolutions (D65); the instruments a task is about."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from thucthi.directory.models import Account
from thucthi.documents.models import Instrument
from thucthi.programmes.models.tasks import Task


class TaskInstrument(models.Model):
    """The task is to bring this instrument into force; it cannot be done before. Many tasks may serve one text."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="task_instruments")
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="task_instruments")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "instrument"], name="task_instrument_once")]

    def __str__(self) -> str:
        return f"{self.task_id} · {self.instrument_id}"


class DependencyKind(models.TextChoices):
    FINISH_START = "finish_start", _("Xong việc này mới làm được việc kia")
    NEEDS_DATA = "needs_data", _("Cần dữ liệu của")
    NEEDS_INSTRUMENT = "needs_instrument", _("Cần văn bản")
    COMPETES = "competes", _("Tranh chấp nguồn lực với")


class Dependency(models.Model):
    """`waiting_task` waits for `needed_task` or for `needed_instrument` to be in force. Ended, never deleted.

    `lag_days`: working days between the end of what is needed and the start of what waits. A competing pair has no
    direction; it is kept with the smaller id as `needed_task`.
    """

    kind = models.CharField(max_length=16, choices=DependencyKind)
    waiting_task = models.ForeignKey(Task, models.PROTECT, related_name="needs")
    needed_task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="needed_by")
    needed_instrument = models.ForeignKey(Instrument, models.PROTECT, null=True, related_name="needed_by")
    lag_days = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    created_on = models.DateField()
    ended_on = models.DateField(null=True)
    ended_because = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["needed_task"], name="dependency_downstream")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="needs_instrument", needed_instrument__isnull=False, needed_task__isnull=True)
                | ~Q(kind="needs_instrument") & Q(needed_instrument__isnull=True, needed_task__isnull=False),
                name="dependency_needs_one_thing",
            ),
            models.CheckConstraint(condition=~Q(waiting_task=F("needed_task")), name="dependency_on_another"),
            models.CheckConstraint(
                condition=~Q(kind="competes") | Q(needed_task__lt=F("waiting_task")), name="dependency_pair_in_order"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | ~Q(ended_because=""), name="dependency_ended_with_a_reason"
            ),
            models.UniqueConstraint(
                fields=["kind", "waiting_task", "needed_task"],
                condition=Q(ended_on__isnull=True, needed_task__isnull=False),
                name="dependency_task_once",
            ),
            models.UniqueConstraint(
                fields=["waiting_task", "needed_instrument"],
                condition=Q(ended_on__isnull=True, needed_instrument__isnull=False),
                name="dependency_instrument_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.waiting_task_id} ← {self.needed_task_id or self.needed_instrument_id} {self.kind}"
