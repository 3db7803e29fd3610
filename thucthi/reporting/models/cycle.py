"""When reports are owed, through whom they climb, and what is looked at after a task is done."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from thucthi.directory.models import Account, Level, Organisation
from thucthi.documents.models import Document
from thucthi.programmes.models import Task
from thucthi.reporting.models.reports import PeriodKind, Report, Verdict, not_backdated


class ReportingCalendar(models.Model):
    """How often the bodies of a level report on the tasks under a document. A change ends the row and opens another.

    `level` empty: every level. `due_day`: weekly 1–7 (Monday first), otherwise the day of the period's last month;
    null: the house's own rule. `grace_days`: working days after the due day that still count as on time.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="reporting_calendars")
    level = models.CharField(max_length=10, choices=Level, blank=True)
    rhythm = models.CharField(max_length=12, choices=PeriodKind)
    due_day = models.PositiveSmallIntegerField(null=True)
    grace_days = models.PositiveSmallIntegerField(default=0)
    basis = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "level", "rhythm"], condition=Q(valid_to__isnull=True), name="calendar_one_open"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="calendar_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(due_day__isnull=True) | Q(due_day__gte=1, due_day__lte=31), name="calendar_day_1_to_31"
            ),
            models.CheckConstraint(condition=Q(grace_days__lte=20), name="calendar_grace_at_most_20"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.level or '*'} {self.rhythm}"


class Rung(models.TextChoices):
    """Who must agree with a report, from the lowest."""

    OWN_HEAD = "own_head", _("Người đứng đầu đơn vị báo cáo")
    SUPERIOR = "superior", _("Cấp trên trực tiếp")
    OWNER = "owner", _("Cơ quan chủ quản chương trình")
    VERIFIER = "verifier", _("Người kiểm chứng của cơ quan thường trực")


class AcceptanceRoute(models.Model):
    """Which rungs a report under this document climbs. A change ends the row and opens another.

    `level` empty: every level of the reporting body. Reports already sent keep the route they were sent on.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="acceptance_routes")
    level = models.CharField(max_length=10, choices=Level, blank=True)
    rungs = ArrayField(models.CharField(max_length=16, choices=Rung))
    basis = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "level"], condition=Q(valid_to__isnull=True), name="route_one_open"
            ),
            models.CheckConstraint(condition=~Q(rungs=[]), name="route_has_rungs"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.level or '*'} {' → '.join(self.rungs)}"


class Endorsement(models.Model):
    """One rung's verdict on a report, bound to the hash of what was seen. Fact: only inserted.

    The last rung's agreement is the `Acceptance`. `acting_for`: in whose place the reviewer acted.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="endorsements")
    rung = models.CharField(max_length=16, choices=Rung)
    verdict = models.CharField(max_length=8, choices=Verdict)
    note = models.TextField(blank=True)
    author = models.ForeignKey(Account, models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(Account, models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    content_hash = models.CharField(max_length=64)
    decided_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    is_simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "rung"], name="endorsement_once_per_rung"),
            models.CheckConstraint(condition=~Q(author=F("reviewer")), name="endorsement_by_another"),
            models.CheckConstraint(condition=Q(verdict="accepted") | ~Q(note=""), name="endorsement_return_has_a_note"),
            not_backdated("decided_at", "endorsement_not_backdated"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.rung} {self.verdict}"


class AfterCheck(models.Model):
    """The day on which somebody looks whether the result of a closed task still holds (D25). Fact: only inserted."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="after_checks")
    due_on = models.DateField()
    examiner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    what = models.TextField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    is_simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "due_on"], name="after_check_once_a_day")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.due_on}"


class AfterCheckResult(models.Model):
    """What was found on the day. Fact: only inserted."""

    class Finding(models.TextChoices):
        HOLDS = "holds", _("Kết quả được duy trì")
        PARTLY = "partly", _("Chỉ còn một phần")
        GONE = "gone", _("Không còn kết quả")

    check_of = models.OneToOneField(AfterCheck, models.PROTECT, related_name="result")
    finding = models.CharField(max_length=8, choices=Finding)
    text = models.TextField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    found_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    is_simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="after_check_result_says_what")]

    def __str__(self) -> str:
        return f"{self.check_of_id} {self.finding}"
