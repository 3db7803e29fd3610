"""Writing into the ledger: called once by every use case, inside its transaction."""

import json
import os
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


def record(event: str, *, by: Actor, subject: models.Model, **content: object) -> Entry:
    """Add one entry `noun.past_tense` about `subject`; `content` holds plain values.

    Raises RuntimeError outside a transaction: an entry and its change stand or fall together.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{event} must be recorded inside the transaction of its change")
    canonical = canonical_json(content)
    said = {
        "actor_id": by.account_id,
        "actor_label": by.label[:200],
        "subject_type": subject._meta.label_lower,
        "subject_id": subject.pk,
        "subject_label": str(subject)[:300],
        "content": json.loads(canonical),
    }
    salt = os.urandom(SALT_BYTES)
    entry = Entry(
        event=event,
        content_hash=sha256_hex(canonical),
        salt=salt,
        commitment=commitment(salt, payload_of(**said)),
        **said,
    )
    return _ENTRIES.create(entry)
