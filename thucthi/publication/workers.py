"""Pieces of one task done by processes that are forked here: deterministic, all or nothing, never left behind.

A child inherits what was read and writes its results back through a pipe. The connection it inherited is its
parent's, which it must not use; one that has to ask the database opens its own (`around`). Whatever goes wrong in a
child goes wrong in the parent, in the child's own words; then no other child lives on. A child whose parent was killed
ends by itself at its next `still_wanted()`.
"""

import gc
import os
import pickle
import signal
import struct
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, Pipe, wait
from types import FrameType
from typing import Any, BinaryIO, NoReturn, TypeVar, cast

from django.db import connections

from thucthi.kernel.apart import portable

Result = TypeVar("Result")
Around = Callable[[], AbstractContextManager[Any]]
PLACE = struct.Struct("<H")
MOST_PIECES = 65_536
# What a child may still need to clear its own temporary files away.
SECONDS_TO_END = 5.0


class WorkerDied(RuntimeError):
    """A child ended without a word: killed from outside, or for want of memory."""


# Whatever a child looks at becomes its own copy in memory, if only because somebody looked. After so many pieces
# another one takes over, with all memory shared again.
PIECES_OF_A_LIFE = 16


@dataclass
class _Child:
    pid: int
    said: Connection
    pieces: int = 0


def in_processes(
    pieces: Sequence[Callable[[], Result]], processes: int, around: Around = nullcontext
) -> Generator[Result, None, None]:
    """The results of all pieces, in the order in which they end; with one process they are done here, one by one.

    `around` is entered once in the life of each child, and not where the pieces are done here. Raises what a piece
    raised, and WorkerDied. ValueError for more than MOST_PIECES.
    """
    if processes < 2 or len(pieces) < 2:
        yield from (piece() for piece in pieces)
        return
    if len(pieces) > MOST_PIECES:
        raise ValueError(f"{len(pieces)} pieces are more than {MOST_PIECES}")
    children: list[_Child] = []
    # What exists now is left alone by the collector of garbage: its notes would be copied with every object.
    gc.collect()
    gc.freeze()
    with _places(len(pieces)) as taken:
        try:
            for _ in range(min(processes, len(pieces))):
                children.append(_fork(pieces, taken.fileno(), children, around))
            yield from _heard(pieces, taken.fileno(), children, around)
        finally:
            gc.unfreeze()
            _end(children)


def _places(count: int) -> BinaryIO:
    """A nameless file of the places of all pieces. Its readers share where they are in it: each place is read once."""
    places = cast(BinaryIO, tempfile.TemporaryFile(buffering=0))  # noqa: SIM115 - whoever asks closes it
    places.write(b"".join(PLACE.pack(place) for place in range(count)))
    places.seek(0)
    return places


# In a child: the process it works for.
_parents: list[int] = []


def still_wanted() -> None:
    """Ends a child whose parent is gone. For the parent itself, and where nothing was forked, it does nothing."""
    if _parents and os.getppid() != _parents[-1]:
        raise SystemExit(1)


def _fork(pieces: Sequence[Callable[[], Any]], taken: int, elder: Sequence[_Child], around: Around) -> _Child:
    heard, said = Pipe(duplex=False)
    parent = os.getpid()
    # Half a line in the parent's buffer would be printed twice.
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        for each in (heard, *(child.said for child in elder)):
            each.close()
        _live(partial(_share, pieces, taken, said, around), said, parent)
    said.close()
    return _Child(pid, heard)


def _live(share: Callable[[], None], said: Connection, parent: int) -> NoReturn:
    """The whole life of a child. It never returns into the code of its parent, nor runs what that does at its end."""
    status = 1
    try:
        _parents.append(parent)
        signal.signal(signal.SIGTERM, _stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for connection in connections.all(initialized_only=True):
            connection.execute_wrappers.append(_refuse_queries)
        share()
        status = 0
    except Exception as error:
        with suppress(OSError):
            said.send_bytes(portable(error))
    except BaseException:  # noqa: S110 - asked to end; everything it opened is closed by now
        pass
    finally:
        os._exit(status)


def _share(pieces: Sequence[Callable[[], Any]], taken: int, said: Connection, around: Around) -> None:
    with around():
        for _ in range(PIECES_OF_A_LIFE):
            place = os.read(taken, PLACE.size)
            if not place:
                break
            said.send_bytes(pickle.dumps((None, pieces[PLACE.unpack(place)[0]]())))


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(1)


def _refuse_queries(*_arguments: Any) -> NoReturn:
    raise RuntimeError("a forked worker must not use the connection of its parent")


def _heard(pieces: Sequence[Callable[[], Any]], taken: int, children: list[_Child], around: Around) -> Iterator[Any]:
    """`children` are those that live; whoever has done its share is replaced in it."""
    missing = len(pieces)
    while children:
        ready = wait([child.said for child in children])
        for child in [each for each in children if each.said in ready]:
            try:
                error, result = pickle.loads(child.said.recv_bytes())  # noqa: S301 - from our own child
            except EOFError:
                _refuse_a_dead(child)
                children.remove(child)
                if child.pieces == PIECES_OF_A_LIFE and missing:
                    children.append(_fork(pieces, taken, children, around))
                continue
            if error is not None:
                raise error
            child.pieces += 1
            missing -= 1
            yield result
    if missing:
        raise WorkerDied(f"{missing} pieces were not done")


def _refuse_a_dead(child: _Child) -> None:
    """It says nothing more: then it has done its work, or has been killed."""
    child.said.close()
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
