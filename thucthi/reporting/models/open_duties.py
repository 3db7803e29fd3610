"""What is open, and when a task owes nothing: the derived tables of this app, kept by the database itself."""

from django.db import models
from django.db.models import Q

from thucthi.directory.models import Account, Organisation
from thucthi.programmes.models import Programme, Task
from thucthi.reporting.models.reports import Obligation, Report


class OpenState(models.TextChoices):
    """Codes, never shown: what a page says is `calculations.duties`."""

    OWED = "owed", "owed"
    RETURNED = "returned", "returned"
    WAITING = "waiting", "waiting"


class OpenDuty(models.Model):
    """An obligation that somebody must still do something about; gone once its newest report is accepted.

    Derived: triggers on obligations, reports, endorsements and acceptances keep it (migration 0005, ADR 0021), the
    application role may only read it. It makes "what do I owe" and "what waits for me" a look at an index however long
    the history is. `report`: the newest version, null when none was sent; `rung`: the one that waits ("" without a
    route). Of one task only the report of the newest period waits; an older one that nobody judged leaves the table.
    """

    obligation = models.OneToOneField(
        Obligation, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="open"
    )
    task = models.ForeignKey(Task, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    programme = models.ForeignKey(Programme, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    # Neither changes: an obligation is only added, and the code of an issued task stands.
    task_code = models.CharField(max_length=64, blank=True, default="", db_default="")
    period_kind = models.CharField(max_length=12, blank=True, default="", db_default="")
    period_end = models.DateField()
    due_on = models.DateField()
    last_day = models.DateField()
    state = models.CharField(max_length=8, choices=OpenState)
    report = models.OneToOneField(
        Report, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="open"
    )
    rung = models.CharField(max_length=16, blank=True)
    author = models.ForeignKey(
        Account, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # With all that is asked of them: the rows of one body lie scattered over the table.
            models.Index(
                fields=["organisation", "due_on"],
                include=["obligation", "task", "programme", "period_kind", "task_code", "last_day", "state"],
                name="open_owed_in_full",
                condition=~Q(state="waiting"),
            ),
            models.Index(
                fields=["organisation", "rung", "submitted_at", "report"],
                name="open_waits_below",
                condition=Q(state="waiting"),
            ),
            models.Index(
                fields=["programme", "rung", "submitted_at", "report"],
                name="open_waits_owner",
                condition=Q(state="waiting"),
            ),
            models.Index(
                fields=["rung", "submitted_at", "report"], name="open_waits_in_order", condition=Q(state="waiting")
            ),
            models.Index(fields=["task", "period_end"], name="open_of_task"),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.state}"


class Pause(models.Model):
    """Days on which an issued task owes no report, `until` the day before that one; None: for good.

    It is suspended, ended or complete on them, as `selectors.obligations.tasks_that_report` says. Derived: triggers on
    steps, reports and acceptances keep it (migration 0010, ADR 0049); most tasks have none.
    """

    task = models.ForeignKey(Task, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["task"], include=["since", "until"], name="pause_of_task")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.since} – {self.until or ''}"
