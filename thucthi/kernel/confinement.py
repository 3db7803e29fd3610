"""Work on content from outside in a process of its own, with limits, so that no content can harm the one that asks.

The asking side calls `confined`; the module it names ends with `sys.exit(answering(work, …))` and loads what reads the
content before that, so that the limits bound the content's share alone.
"""

import gc
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import thucthi

ANSWERED, CANNOT = 0, 2
_MEGABYTE = 1024 * 1024
_MOST_OPEN_FILES = 32
_ROOT = Path(thucthi.__file__).resolve().parents[1]
# Nothing of the parent's environment: it holds secrets. A fixed seed makes even the order of sets the same each time.
BARE_ENVIRONMENT = {
    "PYTHONPATH": str(_ROOT),
    "PYTHONUTF8": "1",
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
}


class Cannot(Exception):
    """Raised by the work itself: what is given to it cannot be read. The text goes to whoever asked."""


class Ended(Exception):
    """The work did not answer: `too_slow`, `too_heavy`, or neither (it broke)."""

    def __init__(self, *, too_slow: bool = False, too_heavy: bool = False, status: int = 0) -> None:
        super().__init__(f"status {status}, too slow: {too_slow}, too heavy: {too_heavy}")
        self.too_slow = too_slow
        self.too_heavy = too_heavy


def confined(module: str, *words: str, given: bytes, wall_seconds: float = 60) -> object:
    """What the module's work answers to `given`. Raises Cannot with its text, or Ended."""
    status, said = heard_from([module, *words], given, wall_seconds, BARE_ENVIRONMENT)
    return _judged(status, said)


def heard_from(
    module: Sequence[str], given: bytes, wall_seconds: float, environment: Mapping[str, str]
) -> tuple[int, bytes]:
    """Status and standard output of our interpreter running this module with its words. Raises Ended when too slow.

    The whole group of processes ends with the call, whatever happens.
    """
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-m", *module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        cwd="/",
        start_new_session=True,
    )
    try:
        said, _ = child.communicate(given, timeout=wall_seconds)
    except BaseException as error:
        # Nobody has waited for the child yet, so its number is still that of its own group.
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            raise Ended(too_slow=True) from None
        raise
    return child.returncode, said


def _judged(status: int, said: bytes) -> object:
    if status == ANSWERED:
        answer: object = json.loads(said)
        return answer
    if status == CANNOT and said:
        raise Cannot(said.decode())
    # A parser written in C or Rust that gets no memory aborts; the kernel's own limits end it with these signals.
    raise Ended(
        too_slow=status in (-signal.SIGXCPU, -signal.SIGKILL),
        too_heavy=status in (-signal.SIGABRT, -signal.SIGSEGV, CANNOT),
        status=status,
    )


def answering(work: Callable[[bytes], object], *, seconds: int = 30, megabytes: int = 300) -> int:
    """The exit status: reads what is given, does the work within limits, writes its answer as JSON."""
    answers = keep_for_answers()
    given = sys.stdin.buffer.read()
    # What is built here lives to the end of the process; looking for cycles in it would only take time.
    gc.disable()
    set_limits(seconds, megabytes * _MEGABYTE)
    try:
        # ASCII escapes carry even half a surrogate pair through the pipe.
        said, status = json.dumps(work(given), separators=(",", ":")), ANSWERED
    except Cannot as fault:
        said, status = str(fault), CANNOT
    except (MemoryError, RecursionError):
        said, status = "", CANNOT
    with answers:
        answers.write(said.encode())
    return status


def keep_for_answers() -> BinaryIO:
    """The way to whoever asked, which no parser can print to; what is left of standard error are our own faults."""
    logging.disable()
    warnings.simplefilter("ignore")
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    return answers


def set_limits(seconds: int, memory: int) -> None:
    """So many seconds of processor time from now on, so many bytes beyond what is held already, no file written."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    processor = int(spent.ru_utime + spent.ru_stime) + 1 + seconds
    _lower(resource.RLIMIT_CPU, processor, grace=1)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_NOFILE, _MOST_OPEN_FILES)
    _lower(resource.RLIMIT_CORE, 0)
    with suppress(OSError):  # only Linux tells; elsewhere the wall clock and the checks of each format remain
        mapped, resident = map(int, Path("/proc/self/statm").read_text("ascii").split()[:2])
        page = resource.getpagesize()
        _lower(resource.RLIMIT_AS, mapped * page + memory - resident * page)


def _lower(limit: int, most: int, *, grace: int = 0) -> None:
    """At `most` the process is told, `grace` later it is ended."""
    _, hard = resource.getrlimit(limit)
    last = most + grace if hard == resource.RLIM_INFINITY else min(most + grace, hard)
    resource.setrlimit(limit, (min(most, last), last))
