"""The tasks of an issue on the disk: written by the processes that read them, read back as they are asked for.

A country's tasks do not fit into memory. The file has no name: it is gone with the last process that holds it, however
that ends.
"""

import fcntl
import os
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any, overload

from thucthi.kernel.canonical import canonical_text
from thucthi.publication.records import Records
from thucthi.publication.shapes import TaskData

RECORDS = Records(TaskData)
# Read together of records that lie one after the other.
BYTES_AT_ONCE = 200_000


@dataclass(frozen=True)
class Kept:
    """Where some records lie, one after the other from `start`."""

    start: int
    lengths: Sequence[int]


class Spool:
    """Written by any number of forked processes, each some records at a time; raises OSError when the disk refuses."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - open as long as this lives

    def put(self, records: Sequence[bytes]) -> Kept:
        # Of this process alone: one of the open file would be shared with the others that were forked.
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            start = os.fstat(self._file.fileno()).st_size
            self._write(b"".join(records), start)
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)
        return Kept(start, array("I", map(len, records)))

    def _write(self, content: bytes, start: int) -> None:
        done = 0
        while done < len(content):
            done += os.pwrite(self._file.fileno(), content[done:], start + done)

    def content(self, start: int, length: int) -> bytes:
        return os.pread(self._file.fileno(), length, start)


class Shelf(Sequence[bytes]):
    """Records of a spool by their place."""

    def __init__(self, spool: Spool, kept: Iterable[Kept]) -> None:
        """All of them, in the order of `kept`."""
        self._spool, self._starts, self._lengths = spool, array("Q"), array("I")
        for each in kept:
            at = each.start
            for length in each.lengths:
                self._starts.append(at)
                at += length
            self._lengths.extend(each.lengths)

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, place: Any) -> Any:
        """One record: a slice has no use."""
        return self._spool.content(self._starts[place], self._lengths[place])

    def some(self, places: Sequence[int]) -> Iterator[bytes]:
        """Those at these places; neighbours are read together."""
        return self._run(places) if isinstance(places, range) else map(self.__getitem__, places)

    def _run(self, places: range) -> Iterator[bytes]:
        at, stock = 0, b""
        for place in places:
            start, length = self._starts[place], self._lengths[place]
            if start < at or start + length > at + len(stock):
                at, stock = start, self._spool.content(start, max(length, BYTES_AT_ONCE))
            yield stock[start - at : start - at + length]


class TaskFile(Spool):
    """Of tasks."""

    def add(self, tasks: Iterable[TaskData]) -> Kept:
        return self.put([RECORDS.written(task) for task in tasks])


class FrozenTasks(Sequence[TaskData]):
    """As a tuple of the tasks, each of them read when somebody looks at it, and each part of it when that is asked for.

    A slice is one of these again.
    """

    def __init__(self, shelf: Shelf, places: Sequence[int]) -> None:
        self._shelf, self._places = shelf, places

    @classmethod
    def of(cls, file: TaskFile, kept: Iterable[Kept]) -> "FrozenTasks":
        """All records, in the order of `kept`."""
        shelf = Shelf(file, kept)
        return cls(shelf, range(len(shelf)))

    def at(self, places: Sequence[int]) -> "FrozenTasks":
        """Those at these places of the whole."""
        return FrozenTasks(self._shelf, places)

    def where(self, holds: Callable[[int], object]) -> "FrozenTasks":
        """Those of these whose place in the whole `holds`."""
        return self.at(array("I", filter(holds, self._places)))

    @property
    def places(self) -> Sequence[int]:
        """Where each stands in the whole."""
        return self._places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> TaskData: ...
    @overload
    def __getitem__(self, place: slice) -> "FrozenTasks": ...
    def __getitem__(self, place: int | slice) -> "TaskData | FrozenTasks":
        return self.at(self._places[place]) if isinstance(place, slice) else self._read(self._places[place])

    def __iter__(self) -> Iterator[TaskData]:
        return map(RECORDS.glance, self.contents())

    def _read(self, place: int) -> TaskData:
        return RECORDS.glance(self._shelf[place])

    def whole(self) -> Iterator[TaskData]:
        """Each with all its parts, for who keeps them."""
        return map(RECORDS.read, self.contents())

    def fields(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """As `fields_of`."""
        return map(RECORDS.reader(*names), self.contents())

    def contents(self) -> Iterator[bytes]:
        """The records as they lie there."""
        return self._shelf.some(self._places)


def fields_of(tasks: Sequence[TaskData], *names: str) -> Iterator[tuple[Any, ...]]:
    """These fields of each task (two or more): of frozen ones much cheaper than whole tasks."""
    return tasks.fields(*names) if isinstance(tasks, FrozenTasks) else map(attrgetter(*names), tasks)


def glances_at(tasks: Sequence[TaskData]) -> Sequence[TaskData]:
    """The tasks, for who goes through them twice: frozen ones are read from the disk once."""
    return list(tasks) if isinstance(tasks, FrozenTasks) else tasks


def canonical_texts(tasks: Sequence[TaskData]) -> Iterator[str]:
    """The canonical JSON of each task."""
    return map(RECORDS.canonical, tasks.contents()) if isinstance(tasks, FrozenTasks) else map(canonical_text, tasks)
