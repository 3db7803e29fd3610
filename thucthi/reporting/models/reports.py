"""What was stated: obligations made by the system, reports, evidence, and somebody else's acceptance."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from thucthi.directory.models import Account, Organisation
from thucthi.obstacles.models import Cause, Obstacle
from thucthi.programmes.models import Task

# Between the deed and the database's own clock; more would be backdating.
CLOCK_TOLERANCE = models.Value(timedelta(minutes=5))


def not_backdated(moment: str, name: str) -> models.CheckConstraint:
    """The moment of the deed is the database's own, within the tolerance; only simulated rows may lie elsewhere."""
    now = F("recorded_at")
    told = Q(**{f"{moment}__gte": now - CLOCK_TOLERANCE}) & Q(**{f"{moment}__lte": now + CLOCK_TOLERANCE})
    return models.CheckConstraint(condition=Q(is_simulated=True) | told, name=name)


class PeriodKind(models.TextChoices):
    DAILY = "daily", _("Ngày")
    WEEKLY = "weekly", _("Tuần")
    MONTHLY = "monthly", _("Tháng")
    QUARTERLY = "quarterly", _("Quý")
    HALF_YEARLY = "half_yearly", _("Sáu tháng")
    YEARLY = "yearly", _("Năm")


class Obligation(models.Model):
    """The lead of a task owes a report for a period. Made by the system; a person only fills it in. Only inserted.

    `due_on` is the day the calendar names; up to `grace_until` (null: that same day) a report still counts as on time.
    """

    # Without an index each: the first columns of those below serve, and a million rows a week are written into them.
    task = models.ForeignKey(Task, models.PROTECT, db_index=False, related_name="obligations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="obligations")
    period_kind = models.CharField(max_length=12, choices=PeriodKind)
    period_key = models.CharField(max_length=10)
    period_start = models.DateField()
    period_end = models.DateField()
    due_on = models.DateField()
    grace_until = models.DateField(null=True)
    calendar = models.ForeignKey(
        "ReportingCalendar", models.PROTECT, null=True, db_index=False, related_name="obligations"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "period_kind", "period_key"], name="obligation_once"),
            models.CheckConstraint(
                condition=Q(grace_until__isnull=True) | Q(grace_until__gte=F("due_on")),
                name="obligation_grace_after_due",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "due_on"], name="obligation_due"),
            # Rows of one period lie together on the disk, as they are made together.
            BrinIndex(fields=["period_start"], name="obligation_period"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.period_key}"


class Claim(models.TextChoices):
    """How the lead itself sees the schedule."""

    ON_PLAN = "on_plan", _("Đúng kế hoạch")
    AT_RISK = "at_risk", _("Có nguy cơ chậm")
    BEHIND = "behind", _("Chậm so với kế hoạch")


class ReportDraft(models.Model):
    """Unsent text, saved as it is typed; the only changeable row of this app."""

    obligation = models.OneToOneField(Obligation, models.PROTECT, related_name="draft")
    content = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.obligation_id} v{self.version}"


class Report(models.Model):
    """A submitted report. Fact: only inserted; a returned one is answered by the next version.

    `route`: the rungs (`Rung`) that must agree, from the lowest, frozen at submission; the last one accepts. Empty: one
    verdict by the programme's owner or any body above. `rungs_skipped`: rungs of the route in force that this report
    does not climb, each as "rung:reason" (`calculations.routes`). `correction_reason`: why an accepted one is replaced.

    `progress_declared` in percent of the product, unclamped. `submitted_at` is the moment of the deed,
    `recorded_at` the database's own clock: they may differ only in simulated data.
    """

    # Written far more often than looked up: an index only where somebody asks by it and none of those below serves.
    obligation = models.ForeignKey(Obligation, models.PROTECT, db_index=False, related_name="reports")
    task = models.ForeignKey(Task, models.PROTECT, db_index=False, related_name="reports")
    version = models.PositiveSmallIntegerField()
    author = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="reports")
    claim = models.CharField(max_length=8, choices=Claim)
    progress_declared = models.DecimalField(max_digits=6, decimal_places=2)
    note = models.TextField(blank=True)
    claims_completion = models.BooleanField(default=False)
    cause = models.CharField(max_length=14, choices=Cause, blank=True)
    done_about_it = models.TextField(blank=True)
    obstacle = models.ForeignKey(Obstacle, models.PROTECT, null=True, db_index=False, related_name="reports")
    submitted_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    idempotency_key = models.UUIDField(unique=True)
    content_hash = models.CharField(max_length=64)
    is_simulated = models.BooleanField(default=False)
    route = ArrayField(models.CharField(max_length=16), default=list)
    rungs_skipped = ArrayField(models.CharField(max_length=40), default=list)
    correction_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["obligation", "version"], name="report_version_once"),
            models.CheckConstraint(condition=Q(claim="on_plan") | ~Q(cause=""), name="report_worse_states_cause"),
            not_backdated("submitted_at", "report_not_backdated"),
        ]
        indexes = [
            models.Index(fields=["task", "-submitted_at"], name="report_latest"),
            models.Index(fields=["task"], condition=Q(claims_completion=True), name="report_completion"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.obligation_id} v{self.version}"


class EvidenceKind(models.TextChoices):
    """What a file proves; which kinds a product needs stands in `calculations.evidence`."""

    INSTRUMENT_TEXT = "instrument", _("Văn bản đã ban hành")
    COMPLETION_RECORD = "completion", _("Biên bản nghiệm thu, hoàn thành")
    APPROVED_PRODUCT = "product", _("Sản phẩm đã được duyệt")
    DATA = "data", _("Số liệu, kết quả đo")
    PHOTO = "photo", _("Ảnh hiện trường")
    OTHER = "other", _("Tài liệu khác")


class Evidence(models.Model):
    """A stored file: named by its content, kept outside the web root, served as an attachment. Only inserted.

    `reference`: number and symbol of an issued text, empty for other kinds.
    """

    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=100)
    file_name = models.CharField(max_length=255)
    kind = models.CharField(max_length=10, choices=EvidenceKind, default=EvidenceKind.OTHER)
    reference = models.CharField(max_length=120, blank=True)
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="evidence")
    uploaded_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    is_simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["obligation", "sha256"], name="evidence_once")]

    def __str__(self) -> str:
        return self.file_name


class ReportEvidence(models.Model):
    """Which files a report rests on, at the moment of submission. Only inserted."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="report_evidence")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "evidence"], name="report_evidence_once")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.evidence_id}"


class Verdict(models.TextChoices):
    ACCEPTED = "accepted", pgettext_lazy("kết luận", "Chấp nhận")
    RETURNED = "returned", pgettext_lazy("kết luận", "Trả lại")


class Acceptance(models.Model):
    """Somebody else's verdict on a report, bound to the hash of what was seen. One per report. Only inserted.

    `author` is copied from the report so that the database itself can refuse self-acceptance.
    """

    report = models.OneToOneField(Report, models.PROTECT, related_name="acceptance")
    verdict = models.CharField(max_length=8, choices=Verdict)
    progress_accepted = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    note = models.TextField(blank=True)
    author = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="+")
    reviewer = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="+")
    acting_for = models.ForeignKey(Account, models.PROTECT, null=True, db_index=False, related_name="+")
    content_hash = models.CharField(max_length=64)
    decided_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    is_simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(author=F("reviewer")), name="acceptance_by_another"),
            models.CheckConstraint(
                condition=Q(verdict="accepted", progress_accepted__isnull=False)
                | (Q(verdict="returned", progress_accepted__isnull=True) & ~Q(note="")),
                name="acceptance_states_progress_or_reason",
            ),
            not_backdated("decided_at", "acceptance_not_backdated"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.verdict}"
