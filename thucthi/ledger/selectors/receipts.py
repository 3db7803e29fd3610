"""Receipts: a signed promise that what was recorded will stand in the tree by a certain moment, and who broke it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings

from thucthi.ledger.calculations import notes
from thucthi.ledger.calculations.merkle import leaf_hash
from thucthi.ledger.models import Entry, SignedCheckpoint
from thucthi.ledger.selectors.keys import KeyTrouble, keys_text, origin, signing_key
from thucthi.ledger.selectors.tree import Inclusion, inclusion, leaf_of

RECEIPT_VERSION = "thucthi-receipt/1"


@dataclass(frozen=True)
class Receipt:
    """What the unit takes home: `note` is a signed note over the leaf and the moment, in UTC, by which it must stand.

    `place` and `checkpoint` (a signed note) are there once the leaf stands in the newest checkpoint. `trouble`
    says why nothing could be signed; `note` is then empty.
    """

    uid: UUID
    event: str
    recorded_at: datetime
    in_log_by: datetime
    leaf: str
    leaf_hash: str
    commitment: str
    note: str
    keys: str
    place: Inclusion | None
    checkpoint: str
    trouble: str = ""


@dataclass(frozen=True)
class Late:
    """How many entries have no leaf although their receipt promised one; the uid of the first."""

    count: int
    first: UUID | None


def receipt_of(entry: Entry) -> Receipt:
    """The receipt for one entry; asks nothing but the key file, the newest checkpoint and a few tiles."""
    leaf = leaf_of(entry)
    until = entry.recorded_at + timedelta(minutes=settings.LEDGER_RECEIPT_MINUTES)
    note, trouble = "", ""
    try:
        key = signing_key()
        note = notes.sign(receipt_text(leaf, until), key.name, key.private)
    except KeyTrouble as error:
        trouble = error.vietnamese
    checkpoint = SignedCheckpoint.objects.order_by("-size", "-pk").first()
    place = inclusion([entry], checkpoint.size).get(entry.uid) if checkpoint else None
    return Receipt(
        uid=entry.uid,
        event=entry.event,
        recorded_at=entry.recorded_at,
        in_log_by=until,
        leaf=leaf,
        leaf_hash=leaf_hash(leaf.encode()).hex(),
        commitment=entry.commitment,
        note=note,
        keys=keys_text(),
        place=place,
        checkpoint=checkpoint.note if checkpoint and place else "",
        trouble=trouble,
    )


def receipt_text(leaf: str, until: datetime) -> str:
    """What is signed: version, name of the log, moment, the leaf. By its second line it can be no checkpoint."""
    moment = until.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return f"{RECEIPT_VERSION}\n{origin()}\n{moment}\n{leaf}"


def late_entries(now: datetime) -> Late:
    """Entries recorded longer ago than a receipt allows, and still without a leaf."""
    since = now - timedelta(minutes=settings.LEDGER_RECEIPT_MINUTES)
    rows = Entry.objects.filter(recorded_at__lt=since, leaf__isnull=True)
    first = rows.order_by("pk").values_list("uid", flat=True).first()
    return Late(rows.count() if first else 0, first)


def as_file(receipt: Receipt) -> dict[str, object]:
    """The receipt as it is taken home; `place` is null until the leaf stands in a published checkpoint."""
    place = receipt.place
    return {
        "format": RECEIPT_VERSION,
        "uid": str(receipt.uid),
        "leaf": receipt.leaf,
        "leaf_sha256": receipt.leaf_hash,
        "commitment": receipt.commitment,
        "in_log_by": receipt.in_log_by.astimezone(UTC).isoformat(),
        "receipt": receipt.note,
        "keys": receipt.keys,
        "place": place and {"index": place.index, "proof": [each.hex() for each in place.proof]},
        "checkpoint": receipt.checkpoint or None,
    }
