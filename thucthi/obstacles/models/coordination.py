"""One body asks another for its part, with a day by which it answers (D37)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from thucthi.directory.models import Account, Organisation
from thucthi.programmes.models import Task


class CoordinationRequest(models.Model):
    """What is asked of `asked`, in the name of `asking`. Fact: only inserted."""

    code = models.SlugField(max_length=64, unique=True)
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="coordination_requests")
    asking = models.ForeignKey(Organisation, models.PROTECT, related_name="sent_requests")
    asked = models.ForeignKey(Organisation, models.PROTECT, related_name="received_requests")
    text = models.TextField()
    asked_on = models.DateField()
    due_on = models.DateField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    is_simulated = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["asked", "due_on"], name="request_asked"),
            models.Index(fields=["asking", "due_on"], name="request_asking"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("asked_on")), name="request_due_after_asked"),
            models.CheckConstraint(condition=~Q(asking=F("asked")), name="request_to_another"),
            models.CheckConstraint(condition=~Q(text=""), name="request_says_what"),
        ]

    def __str__(self) -> str:
        return self.text[:200]


class RequestStep(models.Model):
    """What became of a request. Fact: only inserted.

    `full` ends the wait unless `insufficient` follows it; `withdrawn` ends it for good.
    """

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Đã nhận")
        PARTIAL = "partial", _("Trả lời một phần")
        FULL = "full", _("Đã trả lời đầy đủ")
        INSUFFICIENT = "insufficient", _("Chưa đạt yêu cầu, đề nghị trả lời lại")
        WITHDRAWN = "withdrawn", _("Rút lại")

    request = models.ForeignKey(CoordinationRequest, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.TextField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    happened_on = models.DateField()
    is_simulated = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request"], condition=Q(kind="withdrawn"), name="request_withdrawn_once"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind}"
