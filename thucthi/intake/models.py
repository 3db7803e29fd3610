"""Documents that were taken in for a draft programme, what was read in them, and what people made of it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from thucthi.directory.models import Account, Organisation
from thucthi.programmes.models import Programme, Task


class SourceFile(models.Model):
    """A file taken in for a draft programme, kept under the hash of its content; the same bytes once. Only inserted.

    `replaces` is the earlier file of which this is a new version, when whoever sent it said so.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="source_files")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    file_name = models.CharField(max_length=255)
    is_pasted = models.BooleanField(default=False)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replacements")
    uploaded_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "sha256"], name="source_file_once")]

    def __str__(self) -> str:
        return self.file_name


class StepKind(models.TextChoices):
    """What happened to a file on the way to its reading; without any step it waits."""

    STARTED = "started"
    FAILED = "failed"
    ASKED_AGAIN = "asked_again"


class ReadingStep(models.Model):
    """A step towards the reading of a file; a failed one says in `sentence` what is wrong. Only inserted."""

    file = models.ForeignKey(SourceFile, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=StepKind)
    sentence = models.TextField(blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kind="failed") | ~Q(sentence=""), name="failed_reading_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.kind}"


class DocumentReading(models.Model):
    """What the machine read in a file, as it read it. Only inserted; what people make of it stands in the drafts.

    `header`, `clauses`, `targets`, `tasks`, `warnings` are the parts of reading.shapes.Reading as JSON; places are
    offsets in letters into `text`. `earlier` is the reading that this one was compared with.
    """

    file = models.OneToOneField(SourceFile, models.PROTECT, related_name="reading")
    earlier = models.ForeignKey("self", models.PROTECT, null=True, related_name="later")
    number = models.CharField(max_length=120, blank=True)
    title = models.TextField(blank=True)
    issued_on = models.DateField(null=True)
    text = models.TextField()
    header = models.JSONField()
    clauses = models.JSONField()
    targets = models.JSONField()
    tasks = models.JSONField()
    warnings = models.JSONField()
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.number or self.file.file_name


class DraftState(models.TextChoices):
    """Whether a draft still counts. That it was accepted is told by its task, not by its state."""

    KEPT = "kept"
    DROPPED = "dropped"
    MERGED = "merged"


class TaskDraft(models.Model):
    """A task as read, corrected by people until it is accepted (it then has a `task`), dropped or merged.

    `lead` is the body that somebody chose; without one, `lead_text` is looked up anew whenever it is shown.
    `matched` is the accepted draft of an earlier version that this one continues.
    """

    reading = models.ForeignKey(DocumentReading, models.PROTECT, related_name="drafts")
    position = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    index = models.CharField(max_length=40, blank=True)
    cell = models.CharField(max_length=80, blank=True)
    clause = models.CharField(max_length=120, blank=True)
    group = models.TextField(blank=True)
    text = models.TextField()
    lead = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    lead_text = models.TextField(blank=True)
    is_collective = models.BooleanField(default=False)
    coordinators_text = models.TextField(blank=True)
    deadline_raw = models.TextField(blank=True)
    product = models.TextField(blank=True)
    resources = models.TextField(blank=True)
    successions = models.JSONField(default=list)
    doubts = models.JSONField(default=list)
    confidence = models.DecimalField(max_digits=4, decimal_places=3)
    state = models.CharField(max_length=8, choices=DraftState, default=DraftState.KEPT)
    task = models.ForeignKey(Task, models.SET_NULL, null=True, related_name="drafts")
    matched = models.ForeignKey("self", models.PROTECT, null=True, related_name="continued")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["reading_id", "position", "pk"]
        indexes = [models.Index(fields=["reading", "position"], name="task_draft_order")]
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="task_draft_has_a_place"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=1), name="task_draft_confidence_0_to_1"
            ),
            models.CheckConstraint(
                condition=Q(task__isnull=True) | Q(state="kept"), name="task_draft_accepted_is_kept"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:300]


class Quotation(models.Model):
    """Where a programme's task was read: `reading.text[start:end]`. It goes with a draft task that is removed."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="quotations")
    reading = models.ForeignKey(DocumentReading, models.PROTECT, related_name="quotations")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["task_id", "-reading_id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "reading"], name="quotation_once"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="quotation_has_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} · {self.reading_id}[{self.start}:{self.end}]"


class TaskSignature(models.Model):
    """By what a task is found among hundreds of thousands that may say the same; derived, made anew when words change.

    `keys` are the bands of the masked text (copying.signatures), `text_md5` that of the task's text they were made of.
    """

    task = models.OneToOneField(Task, models.CASCADE, primary_key=True, related_name="signature")
    text_md5 = models.CharField(max_length=32)
    keys = ArrayField(models.BigIntegerField())

    class Meta:
        indexes = [GinIndex(fields=["keys"], name="task_signature_keys")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.text_md5}"
