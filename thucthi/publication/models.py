"""The frozen issues that the public reads."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from thucthi.directory.models import Account, Organisation


class SnapshotKind(models.TextChoices):
    WEEKLY = "weekly", _("Kỳ tuần")
    MONTHLY = "monthly", _("Kỳ tháng")


class Snapshot(models.Model):
    """A prepared issue: a directory of files named by the hash of its manifest. Fact: only inserted.

    What was recorded after `cut_off_at` belongs to the next issue. A mistake is never edited away: `version` 2 of the
    issue is another snapshot that `corrects` the first, and both stay readable.
    """

    kind = models.CharField(max_length=8, choices=SnapshotKind)
    issue = models.CharField(max_length=10)
    as_of = models.DateField()
    cut_off_at = models.DateTimeField(null=True)
    version = models.PositiveSmallIntegerField(default=1)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrected_by")
    manifest_hash = models.CharField(max_length=64, unique=True)
    file_count = models.PositiveIntegerField()
    is_simulated = models.BooleanField(default=False)
    prepared_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["kind", "-as_of"], name="snapshot_latest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"

    @property
    def name(self) -> str:
        """Its name in addresses: "2026-W47", and "2026-W47-v2" once it corrects an earlier version."""
        return self.issue if self.version == 1 else f"{self.issue}-v{self.version}"


class SnapshotPublication(models.Model):
    """A second person put the issue before the public. Fact: only inserted.

    `kind`, `issue`, `version` and `prepared_by` are copied from the snapshot, so that the database itself can refuse
    the same version of an issue twice and a publication by whoever prepared it.
    """

    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="publication")
    kind = models.CharField(max_length=8, choices=SnapshotKind)
    issue = models.CharField(max_length=10)
    version = models.PositiveSmallIntegerField(default=1)
    prepared_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    published_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(prepared_by__isnull=True) | ~Q(prepared_by=F("published_by")),
                name="publication_by_a_second_person",
            ),
            models.UniqueConstraint(fields=["kind", "issue", "version"], name="publication_issue_once"),
        ]

    def __str__(self) -> str:
        return f"{self.snapshot_id}"


class SnapshotReturn(models.Model):
    """A second person refused to sign the issue, and why; it can then never be published. Fact: only inserted."""

    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="returned")
    reason = models.TextField()
    returned_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="return_says_why")]

    def __str__(self) -> str:
        return self.reason[:200]


class OrderedWork(models.TextChoices):
    PREPARE = "prepare", _("Chuẩn bị kỳ công bố")
    PUBLISH = "publish", _("Phát hành kỳ công bố")


class IssueOrder(models.Model):
    """A person asked for work on an issue that is too long for a page; the worker does it with that person's rights.

    Preparing: `as_of`, `cut_off_at`, `corrects` say of what, and `snapshot` is what came of it. Publishing: `snapshot`
    is what is to go out. `begun_at`: the last time, should a worker have been killed at it. `trouble`: what went wrong,
    in a sentence. An order without an end whose job is no longer in the queue is lost (`orders/selectors.py`).
    """

    work = models.CharField(max_length=8, choices=OrderedWork)
    kind = models.CharField(max_length=8, choices=SnapshotKind)
    issue = models.CharField(max_length=10)
    as_of = models.DateField()
    cut_off_at = models.DateTimeField(null=True)
    corrects = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="+")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="orders")
    job = models.BigIntegerField(null=True)
    asked_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["work", "kind", "issue"], condition=Q(ended_at=None), name="issue_order_one_open"
            ),
            models.CheckConstraint(
                condition=Q(work="prepare") | Q(snapshot__isnull=False), name="issue_order_publishes_something"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(trouble="") | Q(snapshot__isnull=False),
                name="issue_order_ends_with_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.work} {self.kind} {self.issue}"


class Correction(models.Model):
    """A public notice that something in a published issue was wrong; the issue itself is never edited."""

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="corrections")
    text = models.TextField()
    announced_on = models.DateField()
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.text[:200]


class WebhookEndpoint(models.Model):
    """Where an organisation wants to be told of events, signed with a secret of its own (Standard Webhooks).

    The secret must be read back to sign, so it is kept sealed with the key of the installation, never in the clear.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    address = models.URLField(max_length=500)
    events = models.JSONField(default=list)
    sealed_secret = models.TextField()
    created_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.address


class WebhookMessage(models.Model):
    """One event for one endpoint: the outbox. Written in the transaction of what it tells of; only inserted."""

    endpoint = models.ForeignKey(WebhookEndpoint, models.PROTECT, related_name="messages")
    uid = models.UUIDField(default=uuid4, unique=True)
    event = models.CharField(max_length=80)
    body = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["endpoint", "-id"], name="webhook_newest")]

    def __str__(self) -> str:
        return f"{self.event} {self.uid}"


class WebhookAttempt(models.Model):
    """One try to deliver a message: when, what the other side answered, and whether that settles it. Only inserted."""

    message = models.ForeignKey(WebhookMessage, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    tried_at = models.DateTimeField(db_default=Now())
    status = models.PositiveSmallIntegerField(null=True)
    trouble = models.CharField(max_length=300, blank=True)
    is_final = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "number"], name="webhook_attempt_once")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.number}"
