"""What was decided about what is stuck, in a meeting or at a desk, and the tasks that came of it (D55)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from thucthi.directory.models import Account, Organisation
from thucthi.obstacles.models.ladder import Hop
from thucthi.obstacles.models.register import Obstacle
from thucthi.programmes.models import Task


class Meeting(models.Model):
    """A meeting of a committee. `minutes_number` empty until its minutes came back; then nothing changes any more."""

    code = models.SlugField(max_length=64, unique=True)
    committee = models.ForeignKey(Organisation, models.PROTECT, related_name="meetings")
    title = models.CharField(max_length=300)
    held_on = models.DateField()
    place = models.CharField(max_length=300, blank=True)
    chair = models.CharField(max_length=200, blank=True)
    minutes_number = models.CharField(max_length=120, blank=True)
    minutes_on = models.DateField(null=True)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    is_simulated = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes_number="", minutes_on__isnull=True)
                | ~Q(minutes_number="") & Q(minutes_on__isnull=False),
                name="meeting_minutes_have_number_and_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AgendaItem(models.Model):
    """An obstacle put before a meeting, in this place. May be taken off until the minutes came back."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    obstacle = models.ForeignKey(Obstacle, models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["meeting_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "obstacle"], name="agenda_item_once"),
            models.UniqueConstraint(fields=["meeting", "position"], name="agenda_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.position}"


class Decision(models.Model):
    """What a body decided about an obstacle. Fact: only inserted.

    `hop`: the desk on which it lay; null when it was decided before any clock ran. `due_on`: by when it is carried out.
    """

    class Kind(models.TextChoices):
        INSTRUCT = "instruct", _("Giao thực hiện")
        GRANT = "grant", _("Chấp thuận đề nghị")
        DECLINE = "decline", _("Không chấp thuận")
        DEFER = "defer", _("Để lại, xem xét sau")

    obstacle = models.ForeignKey(Obstacle, models.PROTECT, related_name="decisions")
    hop = models.ForeignKey(Hop, models.PROTECT, null=True, related_name="decisions")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="decisions")
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.TextField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="decisions")
    responsible = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    reference = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    acting_for = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField()
    is_simulated = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["obstacle", "decided_on"], name="decision_order")]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="decision_says_what"),
            models.UniqueConstraint(
                fields=["meeting", "obstacle"], condition=Q(meeting__isnull=False), name="decision_once_per_meeting"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:200]


class DecisionTask(models.Model):
    """A task that carries out a decision; the decision is followed until its tasks are done. Fact: only inserted."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="decision_tasks")
    task = models.OneToOneField(Task, models.PROTECT, related_name="from_decision")
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.decision_id} → {self.task_id}"
