"""One way to write a thing down, so that the same content always has the same hash."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from uuid import UUID

ROWS_OF_A_PIECE = 200


def canonical_json(content: object) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces.

    Taken: None, bool, int, str, Decimal (as a string without idle zeros, so that 1.50 and 1.5 are one content),
    date (ISO), aware datetime (ISO, in UTC), UUID, Enum (its value), dataclass (its fields), list, tuple, and
    mappings with string keys. Raises TypeError for anything else, floats first of all: their text depends on the
    machine's rounding. Raises ValueError for NaN, infinities and a datetime without a time zone.
    """
    return canonical_text(content).encode()


def canonical_text(content: object) -> str:
    """The same as text; errors too."""
    return _WRITTEN(_plain(content))


def canonical_pieces(record: object, instead: Mapping[str, tuple[str, object]] | None = None) -> Iterator[bytes]:
    """The canonical JSON of a dataclass in pieces; its long sequences are never written down whole.

    `instead`: by the name of a field, what is written in its place: another name and value.
    """
    if not is_dataclass(record) or isinstance(record, type):
        raise TypeError("only a dataclass is written in pieces")
    begun = b"{"
    replaced = instead or {}
    told = [replaced.get(name) or (name, getattr(record, name)) for name in (field.name for field in fields(record))]
    for name, value in sorted(told, key=lambda each: each[0]):
        yield begun + canonical_json(name) + b":"
        begun = b","
        if isinstance(value, Sequence) and not isinstance(value, str):
            yield from _in_rows(value)
        else:
            yield canonical_json(value)
    yield b"}" if begun == b"," else b"{}"


def _in_rows(rows: Sequence[object]) -> Iterator[bytes]:
    yield b"["
    for start in range(0, len(rows), ROWS_OF_A_PIECE):
        piece = canonical_json(list(rows[start : start + ROWS_OF_A_PIECE]))
        yield (b"," if start else b"") + piece[1:-1]
    yield b"]"


def sha256_hex(data: bytes) -> str:
    """SHA-256 of `data` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def content_hash(content: object) -> str:
    """SHA-256 of the canonical JSON of `content`; errors as `canonical_json`."""
    return sha256_hex(canonical_json(content))


def _plain(content: object) -> object:
    kind = type(content)
    return content if kind in _AS_THEY_ARE else _writer_of(kind)(content)  # type: ignore[arg-type]


@cache
def _writer_of(kind: type) -> Callable[..., object]:
    """Found once for each type: an issue writes down a hundred million things of some thirty types."""
    if is_dataclass(kind):
        return _writer_of_fields(tuple(sorted(field.name for field in fields(kind))))
    for known, write in _WRITERS:
        if issubclass(kind, known):
            return write
    raise TypeError(f"{kind.__name__} has no canonical form")


def _writer_of_fields(names: tuple[str, ...]) -> Callable[[object], dict[str, object]]:
    """`names` are sorted, and so is what it gives."""

    def write(content: object) -> dict[str, object]:
        plain: dict[str, object] = {}
        for name in names:
            value = getattr(content, name)
            kind = type(value)
            plain[name] = value if kind in _AS_THEY_ARE else _plain(value)
        return plain

    return write


def _mapping(content: Mapping[object, object]) -> dict[str, object]:
    """Sorted."""
    plain: dict[str, object] = {}
    for key, value in content.items():
        if not isinstance(key, str) or isinstance(key, Enum):
            raise TypeError("keys of a canonical mapping are plain strings")
        plain[key] = _plain(value)
    return dict(sorted(plain.items()))


def _decimal(amount: Decimal) -> str:
    if not amount.is_finite():
        raise ValueError("only a finite number has a canonical form")
    digits = f"{amount:f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return "0" if amount == 0 else digits


def _moment(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a datetime without a time zone has no canonical form")
    return moment.astimezone(UTC).isoformat()


# Keys come sorted from here, so that nothing is sorted twice.
_WRITTEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_AS_THEY_ARE = frozenset({type(None), bool, int, str})
# The order matters: a datetime is also a date, a string enumeration is also a string.
_WRITERS: tuple[tuple[type | tuple[type, ...], Callable[..., object]], ...] = (
    (Enum, lambda member: _plain(member.value)),
    (str, str),
    (Decimal, _decimal),
    (datetime, _moment),
    (date, date.isoformat),
    (UUID, str),
    (Mapping, _mapping),
    ((list, tuple), lambda items: [_plain(item) for item in items]),
)
