"""What is measured: indicators, their targets, and observed values."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from thucthi.directory.models import Organisation
from thucthi.documents.models import Clause, Document
from thucthi.programmes.models import Goal, Task


class Indicator(models.Model):
    """The definition sheet, thin. `direction` is part of it: rise, fall or hold (kernel.values.Direction)."""

    code = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    unit_en = models.CharField(max_length=60, blank=True)
    direction = models.CharField(max_length=6)
    definition = models.TextField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="owned_indicators")
    frequency = models.CharField(max_length=20, default="quarterly")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(direction__in=["rise", "fall", "hold"]), name="indicator_direction"),
        ]

    def __str__(self) -> str:
        return self.name


class Target(models.Model):
    """What a document promises of an indicator: operator and bounds exactly as written, year, and where it says so."""

    code = models.SlugField(max_length=64, unique=True)
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets")
    document = models.ForeignKey(Document, models.PROTECT, related_name="targets")
    goal = models.ForeignKey(Goal, models.PROTECT, null=True, related_name="targets")
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, related_name="targets")
    operator = models.CharField(max_length=6)
    low = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    high = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    baseline = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    period = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(operator__in=[">=", ">", "<=", "<", "=", "range", "about"]), name="target_operator"
            ),
            models.CheckConstraint(condition=Q(low__isnull=False) | Q(high__isnull=False), name="target_has_a_bound"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.operator} {self.low or ''}–{self.high or ''}"


class Contribution(models.Model):
    """This task is meant to move that indicator."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="contributions")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="contributions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "indicator"], name="contribution_once")]

    def __str__(self) -> str:
        return f"{self.task_id} → {self.indicator_id}"


class ObservationKind(models.TextChoices):
    ACTUAL = "actual", _("Số chính thức")
    DECLARED = "declared", _("Số đơn vị báo cáo")
    ESTIMATE = "estimate", _("Số ước tính")
    SAMPLE = "sample", _("Số điều tra mẫu")


class Observation(models.Model):
    """One observed value. Fact: only inserted; a correction is a new row that points at the one it corrects.

    `state` is kernel.values.ValueState; `amount` is empty exactly when the state has no number.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="observations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    period = models.CharField(max_length=12)
    period_end = models.DateField()
    kind = models.CharField(max_length=10, choices=ObservationKind)
    state = models.CharField(max_length=16)
    amount = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    source = models.CharField(max_length=300)
    is_simulated = models.BooleanField(default=False)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    available_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["indicator", "organisation", "period_end"], name="observation_series")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["number", "provisional"], amount__isnull=False)
                | Q(state="confirmed_zero", amount=0)
                | Q(state__in=["not_reported", "not_applicable", "confidential"], amount__isnull=True),
                name="observation_amount_iff_number",
            ),
            models.CheckConstraint(condition=~Q(corrects=F("id")), name="observation_corrects_another"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period}"
