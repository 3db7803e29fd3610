"""Where a reader of pages stands: opaque to him, bound to the issue and the question."""

import base64
import binascii
import json
from dataclasses import dataclass
from hashlib import sha256

LONGEST = 300


class WrongCursor(ValueError):
    """Not one that we gave for this question."""


class OtherIssue(ValueError):
    """One that we gave, for the issue named by the text."""


@dataclass(frozen=True)
class Place:
    """`issue` and `hash`: what is read; `question`: fingerprint of the filters; `position`: the first row to give."""

    issue: str
    hash: str
    question: str
    position: int


def fingerprint(*parts: str) -> str:
    return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:12]


def written(place: Place) -> str:
    plain = json.dumps([place.issue, place.hash[:16], place.question, place.position], separators=(",", ":"))
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def position_of(cursor: str, here: Place, rows: int) -> int:
    """The position in `rows` rows that the cursor names. Raises OtherIssue with its name, WrongCursor."""
    place = _read(cursor)
    if place.hash != here.hash[:16]:
        raise OtherIssue(place.issue)
    if place.question != here.question or not 0 <= place.position <= rows:
        raise WrongCursor(cursor)
    return place.position


def _read(cursor: str) -> Place:
    try:
        if len(cursor) > LONGEST:
            raise WrongCursor(cursor)
        plain = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        issue, hashed, question, position = json.loads(plain)
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise WrongCursor(cursor) from error
    if not isinstance(position, int) or not all(isinstance(each, str) for each in (issue, hashed, question)):
        raise WrongCursor(cursor)
    return Place(issue[:24], hashed, question, position)
