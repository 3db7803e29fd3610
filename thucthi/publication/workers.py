"""Pieces of one task done by processes that are forked here: deterministic, all or nothing, never left behind.

A child inherits what was read and writes its results back through a pipe. It asks no database: the connection it
inherited is its parent's. Whatever goes wrong in a child goes wrong in the parent, in the child's own words; then no
other child lives on. A child whose parent was killed ends by itself at its next `still_wanted()`.
"""

import os
import pickle
import signal
import struct
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from types import FrameType
from typing import Any, NoReturn, TypeVar

from django.db import connections

Result = TypeVar("Result")
PLACE = struct.Struct("<H")
# A pipe holds 64 KiB before anybody reads from it; the places of all pieces are written into it at once.
MOST_PIECES = 65_536 // PLACE.size
# What a child may still need to clear its own temporary files away.
SECONDS_TO_END = 5.0


class WorkerDied(RuntimeError):
    """A child ended without a word: killed from outside, or for want of memory."""


@dataclass(frozen=True)
class _Child:
    pid: int
    said: Connection


def in_processes(pieces: Sequence[Callable[[], Result]], processes: int) -> Iterator[Result]:
    """The results of all pieces, in the order in which they end; with one process they are done here, one by one.

    Raises what a piece raised, and WorkerDied. ValueError for more than MOST_PIECES.
    """
    if processes < 2 or len(pieces) < 2:
        yield from (piece() for piece in pieces)
        return
    if len(pieces) > MOST_PIECES:
        raise ValueError(f"{len(pieces)} pieces are more than {MOST_PIECES}")
    taken, given = os.pipe()
    os.write(given, b"".join(PLACE.pack(place) for place in range(len(pieces))))
    os.close(given)
    children: list[_Child] = []
    try:
        for _ in range(min(processes, len(pieces))):
            children.append(_fork(pieces, taken, children))
        yield from _heard(children, len(pieces))
    finally:
        os.close(taken)
        _end(children)


# In a child: the process it works for.
_parents: list[int] = []


def still_wanted() -> None:
    """Ends a child whose parent is gone. For the parent itself, and where nothing was forked, it does nothing."""
    if _parents and os.getppid() != _parents[-1]:
        raise SystemExit(1)


def _fork(pieces: Sequence[Callable[[], Any]], taken: int, elder: Sequence[_Child]) -> _Child:
    heard, said = Pipe(duplex=False)
    parent = os.getpid()
    # Half a line in the parent's buffer would be printed twice.
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        for each in (heard, *(child.said for child in elder)):
            each.close()
        _live(pieces, taken, said, parent)
    said.close()
    return _Child(pid, heard)


def _live(pieces: Sequence[Callable[[], Any]], taken: int, said: Connection, parent: int) -> NoReturn:
    """The whole life of a child. It never returns into the code of its parent, nor runs what that does at its end."""
    status = 1
    try:
        _parents.append(parent)
        signal.signal(signal.SIGTERM, _stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for connection in connections.all(initialized_only=True):
            connection.execute_wrappers.append(_refuse_queries)
        while place := os.read(taken, PLACE.size):
            said.send_bytes(pickle.dumps((None, pieces[PLACE.unpack(place)[0]]())))
        status = 0
    except Exception as error:
        with suppress(OSError):
            said.send_bytes(_portable(error))
    except BaseException:  # noqa: S110 - asked to end; everything it opened is closed by now
        pass
    finally:
        os._exit(status)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(1)


def _refuse_queries(*_arguments: Any) -> NoReturn:
    raise RuntimeError("a forked worker must not use the connection of its parent")


def _portable(error: Exception) -> bytes:
    """The error itself where it survives being sent, else its text."""
    try:
        written = pickle.dumps((error, None))
        pickle.loads(written)  # noqa: S301 - our own bytes
    except Exception:
        return pickle.dumps((RuntimeError(f"{type(error).__name__}: {error}"), None))
    return written


def _heard(children: Sequence[_Child], expected: int) -> Iterator[Any]:
    open_ends = {child.said: child for child in children}
    while open_ends:
        for end in wait(list(open_ends)):
            assert isinstance(end, Connection)  # noqa: S101 - they are what was waited for
            try:
                error, result = pickle.loads(end.recv_bytes())  # noqa: S301 - from our own child
            except EOFError:
                _refuse_a_dead(open_ends.pop(end))
                continue
            if error is not None:
                raise error
            expected -= 1
            yield result
    if expected:
        raise WorkerDied(f"{expected} pieces were not done")


def _refuse_a_dead(child: _Child) -> None:
    """It says nothing more: then it has done its work, or has been killed."""
    status = os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1])
    if status:
        raise WorkerDied(f"a worker ended with status {status}")


def _end(children: Sequence[_Child]) -> None:
    """None is left when this returns, whatever it was doing."""
    for child in children:
        child.said.close()
        with suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGTERM)
    last = time.monotonic() + SECONDS_TO_END
    for child in children:
        while not _has_ended(child.pid):
            if time.monotonic() > last:
                with suppress(ProcessLookupError):
                    os.kill(child.pid, signal.SIGKILL)
            time.sleep(0.01)


def _has_ended(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True
