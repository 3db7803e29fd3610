"""The frozen issues that the public reads."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from thucthi.directory.models import Account


class SnapshotKind(models.TextChoices):
    WEEKLY = "weekly", _("Kỳ tuần")
    MONTHLY = "monthly", _("Kỳ tháng")


class Snapshot(models.Model):
    """A prepared issue: a directory of files named by the hash of its manifest. Fact: only inserted."""

    kind = models.CharField(max_length=8, choices=SnapshotKind)
    issue = models.CharField(max_length=10)
    as_of = models.DateField()
    manifest_hash = models.CharField(max_length=64, unique=True)
    file_count = models.PositiveIntegerField()
    is_simulated = models.BooleanField(default=False)
    prepared_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["kind", "-as_of"], name="snapshot_latest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.issue}"


class SnapshotPublication(models.Model):
    """A second person put the issue before the public. Fact: only inserted.

    `kind`, `issue` and `prepared_by` are copied from the snapshot, so that the database itself can refuse a second
    version of an issue and a publication by whoever prepared it.
    """

    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="publication")
    kind = models.CharField(max_length=8, choices=SnapshotKind)
    issue = models.CharField(max_length=10)
    prepared_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    published_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(prepared_by__isnull=True) | ~Q(prepared_by=F("published_by")),
                name="publication_by_a_second_person",
            ),
            models.UniqueConstraint(fields=["kind", "issue"], name="publication_issue_once"),
        ]

    def __str__(self) -> str:
        return f"{self.snapshot_id}"


class Correction(models.Model):
    """A public notice that something in a published issue was wrong; the issue itself is never edited."""

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="corrections")
    text = models.TextField()
    announced_on = models.DateField()
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.text[:200]
