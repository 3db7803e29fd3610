"""What is stuck, who can remove it, what is asked (D9, D44)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from thucthi.directory.models import Account, Organisation
from thucthi.programmes.models import Task


class Cause(models.TextChoices):
    INSTITUTION = "institution", _("Thể chế, chính sách")
    MONEY = "money", _("Kinh phí")
    PEOPLE = "people", _("Nhân lực")
    COORDINATION = "coordination", _("Phối hợp với cơ quan khác")
    DATA = "data", _("Dữ liệu, hạ tầng số")
    LAND = "land", _("Đất đai, mặt bằng")
    PROCUREMENT = "procurement", _("Đấu thầu, mua sắm")
    OWN_FAULT = "own_fault", _("Nguyên nhân chủ quan của đơn vị")
    OTHER = "other", _("Nguyên nhân khác")


class Obstacle(models.Model):
    """A condition that blocks, put to the body that can remove it. Fact: only inserted.

    The six clears of a petition: `information` and `field`, `condition`, `proposed_solution`, `authority` with
    `asked_of`, and `due_on`. What an older row left empty shows as missing, never as said.
    """

    code = models.SlugField(max_length=64, unique=True)
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="obstacles")
    raised_by_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="raised_obstacles")
    raised_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    raised_on = models.DateField()
    cause = models.CharField(max_length=14, choices=Cause)
    condition = models.TextField()
    asked_of = models.ForeignKey(Organisation, models.PROTECT, related_name="asked_obstacles")
    asked_what = models.TextField()
    due_on = models.DateField()
    information = models.TextField(blank=True)
    field = models.CharField(max_length=120, blank=True)
    proposed_solution = models.TextField(blank=True)
    authority = models.CharField(max_length=300, blank=True)
    is_simulated = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["asked_of", "due_on"], name="obstacle_asked")]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("raised_on")), name="obstacle_due_after_raised"),
        ]

    def __str__(self) -> str:
        return self.condition[:200]


class StepKind(models.TextChoices):
    ACKNOWLEDGED = "acknowledged", _("Đã tiếp nhận")
    ANSWERED = "answered", _("Đã trả lời")
    REMOVED = "removed", _("Đã gỡ")
    WITHDRAWN = "withdrawn", _("Rút lại")
    REOPENED = "reopened", _("Mở lại")


# What ends a round, and what moves it off the desk of the body that was asked.
CLOSING = (StepKind.REMOVED, StepKind.WITHDRAWN)
ANSWERING = (*CLOSING, StepKind.ANSWERED)


class ObstacleStep(models.Model):
    """What was done about an obstacle. Fact: only inserted.

    `round` counts from 1; reopening starts the next one, and each round is closed once.
    """

    obstacle = models.ForeignKey(Obstacle, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=StepKind)
    round = models.PositiveSmallIntegerField(default=1)
    text = models.TextField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    happened_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["obstacle", "round"],
                condition=Q(kind__in=["removed", "withdrawn"]),
                name="obstacle_closed_once_a_round",
            ),
            models.UniqueConstraint(
                fields=["obstacle", "round"], condition=Q(kind="reopened"), name="obstacle_reopened_once_a_round"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obstacle_id} {self.kind}"


class AffectedTask(models.Model):
    """A task, beside the one it was raised about, that the obstacle blocks. Fact: only inserted."""

    obstacle = models.ForeignKey(Obstacle, models.PROTECT, related_name="affected")
    task = models.ForeignKey(Task, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["obstacle", "task"], name="affected_task_once")]

    def __str__(self) -> str:
        return f"{self.obstacle_id} · {self.task_id}"
