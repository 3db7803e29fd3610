"""What a leaf of the ledger says. It commits to the content without revealing it (security: personal data can go).

    thucthi-event/1
    <uid of the entry>
    <name of the event>
    <moment, UTC, microseconds, "Z">
    <SHA-256(salt ‖ payload), hexadecimal>

`payload` is canonical JSON of who, about what, and the content. Deleting salt and payload leaves the leaf verifiable.
"""

import hashlib
from datetime import UTC, datetime
from uuid import UUID

from thucthi.kernel.canonical import canonical_json

LEAF_VERSION = "thucthi-event/1"
SALT_BYTES = 16


def payload_of(
    *,
    actor_id: int | None,
    actor_label: str,
    subject_type: str,
    subject_id: int | None,
    subject_label: str,
    content: object,
) -> bytes:
    """The bytes that a commitment is about."""
    return canonical_json(
        {
            "actor_id": actor_id,
            "actor_label": actor_label,
            "subject_type": subject_type,
            "subject_id": subject_id,
            "subject_label": subject_label,
            "content": content,
        }
    )


def commitment(salt: bytes, payload: bytes) -> str:
    """64 hexadecimal digits. Raises ValueError for another salt: without one, short contents could be guessed."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    return hashlib.sha256(salt + payload).hexdigest()


def leaf_text(uid: UUID, event: str, recorded_at: datetime, committed: str) -> str:
    """The leaf as text; the sequencer makes the same text in SQL."""
    moment = recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return f"{LEAF_VERSION}\n{uid}\n{event}\n{moment}\n{committed}\n"
