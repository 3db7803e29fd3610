"""A small file of fixed size that every process of this machine sees as memory, one of them at a time."""

import fcntl
import mmap
import os
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class SharedMap:
    """The file at `path`, `size` bytes long, beginning with `layout`; one that is not so is begun anew with zeros.

    Opened once by each process: what was opened before a fork would share its lock with the child.
    """

    def __init__(self, path: Path, size: int, layout: bytes = b"") -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        weakref.finalize(self, os.close, self._file)
        # The lock of the file is held by the process as a whole; its threads need one of their own.
        self._threads = threading.Lock()
        with self._locked():
            if os.fstat(self._file).st_size != size or os.pread(self._file, len(layout), 0) != layout:
                os.ftruncate(self._file, 0)
                # Really there: written through the map, a page that a full disk cannot give would kill the process.
                os.posix_fallocate(self._file, 0, size)
                os.pwrite(self._file, layout, 0)
            self._map = mmap.mmap(self._file, size)

    @contextmanager
    def held(self) -> Iterator[mmap.mmap]:
        """The bytes, for the block alone."""
        with self._locked():
            yield self._map

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._threads:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)
