"""Dataclasses as plain values and back: text, whole numbers, None and tuples, which `marshal` writes and reads at once.

For files that one run of this program writes for itself. Days are their ordinals, decimals their text; each comes back
exactly as it was.
"""

import marshal
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

Record = TypeVar("Record")
PLAIN = frozenset({str, int, bool, NoneType})
# Equal parts of different records are read as one object while they are among the last so many of their kind.
KEPT = 20_000


@dataclass(frozen=True)
class _Way:
    """There and back."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


class Records(Generic[Record]):
    """Writes and reads records of one dataclass. Raises TypeError for a field whose type has no plain form.

    Parts of a record are packed for themselves: who wants a few fields does not unpack the others, and equal parts of
    different records are unpacked once.
    """

    def __init__(self, kind: type[Record]) -> None:
        hints = get_type_hints(kind)
        self._make: Any = kind
        self._names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
        self._ways = {name: _packed(hints[name]) for name in self._names}
        self._values_of = attrgetter(*self._names)
        self._read_all = self.reader(*self._names)

    def written(self, record: Record) -> bytes:
        """Raises ValueError for content that is not of the type its field names."""
        values = zip(self._ways.values(), self._values_of(record), strict=True)
        return marshal.dumps(tuple(value if way is None else way.write(value) for way, value in values))

    def read(self, content: bytes) -> Record:
        """`content` is what `written` gave in this run, and nothing else."""
        record: Record = self._make(*self._read_all(content))
        return record

    def reader(self, *names: str) -> Callable[[bytes], tuple[Any, ...]]:
        """Reads these fields alone."""
        ways = [(self._names.index(name), self._ways[name]) for name in names]
        wanted = [(place, way.read if way else None) for place, way in ways]

        def read(content: bytes) -> tuple[Any, ...]:
            values = marshal.loads(content)  # noqa: S302 - our own bytes
            return tuple([values[place] if convert is None else convert(values[place]) for place, convert in wanted])

        return read


def _packed(kind: Any) -> _Way | None:
    """A part of several values as bytes of its own, days and amounts as they are."""
    way = _way_of(kind)
    if way is None or not (is_dataclass(kind) or get_origin(kind) is tuple):
        return way
    write, read = way.write, way.read
    return _Way(
        lambda value: marshal.dumps(write(value)),
        lru_cache(KEPT)(lambda content: read(marshal.loads(content))),  # noqa: S302 - our own bytes
    )


@cache
def _way_of(kind: Any) -> _Way | None:
    """None for what is plain as it is."""
    origin, parts = get_origin(kind), get_args(kind)
    if kind in PLAIN:
        return None
    if kind is date:
        return _Way(date.toordinal, lru_cache(KEPT)(date.fromordinal))
    if kind is Decimal:
        return _Way(str, lru_cache(KEPT)(Decimal))
    if origin is UnionType:
        return _way_of_what_may_be_absent(parts)
    if origin is tuple:
        return _way_of_rows(parts)
    if is_dataclass(kind):
        return _way_of_fields(kind)
    raise TypeError(f"{kind} has no plain form")


def _way_of_what_may_be_absent(parts: tuple[Any, ...]) -> _Way | None:
    kinds = [part for part in parts if part is not NoneType]
    if len(kinds) != 1:
        raise TypeError(f"one of {kinds} has no plain form")
    way = _way_of(kinds[0])
    if way is None:
        return None
    write, read = way.write, way.read
    return _Way(
        lambda value: None if value is None else write(value), lambda value: None if value is None else read(value)
    )


def _way_of_rows(parts: tuple[Any, ...]) -> _Way | None:
    """A row of any number of equal parts, or of plain parts."""
    if parts[-1] is not Ellipsis:
        if any(_way_of(part) for part in parts):
            raise TypeError(f"a tuple of {parts} has no plain form")
        return None
    way = _way_of(parts[0])
    if way is None:
        return None
    write, read = way.write, way.read
    return _Way(lambda rows: tuple(map(write, rows)), lambda rows: tuple(map(read, rows)))


def _way_of_fields(kind: Any) -> _Way:
    names = [field.name for field in fields(kind)]
    hints, values_of = get_type_hints(kind), attrgetter(*names)
    ways = [(place, way) for place, name in enumerate(names) if (way := _way_of(hints[name])) is not None]
    writers = [(place, way.write) for place, way in ways]
    readers = [(place, way.read) for place, way in ways]

    def write(record: Any) -> tuple[Any, ...]:
        values = list(values_of(record))
        for place, convert in writers:
            values[place] = convert(values[place])
        return tuple(values)

    def read(values: tuple[Any, ...]) -> Any:
        found = list(values)
        for place, convert in readers:
            found[place] = convert(found[place])
        return kind(*found)

    return _Way(write, read)
