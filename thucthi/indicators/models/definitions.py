"""The sheet of an indicator with its versions, its breakdowns, and how its figures are made from parts."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from thucthi.directory.models import Account, Organisation
from thucthi.documents.models import Document
from thucthi.programmes.models import Task


class IndicatorKind(models.TextChoices):
    """What sort of quantity it is; it decides which ways of adding up make sense."""

    STOCK = "stock", _("Mức tại một thời điểm")
    FLOW = "flow", _("Lượng phát sinh trong kỳ")
    CUMULATIVE = "cumulative", _("Lượng cộng dồn")
    RATIO = "ratio", _("Tỷ lệ có tử số và mẫu số")
    INDEX = "index", _("Chỉ số tổng hợp")
    RANK = "rank", _("Thứ hạng")
    QUALITATIVE = "qualitative", _("Định tính theo thang mức")


class Indicator(models.Model):
    """The definition sheet in force; earlier ones stand in `IndicatorVersion`.

    `direction` is kernel.values.Direction, `frequency` kernel.periods.Frequency. `scale` turns numerator/denominator
    into the unit (100 for per cent). `low_limit`/`high_limit` are what is plausible, not what is wanted. `rubric` names
    the levels of a qualitative indicator, lowest first: level 1 is its first word. `tree_from`: periods that ended
    before this day are added up on the tree of this day, because their values were recomputed for the units of then.
    `metadata` holds the further fields of `calculations.sheet`.
    """

    code = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    unit_en = models.CharField(max_length=60, blank=True)
    direction = models.CharField(max_length=6)
    kind = models.CharField(max_length=12, choices=IndicatorKind, default=IndicatorKind.STOCK)
    scale = models.DecimalField(max_digits=20, decimal_places=6, default=1)
    definition = models.TextField(blank=True)
    method = models.TextField(blank=True)
    limits = models.TextField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    source_owner = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="owned_indicators")
    contact = models.CharField(max_length=300, blank=True)
    frequency = models.CharField(max_length=12, default="quarterly")
    delay_days = models.PositiveSmallIntegerField(default=30)
    low_limit = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    high_limit = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    rubric = ArrayField(models.CharField(max_length=200), default=list)
    tree_from = models.DateField(null=True)
    metadata = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(direction__in=["rise", "fall", "hold"]), name="indicator_direction"),
            models.CheckConstraint(condition=Q(kind__in=IndicatorKind.values), name="indicator_kind"),
            models.CheckConstraint(
                condition=Q(frequency__in=["weekly", "monthly", "quarterly", "half_yearly", "yearly"]),
                name="indicator_frequency",
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=True) | Q(source_owner__isnull=True) | ~Q(owner=F("source_owner")),
                name="indicator_is_not_measured_by_its_owner",
            ),
            models.CheckConstraint(
                condition=Q(low_limit__isnull=True) | Q(high_limit__isnull=True) | Q(low_limit__lte=F("high_limit")),
                name="indicator_limits_in_order",
            ),
            models.CheckConstraint(
                condition=Q(kind="qualitative", rubric__len__gte=2) | (~Q(kind="qualitative") & Q(rubric__len=0)),
                name="indicator_rubric_iff_qualitative",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class IndicatorVersion(models.Model):
    """The whole sheet as it stood from `since`, and why it was changed. Fact: only inserted."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sheet = models.JSONField()
    reason = models.CharField(max_length=500, blank=True)
    since = models.DateField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "number"], name="indicator_version_once"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="indicator_version_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} v{self.number}"


class Dimension(models.Model):
    """A way to break an indicator down. `categories` maps the code of each part to its words [vi, en].

    A part of a value is addressed as "dimension:category" in `Observation.breakdown`; several dimensions at once are
    joined by "|" in the order of their codes. `is_exhaustive`: the parts make up the whole.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="dimensions")
    code = models.SlugField(max_length=30)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    categories = models.JSONField()
    is_exhaustive = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "code"], name="dimension_once")]

    def __str__(self) -> str:
        return self.name


class RollupOrigin(models.TextChoices):
    """Where the figure of a unit comes from."""

    OWN = "own", _("Đơn vị tự có số")
    CHILDREN = "children", _("Tổng hợp từ cấp dưới")
    BOTH = "both", _("Phần của đơn vị và phần của cấp dưới")
    SOURCE = "source", _("Số công bố của nguồn, cấp dưới chỉ để đối chiếu")


class RollupOperator(models.TextChoices):
    """How parts become one figure."""

    SUM = "sum", _("Cộng")
    WEIGHTED_MEAN = "weighted_mean", _("Trung bình có trọng số")
    RATIO_OF_SUMS = "ratio_of_sums", _("Tổng tử số chia tổng mẫu số")
    MIN = "min", _("Nhỏ nhất")
    MAX = "max", _("Lớn nhất")
    LATEST = "latest", _("Số đến sau cùng")
    COUNT_MEETING_FLOOR = "count_meeting_floor", _("Số đơn vị đạt mức sàn")
    NONE = "none", _("Không tổng hợp")


class RollupRule(models.Model):
    """How the figure of one kind of unit is made.

    `unit` is "country" (the whole, above every organisation) or an `Organisation.kind`. `kind` is an
    `ObservationKind`, or "" for all that have no rule of their own. Units without a rule have no figure: what stands
    below them belongs to the next unit above that has one. `weight` weighs a mean (None: all alike). `floor` is the
    bound that COUNT_MEETING_FLOOR counts by, met from above or below as the indicator's direction says.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="rollup_rules")
    unit = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, blank=True)
    origin = models.CharField(max_length=10, choices=RollupOrigin)
    operator = models.CharField(max_length=20, choices=RollupOperator)
    weight = models.ForeignKey(Indicator, models.PROTECT, null=True, related_name="+")
    floor = models.DecimalField(max_digits=20, decimal_places=6, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "unit", "kind"], name="rollup_rule_once"),
            models.CheckConstraint(
                condition=(Q(operator="count_meeting_floor") & Q(floor__isnull=False))
                | (~Q(operator="count_meeting_floor") & Q(floor__isnull=True)),
                name="rollup_floor_iff_counted",
            ),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(operator="weighted_mean"), name="rollup_weight_only_for_mean"
            ),
            models.CheckConstraint(
                condition=Q(origin="own", operator="none")
                | Q(origin="source")
                | (Q(origin__in=["children", "both"]) & ~Q(operator="none")),
                name="rollup_operator_fits_origin",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.unit} {self.origin} {self.operator}"


class CoreIndicator(models.Model):
    """One of the few indicators by which a resolution is read (D43)."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="core_indicators")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="core_of")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "indicator"], name="core_indicator_once"),
            models.UniqueConstraint(fields=["document", "position"], name="core_indicator_position_once"),
            models.CheckConstraint(condition=Q(position__gte=1, position__lte=12), name="core_indicators_are_few"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.position}"


class Contribution(models.Model):
    """This task is meant to move that indicator."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="contributions")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="contributions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "indicator"], name="contribution_once")]

    def __str__(self) -> str:
        return f"{self.task_id} → {self.indicator_id}"


class DataNeed(models.Model):
    """The task cannot go on without values of that indicator (D65). Ended, never deleted."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="data_needs")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="needed_by")
    reason = models.CharField(max_length=500, blank=True)
    created_on = models.DateField()
    ended_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "indicator"], condition=Q(ended_on__isnull=True), name="data_need_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} ← {self.indicator_id}"
