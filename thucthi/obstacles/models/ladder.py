"""The ladder: who must act by when, and how what is stuck climbs when they do not (D35)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from thucthi.directory.models import Account, Organisation
from thucthi.obstacles.models.coordination import CoordinationRequest
from thucthi.obstacles.models.register import Cause, Obstacle
from thucthi.programmes.models import Task


class LadderRung(models.TextChoices):
    """Whose desk it is: the asked body, the one above it, the next above, the committee that answers for the frame."""

    OWNER = "owner", _("Cơ quan được đề nghị")
    SUPERIOR = "superior", _("Cấp trên trực tiếp")
    NEXT = "next", _("Cấp trên kế tiếp")
    COMMITTEE = "committee", _("Ban chỉ đạo")


class LadderRule(models.Model):
    """How many working days a rung has, per cause (empty: every cause without a rule of its own).

    A change ends the row and opens another. What already stands on a rung keeps the clock it was given.
    """

    cause = models.CharField(max_length=14, choices=Cause, blank=True)
    rung = models.CharField(max_length=10, choices=LadderRung)
    working_days = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cause", "rung"], condition=Q(valid_to__isnull=True), name="ladder_rule_one_open"
            ),
            models.CheckConstraint(condition=Q(working_days__gte=1), name="ladder_rule_at_least_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.cause or '*'} {self.rung} {self.working_days}"


class Hop(models.Model):
    """An obstacle, or an unanswered request, came onto somebody's desk. Fact: only inserted.

    `number` counts from 1 within one subject. `due_on`: the last day of this rung. `skipped`: why rungs in between
    were passed over, empty if none was. `because` empty for the first desk.
    """

    class Because(models.TextChoices):
        SILENCE = "silence", _("Quá hạn mà chưa có quyết định")
        REFUSAL = "refusal", _("Từ chối thẩm quyền")
        ASKED = "asked", _("Nơi giữ việc chủ động trình lên")
        REOPENED = "reopened", _("Mở lại")

    obstacle = models.ForeignKey(Obstacle, models.PROTECT, null=True, related_name="hops")
    request = models.ForeignKey(CoordinationRequest, models.PROTECT, null=True, related_name="hops")
    number = models.PositiveSmallIntegerField()
    rung = models.CharField(max_length=10, choices=LadderRung)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="ladder_hops")
    because = models.CharField(max_length=10, choices=Because, blank=True)
    skipped = models.CharField(max_length=300, blank=True)
    started_on = models.DateField()
    due_on = models.DateField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    is_simulated = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["organisation", "due_on"], name="hop_desk")]
        constraints = [
            models.CheckConstraint(
                condition=Q(obstacle__isnull=False, request__isnull=True)
                | Q(obstacle__isnull=True, request__isnull=False),
                name="hop_of_one_subject",
            ),
            models.UniqueConstraint(
                fields=["obstacle", "number"], condition=Q(obstacle__isnull=False), name="hop_obstacle_once"
            ),
            models.UniqueConstraint(
                fields=["request", "number"], condition=Q(request__isnull=False), name="hop_request_once"
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("started_on")), name="hop_due_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.obstacle_id or self.request_id} #{self.number} {self.organisation_id}"


class Refusal(models.Model):
    """A body says that a duty is not its own: with a legal basis, and naming the right owner (D66). Only inserted."""

    obstacle = models.ForeignKey(Obstacle, models.PROTECT, null=True, related_name="refusals")
    request = models.ForeignKey(CoordinationRequest, models.PROTECT, null=True, related_name="refusals")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="refusals")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="refusals")
    legal_basis = models.CharField(max_length=500)
    reason = models.TextField()
    proposed_owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    refused_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    is_simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(obstacle__isnull=False, request__isnull=True, task__isnull=True)
                | Q(obstacle__isnull=True, request__isnull=False, task__isnull=True)
                | Q(obstacle__isnull=True, request__isnull=True, task__isnull=False),
                name="refusal_of_one_duty",
            ),
            models.CheckConstraint(condition=~Q(legal_basis="") & ~Q(reason=""), name="refusal_has_a_legal_reason"),
            models.CheckConstraint(condition=~Q(organisation=F("proposed_owner")), name="refusal_proposes_another"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} → {self.proposed_owner_id}"


class RefusalRuling(models.Model):
    """The superior's word on a refusal: who keeps the duty. Fact: only inserted."""

    refusal = models.OneToOneField(Refusal, models.PROTECT, related_name="ruling")
    upheld = models.BooleanField()
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    text = models.TextField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    ruled_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    is_simulated = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.refusal_id} {self.upheld}"
