"""What a leaf of the ledger says. It commits to the content without revealing it (security: personal data can go).

    thucthi-event/1
    <uid of the entry>
    <name of the event>
    <moment, UTC, microseconds, "Z">
    <commitment, hexadecimal>

`payload` is canonical JSON of who, about what, and the content. The commitment is made field by field, so that a
figure can be opened to everybody while the name of who stated it and a free text stay closed (ADR 0028):

    salt of a field = the first 16 bytes of HMAC-SHA-256(salt of the entry, name of the field)
    digest          = SHA-256(salt of the field ‖ canonical JSON of its value)
    commitment      = SHA-256 over the lines "<name> <digest>", sorted by name

Fields of the content are named `content.<key>`. Deleting salt and payload leaves the leaf verifiable.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
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


def fields_of(payload: bytes) -> dict[str, bytes]:
    """The value of each field as canonical JSON. Raises ValueError for a name that does not stay on its line."""
    said = json.loads(payload)
    content = said.pop("content")
    if isinstance(content, dict):
        said |= {f"content.{key}": value for key, value in content.items()}
    if any("\n" in name for name in said):
        raise ValueError("the name of a field is one line")
    return {name: canonical_json(value) for name, value in sorted(said.items())}


def field_salt(salt: bytes, name: str) -> bytes:
    """Opens one field and says nothing about the others. Raises ValueError for a salt of another length.

    Without a salt short values could be guessed.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    return hmac.digest(salt, name.encode(), "sha256")[:SALT_BYTES]


def digests_of(salt: bytes, payload: bytes) -> dict[str, str]:
    """Name of each field → digest; all of them together are the commitment."""
    fields = fields_of(payload)
    return {name: hashlib.sha256(field_salt(salt, name) + value).hexdigest() for name, value in fields.items()}


def committed(digests: Mapping[str, str]) -> str:
    lines = "".join(f"{name} {digests[name]}\n" for name in sorted(digests))
    return hashlib.sha256(lines.encode()).hexdigest()


def commitment(salt: bytes, payload: bytes) -> str:
    """64 hexadecimal digits. Raises ValueError for a salt of another length."""
    return committed(digests_of(salt, payload))


def leaf_text(uid: UUID, event: str, recorded_at: datetime, commitment: str) -> str:
    """The leaf as text; the sequencer makes the same text in SQL."""
    moment = recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return f"{LEAF_VERSION}\n{uid}\n{event}\n{moment}\n{commitment}\n"
