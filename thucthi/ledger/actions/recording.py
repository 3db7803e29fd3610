"""Writing into the ledger: called once by every use case, inside its transaction."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.db import models, transaction

from thucthi.kernel.canonical import canonical_json, sha256_hex
from thucthi.kernel.prepared import Insertion
from thucthi.ledger.calculations.leaves import SALT_BYTES, commitment, payload_of
from thucthi.ledger.models import Entry

_ENTRIES = Insertion(Entry)


class Actor(Protocol):
    """Whoever acts: an account, or the system itself (`account_id` None)."""

    @property
    def account_id(self) -> int | None: ...
    @property
    def label(self) -> str: ...


@dataclass(frozen=True)
class Said:
    """One entry of many: `event` and `content` as in `record`."""

    event: str
    subject: models.Model
    content: Mapping[str, object]


def record(event: str, *, by: Actor, subject: models.Model, **content: object) -> Entry:
    """Add one entry `noun.past_tense` about `subject`; `content` holds plain values.

    Raises RuntimeError outside a transaction: an entry and its change stand or fall together.
    """
    _require_transaction(event)
    return _ENTRIES.create(_entry(Said(event, subject, content), by))


def record_each(said: Iterable[Said], *, by: Actor) -> int:
    """Entries beside the one by which an action says what it did as a whole: one for each of its many objects.

    For what is loaded by the thousand, where every figure is to have a leaf of its own. Errors as `record`.
    """
    entries = [_entry(each, by) for each in said]
    if entries:
        _require_transaction(entries[0].event)
    Entry.objects.bulk_create(entries, batch_size=2_000)
    return len(entries)


def _require_transaction(event: str) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{event} must be recorded inside the transaction of its change")


def _entry(said: Said, by: Actor) -> Entry:
    canonical = canonical_json(said.content)
    payload = {
        "actor_id": by.account_id,
        "actor_label": by.label[:200],
        "subject_type": said.subject._meta.label_lower,
        "subject_id": said.subject.pk,
        "subject_label": str(said.subject)[:300],
        "content": json.loads(canonical),
    }
    salt = os.urandom(SALT_BYTES)
    return Entry(
        event=said.event,
        content_hash=sha256_hex(canonical),
        salt=salt,
        commitment=commitment(salt, payload_of(**payload)),
        **payload,
    )
