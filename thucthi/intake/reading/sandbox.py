"""Reads a file in a process of its own, with limits, so that no file can harm the one that asks."""

import json
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from thucthi.intake.reading.files.faults import MISSING, NOT_READ, TOO_HEAVY, TOO_SLOW, Unreadable
from thucthi.intake.reading.output import from_full
from thucthi.intake.reading.shapes import Reading
from thucthi.intake.reading.source import Source
from thucthi.kernel.confinement import BARE_ENVIRONMENT

PROCESSOR_SECONDS = 60
WALL_SECONDS = 120
_UNREADABLE = 2


def read_in_sandbox(path: Path, *, as_of: date | None = None) -> Reading:
    """Everything read from the file; leads are followed to the bodies of `as_of`. Raises Unreadable with a sentence."""
    return from_full(Reading, _asked("read", path, as_of))


def extract_in_sandbox(path: Path) -> Source:
    """Only the text of the file with its lines and tables. Raises Unreadable with a sentence."""
    return from_full(Source, _asked("extract", path, None))


def _asked(task: str, path: Path, as_of: date | None) -> dict[str, Any]:
    if not path.exists():
        raise Unreadable(MISSING)
    command = [sys.executable, "-P", "-m", "thucthi.intake.reading.worker", task, str(path.resolve())]
    command += [str(PROCESSOR_SECONDS), *([as_of.isoformat()] if as_of else [])]
    status, said = _run(command)
    if status == 0:
        content: dict[str, Any] = json.loads(said)
        return content
    raise Unreadable(_why(status, said))


def _run(command: list[str]) -> tuple[int, bytes]:
    """Exit status and what was printed; the whole group of processes ends with the call, whatever happens."""
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and module; the file's path is one argument
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env=BARE_ENVIRONMENT,
        cwd="/",
        start_new_session=True,
    )
    try:
        said, _ = child.communicate(timeout=WALL_SECONDS)
    except BaseException as error:
        # Nobody has waited for the child yet, so its number is still that of its own group.
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            raise Unreadable(TOO_SLOW) from None
        raise
    return child.returncode, said


def _why(status: int, said: bytes) -> str:
    if status == _UNREADABLE and said:
        return said.decode()
    # A parser written in C or Rust that gets no memory aborts; the kernel's own limits end it with these signals.
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        return TOO_SLOW
    return TOO_HEAVY if status in (-signal.SIGABRT, -signal.SIGSEGV) else NOT_READ
