"""The append-only record of who did what: labels and ids, no foreign keys; it depends on nothing it describes."""

from django.db import models
from django.db.models.functions import Now


class Entry(models.Model):
    """One use case that was carried out (P1, D35). Only ever inserted."""

    event = models.CharField(max_length=80)
    recorded_at = models.DateTimeField(db_default=Now())
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200)
    subject_type = models.CharField(max_length=80)
    subject_id = models.BigIntegerField(null=True)
    subject_label = models.CharField(max_length=300)
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="entry_subject"),
            models.Index(fields=["event", "recorded_at"], name="entry_event"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject_label}"
