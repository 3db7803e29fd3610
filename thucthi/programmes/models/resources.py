"""Money given to a task and money spent on it, beside what it needs (`Task.money_vnd_million`) (D15, D63)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from thucthi.directory.models import Account
from thucthi.programmes.models.tasks import Task


class FundingKind(models.TextChoices):
    ALLOCATED = "allocated", _("Đã bố trí")
    DISBURSED = "disbursed", _("Đã giải ngân")


class Funding(models.Model):
    """One decision of allocation, or one statement of money paid out. Fact: only inserted.

    A correction points at the row it replaces (`corrects`); amounts in million đồng; 0 is a confirmed zero.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="fundings")
    kind = models.CharField(max_length=9, choices=FundingKind)
    amount_vnd_million = models.DecimalField(max_digits=16, decimal_places=2)
    dated_on = models.DateField()
    reference = models.CharField(max_length=300)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    is_simulated = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["task", "kind", "dated_on"], name="funding_of_task")]
        constraints = [
            models.CheckConstraint(condition=Q(amount_vnd_million__gte=0), name="funding_not_negative"),
            models.CheckConstraint(condition=~Q(reference=""), name="funding_has_a_reference"),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(corrects=F("id")), name="funding_corrects_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.kind} {self.amount_vnd_million}"
