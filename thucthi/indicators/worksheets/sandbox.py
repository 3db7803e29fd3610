"""Reads a table in a process of its own, with limits, so that no file can harm the one that asks."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import thucthi
from thucthi.indicators.worksheets.faults import NOT_READ, TOO_HEAVY, TOO_SLOW, Unreadable
from thucthi.indicators.worksheets.shapes import Cell, TableRow

PROCESSOR_SECONDS = 120
WALL_SECONDS = 600
_UNREADABLE = 2
_ROOT = Path(thucthi.__file__).resolve().parents[1]
# Nothing of the parent's environment: it holds secrets.
_ENVIRONMENT = {"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1"}


def rows_in_sandbox(content: bytes) -> Iterator[TableRow]:
    """The rows of the file one by one, as they are read. Raises Unreadable with a sentence, also on the way."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        path.write_bytes(content)
        yield from _rows_from_child(path)


def _rows_from_child(path: Path) -> Iterator[TableRow]:
    command = [sys.executable, "-P", "-m", "thucthi.indicators.worksheets.worker", str(path), str(PROCESSOR_SECONDS)]
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and module; the file's path is one argument
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
        cwd="/",
        start_new_session=True,
    )
    late = threading.Timer(WALL_SECONDS, _end, (child,))
    late.start()
    said = ""
    try:
        assert child.stdout is not None  # noqa: S101 - a pipe was asked for
        for line in child.stdout:
            row = _row(line)
            if isinstance(row, str):
                said = row
            elif row is not None:
                yield row
        status = child.wait()
    finally:
        late.cancel()
        _end(child)
        child.communicate()
    if status:
        raise Unreadable(said if status == _UNREADABLE and said else _why(status))


def _end(child: subprocess.Popen[bytes]) -> None:
    """The whole group of processes; nobody has waited for a child that runs, so its number is still its own."""
    if child.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


def _row(line: bytes) -> TableRow | str | None:
    """A row, the sentence that says why there are no more, or None for a line that was cut off."""
    try:
        content = json.loads(line)
    except ValueError:
        return None
    if isinstance(content, str):
        return content
    number, cells, percents = content
    return TableRow(number, tuple(_cell(cell) for cell in cells), tuple(percents))


def _cell(cell: object) -> Cell:
    return date.fromisoformat(cell["day"]) if isinstance(cell, dict) else cell  # type: ignore[return-value]


def _why(status: int) -> str:
    # A parser written in C or Rust that gets no memory aborts; the kernel's own limits end it with these signals.
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        return TOO_SLOW
    return TOO_HEAVY if status in (-signal.SIGABRT, -signal.SIGSEGV) else NOT_READ
