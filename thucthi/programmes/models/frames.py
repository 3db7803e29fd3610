"""The execution control frame of a resolution (D26–D29)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from thucthi.directory.models import Account, Organisation, Post
from thucthi.documents.models import Clause, Document


class ControlFrame(models.Model):
    """Exactly one per resolution. The three benefits answer what the policy brings (D4)."""

    document = models.OneToOneField(Document, models.PROTECT, related_name="control_frame")
    benefit_country = models.TextField()
    benefit_people = models.TextField()
    benefit_future = models.TextField()
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{_('Khung kiểm soát thực thi')} {self.document}"


class FrameResponsibility(models.Model):
    """Who answers at one node: a committee and its head (D29, D30). The first node is the resolution as a whole."""

    frame = models.ForeignKey(ControlFrame, models.PROTECT, related_name="responsibilities")
    node = models.CharField(max_length=200)
    committee = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    head = models.ForeignKey(Post, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["frame", "node"], name="frame_node_once")]

    def __str__(self) -> str:
        return self.node


class GoalKind(models.TextChoices):
    INDICATOR = "indicator", _("Định lượng, đo bằng chỉ tiêu")
    QUALITATIVE = "qualitative", _("Định tính, đánh giá theo thang mức")


class Goal(models.Model):
    """A final goal. A qualitative one has a rubric of levels, never an invented percentage (D27, D80)."""

    frame = models.ForeignKey(ControlFrame, models.PROTECT, related_name="goals")
    code = models.SlugField(max_length=64, unique=True)
    kind = models.CharField(max_length=12, choices=GoalKind)
    text = models.TextField()
    rubric = ArrayField(models.CharField(max_length=300), default=list)
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, related_name="goals")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="indicator", rubric=[]) | (Q(kind="qualitative") & ~Q(rubric=[])),
                name="goal_rubric_iff_qualitative",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Checkpoint(models.Model):
    """A mandatory checkpoint: never deleted, moved only by a recorded decision (D28)."""

    frame = models.ForeignKey(ControlFrame, models.PROTECT, related_name="checkpoints")
    code = models.SlugField(max_length=64, unique=True)
    text = models.TextField()
    due_on = models.DateField()
    evidence_required = models.TextField()
    examiner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.text


class CheckpointMove(models.Model):
    """The decision that moved a checkpoint. Fact: only inserted."""

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="moves")
    old_due_on = models.DateField()
    new_due_on = models.DateField()
    decision = models.CharField(max_length=300)
    decided_on = models.DateField()
    reason = models.TextField()
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(new_due_on=F("old_due_on")), name="checkpoint_move_moves")]

    def __str__(self) -> str:
        return f"{self.old_due_on} → {self.new_due_on}"
