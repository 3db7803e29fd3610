"""Dataclasses as plain values and back: text, whole numbers, None and tuples, which `marshal` writes and reads at once.

For files that one run of this program writes for itself. Days are their ordinals, decimals their text; each comes back
exactly as it was.
"""

import marshal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from json.encoder import encode_basestring
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from thucthi.kernel.canonical import canonical_text

Record = TypeVar("Record")
PLAIN = frozenset({str, int, bool, NoneType})
# Equal parts of different records are read as one object while they are among the last so many of their kind: what is
# alike is met again soon, and what is not would only fill the memory.
KEPT = 4_000


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
        self._tellers = [
            (f"{canonical_text(name)}:", self._names.index(name), _told_packed(hints[name]))
            for name in sorted(self._names)
        ]
        self._glance = _glance_at(kind, [(name, self._ways[name]) for name in self._names])

    def written(self, record: Record) -> bytes:
        """Raises ValueError for content that is not of the type its field names."""
        values = zip(self._ways.values(), self._values_of(record), strict=True)
        return marshal.dumps(tuple(value if way is None else way.write(value) for way, value in values))

    def read(self, content: bytes) -> Record:
        """`content` is what `written` gave in this run, and nothing else."""
        record: Record = self._make(*self._read_all(content))
        return record

    def glance(self, content: bytes) -> Record:
        """As `read`, and equal to it, but each part is unpacked when somebody asks for it."""
        record: Record = self._glance(marshal.loads(content))  # noqa: S302 - our own bytes
        return record

    def canonical(self, content: bytes) -> str:
        """The canonical JSON of the record (kernel/canonical.py), without making it."""
        values = marshal.loads(content)  # noqa: S302 - our own bytes
        return f"{{{','.join([head + tell(values[place]) for head, place, tell in self._tellers])}}}"

    def reader(self, *names: str) -> Callable[[bytes], tuple[Any, ...]]:
        """Reads these fields alone."""
        ways = [(self._names.index(name), self._ways[name]) for name in names]
        wanted = [(place, way.read if way else None) for place, way in ways]

        def read(content: bytes) -> tuple[Any, ...]:
            values = marshal.loads(content)  # noqa: S302 - our own bytes
            return tuple([values[place] if convert is None else convert(values[place]) for place, convert in wanted])

        return read


class Blocks(Generic[Record]):
    """Some records of one flat dataclass at a time, for who always goes through all of them in their order."""

    def __init__(self, kind: type[Record]) -> None:
        self._way = _way_of_fields(kind)

    def written(self, records: Sequence[Record]) -> bytes:
        return marshal.dumps(list(map(self._way.write, records)))

    def read(self, content: bytes) -> list[Record]:
        """`content` is what `written` gave in this run, and nothing else."""
        return list(map(self._way.read, marshal.loads(content)))  # noqa: S302 - our own bytes


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


def _glance_at(kind: Any, ways: Sequence[tuple[str, _Way | None]]) -> Callable[[tuple[Any, ...]], Any]:
    """Makes records of what `marshal` gave: each is a `kind`, whose fields are read from it as they are asked for."""

    def asked(place: int, way: _Way | None) -> property:
        if way is None:
            return property(lambda glance: glance.values[place])
        read = way.read
        return property(lambda glance: read(glance.values[place]))

    fields_asked: dict[str, Any] = {name: asked(place, way) for place, (name, way) in enumerate(ways)}
    told = attrgetter(*fields_asked)

    def equal(glance: Any, other: object) -> Any:
        return told(glance) == told(other) if isinstance(other, kind) else NotImplemented

    more = {"__slots__": ("values",), "__qualname__": kind.__qualname__}
    compared = {"__eq__": equal, "__hash__": lambda glance: hash(told(glance))}
    glances: Any = type(kind.__name__, (kind,), {**more, **compared, **fields_asked})
    bare, put = object.__new__, glances.values.__set__

    def made(values: tuple[Any, ...]) -> Any:
        glance = bare(glances)
        put(glance, values)
        return glance

    return made


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

    if not ways and len(names) > 1:
        return _Way(values_of, lambda values: kind(*values))

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


def _told_packed(kind: Any) -> Callable[[Any], str]:
    """Canonical JSON of a field as it stands in a record."""
    tell = _teller_of(kind)
    if get_origin(kind) is not tuple and not is_dataclass(kind):
        return tell
    if _way_of(kind) is None:
        return lru_cache(KEPT)(tell)
    return lru_cache(KEPT)(lambda content: tell(marshal.loads(content)))  # noqa: S302 - our own bytes


# What the writer of canonical JSON calls in the end for words, which are most of what a record holds.
_TOLD_AT_ONCE: dict[Any, Callable[[Any], str]] = {
    str: encode_basestring,
    tuple[str, ...]: lambda words: f"[{','.join(map(encode_basestring, words))}]",
}


@cache
def _teller_of(kind: Any) -> Callable[[Any], str]:
    """Canonical JSON of a value in its plain form."""
    way, parts = _way_of(kind), get_args(kind)
    if kind in _TOLD_AT_ONCE:
        return _TOLD_AT_ONCE[kind]
    if get_origin(kind) is UnionType:
        tell_one = _teller_of(next(part for part in parts if part is not NoneType))
        return lambda value: "null" if value is None else tell_one(value)
    if way is None:
        return canonical_text
    if get_origin(kind) is tuple:
        tell_each = lru_cache(KEPT)(_teller_of(parts[0]))
        return lambda rows: f"[{','.join(map(tell_each, rows))}]"
    if is_dataclass(kind):
        return _teller_of_fields(kind)
    read = way.read
    return lru_cache(KEPT)(lambda value: canonical_text(read(value)))


def _teller_of_fields(kind: Any) -> Callable[[Any], str]:
    names, hints = [field.name for field in fields(kind)], get_type_hints(kind)
    tellers = [(f"{canonical_text(name)}:", names.index(name), _teller_of(hints[name])) for name in sorted(names)]
    return lambda values: f"{{{','.join([head + tell(values[place]) for head, place, tell in tellers])}}}"
