"""What is promised of an indicator, of whom, by when and on which path."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from thucthi.directory.models import Account, Organisation
from thucthi.documents.models import Clause, Document
from thucthi.indicators.models.definitions import Indicator
from thucthi.programmes.models import Goal

OPERATORS = [">=", ">", "<=", "<", "=", "range", "about"]


class TargetPath(models.TextChoices):
    """How the way from the baseline to the target is meant to be gone."""

    STRAIGHT = "straight", _("Đều theo thời gian")
    STEPPED = "stepped", _("Theo bậc")
    GROWTH = "growth", _("Theo tốc độ tăng đều")
    CUSTOM = "custom", _("Theo các mốc riêng")


class Target(models.Model):
    """What a document promises of an indicator: operator and bounds exactly as written, year, and where it says so.

    No organisation: the whole country. `each_unit` (an `Organisation.kind`) makes it a floor for every unit of that
    kind ("không tỉnh nào dưới 60 %"). `baseline` was the value on `baseline_on`. `path_points` are [day, amount]
    pairs in the order of days, for stepped and custom paths.
    """

    code = models.SlugField(max_length=64, unique=True)
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets")
    document = models.ForeignKey(Document, models.PROTECT, related_name="targets")
    goal = models.ForeignKey(Goal, models.PROTECT, null=True, related_name="targets")
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, related_name="targets")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="targets")
    each_unit = models.CharField(max_length=40, blank=True)
    operator = models.CharField(max_length=6)
    low = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    high = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    baseline = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    baseline_on = models.DateField(null=True)
    period = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField(null=True)
    path = models.CharField(max_length=10, choices=TargetPath, default=TargetPath.STRAIGHT)
    path_points = models.JSONField(default=list)
    note = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(operator__in=OPERATORS), name="target_operator"),
            models.CheckConstraint(condition=Q(low__isnull=False) | Q(high__isnull=False), name="target_has_a_bound"),
            models.CheckConstraint(
                condition=Q(each_unit="") | Q(organisation__isnull=True), name="target_of_one_or_of_each"
            ),
            models.CheckConstraint(
                condition=Q(path__in=["straight", "growth"], path_points=[])
                | (Q(path__in=["stepped", "custom"]) & ~Q(path_points=[])),
                name="target_path_has_its_points",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.operator} {self.low or ''}–{self.high or ''}"


class TargetChange(models.Model):
    """A decision that changed a target: what stood before stays readable. Fact: only inserted.

    `old` and `new` hold operator, low, high, year, baseline, path and path_points as plain values.
    """

    target = models.ForeignKey(Target, models.PROTECT, related_name="changes")
    old = models.JSONField()
    new = models.JSONField()
    decision = models.CharField(max_length=300)
    decided_on = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["target", "decided_on"], name="target_change_order")]
        constraints = [
            models.CheckConstraint(condition=~Q(old=F("new")), name="target_change_changes"),
            models.CheckConstraint(condition=~Q(decision="") & ~Q(reason=""), name="target_change_has_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.target_id} {self.decided_on:%d/%m/%Y}"
