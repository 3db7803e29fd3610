"""The roll-up engine's tables (ADR 0035): derived, kept by triggers, read by whoever shows counts as of today."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from thucthi.directory.models import Organisation
from thucthi.programmes.models import Programme, Task


class TaskStanding(models.Model):
    """Where one task stands, drafts included: from the day it was derived until the day before `stale_on`.

    `stage`, `schedule`, `reported`: the codes of `monitoring.states`. From `ahead_on`, where it is given, the three
    `ahead_…` hold instead: tomorrow's standing, derived today. `stale_on` is the first day on which a fact of a later
    day, a deadline or a report coming due may change it; None: never without a write. `is_open`: the programme is
    issued and none of its documents is restricted, so that everybody who works here sees the task.
    """

    task = models.OneToOneField(Task, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="standing")
    programme = models.ForeignKey(Programme, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    lead = models.ForeignKey(
        Organisation, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    documents = ArrayField(models.BigIntegerField())
    is_issued = models.BooleanField()
    is_open = models.BooleanField()
    stage = models.CharField(max_length=20)
    schedule = models.CharField(max_length=12)
    reported = models.CharField(max_length=12)
    due_on = models.DateField(null=True)
    ahead_on = models.DateField(null=True)
    ahead_stage = models.CharField(max_length=20, null=True)
    ahead_schedule = models.CharField(max_length=12, null=True)
    ahead_reported = models.CharField(max_length=12, null=True)
    stale_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["stale_on"], name="standing_stale", condition=Q(stale_on__isnull=False)),
            models.Index(fields=["programme"], name="standing_hidden", condition=Q(is_issued=True, is_open=False)),
            # Overdue, or will be so from tomorrow on: the lists of what is late.
            models.Index(
                fields=["due_on", "task"],
                name="standing_late",
                condition=Q(is_issued=True, is_open=True) & (Q(schedule="overdue") | Q(ahead_schedule="overdue")),
            ),
            models.Index(
                fields=["lead", "due_on", "task"],
                name="standing_late_of_lead",
                condition=Q(is_issued=True, is_open=True) & (Q(schedule="overdue") | Q(ahead_schedule="overdue")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.stage} {self.schedule}"


class TaskPulse(models.Model):
    """The last day of which anything is told about one task: a step, a change, a report, a verdict (D24)."""

    task = models.OneToOneField(Task, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="pulse")
    last_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.task_id} {self.last_on}"


class Lineage(models.Model):
    """In whose counts the tasks of a lead stand: `Lineages.ancestors`, and 0 for the whole country."""

    lead_id = models.BigIntegerField()
    ancestor_id = models.BigIntegerField()

    pk = models.CompositePrimaryKey("lead_id", "ancestor_id")

    class Meta:
        indexes = [models.Index(fields=["ancestor_id", "lead_id"], name="lineage_of_ancestor")]

    def __str__(self) -> str:
        return f"{self.lead_id} < {self.ancestor_id}"


class Counts(models.Model):
    """Tasks by stage and by schedule, reports owed and in hand: the parts of `Tally`, and nothing but numbers."""

    stage_draft = models.IntegerField(default=0)
    stage_issued = models.IntegerField(default=0)
    stage_received = models.IntegerField(default=0)
    stage_in_progress = models.IntegerField(default=0)
    stage_awaiting_acceptance = models.IntegerField(default=0)
    stage_returned = models.IntegerField(default=0)
    stage_done = models.IntegerField(default=0)
    stage_suspended = models.IntegerField(default=0)
    stage_cancelled = models.IntegerField(default=0)
    stage_superseded = models.IntegerField(default=0)
    schedule_no_deadline = models.IntegerField(default=0)
    schedule_on_time = models.IntegerField(default=0)
    schedule_due_soon = models.IntegerField(default=0)
    schedule_overdue = models.IntegerField(default=0)
    schedule_done_early = models.IntegerField(default=0)
    schedule_done_on_time = models.IntegerField(default=0)
    schedule_done_late = models.IntegerField(default=0)
    owed = models.IntegerField(default=0)
    reported = models.IntegerField(default=0)

    class Meta:
        abstract = True


class RollupDelta(Counts):
    """What one write changed, not yet folded in; from `day` on it counts. Only inserted, and taken away by the fold."""

    lead_id = models.BigIntegerField()
    document_id = models.BigIntegerField()
    day = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["lead_id", "document_id"], name="delta_of_lead")]

    def __str__(self) -> str:
        return f"{self.lead_id}/{self.document_id} from {self.day}"


class LeadCount(Counts):
    """What each lead's own open tasks come to, by document; document 0: each task once."""

    lead_id = models.BigIntegerField()
    document_id = models.BigIntegerField()

    pk = models.CompositePrimaryKey("lead_id", "document_id")

    def __str__(self) -> str:
        return f"{self.lead_id}/{self.document_id}"


class Rollup(Counts):
    """The same through `Lineage`: everything led in the subtree of an organisation; organisation 0: the country."""

    organisation_id = models.BigIntegerField()
    document_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)

    pk = models.CompositePrimaryKey("organisation_id", "document_id")

    class Meta:
        indexes = [models.Index(fields=["document_id", "organisation_id"], name="rollup_of_document")]

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.document_id}"


class Work(models.TextChoices):
    """What the engine can be asked to do; codes, never shown. ROLL: derive what is stale by tomorrow, today ahead."""

    FOLD = "fold", "fold"
    ROLL = "roll", "roll"
    REBUILD = "rebuild", "rebuild"


class RollupState(models.Model):
    """The one row of the engine, and its bell: writing `work` into it makes the database do that work, as its owner.

    Its lock is the engine's: one fold at a time, and none while the tree changes. `room`: at most how many rows;
    `done`: how many it was. `day_given`: only in tests, which day it is. `tree_stale_on`: the first day on which
    other bodies answer for a lead without a write.
    """

    zone = models.CharField(max_length=64)
    day_given = models.DateField(null=True)
    tree_stale_on = models.DateField(null=True)
    work = models.CharField(max_length=8, choices=Work, blank=True)
    room = models.IntegerField(default=0)
    done = models.IntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="rollup_state_one_row")]

    def __str__(self) -> str:
        return f"{self.work} {self.done}"
