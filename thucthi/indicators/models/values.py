"""Observed values: facts, only added."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from thucthi.directory.models import Organisation
from thucthi.indicators.models.definitions import Indicator
from thucthi.indicators.models.deliveries import Delivery

PERIOD_KEY = r"^[0-9]{4}(-(H[12]|Q[1-4]|W[0-5][0-9]|[01][0-9]))?$"
LINE = ("indicator", "organisation", "kind", "breakdown", "period")


class ObservationKind(models.TextChoices):
    ACTUAL = "actual", _("Số chính thức")
    DECLARED = "declared", _("Số đơn vị báo cáo")
    ESTIMATE = "estimate", _("Số ước tính")
    SAMPLE = "sample", _("Số điều tra mẫu")


class Observation(models.Model):
    """One observed value. Fact: only inserted; a correction is a new row that points at the one it corrects.

    `state` is kernel.values.ValueState; `amount` is empty exactly when the state has no number. `period` is the key of
    a kernel.periods.Span and `period_end` its last day. No organisation: the whole country. `breakdown` "" is the
    whole, else a part (Dimension). Of one line (indicator, organisation, kind, breakdown, period) exactly one row
    stands: the first opens it and each further one corrects the one that stood (ADR 0016). `available_on` is the day
    from which it counts as known. `remark` says why a value out of the plausible range or a correction is right.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="observations", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    period = models.CharField(max_length=12)
    period_end = models.DateField()
    kind = models.CharField(max_length=10, choices=ObservationKind)
    breakdown = models.CharField(max_length=150, blank=True)
    state = models.CharField(max_length=16)
    amount = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    numerator = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    denominator = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    source = models.CharField(max_length=300)
    remark = models.CharField(max_length=500, blank=True)
    is_simulated = models.BooleanField(default=False)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections", db_index=False)
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True, related_name="observations", db_index=False)
    available_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["indicator", "period", "kind"], name="observation_across"),
            models.Index(fields=["period"], name="observation_period"),
            # What one body told in a year: without it the page of a body reads the values of the country.
            models.Index(fields=["organisation", "period_end"], name="observation_of_body"),
            models.Index(
                fields=["indicator", "period"], condition=Q(state="confidential"), name="observation_confidential"
            ),
            models.Index(fields=["delivery"], condition=Q(delivery__isnull=False), name="observation_delivery"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=LINE,
                condition=Q(corrects__isnull=True),
                nulls_distinct=False,
                name="observation_opens_line_once",
            ),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(corrects__isnull=False), name="observation_corrected_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["number", "provisional"], amount__isnull=False)
                | Q(state="confirmed_zero", amount=0)
                | Q(state__in=["not_reported", "not_applicable", "confidential"], amount__isnull=True),
                name="observation_amount_iff_number",
            ),
            models.CheckConstraint(condition=~Q(state="number", amount=0), name="observation_zero_is_meant"),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | (Q(numerator__isnull=False, denominator__isnull=False, amount__isnull=False) & ~Q(denominator=0)),
                name="observation_ratio_is_whole",
            ),
            models.CheckConstraint(condition=Q(period__regex=PERIOD_KEY), name="observation_period_key"),
            models.CheckConstraint(condition=~Q(corrects=F("id")), name="observation_corrects_another"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period}"
