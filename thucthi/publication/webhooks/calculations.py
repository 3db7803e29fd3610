"""Standard Webhooks: the signature, the pauses between attempts, what is sent. Pure."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

SECRET_PREFIX = "whsec_"  # noqa: S105 - how every secret begins
TOLERANCE = timedelta(minutes=5)
# Before the second, third … attempt (Standard Webhooks); after the last one the message rests until somebody asks.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400))
MOST_ATTEMPTS = len(PAUSES) + 1
CLOSED_AFTER = timedelta(days=3)
GONE = 410


def secret_text(random: bytes) -> str:
    return SECRET_PREFIX + base64.b64encode(random).decode()


def message_id(uid: UUID) -> str:
    return f"msg_{uid.hex}"


def signature(secret: str, message: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over "id.timestamp.body" with the bytes behind `whsec_`."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = b".".join((message.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(secret: str, message: str, at: datetime, body: bytes) -> dict[str, str]:
    timestamp = int(at.timestamp())
    return {
        "content-type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message, timestamp, body),
    }


def succeeded(status: int | None) -> bool:
    return status is not None and 200 <= status < 300


def must_close(status: int | None, failing_since: datetime | None, at: datetime) -> bool:
    """The other side says that it is gone, or nothing arrived for days."""
    return status == GONE or (failing_since is not None and at - failing_since >= CLOSED_AFTER)
