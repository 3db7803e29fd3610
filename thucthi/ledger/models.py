"""The append-only record of who did what, and the hash tree over it; no foreign keys to what it describes."""

from uuid import uuid4

from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Now


class Entry(models.Model):
    """One use case that was carried out (P1, D35). Only ever inserted.

    `commitment` seals the payload: the actor, the subject and the content, field by field. An erased entry
    keeps its commitment and loses salt, labels and content; only the owner's function `ledger_erase` can do that.
    `xid` is the transaction: the sequencer takes an entry once no transaction that could precede it is open.
    """

    uid = models.UUIDField(default=uuid4, unique=True)
    event = models.CharField(max_length=80)
    recorded_at = models.DateTimeField(db_default=Now())
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200)
    subject_type = models.CharField(max_length=80)
    subject_id = models.BigIntegerField(null=True)
    subject_label = models.CharField(max_length=300)
    content = models.JSONField(null=True)
    content_hash = models.CharField(max_length=64)
    salt = models.BinaryField(max_length=16, null=True)
    commitment = models.CharField(max_length=64)
    xid = models.BigIntegerField(
        db_default=Func(function="txid_current", output_field=models.BigIntegerField()), editable=False
    )

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="entry_subject"),
            models.Index(fields=["event", "recorded_at"], name="entry_event"),
            models.Index(fields=["xid", "id"], name="entry_order"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject_label}"


class Leaf(models.Model):
    """The place of an entry in the order of commits, given once by the sequencer, without gaps from 0."""

    index = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="leaf")
    hash = models.BinaryField(max_length=32)
    sequenced_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(index__gte=0), name="leaf_index_from_zero")]

    def __str__(self) -> str:
        return f"leaf {self.index}"


class Subtree(models.Model):
    """The root over the full, never changing run of 256^`level` leaves that begins at `index` × 256^`level`."""

    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="subtree_once")]

    def __str__(self) -> str:
        return f"subtree {self.level}/{self.index}"


class SignedCheckpoint(models.Model):
    """What was said to the outside about the tree: the signed note itself, and which manifest it also signs."""

    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    verifier_key = models.CharField(max_length=200)
    snapshot_hash = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["-size"], name="checkpoint_newest")]

    def __str__(self) -> str:
        return f"checkpoint {self.size}"


class Cosignature(models.Model):
    """The line by which a witness outside vouches that a checkpoint grew out of the one it saw before."""

    checkpoint = models.ForeignKey(SignedCheckpoint, models.PROTECT, related_name="cosignatures")
    witness = models.CharField(max_length=200)
    line = models.TextField()
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checkpoint", "witness"], name="cosignature_once")]

    def __str__(self) -> str:
        return f"{self.witness} {self.checkpoint_id}"


class SigningKey(models.Model):
    """A public key that signs checkpoints from `since_size` leaves on; the one before it signed the change."""

    name = models.CharField(max_length=120)
    verifier_key = models.CharField(max_length=200, unique=True)
    since_size = models.BigIntegerField()
    signed_by_former = models.TextField(blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.verifier_key
