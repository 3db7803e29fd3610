"""Who owes a programme under a document, by when (D36, D68)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from thucthi.directory.models import Account, Organisation
from thucthi.documents.models import Document


class CascadeDuty(models.Model):
    """`document` obliges `organisation` to issue its own programme. Lifted only by a recorded decision."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="cascade_duties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="cascade_duties")
    due_on = models.DateField()
    basis = models.CharField(max_length=300)
    lifted_on = models.DateField(null=True)
    lifted_because = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "organisation"], name="cascade_duty_once"),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True) | ~Q(lifted_because=""), name="cascade_duty_lifted_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} → {self.organisation_id}"
