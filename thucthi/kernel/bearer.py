"""Secrets that programs carry: made, recognised by their digest, read from the head of a request."""

from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_urlsafe

from django.http import HttpRequest

RANDOM_BYTES = 32
SHOWN_LETTERS = 11
LONGEST = 200
_SCHEME = "bearer"


@dataclass(frozen=True)
class Made:
    """`text` is shown once and kept nowhere; it stays out of any printed form. `shown` is what people tell it by."""

    shown: str
    digest: str
    text: str = field(repr=False)


def make_secret(prefix: str) -> Made:
    """A new secret of 256 random bits behind `prefix`."""
    text = prefix + token_urlsafe(RANDOM_BYTES)
    return Made(text[:SHOWN_LETTERS], digest_of(text), text)


def digest_of(secret: str) -> str:
    """SHA-256 in hexadecimal. The secret has 256 bits of chance in it, so a slow hash would protect nothing more."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def bearer_of(request: HttpRequest) -> str:
    """What stands behind `Authorization: Bearer`; "" for anything else."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    secret = secret.strip()
    return secret if scheme.lower() == _SCHEME and 0 < len(secret) <= LONGEST else ""
