"""Doubts about values: disputes with a clock, rules between indicators, things to look at again."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from thucthi.directory.models import Account, Organisation
from thucthi.indicators.models.values import Observation


class Dispute(models.Model):
    """A body says that a value about it is not right: why, by which source, what it should be. Fact: only inserted.

    The owner of the source (else of the indicator) answers by `answer_due_on`, counted in working days.
    """

    observation = models.ForeignKey(Observation, models.PROTECT, related_name="disputes")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    motive = models.TextField()
    source = models.CharField(max_length=500)
    proposed_amount = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    raised_on = models.DateField()
    answer_due_on = models.DateField()
    is_simulated = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(motive="") & ~Q(source=""), name="dispute_says_why"),
            models.UniqueConstraint(fields=["observation", "organisation"], name="dispute_once"),
        ]

    def __str__(self) -> str:
        return f"{self.observation_id} {self.raised_on:%d/%m/%Y}"


class DisputeAnswer(models.Model):
    """The answer to a dispute; when it is accepted, the correcting value stands beside it. Fact: only inserted."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", _("Chấp nhận, đã đính chính")
        REFUSED = "refused", _("Giữ nguyên số liệu")
        WITHDRAWN = "withdrawn", _("Đơn vị rút kiến nghị")

    dispute = models.OneToOneField(Dispute, models.PROTECT, related_name="answer")
    verdict = models.CharField(max_length=10, choices=Verdict)
    text = models.TextField()
    correction = models.OneToOneField(Observation, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    answered_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="dispute_answer_says_why"),
            models.CheckConstraint(
                condition=Q(verdict="accepted", correction__isnull=False)
                | (~Q(verdict="accepted") & Q(correction__isnull=True)),
                name="dispute_accepted_iff_corrected",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.verdict}"


class ConsistencyRule(models.Model):
    """What must hold between indicators of one organisation and period: sum(left) operator sum(right).

    `left` and `right` are lists of [code of the indicator, factor]; an empty right side is 0. `tolerance` is in the
    unit of the indicators.
    """

    code = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=300)
    left = models.JSONField()
    operator = models.CharField(max_length=2)
    right = models.JSONField()
    tolerance = models.DecimalField(max_digits=20, decimal_places=6, default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(operator__in=["=", "<=", ">="]), name="consistency_operator"),
        ]

    def __str__(self) -> str:
        return self.name


class FollowUp(models.Model):
    """A value that somebody wants looked at again, until somebody says what came of it."""

    observation = models.ForeignKey(Observation, models.PROTECT, related_name="follow_ups")
    reason = models.TextField()
    opened_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    opened_on = models.DateField()
    closed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField(null=True)
    outcome = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, outcome="") | (Q(closed_on__isnull=False) & ~Q(outcome="")),
                name="follow_up_closes_with_outcome",
            ),
            models.UniqueConstraint(
                fields=["observation"], condition=Q(closed_on__isnull=True), name="follow_up_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.observation_id}"
