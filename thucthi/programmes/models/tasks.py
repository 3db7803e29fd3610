"""The unit of accountable work, and everything that happened to its definition."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from thucthi.directory.models import Account, Organisation
from thucthi.documents.models import Clause
from thucthi.programmes.models.programmes import Programme, TaskGroup


class TaskKind(models.TextChoices):
    SCHEME = "de_an", _("Đề án")
    LEGAL_TEXT = "van_ban", pgettext_lazy("loại nhiệm vụ", "Văn bản")
    PROJECT = "du_an", _("Dự án")
    WORK = "nhiem_vu", pgettext_lazy("loại nhiệm vụ", "Nhiệm vụ")
    TARGET = "chi_tieu", _("Chỉ tiêu giao")


class Task(models.Model):
    """Exactly one lead once issued (D30): a single column, and a constraint that refuses an issued task without it.

    `deadline_*` mirror kernel.deadlines.Deadline; `resolved_end` is its last day, null when it cannot be checked.
    `lead_text` keeps what the draft said when it names no single living organisation.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="tasks")
    group = models.ForeignKey(TaskGroup, models.PROTECT, null=True, related_name="tasks")
    code = models.SlugField(max_length=64, unique=True)
    kind = models.CharField(max_length=10, choices=TaskKind, default=TaskKind.WORK)
    text = models.TextField()
    product = models.TextField(blank=True)
    acceptance_criterion = models.TextField(blank=True)
    lead = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="led_tasks")
    lead_text = models.CharField(max_length=300, blank=True)
    start_on = models.DateField(null=True)
    deadline_raw = models.CharField(max_length=300, blank=True)
    deadline_kind = models.CharField(max_length=12, default="none")
    deadline_precision = models.CharField(max_length=12, blank=True)
    deadline_recurrence = models.CharField(max_length=200, blank=True)
    deadline_trigger = models.CharField(max_length=300, blank=True)
    resolved_end = models.DateField(null=True)
    yearly_deliverable = models.TextField(blank=True)
    weight = models.PositiveSmallIntegerField(default=1)
    money_vnd_million = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    money_source = models.CharField(max_length=300, blank=True)
    people = models.CharField(max_length=300, blank=True)
    facilities = models.CharField(max_length=300, blank=True)
    authority_basis = models.CharField(max_length=500, blank=True)
    is_issued = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    search_text = models.TextField()
    coordinators = models.ManyToManyField(Organisation, through="Coordination", related_name="coordinated_tasks")
    clauses = models.ManyToManyField(Clause, through="Citation", related_name="tasks")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_issued=False) | Q(lead__isnull=False), name="task_issued_has_one_lead"
            ),
            models.CheckConstraint(
                condition=Q(start_on__isnull=True) | Q(resolved_end__isnull=True) | Q(resolved_end__gte=F("start_on")),
                name="task_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=100), name="task_weight_1_to_100"),
            models.CheckConstraint(
                condition=Q(money_vnd_million__isnull=True) | Q(money_vnd_million__gte=0),
                name="task_money_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["lead", "resolved_end"], name="task_lead_due", condition=Q(is_issued=True)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"[:300]


class TaskWords(models.Model):
    """What a task of a programme that everybody sees is found by; a table without policies, so an index may find it.

    Written by triggers alone (ADR 0052). It says nothing that is not for everybody who works here.
    """

    task = models.OneToOneField(Task, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="words")
    programme = models.ForeignKey(Programme, models.DO_NOTHING, db_constraint=False, related_name="+")
    code = models.CharField(max_length=64)
    search_text = models.TextField()

    class Meta:
        indexes = [
            GinIndex(fields=["search_text"], name="task_words", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["code"], name="task_words_in_order"),
        ]

    def __str__(self) -> str:
        return self.code


class Coordination(models.Model):
    """An organisation works along on a task it does not lead."""

    task = models.ForeignKey(Task, models.PROTECT)
    organisation = models.ForeignKey(Organisation, models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "organisation"], name="coordination_once")]

    def __str__(self) -> str:
        return f"{self.task_id} · {self.organisation_id}"


class Citation(models.Model):
    """The words of the document that a task carries out."""

    task = models.ForeignKey(Task, models.PROTECT)
    clause = models.ForeignKey(Clause, models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "clause"], name="citation_once")]

    def __str__(self) -> str:
        return f"{self.task_id} · {self.clause_id}"


class Milestone(models.Model):
    task = models.ForeignKey(Task, models.PROTECT, related_name="milestones")
    due_on = models.DateField()
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ["due_on"]

    def __str__(self) -> str:
        return self.text


class TaskEventKind(models.TextChoices):
    ISSUED = "issued", _("Đã giao")
    RECEIVED = "received", _("Đã tiếp nhận")
    SUSPENDED = "suspended", _("Tạm dừng")
    RESUMED = "resumed", _("Tiếp tục")
    CANCELLED = "cancelled", _("Đã hủy")
    SUPERSEDED = "superseded", _("Đã thay thế")
    STARTED = "started", _("Đã khởi động, khởi công")


# What ends a task for good.
ENDING = (TaskEventKind.CANCELLED, TaskEventKind.SUPERSEDED)


class TaskEvent(models.Model):
    """A step in the life of a task that is not a report. Fact: only inserted."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=TaskEventKind)
    happened_on = models.DateField()
    decision = models.CharField(max_length=300, blank=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["task", "happened_on"], name="task_event_order"),
            # Not `kind__in`: PostgreSQL writes that otherwise each time it reads it, and so never the same again.
            models.Index(
                fields=["task"],
                include=["happened_on"],
                condition=Q(kind="cancelled") | Q(kind="superseded"),
                name="task_ended",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["task"], condition=Q(kind="issued"), name="task_issued_once"),
            models.UniqueConstraint(fields=["task"], condition=Q(kind="started"), name="task_started_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["issued", "received", "started"]) | (~Q(decision="") & ~Q(reason="")),
                name="task_event_needs_a_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.kind}"


class ChangedField(models.TextChoices):
    DEADLINE = "deadline", _("Thời hạn")
    LEAD = "lead", _("Cơ quan chủ trì")
    PRODUCT = "product", _("Sản phẩm, kết quả")
    TEXT = "text", _("Nội dung")


class TaskChange(models.Model):
    """A decision that changed an issued task: the old value stays readable. Fact: only inserted.

    For a deadline, `old_end`/`new_end` carry the last days, so that extensions can be counted.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="changes")
    field = models.CharField(max_length=10, choices=ChangedField)
    old_value = models.TextField()
    new_value = models.TextField()
    old_end = models.DateField(null=True)
    new_end = models.DateField(null=True)
    decision = models.CharField(max_length=300)
    decided_on = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["task", "decided_on"], name="task_change_order")]
        constraints = [
            models.CheckConstraint(condition=~Q(old_value=F("new_value")), name="task_change_changes"),
            models.CheckConstraint(condition=~Q(decision="") & ~Q(reason=""), name="task_change_has_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.field}"


class ClarityException(models.Model):
    """A named person lets a task be issued although one "rõ" is missing; the reason is public (D16). Only inserted."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="clarity_exceptions")
    criterion = models.CharField(max_length=20)
    reason = models.TextField()
    granted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    granted_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "criterion"], name="clarity_exception_once")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.criterion}"
